"""The only door in: `accept` judges a batch of any size by one rule set and writes what is right.

Each row is written whole or not at all. A batch is three tables of text (see `fields.py`). Waiting batches of the same
source are staged together: a hundred people who press the button at once cost little more than one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Literal, NamedTuple

import duckdb
import pyarrow as pa

from . import identity, intake_bursts
from .filing import write_rows
from .i18n import Language
from .intake_rows import Judged, judge
from .rules import every_rule
from .statements import statement
from .store import Register


class Source(NamedTuple):
    """Where a batch comes from. Trusted sources (imports, demo) may say when a report was made."""

    name: str
    trusted: bool


def _nothing() -> pa.Table:
    return pa.table({"row": pa.array([], pa.string())})


@dataclass
class Batch:
    """Disputes (`row`, `event_id`, fields), their stage events (`row`, `seq`, fields) and evidence (`row`, fields).

    All columns are text; a missing column is an empty one.
    """

    disputes: pa.Table
    events: pa.Table = dataclass_field(default_factory=_nothing)
    evidence: pa.Table = dataclass_field(default_factory=_nothing)

    @classmethod
    def of(
        cls,
        disputes: list[dict[str, str]],
        events: list[dict[str, str]] | None = None,
        evidence: list[dict[str, str]] | None = None,
    ) -> Batch:
        """A batch from rows written as dictionaries; what a row does not name is empty."""
        return cls(*(_table(rows or []) for rows in (disputes, events, evidence)))


def _table(rows: list[dict[str, str]]) -> pa.Table:
    names = list(dict.fromkeys(["row", *(name for row in rows for name in row)]))
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in names})


@dataclass(frozen=True)
class Problem:
    """One broken rule. `value` is what was given: for the submitter's eyes only, never for a log."""

    row: str
    table: str
    seq: int | None
    field: str
    code: str
    value: str = dataclass_field(repr=False)
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Receipt:
    """What became of a batch. read = accepted + known + rejected."""

    read: int
    accepted: int
    known: int
    rejected: int
    problems: list[Problem]
    _rows: list[str | None] = dataclass_field(repr=False, default_factory=list)
    _ids: list[str | None] = dataclass_field(repr=False, default_factory=list)
    codes: Mapping[str, str] = dataclass_field(repr=False, default_factory=dict)

    @cached_property
    def ids(self) -> dict[str, str]:
        """row -> dispute_id of every accepted or known row."""
        return {row: id_ for row, id_ in zip(self._rows, self._ids, strict=True) if row is not None and id_ is not None}

    @property
    def errors(self) -> list[Problem]:
        """Problems for which a row is not taken."""
        return [p for p in self.problems if p.severity == "error"]

    @property
    def warnings(self) -> list[Problem]:
        """Problems that only ask to look again."""
        return [p for p in self.problems if p.severity == "warning"]

    def rejected_by_rule(self) -> dict[str, int]:
        """code -> number of rows that broke it, the most frequent first."""
        rows: dict[str, set[str]] = {}
        for problem in self.errors:
            rows.setdefault(problem.code, set()).add(problem.row)
        return {code: len(rows[code]) for code in sorted(rows, key=lambda c: (-len(rows[c]), c))}


@dataclass(frozen=True, eq=False)
class _Arrival:
    """A batch on its way to the writer."""

    register: Register
    batch: Batch
    source: Source
    now: datetime
    refuse_warned: bool


def accept(
    register: Register,
    batch: Batch,
    source: Source,
    now: datetime,
    *,
    dry_run: bool = False,
    on_warning: Literal["accept", "refuse"] = "accept",
) -> Receipt:
    """Judges a batch and writes its valid rows in one transaction, acknowledged after the commit.

    A row is known when its event_id is on file or came earlier in the batch. `on_warning="refuse"` leaves rows with
    a warning out (the form's first press). `dry_run` writes nothing.
    """
    arrival = _Arrival(register, batch, source, now, on_warning == "refuse")
    if dry_run:
        with register.read() as cur:
            return _judge_group(cur, [arrival])[1][0]
    return register.write(_handle, arrival)


def check(register: Register, batch: Batch, source: Source, now: datetime) -> Receipt:
    """What `accept` would say, without writing."""
    return accept(register, batch, source, now, dry_run=True)


@dataclass(frozen=True, slots=True)
class Joined:
    """The draw behind a link: how the report of who shares it describes it. `name` and `public_code` only where they
    are public.
    """

    organizer_type: str
    legal_nature: str
    host_platform: str
    lottery_tool: str
    prize_kind: str
    draw_on: date | None
    name: str | None
    public_code: str | None


