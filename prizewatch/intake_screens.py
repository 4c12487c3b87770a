"""What keeps a report out, or from counting before a person has looked at it: limits, and quiet checks nobody notices.

A screen is a code in `log.filing.screen`; a report with one is on file, has its receipt, and waits for a moderator.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import likeness
from .intake_ids import DAY, NEIGHBOURS, Beside, Flags, Ids, OnFile
from .intake_tables import column
from .rules import every_rule
from .settings import Settings
from .staging import Found
from .statements import statement

HIGH_VALUE = 50_000  # CNY; the legal cap of a prize


class Screens:
    """The screens of every row of a batch, in the order they were found."""

    def __init__(self, size: int) -> None:
        self._found: list[dict[str, None]] = [{} for _ in range(size)]

    def mark(self, rows: Iterable[int], code: str) -> None:
        """These rows do not pass."""
        for n in rows:
            self._found[n].setdefault(code)

    def passed(self, n: int) -> bool:
        """Whether nothing was found in this row so far."""
        return not self._found[n]

    def codes(self) -> list[str]:
        """Of each row, joined by `;`."""
        return [";".join(codes) for codes in self._found]


def too_many(ids: Ids, there: OnFile, settings: Settings, now: datetime) -> list[Found]:
    """The rows beyond what one network and one device may file in 24 hours, with the time of the next try."""
    limits = (
        ("network.too_many", "network_key", settings.reports_per_day),
        ("device.too_many", "device_key", settings.reports_per_device_per_day),
    )
    found: list[Found] = []
    for code, name, limit in limits:
        if not limit:
            continue
        lately = {whose: list(times) for whose, times in there.lately.items()}
        for n, whose in enumerate(ids[name]):
            if whose is None or there.events[n]:
                continue
            times = lately.setdefault(whose, [])
            if len(times) >= limit:
                again = (times[-limit] + DAY).replace(tzinfo=UTC).astimezone(settings.time_zone)
                found.append(Found(every_rule()[code], n, value=again.isoformat(timespec="minutes")))
            times.append(now)
    return found


def grave(typed: pa.Table, screens: Screens) -> None:
    """What is too grave to count unseen: accusations of fraud, children, prizes above the legal cap."""
    value = pc.and_(pc.greater(typed.column("prize_value"), HIGH_VALUE), pc.equal(typed.column("currency"), "CNY"))
    accuses = pc.is_in(typed.column("dispute_reason"), value_set=pa.array(["rigged_winner", "impersonation"]))
    for flags, code in (
        (accuses, "allegation"),
        (pc.less(typed.column("winner_age"), 14), "minor"),
        (value, "high_value"),
    ):
        screens.mark(np.flatnonzero(flags.fill_null(False).to_numpy()), code)


def programs(typed: pa.Table, texts: dict[str, pa.Array], settings: Settings, screens: Screens) -> None:
    """A form filled in faster than anyone reads, or a field filled in that nobody sees. The sender gets a receipt like
    everybody else: a program learns nothing, and a person whose browser filled the field in loses nothing but time.
    """
    size = typed.num_rows
    screens.mark((n for n, word in enumerate(column(texts, "trap", size)) if word), "trap")
    seconds = typed.column("filled_seconds").to_pylist() if "filled_seconds" in texts else []
    screens.mark((n for n, s in enumerate(seconds) if s is not None and s < settings.least_seconds), "too_quick")


def neighbours(ids: Ids, accepted: Flags, beside: Beside, screens: Screens) -> None:
    """Several reporters of one organizer in one place may be one person: all but the first wait for a moderator."""
    for code, name in (("same_network", "network_key"), ("same_device", "device_key")):
        columns = (ids[c] for c in ("organizer_id", name, "reporter_key"))
        for n, (organizer, place, reporter) in enumerate(zip(*columns, strict=True)):
            if place is None or not accepted[n]:
                continue
            people = beside.setdefault((str(organizer), place), set())
            if people - {reporter}:
                screens.mark([n], code)
            people.add(str(reporter))


def same_files(cur: duckdb.DuckDBPyConnection, evidence: pa.Table, ids: Ids, accepted: Flags, screens: Screens) -> None:
    """The same file from two people proves something for one of them at most: the second waits for a moderator."""
    if "sha256" not in evidence.column_names:
        return
    given = [
        (n, sha256.lower())
        for n, sha256 in zip(*(evidence.column(name).to_pylist() for name in ("n", "sha256")), strict=True)
        if sha256 and accepted[n]
    ]
    sql = statement("intake/files")
    first = dict(cur.execute(sql, {"files": [name for _, name in given]}).fetchall()) if given else {}
    for n, name in given:
        reporter = str(ids["reporter_key"][n])
        if first.setdefault(name, reporter) != reporter:
            screens.mark([n], "same_file")


def same_words(
    cur: duckdb.DuckDBPyConnection, ids: Ids, told: list[str | None], now: datetime, screens: Screens
) -> None:
    """What somebody else told of the same organizer in nearly the same words: copied, or a template. A person looks."""
    tellers = [n for n, text in enumerate(told) if text and likeness.pieces(text)]
    if not tellers:
        return
    cur.register("staged_teller", pa.table({"organizer_id": [str(ids["organizer_id"][n]) for n in tellers]}))
    try:
        sql = statement("intake/narratives")
        rows = cur.execute(sql, {"since": now - NEIGHBOURS}).fetchall()
    finally:
        cur.unregister("staged_teller")
    before: dict[str, list[tuple[str, frozenset[str]]]] = {}
    for organizer, reporter, text in rows:
        before.setdefault(organizer, []).append((reporter, likeness.pieces(text)))
    for n in tellers:
        organizer, reporter, mine = (
            str(ids["organizer_id"][n]),
            str(ids["reporter_key"][n]),
            likeness.pieces(told[n] or ""),
        )
        others = before.setdefault(organizer, [])
        if any(who != reporter and likeness.jaccard(mine, words) >= likeness.ALIKE for who, words in others):
            screens.mark([n], "same_words")
        others.append((reporter, mine))
