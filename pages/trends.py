"""How reports come in over the months, and which reasons a group is named for more often than all are."""

from typing import Any

import streamlit as st

from prizewatch import (
    edge,
    figures_repeat,
    figures_time,
    queries,
    ui_figure,
    ui_filters,
    ui_kept,
    ui_language,
    ui_text,
    ui_time,
)
from prizewatch.frames import each
from prizewatch.ui_html import Column, Row, count, digits, rate_cell
from prizewatch.vocabulary import codes, label

_ = ui_language.words()
as_of = edge.register().version().as_of
numbers = ui_kept.answer(queries.overview)
on_file = count(_, numbers.disputes, "<5")
st.title(_("trends.title"))
ui_text.lead(_("trends.lead"))

found = ui_kept.answer(queries.disproportion)
groups = [g for g in codes("analysis_group") if g in set(found[found["n"] != "0"]["row"])]


def months(group: str) -> None:
    """Reports by month, with the seasons of many draws."""
    frame = ui_kept.answer(queries.monthly, group or None)
    marks = tuple((str(s.start.date()), str(s.end.date()), s.season) for s in each(ui_kept.answer(queries.seasons)))
    told = frame["disputes_n"].fillna(0).gt(0).any()
    parts = ("disputes", "resolved", "closed", "undecided")
    heads = [Column(_("overview.month")), *(Column(_(f"overview.column.{c}"), numeric=True) for c in parts)]
    rows = lambda: [  # noqa: E731
        Row([_.month(m.month), *(digits(_, getattr(m, c)) for c in parts), ui_time.change(_, m)])
        for m in each(frame.iloc[::-1])
    ]
    ui_figure.show(
        _, "months", _("trends.months"),
        ui_kept.figure(figures_time.trend, _, as_of, marks, frame=frame, mark=group) if told else None,
        answer=ui_time.year_answer(_, frame, as_of), n=on_file, as_of=as_of,
        table_columns=[*heads, Column(_("trends.change"), numeric=True)], table_rows=rows, frame=frame,
        file="months", note=_("trends.months.note"), alt=_("overview.trend.alt"), mark=(group,),
    )  # fmt: skip


def reasons(group: str) -> None:
    """Reasons of the group against those of all."""
    frame = found[(found["row"] == group) & (found["n"] != "0")]
    relief = ui_kept.answer(queries.reasons, "group")
    settled = {r.dispute_reason: r for r in each(relief[relief["row"] == group])}
    told = frame["ebgm"].notna().any()
    rows = tuple((r, label("dispute_reason", r, _.code)) for r in frame["dispute_reason"])
    heads = [
        Column(_("resolution.reason")),
        *(Column(_(f"trends.{c}"), numeric=True) for c in ("n", "expected", "ratio")),
        Column(_("resolution.any"), wide=True),
    ]

    def line(r: Any) -> Row:
        ratio, low = (_.number(round(v, 2)) if v == v else "–" for v in (r.ebgm, r.eb05))
        expected = _.number(round(r.expected, 1)) if r.expected == r.expected else "–"
        s = settled[r.dispute_reason]
        of = rate_cell(_, s.resolved, s.decided, s.rate, s.low, s.high)
        return Row(
            [label("dispute_reason", r.dispute_reason, _.code), digits(_, r.n), expected, f"{ratio} (≥{low})", of]
        )

    ui_figure.show(
        _, "reasons", _("trends.reasons", group=label("analysis_group", group, _.code)),
        ui_kept.figure(figures_repeat.reasons, _, rows, frame=frame, mark=group) if told else None,
        answer=ui_time.reason_answer(_, frame), n=on_file, as_of=as_of, table_columns=heads,
        table_rows=lambda: map(line, each(frame)), frame=frame, lists={"row": "analysis_group"},
        file="reasons", note=_("trends.reasons.note"), mark=(group,),
    )  # fmt: skip


if not groups:
    st.header(_("resolution.empty.title"))
    ui_text.paragraphs([_("resolution.empty.text")])
else:
    with st.grid(2, min_column_width=200):
        chosen = ui_filters.pick_one(
            "group", _("ladder.group"), groups, lambda c: label("analysis_group", c, _.code), all_label=_("ladder.all")
        )
    months(chosen)
    if len(groups) > 1:
        reasons(chosen or groups[0])
        if not chosen:
            ui_text.quiet(_("trends.reasons.others"))
