"""A register whose marts are written by hand: what queries, files and disclosure are tested on, apart from fold and
intake.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from typing import Any

import duckdb

from prizewatch import identity, schema, search, settings
from prizewatch.frames import QUERIES

KEY = b"a key for tests"
OUTCOMES = ("resolved_full", "resolved_partial", "closed_unresolved", "undecided")


class Marts:
    """As much of a register as questions need (`frames.Register`), on a real DuckDB in memory."""

    kind = "live"
    key = KEY

    def __init__(self, **environ: str) -> None:
        self.settings = settings.read({f"PRIZEWATCH_{name}": value for name, value in environ.items()})
        self._version = SimpleNamespace(commit_no=0, as_of=date(2026, 10, 31))
        self.connection = duckdb.connect()
        sql = QUERIES.parent
        self.connection.execute("CREATE SCHEMA mart")
        self.connection.execute((sql / "marts" / "tables.sql").read_text("utf-8"))
        for migration in schema.migrations():
            self.connection.execute(migration.sql)
        schema.load_reference(self.connection)
        self.connection.execute((sql / "core" / "fit.sql").read_text("utf-8"))

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
            register.rung(kind, stage, reached, decided, decided // 4, (i + j) % 6, (i * j) % 4)
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
