"""Disclosure control (statistics.md S9): which counts leave the register, and which stand behind a marker.

Counts of 1 to 4 are hidden ("<5"); 0 is shown. What could be worked out from totals, parts and differences is hidden
too ("…"). A `Table` holds cells and the sums that connect them (a row, a column, "decided = relief + none"). `marks`
plays the onlooker: whoever knows every printed number, the meaning of the markers and every sum must be left with at
least as many possible values of a hidden cell as "<5" leaves. "…" may stand for any number, also a small one.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csc_array, eye_array
from scipy.sparse.linalg import splu

from .onlooker import LARGE, Onlooker

#: Counts from 1 to one below this are never printed.
SMALL = 5
#: A rate, an interval, a bound or a median needs this many decided disputes; below GREY it is drawn pale.
RATE_FROM = 10
GREY_BELOW = 30
#: Breakdowns inside one organizer need this many disputes.
BREAKDOWN_FROM = 5
#: Shares of an organizer's draws need this many known draws.
DRAWS_FROM = 5

Column = np.ndarray[Any, np.dtype[Any]]

SHOWN, FEW, WITHHELD = "", f"<{SMALL}", "…"
#: Greatest minus least possible value that "<5" leaves open: 4 - 1.
SPREAD = SMALL - 2
#: What was hidden before had better stay hidden: so much cheaper is it to hide than the like of it.
AGAIN = 0.1
#: What is missed more than this goes only if nothing less will do, by all sums at once.
MISSED = 300.0
_ANY = 1e12  # stands for "no limit" in sums of bounds
#: How much a cell would be missed, and its number.
Choice = tuple[float, int]


class Table:
    """Cells and the sums between them."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.printed: list[bool] = []
        self.dear: list[float] = []
        self.kept: list[bool] = []
        self.before: list[str | None] = []  # the mark an earlier release gave it, for good
        self.open: set[int] = set()  # about so large an earlier release showed them: no secret, unless small now
        self.sums: list[tuple[int, ...]] = []  # the total, then its parts

    def cell(self, value: int, *, printed: bool = True, dear: float = 1.0, kept: bool = False) -> int:
        """Add a count; returns its number. A small cell that is not printed is still protected from being worked out,
        and so is a `kept` one of any size: another table hides it.

        `dear` says how much worse it is to lose this one than another of the same size; `inf` is never hidden.
        """
        self.counts.append(int(value))
        self.printed.append(printed)
        self.dear.append(dear)
        self.kept.append(kept)
        self.before.append(None)
        return len(self.counts) - 1

    def told(self, value: int, mark: str, guarded: bool) -> int:
        """Add a count of an earlier release with the mark it has there: it may not be worked out later on either."""
        cell = self.cell(value, printed=guarded, dear=math.inf)
        self.before[cell] = mark
        return cell

    def since(self, cell: int, then: int) -> None:
        """Say that a cell counts on from one of an earlier release (`told`): it is what it was, and what came, for
        reports seldom go.
        """
        if self.before[then] != SHOWN:
            self.dear[cell] *= AGAIN
        elif not self.kept[cell]:
            self.open.add(cell)
        grown = self.counts[cell] - self.counts[then]
        if grown >= 0:
            self.sum(cell, [then, self.cell(grown, printed=False, dear=math.inf)])

    def guarded(self) -> list[bool]:
        """Which cells must not be worked out once they are hidden: what is printed, small or kept."""
        return Masking(self).all_secret.tolist() if self.counts else []

    def copy(self) -> Table:
        """The same cells and sums, to add more to."""
        return copy.deepcopy(self)

    def sum(self, total: int, parts: Iterable[int]) -> None:
        """Say that a cell is the sum of others. A sum that does not hold tells an onlooker nothing and is left out."""
        members = (total, *parts)
        if len(members) > 1 and self.counts[total] == sum(self.counts[p] for p in members[1:]):
            self.sums.append(members)

    def marks(self) -> list[str]:
        """For each cell: "" shown, "<5" or "…"."""
        return Masking(self).run() if self.counts else []


