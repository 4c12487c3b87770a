"""A batch on its way in: text columns in Arrow, read into types and judged by SQL, one statement a table.

Rows are numbered `n` over the whole staged batch (waiting submissions may share one), their events and evidence `k`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import rules
from .fields import TABLES
from .identity import over_unique
from .statements import statement

#: Columns of a dispute that the rules over its events read, as d_<name>.
BESIDE = (
    "prize_value", "lottery_tool", "organizer_type", "conditions", "claim_made_on", "claim_deadline", "win_notice_on",
    "dispute_reason", "credited_stage", "partial_accepted_on", "withdraw_reason",
)  # fmt: skip
_BESIDE_TOO = ("n", "event_id", "data_given", "amount_paid")
#: Characters nobody sees that turn, hide or break what stands around them: controls, bidirectional overrides, tags.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_WORDS = {f.name for fields in TABLES.values() for f in fields if f.free_text} | {"organizer_handle"}
_SMALL = 256  # rows: below this Python is faster than a call of pyarrow a column


@dataclass(frozen=True, slots=True)
class Found:
    """A broken rule: row `n` of the disputes, or row `k` of events or evidence. `value`: instead of what was given."""

    rule: rules.Rule
    n: int
    k: int | None = None
    value: str = ""


@dataclass(slots=True)
class Staged:
    """A judged batch: typed tables and what is wrong with them."""

    disputes: pa.Table
    events: pa.Table
    evidence: pa.Table
    found: list[Found] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Profile:
    """What the rules depend on beside the rows."""

    now: datetime
    today: date
    zone: ZoneInfo
    trusted: bool
    reference: bool


def text_columns(table: pa.Table, names: tuple[str, ...]) -> dict[str, pa.Array]:
    """The named columns of a batch as trimmed text, empty as NULL; columns with nothing in them are left out."""
    out = {}
    there = set(table.column_names)
    for name in names:
        if name not in there:
            continue
        column = table.column(name)
        if column.null_count == len(column):
            continue
        if len(column) <= _SMALL:
            texts = [None if t is None else _seen(name, str(t)).strip() or None for t in column.to_pylist()]
            if any(t is not None for t in texts):
                out[name] = pa.array(texts, pa.string())
            continue
        array = column.combine_chunks()
        array = array if pa.types.is_string(array.type) else array.cast(pa.string())
        if name in _WORDS:
            array = over_unique(array, lambda text, name=name: _seen(name, text))  # type: ignore[misc]
        array = pc.utf8_trim_whitespace(array)
        array = pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
        if array.null_count < len(array):
            out[name] = array
    return out


def _seen(name: str, text: str) -> str:
    """Words as they are seen; a name stands on one line."""
    if name not in _WORDS or (text.isascii() and text.isprintable()):
        return text
    text = _UNSEEN.sub("", text)
    return " ".join(text.split()) if name == "organizer_display" else text


def _field_names(table: str) -> tuple[str, ...]:
    return tuple(f.name for f in TABLES[table])


@cache
def _statement(table: str, present: frozenset[str], reference: bool) -> tuple[str, tuple[rules.Rule, ...]]:
    sources = (table, "ladder", "story") if table == "stage_event" else (table,)
    chosen = tuple(r for s in sources for r in rules.applicable(s, present, reference))
    sql = statement(f"intake/{table}")
    sql = sql.format(
        typed=rules.typed_columns(table, present),
        names=", ".join(f'"{name}"' for name in _field_names(table)),  # `join` is a word of SQL, too
        broken=rules.broken_list(chosen),
        dispute=", ".join(f"d.{name} AS d_{name}" for name in BESIDE),
    )
    return sql, chosen


def _judge(
    cur: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, pa.Array],
    numbers: dict[str, pa.Array],
    profile: Profile,
) -> tuple[pa.Table, list[tuple[rules.Rule, int]]]:
    """Runs the statement of one table. Returns its typed rows and (broken rule, position) pairs."""
    present = frozenset(columns)
    sql, chosen = _statement(table, present, profile.reference)
    rows = pa.table({**numbers, **{f"{name}_": array for name, array in columns.items()}})
    if "event_id" not in present:
        rows = rows.append_column("event_id_", pa.nulls(rows.num_rows, pa.string()))
    values: dict[str, Any] = {
        "zone": profile.zone.key,
        "today": profile.today,
        "now": profile.now,
        "trusted": profile.trusted,
    }
    cur.register(f"batch_{table}", rows)
    try:
        out = cur.execute(sql, {k: v for k, v in values.items() if f"${k}" in sql}).to_arrow_table()
    finally:
        cur.unregister(f"batch_{table}")
    judged = out.column("broken").combine_chunks().flatten().fill_null(False)
    verdict = judged.to_numpy(zero_copy_only=False).reshape(out.num_rows, -1)
    broken = [(chosen[rule], int(at)) for at, rule in np.argwhere(verdict)] if chosen else []
    return out.drop_columns(["broken"]), broken


def stage(
    cur: duckdb.DuckDBPyConnection,
    disputes: dict[str, pa.Array],
    events: dict[str, pa.Array],
    evidence: dict[str, pa.Array],
    profile: Profile,
) -> Staged:
    """Types and judges a batch.

    `disputes` are text columns (`event_id` among them); `events` and `evidence` also hold `n`, the number of their
    dispute, and events `seq`. The tables that come back have the rows in the order given.
    """
    size = len(next(iter(disputes.values())))
    typed, broken = _judge(cur, "dispute", disputes, {"n": pa.array(np.arange(size))}, profile)
    if size > 1:
        order = np.argsort(typed.column("n").to_numpy(), kind="stable")
        places = typed.column("n").to_numpy()
        broken = [(rule, int(places[at])) for rule, at in broken]
        if not np.array_equal(places, np.arange(size)):
            typed = typed.take(order)
    found = [Found(rule, at) for rule, at in broken]
    event_ids = typed.column("event_id").cast(pa.string())
    cur.register("staged_dispute", typed.select([*_BESIDE_TOO, *BESIDE]))
    try:
        event_rows, more = _judge_children(cur, "stage_event", events, profile, event_ids)
        evidence_rows, of_evidence = _judge_children(cur, "evidence", evidence, profile, event_ids)
    finally:
        cur.unregister("staged_dispute")
    story: set[tuple[str, int]] = set()
    for item in more:
        if item.rule.table == "dispute":  # a rule over the whole story stands at each of its events: keep one
            if (item.rule.code, item.n) in story:
                continue
            story.add((item.rule.code, item.n))
            found.append(Found(item.rule, item.n))
        else:
            found.append(item)
    return Staged(typed, event_rows, evidence_rows, _first_of_each_field(found + of_evidence))


def _first_of_each_field(found: list[Found]) -> list[Found]:
    """One error a field, its own rules first: a date that cannot be read need not be called missing, too."""
    wrong: set[tuple[str, str, int, int | None]] = set()
    kept = []
    for item in found:
        place = (item.rule.table, item.rule.field, item.n, item.k)
        if place in wrong:
            continue
        if item.rule.severity == "error":
            wrong.add(place)
        kept.append(item)
    return kept


def _judge_children(
    cur: duckdb.DuckDBPyConnection,
    table: str,
    columns: dict[str, pa.Array],
    profile: Profile,
    event_ids: pa.ChunkedArray,
) -> tuple[pa.Table, list[Found]]:
    numbers: dict[str, pa.Array] = {name: columns[name] for name in ("n", "seq")}
    size = len(columns["n"])
    if size == 0:
        return pa.table({"k": pa.array([], pa.int64()), "n": pa.array([], pa.int64())}), []
    numbers["k"] = pa.array(np.arange(size))
    if table == "evidence":
        numbers["filed_as"] = event_ids.take(columns["n"])
    rest = {name: array for name, array in columns.items() if name not in ("n", "seq")}
    typed, broken = _judge(cur, table, rest, numbers, profile)
    ks, ns = typed.column("k").to_numpy(), typed.column("n").to_numpy()
    return typed, [Found(rule, int(ns[at]), int(ks[at])) for rule, at in broken]
