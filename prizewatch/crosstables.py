"""The cross-tables of the register with their marks. They hang together, so they are hidden together.

`ladder` connects the six groups with the eleven types, stage by stage. `history` connects the totals of the overview
with the months and the reasons, because a group's disputes are the same disputes in both. Each is made once a data
version.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import pandas as pd

from . import disclosure, vocabulary
from .frames import Register, ask

ALL = "all"
#: The row of relief that is credited to no stage; there only where there is such relief.
AMBIGUOUS = "ambiguous"
LADDER = (
    "reached",
    "decided",
    "undecided",
    "relief_full",
    "relief_partial",
    "relief_any",
    "sanction_only",
    "no_relief",
)
HISTORY = ("disputes", "decided", "resolved", "closed", "undecided")
COUNTED = ("disputes", "resolved", "closed", "undecided")
TOTALS = (*HISTORY, "resolved_full", "resolved_partial")
#: Counts that headline figures rest on: others go first.
DEAR = {"disputes": 6.0, "decided": 6.0, "relief_any": 6.0, "resolved": 2.0}

Made = TypeVar("Made")
_made: WeakKeyDictionary[Any, dict[str, tuple[Any, Any]]] = WeakKeyDictionary()
_lock = threading.Lock()


def once(register: Register, name: str, make: Callable[[Register], Made]) -> Made:
    """What `make` gives as of the register's data version; made again only after that has moved."""
    version = register.version()
    with _lock:
        held = _made.setdefault(register, {}).get(name)
    if held is not None and held[0] == version:
        return held[1]  # type: ignore[no-any-return]
    made = make(register)
    with _lock:
        _made[register][name] = (version, made)
    return made


class Marked:
    """Counts by key, every count a cell of one disclosure table; after `close` each has its mark."""

    def __init__(self) -> None:
        self.table = disclosure.Table()
        self.rows: dict[tuple[Any, ...], dict[str, int]] = {}
        self.marks: list[str] = []

    def add(
        self, key: tuple[Any, ...], counts: dict[str, int], silent: tuple[str, ...] = (), dear: float = 1.0
    ) -> None:
        """A row of counts; those named in `silent` are protected but never printed."""
        self.rows[key] = {
            name: self.table.cell(value, printed=name not in silent, dear=dear * DEAR.get(name, 1.0))
            for name, value in counts.items()
        }

    def sum(self, name: str, total: tuple[Any, ...], parts: list[tuple[Any, ...]]) -> None:
        """The count `name` of a row is the sum of the same count of other rows."""
        self.table.sum(self.rows[total][name], [self.rows[part][name] for part in parts])

    def same(self, key: tuple[Any, ...], as_key: tuple[Any, ...]) -> None:
        """A row that is another row under a second name: a group with one type on file."""
        self.rows[key] = self.rows[as_key]

    def inside(self, key: tuple[Any, ...], total: str, parts: tuple[str, ...]) -> None:
        """A sum inside one row."""
        cells = self.rows[key]
        self.table.sum(cells[total], [cells[part] for part in parts])

    def rung(self, key: tuple[Any, ...], c: dict[str, int], dear: float = 1.0) -> None:
        """A row of the ladder: the counts of the mart, what follows from them, and their sums."""
        relief = c["relief_full"] + c["relief_partial"]
        counts = {
            **c,
            "undecided": c["reached"] - c["decided"],
            "relief_any": relief,
            "no_relief": max(0, c["decided"] - relief - c["sanction_only"]),
        }
        self.add(key, counts, silent=("no_relief",), dear=dear)
        self.inside(key, "reached", ("decided", "undecided"))
        self.inside(key, "decided", ("relief_any", "sanction_only", "no_relief"))
        self.inside(key, "relief_any", ("relief_full", "relief_partial"))

    def close(self) -> Marked:
        self.marks = self.table.marks()
        return self

    def value(self, key: tuple[Any, ...], name: str) -> int | None:
        """The count, None where it is hidden, 0 where there is no such row."""
        if key not in self.rows:
            return 0
        cell = self.rows[key][name]
        return self.table.counts[cell] if self.marks[cell] == disclosure.SHOWN else None

    def frame(self, keys: list[tuple[Any, ...]], names: tuple[str, ...]) -> pd.DataFrame:
        """Pairs `x` and `x_n` for each name, one row a key."""
        columns: dict[str, pd.Series] = {}
        for name in names:
            cells = [self.rows[key][name] for key in keys]
            columns[name], columns[f"{name}_n"] = disclosure.pair(
                [self.table.counts[c] for c in cells], [self.marks[c] for c in cells]
            )
        return pd.DataFrame(columns)


def groups() -> dict[str, list[str]]:
    """analysis group -> its types, in the order of the code lists."""
    return {
        group: [t for t in vocabulary.codes("organizer_type") if vocabulary.analysis_group(t) == group]
        for group in vocabulary.codes("analysis_group")
    }


def ladder(register: Register) -> Marked:
    """Keys (by, row, stage): by group and by type, every stage of every row that has anything on file."""
    return once(register, "ladder", _ladder)


