"""Overview: what this is, three doors, the headline numbers, the trend."""

import streamlit as st

from prizewatch import edge, figures_time, queries, ui_figure, ui_kept, ui_language, ui_links, ui_text
from prizewatch.frames import each
from prizewatch.store import Kind
from prizewatch.ui_html import Column, Row, count, digits, facts, interval, known

_ = ui_language.words()
register = edge.register()
reference = register.kind is Kind.REFERENCE
numbers = ui_kept.answer(queries.overview)

st.title(_("overview.title"))
ui_text.lead(_("overview.lead"))

doors = ("organizers", "resolution", "method") if reference else ("before", "report", "resolution")
with st.grid(3, min_column_width=230):
    for door in doors:
        with st.container(border=True, key=f"door-{door}", gap="xxsmall"):
            ui_links.link(door, _(f"overview.door.{door}"))
            ui_text.quiet(_(f"overview.door.{door}.help"))

if not reference:
    with st.container(horizontal=True, key="pw-back"):
        for page in ("mine", "advice"):
            ui_links.link(page, _(f"overview.{page}"))

if numbers.disputes == 0:
    st.header(_("overview.empty.title"))
    ui_text.paragraphs([_("overview.empty.text")])
else:
    st.header(_("overview.numbers"))
    on_file = count(_, numbers.disputes, "<5")
    full, partial = numbers.resolved_full, numbers.resolved_partial
    relieved = None if full is None or partial is None else full + partial
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
        ui_text.quiet(_("overview.bounds", low=_.percent(numbers.strict), high=_.percent(numbers.optimistic)))

    monthly = ui_kept.answer(queries.monthly)
    told = monthly["disputes_n"].fillna(0).gt(0).any()
    parts = ("disputes", "resolved", "closed", "undecided")
    columns = [Column(_("overview.month")), *(Column(_(f"overview.column.{c}"), numeric=True) for c in parts)]
    rows = lambda: [  # noqa: E731
        Row([_.month(m.month), *(digits(_, getattr(m, c)) for c in parts)]) for m in each(monthly.iloc[::-1])
    ]
    ui_figure.show(
        _, "trend", _("overview.trend"),
        ui_kept.figure(figures_time.trend, _, numbers.as_of, frame=monthly) if told else None,
        n=on_file, as_of=numbers.as_of, table_columns=columns, table_rows=rows, frame=monthly, file="months",
        note=_("overview.trend.note"), alt=_("overview.trend.alt"),
    )  # fmt: skip
    with st.container(horizontal=True):
        for page in ("ladder", "time", "trends") if reference else ("ladder", "time", "platforms", "repeat", "trends"):
            ui_links.link(page, _(f"shell.nav.{page}"))
