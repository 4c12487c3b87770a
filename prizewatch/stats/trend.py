"""Months beside each other: the rolling mean, and the change against a year before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from .proportions import CONFIDENCE, Column, wilson

#: Both sides of a comparison need this many (S10).
COMPARED_FROM = 10
#: People report late: months touched by this many last days still grow (S10).
LATE_DAYS = 30


def first_late(as_of: date) -> date:
    """The first of the months that may still grow, of data as of a day."""
    return (as_of - timedelta(days=LATE_DAYS)).replace(day=1)


class Change(NamedTuple):
    """How a count compares with an earlier one: `ratio` 1.2 is a fifth more; `low` and `high` are its interval."""

    now: int
    before: int
    ratio: float
    low: float
    high: float


def rolling_mean(values: Sequence[float] | Column, window: int = 3) -> Column:
    """Mean of each value and the ones before it (S10); NaN until the window is full or while one of them is unknown."""
    series = np.asarray(values, dtype=float)
    out = np.full(series.shape, np.nan)
    if series.size >= window:
        out[window - 1 :] = np.lib.stride_tricks.sliding_window_view(series, window).mean(axis=1)
    return out


def year_on_year(now: int, before: int, confidence: float = CONFIDENCE) -> Change | None:
    """Change of a count against the same months a year before (S10); None unless both are at least `COMPARED_FROM`.

    The interval treats both counts as Poisson: given their sum, the later one is binomial, so the Wilson interval of
    its share p turns into one of the ratio p / (1 - p) (Przyborowski and Wilenski 1940). Raises `ValueError` for
    negative counts.
    """
    if min(now, before) < 0:
        raise ValueError(f"{now} against {before}")
    if min(now, before) < COMPARED_FROM:
        return None
    low, high = wilson(now, now + before, confidence)
    return Change(now, before, now / before, low / (1 - low), high / (1 - high))