def _ladder(register: Register) -> Marked:
    with register.read() as cur:
        raw = ask(cur, "resolution")
    figures = ("reached", "decided", "relief_full", "relief_partial", "sanction_only")
    on_file = {
        (row.organizer_type, row.stage): {f: int(getattr(row, f)) for f in figures}
        for row in raw.itertuples(index=False)
    }
    types = {kind for kind, _ in on_file}
    stages = (*vocabulary.codes("stage"), *sorted({AMBIGUOUS} & {stage for _, stage in on_file}))
    marked = Marked()
    for group, members in groups().items():
        present = [m for m in members if m in types]
        if not present:
            continue
        for stage in stages:
            pooled = {f: sum(on_file.get((kind, stage), {}).get(f, 0) for kind in present) for f in figures}
            marked.rung(("group", group, stage), pooled, dear=8.0)
            if len(present) == 1:
                marked.same(("type", present[0], stage), ("group", group, stage))
                continue
            for kind in present:
                marked.rung(("type", kind, stage), on_file.get((kind, stage), dict.fromkeys(figures, 0)))
            for name in LADDER:
                marked.sum(name, ("group", group, stage), [("type", kind, stage) for kind in present])
    return marked.close()


def history(register: Register) -> Marked:
    """Keys ("total",), ("month", group or "all", month), ("reason", group, reason), ("reason by type", type, reason)
    and, never printed, ("group", group).
    """
    return once(register, "history", _history)


def _history(register: Register) -> Marked:
    with register.read() as cur:
        raw_months, raw_reasons = ask(cur, "month"), ask(cur, "reason")
    months, reasons = _counts(raw_months, "month"), _counts(raw_reasons, "dispute_reason")
    kinds = [t for members in groups().values() for t in members if any(t == kind for kind, _ in [*months, *reasons])]
    present = list(dict.fromkeys(vocabulary.analysis_group(kind) for kind in kinds))
    marked = Marked()
    if not present:
        return marked.close()
    calendar = list(pd.date_range(min(m for _, m in months), max(m for _, m in months), freq="MS")) if months else []
    every_reason = [r for r in vocabulary.codes("dispute_reason") if any(r == reason for _, reason in reasons)]
    for group in present:
        members = [kind for kind in kinds if vocabulary.analysis_group(kind) == group]
        whole = _added(c for (kind, _), c in months.items() if kind in members)
        _outcome(marked, ("group", group), whole, HISTORY)
        for month in calendar:
            pooled = _added(months.get((kind, month), {}) for kind in members)
            _outcome(marked, ("month", group, month), pooled, ("decided",), dear=2.0)
        for reason in every_reason:
            _reason(marked, group, reason, {kind: reasons.get((kind, reason), {}) for kind in members})
        for name in HISTORY:
            marked.sum(name, ("group", group), [("month", group, month) for month in calendar])
            marked.sum(name, ("group", group), [("reason", group, reason) for reason in every_reason])
    for month in calendar:
        pooled = _added(c for (_, m), c in months.items() if m == month)
        _outcome(marked, ("month", ALL, month), pooled, ("decided",), dear=16.0)
        for name in HISTORY:
            marked.sum(name, ("month", ALL, month), [("month", group, month) for group in present])
    whole, full = _added(months.values()), int(raw_months["resolved_full"].sum())
    split = {"resolved_full": full, "resolved_partial": whole["resolved"] - full}
    _outcome(marked, ("total",), {**whole, **split}, ("closed",), dear=1000.0)
    marked.inside(("total",), "resolved", ("resolved_full", "resolved_partial"))
    for name in HISTORY:
        marked.sum(name, ("total",), [("group", group) for group in present])
        marked.sum(name, ("total",), [("month", ALL, month) for month in calendar])
    return marked.close()


def _reason(marked: Marked, group: str, reason: str, of: dict[str, dict[str, int]]) -> None:
    """One reason of a group and of each of its types."""
    key, silent = ("reason", group, reason), ("closed", "undecided")
    _outcome(marked, key, _added(of.values()), silent, dear=2.0)
    parts = [("reason by type", kind, reason) for kind in of]
    if len(parts) == 1:
        marked.same(parts[0], key)
        return
    for part, counts in zip(parts, of.values(), strict=True):
        _outcome(marked, part, _added([counts]), silent)
    for name in HISTORY:
        marked.sum(name, key, parts)


def _counts(raw: pd.DataFrame, by: str) -> dict[tuple[str, Any], dict[str, int]]:
    """(type, key) -> counts."""
    names = ["organizer_type", by, *COUNTED]
    return {
        (kind, key): dict(zip(COUNTED, map(int, counts), strict=True))
        for kind, key, *counts in raw[names].itertuples(index=False, name=None)
    }


def _added(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    rows = list(counts)
    return {name: sum(c.get(name, 0) for c in rows) for name in COUNTED}


def _outcome(
    marked: Marked, key: tuple[Any, ...], c: dict[str, int], silent: tuple[str, ...], dear: float = 1.0
) -> None:
    counts = {**c, "decided": c["resolved"] + c["closed"]}
    marked.add(key, counts, silent, dear)
    marked.inside(key, "disputes", ("decided", "undecided"))
    marked.inside(key, "decided", ("resolved", "closed"))
