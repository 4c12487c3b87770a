"""A register whose marts are written by hand: what queries, files and disclosure are tested on, apart from fold and
intake.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import duckdb

from prizewatch import identity, schema, search, settings
from prizewatch.statements import SQL

KEY = b"a key for tests"
#: Two values of every trait the ladder is cut by.
CUTS = {
    "tool": ("weibo_lottery", "manual_pick"), "host": ("wechat", "douyin"), "reason": ("declared_void", "not_shipped"),
    "prize": ("goods", "coupon"), "value": ("under_20", "other"), "level": ("V0", "V2"),
}  # fmt: skip
OUTCOMES = ("resolved_full", "resolved_partial", "closed_unresolved", "undecided")


class Marts:
    """As much of a register as questions need (`frames.Register`), on a real DuckDB in memory."""

    kind = "live"
    key = KEY

    def __init__(self, **environ: str) -> None:
        self.settings = settings.read({f"PRIZEWATCH_{name}": value for name, value in environ.items()})
        self._version = SimpleNamespace(commit_no=0, as_of=date(2026, 10, 31))
        self.connection = duckdb.connect()
        sql = SQL
        self.connection.execute("CREATE SCHEMA mart")
        self.connection.execute((sql / "marts" / "tables.sql").read_text("utf-8"))
        for migration in schema.migrations():
            self.connection.execute(migration.sql)
        schema.load_reference(self.connection)
        for name in ("fit", "views"):
            self.connection.execute((sql / "core" / f"{name}.sql").read_text("utf-8"))

    @contextmanager
    def read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor = self.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def version(self) -> Any:
        return self._version

    def close(self) -> None:
        self.connection.close()

    def insert(self, table: str, **values: Any) -> None:
        """One row of a mart; columns not named are NULL."""
        self._version = SimpleNamespace(commit_no=self._version.commit_no + 1, as_of=self._version.as_of)
        names = ", ".join(values)
        marks = ", ".join("?" for _ in values)
        self.connection.execute(f"INSERT INTO mart.{table} ({names}) VALUES ({marks})", list(values.values()))

    def rung(
        self, kind: str, stage: str, reached: int, decided: int, full: int, partial: int = 0, sanction: int = 0
    ) -> None:
        self.insert(
            "resolution", organizer_type=kind, stage=stage, reached=reached, decided=decided, relief_full=full,
            relief_partial=partial, sanction_only=sanction, action_known=0, action_taken=0,
        )  # fmt: skip

    def reports(self, kind: str, month: date, reason: str, *outcomes: int) -> None:
        """Reports of one type, month and reason by outcome: full, partial, closed, undecided."""
        counts = dict(zip(OUTCOMES, outcomes, strict=True))
        self.insert("month", month=month, organizer_type=kind, disputes=sum(outcomes), at_v2=0, **counts)
        self.insert("reason", organizer_type=kind, dispute_reason=reason, disputes=sum(outcomes), **counts)

    def ways_out(self, kind: str, stage: str, relief: int, sanctioned: int, gave_up: int, open_: int, on: int) -> None:
        self.insert(
            "flow", organizer_type=kind, stage=stage, relief=relief, sanctioned=sanctioned, gave_up=gave_up,
            still_open=open_, went_on=on,
        )  # fmt: skip

    def ended(self, kind: str, ended: str, days: dict[int, int], stage: str = "") -> None:
        """Disputes that ended (or were last heard of) after so many days: day -> how many."""
        for day, n in days.items():
            self.insert("time", organizer_type=kind, stage=stage, days=day, ended=ended, n=n)

    def moderated(self, **others: int) -> None:
        """Every report of the months as a published dispute, and so many others a month by where they stand."""
        insert = "INSERT INTO mart.dispute (month, moderation, in_base)"
        self.connection.execute(f"{insert} SELECT month, 'published_masked', TRUE FROM mart.month, range(disputes)")
        for state, n in others.items():
            months = "(SELECT DISTINCT month FROM mart.month)"
            self.connection.execute(f"{insert} SELECT month, ?, FALSE FROM {months}, range(?)", [state, n])

    def fitted(self, name: str, **result: Any) -> None:
        """A fit as `fits` keeps it."""
        row = [name, 1, self._version.as_of, 1, "{}", json.dumps(result), datetime(2026, 11, 1)]
        self.connection.execute("INSERT INTO core.fit VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def organizer(self, handle: str, name: str | None, *former: str, **values: Any) -> str:
        """An organizer with unremarkable values except those given; returns its public code. Named ones get into the
        name index.
        """
        organizer_id = identity.organizer_id(KEY, values.get("host_platform", "wechat"), handle)
        row = {
            "organizer_id": organizer_id, "public_code": identity.public_code(organizer_id), "legal_nature": "company",
            "organizer_type": "online_shop", "host_platform": "wechat", "display_name": name, "publication": "listed",
            "named": True, "level": "watch", "reviewed": False, "disputes": 4, "reporters": 3, "draws": 2, "at_v2": 2,
            "resolved_full": 1, "resolved_partial": 0, "closed_unresolved": 1, "undecided": 2, "k_ind": 2,
            "level_reporters": 3, "level_draws": 2, "first_report_on": date(2026, 3, 1),
            "last_report_on": date(2026, 9, 1),
            "reply": "not_invited", **values,
        }  # fmt: skip
        self.insert("organizer", **row)
        if row["publication"] == "listed" and row["named"]:
            names = [(organizer_id, name, "name", None), (organizer_id, handle, "handle", None)]
            for one in search.index_rows([*names, *((organizer_id, old, "former", None) for old in former)]):
                self.insert("organizer_name", **one._asdict())
        return str(row["public_code"])


def example() -> Marts:
    """The fixed register behind the golden files: two years, nine types, every kind of organizer, small counts
    included.
    """
    register = Marts()
    kinds = (
        "individual",
        "official_account",
        "creator",
        "micro_seller",
        "online_shop",
        "brand_company",
        "platform_self",
        "unknown",
    )
    reasons = ("declared_void", "unstated_condition", "not_shipped", "no_response", "other")
    for i, kind in enumerate(kinds):
        size = 8 - i
        for j in range(14):
            month = date(2025 + (j + 7) // 12, (j + 7) % 12 + 1, 1)
            busy = size * (j + 2) // 4
            register.reports(kind, month, reasons[(i + j) % 5], busy // 3, (i + j) % 3, busy, j * size // 9)
        for j, stage in enumerate(("s1_self_check", "s2_organizer", "s3_lottery_platform", "s6_regulator")):
            reached = size * (9 - 2 * j) * 2
            decided = reached - size // 2
            full, partial, sanction = decided // 4, (i + j) % 6, (i * j) % 4
            register.rung(kind, stage, reached, decided, full, partial, sanction)
            left = reached - full - partial - sanction
            register.ways_out(kind, stage, full + partial, sanction, left // 3, left // 4, left - left // 3 - left // 4)
            for cut, values in CUTS.items():
                register.insert(
                    "cut", cut=cut, value=values[i % 2], stage=stage, reached=reached, decided=decided,
                    relief_full=full, relief_partial=partial, sanction_only=sanction,
                    action_known=decided // 2 if stage.startswith("s3") else 0,
                    action_taken=decided // 8 if stage.startswith("s3") else 0,
                )  # fmt: skip
            register.insert(
                "advice", organizer_type=kind, came_from="s1_self_check", stage=stage, verification=f"V{i % 3}",
                decided=decided, relief=full + partial,
            )  # fmt: skip
        register.ended(kind, "relief", {2 + i: size * 3, 30 + i: size})
        register.ended(kind, "gave_up", {20 + i: size * 2, 95: size})
        register.ended(kind, "censored", {10: size, 200: 2})
        register.ended(kind, "relief", {4: size * 3}, "s3_lottery_platform")
    register.moderated(pending=7, hold_legal=2, rejected=3, removed=1, merged=5, draft=50)
    for n, bins in enumerate(("0", "1", "2", "3-4", "5-9", "10+")):
        register.insert("exposure", reporters=bins, draws=bins, events=90 - 15 * n, acted=9 + n, unknown=40 - 7 * n)
    for hours, n in ((0, 30), (12, 8), (48, 20), (90, 3)):
        kind = "auto" if hours == 0 else "human"
        register.insert("first_response", stage="s3_lottery_platform", response_kind=kind, hours=hours, n=n)
    register.insert("first_response", stage="s4_host_platform", response_kind="human", hours=7, n=3)
    register.fitted("dose_response.reporters", per_doubling=0.3, low=0.1, high=0.5, n=200, clusters=90, intercept=-2.0)
    register.fitted("prior.O-small", prior=[2.0, 5.0], samples=[[2.0, 5.0], [1.8, 4.9]], organizers=40)
    register.organizer(
        "xingyun", "幸运商城", "好运商城", level="repeat", reviewed=True, disputes=23, reporters=19, draws=7, at_v2=14,
        resolved_full=3, resolved_partial=2, closed_unresolved=11, undecided=7, k_ind=6, level_draws=6,
        level_reporters=12,
        draws_known=10, draws_source="tool_page", draws_counted_on=date(2026, 9, 30), disputed_draws=6,
    )  # fmt: skip
    register.organizer("formula", "=cmd|' /C calc'!A0", organizer_type="brand_company", host_platform="taobao")
    register.organizer(
        "daka", "大咖抽奖君", organizer_type="creator", legal_nature="natural_person", level="repeat", reviewed=True,
        disputes=6, reporters=5, draws=4, k_ind=4, level_draws=4, level_reporters=5, undecided=4,
    )  # fmt: skip
    register.organizer("masked", "不能说的名字", named=False, host_platform="douyin", last_report_on=date(2026, 10, 2))
    register.organizer(
        "lookup-only", "CANARY 个人", publication="lookup", named=False, level="none", organizer_type="individual",
        legal_nature="natural_person",
    )  # fmt: skip
    return register
