"""Resolution: organizer group or type by stage, a table and a heatmap of the same numbers; bounds; reasons."""

import streamlit as st

from prizewatch import figures, queries, ui
from prizewatch.ui_html import Column, Row, count, digits, interval, known, rate_cell
from prizewatch.vocabulary import codes, label

_ = ui.words()
register = ui.register()
st.title(_("resolution.title"))
ui.lead(_("resolution.lead"))

numbers = ui.kept(queries.overview)
on_file = count(_, numbers.disputes, "<5")
overall = ui.kept(queries.resolution, "group")
there = set(overall[overall["reached"] != "0"]["stage"])
# the ladder as far as anyone went; the self-check brings nobody a prize
stages = [s for s in codes("stage")[1:] if s in there] or list(codes("stage")[1:])
with st.grid(2, min_column_width=260):
    stage = ui.pick_one("stage", _("resolution.stage"), stages, lambda c: label("stage", c, _.code))
    by = ui.pick_one("by", _("resolution.by"), ("group", "type"), lambda c: _(f"resolution.by.{c}"))
list_name = "analysis_group" if by == "group" else "organizer_type"
frame = ui.kept(queries.resolution, by)
there = set(frame["row"])
names = {code: label(list_name, code, _.code) for code in codes(list_name) if code in there}


def row(r) -> Row:
    """One group or type at the chosen stage."""
    counts = [digits(_, n) for n in (r.reached, r.decided, r.sanction_only)]
    relieved = rate_cell(_, r.relief_any, r.decided, r.rate, r.low, r.high)
    in_full = rate_cell(_, r.relief_full, r.decided, r.full_rate, r.full_low, r.full_high)
    bounds = interval(_, r.strict, r.optimistic) if known(r.strict) else "–"
    return Row([names[r.row], *counts, relieved, in_full, bounds], grey=bool(r.grey))


def reason_row(r) -> Row:
    """One reason within the chosen group or type."""
    settled = rate_cell(_, r.resolved, r.decided, r.rate, r.low, r.high)
    return Row([label("dispute_reason", r.dispute_reason, _.code), digits(_, r.disputes), settled])


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
    ui.table("resolution", columns, lambda: map(row, shown.itertuples()), label("stage", stage, _.code), stage, by)
    ui.caption(_, on_file, numbers.as_of, _("resolution.note"))

    st.header(_("resolution.heat"))
    short = [(s, _(f"resolution.short.{s}")) for s in stages]
    figure = ui.drawn(figures.heat, _, tuple(names.items()), tuple(short), frame=frame, mark=by)
    ui.chart(figure, _("resolution.heat.alt"), "heat")
    ui.caption(_, on_file, numbers.as_of, _("resolution.heat.note"))

    reasons = ui.kept(queries.reasons, by)
    with st.expander(_("resolution.reasons")):
        group = ui.pick_one("of", _(f"resolution.by.{by}"), list(names), names.__getitem__)
        shown_reasons = reasons[reasons["row"] == group]
        heads = [
            Column(_("resolution.reason")),
            Column(_("overview.column.disputes"), numeric=True),
            Column(_("resolution.any"), wide=True),
        ]
        ui.table("reasons", heads, lambda: map(reason_row, shown_reasons.itertuples()), names[group], group, by)
