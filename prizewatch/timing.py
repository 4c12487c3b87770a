"""Time to relief while giving up competes with it (S5), from counts by day.

A curve by day shows single cases, so it is drawn in steps: a point stands at the end of a week by which at least five
more disputes had come to this end since the point before, and there it has its exact height. What lies between two
points is not drawn, nor a last rest of fewer than five. The numbers at risk are a chain of differences, hidden like
every cross-table. Frames and pairs are as in `queries`.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import crosstables, disclosure, stats, vocabulary
from .frames import COUNT, SHARE, TEXT, Columns, Register, ask, paired, shaped

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
    day on which half had relief, None if never. Frames have no rows unless n is shown and ten have ended.
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
    n = _shown(register, group, stage)
    if n is None or ended < disclosure.RATE_FROM:
        few = disclosure.SMALL > ended > 0
        decided = None if few or n is None else ended
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
        _risk(days, cases),
        _states(drawn),
        n,
        ended,
        median if reached >= 0.5 else None,
        group,
        stage,
    )


def _shown(register: Register, group: str, stage: str) -> int | None:
    """How many disputes there are, as far as the cross-tables show it."""
    whole = group == crosstables.ALL
    if not stage:
        return crosstables.history(register).value(("total",) if whole else ("group", group), "disputes")
    by = crosstables.ALL if whole else "group"
    return crosstables.ladder(register).value((by, group, stage), "reached")


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


def _risk(days: stats.Column, cases: int) -> pd.DataFrame:
    """The numbers at risk: who waits on a day either ends before the next or waits on that one too."""
    grid = [day for day in AT_RISK if day <= days.max()]
    waiting = stats.at_risk(days, grid)
    table = disclosure.Table()
    cells = [table.cell(n, dear=float("inf") if day == 0 else 1.0) for day, n in zip(grid, waiting, strict=True)]
    for i in range(len(grid) - 1):
        table.sum(cells[i], [cells[i + 1], table.cell(waiting[i] - waiting[i + 1], printed=False)])
    marks = table.marks()
    text, number = disclosure.pair(waiting, [marks[cell] for cell in cells])
    return shaped(pd.DataFrame({"day": grid, "at_risk": text, "at_risk_n": number}), RISK)
