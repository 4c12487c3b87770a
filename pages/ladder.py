"""How many disputes reach each step, and how they end there: one bar a rung, as wide as disputes came so far."""

import streamlit as st

from prizewatch import (
    edge,
    figures_outcomes,
    queries,
    ui_figure,
    ui_filters,
    ui_kept,
    ui_language,
    ui_links,
    ui_outcomes,
    ui_text,
)
from prizewatch.ui_html import digits
from prizewatch.vocabulary import codes, label

_ = ui_language.words()
st.title(_("ladder.title"))
ui_text.lead(_("ladder.lead"))

flow = ui_kept.answer(queries.ladder_flow)
flow = flow[flow["stage"].isin(codes("stage")[1:]) & (flow["reached"] != "0")]  # a self-check asks nobody
groups = [g for g in codes("analysis_group") if g in set(flow["group"])]
if flow.empty:
    st.header(_("resolution.empty.title"))
    ui_text.paragraphs([_("resolution.empty.text")])
else:
    group = ui_filters.pick_one(
        "group", _("ladder.group"), groups, lambda c: label("analysis_group", c, _.code), all_label=_("ladder.all")
    )
    shown = flow[flow["group"] == (group or "all")]
    rungs = tuple((s, ui_outcomes.short(_, s)) for s in shown["stage"])
    told = shown["reached_n"].notna().any()
    ui_figure.show(
        _, "flow", _("ladder.question"),
        ui_kept.figure(figures_outcomes.flow, _, rungs, frame=shown, mark=group) if told else None,
        answer=ui_outcomes.flow_answer(_, shown), n=digits(_, shown["reached"].iloc[0]),
        as_of=edge.register().version().as_of, table_columns=ui_outcomes.flow_columns(_),
        table_rows=lambda: ui_outcomes.flow_rows(_, shown), frame=shown,
        file="ladder", lists={"group": "analysis_group"},
        note=_("ladder.note"), alt=_("ladder.alt"), mark=(group,),
    )  # fmt: skip
    ui_text.paragraphs([_("ladder.read.1"), _("ladder.read.2")])
    ui_links.link("resolution", _("ladder.resolution"))
