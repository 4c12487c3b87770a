"""What came of the rungs: heatmap, forest plot, platform action apart from relief, and the ways out of the ladder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from .figures import (
    ACTED,
    CLOSED,
    DEPTH,
    QUIET,
    RESOLVED,
    SANCTIONED,
    UNDECIDED,
    calm,
    numbers,
    rows_down,
    share_axis,
    told,
    wrapped,
)
from .frames import each
from .i18n import Language

Labels = Sequence[tuple[str, str]]
#: Ways out of a rung and how each is drawn; those who went on to another are pale, for they are drawn again there.
WAYS = {"relief": RESOLVED, "sanctioned": SANCTIONED, "gave_up": CLOSED, "still_open": UNDECIDED, "went_on": QUIET}


def heat(frame: pd.DataFrame, _: Language, rows: Labels, columns: Labels) -> go.Figure:
    """Rows by columns, each (code, label): the share with relief as depth, with its n; grey where none is told."""
    cells: dict[tuple[str, str], Any] = {(str(r.row), str(r.stage)): r for r in each(frame)}
    depth: list[list[float | None]] = []
    text: list[list[str]] = []
    hover: list[list[str]] = []
    untold: list[tuple[int, int]] = []
    for place, (code, label) in enumerate(rows):
        depth.append([])
        text.append([])
        hover.append([])
        for at, (stage, stage_label) in enumerate(columns):
            cell = cells.get((code, stage))
            rate = None if cell is None or pd.isna(cell.rate) else float(cell.rate)
            depth[-1].append(rate)
            below = (
                ""
                if cell is None or rate is None
                else f"<br><span style='font-size:10px'>{told(_, cell.decided)}</span>"
            )
            text[-1].append("" if rate is None else f"{_.percent(rate)}{below}")
            hover[-1].append(
                f"{label} × {stage_label.replace('-<br>', '').replace('<br>', '')}<br>" + _heat_words(cell, rate, _)
            )
            if rate is None and cell is not None and cell.reached != "0":
                untold.append((at, place))
    figure = go.Figure(
        go.Heatmap(
            z=depth, x=list(range(len(columns))), y=list(range(len(rows))),
            text=text, texttemplate="%{text}", hovertext=hover, hovertemplate="%{hovertext}<extra></extra>",
            colorscale=DEPTH, zmin=0, zmax=1, xgap=3, ygap=3,
            showscale=False, hoverongaps=False, textfont={"size": 13, "color": "#0e2433"},
        )
    )  # fmt: skip
    if untold:  # someone went there, but the share may not be told: a grey cell with a sign, not an empty one
        figure.add_scatter(
            x=[at for at, _place in untold], y=[place for _at, place in untold], mode="text", text="╱╱",
            textfont={"size": 13, "color": UNDECIDED}, showlegend=False,
            hovertext=[hover[place][at] for at, place in untold], hovertemplate="%{hovertext}<extra></extra>",
        )  # fmt: skip
        for at, place in untold:
            figure.add_shape(
                type="rect", x0=at - 0.46, x1=at + 0.46, y0=place - 0.45, y1=place + 0.45,
                fillcolor=QUIET, line_width=0, layer="below",
            )  # fmt: skip
    figure = calm(figure, 120 + 46 * len(rows)).update_layout(margin={"t": 60})
    figure.update_xaxes(
        tickvals=list(range(len(columns))), ticktext=[words for _code, words in columns],
        range=[-0.5, len(columns) - 0.5],
        showgrid=False, zeroline=False, side="top", tickangle=0, tickfont={"size": 12},
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[wrapped(words) for _code, words in rows],
        range=[len(rows) - 0.5, -0.5], showgrid=False, zeroline=False,
    )  # fmt: skip
    return figure


def _heat_words(cell: Any, rate: float | None, _: Language) -> str:
    if cell is None or cell.reached == "0":
        return _("figures.no_one")
    counts = _("figures.heat_counts", k=told(_, cell.relief_any), n=told(_, cell.decided))
    if rate is None:
        return counts
    low, high = _.number(round(100 * cell.low)), _.percent(cell.high)
    return f"{counts}<br>{_.percent(rate)} ({low}–{high})"


def forest(frame: pd.DataFrame, _: Language, rows: Labels) -> go.Figure:
    """One row each (code, label) of one stage: the dot is relief of the decided, the line its 95 % interval, the pale
    band runs from "all undecided fail" to "all undecided succeed", the open diamond is relief in full. Counts behind.
    """
    cells = {str(r.row): r for r in each(frame)}
    shown = [(place, cells[code]) for place, (code, _label) in enumerate(rows) if not pd.isna(cells[code].rate)]
    figure = go.Figure()
    figure.add_bar(
        y=[place for place, _cell in shown], base=[cell.strict for _place, cell in shown],
        x=[cell.optimistic - cell.strict for _place, cell in shown],
        orientation="h", width=0.5, name=_("figures.band"), marker={"color": "rgba(86,180,233,0.35)"}, hoverinfo="skip",
    )  # fmt: skip
    _dots(figure, shown, _("figures.relief_any"), "", RESOLVED, "circle", _)
    full = [(place, cell) for place, cell in shown if not pd.isna(cell.full_rate)]
    figure.add_scatter(
        x=[cell.full_rate for _place, cell in full], y=[place for place, _cell in full], mode="markers",
        name=_("figures.relief_full"),
        marker={"symbol": "diamond-open", "size": 12, "color": SANCTIONED, "line": {"width": 2}},
        hovertext=[f"{_('figures.relief_full')} {_.percent(cell.full_rate)}" for _place, cell in full],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip
    _untold(figure, [place for place, (code, _label) in enumerate(rows) if pd.isna(cells[code].rate)])
    counts = [f"{told(_, cells[code].relief_any)}/{told(_, cells[code].decided)}" for code, _label in rows]
    return share_axis(rows_down(figure, [label for _code, label in rows], counts))


def action(frame: pd.DataFrame, _: Language, rows: Labels) -> go.Figure:
    """What the platform did of what is known, with 95 % intervals. Squares of another colour: this is no relief."""
    cells = {str(r.row): r for r in each(frame)}
    shown = [(place, cells[code]) for place, (code, _label) in enumerate(rows) if not pd.isna(cells[code].action_rate)]
    figure = go.Figure()
    _dots(figure, shown, _("figures.acted"), "action_", ACTED, "square", _)
    _untold(figure, [place for place, (code, _label) in enumerate(rows) if pd.isna(cells[code].action_rate)])
    counts = [f"{told(_, cells[code].action_taken)}/{told(_, cells[code].action_known)}" for code, _label in rows]
    return share_axis(rows_down(figure, [label for _code, label in rows], counts)).update_layout(showlegend=False)


def _dots(
    figure: go.Figure, shown: Sequence[tuple[int, Any]], name: str, prefix: str, colour: str, symbol: str, _: Language
) -> None:
    """Dots with their intervals; `prefix` names the columns rate, low, high."""
    found = [(place, *(getattr(cell, prefix + part) for part in ("rate", "low", "high"))) for place, cell in shown]
    figure.add_scatter(
        x=[rate for _place, rate, _low, _high in found], y=[place for place, *_rest in found],
        error_x={
            "type": "data", "symmetric": False, "thickness": 2, "width": 0, "color": colour,
            "array": [high - rate for _place, rate, _low, high in found],
            "arrayminus": [rate - low for _place, rate, low, _high in found],
        },
        mode="markers", name=name, marker={"symbol": symbol, "size": 11, "color": colour},
        hovertext=[
            f"{name} {_.percent(rate)} ({_.number(round(100 * low))}–{_.percent(high)})"
            for _place, rate, low, high in found
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )  # fmt: skip


def _untold(figure: go.Figure, places: Sequence[int]) -> None:
    """Rows without a share get a dotted grey line: there is something, but nothing to measure."""
    for place in places:
        figure.add_shape(
            type="line", x0=0, x1=1, y0=place, y1=place, line={"color": UNDECIDED, "width": 1, "dash": "dot"}
        )


def flow(frame: pd.DataFrame, _: Language, stages: Labels) -> go.Figure:
    """The ladder of one group, a bar each rung (code, label), as wide as disputes reached it, in the ways they left it.

    What may not be told apart is one hatched piece up to the number that reached the rung, where that may be shown.
    """
    cells = {str(r.stage): r for r in each(frame)}
    rungs = [cells[code] for code, _label in stages]
    reached = numbers(pd.Series([rung.reached_n for rung in rungs], dtype="Int64"))
    parts = {way: numbers(pd.Series([getattr(rung, f"{way}_n") for rung in rungs], dtype="Int64")) for way in WAYS}
    unsplit = [
        None if total is None or None not in pieces else total - sum(part for part in pieces if part is not None)
        for total, *pieces in zip(reached, *parts.values(), strict=True)
    ]
    places = list(range(len(rungs)))
    figure = go.Figure()
    for way, colour in WAYS.items():
        if any(parts[way]):
            figure.add_bar(
                x=parts[way], y=places, orientation="h", name=_(f"figures.way.{way}"), marker={"color": colour},
                hovertemplate=_(f"figures.way.{way}") + " %{x:,d}<extra></extra>", width=0.62,
            )  # fmt: skip
    if any(unsplit):
        figure.add_bar(
            x=unsplit, y=places, orientation="h", name=_("figures.unsplit"), width=0.62,
            marker={"color": "rgba(0,0,0,0)", "pattern": {"shape": "/", "fgcolor": UNDECIDED, "fillmode": "replace"}},
            hovertemplate=_("figures.unsplit") + " %{x:,d}<extra></extra>",
        )  # fmt: skip
    figure.update_layout(barmode="stack")
    rows_down(figure, [label for _code, label in stages], [told(_, rung.reached) for rung in rungs])
    figure.update_xaxes(rangemode="tozero", nticks=4, tickformat=",d", zeroline=False)
    return figure
