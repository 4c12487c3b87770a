"""Words and rows of the page that asks whether platforms act on repeated complaints, and its made-up example."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from .frames import each
from .i18n import Language
from .stats.trap import Trap, totals_trap
from .ui_html import Column, Row, count, digits, rate_cell


def platform_answer(_: Language, response: Any) -> str:
    """Whether platforms act more often the more was on file, as a sentence with its interval."""
    if response.verdict == "no_evidence":
        return _("platforms.answer.no_evidence")
    ratios = (_.number(round(ratio, 2)) for ratio in (response.slope, response.low, response.high))
    slope, low, high = ratios
    return _(f"platforms.answer.{response.verdict}", slope=slope, low=low, high=high, n=count(_, response.known))


def exposure_rows(_: Language, bins: Any) -> Iterator[Row]:
    """Platform events by what was on file before."""
    for r in each(bins):
        known_n = (
            _.number(int(r.events_n) - int(r.unknown_n)) if r.events.isdecimal() and r.unknown.isdecimal() else "…"
        )
        acted = rate_cell(_, r.acted, known_n.replace(",", ""), r.rate, r.low, r.high)
        yield Row([str(r.bin).replace("-", "–"), digits(_, r.events), digits(_, r.unknown), acted])


@cache
def simulated() -> Trap:
    """The made-up world, the same for everybody."""
    return totals_trap()


def trap_frame(trap: Trap) -> pd.DataFrame:
    """What the example draws, for its file."""
    named = (("by_total", trap.by_total), ("by_before", trap.by_before))
    rows = [(count, bin_, share, n) for count, points in named for bin_, share, n in points]
    frame = pd.DataFrame(rows, columns=["counted", "complaints", "share", "n"])
    return frame.astype({"counted": "str", "complaints": "str", "n": "Int64"})


def trap_columns(_: Language) -> list[Column]:
    """Heads of the example's table."""
    return [
        Column(_("figures.trap.axis")),
        Column(_("figures.trap.by_total"), numeric=True),
        Column(_("figures.trap.by_before"), numeric=True),
    ]


def trap_rows(_: Language, trap: Trap) -> Iterator[Row]:
    """The example, both ways of counting side by side."""
    totals = {bin_: _.percent(share, 1) for bin_, share, _n in trap.by_total}
    for bin_, share, _n in trap.by_before:
        yield Row([bin_.replace("-", "–"), totals.get(bin_, "–"), _.percent(share, 1)])
