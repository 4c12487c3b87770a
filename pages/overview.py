"""Overview: what this is, three doors, the headline numbers, the trend."""

import streamlit as st

from prizewatch import figures, queries, ui
from prizewatch.store import Kind
from prizewatch.ui_html import Column, Row, count, digits, facts, interval, known

_ = ui.words()
register = ui.register()
reference = register.kind is Kind.REFERENCE
numbers = ui.kept(queries.overview)

st.title(_("overview.title"))
ui.lead(_("overview.lead"))

doors = ("organizers", "resolution", "method") if reference else ("organizers", "report", "advice")
with st.grid(3, min_column_width=230):
    for door in doors:
        with st.container(border=True, key=f"door-{door}", gap="xxsmall"):
            ui.link(door, _(f"overview.door.{door}"))
            ui.quiet(_(f"overview.door.{door}.help"))

if numbers.disputes == 0:
    st.header(_("overview.empty.title"))
    ui.paragraphs([_("overview.empty.text")])
else:
    st.header(_("overview.numbers"))
    on_file = count(_, numbers.disputes, "<5")
    parts = (numbers.resolved_full, numbers.resolved_partial)
    relieved = None if None in parts else sum(parts)
    since = _("overview.since", month=_.month(numbers.first_month)) if numbers.first_month else ""
    share = (
        _("overview.rate", rate=_.percent(numbers.rate), range=interval(_, numbers.low, numbers.high))
        if known(numbers.rate)
        else _("shell.too_few")
    )
    st.html(
        facts(
            [
                (_("overview.disputes"), on_file, since),
                (_("overview.resolved"), _("shell.k_of_n", k=count(_, relieved), n=count(_, numbers.decided)), share),
                (_("overview.undecided"), count(_, numbers.undecided), _("overview.undecided.note")),
                (_("overview.listed"), _.number(numbers.organizers_listed), _("overview.listed.note")),
            ]
        )
    )
    if known(numbers.rate):
        ui.quiet(_("overview.bounds", low=_.percent(numbers.strict), high=_.percent(numbers.optimistic)))
    ui.caption(_, on_file, numbers.as_of)

    st.header(_("overview.trend"))
    monthly = ui.kept(queries.monthly)
    if monthly["disputes_n"].fillna(0).gt(0).any():
        ui.chart(ui.drawn(figures.trend, _, numbers.as_of, frame=monthly), _("overview.trend.alt"), "trend")
        ui.caption(_, on_file, numbers.as_of, _("overview.trend.note"))
    else:
        ui.quiet(_("overview.trend.few"))
    with st.expander(_("overview.trend.table")):
        columns = [Column(_("overview.month"))]
        columns += [
            Column(_(f"overview.column.{c}"), numeric=True) for c in ("disputes", "resolved", "closed", "undecided")
        ]
        ui.table(
            "trend",
            columns,
            lambda: [
                Row([_.month(m.month), *(digits(_, n) for n in (m.disputes, m.resolved, m.closed, m.undecided))])
                for m in monthly.iloc[::-1].itertuples()
            ],
            _("overview.trend"),
        )
