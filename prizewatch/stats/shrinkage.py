"""Small groups: the beta-binomial model, fitted to the group it is used for (empirical Bayes).

Each organizer of a group has its own rate p_i ~ Beta(a, b) and k_i of its n_i decided disputes brought relief. a and b
maximise the marginal likelihood of all (k_i, n_i) (Carlin and Louis, Bayes and Empirical Bayes Methods, chapter 3),
times (1 + a + b) ** -1/2. That weak factor, the one of Gelman et al., Bayesian Data Analysis 5.3, flattened toward 0,
does nothing to a large group. In one of 15 or 40 organizers it keeps chance from passing for "all alike" (the
likelihood often has its maximum there): without it, 90 % intervals held 82 and 86 % of the truths, with it 90 and 89 %.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import betainc, betaincinv, betaln, expit, logit, psi

from .proportions import CONFIDENCE, Column, Interval

#: Least a + b: organizers that pay always or never would otherwise drive it to nothing.
LEAST_STRENGTH = 0.1
_MEAN_LIMIT = 14.0  # on the logit scale, about one in a million
_MEANS, _STRENGTHS = 41, 40  # points of the grid that resamples are fitted on
_BISECTIONS = 36  # halves [0, 1] down to 1e-11


class Prior(NamedTuple):
    """Beta(a, b): where the rates of a group lie. a / (a + b) is their mean, a + b what the prior weighs in cases."""

    a: float
    b: float

    @property
    def mean(self) -> float:
        """Mean of the group's rates."""
        return self.a / (self.a + self.b)

    @property
    def strength(self) -> float:
        """Weight of the prior, in disputes."""
        return self.a + self.b


class PriorFit(NamedTuple):
    """A fitted prior, and the same fit on resampled groups: what we know of the prior itself."""

    prior: Prior
    samples: tuple[Prior, ...]


class Shrunken(NamedTuple):
    """Columns of shrunken rates with their intervals; NaN where n is 0."""

    share: Column
    low: Column
    high: Column


def _counts(k: Column, n: Column) -> tuple[Column, Column]:
    """Both as floats, checked; members of a group without a decided dispute say nothing and are left out."""
    part, whole = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    if part.shape != whole.shape or not np.all((part >= 0) & (part <= whole)):
        raise ValueError("each k must lie between 0 and its n")
    return part[whole > 0], whole[whole > 0]


def _distinct(k: Column, n: Column) -> tuple[Column, Column, Column]:
    """Distinct (k, n) pairs, and the position of each member's pair: the likelihood is worked out once for each."""
    pairs, where = np.unique(np.column_stack([k, n]), axis=0, return_inverse=True)
    return pairs[:, 0], pairs[:, 1], where.ravel()


def _maximum(k: Column, n: Column, weight: Column) -> Prior:
    """Maximum of the marginal likelihood over (logit mean, log strength); `weight` says how often each pair occurs."""
    part, whole = float(weight @ k), float(weight @ n)
    pooled = Prior(part + 0.5, whole - part + 0.5)
    if part in (0.0, whole) or np.max(n[weight > 0]) <= 1:
        return pooled

    def loss(at: Column) -> tuple[float, Column]:
        mean, strength = float(expit(at[0])), float(np.exp(at[1]))
        a, b = strength * mean, strength * (1 - mean)
        value = weight @ (betaln(k + a, n - k + b) - betaln(a, b)) - np.log1p(strength) / 2
        total = psi(strength) - psi(n + strength)
        by_a = weight @ (psi(k + a) - psi(a) + total)
        by_b = weight @ (psi(n - k + b) - psi(b) + total)
        by_strength = by_a * a + by_b * b - strength / (1 + strength) / 2
        return -float(value), -np.array([(by_a - by_b) * strength * mean * (1 - mean), by_strength])

    limits = [(-_MEAN_LIMIT, _MEAN_LIMIT), (np.log(LEAST_STRENGTH), np.log(pooled.strength))]
    start = np.array([logit(pooled.mean), np.log(min(10.0, pooled.strength))])
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x
    mean, strength = float(expit(best[0])), float(np.exp(best[1]))
    return Prior(strength * mean, strength * (1 - mean))


def fit_beta_binomial(k: Column, n: Column) -> Prior:
    """Prior of a group from its members' counts (S3): k[i] of n[i], by maximum marginal likelihood (see the module).

    The strength a + b never exceeds n.sum() + 1, what the pooled group knows. That is where members end that all had
    relief, that all had none, or that have one dispute each: nothing tells these apart. Without any dispute the prior
    is Beta(0.5, 0.5). Raises `ValueError` unless 0 <= k <= n throughout.
    """
    part, whole = _counts(k, n)
    if not part.size:
        return Prior(0.5, 0.5)
    pairs_k, pairs_n, where = _distinct(part, whole)
    return _maximum(pairs_k, pairs_n, np.bincount(where).astype(float))


