"""Is the advisor right? A time split (S12): what was decided before a day foretells steps taken after it.

A step is ripe when it was taken at least `RIPE` days before the end of what is known: of younger ones only the quick
answers are in, and those are not like the slow ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from . import stats, vocabulary
from .frames import Register, ask

RIPE = timedelta(days=90)
#: Share of the ripe steps that were taken before the day of the split.
BEFORE = 0.6
#: The interval that is judged: with a chance of one in twenty on each side.
TAIL = 0.05
CELL = ["group", "came_from", "stage", "verification"]


@dataclass(frozen=True, slots=True)
class Judged:
    """How the forecasts made on `split` fared: `learned` steps before it, `judged` after it, `abstained` without a
    forecast.

    brier_skill: against the base rate of the stage, above 0 is better. coverage: share of 90 % intervals that held what
    came (bounds of S12: 0.85 to 0.95), over `intervals` of them. slope: calibration, 1 is right (0.8 to 1.2). NaN where
    there is nothing to judge; `split` None without any ripe step.
    """

    split: date | None
    learned: int
    judged: int
    abstained: int
    intervals: int
    brier_skill: float
    coverage: float
    slope: float

    @property
    def holds(self) -> bool:
        """Whether all three lie within the bounds of S12."""
        return self.brier_skill > 0 and 0.85 <= self.coverage <= 0.95 and 0.8 <= self.slope <= 1.2


def judge(register: Register) -> Judged:
    """Forecasts of the advisor against what came, on one register."""
    as_of = register.version().as_of
    with register.read() as cur:
        steps = ask(cur, "steps", as_of=as_of)
    steps = steps.assign(group=steps["organizer_type"].map(vocabulary.analysis_group))
    ripe = steps[steps["entered_on"] <= pd.Timestamp(as_of - RIPE)]
    if ripe.empty:
        return Judged(None, 0, 0, 0, 0, math.nan, math.nan, math.nan)
    split = ripe["entered_on"].sort_values().iloc[int(BEFORE * (len(ripe) - 1))].date()
    at = pd.Timestamp(split)
    before = steps[(steps["decided_on"] < at) & (steps["entered_on"] <= at - RIPE)]
    after = ripe[ripe["entered_on"] >= at]
    if before.empty:
        return Judged(split, 0, 0, len(after), 0, math.nan, math.nan, math.nan)
    forecasts = _forecasts(before, after)
    told = forecasts[forecasts["basis"] != "none"]
    abstained = len(forecasts) - len(told)
    if told.empty:
        return Judged(split, len(before), 0, abstained, 0, math.nan, math.nan, math.nan)
    outcome = told["relief"].to_numpy()
    # One interval stands for all to whom it was told; they may have come from several cells.
    same = told.groupby(["a", "b", "stage"])["relief"].agg(["sum", "count"]).reset_index()
    place = stats.foreseen(*(same[name].to_numpy() for name in ("a", "b", "sum", "count")))
    return Judged(
        split,
        len(before),
        len(told),
        abstained,
        len(same),
        stats.brier_skill(outcome, told["share"].to_numpy(), told["base"].to_numpy()),
        stats.coverage(np.full(place.shape, TAIL), np.full(place.shape, 1 - TAIL), place),
        stats.calibration_slope(outcome, told["share"].to_numpy()),
    )


def _forecasts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """`after` with what the advisor would have said of each step, and the base rate of its stage."""
    by_cell, by_stage = _counted(before, CELL), _counted(before, ["stage"])
    everyone = (int(before["relief"].sum()), len(before))
    k, n, stage = (np.array(column) for column in zip(*((*kn, key[2]) for key, kn in by_cell.items()), strict=True))
    strength = stats.fit_strength(k, n, stage)
    rows = []
    for key in after[CELL].drop_duplicates().itertuples(index=False, name=None):
        at_stage = by_stage.get((key[2],), (0, 0))
        advised = stats.advise(by_cell.get(key, (0, 0)), at_stage, everyone, strength)
        base = at_stage[0] / at_stage[1] if at_stage[1] else math.nan
        rows.append((*key, advised.share, advised.a, advised.b, advised.basis, base))
    told = pd.DataFrame(rows, columns=[*CELL, "share", "a", "b", "basis", "base"])
    told.loc[told["base"].isna(), "basis"] = "none"
    return after.merge(told, on=CELL)


def _counted(steps: pd.DataFrame, by: list[str]) -> dict[tuple[Any, ...], tuple[int, int]]:
    """Key -> steps with relief, and all of them."""
    counted = steps.groupby(by, as_index=False)["relief"].agg(["sum", "count"])
    return {
        (*key,): (int(k), int(n)) for *key, k, n in counted[[*by, "sum", "count"]].itertuples(index=False, name=None)
    }
