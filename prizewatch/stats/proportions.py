"""Shares of a count: the Wilson interval, and the bounds that silence leaves open."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
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