def bootstrap_prior(k: Column, n: Column, *, draws: int = 200, seed: int) -> PriorFit:
    """`fit_beta_binomial`, repeated on `draws` resamples of the members: the prior's own uncertainty (S3).

    Laird and Louis 1987, Empirical Bayes confidence intervals based on bootstrap samples. The resamples are fitted all
    at once on a grid of means and strengths, fine enough for a mixture. Same seed, same answer.
    """
    part, whole = _counts(k, n)
    fitted = fit_beta_binomial(part, whole)
    if not part.size:
        return PriorFit(fitted, (fitted,))
    pairs_k, pairs_n, where = _distinct(part, whole)
    mean, strength = _grid(part, whole)
    a, b = strength * mean, strength * (1 - mean)
    each = betaln(pairs_k[:, None] + a, (pairs_n - pairs_k)[:, None] + b) - betaln(a, b)
    resampled = np.random.default_rng(seed).multinomial(part.size, np.bincount(where) / part.size, size=draws)
    best = (resampled @ each - np.log1p(strength) / 2).argmax(axis=1)
    return PriorFit(fitted, tuple(Prior(float(a[i]), float(b[i])) for i in best))


def _grid(k: Column, n: Column) -> tuple[Column, Column]:
    """Means and strengths a resample may have: four standard errors of a mean over members; the limits of the fit."""
    pooled = (k.sum() + 0.5) / (n.sum() + 1)
    error = 1 / np.sqrt(k.size * pooled * (1 - pooled))
    means = expit(logit(pooled) + error * np.linspace(-4, 4, _MEANS))
    least = n.sum() + 1 if np.max(n) <= 1 or k.sum() in (0, n.sum()) else LEAST_STRENGTH
    strengths = np.geomspace(least, n.sum() + 1, _STRENGTHS)
    mean, strength = np.meshgrid(means, strengths)
    return mean.ravel(), strength.ravel()


def shrunken(k: float, n: float, prior: Prior) -> float:
    """Rate of one member, drawn toward its group as far as its n is small (S3): (k + a) / (n + a + b)."""
    return (k + prior.a) / (n + prior.strength)


def shrunken_many(k: Column, n: Column, fit: PriorFit, level: float = CONFIDENCE) -> Shrunken:
    """`shrunken` and `shrunken_interval` for whole columns at once; NaN where n is 0 or unknown."""
    if not 0.5 <= level < 1:
        raise ValueError(f"level {level}: 0.95 means 95 %")
    part, whole = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    share, low, high = (np.full(part.shape, np.nan) for _ in range(3))
    known = whole > 0
    if not known.any():
        return Shrunken(share, low, high)
    pairs_k, pairs_n, where = _distinct(part[known], whole[known])
    share[known] = shrunken(part[known], whole[known], fit.prior)  # type: ignore[arg-type]
    samples, times = np.unique(np.array(fit.samples), axis=0, return_counts=True)
    a, b = pairs_k[:, None] + samples[:, 0], (pairs_n - pairs_k)[:, None] + samples[:, 1]
    low[known] = _mixture_quantile(a, b, times, (1 - level) / 2)[where]
    high[known] = _mixture_quantile(a, b, times, (1 + level) / 2)[where]
    return Shrunken(share, low, high)


def shrunken_interval(k: float, n: float, fit: PriorFit, level: float = CONFIDENCE) -> Interval:
    """Interval of one member's rate (S3): quantiles of its posterior, mixed over the resampled priors.

    The mixture is what keeps the coverage: with the one fitted prior taken for the truth, intervals are too narrow.
    """
    columns = shrunken_many(np.array([k]), np.array([n]), fit, level)
    return Interval(float(columns.low[0]), float(columns.high[0]))


def _mixture_quantile(a: Column, b: Column, times: Column, p: float) -> Column:
    """Quantile p of each row's mixture of Beta(a[row, j], b[row, j]), each as often as `times[j]`, by bisection."""
    if a.shape[1] == 1:
        return np.asarray(betaincinv(a[:, 0], b[:, 0], p))
    low, high, weight = np.zeros(a.shape[0]), np.ones(a.shape[0]), times / times.sum()
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        below = betainc(a, b, middle[:, None]) @ weight < p
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2
