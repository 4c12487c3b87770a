"""Figures along the calendar (reports by month) and along days: how disputes ended, how soon somebody answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd
import plotly.graph_objects as go

from .disclosure import SMALL
from .figures import (
    AVERAGE,
    CLOSED,
    PLAIN,
    QUIET,
    RESOLVED,
    UNDECIDED,
    calm,
    numbers,
    rows_down,
    share_axis,
    shares,
    stacked,
    titled,
    told,
)
from .frames import each
from .i18n import Language
from .queries import Timing
from .stats import first_late

#: Seasons with many draws that are marked, and their signs.
SEASONS = {
    "spring_festival": ("diamond", "#D55E00"),
    "day_520": ("circle", "#CC79A7"),
    "midyear_618": ("square", "#009E73"),
    "double_11": ("triangle-up", "#E69F00"),
}
ENDS = {"relief": (RESOLVED, "rgba(0,114,178,0.18)", "solid"), "gave_up": (CLOSED, "rgba(213,94,0,0.16)", "dash")}
#: Ticks along the days stand at least this part of the axis apart.
APART = 0.13


def trend(frame: pd.DataFrame, _: Language, as_of: date, seasons: Sequence[tuple[str, str, str]] = ()) -> go.Figure:
    """Disputes by month, split by how they stand; a three-month mean; the months that still grow shaded; `seasons`
    (first day, last day, code) marked above.

    What is hidden of a month's split is one pale piece up to its total, where that may be shown.
    """
    months = [pd.Timestamp(m).strftime("%Y-%m-%d") for m in frame["month"]]
    total = numbers(frame["disputes_n"])
    colours = {"resolved": RESOLVED, "closed": CLOSED, "undecided": UNDECIDED}
    parts = {name: (numbers(frame[f"{name}_n"]), colour) for name, colour in colours.items()}
    figure = go.Figure()
    stacked(figure, _, months, total, parts)
    rolling = shares(frame["rolling"])
    figure.add_scatter(
        x=months, y=rolling, name=_("figures.rolling"), mode="lines", line={"width": 2, "color": AVERAGE},
        hovertemplate="%{y:.1f}",
    )  # fmt: skip
    late = [month for month in map(date.fromisoformat, months) if month >= first_late(as_of)]
    if late:  # bars stand on the first of the month: half a month to either side
        figure.add_vrect(
            x0=(late[0] - timedelta(days=15)).isoformat(), x1=(late[-1] + timedelta(days=16)).isoformat(),
            fillcolor=QUIET, line_width=0, layer="below",
        )  # fmt: skip
    top = max([1, *(n for n in total if n is not None)])
    for code, (symbol, colour) in SEASONS.items():
        # a bar stands for its month, so a season's sign stands over the bar of the month it ends in
        days = [f"{end[:7]}-01" for _start, end, season in seasons if season == code and f"{end[:7]}-01" in months]
        if days:
            figure.add_scatter(
                x=days, y=[1.1 * top] * len(days), mode="markers", name=_(f"figures.season.{code}"),
                marker={"symbol": symbol, "color": colour, "size": 10}, hovertemplate=_(f"figures.season.{code}"),
            )  # fmt: skip
    figure.update_layout(barmode="stack")
    calm(figure, 380 if seasons else 340, "x unified")
    figure.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", nticks=7, tickangle=0)
    figure.update_yaxes(rangemode="tozero", nticks=5, tickformat=",d")
    return figure


def months(frame: pd.DataFrame, _: Language) -> go.Figure:
    """One organizer's reports by month; `<5` is a hatched bar up to 4, the most it can be, `…` is not drawn."""
    named = [pd.Timestamp(m).strftime("%Y-%m-%d") for m in frame["month"]]
    counts = numbers(frame["disputes_n"])
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
    calm(figure, 260, "x unified")
    figure.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", nticks=7, tickangle=0)
    figure.update_yaxes(range=[0, 1.08 * top], nticks=6, tickformat=",d")
    return figure


