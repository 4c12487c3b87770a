"""Bursts: is today's count more than an organizer's own past explains?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import betainc

from .proportions import Column


def burst_tail(today: int, history: Sequence[int] | Column) -> float:
    """Probability of `today` or more reports on one day, given the counts of earlier days (S11).

    Gamma-Poisson: with Jeffreys' prior the daily rate is gamma(sum + 1/2, rate days), so the next count is negative
    binomial and P(X >= x) = I(x, sum + 1/2) at 1 / (days + 1), a regularized incomplete beta (Gelman et al., Bayesian
    Data Analysis, 2.6). 1.0 without history: who is new has no baseline to exceed. Raises `ValueError` for negative
    counts.
    """
    past = np.asarray(history, dtype=float)
    if today < 0 or not np.all(past >= 0):
        raise ValueError("counts are not negative")
    if today == 0 or not past.size:
        return 1.0
    return float(betainc(today, past.sum() + 0.5, 1 / (past.size + 1)))
