"""What all figures share. A frame that is safe to show goes in, a finished Plotly figure comes out; one room a subject:
`figures_outcomes`, `figures_time`, `figures_platforms`, `figures_repeat`.

Hidden counts are never drawn, nor told on hover. Shares run from 0 to 100 %, counts from 0. Colours are Okabe and Ito's
and stand on light and dark ground alike, so one figure serves both themes; what is apart differs in shape as well.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

import pandas as pd
import plotly.graph_objects as go

from .i18n import Language

RESOLVED, CLOSED, UNDECIDED, PLAIN = "#0072B2", "#D55E00", "#8a9097", "#8a9097"
SANCTIONED, AVERAGE, ACTED = "#CC79A7", "#E69F00", "#009E73"
#: From pale to blue, never so deep that the dark figures in the cells could not be read; a scale for any colour vision.
DEPTH = [[0.0, "#eef4f8"], [0.5, "#8fc0de"], [1.0, "#3f93c4"]]
QUIET = "rgba(138,144,151,0.28)"
#: Half-widths of a label's line beside or under a plot on a phone; a Chinese character is as wide as two.
LABEL = 17


def numbers(column: pd.Series) -> list[int | None]:
    """A count column as plain numbers, None where it is hidden."""
    return [None if pd.isna(value) else int(value) for value in column]


def shares(column: pd.Series) -> list[float | None]:
    """A share column as plain numbers, None where there is none."""
    return [None if pd.isna(value) else float(value) for value in column]


def told(_: Language, text: str) -> str:
    """A count as a figure writes it: thousands set apart; `<5` is text, where Plotly would read a tag."""
    return _.number(int(text)) if text.isdecimal() else text.replace("<", "&lt;")


def plain(text: str) -> str:
    """A stranger's words for a figure, where Plotly would read tags in them."""
    return text.replace("<", "‹").replace(">", "›")


def titled(figure: go.Figure, words: str) -> go.Figure:
    """What the axis along the bottom counts."""
    return figure.update_xaxes(title={"text": words, "font": {"size": 12}})


def wrapped(text: str, width: int = LABEL) -> str:
    """A label in lines of at most `width` half-widths, so that it fits beside a plot on a phone. Nothing is cut off."""
    wide = sum(east_asian_width(sign) in "WF" for sign in text)
    if 2 * wide < len(text):
        return "<br>".join(textwrap.wrap(text, width, break_long_words=True))
    lines, used = [""], 0
    for sign in text:
        room = 2 if east_asian_width(sign) in "WF" else 1
        if used + room > width and sign not in "，、。）」":
            opening = lines[-1][-1:] if lines[-1][-1:] in "（「“" else ""  # it goes with what it opens
            lines[-1] = lines[-1].removesuffix(opening)
            lines.append(opening)
            used = 2 * len(opening)
        lines[-1] += sign
        used += room
    return "<br>".join(lines)


def calm(figure: go.Figure, height: int, hover: str = "closest") -> go.Figure:
    """Margins, legend and hover that all figures share; fixed axes, so that a finger scrolls the page, not the plot."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "title": None,
            "traceorder": "normal",
            "font": {"size": 13},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        hovermode=hover,
        dragmode=False,
        bargap=0.18,
    )
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def rows_down(figure: go.Figure, labels: Sequence[str], ends: Sequence[str] = ()) -> go.Figure:
    """One row for each label from the top down, the first at 0; `ends` are written behind the rows."""
    lines = [wrapped(label) for label in labels]
    figure.update_yaxes(
        tickvals=list(range(len(lines))), ticktext=lines, range=[len(lines) - 0.45, -0.55],
        showgrid=False, zeroline=False,
    )  # fmt: skip
    for place, text in enumerate(ends):
        figure.add_annotation(
            x=1.0, xref="paper", xanchor="left", xshift=6, y=place, text=text, showarrow=False, font={"size": 12}
        )
    widest = max([0, *(len(text.replace("&lt;", "<")) for text in ends)])
    calm(figure, 76 + sum(max(40, 12 + 16 * (line.count("<br>") + 1)) for line in lines))
    return figure.update_layout(margin={"r": 14 + 7 * widest})


Bars = Mapping[str, tuple[Sequence[int | None], str]]


def stacked(figure: go.Figure, _: Language, months: Sequence[str], totals: Sequence[int | None], parts: Bars) -> None:
    """Bars of months in parts (key of a word in `figures` -> counts, colour). What is hidden of a month's split is one
    pale piece up to its total, where that may be shown.
    """
    for key, (counts, colour) in parts.items():
        figure.add_bar(x=months, y=counts, name=_(f"figures.{key}"), marker={"color": colour})
    rest = [
        None if total is None or None not in split else total - sum(part for part in split if part is not None)
        for total, *split in zip(totals, *(counts for counts, _colour in parts.values()), strict=True)
    ]
    if any(rest):
        figure.add_bar(x=months, y=rest, name=_("figures.unsplit"), marker={"color": QUIET})


def share_axis(figure: go.Figure, along: str = "x") -> go.Figure:
    """An axis of shares, always the whole of it."""
    update = figure.update_xaxes if along == "x" else figure.update_yaxes
    # a little room beyond both ends, so that a dot on the edge is whole
    update(range=[-0.015, 1.015], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%", tickangle=0, zeroline=False)
    return figure
