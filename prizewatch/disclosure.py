"""Disclosure control (statistics.md S9): which counts leave the register, and which stand behind a marker.

Counts of 1 to 4 are hidden ("<5"); 0 is shown. What could be worked out from totals, parts and differences is hidden too ("…").
A `Table` holds cells and the sums that connect them (a row, a column, "decided = relief + none"); `marks` hides until
nobody who knows every printed number and every sum can narrow a hidden cell to less than the primary rule leaves open.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

#: Counts from 1 to one below this are never printed.
SMALL = 5
#: A rate, an interval, a bound or a median needs this many decided disputes; below GREY it is drawn pale.
RATE_FROM = 10
GREY_BELOW = 30
#: Breakdowns inside one organizer need this many disputes.
BREAKDOWN_FROM = 5
#: Shares of an organizer's draws need this many known draws.
DRAWS_FROM = 5

SHOWN, FEW, WITHHELD = "", f"<{SMALL}", "…"


class Table:
    """Cells and the sums between them."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.printed: list[bool] = []
        self.cost: list[float] = []
        self.sums: list[tuple[int, list[int]]] = []

    def cell(self, value: int, *, printed: bool = True, dear: float = 1.0) -> int:
        """Add a count; returns its number. A cell that is not printed is still protected from being worked out.

        `dear` says how much worse it is to lose this one than another of the same size; `inf` is never hidden.
        """
        self.counts.append(int(value))
        self.printed.append(printed)
        self.cost.append(dear)
        return len(self.counts) - 1

    def sum(self, total: int, parts: Iterable[int]) -> None:
        """Say that a cell is the sum of others. A sum that does not hold tells an onlooker nothing and is left out."""
        parts = list(parts)
        if parts and self.counts[total] == sum(self.counts[p] for p in parts):
            self.sums.append((total, parts))

    def marks(self) -> list[str]:
        """For each cell: "" shown, "<5" or "…"."""
        return [FEW if 0 < v < SMALL else SHOWN for v in self.counts]


def pair(values: Sequence[int], marks: Sequence[str]) -> tuple[pd.Series, pd.Series]:
    """Counts as text for the eye and as Int64, NA where hidden."""
    shown = [mark == SHOWN for mark in marks]
    text = [str(v) if ok else mark for v, ok, mark in zip(values, shown, marks, strict=True)]
    number = [int(v) if ok else pd.NA for v, ok in zip(values, shown, strict=True)]
    return pd.Series(text, dtype="str"), pd.Series(number, dtype="Int64")


def rate_allowed(decided: pd.Series | np.ndarray) -> np.ndarray:
    """Where a rate may stand: enough decided disputes, and their number shown."""
    n = pd.Series(decided).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    return np.nan_to_num(n, nan=0.0) >= RATE_FROM
