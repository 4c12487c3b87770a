"""Opening My report by its code, and the way back for who withdrew."""

from __future__ import annotations

import math
from uuid import uuid4

import streamlit as st

from . import edge, erasure_requests, followup, ui_text
from .followup import OwnReport, Revised, Slowed, Unknown
from .i18n import Language, language
from .store import Register
from .ui_html import escape
from .ui_mine import forget, refused, state
from .ui_visitor import network


def opened(register: Register) -> OwnReport | None:
    """The report of the code that was typed; None where there is none, and why stands in `mine_failed`."""
    code = state.get("mine_code", "")
    if not code:
        return None
    found = followup.open_report(register, code, edge.now(), network())
    if isinstance(found, OwnReport):
        return found
    refused(found)
    return None


def ask_code(_: Language, register: Register) -> None:
    """The code, forgiving how it is typed; and the way back for who withdrew."""
    ui_text.paragraphs([_("mine.code.where")])
    with st.container(key="pw-form"):
        st.text_input(_("mine.code"), key="mine_typed", max_chars=60, autocomplete="off", placeholder="XXXXX-XXXXX-…")
        _why_not(_)
        st.button(_("mine.open"), key="mine_open", type="primary", on_click=_open)
        with st.expander(_("mine.again"), key="mine_again_fold"):
            ui_text.quiet(_("mine.again.note"))
            st.text_input(_("mine.again.phrase"), key="mine_phrase", max_chars=200, autocomplete="off")
            st.button(_("mine.again.do"), key="mine_again", on_click=reopen, args=(_.code, register, "mine_typed"))
    ui_text.quiet(_("mine.code.reload"))


def _why_not(_: Language) -> None:
    failed = state.get("mine_failed")
    if isinstance(failed, Slowed):
        said = _("mine.slowed", math.ceil(failed.seconds / 60))
    elif isinstance(failed, Unknown):
        erased = erasure_requests.erased_on(edge.register(), str(state.get("mine_typed", "")), edge.now())
        said = _("mine.erased", day=_.day(erased)) if erased else _("mine.unknown")
    elif failed == "empty":
        said = _("mine.code.empty")
    else:
        return
    st.html(f"<p class='pw-problem' role='alert'>{escape(said)}</p>")


def _open() -> None:
    code = str(state.get("mine_typed", "")).strip()
    state["mine_failed"] = None if code else "empty"
    if code:
        state["mine_code"], state["mine_change"] = code, str(uuid4())


def reopen(lang: str, register: Register, where: str) -> None:
    """Take up a withdrawn report again, by its code and the private contact given at filing."""
    code, phrase = str(state.get(where, "")), str(state.get("mine_phrase", ""))
    change = state.setdefault("mine_change", str(uuid4()))
    done = followup.reopen(register, code, phrase, change, edge.now(), network())
    if not isinstance(done, Revised):
        if where == "mine_gone":
            state["mine_failed"] = done
        else:
            refused(done)
        return
    forget(stays=())
    state["mine_code"], state["mine_note"], state["mine_change"] = code, language(lang)("mine.done.again"), str(uuid4())


def show_gone(_: Language, register: Register) -> None:
    """It was withdrawn: said once more, and the way back."""
    st.html(f"<div class='pw-aside' role='status'><p>{escape(_('mine.done.withdrawn'))}</p></div>")
    ui_text.paragraphs([_("mine.gone")])
    with st.container(key="pw-form"):
        st.text_input(_("mine.again.phrase"), key="mine_phrase", max_chars=200, autocomplete="off")
        if isinstance(state.get("mine_failed"), Unknown):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('mine.again.no'))}</p>")
        else:
            _why_not(_)
        st.button(_("mine.again.do"), key="mine_again", on_click=reopen, args=(_.code, register, "mine_gone"))
    st.button(_("mine.close"), key="mine_close", on_click=forget, args=((),))
