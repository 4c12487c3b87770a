"""The receipt of a report: its code to keep, ten minutes to take it back, next step, dates, letters, a share link.

WeChat's own browser blocks downloads: whatever can be saved as a file here can also be read and copied.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import segno
import streamlit as st

from . import deadlines, draws, followup, identity, letters, ui_advice, ui_letters, ui_links, ui_text
from .evidence import standing
from .i18n import Language
from .intake import Batch
from .next_step import is_fraud
from .store import Register
from .ui_html import escape


@dataclass(frozen=True, slots=True)
class Filed:
    """A report as it was filed: its code, its day, and its rows as text (names of `fields`).

    `filed_at` is UTC. Without rows (the page was loaded anew after sending) only the code is known.
    """

    code: str
    day: date
    event_id: str
    dispute_id: str
    filed_at: datetime
    dispute: Mapping[str, Any] = field(default_factory=dict)
    events: Sequence[Mapping[str, Any]] = ()
    evidence: Sequence[Mapping[str, Any]] = ()

    @classmethod
    def of(cls, batch: Batch, code: str, dispute_id: str, at: datetime, day: date, event_id: str) -> Filed:
        """The report of a batch of one that has just been filed."""
        rows = batch.disputes.to_pylist()[0], batch.events.to_pylist(), batch.evidence.to_pylist()
        return cls(code, day, event_id, dispute_id, at, *rows)

    @classmethod
    def again(cls, register: Register, event_id: str, dispute_id: str, at: datetime, day: date) -> Filed:
        """The receipt of a report whose answers are gone from the desk."""
        return cls(identity.receipt_code(register.key, event_id), day, event_id, dispute_id, at)


def show(_: Language, register: Register, filed: Filed, clock: Callable[[], datetime]) -> None:
    """The whole receipt, the most needed first. `clock` tells UTC now and when a button is pressed."""
    zone = register.settings.time_zone
    st.title(_("receipt.title"))
    ui_text.lead(_("receipt.lead"))
    show_code(_, filed, ui_links.full_address(register, "mine"))
    show_take_back(_, register, filed, clock)
    if filed.dispute:
        show_next_step(_, filed)
        show_dates(_, filed, zone, clock())
        show_letters(_, register, filed)
    show_share(_, register, filed)
    ui_text.paragraphs([_("receipt.then")])
    ui_links.link("mine", _("receipt.mine"))


def show_code(_: Language, filed: Filed, site: str) -> None:
    """The code: in large letters, as text to copy, as a picture for another phone, as a file."""
    text = _("receipt.file", code=filed.code, day=_.day(filed.day), site=site)
    st.html(f"<p class='pw-code' role='status'>{escape(filed.code)}</p>")
    picture = segno.make(filed.code, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
    alt = escape(_("receipt.qr_alt"))
    st.html(
        f"<figure class='pw-qr'><img src='{escape(picture)}' width='165' height='165' alt='{alt}'>"
        f"<figcaption>{escape(_('receipt.qr'))}</figcaption></figure>"
    )
    ui_text.quiet(_("receipt.again"))
    st.code(text.strip(), language=None, wrap_lines=True)
    st.download_button(
        _("receipt.save"), data=text.encode("utf-8-sig"), file_name="prizewatch-receipt.txt", mime="text/plain",
        on_click="ignore", key="receipt_save",
    )  # fmt: skip


def show_take_back(_: Language, register: Register, filed: Filed, clock: Callable[[], datetime]) -> None:
    """Ten minutes to take it back, and how many are left."""
    left = (filed.filed_at + followup.TAKE_BACK - clock()).total_seconds()
    if left <= 0:
        return
    with st.container(border=True, key="pw-take-back"):
        ui_text.quiet(_("receipt.take_back.left", max(1, round(left / 60))))
        st.button(
            _("receipt.take_back"), key="receipt_take_back", type="tertiary", on_click=_take_back,
            args=(register, filed, clock),
        )  # fmt: skip
        if st.session_state.get("report_too_late"):
            ui_text.quiet(_("receipt.take_back.late"))


def _take_back(register: Register, filed: Filed, clock: Callable[[], datetime]) -> None:
    if followup.take_back(register, filed.code, clock()):
        st.session_state["report_taken_back"] = True
    else:
        st.session_state["report_too_late"] = True


def show_next_step(_: Language, filed: Filed) -> None:
    """What to do now, what to hold, where to go, what to expect."""
    said = filed.dispute
    fraud = is_fraud(
        said.get("dispute_reason") or "",
        amount_paid=float(said.get("amount_paid") or 0),
        data_given=(said.get("data_given") or "").split(";"),
    )
    ui_advice.show(
        _,
        said.get("organizer_type") or "unknown",
        [event["stage"] for event in filed.events],
        standing((one["kind"], one["form"], bool(one.get("sha256"))) for one in filed.evidence).level,
        said.get("lottery_tool") or "",
        fraud,
        came=filed.events[-1]["outcome"] if filed.events else "",
    )


def show_dates(_: Language, filed: Filed, zone: ZoneInfo, now: datetime) -> None:
    """The dates still to come, when to come back among them; and as a calendar file."""
    every = deadlines.dates(filed.dispute, filed.events, zone=zone, filed_on=filed.day)
    coming = [one for one in every if one.day >= filed.day]
    if not coming:
        return
    st.header(_("receipt.dates"))
    rows = "".join(
        f"<li><strong>{escape(_.day(one.day))}</strong> {escape(one.title(_))}"
        f"<br><span class='pw-quiet'>{escape(one.why(_))}</span></li>"
        for one in coming
    )
    st.html(f"<ul class='pw'>{rows}</ul>")
    st.download_button(
        _("receipt.calendar"),
        data=deadlines.calendar(coming, _, now=now, seed=filed.event_id),
        file_name="prizewatch.ics",
        mime="text/calendar",
        on_click="ignore",
        key="receipt_calendar",
    )


def show_letters(_: Language, register: Register, filed: Filed) -> None:
    """Letters made from the report's own words; nothing in them that was not said, but what the organizer is called in
    public where it was picked from the register.
    """
    answer_by = filed.day + timedelta(days=deadlines.wait_days("s2_organizer") or 0)
    typed = {name: value for name, value in filed.dispute.items() if value not in (None, "")}
    fields = {
        **draws.public_names(register, filed.dispute_id), **typed,
        "events": filed.events, "evidence": filed.evidence, "today": filed.day, "reply_by": answer_by,
    }  # fmt: skip
    written = letters.write_all(fields, _, zone=register.settings.time_zone)
    if not written:
        return
    st.header(_("receipt.letters"))
    ui_text.quiet(_("receipt.letters_note"))
    for letter in written:
        ui_letters.show(_, letter)


def show_share(_: Language, register: Register, filed: Filed) -> None:
    """Others won too: a link that opens the form with organizer and draw filled in."""
    token = draws.share_token(register, filed.dispute_id)
    if token:
        st.header(_("receipt.share"))
        ui_text.quiet(_("receipt.share_note"))
        st.code(ui_links.full_address(register, "report", join=token), language=None, wrap_lines=True)