def joined(register: Register, token: str) -> Joined | None:
    """What the form fills in for who follows a link to a draw. None: no link of this register, or nothing stands there
    any more; the two are not told apart.
    """
    ids = identity.read_share_token(register.key, token)
    if ids is None:
        return None
    with register.read() as cur:
        found = cur.execute(statement("intake/joined"), {"draw": ids[1], "dispute": ids[2]}).fetchall()
    return Joined(*found[0]) if found else None


def _handle(cur: duckdb.DuckDBPyConnection, items: list[_Arrival]) -> list[Receipt]:
    """The writer's handler: waiting batches of one source are staged, judged and written as one."""
    receipts: dict[int, Receipt] = {}
    groups: dict[Source, list[_Arrival]] = {}
    for arrival in items:
        groups.setdefault(arrival.source, []).append(arrival)
    for source, group in groups.items():
        judged, found = _judge_group(cur, group)
        _write(cur, group[0].register, judged, source, max(arrival.now for arrival in group))
        receipts.update({id(arrival): receipt for arrival, receipt in zip(group, found, strict=True)})
    return [receipts[id(arrival)] for arrival in items]


def accept_whole(
    cur: duckdb.DuckDBPyConnection, register: Register, batches: list[Batch], source: Source, now: datetime
) -> list[Receipt]:
    """Inside a handler of `Register.write`: each batch is written whole, or, if any row of it is rejected, not at all.

    Batches without a fault are judged together; where one has some, each is judged alone.
    """
    group = [_Arrival(register, batch, source, now, False) for batch in batches]
    judged, receipts = _judge_group(cur, group)
    if not any(receipt.rejected for receipt in receipts):
        _write(cur, register, judged, source, now)
    elif len(batches) > 1:
        return [accept_whole(cur, register, [batch], source, now)[0] for batch in batches]
    return receipts


def _write(
    cur: duckdb.DuckDBPyConnection, register: Register, judged: Judged | None, source: Source, now: datetime
) -> None:
    if judged is not None and judged.accepted.any():
        write_rows(cur, register, judged, source.name, now)
        intake_bursts.raise_alarms(cur, judged.alarms, now)


def _judge_group(cur: duckdb.DuckDBPyConnection, group: list[_Arrival]) -> tuple[Judged | None, list[Receipt]]:
    register, source = group[0].register, group[0].source
    sizes = [arrival.batch.disputes.num_rows for arrival in group]
    if not sum(sizes):
        return None, [Receipt(0, 0, 0, 0, []) for _ in group]
    judged = judge(
        cur,
        register,
        [(w.batch.disputes, w.batch.events, w.batch.evidence) for w in group],
        trusted=source.trusted,
        now=max(arrival.now for arrival in group),
        refuse_warned=[arrival.refuse_warned for arrival in group],
    )
    receipts, start = [], 0
    for at, size in enumerate(sizes):
        end = start + size
        accepted, known = int(judged.accepted[start:end].sum()), int(judged.known[start:end].sum())
        problems = [Problem(**said) for said in judged.problems[at]]
        rows = judged.rows[start:end]
        kept = (judged.accepted | judged.known)[start:end]
        ids = [id_ if keep else None for id_, keep in zip(judged.dispute_ids[start:end], kept, strict=True)]
        codes = {
            row: judged.receipts[n] for n, row in enumerate(rows, start) if n in judged.receipts and row is not None
        }
        receipts.append(Receipt(size, accepted, known, size - accepted - known, problems, rows, ids, codes))
        start = end
    return judged, receipts


def field_label(_: Language, table: str, name: str) -> str:
    """The words on a field. Names that mean something else in a stage event have words of their own there."""
    own = f"fields.{table}.{name}"
    return _(own) if _.has(own) else _(f"fields.{name}")


def problem_sentence(_: Language, problem: Problem) -> str:
    """The problem as a sentence: which field, what was expected, when to try again."""
    return rule_sentence(_, problem.code, problem.value)


def rule_sentence(_: Language, code: str, value: str = "") -> str:
    """The sentence of a rule: its own, or that of its kind (`rules.any.future`) with the field's name. The `value` of a
    refusal for too many reports is the moment from which on more are taken, in the register's time zone.
    """
    rule = every_rule()[code]
    own = f"rules.{code}"
    values: dict[str, Any] = {"field": field_label(_, rule.table, rule.field), **rule.limits(_)}
    if code in ("network.too_many", "device.too_many"):
        again = datetime.fromisoformat(value) if value else None
        values["again"] = (
            _("rules.any.again_at", when=f"{_.day(again)} {again:%H:%M}") if again else _("rules.any.again_later")
        )
    if _.has(own):
        return _(own, **values)
    kind = code.rsplit(".", 1)[1]
    return _(f"rules.any.{kind}.{rule.kind}" if kind == "type" else f"rules.any.{kind}", **values)
