"""Organizers beside their own group, never in a league table: shrunken rates (S3) and the funnel (S4).

Only listed organizers come out of here, named where they may be; private individuals never. Frames as in `queries`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import crosstables, disclosure, fits, stats, vocabulary
from .frames import COUNT, SHARE, TEXT, Columns, Register, ask, shaped

SHRUNKEN: Columns = dict.fromkeys(("shrunken", "shrunken_low", "shrunken_high"), SHARE)
POINTS: Columns = {
    **dict.fromkeys(("public_code", "name", "organizer_type"), TEXT),
    **dict.fromkeys(("k", "n"), COUNT),
    "rate": SHARE,
    "zone": TEXT,
}
LIMITS: Columns = {"n": COUNT, **dict.fromkeys(("low95", "high95", "low998", "high998"), SHARE)}
#: How many places the control limits are worked out for.
PLACES = 60


def shrunken(register: Register, types: pd.Series, resolved: pd.Series, decided: pd.Series) -> pd.DataFrame:
    """Rates drawn toward their group as far as n is small, with 95 % intervals; NaN under ten decided and before the
    first fit. One row an organizer, indexed as given.
    """
    frame = pd.DataFrame(math.nan, index=types.index, columns=list(SHRUNKEN))
    n = decided.to_numpy(dtype=float, na_value=math.nan)
    enough = disclosure.rate_allowed(n)
    groups = types.map(vocabulary.analysis_group)
    for group in groups.unique():
        rows = enough & (groups == group).to_numpy()
        fit = fits.prior(register, group) if rows.any() else None
        if fit is not None:
            frame.loc[rows] = np.column_stack(stats.shrunken_many(resolved[rows].to_numpy(dtype=float), n[rows], fit))
    return frame


@dataclass(frozen=True, slots=True)
class Funnel:
    """points: public_code, name (NaN when masked), organizer_type, k (resolved) of n (decided), rate, zone (inside,
    look: beyond the 95 % limits, alarm: beyond the 99.8 % ones). limits: n, low95, high95, low998, high998.

    centre: the pooled rate of the whole group, listed or not. overdispersion: mean square of the z-scores, 1 is chance;
    where it is beyond chance, `widened` says that the limits allow for it. NaN and no rows without points.
    """

    points: pd.DataFrame
    limits: pd.DataFrame
    centre: float
    overdispersion: float
    widened: bool


def funnel(register: Register, group: str) -> Funnel:
    """Listed organizers of an analysis group with at least ten decided disputes, against what chance would do."""
    with register.read() as cur:
        raw = ask(cur, "funnel", least=disclosure.RATE_FROM)
    raw = raw[raw["organizer_type"].map(vocabulary.analysis_group) == group].reset_index(drop=True)
    history = crosstables.history(register)
    resolved, decided = (history.value(("group", group), name) for name in ("resolved", "decided"))
    if group == "I" or raw.empty or resolved is None or decided is None or decided < disclosure.RATE_FROM:
        return Funnel(shaped(pd.DataFrame(), POINTS), shaped(pd.DataFrame(), LIMITS), math.nan, math.nan, False)
    centre = resolved / decided
    k, n = (raw[name].to_numpy(dtype=float) for name in ("k", "n"))
    between = stats.between_variance(k, n, centre)
    points = raw.assign(rate=k / n, zone=stats.funnel_zones(k, n, centre, between))
    grid = np.unique(np.geomspace(disclosure.RATE_FROM, max(2 * disclosure.RATE_FROM, n.max()), PLACES).round())
    limits = {"n": grid.astype(int)}
    for name, level in (("95", stats.LOOK), ("998", stats.ALARM)):
        limits[f"low{name}"], limits[f"high{name}"] = stats.funnel_limits(grid, centre, level, between)
    return Funnel(
        shaped(points, POINTS),
        shaped(pd.DataFrame(limits), LIMITS),
        centre,
        stats.overdispersion(k, n, centre),
        between > 0,
    )
