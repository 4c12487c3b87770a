"""What an onlooker can work out of hidden cells: exactly, by linear programs over all sums at once.

Shown cells are numbers, so the sums fall apart into blocks of hidden cells that hang together; each block is looked at
by itself, once. Few programs are needed: every solution found is a table the onlooker
cannot rule out, and a cell in which two of them differ by enough is safe.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csc_array
from scipy.sparse.csgraph import connected_components

Column = np.ndarray[Any, np.dtype[Any]]
#: How far above its true value a cell is let go; farther tells nothing more.
ROOM = 60.0
#: Directions are tried for whole blocks as long as one settles so many cells, but for a few that do not; then each cell
#: left is asked about alone.
WORTH, TRIES = 3, 4
#: Less than this is nothing: programs are solved in floating point.
EPS = 1e-6

#: Larger blocks are looked at for a release only: their programs take seconds, and nearly all in them is open.
LARGE = 1500
#: Blocks kept with what was found: from one data version to the next most stay as they are.
REMEMBERED = 5000
#: So many of the tables found last are looked at again.
KEPT = 300
_seen: dict[bytes, Column] = {}
_lock = threading.Lock()


class Onlooker:
    """Knows the sums (`at`, `line`, `sign` of their entries: sum of sign x cell is 0) and what is true."""

    def __init__(self, at: Column, line: Column, sign: Column, value: Column, enough: float) -> None:
        self.at, self.line, self.sign, self.value, self.enough = at, line, sign, value, enough
        self.tables: deque[Column] = deque(maxlen=KEPT)  # found on the way; what could be true once may be so still

    def widths(self, low: Column, high: Column, wanted: Column, largest: float) -> Column:
        """Greatest minus least possible value of each wanted cell, infinite where that is `enough` or more, and in
        blocks of more than `largest` cells.

        A cell is hidden where low < high. `low` and `high` are what is known of each alone; `wanted` is a mask.
        """
        width = np.full(len(self.value), np.inf)
        least, most = self.possible(low, high)
        wanted = wanted & (most - least < self.enough - EPS)
        for cells, system in self._blocks(np.flatnonzero(low < high)):
            asked = wanted[cells]
            if asked.any() and cells.size <= largest:
                width[cells] = self._block(system, cells, low[cells], high[cells], asked)
        return width

    def possible(self, low: Column, high: Column) -> tuple[Column, Column]:
        """Least and greatest value of each cell in the tables found so far that are possible still."""
        still = [t for t in self.tables if not ((t < low - EPS) | (t > high + EPS)).any()]
        found = np.array([self.value, *still])
        return found.min(axis=0), found.max(axis=0)

    def _found(self, cells: Column, values: Column) -> None:
        table = self.value.copy()
        table[cells] = values
        self.tables.append(table)

    def cheapest(self, low: Column, high: Column, cell: int, cost: Column) -> Column | None:
        """The cells of which to say less (to hide them, or not to say "<5") so that a hidden one is left `enough` open,
        at the least cost; None if saying nothing of any that has a finite cost would not do.

        One linear program looks for two tables that the onlooker could not tell from the true one and that differ by
        `enough` in this cell; what has to be other than is said of it for that is what to say less of (Kelly, Golden
        and Assad 1992, Networks 22:397). `low` and `high` are what is said of each cell alone.
        """
        open_, payable = low < high, np.isfinite(cost)
        cells, sums = next(block for block in self._blocks(np.flatnonzero(open_ | payable)) if cell in block[0])
        free, paid = np.flatnonzero(open_[cells]), np.flatnonzero(payable[cells])
        value, least, most = self.value[cells], low[cells], high[cells]
        # Up and down as far as is said of it, and beyond for a price.
        moves = np.concatenate([free, free, paid, paid])
        sign = np.repeat([1.0, -1.0, 1.0, -1.0], [free.size, free.size, paid.size, paid.size])
        within = [np.minimum(most - value, ROOM)[free], (value - least)[free]]
        limit = np.concatenate([*within, np.full(paid.size, ROOM), least[paid]])
        price = np.concatenate([np.zeros(2 * free.size), np.tile(cost[cells][paid], 2)])
        both = csc_array(sums[:, moves] * sign)
        apart = sign * (cells[moves] == cell)
        found: Any = linprog(
            np.tile(price, 2),
            A_eq=block_diag([both, both]),
            b_eq=np.zeros(2 * sums.shape[0]),
            A_ub=np.concatenate([-apart, apart])[None, :],
            b_ub=[-self.enough],
            bounds=np.column_stack([np.zeros(2 * moves.size), np.tile(limit, 2)]),
        )  # type: ignore[call-overload]
        if found.status != 0:
            return None
        tables = found.x.reshape(2, moves.size)
        for steps in tables:
            self._found(cells, value + np.bincount(moves, sign * steps, cells.size))
        moved = tables.max(axis=0) > EPS
        return np.unique(cells[moves[moved & (price > 0)]])

    def _blocks(self, cells: Column) -> Iterator[tuple[Column, csc_array]]:
        """Those of the cells that hang together: their numbers, and the sums they stand in as a matrix."""
        place = np.full(len(self.value), -1)
        place[cells] = np.arange(cells.size)
        inside = place[self.at] >= 0
        lines, row = np.unique(self.line[inside], return_inverse=True)
        entries = (self.sign[inside], (row, place[self.at[inside]]))
        system = csc_array(entries, shape=(len(lines), cells.size))
        count, block = connected_components(abs(system.T) @ abs(system), directed=False)
        order = np.argsort(block, kind="stable")
        for part in np.split(order, np.cumsum(np.bincount(block, minlength=count))[:-1]):
            columns = system[:, part]
            yield cells[part], csc_array(columns.tocsr()[np.unique(columns.indices)])

    def _block(self, system: csc_array, cells: Column, low: Column, high: Column, asked: Column) -> Column:
        value = self.value[cells]
        if cells.size > LARGE:  # seldom the same again, and much to keep
            return self._narrowed(system, cells, low, high, asked)
        parts = (system.indptr, system.indices, system.data, value, low, high, asked)
        known = hashlib.sha256(b"".join(part.tobytes() for part in parts)).digest()
        with _lock:
            held = _seen.get(known)
        if held is None:
            held = self._narrowed(system, cells, low, high, asked)
            with _lock:
                if len(_seen) >= REMEMBERED:
                    _seen.clear()
                _seen[known] = held
        return held

    def _narrowed(self, sums: csc_array, cells: Column, low: Column, high: Column, asked: Column) -> Column:
        value = self.value[cells]
        total = sums @ value
        bounds = np.column_stack([low, np.minimum(high, value + ROOM)])
        least, most = value.copy(), value.copy()

        def push(goal: Column) -> None:
            found: Any = linprog(goal, A_eq=sums, b_eq=total, bounds=bounds)  # type: ignore[call-overload]
            if found.status == 0:
                np.minimum(least, found.x, out=least)
                np.maximum(most, found.x, out=most)
                self._found(cells, found.x)

        def left() -> Column:
            return np.flatnonzero(asked & (most - least < self.enough - EPS))

        chance = np.random.default_rng(1)
        open_, failed, first = left(), 0, True
        while open_.size and failed < TRIES:
            goal = np.zeros(len(value))
            goal[open_] = 1.0 if first else chance.choice([-1.0, 1.0], open_.size)
            push(goal)
            push(-goal)
            before, open_, first = open_.size, left(), False
            failed += before - open_.size < WORTH
        for cell in left():
            if cell in left():
                goal = np.zeros(len(value))
                goal[cell] = 1.0
                push(goal)
                push(-goal)
        width = np.full(len(value), np.inf)
        tight = left()
        width[tight] = np.round(most - least, 6)[tight]
        return width
