"""Do platforms act on repeated complaints? Complaints filed before, and the dose-response.

Only what was on file **before** a complaint may explain the answer to it. Totals do not: action stops the count, so
that organizers with many complaints are those that were let go, and the share "ever acted on" falls by itself.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from . import logistic
from .proportions import CONFIDENCE, Column

exposure_bins = ("0", "1", "2", "3-4", "5-9", "10+")
_FROM = (0, 1, 2, 3, 5, 10)
#: A bootstrap over fewer organizers than this says nothing about organizers.
LEAST_CLUSTERS = 10
#: With more resamples than this share without an answer there is none.
_UNANSWERED = 0.05


class Filing(NamedTuple):
    """A report against an organizer. `at` may be a day or a moment: anything that sorts."""

    organizer: Hashable
    at: Any
    reporter: Hashable
    draw: Hashable


class Exposure(NamedTuple):
    """What was on file before: distinct reporters and distinct draws."""

    reporters: int
    draws: int


class Slope(NamedTuple):
    """Change of the log odds of action for each doubling of (1 + complaints before); NaN where it cannot be fitted.

    `intercept` is the log odds at no complaint before; `n` complaints of `clusters` organizers went in.
    """

    per_doubling: float
    low: float
    high: float
    n: int
    clusters: int
    intercept: float

    @property
    def fitted(self) -> bool:
        """Whether there is a slope at all."""
        return not math.isnan(self.per_doubling)

    @property
    def odds_ratio(self) -> tuple[float, float, float]:
        """Slope, low and high as odds ratios: 1 is no change, 1.5 half more odds of action per doubling."""
        return math.exp(self.per_doubling), math.exp(self.low), math.exp(self.high)

    @property
    def verdict(self) -> str:
        """ "more", "less", "unclear" (the interval holds 0), or "no_evidence" (nothing fitted)."""
        if not self.fitted:
            return "no_evidence"
        return "more" if self.low > 0 else "less" if self.high < 0 else "unclear"

    def share(self, exposure: Column) -> Column:
        """The fitted probability of action after `exposure` complaints."""
        line = self.intercept + self.per_doubling * np.log2(1 + np.asarray(exposure, dtype=float))
        return np.asarray(expit(line))


def exposure_bin(n: int) -> str:
    """The bin of a number of complaints before (S6), one of `exposure_bins`. Raises `ValueError` below 0."""
    if n < 0:
        raise ValueError(f"{n} complaints before")
    return exposure_bins[sum(n >= edge for edge in _FROM) - 1]


def prior_counts(filings: Iterable[Filing], closings: Sequence[tuple[Hashable, Any]]) -> list[Exposure]:
    """Exposure of each closing (S6): distinct reporters and draws on file against its organizer strictly before it.

    `closings` are (organizer, `at` of the filing that was closed); the same moment or day is not before. The plain
    answer that the SQL of the marts is held against.
    """
    first: dict[Hashable, tuple[dict[Hashable, Any], dict[Hashable, Any]]] = {}
    for filing in filings:
        for seen, who in zip(first.setdefault(filing.organizer, ({}, {})), (filing.reporter, filing.draw), strict=True):
            seen[who] = min(filing.at, seen.get(who, filing.at))
    times = {organizer: [sorted(seen.values()) for seen in both] for organizer, both in first.items()}
    nothing: list[list[Any]] = [[], []]
    return [Exposure(*(bisect_left(seen, at) for seen in times.get(organizer, nothing))) for organizer, at in closings]


def dose_response(
    exposure: Column, action: Column, cluster: Column, *, draws: int = 200, seed: int, level: float = CONFIDENCE
) -> Slope:
    """Logistic model of action on log2(1 + exposure), with an interval from resampled organizers (S6).

    One row a closed complaint whose answer is known: complaints before, action 0 or 1, its organizer. Percentile
    interval over `draws` resamples of whole organizers (Efron and Tibshirani 1993, chapter 8), since complaints about
    one organizer are not independent. NaN with fewer than `LEAST_CLUSTERS` organizers, where no finite slope exists
    (all acted on, none, or told apart by exposure), and where the resamples do not bound it. Same seed, same answer.
    Raises `ValueError` for columns that do not match.
    """
    before, acted = np.asarray(exposure, dtype=float), np.asarray(action, dtype=float)
    names, group = np.unique(np.asarray(cluster), return_inverse=True)
    if not before.shape == acted.shape == group.shape or not np.all((before >= 0) & ((acted == 0) | (acted == 1))):
        raise ValueError("one exposure from 0 on, one action 0 or 1 and one organizer in each row")
    values, at = np.unique(before, return_inverse=True)
    x = np.log2(1 + values)

    def counted(weight: Column) -> tuple[Column, Column]:
        size = values.size
        return np.bincount(at, weight * acted, minlength=size), np.bincount(at, weight, minlength=size)

    nothing = Slope(math.nan, math.nan, math.nan, int(before.size), int(names.size), math.nan)
    k, n = counted(np.ones(before.size))
    intercept, slope = logistic.fit(x, k, n) if names.size >= LEAST_CLUSTERS else (math.nan, math.nan)
    if math.isnan(slope):
        return nothing
    rng = np.random.default_rng(seed)
    resampled = [
        counted(np.bincount(rng.integers(names.size, size=names.size), minlength=names.size)[group].astype(float))
        for _ in range(draws)
    ]
    many = logistic.slopes(
        x, np.array([k for k, _ in resampled]), np.array([n for _, n in resampled]), (intercept, slope)
    )
    known = many[~np.isnan(many)]
    if known.size < (1 - _UNANSWERED) * draws:
        return nothing
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2], method="inverted_cdf")
    if not np.isfinite([low, high]).all():
        return nothing
    return nothing._replace(per_doubling=slope, low=float(low), high=float(high), intercept=intercept)
