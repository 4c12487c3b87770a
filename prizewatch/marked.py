"""Counts by key, their sums and their marks: a cross-table on its way through disclosure control.

A release before has shown some of these counts already (`past`). What both show together must give nothing away, and
reports mostly come and seldom go, so an onlooker may take every count for one that has grown: each is tied to what it
was then, by a growth of nought or more.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import pandas as pd

from . import disclosure, past
from .frames import Register

PLATFORMS = ("s3_lottery_platform", "s4_host_platform")
RAW = ("reached", "decided", "relief_full", "relief_partial", "sanction_only", "action_known", "action_taken")
#: Counts that headline figures rest on: others go first.
DEAR = {"disputes": 6.0, "reached": 20.0, "decided": 6.0, "relief_any": 6.0, "resolved": 2.0}
#: What a rate is made of is so much dearer where one can stand: rates are what readers come for.
RATE = 20.0

#: A cell of another table: its name, the key of the row, the name of the count.
Elsewhere = tuple[str, tuple[Any, ...], str]


def rate_stands(good: int, decided: int) -> bool:
    """Whether a rate can be told at all: of enough, and neither what came out well nor the rest of it is few."""
    small = range(1, disclosure.SMALL)
    return decided >= disclosure.RATE_FROM and good not in small and decided - good not in small


class Marked:
    """Counts by key, every count a cell of one disclosure table; after `close` each has its mark. Of a register, with
    what the latest release told in a table of this name in mind.
    """

    def __init__(self, register: Register | None = None, name: str = "") -> None:
        before = past.of(register) if register is not None else None
        self.was = before.tables.get(name) if before else None  # the table as the release before has it
        self.unmoved = before is not None and register is not None and before.version == register.version()
        self.table = disclosure.Table()
        self.rows: dict[tuple[Any, ...], dict[str, int]] = {}
        self.rests: dict[Elsewhere, dict[str, int]] = {}  # cells of `at_least`: printed nowhere, but they grow too
        self.marks: list[str] = []
        self.links: list[tuple[int, str, str]] = []  # cells that are those of another table: cell, table, name there

    def add(
        self,
        key: tuple[Any, ...],
        counts: dict[str, int],
        silent: Collection[str] = (),
        withheld: Collection[str] = (),
        dear: float = 1.0,
        rate: tuple[str, ...] = (),
    ) -> None:
        """A row of counts. Those named in `silent` are never printed, and protected if small; those in `withheld` are
        not printed because another table hides what they add up to. `rate` names the two a rate is made of.
        """
        dearer = dict.fromkeys(rate, RATE) if rate and rate_stands(*(counts[name] for name in rate)) else {}
        self.rows[key] = {
            name: self.table.cell(
                value,
                printed=name not in silent and name not in withheld,
                dear=dear * DEAR.get(name, 1.0) * dearer.get(name, 1.0),
                kept=name in withheld,
            )
            for name, value in counts.items()
        }

    def sum(self, name: str, total: tuple[Any, ...], parts: list[tuple[Any, ...]]) -> None:
        """The count `name` of a row is the sum of the same count of other rows."""
        self.table.sum(self.rows[total][name], [self.rows[part][name] for part in parts])

    def same(self, key: tuple[Any, ...], as_key: tuple[Any, ...]) -> None:
        """A row that is another row under a second name: a group with one type on file."""
        self.rows[key] = self.rows[as_key]

    def twin(self, key: tuple[Any, ...], name: str, row: tuple[Any, ...], as_name: str) -> None:
        """Nearly the same thing counted twice: where the numbers agree it is one cell, for one may not betray the
        other. What the release before held for two stays two, or the one it shows would tell what it hid.
        """
        cells, twin = self.rows[key], self.rows[row][as_name]
        then = self.was.cells if self.was else {}
        agree = self.table.counts[cells[name]] == self.table.counts[twin]
        if agree and then.get(f"{key}|{name}") == then.get(f"{row}|{as_name}"):
            cells[name] = twin

    def inside(self, key: tuple[Any, ...], total: str, parts: tuple[str, ...]) -> None:
        """A sum inside one row."""
        cells = self.rows[key]
        self.table.sum(cells[total], [cells[part] for part in parts])

    def rung(self, key: tuple[Any, ...], c: dict[str, int], dear: float = 1.0, withheld: Collection[str] = ()) -> None:
        """A row of the ladder: the counts of the mart, what follows from them, and their sums."""
        relief = c["relief_full"] + c["relief_partial"]
        counts = {
            **{name: c[name] for name in RAW[:5]},
            "undecided": c["reached"] - c["decided"],
            "relief_any": relief,
            "no_relief": max(0, c["decided"] - relief - c["sanction_only"]),
        }
        platform = key[-1] in PLATFORMS and "action_known" in c
        if platform:
            known, taken = c["action_known"], c["action_taken"]
            counts |= {"action_known": known, "action_taken": taken, "action_none": known - taken}
        self.add(key, counts, ("no_relief",), withheld, dear, rate=("relief_any", "decided"))
        self.inside(key, "reached", ("decided", "undecided"))
        self.inside(key, "decided", ("relief_any", "sanction_only", "no_relief"))
        self.inside(key, "relief_any", ("relief_full", "relief_partial"))
        if platform:
            self.inside(key, "action_known", ("action_taken", "action_none"))

    def known(self, total: int | None, parts: list[int], of: Elsewhere | None = None) -> int:
        """Cells that add up to a number another table shows (`total`, None where it hides it); returns its own cell.
        `of` says where it stands, if it is one number there.
        """
        count = sum(self.table.counts[c] for c in parts)
        whole = self._elsewhere(count, total is not None, of)
        self.table.sum(whole, parts)
        return whole

    def split(self, cell: int, among: list[Elsewhere], there: Marked) -> None:
        """A cell that is the sum of cells of another table, if the numbers agree."""
        parts = [
            self._elsewhere(there.count(key, name), there.value(key, name) is not None, (table, key, name))
            for table, key, name in among
            if key in there.rows
        ]
        self.table.sum(cell, parts)

    def at_least(self, number: int, told: bool, parts: list[int], of: Elsewhere) -> None:
        """Cells that add up to no less than a number that another table holds, and shows if `told`."""
        rest = sum(self.table.counts[c] for c in parts) - number
        if rest >= 0:
            whole = self._elsewhere(number, told, of)
            both, more = (self.table.cell(n, printed=False, dear=math.inf) for n in (number + rest, rest))
            self.table.sum(both, parts)
            self.table.sum(both, [whole, more])
            self.rests[of] = {"both": both, "more": more}

    def _elsewhere(self, count: int, told: bool, of: Elsewhere | None) -> int:
        cell = self.table.cell(count, printed=told, dear=math.inf, kept=not told)
        if of is not None:
            table, key, name = of
            self.links.append((cell, table, f"{key}|{name}"))
        return cell

    def close(self) -> Marked:
        """Mark the cells."""
        if self.was and self.unmoved and self.was.counts == self.table.counts:
            self.marks = list(self.was.marks)
        else:
            table = self.table if self.was is None else self._beside(self.was)
            self.marks = table.marks()[: len(self.table.counts)]
        return self

    def _beside(self, told: past.Told) -> disclosure.Table:
        """This table and that of the release before, tied cell by cell."""
        joint = self.table.copy()
        first = len(joint.counts)
        for count, mark, guarded in zip(told.counts, told.marks, told.guarded, strict=True):
            joint.told(count, mark, guarded)
        joint.sums += [tuple(cell + first for cell in members) for members in told.sums]
        for cell, old in sorted({(cell, told.cells[n]) for n, cell in self.cells().items() if n in told.cells}):
            joint.since(cell, old + first)
        return joint

    def cells(self) -> dict[str, int]:
        """Every named cell: "key|name" -> its number."""
        return {
            f"{key}|{name}": cell
            for rows in (self.rows, self.rests)
            for key, row in rows.items()
            for name, cell in row.items()
        }

    def told(self) -> past.Told:
        """What a release keeps of this table."""
        return past.Told(self.table.counts, self.marks, self.table.guarded(), self.table.sums, self.cells(), self.links)

    def count(self, key: tuple[Any, ...], name: str) -> int:
        """The count, hidden or not: for other tables, not for readers."""
        return self.table.counts[self.rows[key][name]]

    def value(self, key: tuple[Any, ...], name: str) -> int | None:
        """The count, None where it is hidden, 0 where there is no such row."""
        if name not in self.rows.get(key, {}):
            return 0
        cell = self.rows[key][name]
        return self.table.counts[cell] if self.marks[cell] == disclosure.SHOWN else None

    def frame(self, keys: list[tuple[Any, ...]], names: tuple[str, ...]) -> pd.DataFrame:
        """Pairs `x` and `x_n` for each name, one row a key."""
        columns: dict[str, pd.Series] = {}
        for name in names:
            cells = [self.rows[key].get(name) for key in keys]
            columns[name], columns[f"{name}_n"] = disclosure.pair(
                [0 if c is None else self.table.counts[c] for c in cells],
                [disclosure.SHOWN if c is None else self.marks[c] for c in cells],
            )
        return pd.DataFrame(columns)