def curves(timing: Timing, _: Language) -> go.Figure:
    """Share with relief and share that gave up by day, each with its 95 % band, in steps; who still waits, below."""
    end = int(timing.curves["day"].max())
    figure = go.Figure()
    for name, (colour, pale, dash) in ENDS.items():
        part = timing.curves[timing.curves["event"] == name]
        columns = {column: shares(part[column]) for column in ("share", "low", "high")}
        days = [*(int(day) for day in part["day"]), end]  # the last step holds to the end
        steps = {column: [*values, values[-1]] for column, values in columns.items()}
        figure.add_scatter(
            x=days, y=steps["low"], mode="lines", line={"width": 0, "shape": "hv"}, showlegend=False, hoverinfo="skip"
        )
        figure.add_scatter(
            x=days, y=steps["high"], mode="lines", line={"width": 0, "shape": "hv"}, showlegend=False,
            fill="tonexty", fillcolor=pale, hoverinfo="skip",
        )  # fmt: skip
        figure.add_scatter(
            x=days, y=steps["share"], mode="lines", name=_(f"figures.ended.{name}"),
            line={"width": 2.5, "color": colour, "shape": "hv", "dash": dash}, hovertemplate="%{y:.0%}",
        )  # fmt: skip
    calm(figure, 360, "x unified")
    ticks: list[int] = []
    texts: list[str] = []
    for row in each(timing.at_risk):
        day = int(row.day)
        if day <= end and (not ticks or day - ticks[-1] >= APART * end):
            ticks.append(day)
            texts.append(f"{_.number(day)}<br>{told(_, str(row.at_risk))}")
    figure.update_xaxes(range=[0, 1.02 * end], tickvals=ticks, ticktext=texts, tickangle=0, hoverformat="d")
    return share_axis(titled(figure, _("figures.days_and_waiting")), "y")


def states(timing: Timing, _: Language) -> go.Figure:
    """Of a hundred disputes, how many are paid, given up and still open after so many days; they fill the whole."""
    days = [int(day) for day in timing.states["day"]]
    figure = go.Figure()
    for name, colour in (("paid", RESOLVED), ("gave_up", CLOSED), ("open", UNDECIDED)):
        figure.add_scatter(
            x=days, y=shares(timing.states[name]), mode="lines", stackgroup="all", name=_(f"figures.state.{name}"),
            line={"width": 0.5, "color": colour, "shape": "hv"}, fillcolor=colour, hovertemplate="%{y:.0%}",
        )  # fmt: skip
    calm(figure, 320, "x unified")
    figure.update_xaxes(range=[0, max(days)], nticks=6, tickangle=0)
    return share_axis(titled(figure, _("figures.days")), "y").update_yaxes(range=[0, 1])


def answers(frame: pd.DataFrame, _: Language, rows: Sequence[tuple[str, str, str]]) -> go.Figure:
    """Days until the first answer, a row each (stage, kind of response, label): dot at the median, line over the middle
    half. Automatic answers are squares in grey, so that nobody takes them for a person's.
    """
    cells = {(str(r.stage), str(r.response_kind)): r for r in each(frame)}
    figure = go.Figure()
    for kind, colour, symbol in (
        ("human", RESOLVED, "circle"),
        ("auto", PLAIN, "square"),
        ("unknown", PLAIN, "circle-open"),
    ):
        shown = [
            (place, cells[stage, of]) for place, (stage, of, _label) in enumerate(rows)
            if of == kind and not pd.isna(cells[stage, of].median_hours)
        ]  # fmt: skip
        if not shown:
            continue
        figure.add_scatter(
            x=[cell.median_hours / 24 for _place, cell in shown], y=[place for place, _cell in shown],
            error_x={
                "type": "data", "symmetric": False, "thickness": 3, "width": 0, "color": colour,
                "array": [(cell.three_quarter_hours - cell.median_hours) / 24 for _place, cell in shown],
                "arrayminus": [(cell.median_hours - cell.quarter_hours) / 24 for _place, cell in shown],
            },
            mode="markers", marker={"symbol": symbol, "size": 11, "color": colour}, showlegend=False,
            hovertemplate="%{x:.1f}<extra></extra>",
        )  # fmt: skip
    rows_down(
        figure, [label for *_codes, label in rows], [told(_, cells[stage, kind].n) for stage, kind, _label in rows]
    )
    figure.update_xaxes(rangemode="tozero", nticks=5, tickangle=0)
    return titled(figure, _("figures.days_to_answer"))
