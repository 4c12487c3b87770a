"""Writes judged rows to the log: filings, stage events, evidence, what was seen of organizers, numbers of draws."""

from __future__ import annotations

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
    stamp: dict[str, Any] = {
        "commit_no": pa.array(np.full(size, commit, np.int64)),
        "recorded_at": pa.array([now], pa.timestamp("us")).take(pa.array(np.zeros(size, np.int64))),
    }
    reported_at = pc.fill_null(typed.column("reported_at"), now)
    columns: dict[str, Any] = {
        **stamp,
        "event_id": typed.column("event_id"),
        "source": pa.array([source]).take(pa.array(np.zeros(size, np.int64))),
        "version": _given(typed, "version", pa.array(np.ones(size, np.int64))),
        **ids,
        "receipt_hash": pa.array(
            [
                identity.receipt_hash(register.key, code) if (code := judged.receipts.get(n)) else None
                for n in take.to_pylist()
            ],
            pa.string(),
        ),
        "screen": pa.array(judged.screens, pa.string()).take(take),
    }
    for field in TABLES["dispute"]:
        if field.logged:
            columns[field.name] = typed.column(field.name)
    columns["reported_at"] = reported_at
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
        "commit_no": pa.array(np.full(size, commit, np.int64)),
        "recorded_at": pa.array([now], pa.timestamp("us")).take(pa.array(np.zeros(size, np.int64))),
        "dispute_id": pa.array(disputes["dispute_id"][n], pa.string()),
    }
    if table == "stage_event":
        columns |= {
            "stage_event_id": _given(rows, "stage_event_id", rows.column("event_id")),
            "version": _given(rows, "version", pa.array(np.ones(size, np.int64))),
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
    """What was met of each organizer, each thing once; names in clear for businesses and accounts only."""
    size = len(take)

    def text(name: str) -> list[str | None]:
        return judged.texts[name].take(take).to_pylist() if name in judged.texts else [None] * size

    seen: dict[str, dict[str, Any]] = {}
    counts: dict[str, dict[str, Any]] = {}
    keys: dict[tuple[str, str], str] = {}
    listed = zip(
        *(
            columns[c].to_pylist()
            for c in ("organizer_id", "organizer_type", "legal_nature", "host_platform", "reported_at")
        ),
        *(text(c) for c in ("organizer_handle", "organizer_display", "entity_reg_no")),
        *(text(c) for c in ("join", "organizer_code")),
        *(columns[c].to_pylist() for c in ("draws_known", "draws_source", "draws_counted_on")),
        strict=True,
    )
    met: set[tuple[Any, ...]] = set()
    for organizer, kind, nature, host, at, handle, display, reg_no, link, code, *drawn in listed:
        draws, draws_source, counted_on = drawn
        what = (organizer, kind, nature, host, handle, display, reg_no, link or code)
        # Who points at an organizer on file says nothing of what it is: only the names given are noted.
        pointed = bool(link or code)
        says = not pointed or handle or display or reg_no
        if says and what not in met and not judged.names_known:
            met.add(what)
            clear = nature in REGISTERED or kind in ACCOUNTS
            handle_key = None
            if handle:
                pair = (host, identity.fold_handle(handle))
                handle_key = keys.get(pair) or keys.setdefault(pair, identity.keyed(register.key, "handle", *pair))
            row = {
                "organizer_id": organizer,
                "kind": "seen",
                "organizer_type": None if pointed else kind,
                "legal_nature": None if pointed else nature,
                "host_platform": None if pointed else host,
                "handle_key": handle_key,
                "handle": handle if clear else None,
                "display_name": display if clear else None,
                "reg_no": reg_no if nature in REGISTERED else None,
            }
            event = _event_id("seen", *row.values())
            seen.setdefault(event, {**row, "event_id": event, "seen_on": register.day_of(at)})
        if draws is not None and counted_on is not None:
            count = {
                "organizer_id": organizer,
                "observed_on": counted_on,
                "draws_known": draws,
                "source_kind": draws_source or "unknown",
            }
            event = _event_id("draws", *count.values())
            counts.setdefault(event, {**count, "event_id": event})
    for table, rows in (("organizer", seen), ("draw_count", counts)):
        if not rows:
            continue
        new = rows.keys() - _there(cur, table, list(rows))
        if new:
            stamped = [{**row, "commit_no": commit, "recorded_at": now} for event, row in rows.items() if event in new]
            append(cur, table, pa.Table.from_pylist(stamped))


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
