"""What stands in a log, in plain Python: newest rows, merges of organizers, decisions and answers that hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tests.oracle_counts import Row

Log = dict[str, list[Row]]


def days(n: int) -> timedelta:
    return timedelta(days=n)


def in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: (r["commit_no"], r["recorded_at"], str(r["event_id"])))


def latest(rows: Iterable[Row]) -> Row:
    return max(rows, key=lambda r: (r["version"], r["commit_no"], str(r["event_id"])))


def by(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def two_years_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 2)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 2, day=28)


def ends(log: Log) -> dict[Any, Any]:
    """Merged organizer -> the one it stands for now."""
    into: dict[Any, Any] = {}

    def end(o: Any) -> Any:
        return end(into[o]) if o in into else o

    for row in in_order(r for r in log["organizer"] if r["kind"] in ("merged", "split")):
        kept = into.pop(row["organizer_id"], None)
        if row["kind"] == "merged":
            circle = end(row["into_id"]) == row["organizer_id"]
            if not circle:
                into[row["organizer_id"]] = row["into_id"]
            elif kept is not None:
                into[row["organizer_id"]] = kept
    return {o: end(o) for o in into}


def standing(decisions: list[Row]) -> list[Row]:
    """Decisions that were not taken back; taking back is none."""
    undone = {r.get("undoes") for r in decisions}
    return [r for r in decisions if not r.get("undoes") and r["event_id"] not in undone]


def answers(replies: list[Row]) -> list[Row]:
    """Answers that stand: of one that came by an invitation its newest row, if that is shown."""
    newest: dict[Any, Row] = {}
    for r in sorted(replies, key=lambda r: (r["commit_no"], str(r["event_id"]))):
        if r.get("reply_id"):
            newest[r["reply_id"], r["dispute_id"]] = r
    return [r for r in replies if not r.get("reply_id")] + [r for r in newest.values() if r["published"]]
