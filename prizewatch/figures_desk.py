"""A figure of what the desk does: what became of the reports of each month."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from .figures import CLOSED, RESOLVED, UNDECIDED, calm, numbers, stacked
from .i18n import Language

#: What became of a report, and its colour; what is hidden of a month is one pale piece up to its total.
FATES = {"published": RESOLVED, "waiting": UNDECIDED, "out": CLOSED}
OUT = ("held", "rejected", "removed", "left_out")


def fates(frame: pd.DataFrame, _: Language) -> go.Figure:
    """Reports of each month: counted, waiting for a person, or not counted."""
    months = [pd.Timestamp(m).strftime("%Y-%m-%d") for m in frame["month"]]
    whole = numbers(frame["received_n"])
    of = {name: numbers(frame[f"{name}_n"]) for name in ("published", "waiting", *OUT)}
    out = [None if any(n is None for n in parts) else sum(parts) for parts in zip(*(of[o] for o in OUT), strict=True)]
    shown = {"published": of["published"], "waiting": of["waiting"], "out": out}
    figure = go.Figure()
    stacked(figure, _, months, whole, {f"fate.{name}": (shown[name], colour) for name, colour in FATES.items()})
    seen = [total or sum(part for part in parts if part) for total, *parts in zip(whole, *shown.values(), strict=True)]
    top = max([1, *seen])
    figure.update_layout(barmode="stack")
    calm(figure, 320, "x unified")
    figure.update_xaxes(tickformat="%Y-%m", hoverformat="%Y-%m", nticks=7, tickangle=0)
    figure.update_yaxes(range=[0, 1.08 * top], nticks=6, tickformat=",d")
    return figure
