"""From the text tables of waiting batches to a verdict a row: staged, judged, told apart from what is on file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from . import identity, rules
from .fields import TABLES
from .redaction import screen
from .staging import Found, Profile, Staged, stage, text_columns
from .store import Kind, Register

SQL = Path(__file__).parent / "sql" / "intake"
BURST = 5  # reports about one organizer in 24 hours; more are held for a moderator
NEIGHBOURS = timedelta(days=730)  # as long as reports count for a level
HIGH_VALUE = 50_000  # CNY; the legal cap of a prize

Flags = npt.NDArray[np.bool_]
Tables = tuple[pa.Table, pa.Table, pa.Table]


@dataclass(slots=True)
class Judged:
    """A judged group of batches. Arrays run over all disputes; `problems` is one list a batch."""

    staged: Staged
    texts: dict[str, pa.Array]
    rows: list[str | None]
    accepted: Flags
    known: Flags
    ids: dict[str, list[str | None]]
    screens: list[str]
    problems: list[list[dict[str, Any]]]
    receipts: dict[int, str] = field(default_factory=dict)
    names_known: bool = False  # a revision that says nothing new of the organizer

    @property
    def dispute_ids(self) -> list[str | None]:
        return self.ids["dispute_id"]


def judge(
    cur: duckdb.DuckDBPyConnection,
    register: Register,
    batches: list[Tables],
    *,
    trusted: bool,
    now: datetime,
    refuse_warned: list[bool],
) -> Judged:
    """Stages batches of one source together and decides every row of theirs."""
    zone = register.settings.time_zone
    today = _day(now, zone)
    reference = register.kind == Kind.REFERENCE
    sizes = [b[0].num_rows for b in batches]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    size = int(starts[-1])
    raw = _together([b[0] for b in batches])
    disputes = text_columns(raw, ("event_id", *(f.name for f in TABLES["dispute"])))
    if "organizer_handle" in disputes:
        disputes["organizer_handle"] = identity.over_unique(disputes["organizer_handle"], identity.normalise)
    disputes.setdefault("event_id", pa.nulls(size, pa.string()))
    rows = _texts(raw, "row")
    found: list[Found] = []
    _check_rows(rows, starts, found)
    events, orphans = _children([b[1] for b in batches], rows, starts, "stage_event", found)
    evidence, more = _children([b[2] for b in batches], rows, starts, "evidence", found)
    orphans += more
    profile = Profile(now, today, zone, trusted, reference)
    staged = stage(cur, disputes, events, evidence, profile)
    found += staged.found
    if not reference:
        has_events = np.bincount(events["n"].to_numpy(), minlength=size) > 0
        found += [Found(_rule("stage_events.required"), int(n)) for n in np.flatnonzero(~has_events)]

    typed = staged.disputes
    hosts = typed.column("host_platform").to_pylist()
    if not reference:  # whoever borrows a name is another organizer than the one whose name it is
        why = typed.column("dispute_reason").to_pylist()
        hosts = [f"{host} impersonated" if r == "impersonation" else host for host, r in zip(hosts, why, strict=True)]
    ids = identity.ids_of(
        register.key,
        {
            **{name: typed.column(name).to_pylist() for name in ("event_id", "draw_on", "prize_no")},
            "host_platform": hosts,
            **{name: _column(disputes, name, size) for name in ("reporter", "network", "organizer_handle", "draw_ref")},
        },
    )
    event_ids = typed.column("event_id").to_pylist()
    known, on_file, recent, beside = _on_file(cur, event_ids, ids, now, counts=not trusted)
    if not trusted and not reference:
        limit = register.settings.reports_per_day
        found += _too_many(ids["network_key"], recent, limit, known)

    wrong = np.zeros(size, bool)
    warned = np.zeros(size, bool)
    for item in found:
        (wrong if item.rule.severity == "error" else warned)[item.n] = True
    refusing = np.repeat(np.array(refuse_warned, bool), sizes)
    fit = ~wrong & ~known & ~(warned & refusing)
    first, again, clash = _first_of_each(fit & ~on_file, event_ids, ids["dispute_id"])
    known = known | again
    late = (fit & on_file | clash) & ~known
    if trusted:
        found += [Found(_rule("dispute.already_on_file"), int(n)) for n in np.flatnonzero(late)]
    else:  # a refusal would tell a stranger who reported: it is filed apart, and a moderator merges it
        first |= late
        for n in np.flatnonzero(late):
            ids["dispute_id"][n] = identity.second_dispute_id(register.key, str(event_ids[n]))

    judged = Judged(staged, disputes, rows, first, known, ids, [], [])
    children = {"stage_event": events, "evidence": evidence}
    judged.problems = _problems(found, orphans, judged, children, starts)
    judged.screens = [""] * size if reference else _screens(typed, disputes, events, ids, recent, trusted)
    if not trusted:
        _hold_neighbours(judged, beside)
        for n in np.flatnonzero(late):
            judged.screens[n] = ";".join(filter(None, (judged.screens[n], "reported_before")))
        judged.receipts = {
            int(n): identity.receipt_code(register.key, str(event_ids[n])) for n in np.flatnonzero(first | known)
        }
    return judged


def _day(now: datetime, zone: Any) -> Any:
    return now.replace(tzinfo=UTC).astimezone(zone).date()


def _rule(code: str) -> rules.Rule:
    return rules.every_rule()[code]


def _together(tables: list[pa.Table]) -> pa.Table:
    if len(tables) == 1:
        return tables[0]
    text = [t.cast(pa.schema([pa.field(n, pa.string()) for n in t.column_names])) for t in tables]
    return pa.concat_tables(text, promote_options="default")


def _texts(table: pa.Table, name: str) -> list[str | None]:
    if name not in table.column_names:
        return [None] * table.num_rows
    return [None if v is None else str(v) for v in table.column(name).to_pylist()]


def _column(columns: dict[str, pa.Array], name: str, size: int) -> list[str | None]:
    texts: list[str | None] = columns[name].to_pylist() if name in columns else [None] * size
    return texts


def _check_rows(rows: list[str | None], starts: npt.NDArray[Any], found: list[Found]) -> None:
    for start, end in pairwise(starts):
        own = pd.Series(rows[start:end], dtype="object")
        found += [Found(_rule("row.missing"), int(start + n)) for n in np.flatnonzero(own.isna())]
        found += [Found(_rule("row.twice"), int(start + n)) for n in np.flatnonzero(own.duplicated() & own.notna())]


def _children(
    tables: list[pa.Table], rows: list[str | None], starts: npt.NDArray[Any], table: str, found: list[Found]
) -> tuple[dict[str, pa.Array], list[tuple[int, dict[str, Any]]]]:
    """The text columns of events or evidence, and `n`, their dispute. Rows of no dispute come back as problems."""
    numbers, orphans = [], []
    for at, (child, start, end) in enumerate(zip(tables, starts[:-1], starts[1:], strict=True)):
        own = pa.array(_texts(child, "row"), pa.string())
        place = pc.index_in(own, value_set=pa.array(rows[start:end], pa.string()), skip_nulls=True)
        place = place.fill_null(-1).to_numpy()
        for k in np.flatnonzero(place < 0):
            orphans.append(
                (
                    at,
                    {
                        "row": own[k].as_py() or "",
                        "table": table,
                        "seq": None,
                        "field": "row",
                        "code": "row.unknown",
                        "value": own[k].as_py() or "",
                        "severity": "error",
                    },
                )
            )
        numbers.append(np.where(place < 0, -1, place + start))
    n = np.concatenate(numbers).astype(np.int64) if numbers else np.zeros(0, np.int64)
    raw = _together(tables)
    if (n < 0).any():
        raw, n = raw.filter(pa.array(n >= 0)), n[n >= 0]
    names = ("seq", "event_id", *(f.name for f in TABLES[table]))
    columns = text_columns(raw, names)
    given = columns.get("seq") if table == "stage_event" else None
    columns["seq"] = pa.array(_sequence(given, n, found))
    columns["n"] = pa.array(n)
    return columns, orphans


def _sequence(given: pa.Array | None, n: npt.NDArray[np.int64], found: list[Found]) -> npt.NDArray[np.int64]:
    """The number of every event in its dispute: as given, else its place."""
    place = pd.Series(n).groupby(n).cumcount().to_numpy() + 1
    if given is None:
        return place.astype(np.int64)
    texts = pd.Series(given.to_pylist(), dtype="object")
    numbers = pd.to_numeric(texts, errors="coerce").where(texts.notna(), pd.Series(place, dtype="float64"))
    fine = (numbers.notna() & (numbers >= 1) & (numbers <= 10_000) & (numbers % 1 == 0)).to_numpy(dtype=bool)
    found += [Found(_rule("event.seq.type"), int(n[k]), int(k)) for k in np.flatnonzero(~fine)]
    seq = np.where(fine, numbers.fillna(0).to_numpy(dtype=float), place).astype(np.int64)
    twice = pd.DataFrame({"n": n, "seq": seq}).duplicated().to_numpy() & fine
    found += [Found(_rule("event.seq.twice"), int(n[k]), int(k)) for k in np.flatnonzero(twice)]
    return seq


def _on_file(
    cur: duckdb.DuckDBPyConnection,
    event_ids: list[Any],
    ids: dict[str, list[str | None]],
    now: datetime,
    *,
    counts: bool,
) -> tuple[Flags, Flags, dict[str, int], dict[tuple[str, str], set[str]]]:
    """Which events and disputes are on file; for the form also the last day's reports by organizer and network, and who
    reported an organizer from a network.
    """
    size = len(event_ids)
    staged = pa.table(
        {
            "n": np.arange(size),
            "event_id": pa.array([None if e is None else str(e) for e in event_ids], pa.string()),
            **{k: pa.array(ids[k], pa.string()) for k in ("dispute_id", "organizer_id", "network_key")},
        }
    )
    cur.register("staged_id", staged)
    try:
        known, on_file = np.zeros(size, bool), np.zeros(size, bool)
        for n, same_event in cur.execute((SQL / "known.sql").read_text("utf-8")).fetchall():
            (known if same_event else on_file)[n] = True
        recent: dict[str, int] = {}
        beside: dict[tuple[str, str], set[str]] = {}
        if counts:
            since = now - timedelta(hours=24)
            recent = dict(cur.execute((SQL / "recent.sql").read_text("utf-8"), {"since": since}).fetchall())
            sql = (SQL / "neighbours.sql").read_text("utf-8")
            for organizer, network, reporter in cur.execute(sql, {"since": now - NEIGHBOURS}).fetchall():
                beside.setdefault((organizer, network), set()).add(reporter)
    finally:
        cur.unregister("staged_id")
    return known, on_file, recent, beside


def _hold_neighbours(judged: Judged, beside: dict[tuple[str, str], set[str]]) -> None:
    """Several reporters of one organizer on one network may be one person: all but the first wait for a moderator."""
    columns = (judged.ids[name] for name in ("organizer_id", "network_key", "reporter_key"))
    for n, (organizer, network, reporter) in enumerate(zip(*columns, strict=True)):
        if network is None or not judged.accepted[n]:
            continue
        people = beside.setdefault((str(organizer), network), set())
        if people - {reporter}:
            judged.screens[n] = ";".join(filter(None, (judged.screens[n], "same_network")))
        people.add(str(reporter))


def _too_many(networks: list[str | None], recent: dict[str, int], limit: int, known: Flags) -> list[Found]:
    found: list[Found] = []
    so_far = dict(recent)
    for n, network in enumerate(networks):
        if network is None or not limit or known[n]:
            continue
        so_far[network] = so_far.get(network, 0) + 1
        if so_far[network] > limit:
            found.append(Found(_rule("network.too_many"), n))
    return found


def _first_of_each(fit: Flags, event_ids: list[Any], dispute_ids: list[str | None]) -> tuple[Flags, Flags, Flags]:
    """Among fit rows: the first of each event, the repeats of an event, and other events of a dispute taken before."""
    where = np.flatnonzero(fit)
    events = pd.Series([event_ids[n] for n in where], dtype="object")
    disputes = pd.Series([dispute_ids[n] for n in where], dtype="object")
    same_event = events.duplicated().to_numpy()
    same_dispute = np.zeros(len(where), bool)
    same_dispute[~same_event] = disputes[~same_event].duplicated().to_numpy()
    first, again, clash = (np.zeros(len(fit), bool) for _ in range(3))
    again[where[same_event]] = True
    clash[where[same_dispute]] = True
    first[where[~same_event & ~same_dispute]] = True
    return first, again, clash


def _problems(
    found: list[Found],
    orphans: list[tuple[int, dict[str, Any]]],
    judged: Judged,
    children: dict[str, dict[str, pa.Array]],
    starts: npt.NDArray[Any],
) -> list[list[dict[str, Any]]]:
    """The problems of each batch, in the order of its rows; those of rows known already are nobody's business."""
    out: list[list[dict[str, Any]]] = [[] for _ in starts[:-1]]
    for at, said in orphans:
        out[at].append(said)
    for item in sorted(found, key=lambda f: (f.n, f.rule.table != "dispute", f.k or 0)):
        if judged.known[item.n]:
            continue
        source, place = (judged.texts, item.n) if item.k is None else (children[item.rule.table], item.k)
        column = source.get(item.rule.field)
        value = None if column is None else column[place].as_py()
        seq = int(source["seq"][place].as_py()) if item.k is not None and item.rule.table == "stage_event" else None
        at = int(np.searchsorted(starts, item.n, side="right")) - 1
        out[at].append(
            {
                "row": judged.rows[item.n] or "",
                "table": item.rule.table,
                "seq": seq,
                "field": item.rule.field,
                "code": item.rule.code,
                "value": "" if value is None else str(value),
                "severity": item.rule.severity,
            }
        )
    return out


