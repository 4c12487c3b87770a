"""Do platforms act on repeated complaints: what they did by what was on file before, and the trap of totals."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from .figures import ACTED, CLOSED, UNDECIDED, calm, share_axis, titled
from .frames import each
from .i18n import Language
from .stats.trap import Trap


def exposure(frame: pd.DataFrame, _: Language) -> go.Figure:
    """Share acted on by complaints on file before, with 95 % intervals; n of known answers under each; a dotted line
    where nothing may be told.
    """
    bins = [str(bin_).replace("-", "–") for bin_ in frame["bin"]]
    known = [
        None if pd.isna(events) or pd.isna(unknown) else int(events) - int(unknown)
        for events, unknown in zip(frame["events_n"], frame["unknown_n"], strict=True)
    ]
    told = [(place, r) for place, r in enumerate(each(frame)) if not pd.isna(r.rate)]
    figure = go.Figure()
    figure.add_scatter(
        x=[place for place, _row in told], y=[row.rate for _place, row in told], mode="markers+text",
        error_y={
            "type": "data", "symmetric": False, "thickness": 2, "width": 5, "color": ACTED,
            "array": [row.high - row.rate for _place, row in told],
            "arrayminus": [row.rate - row.low for _place, row in told],
        },
        marker={"symbol": "square", "size": 11, "color": ACTED},
        text=[_.percent(row.rate) for _place, row in told], textposition="middle right", textfont={"size": 12},
        hovertext=[
            f"{_.percent(row.rate)} ({_.number(round(100 * row.low))}–{_.percent(row.high)})" for _place, row in told
        ],
        hovertemplate="%{hovertext}<extra></extra>", showlegend=False,
    )  # fmt: skip
    for place in set(range(len(bins))) - {place for place, _row in told}:
        figure.add_shape(
            type="line", x0=place, x1=place, y0=0, y1=1, line={"color": UNDECIDED, "width": 1, "dash": "dot"}
        )
    calm(figure, 360)
    ticks = [f"{bin_}<br>{'–' if n is None else _.number(n)}" for bin_, n in zip(bins, known, strict=True)]
    figure.update_xaxes(
        tickvals=list(range(len(bins))), ticktext=ticks, range=[-0.5, len(bins) - 0.35],
        showgrid=False, tickangle=0, zeroline=False,
    )  # fmt: skip
    return share_axis(titled(figure, _("figures.before_and_known")), "y")


def trap(simulated: Trap, _: Language) -> go.Figure:
    """The same made-up world counted twice: by totals (dashed, misleading) and by what was on file before (flat)."""
    figure = go.Figure()
    for name, points, colour, dash, symbol in (
        ("by_total", simulated.by_total, CLOSED, "dash", "x"),
        ("by_before", simulated.by_before, ACTED, "solid", "square"),
    ):
        figure.add_scatter(
            x=[bin_.replace("-", "–") for bin_, _share, _n in points], y=[share for _bin, share, _n in points],
            mode="lines+markers", name=_(f"figures.trap.{name}"), hovertemplate="%{y:.1%}",
            line={"width": 2.5, "dash": dash, "color": colour}, marker={"symbol": symbol, "size": 9},
        )  # fmt: skip
    calm(figure, 320, "x unified")
    order = [bin_.replace("-", "–") for bin_, _share, _n in simulated.by_before]
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=order, tickangle=0, showgrid=False)
    figure.add_annotation(
        x=0.5, y=0.93, xref="paper", yref="paper", text=_("figures.trap.label"), showarrow=False, font={"size": 13}
    )
    return share_axis(titled(figure, _("figures.trap.axis")), "y")
