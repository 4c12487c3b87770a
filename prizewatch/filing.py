"""Writes judged rows to the log: filings, stage events, evidence, what was seen of organizers, numbers of draws."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta
from hashlib import md5
from typing import Any
from uuid import UUID

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import identity
from .fields import ACCOUNTS, EVIDENCE, REGISTERED, STAGE_EVENT, TABLES
from .intake_rows import Judged
from .store import Kind, Register, append, next_commit

#: What a record of a public source may leave open; a report of a person may not.
REFERENCE_DEFAULTS: dict[str, Any] = {
    "report_lang": "en",
    "organizer_type": "unknown",
    "legal_nature": "unknown",
    "host_platform": "other",
    "lottery_tool": "none_unknown",
    "prize_kind": "other",
    "dispute_reason": "other",
}


def write_rows(cur: duckdb.DuckDBPyConnection, register: Register, judged: Judged, source: str, now: datetime) -> int:
    """Appends the accepted rows, with their events and evidence, as one commit; returns its number.

    Rows are first versions unless their tables say otherwise (`version`, `stage_event_id`): a revision's do.
    """
    commit = next_commit(cur, source, now)
    accepted = judged.accepted
    take = pa.array(np.flatnonzero(accepted))
    typed = judged.staged.disputes.take(take) if not accepted.all() else judged.staged.disputes
    ids = {name: pa.array(column, pa.string()).take(take) for name, column in judged.ids.items()}
    size = typed.num_rows
    codes = (judged.receipts.get(n) for n in take.to_pylist())
    columns: dict[str, Any] = {
        **_stamp(size, commit, now),
        "event_id": typed.column("event_id"),
        "source": pa.repeat(source, size),
        "version": _given(typed, "version", pa.repeat(1, size)),
        **ids,
        "receipt_hash": pa.array([identity.receipt_hash(register.key, c) if c else None for c in codes], pa.string()),
        "screen": pa.array(judged.screens, pa.string()).take(take),
    }
    for field in TABLES["dispute"]:
        if field.logged:
            columns[field.name] = typed.column(field.name)
    columns["reported_at"] = pc.fill_null(typed.column("reported_at"), now)
    columns["prize_no"] = pc.fill_null(typed.column("prize_no"), 1)
    columns["value_unknown"] = pc.fill_null(typed.column("value_unknown"), pc.is_null(typed.column("prize_value")))
    if register.kind == Kind.REFERENCE:
        columns |= {name: pc.fill_null(typed.column(name), value) for name, value in REFERENCE_DEFAULTS.items()}
    append(cur, "filing", pa.table(columns))
    disputes = {"dispute_id": np.array(judged.ids["dispute_id"], object), "accepted": accepted}
    _children(cur, "stage_event", judged.staged.events, disputes, commit, now)
    _children(cur, "evidence", judged.staged.evidence, disputes, commit, now)
    _organizers(cur, register, judged, columns, take, commit, now)
    _originals(cur, register, judged, now)
    return commit


def _stamp(size: int, commit: int, now: datetime) -> dict[str, pa.Array]:
    """What every row of a commit has."""
    return {"commit_no": pa.repeat(commit, size), "recorded_at": pa.repeat(pa.scalar(now, pa.timestamp("us")), size)}


def _given(rows: pa.Table, name: str, otherwise: Any) -> Any:
    return rows.column(name) if name in rows.column_names else otherwise


def _children(
    cur: duckdb.DuckDBPyConnection,
    table: str,
    rows: pa.Table,
    disputes: dict[str, Any],
    commit: int,
    now: datetime,
) -> None:
    n = rows.column("n").to_numpy()
    mine = disputes["accepted"][n] if len(n) else np.zeros(0, bool)
    if not mine.any():
        return
    rows = rows.filter(pa.array(mine))
    n = n[mine]
    size = len(n)
    columns: dict[str, Any] = {
        "event_id": rows.column("event_id"),
        **_stamp(size, commit, now),
        "dispute_id": pa.array(disputes["dispute_id"][n], pa.string()),
    }
    if table == "stage_event":
        columns |= {
            "stage_event_id": _given(rows, "stage_event_id", rows.column("event_id")),
            "version": _given(rows, "version", pa.repeat(1, size)),
            "seq": rows.column("seq"),
        }
    for field in STAGE_EVENT if table == "stage_event" else EVIDENCE:
        columns[field.name] = rows.column(field.name)
    append(cur, table, pa.table(columns))


def _organizers(
    cur: duckdb.DuckDBPyConnection,
    register: Register,
    judged: Judged,
    columns: dict[str, Any],
    take: pa.Array,
    commit: int,
    now: datetime,
) -> None:
    """What was met of each organizer and of its draws, each thing once."""
    facts = {"organizer": {} if judged.names_known else _seen(register, judged, columns, take),
             "draw_count": _draws_counted(columns)}  # fmt: skip
    for table, rows in facts.items():
        new = rows.keys() - _there(cur, table, list(rows)) if rows else set()
        if new:
            stamp = {"commit_no": commit, "recorded_at": now}
            fresh = [{"event_id": event, **row, **stamp} for event, row in rows.items() if event in new]
            append(cur, table, pa.Table.from_pylist(fresh))


def _seen(register: Register, judged: Judged, columns: dict[str, Any], take: pa.Array) -> dict[str, dict[str, Any]]:
    """What reports say of their organizers, by its event: whoever says it first is noted."""

    def text(name: str) -> list[str | None]:
        return judged.texts[name].take(take).to_pylist() if name in judged.texts else [None] * len(take)

    @functools.cache
    def handle_key(host: str, handle: str) -> str:
        return identity.keyed(register.key, "handle", host, identity.fold_handle(handle))

    typed = ("organizer_id", "organizer_type", "legal_nature", "host_platform", "reported_at")
    written = ("organizer_handle", "organizer_display", "entity_reg_no", "join", "organizer_code")
    given = zip(*(columns[name].to_pylist() for name in typed), *map(text, written), strict=True)
    first: dict[tuple[Any, ...], datetime] = {}  # most reports say what others said before
    for organizer, kind, nature, host, at, handle, display, reg_no, link, code in given:
        first.setdefault((organizer, kind, nature, host, handle, display, reg_no, bool(link or code)), at)
    seen: dict[str, dict[str, Any]] = {}
    for (organizer, kind, nature, host, handle, display, reg_no, pointed), at in first.items():
        if pointed and not (handle or display or reg_no):
            continue  # who points at an organizer on file says nothing of what it is: only names are noted
        clear = nature in REGISTERED or kind in ACCOUNTS  # never the name of a private person
        row = {
            "organizer_id": organizer,
            "kind": "seen",
            "organizer_type": None if pointed else kind,
            "legal_nature": None if pointed else nature,
            "host_platform": None if pointed else host,
            "handle_key": handle_key(host, handle) if handle else None,
            "handle": handle if clear else None,
            "display_name": display if clear else None,
            "reg_no": reg_no if nature in REGISTERED else None,
        }
        seen.setdefault(_event_id("seen", *row.values()), {**row, "seen_on": register.day_of(at)})
    return seen


def _draws_counted(columns: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """How many draws an organizer had held on a day, as reports tell, by its event."""
    names = ("organizer_id", "draws_counted_on", "draws_known", "draws_source")
    rows = [
        {"organizer_id": organizer, "observed_on": day, "draws_known": known, "source_kind": source or "unknown"}
        for organizer, day, known, source in zip(*(columns[name].to_pylist() for name in names), strict=True)
        if known is not None and day is not None
    ]
    return {_event_id("draws", *row.values()): row for row in rows}


def _originals(cur: duckdb.DuckDBPyConnection, register: Register, judged: Judged, now: datetime) -> None:
    """Words as they were before masking, for moderators, for as long as the setting says."""
    days = register.settings.originals_days
    kept = [o for o in judged.originals if judged.accepted[o.n]] if days else []
    if not kept:
        return
    reports, events = judged.staged.disputes.column("event_id"), judged.staged.events
    of_event = dict(zip(events.column("k").to_pylist(), events.column("event_id").to_pylist(), strict=True))
    rows = [
        {
            "event_id": str(reports[o.n].as_py() if o.k is None else of_event[o.k]),
            "field": o.field,
            "words": o.words,
            "erase_at": now + timedelta(days=days),
        }
        for o in kept
        if o.k is None or o.k in of_event  # a revision logs only the events it changes
    ]
    if not rows:
        return
    cur.register("original_words", pa.Table.from_pylist(rows))
    try:
        cur.execute("INSERT INTO desk.original (event_id, field, words, erase_at) SELECT * FROM original_words")
    finally:
        cur.unregister("original_words")


def _event_id(*parts: object) -> str:
    """The id of a fact, from the fact: said twice, it is logged once."""
    return str(UUID(md5("\x1f".join(map(str, parts)).encode(), usedforsecurity=False).hexdigest()))


def _there(cur: duckdb.DuckDBPyConnection, table: str, events: list[str]) -> set[str]:
    cur.register("staged_fact", pa.table({"event_id": events}))
    try:
        sql = f"""SELECT CAST(o.event_id AS VARCHAR)
            FROM staged_fact f JOIN log.{table} o ON o.event_id = CAST(f.event_id AS UUID)"""
        return {row[0] for row in cur.execute(sql).fetchall()}
    finally:
        cur.unregister("staged_fact")
