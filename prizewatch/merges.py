"""Organizers that are really another one: merges and splits of moderators, followed to their end."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import duckdb
import pyarrow as pa

Cursor = duckdb.DuckDBPyConnection


def canonical(events: Iterable[tuple[str, UUID, UUID | None]]) -> dict[UUID, UUID]:
    """Merged organizer -> the one it stands for now, from (kind, organizer, into) in the order they were decided.

    A split undoes the organizer's own merge. A merge that would close a circle says nothing and is passed over.
    """
    into: dict[UUID, UUID] = {}

    def end(organizer: UUID) -> UUID:
        while organizer in into:
            organizer = into[organizer]
        return organizer

    for kind, organizer, target in events:
        if kind == "split":
            into.pop(organizer, None)
        elif target is not None:
            before = into.pop(organizer, None)
            if end(target) != organizer:
                into[organizer] = target
            elif before is not None:
                into[organizer] = before
    return {organizer: end(organizer) for organizer in into}


def merge_organizers(cur: Cursor) -> dict[UUID, UUID]:
    """Fill mart.organizer_merge from the log."""
    rows = cur.execute(
        "SELECT kind, organizer_id, into_id FROM log.organizer WHERE kind IN ('merged', 'split') "
        "ORDER BY commit_no, recorded_at, event_id"
    ).fetchall()
    merged = canonical(rows)
    cur.execute("DELETE FROM mart.organizer_merge")
    if merged:
        table = pa.table({"organizer_id": [str(k) for k in merged], "canonical_id": [str(v) for v in merged.values()]})
        cur.register("fold_merged", table)
        cur.execute(
            "INSERT INTO mart.organizer_merge "
            "SELECT CAST(organizer_id AS UUID), CAST(canonical_id AS UUID) FROM fold_merged"
        )
        cur.unregister("fold_merged")
    return merged


def merges_since(cur: Cursor, since: int) -> set[UUID]:
    """Take in merges and splits after a commit. Returns every organizer whose disputes move by them, or may."""
    new = "SELECT 1 FROM log.organizer WHERE commit_no > ? AND kind IN ('merged', 'split') LIMIT 1"
    if not cur.execute(new, [since]).fetchall():
        return set()
    before = dict(cur.execute("SELECT organizer_id, canonical_id FROM mart.organizer_merge").fetchall())
    after = merge_organizers(cur)
    moved = {o for o in before.keys() | after.keys() if before.get(o) != after.get(o)}
    return moved | {m[o] for m in (before, after) for o in moved if o in m}
