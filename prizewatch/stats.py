"""Intervals, bounds, matching, incidence: pure functions over plain numbers, libraries where one exists
(statistics.md S1-S10).

Nothing here knows the register, the database or what may be published; `disclosure` decides that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.special import ndtri

#: The confidence of every interval we show. One place: a register elsewhere passed 0.05 where 0.95 was meant.
CONFIDENCE = 0.95

Column = np.ndarray[Any, np.dtype[Any]]


class Interval(NamedTuple):
    """A range of shares, between 0 and 1. Both ends are NaN where there is nothing to estimate from."""

    low: float
    high: float


class Bounds(NamedTuple):
    """Share with relief if every silent case failed, among the decided ones, and if every silent case got relief."""

    strict: float
    decided: float
    optimistic: float


def wilson(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Wilson score interval of `successes` out of `n` (S1); NaN for n = 0. Raises `ValueError` for impossible ones."""
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n}")
    low, high = wilson_many(np.array([successes]), np.array([n]), confidence)
    return Interval(float(low[0]), float(high[0]))


def wilson_many(successes: Column, n: Column, confidence: float = CONFIDENCE) -> tuple[Column, Column]:
    """`wilson` for whole columns at once; the tests hold it against scipy's `proportion_ci`."""
    if not 0.5 <= confidence < 1:
        raise ValueError(f"confidence {confidence}: 0.95 means 95 %")
    k, size = np.asarray(successes, dtype=float), np.asarray(n, dtype=float)
    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        p = k / size
        centre = (p + z * z / (2 * size)) / (1 + z * z / size)
        half = z / (1 + z * z / size) * np.sqrt(p * (1 - p) / size + z * z / (4 * size * size))
    low = np.where(k == 0, 0.0, centre - half)
    high = np.where(k == size, 1.0, centre + half)
    nothing = ~(size > 0)
    return np.where(nothing, np.nan, low), np.where(nothing, np.nan, high)


def share(part: Column, whole: Column) -> Column:
    """part / whole, NaN where the whole is 0 or unknown."""
    a, b = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    quotient: Column = np.divide(a, b, out=np.full(a.shape, np.nan), where=b > 0)
    return quotient


def bounds(relief: int, no_relief: int, undecided: int) -> Bounds:
    """Bounds for silent outcomes (S2, Manski): strict, decided only, optimistic. NaN where the denominator is 0."""
    total, decided = relief + no_relief + undecided, relief + no_relief
    nan = float("nan")
    return Bounds(
        relief / total if total else nan,
        relief / decided if decided else nan,
        (relief + undecided) / total if total else nan,
    )


def matching_size(edges: Iterable[tuple[object, object]]) -> int:
    """Size of the maximum matching of draws to reporters (S7): one person cannot supply two draws, nor one draw two.

    `edges` are (draw, reporter) pairs; repeated pairs count once.
    """
    pairs = set(edges)
    if not pairs:
        return 0
    rows = {name: i for i, name in enumerate({draw for draw, _ in pairs})}
    columns = {name: i for i, name in enumerate({reporter for _, reporter in pairs})}
    i = np.fromiter((rows[draw] for draw, _ in pairs), dtype=np.int32, count=len(pairs))
    j = np.fromiter((columns[reporter] for _, reporter in pairs), dtype=np.int32, count=len(pairs))
    graph = csr_array((np.ones(len(pairs), dtype=np.int8), (i, j)), shape=(len(rows), len(columns)))
    return int(np.count_nonzero(maximum_bipartite_matching(graph, perm_type="column") >= 0))


class Incidence(NamedTuple):
    """A cumulative incidence curve: the days on which it steps, and its height from each of them on."""

    days: tuple[float, ...]
    share: tuple[float, ...]

    def at(self, day: float) -> float:
        """Height of the curve on a day."""
        reached = [value for step, value in zip(self.days, self.share, strict=True) if step <= day]
        return reached[-1] if reached else 0.0

    def median(self) -> float | None:
        """First day on which half is reached; None if it never is."""
        return next((d for d, value in zip(self.days, self.share, strict=True) if value >= 0.5), None)


def cumulative_incidence(days: Sequence[float], events: Sequence[int], of: int = 1) -> Incidence:
    """Aalen-Johansen estimate (S5): share that met event `of` by each day while the other events compete with it.

    `events` holds 0 for censored and a positive code for each kind of end. Never 1 - Kaplan-Meier, which overstates.
    """
    time, kind = np.asarray(days, dtype=float), np.asarray(events)
    if time.shape != kind.shape:
        raise ValueError("one event for each day")
    steps, heights = [], []
    surviving, height = 1.0, 0.0
    for day in np.unique(time[kind > 0]):
        at_risk = int(np.count_nonzero(time >= day))
        ended = int(np.count_nonzero((time == day) & (kind > 0)))
        wanted = int(np.count_nonzero((time == day) & (kind == of)))
        height += surviving * wanted / at_risk
        surviving *= 1 - ended / at_risk
        if wanted:
            steps.append(float(day))
            heights.append(height)
    return Incidence(tuple(steps), tuple(heights))


def rolling_mean(values: Sequence[float] | Column, window: int = 3) -> Column:
    """Mean of each value and the ones before it (S10); NaN until the window is full or while one of them is unknown."""
    series = np.asarray(values, dtype=float)
    out = np.full(series.shape, np.nan)
    if series.size >= window:
        out[window - 1 :] = np.lib.stride_tricks.sliding_window_view(series, window).mean(axis=1)
    return out