class Masking:
    """One run over one table: hide, look with the onlooker's eyes, hide more, until nothing can be worked out."""

    def __init__(self, table: Table) -> None:
        self.value = np.array(table.counts, dtype=float)
        self.dear = np.array(table.dear)
        self.printed = printed = np.array(table.printed)
        kept = np.array(table.kept)
        self.before = before = np.array([mark is not None for mark in table.before])
        shown = np.array([mark == SHOWN for mark in table.before])
        free = np.isfinite(self.dear) | kept | (before & ~shown & printed)
        self.small = small = (self.value > 0) & (self.value < SMALL) & free
        self.few: Column = np.where(before, [mark == FEW for mark in table.before], small & printed)
        self.withheld: Column = np.where(before, [mark == WITHHELD for mark in table.before], ~printed)
        self.all_secret = small | printed | kept
        opened = np.isin(np.arange(len(self.value)), list(table.open))
        # What must not be worked out once it is hidden: only what was not shown before, and is not nothing.
        self.secret = self.guarded = small | (self.all_secret & ~opened & (self.value > 0))
        self.wide = np.zeros(len(self.value), dtype=bool)  # known to be open enough as long as no less is hidden
        sizes = np.array([len(members) for members in table.sums], dtype=int)
        self.at = np.fromiter(chain.from_iterable(table.sums), dtype=int, count=int(sizes.sum()))
        self.line = np.repeat(np.arange(len(sizes)), sizes)
        self.starts = starts = np.cumsum(sizes) - sizes
        self.sign = np.ones(len(self.at))
        self.sign[starts] = -1.0
        self.sums = list(table.sums)
        self.lines_of: list[list[int]] = [[] for _ in table.counts]
        for cell, line in zip(self.at.tolist(), self.line.tolist(), strict=True):
            self.lines_of[cell].append(line)
        self.totals = {members[0] for members in table.sums}
        self.onlooker = Onlooker(self.at, self.line, self.sign, self.value, SPREAD)
        self.largest: float = LARGE  # block that is looked at
        self.lost: set[int] = set()  # cells nothing can protect, because the totals themselves give them away

    def run(self) -> list[str]:
        """The mark of each cell."""
        self._hide()
        self._say()
        return self._marks()

    def _hide(self) -> None:
        """As if every marker were "…", but for those of the release before: hide until the sums leave enough open."""
        self.stands, self.few = self.few, self.few & self.before
        self.withheld = self.withheld | (self.stands & ~self.few)
        begun, lost = self.withheld.copy(), -1
        # Cells that nothing can protect are only known to be so when everything around them was hidden: then begin
        # again without them.
        while lost < len(self.lost):
            self.withheld, lost = begun.copy(), len(self.lost)
            self.wide[:] = False
            for guarded in (self.secret & self.small, self.secret):
                self.guarded = guarded
                while (tight := self._pinned()).size:
                    self._loosen(tight)
                self._show_known()

    def _say(self) -> None:
        """Say "<5" of the small ones, except where that would say too much."""
        self.few, self.withheld = self.stands, self.withheld & ~self.stands
        self.wide[:] = False
        while (tight := self._saying_too_much()).size:
            self._say_less(tight)

    def _marks(self) -> list[str]:
        return [FEW if few else WITHHELD if w else SHOWN for few, w in zip(self.few, self.withheld, strict=True)]

    def _pinned(self) -> Column:
        low, high = self._known()
        self.width: Column = high - low
        tight = self._tight(self.width)
        if tight.size or (tight := self._solved()).size:
            return tight
        return self._programmed()

    def _show_known(self) -> None:
        """What is hidden for the sake of others, and can be worked out all the same, need not be hidden."""
        low, high = self._known()
        self.withheld &= (low != high) | self.small | ~self.printed | self.before

    def _saying_too_much(self) -> Column:
        low, high = self._known()
        tight = self._tight(high - low)
        return tight if tight.size else self._programmed()

    def _hidden(self) -> Column:
        hidden: Column = self.few | self.withheld
        return hidden

    def _prior(self) -> tuple[Column, Column]:
        """What the page itself says of each cell: least and greatest value."""
        low = np.where(self.withheld, 0.0, np.where(self.few, 1.0, self.value))
        high = np.where(self.withheld, _ANY, np.where(self.few, SMALL - 1.0, self.value))
        return low, high

    def _known(self) -> tuple[Column, Column]:
        """What the sums add to that: bounds passed along every sum until they stand still."""
        low, high = self._prior()
        entry = np.flatnonzero(self._hidden()[self.at])  # what is shown is known already
        if not entry.size:
            return low, high
        cell, sign = self.at[entry], self.sign[entry]
        up = sign > 0
        lines, starts, line = np.unique(self.line[entry], return_index=True, return_inverse=True)
        told = self._shown_part()[lines]
        order = np.argsort(cell, kind="stable")
        cells, first = np.unique(cell[order], return_index=True)
        for _ in range(100):
            below, above = low[cell], high[cell]
            a, b = np.where(up, below, -above), np.where(up, above, -below)
            least, most = (np.add.reduceat(part, starts)[line] + told[line] for part in (a, b))
            from_below, from_above = b - most, a - least  # of sign * value
            new_low = np.maximum.reduceat(np.where(up, from_below, -from_above)[order], first)
            new_high = np.minimum.reduceat(np.where(up, from_above, -from_below)[order], first)
            np.maximum(new_low, low[cells], out=new_low)
            np.minimum(new_high, high[cells], out=new_high)
            if np.array_equal(new_low, low[cells]) and np.array_equal(new_high, high[cells]):
                break
            low[cells], high[cells] = new_low, new_high
        return low, high

    def _shown_part(self) -> Column:
        """For each sum, what its shown cells come to."""
        shown = np.where(self._hidden(), 0.0, self.value)
        return np.bincount(self.line, weights=self.sign * shown[self.at], minlength=len(self.sums))

    def _tight(self, width: Column) -> Column:
        tight = np.flatnonzero(self._hidden() & self.guarded & (width < SPREAD) & ((self.value > 0) | (width > 0)))
        return tight[[cell not in self.lost for cell in tight]] if self.lost else tight

    def _solved(self) -> Column:
        """Hidden cells that the sums determine as a system of equations, though no single one does."""
        hidden = self._hidden()
        entry = hidden[self.at]
        if not entry.any():
            return np.array([], dtype=int)
        cells, column = np.unique(self.at[entry], return_inverse=True)
        lines, row = np.unique(self.line[entry], return_inverse=True)
        system = csc_array((self.sign[entry], (row, column)), shape=(len(lines), len(cells)))
        push = np.random.default_rng(1).standard_normal((len(cells), 2))
        gram = csc_array(system @ system.T + 1e-9 * eye_array(len(lines)))
        free = push - system.T @ _factored(gram).solve(system @ push)  # the part of the push that breaks no sum
        width = np.full(len(self.value), _ANY)
        width[cells] = np.where(np.abs(free).max(axis=1) > 1e-6, _ANY, 0.0)
        return self._tight(width)

    def _programmed(self, among: Column | bool = True) -> Column:
        """Hidden cells (`among`: a mask) that all sums together narrow though no single one does."""
        low, high = self._known()
        wanted = self._hidden() & self.guarded & among & ~self.wide
        width = np.minimum(self.onlooker.widths(low, high, wanted, self.largest), high - low)
        self.width = np.where(wanted, width, _ANY)
        self.wide |= wanted & (width >= SPREAD)
        return self._tight(self.width)

    def _loosen(self, tight: Column) -> None:
        """Give what ties each tight cell one more unknown: the one that is least missed. Where that would be missed
        much, the cells wait for what the others set free, and are then asked about one by one.
        """
        hidden, offers = self._hidden(), self._offers()
        narrow = hidden & (self.width < SPREAD)
        prior = np.where(hidden, _ANY, 0.0)
        slack = [(free, np.bincount(self.line, free[self.at], len(self.sums))) for free in (prior, self.width)]
        choices: set[Choice] = set()
        wait: list[int] = []
        for cell in tight.tolist():
            lines = self.lines_of[cell]
            ties: list[int] = []
            for free, of_line in slack:
                ties = ties or [i for i in lines if of_line[i] - free[cell] < SPREAD]
            # What holds a tie may itself be held by other sums: opening one of those will do as well.
            near = {i for tie in ties for c in self.sums[tie] if c != cell and narrow[c] for i in self.lines_of[c]}
            choice = _least_missed(offers, near.union(ties) or lines) or self._further(cell, offers)
            if choice is None:
                self.lost.add(cell)
            elif choice[0] > MISSED:
                wait.append(cell)
            else:
                choices.add(choice)
        if wait and not choices and not self._let_go(wait[0]):
            self.lost.add(wait[0])
        # Cheap ones first: they often free the rest, and totals need not go.
        most = 3 * min((missed for missed, _ in choices), default=0.0)
        done: set[int] = set()
        for missed, chosen in sorted(choices):
            if missed <= most and not done.intersection(self.lines_of[chosen]):
                self.withheld[chosen] = True
                done.update(self.lines_of[chosen])

    def _let_go(self, cell: int) -> bool:
        """Hide what holds a cell, the least missed of it all told. Whether that could be done."""
        holding = self.onlooker.cheapest(*self._prior(), cell, self._missed())
        if holding is not None:
            self.withheld[holding] = True
        return holding is not None

    def _say_less(self, tight: Column) -> None:
        """Take back the least missed "<5" of the sums around each tight cell."""
        done: set[int] = set()
        for cell in tight.tolist():
            lines = self.lines_of[cell]
            may = self.few & ~self.before
            near = {int(c) for line in lines for c in self.sums[line] if may[c]} or set(np.flatnonzero(may).tolist())
            if not near:
                self.lost.add(cell)
            elif not done.intersection(lines):
                chosen = min(near, key=lambda c: (c in self.totals, self.dear[c] * self.value[c], c))
                self.few[chosen], self.withheld[chosen] = False, True
                done.update(lines, self.lines_of[chosen])

    def _further(self, cell: int, offers: list[Choice | None]) -> Choice | None:
        """What the nearest sum that has something left would give up, from sum to sum over the cells hidden already."""
        hidden, seen, near = self._hidden(), set[int](), {cell}
        while near:
            lines = {line for one in near for line in self.lines_of[one]} - seen
            if choice := _least_missed(offers, lines):
                return choice
            seen |= lines
            near = {c for line in lines for c in self.sums[line] if hidden[c]}
        return None

    def _missed(self) -> Column:
        """How much each cell would be missed; infinite where it cannot go, or is gone."""
        missed = self._worth()
        missed[self._hidden()] = np.inf
        return missed

    def _worth(self) -> Column:
        worth: Column = self.dear * np.where(self.value == 0, 1e6, self.value)
        return worth

    def _offers(self) -> list[Choice | None]:
        """What each sum would give up."""
        if not len(self.at):
            return []
        asked = self._missed()[self.at]
        least = np.minimum.reduceat(asked, self.starts)
        first = np.where(asked == least[self.line], np.arange(len(asked)), len(asked))
        cells = self.at[np.minimum.reduceat(first, self.starts)]
        return [(m, c) if m < math.inf else None for m, c in zip(least.tolist(), cells.tolist(), strict=True)]


def _least_missed(offers: list[Choice | None], lines: Iterable[int]) -> Choice | None:
    """Of all that these sums could give up, what is least missed."""
    return min((offer for line in lines if (offer := offers[line])), default=None)


def _factored(gram: csc_array) -> Any:
    """Factors of a symmetric positive definite matrix: ordered for one, and never pivoted, so they stay sparse."""
    return splu(gram, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})


def pair(values: Sequence[int], marks: Sequence[str]) -> tuple[pd.Series, pd.Series]:
    """Counts as text for the eye and as Int64, NA where hidden."""
    shown = [mark == SHOWN for mark in marks]
    text = [str(v) if ok else mark for v, ok, mark in zip(values, shown, marks, strict=True)]
    number = [int(v) if ok else pd.NA for v, ok in zip(values, shown, strict=True)]
    return pd.Series(text, dtype="str"), pd.Series(number, dtype="Int64")


def rate_allowed(decided: pd.Series | Column) -> Column:
    """Where a rate may stand: enough decided disputes, and their number shown."""
    n = pd.Series(decided).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return np.asarray(np.nan_to_num(n, nan=0.0) >= RATE_FROM)
