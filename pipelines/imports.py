"""`import`: files of any size through the one door, by a mapping; what was not taken goes to a rejects file."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from prizewatch import fits, intake, rules
from prizewatch.errors import UnusableInput
from prizewatch.i18n import Language
from prizewatch.settings import Settings
from prizewatch.store import Kind, Register

from . import terminal
from .decode import chunks, look
from .mapping import Mapping, read_mapping
from .rejects import Reason, Rejects
from .rows import CHUNK, Chunk, Source
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
        return {
            "read": self.read,
            "accepted": self.accepted,
            "known": self.known,
            "rejected": self.rejected,
            "rejected_by_rule": dict(self.by_rule.most_common()),
        }


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Imports files. Everything that can be found wrong with them is found before the first row is written."""
    _ = terminal.words(args)
    mapping = read_mapping(Path(args.mapping))
    sources = [look(Path(name), delimiter=mapping.delimiter, sheet=mapping.sheet) for name in args.files]
    for source in sources:
        mapping.check_columns(source.path, source.columns)
    database = Path(args.database)
    rejects_path = None if args.dry_run else _rejects_path(args.rejects, database, sources)
    columns = dict.fromkeys(name for source in sources for name in source.columns)
    with _open(database, mapping, settings, now, dry_run=args.dry_run) as register:
        rejects = Rejects(rejects_path, columns, always=args.rejects is not None)
        try:
            tally = import_files(
                register, mapping, sources, rejects, now, dry_run=args.dry_run, label=_("cli.import.progress")
            )
            written = rejects.finish()
        except BaseException:
            rejects.give_up()
            raise
        if not args.dry_run:
            fits.refresh(register, now)
        version = str(register.version())
    result = {**tally.result(), "rejects": written and str(written), "dry_run": args.dry_run, "version": version}
    terminal.tell(args, _summary(_, tally, written, dry_run=args.dry_run), result)
    return 0


def import_files(
    register: Register,
    mapping: Mapping,
    sources: list[Source],
    rejects: Rejects,
    now: datetime,
    *,
    dry_run: bool = False,
    label: str = "",
    chunk_rows: int = CHUNK,
) -> Tally:
    """Imports files into an open register, a chunk a transaction; what is written stays if a later chunk fails."""
    tally = Tally()
    seen: set[str] | None = set() if dry_run and register.path else None
    total = sum(source.size for source in sources)
    with register.counting_later():
        with terminal.progress(total, label) as bar:
            for source in sources:
                for chunk in chunks(source, chunk_rows, bar.update):
                    _import_chunk(register, mapping, source, chunk, rejects, now, tally, seen)
        if register.kind is Kind.REFERENCE and tally.accepted and not (dry_run and register.path):
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


def _open(database: Path, mapping: Mapping, settings: Settings, now: datetime, *, dry_run: bool) -> Register:
    """The register the rows belong to; made if it does not exist. A dry run of a new one happens in memory."""
    if not database.exists():
        where = None if dry_run else database
        return Register.open(
            where, settings, kind=mapping.kind, clock_on=mapping.clock_on, title=mapping.title or None, now=now
        )
    register = Register.open(database, settings, now=now)
    if register.kind != mapping.kind:
        register.close()
        raise UnusableInput("errors.import.kind", path=database, kind=str(register.kind), wanted=str(mapping.kind))
    if mapping.clock_on and register.clock_on != mapping.clock_on:
        register.close()
        raise UnusableInput("errors.import.clock", path=database, clock=register.clock_on, wanted=mapping.clock_on)
    return register


def _rejects_path(asked: str | None, database: Path, sources: list[Source]) -> Path:
    """Where rejects go: as asked, else beside the register under a name that is free."""
    if asked is not None:
        path = Path(asked)
        if any(path.resolve() == source.path.resolve() for source in sources):
            raise UnusableInput("errors.import.rejects_is_input", path=path)
        return path
    return next(path for path in _names(database) if not path.exists())


def _names(database: Path) -> Iterator[Path]:
    yield database.with_name(f"{database.name}.rejects.csv")
    n = 1
    while n := n + 1:
        yield database.with_name(f"{database.name}.rejects-{n}.csv")


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
        Register.append(cur, "moderation", rows, Register.next_commit(cur, f"import:{source}", now, len(ids)))
    return [len(ids)] * len(items)


def _summary(_: Language, tally: Tally, written: Path | None, *, dry_run: bool) -> list[str]:
    rows = [
        (_(f"cli.import.{name}"), _.number(getattr(tally, name))) for name in ("read", "accepted", "known", "rejected")
    ]
    lines = [_("cli.import.dry_run")] if dry_run else []
    lines += terminal.table(rows)
    if tally.by_rule:
        lines += [_("cli.import.by_rule")]
        lines += terminal.table([(rule, _.number(n), rule_words(_, rule)) for rule, n in tally.by_rule.most_common()])
    if written:
        lines += [_("cli.import.rejects", path=written)]
    return lines


def rule_words(_: Language, code: str) -> str:
    """A rule as a sentence: one of the door's, or of reading a file."""
    return intake.rule_sentence(_, code) if code in rules.every_rule() else _(f"cli.rule.{code}")
