"""From the claim to the prize, or to giving up: curves with bands, what became of a hundred, the first answer."""

import streamlit as st

from prizewatch import edge, figures_time, queries, ui_figure, ui_filters, ui_kept, ui_language, ui_text, ui_time
from prizewatch.frames import each
from prizewatch.ui_html import Column, count
from prizewatch.vocabulary import codes, label

_ = ui_language.words()
as_of = edge.register().version().as_of
st.title(_("time.title"))
ui_text.lead(_("time.lead"))

flow = ui_kept.answer(queries.ladder_flow)
there = flow[flow["reached"] != "0"]
groups = [g for g in codes("analysis_group") if g in set(there["group"])]
stages = [s for s in codes("stage")[1:] if s in set(there["stage"])]


def ends() -> None:
    """How disputes of the chosen group and stage ended."""
    with st.grid(2, min_column_width=200):
        group = ui_filters.pick_one(
            "group", _("ladder.group"), groups, lambda c: label("analysis_group", c, _.code), all_label=_("ladder.all")
        )
        stage = ui_filters.pick_one(
            "stage", _("time.from"), stages, lambda c: label("stage", c, _.code), all_label=_("time.from.claim")
        )
    timing = ui_kept.answer(queries.time_to, group or "all", stage)
    drawn = len(timing.curves) > 0
    mark = f"{group} {stage}"
    ui_figure.show(
        _, "curves", _("time.question"),
        ui_kept.figure(figures_time.curves, _, frame=timing, mark=mark) if drawn else None,
        answer=ui_time.time_answer(_, timing), n=count(_, timing.n), as_of=as_of,
        table_columns=ui_time.curve_columns(_), table_rows=lambda: ui_time.curve_rows(_, timing),
        frame=timing.curves, file="time_to_relief", note=_("time.note"), alt=_("time.alt"), mark=(group, stage),
        cards=False,
    )  # fmt: skip
    if not drawn:
        return
    heads = [Column(_("time.day"))]
    heads += [Column(_(f"figures.state.{s}"), numeric=True) for s in ("paid", "gave_up", "open")]
    ui_figure.show(
        _, "states", _("time.states"), ui_kept.figure(figures_time.states, _, frame=timing, mark=mark),
        n=count(_, timing.n), as_of=as_of, table_columns=heads, table_rows=lambda: ui_time.state_rows(_, timing),
        frame=timing.states, file="states", note=_("time.states.note"), mark=(group, stage), cards=False,
    )  # fmt: skip


def first_answers() -> None:
    """How soon somebody answers; automatic receipts apart."""
    frame = ui_kept.answer(queries.first_response)
    if frame.empty:
        return
    rows = tuple((r.stage, r.response_kind, ui_time.response_label(_, r.stage, r.response_kind))
                 for r in each(frame))  # fmt: skip
    told = frame["median_hours"].notna().any()
    heads = [Column(_("time.who")), Column(_("time.events"), numeric=True), Column(_("time.middle"), numeric=True)]
    ui_figure.show(
        _, "answers", _("time.response"), ui_kept.figure(figures_time.answers, _, rows, frame=frame) if told else None,
        answer=ui_time.response_answer(_, frame), n=count(_, int(frame["n_n"].fillna(0).sum())), as_of=as_of,
        of="events", table_columns=[*heads, Column(_("time.half"))],
        table_rows=lambda: ui_time.response_rows(_, frame), frame=frame, file="first_answers",
        note=_("time.response.note"),
    )  # fmt: skip


if there.empty:
    st.header(_("resolution.empty.title"))
    ui_text.paragraphs([_("resolution.empty.text")])
else:
    ends()
    first_answers()
    ui_text.paragraphs([_("time.read.1"), _("time.read.2")])
