"""Figures: a frame that is safe to show goes in, a finished Plotly figure comes out. Hidden counts are never drawn.

Colours are Okabe and Ito's and stand on light and dark ground alike, so one figure serves both themes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from .disclosure import SMALL
from .i18n import Language

RESOLVED, CLOSED, UNDECIDED, PLAIN = "#0072B2", "#D55E00", "#8a9097", "#8a9097"
#: From pale to blue, never so deep that the dark figures in the cells could not be read; a scale for any colour vision.
DEPTH = [[0.0, "#eef4f8"], [0.5, "#8fc0de"], [1.0, "#3f93c4"]]
#: People report late, so the months touched by this many last days are shaded.
LATE_DAYS = 30
QUIET = "rgba(138,144,151,0.28)"


def _numbers(column: pd.Series) -> list[int | None]:
    """A count column as plain numbers, None where it is hidden."""
    return [None if pd.isna(value) else int(value) for value in column]


def _calm(figure: go.Figure, height: int) -> go.Figure:
    """Margins, legend and hover that all figures share; fixed axes, so that a finger scrolls the page, not the plot."""
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={
            "orientation": "h",
            "y": 1.02,
            "yanchor": "bottom",
            "x": 0,
            "title": None,
            "traceorder": "normal",
            "font": {"size": 13},
        },
        hovermode="x unified",
        dragmode=False,
        bargap=0.18,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    figure.update_xaxes(fixedrange=True, automargin=True)
    figure.update_yaxes(fixedrange=True, automargin=True)
    return figure


def trend(frame: pd.DataFrame, _: Language, as_of: date) -> go.Figure:
    """Disputes by month, split by how they stand; a three-month mean; the months that still grow shaded.

    What is hidden of a month's split is one pale piece up to its total, where that may be shown.
    """
    months = [pd.Timestamp(m).strftime("%Y-%m-%d") for m in frame["month"]]
    total = _numbers(frame["disputes_n"])
    parts = {name: _numbers(frame[f"{name}_n"]) for name in ("resolved", "closed", "undecided")}
    figure = go.Figure()
    for name, colour in (("resolved", RESOLVED), ("closed", CLOSED), ("undecided", UNDECIDED)):
        figure.add_bar(x=months, y=parts[name], name=_(f"figures.{name}"), marker={"color": colour})
    rest = [
        None if n is None or None not in shown else n - sum(part for part in shown if part is not None)
        for n, *shown in zip(total, *parts.values(), strict=True)
    ]
    if any(rest):
        figure.add_bar(x=months, y=rest, name=_("figures.unsplit"), marker={"color": QUIET})
    rolling = [None if pd.isna(v) else float(v) for v in frame["rolling"]]
    figure.add_scatter(
        x=months, y=rolling, name=_("figures.rolling"), mode="lines", line={"width": 2, "color": "#E69F00"},
        hovertemplate="%{y:.1f}",
    )  # fmt: skip
    late_from = as_of - timedelta(days=LATE_DAYS)
    late = [
        month for month in map(date.fromisoformat, months) if (month + timedelta(days=31)).replace(day=1) > late_from
    ]
    if late:  # bars stand on the first of the month: half a month to either side
        figure.add_vrect(
            x0=(late[0] - timedelta(days=15)).isoformat(), x1=(late[-1] + timedelta(days=16)).isoformat(),
            fillcolor=QUIET, line_width=0, layer="below",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    figure.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", nticks=7, tickangle=0)
    figure.update_yaxes(rangemode="tozero", nticks=5)
    return _calm(figure, 340)


def heat(
    frame: pd.DataFrame, _: Language, rows: Sequence[tuple[str, str]], columns: Sequence[tuple[str, str]]
) -> go.Figure:
    """Rows by columns, each (code, label): the share with relief as depth; counts only where too few were decided."""
    cells: dict[tuple[str, str], Any] = {(str(r.row), str(r.stage)): r for r in frame.itertuples()}
    depth: list[list[float | None]] = []
    text: list[list[str]] = []
    hover: list[list[str]] = []
    for code, label in rows:
        depth.append([])
        text.append([])
        hover.append([])
        for stage, stage_label in columns:
            cell = cells.get((code, stage))
            rate = None if cell is None or pd.isna(cell.rate) else float(cell.rate)
            depth[-1].append(rate)
            text[-1].append("" if rate is None else _.percent(rate))
            hover[-1].append(f"{label} × {stage_label}<br>" + _heat_words(cell, rate, _))
    figure = go.Figure(
        go.Heatmap(
            z=depth, x=[words for _code, words in columns], y=[words for _code, words in rows],
            text=text, texttemplate="%{text}", hovertext=hover, hovertemplate="%{hovertext}<extra></extra>",
            colorscale=DEPTH, zmin=0, zmax=1, xgap=3, ygap=3,
            showscale=False, hoverongaps=False, textfont={"size": 13, "color": "#0e2433"},
        )
    )  # fmt: skip
    figure = _calm(figure, 90 + 40 * len(rows))
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(showgrid=False, zeroline=False, side="top", tickangle=0, tickfont={"size": 12})
    figure.update_yaxes(showgrid=False, zeroline=False, autorange="reversed")
    return figure


def _heat_words(cell: Any, rate: float | None, _: Language) -> str:
    if cell is None:
        return _("figures.no_one")
    counts = _("figures.heat_counts", k=cell.relief_any, n=cell.decided)
    if rate is None:
        return counts
    low, high = _.number(round(100 * cell.low)), _.percent(cell.high)
    return f"{counts}<br>{_.percent(rate)} ({low}–{high})"


def months(frame: pd.DataFrame, _: Language) -> go.Figure:
    """One organizer's reports by month; `<5` is a hatched bar up to 4, the most it can be, `…` is not drawn."""
    named = [pd.Timestamp(m).strftime("%Y-%m-%d") for m in frame["month"]]
    counts = _numbers(frame["disputes_n"])
    few = [SMALL - 1 if text == f"<{SMALL}" else None for text in frame["disputes"]]
    figure = go.Figure()
    figure.add_bar(x=named, y=counts, name=_("figures.reports"), marker={"color": RESOLVED})
    if any(few):
        figure.add_bar(
            x=named, y=few, name=_("figures.under_five"), hovertemplate=_("figures.under_five"),
            marker={"color": PLAIN, "pattern": {"shape": "/"}},
        )  # fmt: skip
    top = max([SMALL, *(n for n in counts if n is not None)])
    figure.update_layout(barmode="stack", showlegend=any(few))
    figure.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", nticks=7, tickangle=0)
    figure.update_yaxes(range=[0, 1.08 * top], nticks=6, tickformat=",d")
    return _calm(figure, 240)
