"""Resolution: what came of each rung, by any trait; as heatmap, forest plot, table."""

import streamlit as st

from prizewatch import (
    edge,
    figures_outcomes,
    marked,
    queries,
    ui_figure,
    ui_filters,
    ui_kept,
    ui_language,
    ui_links,
    ui_outcomes,
    ui_text,
)
from prizewatch.store import Kind
from prizewatch.ui_html import Column, count
from prizewatch.vocabulary import codes, label

VIEWS = ("heat", "forest", "table")

_ = ui_language.words()
register = edge.register()
reference = register.kind is Kind.REFERENCE
st.title(_("resolution.title"))
ui_text.lead(_("resolution.lead"))

numbers = ui_kept.answer(queries.overview)
on_file = count(_, numbers.disputes, "<5")
overall = ui_kept.answer(queries.resolution, "group")
there = set(overall[overall["reached"] != "0"]["stage"])
# the ladder as far as anyone went; the self-check brings nobody a prize
stages = [s for s in codes("stage")[1:] if s in there] or list(codes("stage")[1:])
cuts = [c for c in ui_outcomes.CUTS if c in ("group", "type", "reason") or not reference]
with st.grid(3, min_column_width=170):
    by = ui_filters.pick_one("by", _("resolution.by"), cuts, lambda c: _(f"resolution.by.{c}"))
    view = ui_filters.pick_one("view", _("resolution.view"), VIEWS, lambda c: _(f"resolution.view.{c}"))
    stage = stages[0]
    if view != "heat":
        stage = ui_filters.pick_one("stage", _("resolution.stage"), stages, lambda c: label("stage", c, _.code))
frame = ui_kept.answer(queries.resolution, by)
list_name = ui_outcomes.CUTS[by]
names = {code: label(list_name, code, _.code) for code in ui_outcomes.on_file(frame)}
shown = frame[(frame["stage"] == stage) & (frame["reached"] != "0")]
first = Column(_(f"resolution.by.{by}"))


def heat() -> None:
    """All rungs at a glance."""
    short = [(s, _(f"resolution.short.{s}")) for s in stages]
    heads = [
        first,
        Column(_("resolution.stage")),
        Column(_("resolution.reached"), numeric=True),
        Column(_("resolution.any")),
    ]
    ui_figure.show(
        _, "heat", _("resolution.heat"),
        ui_kept.figure(figures_outcomes.heat, _, tuple(names.items()), tuple(short), frame=frame, mark=by),
        answer=ui_outcomes.spread(_, frame, names, stages[0]), n=on_file, as_of=numbers.as_of,
        table_columns=heads, table_rows=lambda: ui_outcomes.outcome_cells(_, frame, names),
        frame=frame, file=f"outcomes_by_{by}", lists={"row": list_name},
        note=_("resolution.heat.note"), alt=_("resolution.heat.alt"), mark=(by,),
    )  # fmt: skip


def forest() -> None:
    """One rung, with intervals and bounds; where it is a platform, what it did stands apart."""
    title = label("stage", stage, _.code)
    told = shown["rate"].notna().any()
    rows = tuple((code, names[code]) for code in shown["row"])
    ui_figure.show(
        _, "forest", _("resolution.forest", stage=title),
        ui_kept.figure(figures_outcomes.forest, _, rows, frame=shown, mark=f"{by} {stage}") if told else None,
        answer=ui_outcomes.spread(_, frame, names, stage), n=on_file, as_of=numbers.as_of,
        table_columns=ui_outcomes.outcome_columns(_, first.head),
        table_rows=lambda: ui_outcomes.outcome_rows(_, shown, names),
        frame=shown, file=f"outcomes_{stage}_by_{by}", lists={"row": list_name},
        note=_("resolution.forest.note"), mark=(by, stage),
    )  # fmt: skip
    if stage in marked.PLATFORMS and not reference:
        told = shown["action_rate"].notna().any()
        heads = [first, Column(_("resolution.action.known"), numeric=True), Column(_("resolution.action.taken"))]
        ui_figure.show(
            _, "action", _("resolution.action"),
            ui_kept.figure(figures_outcomes.action, _, rows, frame=shown, mark=f"{by} {stage}") if told else None,
            answer=_("resolution.action.answer"), n=on_file, as_of=numbers.as_of, table_columns=heads,
            table_rows=lambda: ui_outcomes.action_rows(_, shown, names),
            frame=shown, file=f"platform_action_{stage}_by_{by}", lists={"row": list_name},
            note=_("resolution.action.note"), mark=(by, stage),
        )  # fmt: skip


if numbers.disputes == 0:
    st.header(_("resolution.empty.title"))
    ui_text.paragraphs([_("resolution.empty.text")])
elif view == "heat":
    heat()
elif view == "forest":
    forest()
else:
    st.header(_("resolution.table"))
    rows = lambda: ui_outcomes.outcome_rows(_, shown, names)  # noqa: E731
    ui_kept.table(
        "resolution", ui_outcomes.outcome_columns(_, first.head), rows, label("stage", stage, _.code), stage, by
    )
    ui_text.caption(_, on_file, numbers.as_of, _("resolution.note"))
if not reference:
    ui_links.link("ladder", _("resolution.ladder"))
