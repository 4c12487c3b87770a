"""The parts of the transparency page: how soon, what became of the reports of each month, what was done and why."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from . import edge, figures_desk, ui_figure, ui_kept, ui_text
from .crosstables import STATES
from .frames import each
from .i18n import Language
from .transparency import KINDS, OUTCOMES, TIMED_FROM, Transparency
from .ui_html import Column, Row, count, digits, facts, known, table
from .vocabulary import code_lists, label

COLUMNS = ("received", *OUTCOMES)


def summary(_: Language, told: Transparency) -> None:
    """The headline numbers."""
    if known(told.hours):
        days = told.hours / 24
        soon = _("transparency.days", n=_.number(round(days, 1))) if days >= 2 else _(
            "transparency.hours", n=_.number(round(told.hours, 1)))  # fmt: skip
        note = _("transparency.soon.note", n=count(_, told.decided, "<5"))
    else:
        soon, note = "–", _("transparency.soon.few", n=TIMED_FROM)
    items = [
        (_("transparency.soon"), soon, note),
        (_("transparency.open_alarms"), _.number(told.open_alarms), _("transparency.open_alarms.note")),
        *((_(f"transparency.kind.{kind}"), count(_, told.totals[kind], "<5"), _(f"transparency.kind.{kind}.note"))
          for kind in ("correction", "erased")),
    ]  # fmt: skip
    st.html(facts(items))


def months(_: Language, told: Transparency, as_of: date) -> None:
    """What became of the reports of each month."""
    frame = told.months
    if not len(frame):
        st.header(_("transparency.months"), anchor="months")
        ui_text.paragraphs([_("transparency.nothing_received")])
        return
    heads = [Column(_("overview.month"))]
    heads += [Column(_(f"transparency.state.{name}"), numeric=True) for name in ("received", *STATES)]
    whole = frame["received_n"]
    drawn = whole.notna().any()
    n = _.number(int(whole.sum()))
    if whole.isna().any():  # a month hidden: at least those that may be told
        n = _("transparency.at_least", n=n)
    ui_figure.show(
        _, "months", _("transparency.months"), ui_kept.figure(figures_desk.fates, _, frame=frame) if drawn else None,
        n=n if drawn else "", as_of=as_of, of="received" if drawn else "not_summed", table_columns=heads,
        table_rows=lambda: (
            Row([_.month(m.month), *(digits(_, getattr(m, name)) for name in ("received", *STATES))])
            for m in each(frame.iloc[::-1])
        ),
        frame=frame, file="moderation", note=_("transparency.months.note"), alt=_("transparency.months.alt"),
    )  # fmt: skip


def activity(_: Language, told: Transparency) -> None:
    """What was done in each month."""
    st.header(_("transparency.activity"), anchor="activity")
    if not len(told.activity):
        ui_text.paragraphs([_("transparency.nothing_yet")])
        return
    heads = [Column(_("overview.month")), *(Column(_(f"transparency.kind.{kind}"), numeric=True) for kind in KINDS)]

    def rows() -> list[Row]:
        whole = Row([_("transparency.all"), *(count(_, told.totals[kind], "<5") for kind in KINDS)])
        busy = told.activity[(told.activity[list(KINDS)] != "0").any(axis=1)].iloc[::-1]
        months = [Row([_.month(m.month), *(digits(_, getattr(m, k)) for k in KINDS)]) for m in each(busy)]
        return [whole, *months] if len(months) > 1 else months

    ui_kept.table("activity", heads, rows, _("transparency.activity.note"))


def reasons(_: Language, told: Transparency) -> None:
    """Why reports were held, rejected, removed, or more was asked of their reporters."""
    st.header(_("transparency.reasons"), anchor="reasons")
    shown = told.reasons[told.reasons["n"] != "0"]
    if not len(shown):
        ui_text.paragraphs([_("transparency.nothing_yet")])
        return
    heads = [
        Column(_("transparency.action")),
        Column(_("transparency.reason")),
        Column(_("transparency.n"), numeric=True),
    ]
    lines = [Row([_(f"transparency.kind.{r.action}"), _reason(_, r.reason), digits(_, r.n)]) for r in each(shown)]
    st.html(table(heads, lines, _("transparency.reasons.note"), cards=False))


def _reason(_: Language, code: str) -> str:
    given = isinstance(code, str) and code in code_lists()["moderation_reason"]
    return label("moderation_reason", code, _.code) if given else _("transparency.reason.none")


def notices(_: Language, told: Transparency) -> None:
    """Notices that came in, by ground, and what became of them."""
    st.header(_("transparency.notices"), anchor="notices")
    frame: pd.DataFrame = told.notices
    if not len(frame):
        ui_text.paragraphs([_("transparency.notices.none")])
        return
    heads = [Column(_("transparency.ground")), *(Column(_(f"transparency.outcome.{c}"), numeric=True) for c in COLUMNS)]
    lines = [
        Row([label("notice_ground", n.ground, _.code), *(digits(_, getattr(n, c)) for c in COLUMNS)])
        for n in each(frame)
    ]
    st.html(table(heads, lines, _("transparency.notices.note")))


def rules(_: Language, told: Transparency) -> None:
    """The rules the register has worked by."""
    st.header(_("transparency.rules"), anchor="rules")
    if not told.rules:
        ui_text.paragraphs([_("transparency.rules.none")])
        return
    heads = [Column(_("transparency.rules.since")), Column(_("transparency.rules.version"))]
    lines = [Row([_.day(edge.register().day_of(at)), fingerprint]) for fingerprint, at in told.rules]
    st.html(table(heads, lines, _("transparency.rules.note"), cards=False))
