"""A request for erasure on the desk: what was asked for, what it would erase, and the answer. For admins."""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from . import edge, erasure_requests, rulings, ui_case, ui_decide, ui_desk, ui_text
from .access import Actor, may
from .duties import Duty
from .erasure_requests import Request
from .errors import UnusableInput
from .i18n import Language
from .store import Register
from .ui_html import escape

state = st.session_state


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """One request."""
    found = erasure_requests.request(register, duty.subject_id)
    if found is None or not may(actor, "erase"):
        ui_text.paragraphs([_("errors.erasure.answered")])
        return
    read, act = ui_decide.sides()
    with read:
        st.html(_document(_, register, found))
    with act:
        _answer(_, found, after)


def _document(_: Language, register: Register, found: Request) -> str:
    asked = _("desk.erasure.asked", day=_.day(register.day_of(found.asked_at)), due=_.day(found.due))
    what = _("desk.why.erase_kept" if found.kept else "desk.why.erase_all")
    return (
        f"<article class='pw-case'><h2>{escape(_('desk.erasure.title'))}</h2>"
        f"<p><span class='pw-badge'>{escape(what)}</span></p><p>{escape(asked)}</p>"
        f"<p>{escape(_('desk.erasure.report'))} {ui_case.reference(found.dispute_id)}</p>"
        f"<p>{escape(_('desk.erasure.does.kept' if found.kept else 'desk.erasure.does.all'))}</p></article>"
    )


def _answer(_: Language, found: Request, after: str) -> None:
    """Carrying it out takes a tick: nothing brings it back."""
    about, code = state.get("desk_problem", ("", ""))
    if about == str(found.request_id):
        st.html(f"<p class='pw-problem' role='alert'>{escape(_(code))}</p>")
    key = f"desk-erasure-{found.request_id.hex[:12]}"
    sure = st.checkbox(_("desk.erasure.sure"), key=f"{key}-sure")
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("desk.erasure.do"), key="desk_erase", type="primary", disabled=not sure,
            on_click=ui_desk.guarded("erase", answer), args=(found.request_id, "", after),
        )  # fmt: skip
        ui_decide.skip(_, after)
    st.text_area(_("desk.erasure.why"), key=f"{key}-why", height=90, max_chars=rulings.MOST_WORDS, on_change="ignore")
    st.button(
        _("desk.erasure.no"), key="desk_decline", shortcut="N", on_click=ui_desk.guarded("erase", answer),
        args=(found.request_id, f"{key}-why", after),
    )  # fmt: skip


def answer(actor: Actor, request_id: UUID, words: str, after: str) -> None:
    """It is carried out, or declined with the words of that field; the next matter comes up."""
    register, now = edge.register(), edge.now()
    try:
        if words:
            erasure_requests.decline(register, actor, request_id, str(state.get(words, "")), now)
        else:
            erasure_requests.carry_out(register, actor, request_id, now)
    except UnusableInput as error:
        state["desk_problem"] = (str(request_id), error.key)
        return
    state["desk_last"] = ("desk.erasure.declined" if words else "desk.erasure.done", [], False, "")
    ui_decide.go(after)