def _screens(
    typed: pa.Table,
    texts: dict[str, pa.Array],
    events: dict[str, pa.Array],
    ids: dict[str, list[str | None]],
    recent: dict[str, int],
    trusted: bool,
) -> list[str]:
    """What keeps a report from counting before a person has looked at it, as codes joined by `;`."""
    size = typed.num_rows
    found: list[list[str]] = [[] for _ in range(size)]

    def mark(flags: pa.ChunkedArray | pa.Array, code: str) -> None:
        for n in (
            np.flatnonzero(flags.fill_null(False).to_numpy(zero_copy_only=False))
            if isinstance(flags, pa.Array)
            else (np.flatnonzero(flags.fill_null(False).to_numpy()))
        ):
            found[n].append(code)

    mark(pc.is_in(typed.column("dispute_reason"), value_set=pa.array(["rigged_winner", "impersonation"])), "allegation")
    mark(pc.less(typed.column("winner_age"), 14), "minor")
    value = pc.and_(pc.greater(typed.column("prize_value"), HIGH_VALUE), pc.equal(typed.column("currency"), "CNY"))
    mark(value, "high_value")
    for columns, table in ((texts, "dispute"), (events, "stage_event")):
        for item in TABLES[table]:
            if not item.free_text or item.name not in columns:
                continue
            of_row = identity.over_unique(columns[item.name], lambda text: ";".join(screen((text,)))).to_pylist()
            places = columns["n"].to_pylist() if table == "stage_event" else range(size)
            for n, codes in zip(places, of_row, strict=True):
                found[n] += [c for c in (codes or "").split(";") if c and c not in found[n]]
    if not trusted:
        so_far = dict(recent)
        for n, organizer in enumerate(ids["organizer_id"]):
            so_far[str(organizer)] = so_far.get(str(organizer), 0) + 1
            if so_far[str(organizer)] > BURST:
                found[n].append("burst")
    return [";".join(codes) for codes in found]
