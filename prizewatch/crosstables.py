"""The cross-tables of the register with their marks. They hang together, so they are hidden together.

`history` connects the totals of the overview with the months and the reasons, because a group's disputes are the same
disputes in both. `ladder` connects the six groups with the eleven types, stage by stage, and with the ways out of each
rung. `cut` is the ladder by another trait. Each is made once a data version, and only when somebody asks.

They meet in few numbers: the totals of a stage (ladder and cuts) and what came of a group's disputes (history and
ladder). What the earlier table shows of those is taken as known in the later one, which is therefore hidden well enough
for a reader of both. Where the earlier hides it, the later prints nothing of it at all, so it says nothing new of it.
For a release all of them are looked at once more, as one table (`side_by_side`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import duckdb
import pandas as pd

from . import past, vocabulary
from .frames import Register, ask
from .marked import RAW, Marked

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
#: What platforms did; apart from relief, and only known of the two stages that are platforms.
ACTION = ("action_known", "action_taken", "action_none")
#: Ways out of a rung.
FLOW = ("relief", "sanctioned", "gave_up", "still_open", "went_on")
#: Other traits than the organizer's -> the code list of their values.
CUTS = {
    "tool": "lottery_tool",
    "host": "host_platform",
    "reason": "dispute_reason",
    "prize": "prize_kind",
    "value": "value_band",
    "level": "verification_level",
}
HISTORY = ("disputes", "decided", "resolved", "closed", "undecided")
#: What the ladder by reason tells of a reason too.
BOTH = ("disputes", "resolved")
#: Every report received is one of these.
STATES = ("published", "waiting", "held", "rejected", "removed", "left_out")
COUNTED = ("disputes", "resolved", "closed", "undecided")
TOTALS = (*HISTORY, "resolved_full", "resolved_partial")

#: (row, stage) -> counts by name.
Raw = dict[tuple[str, str], dict[str, int]]
Made = TypeVar("Made")


@dataclass(slots=True)
class _Made:
    """What was made last under a name, and of which data version; `making` is held by whoever makes it anew."""

    making: threading.Lock = field(default_factory=threading.Lock)
    version: Any = None
    value: Any = None


_made: WeakKeyDictionary[Any, dict[str, _Made]] = WeakKeyDictionary()
_lock = threading.Lock()


def once(register: Register, name: str, make: Callable[[Register], Made], also: str = "") -> Made:
    """What `make` gives as of the register's data version, latest release and what it rests on `also`; made again only
    after one of them has moved, and once however many ask at a time: marking a table takes seconds of the processor,
    and a crowd would wait for one another.
    """
    with _lock:
        held = _made.setdefault(register, {}).setdefault(name, _Made())
    with held.making:
        version = _version(register)
        if held.version != (version, also):
            held.value = make(register)
            held.version = (version, also)
        return held.value  # type: ignore[no-any-return]


def _version(register: Register) -> Any:
    return register.version(), past.stamp(register)


def tables(register: Register) -> dict[str, Marked]:
    """Every cross-table that was made of the register as it stands, by name."""
    version = (_version(register), "")
    with _lock:
        held = dict(_made.get(register, {}))
    return {
        name: made.value for name, made in held.items() if made.version == version and isinstance(made.value, Marked)
    }


def groups() -> dict[str, list[str]]:
    """analysis group -> its types, in the order of the code lists."""
    return {
        group: [t for t in vocabulary.codes("organizer_type") if vocabulary.analysis_group(t) == group]
        for group in vocabulary.codes("analysis_group")
    }


def ladder(register: Register) -> Marked:
    """Keys ("all", "all", stage), ("group", group, stage) and ("type", type, stage): every stage of every row that has
    anything on file; and ("flow", group or "all", stage).
    """
    return once(register, "ladder", _ladder)


def _ladder(register: Register) -> Marked:
    outcomes = history(register)
    with register.read() as cur:
        on_file = _by_stage(ask(cur, "resolution"), "organizer_type", RAW)
        left = _by_stage(ask(cur, "flow"), "organizer_type", FLOW)
        listed = _listed(cur)
    types = {kind for kind, _ in on_file}
    stages = _stages(on_file)
    present = {group: [m for m in members if m in types] for group, members in groups().items()}
    present = {group: members for group, members in present.items() if members}
    marked = Marked(register, "ladder")
    for stage in stages if present else ():
        marked.rung((ALL, ALL, stage), _pooled(on_file, types, stage, RAW), dear=64.0)
        for group, members in present.items():
            marked.rung(("group", group, stage), _pooled(on_file, members, stage, RAW), dear=8.0)
            if len(members) == 1:
                marked.same(("type", members[0], stage), ("group", group, stage))
                continue
            for kind in members:
                marked.rung(("type", kind, stage), _pooled(on_file, [kind], stage, RAW))
            for name in marked.rows["group", group, stage]:
                marked.sum(name, ("group", group, stage), [("type", kind, stage) for kind in members])
        for name in marked.rows[ALL, ALL, stage]:
            marked.sum(name, (ALL, ALL, stage), [("group", group, stage) for group in present])
    for kind in (kind for members in present.values() for kind in members if kind in listed):
        reached = [marked.rows["type", kind, stages[0]]["reached"]]
        marked.at_least(listed[kind], True, reached, ("organizers", ("type", kind), "disputes"))
    for group in present:
        if ("group", group) in outcomes.rows:
            rungs = [marked.rows["group", group, stage] for stage in stages]
            _relief(marked, outcomes, ("group", group), rungs)
    if present:
        _ways_out(marked, outcomes, left, present, [stage for stage in stages if stage != AMBIGUOUS])
    return marked.close()


def _ways_out(marked: Marked, outcomes: Marked, left: Raw, present: dict[str, list[str]], stages: list[str]) -> None:
    """The flow rows. Every dispute leaves the ladder once, so over all stages they add up to what came of a group."""
    everyone = {ALL: [kind for members in present.values() for kind in members], **present}
    ends = {"resolved": ("relief",), "closed": ("sanctioned", "gave_up"), "undecided": ("still_open",)}
    for group, members in everyone.items():
        whole = ("total",) if group == ALL else ("group", group)
        told = {name: outcomes.value(whole, name) for name in HISTORY}
        withheld = {name for end, names in ends.items() if told[end] is None for name in names}
        for stage in stages:
            key, rung = ("flow", group, stage), marked.rows[ALL if group == ALL else "group", group, stage]
            marked.add(key, _pooled(left, members, stage, FLOW), (), withheld, dear=8.0 if group == ALL else 1.0)
            cells = marked.rows[key]
            cells["reached"] = rung["reached"]
            for name, twin in (("relief", "relief_any"), ("sanctioned", "sanction_only")):
                if name not in withheld:
                    marked.twin(key, name, (ALL if group == ALL else "group", group, stage), twin)
            marked.inside(key, "reached", FLOW)
        total: dict[str, int] = {}
        for end, names in ends.items():
            parts = [marked.rows["flow", group, stage][name] for stage in stages for name in names]
            total[end] = marked.known(told[end], parts, ("history", whole, end))
        decided = ("history", whole, "decided")
        total["decided"] = marked.known(told["decided"], [total["resolved"], total["closed"]], decided)
        disputes = ("history", whole, "disputes")
        marked.known(told["disputes"], [total["decided"], total["undecided"]], disputes)
        begun = marked.rows[ALL if group == ALL else "group", group, stages[0]]["reached"]
        if marked.table.counts[begun] == sum(marked.table.counts[total[end]] for end in ends):
            marked.known(told["disputes"], [begun], disputes)  # every dispute begins at the first rung
    for stage in stages:
        for name in FLOW:
            marked.sum(name, ("flow", ALL, stage), [("flow", group, stage) for group in present])


def cut(register: Register, name: str) -> Marked:
    """The ladder by one of CUTS: keys (name, value, stage). Raises `KeyError` for anything else."""
    return once(register, f"cut {name}", lambda register: _cut(register, name, vocabulary.codes(CUTS[name])))


def _cut(register: Register, name: str, order: tuple[str, ...]) -> Marked:
    whole = ladder(register)
    with register.read() as cur:
        on_file = _by_stage(ask(cur, "cut", cut=name), "value", RAW)
    present = [value for value in order if any(value == v for v, _ in on_file)]
    marked = Marked(register, f"cut {name}")
    # The reasons stand in the history too: every dispute begins at the first rung.
    reasons = history(register) if name == "reason" else Marked()
    totals = {v: ("reason total", v) for v in present if ("reason total", v) in reasons.rows}
    begun = {v for v, key in totals.items() if reasons.value(key, "disputes") is None}
    first = vocabulary.codes("stage")[0]
    for stage in _stages(on_file):
        total = (ALL, ALL, stage)
        told = {figure: whole.value(total, figure) for figure in (*LADDER, *ACTION) if figure != "no_relief"}
        withheld = {figure for figure, value in told.items() if value is None}
        for value in present:
            hidden = {"reached"} if stage == first and value in begun else set[str]()
            marked.rung((name, value, stage), _pooled(on_file, [value], stage, RAW), withheld=withheld | hidden)
        for figure in marked.rows[name, present[0], stage] if present else ():
            cells = [marked.rows[name, value, stage][figure] for value in present]
            if figure != "no_relief":
                marked.known(told[figure], cells, ("ladder", total, figure))
    for value, key in totals.items():
        marked.split(marked.rows[name, value, first]["reached"], [("history", key, "disputes")], reasons)
        _relief(marked, reasons, key, [row for (_, v, _), row in marked.rows.items() if v == value])
    return marked.close()


def _relief(marked: Marked, told: Marked, key: tuple[Any, ...], rungs: list[dict[str, int]]) -> None:
    """What is resolved, as the history tells it, had relief at one of the rungs; what is pursued further had so too."""
    shown = told.value(key, "resolved") is not None
    reliefs = [row["relief_any"] for row in rungs]
    marked.at_least(told.count(key, "resolved"), shown, reliefs, ("history", key, "resolved"))


def _listed(cur: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """type -> disputes of its listed organizers. Their own totals stand in public, so a type has no fewer."""
    found = ask(cur, "listed")
    return {str(kind): int(n) for kind, n in zip(found["organizer_type"], found["disputes"], strict=True)}


def _by_stage(raw: pd.DataFrame, by: str, names: tuple[str, ...]) -> Raw:
    """(row, stage) -> counts."""
    return {
        (row, stage): dict(zip(names, map(int, counts), strict=True))
        for row, stage, *counts in raw[[by, "stage", *names]].itertuples(index=False, name=None)
    }


def _stages(on_file: Raw) -> tuple[str, ...]:
    return (*vocabulary.codes("stage"), *sorted({AMBIGUOUS} & {stage for _, stage in on_file}))


def _pooled(on_file: Raw, rows: Iterable[str], stage: str, names: tuple[str, ...]) -> dict[str, int]:
    found = [on_file.get((row, stage), {}) for row in rows]
    return {name: sum(counts.get(name, 0) for counts in found) for name in names}


def history(register: Register) -> Marked:
    """Keys ("total",), ("month", group or "all", month), ("reason", group, reason), ("reason by type", type, reason)
    and, printed nowhere but to be worked out from the months, ("group", group).
    """
    return once(register, "history", _history)


def _history(register: Register) -> Marked:
    with register.read() as cur:
        raw_months, raw_reasons, standing = ask(cur, "month"), ask(cur, "reason"), ask(cur, "moderation")
    months, reasons = _counts(raw_months, "month"), _counts(raw_reasons, "dispute_reason")
    kinds = [t for members in groups().values() for t in members if any(t == kind for kind, _ in [*months, *reasons])]
    present = list(dict.fromkeys(vocabulary.analysis_group(kind) for kind in kinds))
    marked = Marked(register, "history")
    if not present:
        _moderated(marked, standing)
        return marked.close()
    calendar = list(pd.date_range(min(m for _, m in months), max(m for _, m in months), freq="MS")) if months else []
    every_reason = [r for r in vocabulary.codes("dispute_reason") if any(r == reason for _, reason in reasons)]
    for group in present:
        members = [kind for kind in kinds if vocabulary.analysis_group(kind) == group]
        whole = _added(c for (kind, _), c in months.items() if kind in members)
        _outcome(marked, ("group", group), whole, (), dear=32.0)
        for month in calendar:
            pooled = _added(months.get((kind, month), {}) for kind in members)
            _outcome(marked, ("month", group, month), pooled, ("decided",), dear=2.0)
        for reason in every_reason:
            _reason(marked, group, reason, {kind: reasons.get((kind, reason), {}) for kind in members})
        for name in HISTORY:
            marked.sum(name, ("group", group), [("month", group, month) for month in calendar])
            marked.sum(name, ("group", group), [("reason", group, reason) for reason in every_reason])
    for reason in every_reason:
        # To be worked out from the ladder by reason, and from ratios of reports to what is expected.
        total = _added(c for (_, r), c in reasons.items() if r == reason)
        marked.add(("reason total", reason), {name: total[name] for name in BOTH}, dear=8.0)
        for name in BOTH:
            marked.sum(name, ("reason total", reason), [("reason", group, reason) for group in present])
    for month in calendar:
        pooled = _added(c for (_, m), c in months.items() if m == month)
        _outcome(marked, ("month", ALL, month), pooled, ("decided",), dear=16.0)
        for name in HISTORY:
            marked.sum(name, ("month", ALL, month), [("month", group, month) for group in present])
    whole, full = _added(months.values()), int(raw_months["resolved_full"].sum())
    split = {"resolved_full": full, "resolved_partial": whole["resolved"] - full}
    _outcome(marked, ("total",), {**whole, **split}, (), dear=1000.0)
    marked.inside(("total",), "resolved", ("resolved_full", "resolved_partial"))
    for name in HISTORY:
        marked.sum(name, ("total",), [("group", group) for group in present])
        marked.sum(name, ("total",), [("month", ALL, month) for month in calendar])
    for name in BOTH:
        marked.sum(name, ("total",), [("reason total", reason) for reason in every_reason])
    _moderated(marked, standing)
    return marked.close()


def _moderated(marked: Marked, standing: pd.DataFrame) -> None:
    """Where the reports of a month stand; those that are published are the month's disputes."""
    counts = standing.set_index("month")
    months = pd.date_range(counts.index.min(), counts.index.max(), freq="MS") if len(counts) else ()
    for month in months:
        key, told = ("moderation", month), marked.rows.get(("month", ALL, month), {})
        row = {name: int(counts[name].get(month, 0)) for name in ("received", *STATES)}
        same = told and marked.table.counts[told["disputes"]] == row["published"]
        marked.add(key, {name: n for name, n in row.items() if not (same and name == "published")}, dear=2.0)
        if same:
            marked.rows[key]["published"] = told["disputes"]
        marked.inside(key, "received", STATES)


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
    marked: Marked, key: tuple[Any, ...], c: dict[str, int], silent: Collection[str], dear: float = 1.0
) -> None:
    counts = {**c, "decided": c["resolved"] + c["closed"]}
    marked.add(key, counts, silent, dear=dear, rate=("resolved", "decided"))
    marked.inside(key, "disputes", ("decided", "undecided"))
    marked.inside(key, "decided", ("resolved", "closed"))
