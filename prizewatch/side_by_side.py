"""All cross-tables of a release, and of the one before, as somebody reads them who has them all side by side.

Each table is marked with its own past in mind and with what the tables before it show (`marked`). Numbers that two
tables hide can tell together what neither tells alone: here all of them are one table, and more is hidden where that
is so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from . import apart
from .disclosure import SHOWN, WITHHELD, Table
from .marked import AGAIN, Marked
from .past import Told


def hide(now: Mapping[str, Marked], then: Mapping[str, Told]) -> None:
    """Mark the cells of these tables, by name, so that nothing hidden can be worked out from all of them and those of
    the release before. Tables come after those they are told of. Raises `apart.ToldBefore` where nothing helps.
    """
    joint = _Joint()
    for name in now:
        if name in then:
            joint.add_told(name, then[name])
    known = apart.worked_out(joint.table, joint.marks)
    for name, marked in now.items():
        joint.add(name, marked)
    found = apart.marks(joint.table, joint.marks, known)
    for name, marked in now.items():
        marked.marks = [found[cell] for cell in joint.numbers["now", name]]


class _Joint:
    """One table of all."""

    def __init__(self) -> None:
        self.table = Table()
        self.marks: list[str] = []
        self.numbers: dict[tuple[str, str], list[int]] = {}  # release, table -> the number here of each of its cells
        self.named: dict[tuple[str, str, str], int] = {}  # release, table, name of the cell

    def add_told(self, name: str, told: Told) -> None:
        """A table of the release before."""
        self._add("then", name, told, told.marks)

    def add(self, name: str, marked: Marked) -> None:
        """A table of the release that is made."""
        self._add("now", name, marked.told(), marked.marks, marked.table)
        for cell, then in sorted(self._pairs(name)):
            grown = self.table.counts[cell] - self.table.counts[then]
            if self.table.before[then] != SHOWN:
                self.table.dear[cell] *= AGAIN
            elif not self.table.kept[cell]:
                self.table.open.add(cell)
            if grown >= 0:
                more = self.table.cell(grown, printed=False, dear=math.inf)
                self.marks.append(WITHHELD)
                self.table.sum(cell, [then, more])

    def _add(self, release: str, name: str, told: Told, marks: list[str], like: Table | None = None) -> None:
        twins = {
            cell: twin
            for cell, other, there in told.links
            if (twin := self.named.get((release, other, there))) is not None
            and self.table.counts[twin] == told.counts[cell]
        }
        numbers = self.numbers[release, name] = []
        for cell, count in enumerate(told.counts):
            if (number := twins.get(cell)) is None:
                if like is None:
                    number = self.table.told(count, marks[cell], told.guarded[cell])
                else:
                    number = self.table.cell(
                        count, printed=like.printed[cell], dear=like.dear[cell], kept=like.kept[cell]
                    )
                self.marks.append(marks[cell])
            numbers.append(number)
        self.table.sums += [tuple(numbers[cell] for cell in members) for members in told.sums]
        self.named |= {(release, name, cell): numbers[number] for cell, number in told.cells.items()}

    def _pairs(self, name: str) -> set[tuple[int, int]]:
        """Cells of a table and what they were."""
        return {
            (number, self.named["then", name, cell])
            for (release, table, cell), number in self.named.items()
            if (release, table) == ("now", name) and ("then", name, cell) in self.named
        }
