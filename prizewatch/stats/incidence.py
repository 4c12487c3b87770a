"""Time to relief while giving up competes with it (Aalen-Johansen), and who is still waiting.

Never 1 - Kaplan-Meier, which takes those who gave up for people still waiting and overstates. Written out instead of
asked of statsmodels: its standard error divides by zero when the last one at risk ends (a warning and NaN), and
importing it takes a second that a page would pay. The tests hold each number against it where it has one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from .proportions import CONFIDENCE, Column


class Curve(NamedTuple):
    """A cumulative incidence: the days on which it steps, its height from each of them on, and the band around it."""

    days: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]

    def at(self, day: float) -> float:
        """Height of the curve on a day."""
        step = bisect_right(self.days, day)
        return self.share[step - 1] if step else 0.0

    def median(self) -> float | None:
        """First day on which half is reached; None if it never is."""
        return next((d for d, value in zip(self.days, self.share, strict=True) if value >= 0.5), None)


class States(NamedTuple):
    """Shares of everybody by day; the three sum to 1 on each."""

    days: tuple[float, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    neither: tuple[float, ...]


def _cases(days: Sequence[float] | Column, events: Sequence[int] | Column) -> tuple[Column, Column]:
    """Days and kinds as columns, checked."""
    time, kind = np.asarray(days, dtype=float), np.asarray(events)
    if time.shape != kind.shape:
        raise ValueError("one event for each day")
    if not np.all(time >= 0):
        raise ValueError("days count from 0; an unknown day is no case")
    return time, kind


def incidence(
    days: Sequence[float] | Column, events: Sequence[int] | Column, of: int = 1, level: float = CONFIDENCE
) -> Curve:
    """Share that met event `of` by each day while the other events compete with it (S5, Aalen-Johansen).

    `days` counts days since the claim; `events` holds 0 for censored (open or lost: the day of the last word) and a
    positive code for each kind of end. Who is censored on a day was at risk on it. The band is pointwise, from the
    delta-method variance (Marubini and Valsecchi 1995, 10.5; the formula of statsmodels' CumIncidenceRight) on the
    log(-log) scale, so that it stays within 0..1. A curve at 1 keeps the last lower bound. Raises `ValueError` for
    columns of different length and for negative or unknown days.
    """
    time, kind = _cases(days, events)
    if not 0.5 <= level < 1:
        raise ValueError(f"level {level}: 0.95 means 95 %")
    steps, position = np.unique(time[kind > 0], return_inverse=True)
    if not np.any(kind == of):
        return Curve((), (), (), ())
    at_risk = (time.size - np.searchsorted(np.sort(time), steps, side="left")).astype(float)
    ended = np.bincount(position, minlength=steps.size)
    wanted = np.bincount(position, weights=kind[kind > 0] == of, minlength=steps.size)
    before = np.concatenate([[1.0], np.cumprod(1 - ended / at_risk)[:-1]])  # still there just before each step
    height = np.cumsum(before * wanted / at_risk)

    left = at_risk - ended
    # Nobody left: the last step, after which the curve does not move, so that its own term is 0 x infinity = 0.
    rate = np.divide(ended, at_risk * left, out=np.zeros(steps.size), where=left > 0)
    slope = before * wanted / at_risk**2
    variance = (
        height**2 * np.cumsum(rate)
        - 2 * height * np.cumsum(height * rate)
        + np.cumsum(height**2 * rate)
        + np.cumsum(before**2 * wanted * (at_risk - wanted) / at_risk**3)
        - 2 * (height * np.cumsum(slope) - np.cumsum(height * slope))
    )
    own = wanted > 0
    share = np.minimum(height[own], 1.0)
    low, high = _band(share, np.sqrt(np.maximum(variance[own], 0.0)), float(ndtri((1 + level) / 2)))
    return Curve(*(tuple(column.tolist()) for column in (steps[own], share, low, high)))


def _band(share: Column, error: Column, z: float) -> tuple[Column, Column]:
    """share ** exp(+-z error / (share |log share|)); where the curve is at 1, from the last bound before it to 1."""
    inner = share < 1 - 1e-12
    low, high = np.zeros(share.shape), np.ones(share.shape)
    wide = np.exp(z * error[inner] / (share[inner] * -np.log(share[inner])))
    low[inner], high[inner] = share[inner] ** wide, share[inner] ** (1 / wide)
    if not inner.all() and inner.any():
        low[~inner] = low[inner][-1]
    return low, high


def at_risk(days: Sequence[float] | Column, grid: Sequence[float] | Column) -> tuple[int, ...]:
    """How many are still waiting just before each day of the grid: those whose own day is that one or later (S5)."""
    time = np.sort(np.asarray(days, dtype=float))
    return tuple(int(time.size - n) for n in np.searchsorted(time, np.asarray(grid, dtype=float), side="left"))


def states(days: Sequence[float] | Column, events: Sequence[int] | Column, grid: Sequence[float] | Column) -> States:
    """Share that met event 1 (paid), event 2 (gave up), or neither (still open) by each day of the grid (S5).

    The days are cut at the longest observed one: beyond it nothing is known. `days` and `events` as in `incidence`.
    """
    time, kind = _cases(days, events)
    last = float(time.max()) if time.size else -1.0
    shown = tuple(float(day) for day in grid if day <= last)
    paid, gone = incidence(time, kind, 1), incidence(time, kind, 2)
    first, second = tuple(paid.at(day) for day in shown), tuple(gone.at(day) for day in shown)
    rest = tuple(max(0.0, 1 - a - b) for a, b in zip(first, second, strict=True))
    return States(shown, first, second, rest)
