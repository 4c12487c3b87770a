"""The next-step advisor (S12): how similar reported disputes went at the rung that comes next.

Similar: the same analysis group, gone from the same rung to the same next one, with the same level of evidence. Where
these are too few or may not be told, all of the group at the next rung, else disputes of that rung as a whole, then all
of them (`stats.advise`). Shares of the past, of those who went on: not how this one will end, and not what going on
causes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd

from . import crosstables, disclosure, fits, next_step, stats, vocabulary
from .frames import Register, ask
from .marked import Marked


@dataclass(frozen=True, slots=True)
class NextStep:
    """k of n had relief at `next_stage`; share, low and high (80 %) are shrunken, NaN where the advisor abstains.

    basis: `cell` (similar disputes), `group` (all of the group that went to this rung), `stage` (all that did), `all`
    (all steps), `none`. k and n are those of the basis, None where the advisor abstains. median_days: from entering the
    rung to the relief credited to it, in the group if the basis is of it and enough are, else in all; None under ten.
    """

    next_stage: str
    k: int | None
    n: int | None
    share: float
    low: float
    high: float
    basis: str
    median_days: float | None


def cells(raw: pd.DataFrame) -> pd.DataFrame:
    """Rows of the mart by cell: group, came_from, stage, verification, decided, relief."""
    grouped = raw.assign(group=raw["organizer_type"].map(vocabulary.analysis_group)).groupby(
        ["group", "came_from", "stage", "verification"], as_index=False
    )
    return grouped[["decided", "relief"]].sum()


def advisor(
    register: Register, organizer_type: str, stage_reached: str, level: str, lottery_tool: str = ""
) -> NextStep | None:
    """What is known of the next rung for a dispute that reached one without relief; None after the last rung.

    The next rung is that of `next_step`. Raises `KeyError` for an unknown type or stage.
    """
    stage = next_step.next_stage(organizer_type, [stage_reached], lottery_tool=lottery_tool)
    if stage is None:
        return None
    group = vocabulary.analysis_group(organizer_type)
    with register.read() as cur:
        days = ask(cur, "relief_days", stage=stage)
    marked = crosstables.once(register, "advice", _marked)
    keys: list[tuple[str, ...]] = [("cell", group, stage_reached, stage, level), ("stage", stage), ("all",)]
    cell, at_stage, everyone = (_told(marked, *keys[i:]) for i in range(3))
    strength = fits.strength(register)
    advised = stats.advise(cell, at_stage, everyone, strength)
    basis: str = advised.basis
    if basis != "cell":  # kinds of organizers differ more than what was tried before: the group is a wider cell
        in_group = _told(marked, ("group", group, stage), *keys[1:])
        wider = stats.advise(in_group, at_stage, everyone, strength)
        if wider.basis == "cell":
            advised, basis = wider, "group"
    told = basis != "none"
    own = days[days["organizer_type"].map(vocabulary.analysis_group) == group]
    medians = (_median(part) for part in ((own, days) if basis in ("cell", "group") else (days,)))
    return NextStep(
        stage, advised.k if told else None, advised.n if told else None, advised.share, advised.low, advised.high,
        basis, next((median for median in medians if median is not None), None),
    )  # fmt: skip


def _marked(register: Register) -> Marked:
    """Cells and their sums, hidden for a reader who knows what each group and each level adds up to at a rung."""
    with register.read() as cur:
        table = cells(ask(cur, "advice"))
    marked = Marked(register, "advice")

    def add(key: tuple[str, ...], part: pd.DataFrame, dear: float) -> None:
        relief, decided = int(part["relief"].sum()), int(part["decided"].sum())
        counts = {"decided": decided, "relief": relief, "none": decided - relief}
        marked.add(key, counts, dear=dear, rate=("relief", "decided"))
        marked.inside(key, "decided", ("relief", "none"))

    add(("all",), table, 64.0)
    for stage, at_stage in table.groupby("stage"):
        add(("stage", str(stage)), at_stage, 16.0)
        keys: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        for row in at_stage.itertuples():
            keys.setdefault(("group", str(row.group), str(stage)), []).append(_key(row))
            keys.setdefault(("level", str(row.verification), str(stage)), []).append(_key(row))
            add(_key(row), at_stage.loc[[row.Index]], 1.0)
        for key, parts in keys.items():
            add(key, at_stage[at_stage["group" if key[0] == "group" else "verification"] == key[1]], 4.0)
            for name in ("decided", "relief", "none"):
                marked.sum(name, key, parts)
        for by in ("group", "level"):
            for name in ("decided", "relief", "none"):
                marked.sum(name, ("stage", str(stage)), [key for key in keys if key[0] == by])
    for name in ("decided", "relief", "none"):
        marked.sum(name, ("all",), [key for key in marked.rows if key[0] == "stage"])
    return marked.close()


def _key(row: Any) -> tuple[str, ...]:
    return ("cell", row.group, row.came_from, row.stage, row.verification)


def _told(marked: Marked, key: tuple[str, ...], *around: tuple[str, ...]) -> tuple[int, int]:
    """k and n of a row whose counts, and those of what lies around it, are all shown; else as if there were nothing, so
    that a wider group speaks.
    """
    if any(marked.value(one, name) is None for one in (key, *around) for name in ("decided", "relief", "none")):
        return 0, 0
    return marked.value(key, "relief") or 0, marked.value(key, "decided") or 0


def _median(counts: pd.DataFrame) -> float | None:
    """Median of days given as counts, None under ten."""
    upto = counts["n"].cumsum()
    if counts.empty or upto.iloc[-1] < disclosure.RATE_FROM:
        return None
    half = math.ceil(upto.iloc[-1] / 2)
    return float(counts["days"][upto >= half].iloc[0])
