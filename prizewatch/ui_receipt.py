"""The receipt of a report: its code, the next step, the dates that matter, and letters to copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from . import deadlines, letters, ui, ui_letters
from .i18n import Language
from .next_step import is_fraud, next_step
from .ui_html import escape
from .vocabulary import label


@dataclass(frozen=True, slots=True)
class Filed:
    """A report as it was filed: its code, its day, and its rows as text (names of `fields`)."""

    code: str
    day: date
    event_id: str
    dispute: Mapping[str, Any]
    events: Sequence[Mapping[str, Any]]
    evidence: Sequence[Mapping[str, Any]]


def show_code(_: Language, filed: Filed, site: str) -> None:
    """The code, twice and as a file."""
    st.html(f"<p class='pw-code' role='status'>{escape(filed.code)}</p>")
    st.download_button(
        _("report.done.save"),
        data=_("report.done.file", code=filed.code, day=_.day(filed.day), site=site).encode("utf-8-sig"),
        file_name="prizewatch-receipt.txt",
        mime="text/plain",
        on_click="ignore",
    )
    ui.paragraphs([_("report.done.again", code=filed.code), _("report.done.then")])


def show_next_step(_: Language, filed: Filed) -> None:
    """What to do now, what to hold, where to go, what to expect."""
    said = filed.dispute
    fraud = is_fraud(
        said.get("dispute_reason") or "",
        amount_paid=float(said.get("amount_paid") or 0),
        data_given=(said.get("data_given") or "").split(";"),
    )
    step = next_step(
        said.get("organizer_type") or "unknown",
        [event["stage"] for event in filed.events],
        _.code,
        lottery_tool=said.get("lottery_tool") or "",
        fraud=fraud,
    )
    if step is None:
        return
    st.header(_("report.done.next", step=label("stage", step.stage, _.code)))
    told = [step.do, *(_(f"advice.{part}") + getattr(step, part) for part in ("evidence", "where", "expect"))]
    ui.paragraphs(told)
    ui.link("advice", _("report.done.advice"), who=step.group)


def show_dates(_: Language, filed: Filed, zone: ZoneInfo, now: datetime) -> None:
    """The dates still to come, and as a calendar file."""
    coming = [one for one in deadlines.dates(filed.dispute, filed.events, zone=zone) if one.day >= filed.day]
    if not coming:
        return
    st.header(_("report.done.dates"))
    rows = "".join(
        f"<li><strong>{escape(_.day(one.day))}</strong> {escape(one.title(_))}"
        f"<br><span class='pw-quiet'>{escape(one.why(_))}</span></li>"
        for one in coming
    )
    st.html(f"<ul class='pw'>{rows}</ul>")
    st.download_button(
        _("report.done.calendar"),
        data=deadlines.calendar(coming, _, now=now, seed=filed.event_id),
        file_name="prizewatch.ics",
        mime="text/calendar",
        on_click="ignore",
    )


def show_letters(_: Language, filed: Filed, zone: ZoneInfo) -> None:
    """Letters made from the report's own words; nothing in them that was not said."""
    fields = {**filed.dispute, "events": filed.events, "evidence": filed.evidence, "today": filed.day}
    written = letters.write_all(fields, _, zone=zone)
    if not written:
        return
    st.header(_("report.done.letters"))
    ui.quiet(_("report.done.letters_note"))
    for letter in written:
        ui_letters.show(_, letter)
