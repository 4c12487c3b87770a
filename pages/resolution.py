"""Resolution: organizer group or type by stage, a table and a heatmap of the same numbers; bounds; reasons."""

import streamlit as st

from prizewatch import figures, queries, ui
from prizewatch.ui_html import Cell, Column, Row, count, digits, interval, known, rate_cell, table
from prizewatch.vocabulary import codes, label

_ = ui.words()
register = ui.register()
st.title(_("resolution.title"))
ui.lead(_("resolution.lead"))

numbers = ui.kept(queries.overview)
on_file = count(_, numbers.disputes, "<5")
overall = ui.kept(queries.resolution, "group")
reached = {stage: sum(r.reached != "0" for r in overall.itertuples() if r.stage == stage) for stage in codes("stage")}
# the ladder as far as anyone went; the self-check brings nobody a prize
stages = [stage for stage, groups in reached.items() if groups and stage != "s1_self_check"] or list(codes("stage")[1:])
with st.grid(2, min_column_width=260):
    stage = ui.pick_one("stage", _("resolution.stage"), stages, lambda c: label("stage", c, _.code))
    by = ui.pick_one("by", _("resolution.by"), ("group", "type"), lambda c: _(f"resolution.by.{c}"))
list_name = "analysis_group" if by == "group" else "organizer_type"
frame = ui.kept(queries.resolution, by)
there = set(frame["row"])
names = {code: label(list_name, code, _.code) for code in codes(list_name) if code in there}

if numbers.disputes == 0:
    st.header(_("resolution.empty.title"))
    ui.paragraphs([_("resolution.empty.text")])
else:
    st.header(_("resolution.table"))
    shown = frame[(frame["stage"] == stage) & frame["row"].isin(list(names))]
    columns = [
        Column(_(f"resolution.by.{by}")),
        Column(_("resolution.reached"), numeric=True),
        Column(_("resolution.decided"), numeric=True),
        Column(_("resolution.sanction"), numeric=True),
        Column(_("resolution.any")),
        Column(_("resolution.full")),
        Column(_("resolution.bounds")),
    ]
    rows = [
        Row(
            [
                names[r.row], digits(_, r.reached), digits(_, r.decided), digits(_, r.sanction_only),
                rate_cell(_, r.relief_any, r.decided, r.rate, r.low, r.high),
                rate_cell(_, r.relief_full, r.decided, r.full_rate, r.full_low, r.full_high),
                interval(_, r.strict, r.optimistic) if known(r.strict) else "–",
            ],
            grey=bool(r.grey),
        )
        for r in shown.itertuples()
    ]  # fmt: skip
    st.html(table(columns, rows, label("stage", stage, _.code)))
    ui.caption(_, on_file, numbers.as_of, _("resolution.note"))

    st.header(_("resolution.heat"))
    short = [(s, _(f"resolution.short.{s}")) for s in stages]
    figure = ui.drawn(figures.heat, _, tuple(names.items()), tuple(short), frame=frame, mark=by)
    ui.chart(figure, _("resolution.heat.alt"), "heat")
    ui.caption(_, on_file, numbers.as_of, _("resolution.heat.note"))

    reasons = ui.kept(queries.reasons, by)
    with st.expander(_("resolution.reasons")):
        group = ui.pick_one("of", _(f"resolution.by.{by}"), list(names), names.__getitem__)
        rows = [
            Row([
                Cell(label("dispute_reason", r.dispute_reason, _.code)), digits(_, r.disputes),
                rate_cell(_, r.resolved, r.decided, r.rate, r.low, r.high),
            ])
            for r in reasons[reasons["row"] == group].itertuples()
        ]  # fmt: skip
        heads = [
            Column(_("resolution.reason")),
            Column(_("overview.column.disputes"), numeric=True),
            Column(_("resolution.any"), wide=True),
        ]
        st.html(table(heads, rows, names[group]))
