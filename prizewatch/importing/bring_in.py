"""Files into an open register: chunk by chunk through the one door; what was not taken goes to the rejects.

A row is its source's key, so a file that comes twice is taken once. What is wrong with one row keeps no other out.
"""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from .. import intake, rules
from ..errors import UnusableInput
from ..i18n import Language
from ..store import Kind, Register, append, next_commit
from .decode import chunks
from .mapping import Mapping
from .rejects import Reason, Rejects
from .rows import CHUNK, Chunk, Progress, Source
from .unfold import Unfold, row_id


@dataclass
class Tally:
    """What became of the rows of all files. read = accepted + known + rejected."""

    read: int = 0
    accepted: int = 0
    known: int = 0
    rejected: int = 0
    by_rule: Counter[str] = field(default_factory=Counter)

    def result(self) -> dict[str, Any]:
        """For machines."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "known": self.known,
            "rejected": self.rejected,
            "rejected_by_rule": dict(self.by_rule.most_common()),
        }


def import_files(
    register: Register,
    mapping: Mapping,
    sources: list[Source],
    rejects: Rejects,
    now: datetime,
    *,
    dry_run: bool = False,
    progress: Progress = lambda done: None,
    chunk_rows: int = CHUNK,
    count_later: bool = True,
    scratch: bool | None = None,
) -> Tally:
    """Imports files into an open register, a chunk a transaction; what is written stays if a later chunk fails.

    `progress` is told the bytes read since it was last told. `count_later`: the figures follow once, at the end, which
    is quicker; without it they follow with every chunk, so that what others write meanwhile counts at once. `scratch`:
    the register was made for this dry run, so its rows may be written (unless given: one in memory is).
    """
    tally = Tally()
    if scratch is None:
        scratch = register.path is None
    seen: set[str] | None = set() if dry_run and not scratch else None
    with register.counting_later() if count_later else nullcontext():
        for source in sources:
            for chunk in chunks(source, chunk_rows, progress):
                _import_chunk(register, mapping, source, chunk, rejects, now, tally, seen)
        if register.kind is Kind.REFERENCE and tally.accepted and seen is None:
            register.write(_name_organizers, (mapping.name, now))
    return tally


def _import_chunk(
    register: Register,
    mapping: Mapping,
    source: Source,
    chunk: Chunk,
    rejects: Rejects,
    now: datetime,
    tally: Tally,
    seen: set[str] | None,
) -> None:
    unfold = Unfold(mapping, chunk, register.settings.time_zone)
    batch, kept = unfold.batch()
    read, known = batch.disputes.num_rows, 0
    if seen is not None:  # nothing is written, so the door cannot know what an earlier chunk would have put on file
        known = _leave_out_seen(batch, seen)
    source_name = intake.Source(f"import:{mapping.name}", trusted=True)
    receipt = intake.accept(register, batch, source_name, now, dry_run=seen is not None)
    reasons: dict[int, list[Reason]] = {}
    for unread in unfold.unread:
        reasons.setdefault(unread.index, []).append(Reason(unread.rule, unread.column, unread.value))
    at_line = {str(chunk.lines[i]): i for i in kept} if receipt.problems else {}
    for problem in receipt.problems:
        if problem.severity == "error":
            reasons.setdefault(at_line[problem.row], []).append(Reason(problem.code, problem.field, problem.value))
    told: list[tuple[int, list[Reason], str, dict[str, str]]] = [
        (broken.line, [Reason(broken.rule, "", broken.value)], broken.raw, {}) for broken in chunk.broken
    ]
    for index, why in reasons.items():
        cells = {name: chunk.table[name][index].as_py() for name in chunk.table.column_names}
        told.append((chunk.lines[index], why, chunk.raw(index), cells))
    for line, why, raw, cells in sorted(told, key=lambda row: row[0]):
        rejects.add(source.path.name, line, why, raw, cells)
        tally.by_rule.update({reason.rule for reason in why})
    tally.read += read + len(chunk.broken) + chunk.table.num_rows - len(kept)
    tally.accepted += receipt.accepted
    tally.known += receipt.known + known
    tally.rejected += len(told)


def _leave_out_seen(batch: intake.Batch, seen: set[str]) -> int:
    """Takes rows out of a batch whose ids an earlier chunk had; returns how many."""
    ids = batch.disputes["event_id"].to_pylist()
    new = [event_id not in seen for event_id in ids]
    seen.update(ids)
    if all(new):
        return 0
    batch.disputes = batch.disputes.filter(pa.array(new))
    rows = batch.disputes["row"]
    batch.events = batch.events.filter(pa.compute.is_in(batch.events["row"], value_set=rows.combine_chunks()))
    batch.evidence = batch.evidence.filter(pa.compute.is_in(batch.evidence["row"], value_set=rows.combine_chunks()))
    return len(new) - sum(new)


def _name_organizers(cur: duckdb.DuckDBPyConnection, items: list[tuple[str, datetime]]) -> list[int]:
    """Organizers of a public source are named as it names them, unless a moderator has decided already."""
    source, now = items[-1]
    found = cur.execute(
        """SELECT DISTINCT CAST(o.organizer_id AS VARCHAR) FROM log.organizer o
           WHERE o.display_name IS NOT NULL AND o.kind = 'seen' AND NOT EXISTS (
               SELECT 1 FROM log.moderation m WHERE m.subject_id = o.organizer_id AND m.action IN ('name', 'unname'))
           ORDER BY 1"""
    ).fetchall()
    ids = [row[0] for row in found]
    if ids:
        rows = pa.table(
            {
                "event_id": pa.array([row_id("name", one) for one in ids]),
                "recorded_at": pa.array([now] * len(ids), pa.timestamp("us")),
                "subject_kind": ["organizer"] * len(ids),
                "subject_id": ids,
                "action": ["name"] * len(ids),
                "reason_code": ["public_source"] * len(ids),
                "actor": [f"import:{source}"] * len(ids),
            }
        )
        append(cur, "moderation", rows, next_commit(cur, f"import:{source}", now, len(ids)))
    return [len(ids)] * len(items)


def check_register(register: Register, mapping: Mapping, path: Path) -> None:
    """Raises `UnusableInput` where the rows of this mapping belong into another register."""
    if register.kind != mapping.kind:
        raise UnusableInput("errors.import.kind", path=path, kind=str(register.kind), wanted=str(mapping.kind))
    if mapping.clock_on and register.clock_on != mapping.clock_on:
        raise UnusableInput("errors.import.clock", path=path, clock=register.clock_on, wanted=mapping.clock_on)


def rule_words(_: Language, code: str) -> str:
    """A rule as a sentence: one of the door's, or of reading a file."""
    return intake.rule_sentence(_, code) if code in rules.every_rule() else _(f"cli.rule.{code}")
