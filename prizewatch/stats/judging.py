"""How good forecasts were, once it is known what became of them: a split in time, never the data they came from."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import betaln, gammaln, logit

from . import logistic
from .proportions import Column


def brier_skill(outcome: Column, forecast: Column, base: Column, weight: Column | None = None) -> float:
    """Brier skill score: 1 - Brier(forecast) / Brier(base); 0 is no better than the base rate, 1 is perfect.

    One row a dispute: outcome 0 or 1, the forecast share, the base rate (of its stage); with `weight`, one row for as
    many alike. NaN without rows, or where the base rate made no error at all (Brier 1950; Murphy 1973).
    """
    happened = np.asarray(outcome, dtype=float)
    times = np.ones(happened.shape) if weight is None else np.asarray(weight, dtype=float)
    ours, theirs = (float(times @ (np.asarray(p, dtype=float) - happened) ** 2) for p in (forecast, base))
    return 1 - ours / theirs if theirs > 0 else math.nan


def coverage(low: Column, high: Column, truth: Column) -> float:
    """Share of intervals that hold their truth; NaN without any."""
    inside = (np.asarray(low) <= truth) & (np.asarray(truth) <= high)
    return float(np.mean(inside)) if inside.size else math.nan


def foreseen(a: Column, b: Column, k: Column, n: Column) -> Column:
    """Mid-probability P(K < k) + P(K = k) / 2 of later counts k of n under the forecast Beta(a, b).

    What a 90 % interval covers is what lies between 0.05 and 0.95: so forecasts are judged by counts that came later,
    which scatter themselves, and the halved jump keeps small n from flattering them (Czado, Gneiting and Held 2009).
    """
    columns = np.broadcast_arrays(*(np.asarray(values, dtype=float) for values in (a, b, k, n)))
    out = np.empty(columns[0].shape)
    for i, (a_, b_, k_, n_) in enumerate(zip(*(c.ravel() for c in columns), strict=True)):
        ways = np.arange(int(k_) + 1)
        log = gammaln(n_ + 1) - gammaln(ways + 1) - gammaln(n_ - ways + 1)
        chance = np.exp(log + betaln(ways + a_, n_ - ways + b_) - betaln(a_, b_))
        out.flat[i] = chance[:-1].sum() + chance[-1] / 2
    return out


def calibration_slope(outcome: Column, forecast: Column, weight: Column | None = None) -> float:
    """Slope of the outcome on the forecast's log odds (Cox 1958): 1 is calibrated, below 1 forecasts are too bold.

    Rows as in `brier_skill`. NaN where no slope exists. Raises `ValueError` for a forecast of exactly 0 or 1.
    """
    share, happened = np.asarray(forecast, dtype=float), np.asarray(outcome, dtype=float)
    if not np.all((share > 0) & (share < 1)):
        raise ValueError("a forecast of 0 or 1 has no log odds")
    times = np.ones(share.shape) if weight is None else np.asarray(weight, dtype=float)
    values, at = np.unique(share, return_inverse=True)
    k, n = (np.bincount(at, column, values.size) for column in (times * happened, times))
    return logistic.fit(np.asarray(logit(values)), k, n)[1]
