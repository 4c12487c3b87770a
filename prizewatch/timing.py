"""Time to relief while giving up competes with it (S5), from counts by day.

A curve by day shows single cases, so it is drawn in steps: a point stands at the end of a week by which at least five
more disputes had come to this end since the point before, and there it has its exact height. What lies between two
points is not drawn, nor a last rest of fewer than five. The numbers at risk are a chain of differences, hidden like
every cross-table. Frames and pairs are as in `queries`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from . import crosstables, disclosure, stats, vocabulary
from .crosstables import ALL
from .frames import COUNT, SHARE, TEXT, Columns, Register, ask, paired, shaped
from .marked import Elsewhere, Marked

WEEK = 7
#: Days under the axis for which the number at risk is told.
AT_RISK = (0, 30, 60, 90, 180, 365, 730)
EVENTS = {"relief": 1, "gave_up": 2}
CURVES: Columns = {"event": TEXT, "day": COUNT, "share": SHARE, "low": SHARE, "high": SHARE}
RISK: Columns = {"day": COUNT, **paired("at_risk")}
STATES: Columns = {"day": COUNT, "paid": SHARE, "gave_up": SHARE, "open": SHARE}


@dataclass(frozen=True, slots=True)
class Timing:
    """How disputes of a group ended, by days since the claim (stage ""), or since they entered a stage.

    curves: event (relief, gave_up), day, share, low, high: cumulative incidence with a 95 % band, from (0, 0); a step
    holds until the next. at_risk: day, pair at_risk (still waiting just before that day). states: day, paid, gave_up,
    open: shares of all, from the same points. n: disputes, decided: those that ended; None where hidden. median: first
    day on which half had relief, None if never. Frames have no rows unless both are shown and ten have ended.
    """

    curves: pd.DataFrame
    at_risk: pd.DataFrame
    states: pd.DataFrame
    n: int | None
    decided: int | None
    median: float | None
    group: str
    stage: str


def time_to(register: Register, group: str = crosstables.ALL, stage: str = "") -> Timing:
    """The curves of one analysis group or of all, from the claim (`stage` "") or from entering a stage.

    Relief at a later or parallel rung ends the wait all the same. Unknown groups and stages: nothing.
    """
    return crosstables.once(register, f"time {group} {stage}", lambda register: _time_to(register, group, stage))


def _time_to(register: Register, group: str, stage: str) -> Timing:
    with register.read() as cur:
        raw = ask(cur, "time", stage=stage)
    if group != crosstables.ALL:
        raw = raw[raw["organizer_type"].map(vocabulary.analysis_group) == group]
    cases = int(raw["n"].sum())
    ended = int(raw.loc[raw["ended"] != "censored", "n"].sum())
    n, decided = _shown(register, group, stage), _decided(register, group, stage, cases, ended)
    if n is None or decided is None or ended < disclosure.RATE_FROM:
        nothing = pd.DataFrame()
        return Timing(
            shaped(nothing, CURVES), shaped(nothing, RISK), shaped(nothing, STATES), n, decided, None, group, stage
        )
    times = raw["n"].to_numpy(dtype=int)
    days = np.repeat(raw["days"].to_numpy(dtype=float), times)
    kinds = np.repeat(raw["ended"].map(EVENTS).fillna(0).to_numpy(dtype=int), times)
    curves, median = [], None
    for name, code in EVENTS.items():
        curve = stats.incidence(days, kinds, of=code)
        curves.append(_drawn(name, curve, days[kinds == code]))
        if name == "relief":
            median = curve.median()
    drawn = pd.concat(curves, ignore_index=True)
    reached = float(drawn.loc[drawn["event"] == "relief", "share"].max())
    return Timing(
        shaped(drawn, CURVES),
        _risk(register, group, stage, int(days.max())),
        _states(drawn),
        n,
        decided,
        median if reached >= 0.5 else None,
        group,
        stage,
    )


def _shown(register: Register, group: str, stage: str) -> int | None:
    """How many disputes there are, as far as the cross-tables show it."""
    table, (_, key, name) = _whole(register, group, stage)
    return table.value(key, name)


def _whole(register: Register, group: str, stage: str) -> tuple[Marked, Elsewhere]:
    """The cross-table in which that stands, and where."""
    everybody = group == crosstables.ALL
    if not stage:
        return crosstables.history(register), ("history", ("total",) if everybody else ("group", group), "disputes")
    by = crosstables.ALL if everybody else "group"
    return crosstables.ladder(register), ("ladder", (by, group, stage), "reached")


def _decided(register: Register, group: str, stage: str, cases: int, ended: int) -> int | None:
    """How many ended, None where that, or how they ended, or how many did not, is hidden: a curve would tell it."""
    if stage:
        return None if 0 < ended < disclosure.SMALL or 0 < cases - ended < disclosure.SMALL else ended
    history = crosstables.history(register)
    key = ("total",) if group == crosstables.ALL else ("group", group)
    shown = all(history.value(key, name) is not None for name in crosstables.HISTORY)
    return history.value(key, "decided") if shown else None


def _drawn(name: str, curve: stats.Curve, days: stats.Column) -> pd.DataFrame:
    """The points of a curve that may be drawn; `days` are those of its own events."""
    points: list[tuple[int, float, float, float]] = [(0, 0.0, 0.0, 0.0)]
    told = 0
    ordered = np.sort(days)
    last = int(ordered[-1]) if ordered.size else 0
    for day in range(WEEK, last + WEEK, WEEK):
        so_far = int(np.searchsorted(ordered, day, side="right"))
        if so_far - told >= disclosure.SMALL:
            step = bisect_right(curve.days, day) - 1
            points.append((day, curve.share[step], curve.low[step], curve.high[step]))
            told = so_far
    return pd.DataFrame(points, columns=["day", "share", "low", "high"]).assign(event=name)


def _states(drawn: pd.DataFrame) -> pd.DataFrame:
    """Paid, given up, still open on every drawn day."""
    wide = drawn.pivot_table(index="day", columns="event", values="share").ffill()
    frame = pd.DataFrame({"paid": wide["relief"], "gave_up": wide["gave_up"]}).reset_index()
    return shaped(frame.assign(open=(1 - frame["paid"] - frame["gave_up"]).clip(lower=0)), STATES)


def _risk(register: Register, group: str, stage: str, last: int) -> pd.DataFrame:
    """The numbers at risk of a group, as far as its curve goes."""
    marked = crosstables.once(register, f"risk {stage}", lambda register: _at_risk(register, stage))
    keys = [(group, day) for day in AT_RISK if day <= last]
    return shaped(marked.frame(keys, ("at_risk",)).assign(day=[day for _, day in keys]), RISK)


def _at_risk(register: Register, stage: str) -> Marked:
    """Keys (group or "all", day). Who waits on a day either ends before the next or waits on that one too; who ends
    stays in the group.
    """
    with register.read() as cur:
        raw = ask(cur, "time", stage=stage)
    groups = raw["organizer_type"].map(vocabulary.analysis_group)
    marked = Marked(register, f"risk {stage}")
    present = [group for group in vocabulary.codes("analysis_group") if (groups == group).any()]
    for group in (ALL, *present) if present else ():
        part = raw if group == ALL else raw[groups == group]
        days = np.repeat(part["days"].to_numpy(dtype=float), part["n"].to_numpy(dtype=int))
        waiting = [int(n) for n in stats.at_risk(days, list(AT_RISK))]
        table, whole = _whole(register, group, stage)
        withheld = () if _shown(register, group, stage) is not None else ("at_risk",)
        ended = [*(a - b for a, b in pairwise(waiting)), waiting[-1]]
        for day, n, gone in zip(AT_RISK, waiting, ended, strict=True):
            marked.add((group, day), {"at_risk": n, "gone": gone}, ("gone",), withheld, dear=8.0)
        for day, later in pairwise(AT_RISK):
            cells = [marked.rows[group, day][name] for name in ("at_risk", "gone")]
            marked.table.sum(cells[0], [marked.rows[group, later]["at_risk"], cells[1]])
        # Everybody waits on the first day; that number is told elsewhere, or hidden there.
        marked.split(marked.rows[group, 0]["at_risk"], [whole], table)
    for day in AT_RISK if present else ():
        for name in ("at_risk", "gone"):
            marked.sum(name, (ALL, day), [(group, day) for group in present])
    return marked.close()
