"""The funnel plot: which organizers differ from their group by more than chance, without a league table.

Spiegelhalter 2005, Funnel plots for comparing institutional performance, 10.1002/sim.1970.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import bdtr, bdtrik, ndtri

from .proportions import Column

#: Beyond the first, a point is worth a look; beyond the second it is alarming.
LOOK, ALARM = 0.95, 0.998
#: Share of the z-scores pulled in at each end before over-dispersion is measured, so that outliers do not make it.
WINSORISED = 0.1


def funnel_limits(n: Column, centre: float, level: float, between: float = 0.0) -> tuple[Column, Column]:
    """Control limits (low, high) of a rate at each n (S4): where it would lie with probability `level` by chance.

    Exact binomial limits, interpolated between the two neighbouring counts as in appendix A.1.1 of Spiegelhalter 2005
    ((r - alpha) / n, r the quantile, alpha how far its probability overshoots), so that they have no saw teeth. With
    `between`, a variance from `between_variance`, they are widened for over-dispersion on the arcsine scale. Raises
    `ValueError` for a centre outside 0..1 or a level that is none.
    """
    if not 0 <= centre <= 1 or not 0.5 <= level < 1:
        raise ValueError(f"centre {centre}, level {level}")
    size = np.asarray(n, dtype=float)
    if between > 0:
        half = float(ndtri((1 + level) / 2)) * np.sqrt(1 / (4 * size) + between)
        angle = float(np.arcsin(np.sqrt(centre)))
        return np.sin(np.clip(angle - half, 0, None)) ** 2, np.sin(np.clip(angle + half, None, np.pi / 2)) ** 2
    return _exact(size, centre, (1 - level) / 2), _exact(size, centre, (1 + level) / 2)


def _exact(n: Column, centre: float, p: float) -> Column:
    """Interpolated binomial quantile of each n, as a share."""
    if centre in (0, 1):
        return np.full(n.shape, float(centre))
    r = np.ceil(np.clip(bdtrik(p, n, centre), 0, n))
    r = np.where((r > 0) & (_below(r - 1, n, centre) >= p), r - 1, r)
    upto, before = _below(r, n, centre), _below(r - 1, n, centre)
    return np.asarray(np.clip((r - (upto - p) / (upto - before)) / n, 0, 1))


def _below(r: Column, n: Column, centre: float) -> Any:
    """P(R <= r) for R ~ binomial(n, centre); 0 below zero."""
    return np.where(r < 0, 0.0, bdtr(np.maximum(r, 0), n.astype(int), centre))


def _z(k: Column, n: Column, centre: float) -> Column:
    """Winsorised z-scores on the arcsine scale, where a share of n has the variance 1 / 4n."""
    part, size = np.asarray(k, dtype=float), np.asarray(n, dtype=float)
    if not np.all((part >= 0) & (part <= size) & (size > 0)):
        raise ValueError("each k must lie between 0 and its n, and n above 0")
    z = (np.arcsin(np.sqrt(part / size)) - np.arcsin(np.sqrt(centre))) * 2 * np.sqrt(size)
    return np.asarray(np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED]))) if z.size else z


def overdispersion(k: Column, n: Column, centre: float) -> float:
    """How much more the rates differ than chance alone lets them (S4): the mean square of their z-scores; 1 is chance.

    Arcsine z-scores, 10 % winsorised at each end (Spiegelhalter 2005, section 3; FunnelPlotR, data type "PR"). NaN
    without points. Winsorising lowers it: pure chance measures about 0.6 to 0.9.
    """
    z = _z(k, n, centre)
    return float(np.mean(z**2)) if z.size else float("nan")


def between_variance(k: Column, n: Column, centre: float) -> float:
    """Variance between organizers beyond chance, for `funnel_limits`, on the arcsine scale (S4).

    The published rule (Spiegelhalter et al. 2012, 10.1111/j.1467-985X.2011.01010.x; FunnelPlotR): 0 while
    overdispersion < (I - 1) / I for I points; above, the moment estimate of DerSimonian and Laird 1986,
    (I phi - (I - 1)) / (sum w - sum w^2 / sum w) with weights w = 4n.
    """
    points = np.asarray(n).size
    if points < 2:
        return 0.0
    excess = points * overdispersion(k, n, centre) - (points - 1)
    weight = 4 * np.asarray(n, dtype=float)
    return max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def funnel_zones(k: Column, n: Column, centre: float, between: float = 0.0) -> Column:
    """Where each k of n lies (S4): "inside", "look" (beyond the 95 % limits) or "alarm" (beyond the 99.8 % ones)."""
    rate = np.asarray(k, dtype=float) / np.asarray(n, dtype=float)
    zone = np.full(rate.shape, "inside", dtype=object)
    for name, level in (("look", LOOK), ("alarm", ALARM)):
        low, high = funnel_limits(n, centre, level, between)
        zone[(rate < low) | (rate > high)] = name
    return zone
