"""Tables and numbers as plain HTML, everything escaped: any screen reader reads it, a phone shows cards."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from .i18n import Language


def escape(text: object) -> str:
    """Text made safe for HTML, quotes included. Nothing reaches a page without it."""
    return html.escape(str(text), quote=True)


#: More dots than these are no picture any more.
MOST_DOTS = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: text, a smaller note under it, a link; `span` draws an interval, `bar` a share, `dots` how many
    of how many (decoration all three: the numbers are in the text).
    """

    text: str
    note: str = ""
    href: str = ""
    badge: str = ""
    badge_kind: str = ""
    span: tuple[float, float, float] | None = None  # low, value, high between 0 and 1
    bar: float | None = None
    dots: tuple[int, int] | None = None  # filled, of all

    def html(self) -> str:
        """The cell's inside."""
        text = escape(self.text)
        parts = [f"<a href='{escape(self.href)}'>{text}</a>" if self.href else text]
        if self.badge:
            parts.append(f" <span class='pw-badge {escape(self.badge_kind)}'>{escape(self.badge)}</span>")
        if self.note:
            parts.append(f"<span class='pw-note'>{escape(self.note)}</span>")
        if self.span:
            low, value, high = (100 * min(max(v, 0.0), 1.0) for v in self.span)
            parts.append(
                f"<span class='pw-range' aria-hidden='true'><i style='left:{low:.1f}%;width:{high - low:.1f}%'></i>"
                f"<b style='left:{value:.1f}%'></b></span>"
            )
        if self.bar is not None:
            width = 100 * min(max(self.bar, 0.0), 1.0)
            parts.append(f"<span class='pw-bar' aria-hidden='true'><i style='width:{width:.1f}%'></i></span>")
        if self.dots is not None:
            filled, of = (min(number, MOST_DOTS) for number in self.dots)
            more = "+" if self.dots[1] > MOST_DOTS else ""
            parts.append(f"<span class='pw-dots' aria-hidden='true'>{'●' * filled}{'○' * (of - filled)}{more}</span>")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, whether it holds numbers, whether its cells take a card's whole width on a phone."""

    head: str
    numeric: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, the first being its name; `grey` where the numbers are too few to lean on."""

    cells: Sequence[Cell | str] = field(default_factory=tuple)
    grey: bool = False


def table(columns: Sequence[Column], rows: Iterable[Row], caption: str, *, cards: bool = True) -> str:
    """An HTML table. Roles are written out because the phone's card layout would take them from the tags."""
    head = "".join(
        f"<th scope='col' role='columnheader' class='{'num' if c.numeric else ''}'>{escape(c.head)}</th>"
        for c in columns
    )
    body = []
    for row in rows:
        cells = []
        for number, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            inside = cell.html() if isinstance(cell, Cell) else escape(cell)
            if number == 0:
                cells.append(f"<th scope='row' role='rowheader'>{inside}</th>")
                continue
            kinds = " ".join(k for k, on in (("num", column.numeric), ("wide", column.wide)) if on)
            cells.append(f"<td role='cell' class='{kinds}' data-label='{escape(column.head)}'>{inside}</td>")
        body.append(f"<tr role='row' class='{'grey' if row.grey else ''}'>{''.join(cells)}</tr>")
    return (
        f"<table role='table' class='pw-table {'cards' if cards else ''}'><caption>{escape(caption)}</caption>"
        f"<thead role='rowgroup'><tr role='row'>{head}</tr></thead>"
        f"<tbody role='rowgroup'>{''.join(body)}</tbody></table>"
    )


def facts(pairs: Iterable[tuple[str, str, str]]) -> str:
    """Headline numbers: (what it is, the number, a remark)."""
    items = "".join(
        f"<div><dt>{escape(what)}</dt><dd>{escape(number)}<small>{escape(note)}</small></dd></div>"
        for what, number, note in pairs
    )
    return f"<dl class='pw-facts'>{items}</dl>"


def known(value: float | None) -> bool:
    """Whether there is a number to show."""
    return value is not None and not math.isnan(value)


def digits(_: Language, text: str) -> str:
    """A count that came as text, its thousands set apart; `<5` and `…` stay as they are."""
    return _.number(int(text)) if text.isdecimal() else text


def count(_: Language, value: int | None, hidden: str = "…") -> str:
    """A count, or the sign that it is hidden: `…`, and `<5` where nothing else it could be."""
    return hidden if value is None else _.number(value)


def interval(_: Language, low: float, high: float) -> str:
    """31–56%"""
    return f"{_.number(round(100 * low))}–{_.percent(high)}"


def rate_cell(_: Language, k: str, n: str, rate: float, low: float, high: float) -> Cell:
    """`12 of 40`, and only where enough were decided `30% (18–45%)` with its interval drawn."""
    text = _("shell.k_of_n", k=digits(_, k), n=digits(_, n))
    if not known(rate):
        return Cell(text)
    return Cell(text, note=f"{_.percent(rate)} ({interval(_, low, high)})", span=(low, rate, high))
