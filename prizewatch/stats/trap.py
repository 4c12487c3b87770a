"""Why totals mislead about platforms that act on complaints (S6): a world made by chance, no register's data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .exposure import exposure_bin, exposure_bins

#: The chance that a platform acts on a complaint in this world, whatever was on file before.
CHANCE = 0.05
ORGANIZERS, MOST = 20_000, 12


class Trap(NamedTuple):
    """Share acted on by number of complaints. `by_total`: organizers ever acted on, by their total of complaints.
    `by_before`: complaints acted on, by how many came before. Both as (bin, share, n) in the order of the bins.
    """

    by_total: tuple[tuple[str, float, int], ...]
    by_before: tuple[tuple[str, float, int], ...]


def totals_trap(seed: int = 1) -> Trap:
    """Organizers gather up to MOST complaints; each is acted on with the same CHANCE, and action ends the count.

    Counting totals shows a trend where there is none; counting what was on file before shows none.
    """
    random = np.random.default_rng(seed)
    could = random.integers(1, MOST + 1, size=ORGANIZERS)
    first = random.geometric(CHANCE, size=ORGANIZERS)  # the complaint that is acted on, if it comes so far
    acted = first <= could
    total = np.where(acted, first, could)
    by_total = {bin_: np.zeros(2, dtype=int) for bin_ in exposure_bins[1:]}
    by_before = {bin_: np.zeros(2, dtype=int) for bin_ in exposure_bins}
    for number in range(1, MOST + 1):
        of = total == number
        by_total[exposure_bin(number)] += (int(acted[of].sum()), int(of.sum()))
        by_before[exposure_bin(number - 1)] += (int((acted & of).sum()), int((total >= number).sum()))
    return Trap(*(
        tuple((bin_, float(k / n), int(n)) for bin_, (k, n) in bins.items()) for bins in (by_total, by_before)
    ))  # fmt: skip
