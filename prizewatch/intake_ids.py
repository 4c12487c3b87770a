"""Who and what the rows of a batch are about: keyed ids, also by a link or a public code; and what of it is on file."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from . import identity
from .intake_tables import column
from .rules import every_rule
from .staging import Found
from .statements import statement

DAY = timedelta(hours=24)
NEIGHBOURS = timedelta(days=730)  # as long as reports count for a level

Flags = npt.NDArray[np.bool_]
Ids = dict[str, list[str | None]]
#: (organizer, network or device) -> the reporters who reported that organizer from there.
Beside = dict[tuple[str, str], set[str]]


class OnFile(NamedTuple):
    """Which rows' events and disputes are on file; and for the form what came lately: when, by network or device
    (oldest first), and from where else an organizer was reported.
    """

    events: Flags
    disputes: Flags
    lately: dict[str, list[datetime]]
    beside: Beside


def ids_of(
    cur: duckdb.DuckDBPyConnection,
    key: bytes,
    typed: pa.Table,
    texts: dict[str, pa.Array],
    found: list[Found],
    *,
    reference: bool,
) -> Ids:
    """The keyed ids of every row. Links and codes that lead nowhere are noted in `found`."""
    size = typed.num_rows
    hosts = typed.column("host_platform").to_pylist()
    borrowed = np.zeros(size, bool)
    if not reference:  # whoever borrows a name is another organizer than the one whose name it is
        borrowed = np.array([why == "impersonation" for why in typed.column("dispute_reason").to_pylist()], bool)
        hosts = [f"{host} impersonated" if by else host for host, by in zip(hosts, borrowed, strict=True)]
    said = {} if reference else _pointed_at(cur, key, texts, borrowed, found)
    given = {
        name: column(texts, name, size) for name in ("reporter", "network", "device", "organizer_handle", "draw_ref")
    }
    days = {name: typed.column(name).to_pylist() for name in ("event_id", "draw_on", "prize_no")}
    return identity.ids_of(key, {**days, **given, "host_platform": hosts}, said)


def _pointed_at(
    cur: duckdb.DuckDBPyConnection, key: bytes, texts: dict[str, pa.Array], borrowed: Flags, found: list[Found]
) -> dict[int, tuple[str, str | None]]:
    """Organizer, and draw, of the rows that give a link or a public code instead of a handle. The link goes first.

    An organizer that is not listed and one that nobody ever reported get the same answer: a code is no oracle.
    """
    size = len(borrowed)
    said: dict[int, tuple[str, str | None]] = {}
    for n, token in enumerate(column(texts, "join", size)) if "join" in texts else ():
        if token is None:
            continue
        if ids := identity.read_share_token(key, token):
            said[n] = (str(ids[0]), str(ids[1]))
        else:
            found.append(Found(every_rule()["join.unknown"], n))
    codes = column(texts, "organizer_code", size) if "organizer_code" in texts else []
    listed = _listed(cur, {code for code in codes if code})
    for n, code in enumerate(codes):
        if code is None or n in said:
            continue
        organizer = listed.get(code.upper())
        if organizer is None:
            found.append(Found(every_rule()["organizer_code.unknown"], n))
        else:
            said[n] = (identity.borrowed_organizer_id(key, organizer) if borrowed[n] else organizer, None)
    return said


def _listed(cur: duckdb.DuckDBPyConnection, codes: set[str]) -> dict[str, str]:
    """Public code -> id, after merges, of those that are listed."""
    if not codes:
        return {}
    sql = statement("intake/listed")
    return dict(cur.execute(sql, {"codes": [code.upper() for code in codes]}).fetchall())


def on_file(cur: duckdb.DuckDBPyConnection, event_ids: list[Any], ids: Ids, now: datetime, *, counts: bool) -> OnFile:
    """What of a batch is on file; with `counts` also what limits and screens need to know."""
    size = len(event_ids)
    names = ("dispute_id", "organizer_id", "network_key", "device_key")
    staged = pa.table(
        {
            "n": np.arange(size),
            "event_id": pa.array([None if e is None else str(e) for e in event_ids], pa.string()),
            **{k: pa.array(ids[k], pa.string()) for k in names},
        }
    )
    there = OnFile(np.zeros(size, bool), np.zeros(size, bool), {}, {})
    cur.register("staged_id", staged)
    try:
        for n, same_event in cur.execute(statement("intake/known")).fetchall():
            (there.events if same_event else there.disputes)[n] = True
        if counts:
            sql = statement("intake/recent")
            there.lately.update(cur.execute(sql, {"since": now - DAY}).fetchall())
            sql = statement("intake/neighbours")
            for organizer, place, reporter in cur.execute(sql, {"since": now - NEIGHBOURS}).fetchall():
                there.beside.setdefault((organizer, place), set()).add(reporter)
    finally:
        cur.unregister("staged_id")
    return there
