"""All cross-tables of a release, and of the one before, as somebody reads them who has them all side by side.

Each table is marked with its own past in mind and with what the tables before it show (`marked`). Numbers that two
tables hide can tell together what neither tells alone: here all of them are one table, and more is hidden where that
is so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import apart
from .disclosure import WITHHELD, Table
from .marked import Marked
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
        self._add(
            "then", name, told, lambda cell: self.table.told(told.counts[cell], told.marks[cell], told.guarded[cell])
        )

    def add(self, name: str, marked: Marked) -> None:
        """A table of the release that is made, its numbers tied to what they were."""
        own, told = marked.table, marked.told()
        self._add(
            "now",
            name,
            told,
            lambda cell: self.table.cell(
                own.counts[cell], printed=own.printed[cell], dear=own.dear[cell], kept=own.kept[cell]
            ),
        )
        pairs = {
            (self.named["now", name, cell], self.named["then", name, cell])
            for cell in told.cells
            if ("then", name, cell) in self.named
        }
        for cell, then in sorted(pairs):
            self.table.since(cell, then)
        self.marks += [WITHHELD] * (len(self.table.counts) - len(self.marks))  # nobody prints what came

    def _add(self, release: str, name: str, told: Told, new: Callable[[int], int]) -> None:
        """The cells of a table, its sums and names. What is the same number as one that is here already is that one."""
        twins = {
            cell: twin
            for cell, other, there in told.links
            if (twin := self.named.get((release, other, there))) is not None
            and self.table.counts[twin] == told.counts[cell]
        }
        numbers = self.numbers[release, name] = []
        for cell, mark in enumerate(told.marks):
            if cell not in twins:
                self.marks.append(mark)
            numbers.append(twins[cell] if cell in twins else new(cell))
        self.table.sums += [tuple(numbers[cell] for cell in members) for members in told.sums]
        self.named |= {(release, name, cell): numbers[number] for cell, number in told.cells.items()}
