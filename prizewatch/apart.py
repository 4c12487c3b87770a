"""What is handed out hides more: nothing hidden may be worked out from all its tables together, nor by comparing them
with those of the release before.

Here blocks of any size are looked at, and a linear program says what to hide for the sake of a cell.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

import numpy as np

from .disclosure import FEW, SPREAD, WITHHELD, Column, Masking, Table

#: So often all cells are looked at again; so much dearer is what was shown again meanwhile.
ROUNDS, BACK = 24, 10.0


class ToldBefore(Exception):
    """Whatever is hidden now, an earlier release shows too much: more has to come in between."""


def marks(table: Table, begun: Sequence[str], known: Collection[int] = ()) -> list[str]:
    """For each cell its mark: as `begun`, or one that says less. Cells that were `known` before are given up. Raises
    `ToldBefore` where no marks could keep what an earlier release hid, or this one hides, from being worked out by
    comparing the two.
    """
    return _Apart(table, begun, known).run() if table.counts else []


def worked_out(table: Table, marks: Sequence[str]) -> list[int]:
    """The hidden cells of which less is left open than "<5" leaves."""
    found: list[int] = _Apart(table, marks).narrow().tolist() if table.counts else []
    return found


class _Apart(Masking):
    """One run over all tables."""

    def __init__(self, table: Table, begun: Sequence[str], known: Collection[int] = ()) -> None:
        super().__init__(table)
        said = np.array(begun, dtype=object)
        self.few, self.withheld, self.stands = said == FEW, said == WITHHELD, said == FEW
        self.largest, self.known = math.inf, set(known)
        self.secret = self.secret | (self.all_secret & self.before)
        self.given_back = np.zeros(len(self.value), dtype=bool)

    def run(self) -> list[str]:
        """The mark of each cell. Raises `ToldBefore`."""
        self.withheld, self.few = self.withheld | (self.few & ~self.before), self.few & self.before
        compared = self.before.any()
        if not self._keep_apart() and compared:
            raise ToldBefore
        self._say()
        if self.narrow().size and compared:
            raise ToldBefore
        return self._marks()

    def narrow(self) -> Column:
        """Every hidden cell that can be worked out."""
        self.guarded, self.lost = self.all_secret, set(self.known)
        return self._programmed()

    def _keep_apart(self) -> bool:
        """Hide what else has to go so that no comparing tells. Whether that could be done."""
        self.lost = set(self.known)
        for _ in range(ROUNDS):
            self.guarded = self.secret | self.given_back
            if not all(self._is_free(cell) or self._let_go(cell) for cell in self._programmed().tolist()):
                return False
            if not (narrow := self.narrow()).size:
                return True
            # What is hidden for the sake of others, and known nearly all the same, had better be shown. If it then has
            # to go again, it has to be kept as well as they.
            back = narrow[~(self.given_back | self.before)[narrow]]
            self.withheld[back], self.given_back[back] = False, True
            self.dear[back] *= BACK
            self.wide[:] = False
        return False

    def _is_free(self, cell: int) -> bool:
        """Whether what was found for the sake of another cell frees this one too."""
        least, most = self.onlooker.possible(*self._prior())
        return bool(most[cell] - least[cell] >= SPREAD)

    def _say_less(self, tight: Column) -> None:
        """Take back the least missed "<5" that keep each tight cell from being anything else."""
        changed = False
        for cell in tight.tolist():
            said = np.where(self.few & ~self.before, self._worth(), np.inf)
            holding = self.onlooker.cheapest(*self._prior(), cell, said)
            if holding is None:
                self.lost.add(cell)
            elif holding.size:
                self.few[holding], self.withheld[holding], changed = False, True, True
        if not changed:
            self.lost.update(tight.tolist())
