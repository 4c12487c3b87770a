"""What others say of a report, asked of its reporter: the organizer says the prize was delivered; a notice objects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from . import edge, notices
from .asking import S2, decided
from .fields import RELIEF
from .followup import Change, OwnReport
from .i18n import Language, language
from .notices import Standing
from .store import Register
from .story import text
from .ui_html import escape
from .ui_mine import Asking, given, go, send
from .ui_mine_correct import Make, money
from .ui_notice import decision_words, lines, said, standing_words
from .ui_steps import NO_RELIEF
from .ui_visitor import network
from .vocabulary import codes, label

state = st.session_state
ENDED = ("resolved_full", "resolved_partial", "withdrawn")


def show(_: Language, register: Register, report: OwnReport) -> None:
    """Whatever somebody else says and the reporter may answer; nothing where there is none."""
    if report.said_resolved_on and report.status not in ENDED:
        _received(_, register, report.said_resolved_on)
    for seen in notices.of_report(register, report.dispute_id):
        _notice(_, seen)


def _received(_: Language, register: Register, said_on: date) -> None:
    """Was it received? Yes: what, and when. No: nothing changes, and it goes on counting."""
    asked = escape(_("mine.received.question", day=_.day(said_on)))
    st.html(f"<div class='pw-aside'><p><strong>{asked}</strong></p><p>{escape(_('mine.received.note'))}</p></div>")
    change = state.setdefault("mine_change", str(uuid4()))
    with st.container(horizontal=True):
        st.button(_("mine.received.yes"), key="mine_received", type="primary", on_click=go, args=("delivered",))
        st.button(
            _("mine.received.no"), key="mine_denied", on_click=send,
            args=(_.code, register, change, Change, "mine.done.denied", True),
        )  # fmt: skip


def delivered(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """What came, and when."""
    outcome = form.tap("outcome", ("relief_full", "relief_partial"), "stage_outcome")
    if outcome not in RELIEF:
        return None
    worth = report.dispute["prize_value"] if outcome == "relief_full" else None
    form.seed({"relief_on": form.today, "relief_value": None if worth is None else float(worth)})
    form.one("relief", [code for code in codes("relief") if code not in NO_RELIEF], "relief")
    form.number("relief_value")
    form.day("relief_on")
    if outcome == "relief_partial":
        form.tick("partial_accepted")
    return partial(_delivered, report, form.today)


def _delivered(report: OwnReport, today: date, change_id: str) -> Change:
    """The talks with the organizer brought it: those that are open, or new ones."""
    told, day = given(), text(given().get("relief_on"))
    event = {
        "outcome": text(told.get("outcome")), "relief": text(told.get("relief")), "relief_on": day, "closed_on": day,
        "relief_value": money(told.get("relief_value")), "promised_on": "",
    }  # fmt: skip
    waiting = next((e for e in report.events if e["stage"] == S2 and not decided(e["outcome"])), None)
    dispute = {"partial_accepted_on": day} if told.get("partial_accepted") else {}
    return Change(change_id, dispute, [event | _talks(waiting, day or text(today))])


def _talks(waiting: Mapping[str, Any] | None, day: str) -> dict[str, str]:
    if waiting:
        return {"stage_event_id": waiting["stage_event_id"], "version": str(waiting["version"])}
    return {"stage": S2, "target_entity": "organizer", "entered_on": day}


def _notice(_: Language, seen: Standing) -> None:
    """A notice against the report, without who sent it; and the answer to it."""
    ground = label("notice_ground", seen.ground, _.code)
    st.html(
        f"<section class='pw-card pw-progress'><h2>{escape(_('mine.notice', ground=ground))}</h2>"
        f"<p class='pw-quiet'>{escape(seen.words)}</p><p>{escape(standing_words(_, seen))}</p>"
        + "".join(decision_words(_, d) for d in seen.decisions)
        + "</section>"
    )
    for kind in seen.may:
        prefix = f"mine_notice_{seen.notice_id.hex[:8]}"
        with st.container(key=f"pw-form-{prefix}"):
            lines(_, prefix, "say", _(f"mine.notice.{kind}"))
            st.button(
                _("mine.notice.send"), key=f"{prefix}_{kind}", type="primary", on_click=_answer,
                args=(_.code, seen.notice_id, kind, prefix),
            )  # fmt: skip


def _answer(lang: str, notice_id: UUID, kind: str, prefix: str) -> None:
    step = state.setdefault(f"{prefix}_step", str(uuid4()))
    words = said(prefix, "say")
    wrong = notices.answer(edge.register(), state["mine_code"], notice_id, kind, words, step, edge.now(), network())
    state[f"{prefix}_wrong"] = (wrong,) if wrong else ()
    if wrong is None:
        state.pop(f"{prefix}_say", None)
        state.pop(f"{prefix}_step", None)
        state["mine_note"] = language(lang)("mine.notice.sent")
