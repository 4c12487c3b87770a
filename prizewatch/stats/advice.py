"""The next-step advisor: how similar disputes went at a stage, from the narrowest group that can carry a number.

Hierarchical beta-binomial: the rate of a cell (group, stage, evidence level) varies around the rate of its stage, that
one around the rate of everything. A level is drawn toward the next as far as its own n is small. All shares describe
reported disputes of the past; nothing here says what a step causes.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import betaincinv, betaln

from .proportions import Column
from .shrinkage import fit_beta_binomial

#: Fewer disputes than this, or an interval wider than that, and the advisor names the wider group (S12).
ADVISED_FROM, WIDEST = 10, 0.40
#: The interval it shows.
ADVICE_LEVEL = 0.80
_STRENGTHS = (0.5, 1000.0)

Basis = Literal["cell", "stage", "all", "none"]
Count = tuple[int, int]


class Strength(NamedTuple):
    """How alike things are, in disputes: cells of one stage, and stages of one register (`fit_strength`)."""

    cell: float = 10.0
    stage: float = 10.0


class Advised(NamedTuple):
    """What may be said: k of n, the shrunken share and its interval, and which group that is.

    `basis` "none" says that no group carries a number: share, low and high are NaN. `a` and `b` are those of the beta
    distribution that the share is the mean of.
    """

    k: int
    n: int
    share: float
    low: float
    high: float
    basis: Basis
    a: float
    b: float


class _Belief(NamedTuple):
    """Beta(a, b) about the rate of a level."""

    a: float
    b: float

    def within(self, strength: float) -> _Belief:
        """Belief about one part of this level, when parts vary around it with the given strength.

        A part's rate has the variance m(1-m) x (1/(s+1) + s/(s+1) x 1/(a+b+1)): its own, and that of not knowing this
        level's rate exactly. A beta of the same mean and variance stands for the mixture, with half a dispute at least
        on either side: below that it has a peak at 0 or 1, and an interval that does not hold its own mean.
        """
        spread = 1 / (strength + 1) + strength / (strength + 1) / (self.a + self.b + 1)
        size, mean = 1 / spread - 1, self.a / (self.a + self.b)
        return _Belief(max(size * mean, 0.5), max(size * (1 - mean), 0.5))

    def seeing(self, k: float, n: float) -> _Belief:
        """Belief after k of n."""
        return _Belief(self.a + k, self.b + n - k)


def advise(
    cell: Count,
    stage: Count,
    everyone: Count,
    strength: Strength = Strength(),  # noqa: B008  (immutable)
    level: float = ADVICE_LEVEL,
) -> Advised:
    """Share with relief among similar disputes at the next stage (S12), each (k, n) holding the ones before it.

    The narrowest of cell, stage and everyone that has at least `ADVISED_FROM` disputes and an interval no wider than
    `WIDEST`; "none" otherwise. Each level borrows from what lies around it, never from itself. Raises `ValueError`
    unless the counts contain each other.
    """
    if not 0.5 <= level < 1:
        raise ValueError(f"level {level}: 0.8 means 80 %")
    counts: tuple[tuple[Basis, Count], ...] = (("cell", cell), ("stage", stage), ("all", everyone))
    inner = (0, 0)
    for _, (k, n) in counts:
        if not 0 <= k - inner[0] <= n - inner[1]:
            raise ValueError(f"{cell}, {stage}, {everyone}: each must contain the one before")
        inner = (k, n)
    flat = _Belief(0.5, 0.5)
    around_stage = flat.seeing(everyone[0] - stage[0], everyone[1] - stage[1]).within(strength.stage)
    around_cell = around_stage.seeing(stage[0] - cell[0], stage[1] - cell[1]).within(strength.cell)
    beliefs = (around_cell.seeing(*cell), around_stage.seeing(*stage), flat.seeing(*everyone))
    for (basis, (k, n)), belief in zip(counts, beliefs, strict=True):
        low, high = (float(betaincinv(*belief, p)) for p in ((1 - level) / 2, (1 + level) / 2))
        if n >= ADVISED_FROM and high - low <= WIDEST:
            return Advised(k, n, belief.a / (belief.a + belief.b), low, high, basis, *belief)
    return Advised(*cell, math.nan, math.nan, math.nan, "none", math.nan, math.nan)


def fit_strength(k: Column, n: Column, stage: Column) -> Strength:
    """How alike cells are within their stage, and stages in the register, by maximum likelihood (S12).

    One row a cell: k of n, and its stage. Each strength is the a + b of a beta-binomial whose mean is the pooled rate
    of the level above; between half a dispute and 1000. Without at least two cells in some stage (two stages) the
    default stands.
    """
    part, whole = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    names, at = np.unique(np.asarray(stage), return_inverse=True)
    stage_k, stage_n = np.bincount(at, part, names.size), np.bincount(at, whole, names.size)
    several = np.bincount(at[whole > 0], minlength=names.size)[at] > 1
    pooled = (stage_k + 0.5) / (stage_n + 1)
    use = several & (whole > 0)
    cells = _strength(part[use], whole[use], pooled[at][use])
    if np.count_nonzero(stage_n) < 2:
        return Strength(cells, Strength().stage)
    return Strength(cells, float(np.clip(fit_beta_binomial(stage_k, stage_n).strength, *_STRENGTHS)))


def _strength(k: Column, n: Column, mean: Column) -> float:
    """The a + b that makes the counts most likely when their means are given."""
    if not k.size:
        return Strength().cell

    def loss(log_strength: float) -> float:
        a, b = np.exp(log_strength) * mean, np.exp(log_strength) * (1 - mean)
        return -float((betaln(k + a, n - k + b) - betaln(a, b)).sum())

    limits = (math.log(_STRENGTHS[0]), math.log(_STRENGTHS[1]))
    return float(np.exp(minimize_scalar(loss, bounds=limits, method="bounded").x))
