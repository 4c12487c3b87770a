"""The logistic model with one regressor, for one sample or for hundreds of resamples at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import expit

from .proportions import Column

_STEPS, _SMALL = 60, 1e-9


def separated(x: Column, k: Column, n: Column) -> bool:
    """Whether the model has no finite slope: x tells the two outcomes apart, or one of them or of x is missing.

    With one regressor they are told apart when all x of one outcome lie at or below all x of the other.
    """
    with_it, without = x[k > 0], x[n - k > 0]
    if not with_it.size or not without.size:
        return True
    return bool(with_it.max() <= without.min() or without.max() <= with_it.min())


def fit(x: Column, k: Column, n: Column) -> tuple[float, float]:
    """Intercept and slope of logit P = intercept + slope x by maximum likelihood (statsmodels): k[i] of n[i] at x[i].

    NaN twice where there is no finite answer (`separated`). statsmodels is imported here: its first import takes a
    second, which only who fits should pay.
    """
    if separated(x, k, n):
        return float("nan"), float("nan")
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    some = n > 0
    design = np.column_stack([np.ones(int(some.sum())), x[some]])
    model = GLM(np.column_stack([k, n - k])[some], design, family=Binomial())
    intercept, slope = model.fit(tol=1e-12).params
    return float(intercept), float(slope)


def slopes(x: Column, k: Column, n: Column, start: tuple[float, float]) -> Column:
    """Slope of each resample: k[draw, i] of n[draw, i] at x[i], all by Newton's method at once.

    NaN for a draw without an answer, and the infinity of its sign for one that x tells apart.
    """
    answer = np.full(k.shape[0], np.nan)
    apart = np.array([separated(x, a, b) for a, b in zip(k, n, strict=True)], dtype=bool)
    for draw in np.flatnonzero(apart):
        answer[draw] = _direction(x, k[draw], n[draw])
    answer[~apart] = _newton(x, k[~apart], n[~apart], start)
    return answer


def _direction(x: Column, k: Column, n: Column) -> float:
    """Sign of an infinite slope; NaN where one outcome is missing or x does not vary."""
    with_it, without = x[k > 0], x[n - k > 0]
    if not with_it.size or not without.size or np.ptp(x[n > 0]) == 0:
        return float("nan")
    return float("inf") if with_it.min() >= without.max() else float("-inf")


def _newton(x: Column, k: Column, n: Column, start: tuple[float, float]) -> Column:
    """Newton steps of both parameters for every draw, halved where a step would lose likelihood."""
    intercept, slope = (np.full(k.shape[0], value) for value in start)

    def gain(a: Column, b: Column) -> Any:
        eta = a[:, None] + b[:, None] * x
        return (k * eta - n * np.logaddexp(0, eta)).sum(axis=1)

    reached = gain(intercept, slope)
    for _ in range(_STEPS):
        p = expit(intercept[:, None] + slope[:, None] * x)
        miss, weight = k - n * p, n * p * (1 - p)
        u, v = miss.sum(axis=1), (miss * x).sum(axis=1)
        a, b, c = weight.sum(axis=1), (weight * x).sum(axis=1), (weight * x * x).sum(axis=1)
        det = a * c - b * b
        step_a, step_b = (c * u - b * v) / det, (a * v - b * u) / det
        for _ in range(20):
            after = gain(intercept + step_a, slope + step_b)
            worse = after < reached - 1e-9 * np.abs(reached)
            if not worse.any():
                break
            step_a, step_b = np.where(worse, step_a / 2, step_a), np.where(worse, step_b / 2, step_b)
        intercept, slope, reached = intercept + step_a, slope + step_b, after
        if max(np.abs(step_a).max(initial=0), np.abs(step_b).max(initial=0)) < _SMALL:
            break
    return slope
