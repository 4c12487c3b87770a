"""Organizers beside their group (funnel), and reasons that a group is named for more often than all (dot plot)."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, log2, log10

import pandas as pd
import plotly.graph_objects as go

from .figures import CLOSED, PLAIN, QUIET, RESOLVED, calm, plain, rows_down, share_axis, shares, titled, told
from .frames import each
from .i18n import Language
from .queries import Funnel

#: Where an organizer lies against chance, and its sign.
ZONES = {"inside": (PLAIN, "circle"), "look": ("#E69F00", "diamond"), "alarm": (CLOSED, "square")}
#: Ratios of the axis: half, the same, twice as often. In doublings, so that "half" and "twice" are as far from "same".
RATIOS = (0.25, 0.5, 1, 2, 4)


def funnel(found: Funnel, _: Language) -> go.Figure:
    """Listed organizers by decided disputes and share with relief, between the limits that chance keeps to."""
    figure = go.Figure()
    sizes = [int(n) for n in found.limits["n"]]
    for level, dash in (("95", "dash"), ("998", "dot")):
        for side in ("low", "high"):
            figure.add_scatter(
                x=sizes, y=shares(found.limits[f"{side}{level}"]), mode="lines", name=_(f"figures.limits.{level}"),
                line={"width": 1.5, "dash": dash, "color": RESOLVED}, showlegend=side == "low", hoverinfo="skip",
                legendgroup=level,
            )  # fmt: skip
    figure.add_scatter(
        x=[sizes[0], sizes[-1]], y=[found.centre] * 2, mode="lines", name=_("figures.centre"),
        line={"width": 1.5, "color": RESOLVED}, hovertemplate=_.percent(found.centre) + "<extra></extra>",
    )  # fmt: skip
    for zone, (colour, symbol) in ZONES.items():
        part = found.points[found.points["zone"] == zone]
        if len(part):
            names = [r.name if isinstance(r.name, str) else f"#{r.public_code}" for r in each(part)]
            counts = [f"{r.k}/{r.n} · {_.percent(r.rate)}" for r in each(part)]
            figure.add_scatter(
                x=[int(n) for n in part["n"]], y=shares(part["rate"]), mode="markers", name=_(f"figures.zone.{zone}"),
                marker={"color": colour, "symbol": symbol, "size": 11},
                hovertext=[f"{plain(name)}<br>{count}" for name, count in zip(names, counts, strict=True)],
                hovertemplate="%{hovertext}<extra></extra>",
            )  # fmt: skip
    calm(figure, 420)
    figure.update_xaxes(range=[0, 1.05 * sizes[-1]], nticks=6, tickangle=0, tickformat=",d")
    return share_axis(titled(figure, _("figures.decided")), "y")


def reasons(frame: pd.DataFrame, _: Language, rows: Sequence[tuple[str, str]]) -> go.Figure:
    """Reasons (code, label) of one group: how often against what all groups would lead to expect, shrunken; the line
    runs down to its 5 % bound. Wholly right of 1: more often than chance.
    """
    cells = {str(r.dispute_reason): r for r in each(frame)}
    shown = [(place, cells[code]) for place, (code, _label) in enumerate(rows) if not pd.isna(cells[code].ebgm)]
    figure = go.Figure()
    figure.add_vline(x=1, line={"width": 1.5, "color": PLAIN})
    for place in set(range(len(rows))) - {place for place, _cell in shown}:
        dotted = {"color": QUIET, "dash": "dot", "width": 1}
        figure.add_shape(type="line", x0=RATIOS[0], x1=RATIOS[-1], y0=place, y1=place, line=dotted)
    for more, colour, symbol in ((True, CLOSED, "diamond"), (False, RESOLVED, "circle")):
        part = [(place, cell) for place, cell in shown if (cell.eb05 > 1) == more]
        if part:
            figure.add_scatter(
                x=[cell.ebgm for _place, cell in part], y=[place for place, _cell in part],
                error_x={
                    "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": colour,
                    "array": [0.0] * len(part), "arrayminus": [cell.ebgm - cell.eb05 for _place, cell in part],
                },
                mode="markers", name=_("figures.more_often" if more else "figures.as_chance"),
                marker={"color": colour, "symbol": symbol, "size": 11},
                hovertext=[
                    f"{_.number(round(cell.ebgm, 2))} (≥ {_.number(round(cell.eb05, 2))})" for _place, cell in part
                ],
                hovertemplate="%{hovertext}<extra></extra>",
            )  # fmt: skip
    rows_down(figure, [label for _code, label in rows], [told(_, cells[code].n) for code, _label in rows])
    low = min([RATIOS[0], *(cell.eb05 for _place, cell in shown)])
    high = max([RATIOS[-1], *(cell.ebgm for _place, cell in shown)])
    ticks = [2.0**power for power in range(ceil(log2(0.9 * low)), floor(log2(1.1 * high)) + 1)]
    figure.update_xaxes(
        type="log", range=[log10(0.9 * low), log10(1.1 * high)], tickvals=ticks, tickangle=0,
        ticktext=[f"{_.number(ratio)}×" for ratio in ticks],
    )  # fmt: skip
    figure.update_layout(height=figure.layout.height + 32)  # the axis has a title
    return titled(figure, _("figures.ratio"))
