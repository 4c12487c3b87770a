"""All cross-tables of two releases side by side, as somebody reads them who has both.

Each table is hidden with its own past in mind (`marked`), and with what the tables before it show. What this leaves
open, from numbers that two tables hide, is looked at here, once a release.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from .disclosure import SHOWN, Table, ToldBefore
from .marked import Marked
from .past import Told


def check(now: Mapping[str, Marked], then: Mapping[str, Told]) -> None:
    """Raises `ToldBefore` if hidden numbers of either release can be worked out from both, by name of table."""
    both, earlier = _Union(), _Union()
    for tables in (both, earlier):
        for name, told in then.items():
            tables.add("then", name, told)
    for name, marked in now.items():
        both.add("now", name, marked.told())
        both.grown(name)
    found = both.worked_out()
    if found and found - earlier.worked_out():
        raise ToldBefore


class _Union:
    """One table of all."""

    def __init__(self) -> None:
        self.table = Table()
        self.named: dict[tuple[str, str, str], int] = {}  # release, table, name of the cell

    def add(self, release: str, name: str, told: Told) -> None:
        first = len(self.table.counts)
        for count, mark, guarded in zip(told.counts, told.marks, told.guarded, strict=True):
            self.table.told(count, mark, guarded)
        self.table.sums += [tuple(cell + first for cell in members) for members in told.sums]
        self.named |= {(release, name, cell): number + first for cell, number in told.cells.items()}
        for number, other, cell in told.links:  # the same number in a table that was made before
            if (twin := self.named.get((release, other, cell))) is not None:
                self.table.sum(number + first, [twin])

    def grown(self, name: str) -> None:
        """Reports mostly come and seldom go: every number is what it was, and what came."""
        pairs = {
            (number, self.named["then", name, cell])
            for (release, table, cell), number in self.named.items()
            if (release, table) == ("now", name) and ("then", name, cell) in self.named
        }
        for number, before in sorted(pairs):
            grown = self.table.counts[number] - self.table.counts[before]
            if grown >= 0:
                self.table.sum(number, [before, self.table.cell(grown, printed=False, dear=math.inf)])

    def worked_out(self) -> set[int]:
        """Hidden cells of which too little is left open."""
        return {cell for cell in self.table.worked_out() if self.table.before[cell] not in (None, SHOWN)}
