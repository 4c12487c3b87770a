"""The page of notices: what is wrong, which record, who are you; and, by its code, what became of a notice."""

from __future__ import annotations

import math
from typing import Any
from uuid import uuid4

import streamlit as st

from . import edge, notices, ui_scripts, ui_text
from .followup import Slowed, Unknown
from .i18n import Language, language
from .notice_filing import CONTACT_KEPT
from .notices import Decided, Notice, Standing, Wrong
from .store import Register
from .ui_html import escape
from .ui_visitor import network
from .vocabulary import codes, label

state = st.session_state
FIELDS = ("ground", "wish", "words", "link", "record", "sender", "name", "contact")


def said(prefix: str, field: str) -> str:
    """What was typed in a field."""
    return str(state.get(f"{prefix}_{field}") or "")


def wrong_with(_: Language, prefix: str, field: str) -> None:
    """What is wrong with a field, under it."""
    for wrong in state.get(f"{prefix}_wrong", ()):
        if wrong.field == field:
            st.html(f"<p class='pw-problem' role='alert'>{escape(_(f'notice.wrong.{wrong.code}'))}</p>")


def mended(prefix: str, field: str) -> None:
    """A callback: who changes an answer is not told the old fault any more; the next press looks again."""
    held = state.get(f"{prefix}_wrong", ())
    state[f"{prefix}_wrong"] = tuple(wrong for wrong in held if wrong.field != field)


def one(_: Language, prefix: str, field: str, words: str, list_name: str) -> None:
    """A question with one answer of a code list."""
    st.selectbox(
        words, codes(list_name), index=None, key=f"{prefix}_{field}", placeholder=_("report.choose"),
        format_func=lambda code: label(list_name, code, _.code), persist_state="session",
        on_change=mended, args=(prefix, field),
    )  # fmt: skip
    wrong_with(_, prefix, field)


def line(_: Language, prefix: str, field: str, words: str, **more: Any) -> None:
    """A question with one line."""
    st.text_input(
        words, key=f"{prefix}_{field}", persist_state="session", autocomplete="off", on_change=mended,
        args=(prefix, field), **more,
    )  # fmt: skip
    wrong_with(_, prefix, field)


def lines(_: Language, prefix: str, field: str, words: str) -> None:
    """A question with some lines. Too many are judged, not cut: a browser would drop what is pasted beyond a limit."""
    st.text_area(
        words, key=f"{prefix}_{field}", height=140, persist_state="session", on_change=mended,
        args=(prefix, field),
    )  # fmt: skip
    wrong_with(_, prefix, field)


def ask(_: Language, register: Register) -> None:
    """The three questions."""
    if "notice_record" not in state and (code := st.query_params.get("record", "")[:9]):
        state["notice_record"] = code
    state.setdefault("notice_event", str(uuid4()))
    with st.container(key="pw-form"):
        st.header(_("notice.what"))
        one(_, "notice", "ground", _("notice.q.ground"), "notice_ground")
        one(_, "notice", "wish", _("notice.q.wish"), "notice_wish")
        lines(_, "notice", "words", _("notice.q.words"))
        line(_, "notice", "link", _("notice.q.link"), max_chars=500)
        st.header(_("notice.which"))
        line(_, "notice", "record", _("notice.q.record"), max_chars=300)
        ui_text.quiet(_("notice.which.note"))
        st.header(_("notice.who"))
        one(_, "notice", "sender", _("notice.q.sender"), "notice_sender")
        line(_, "notice", "name", _("notice.q.name"), max_chars=120)
        line(_, "notice", "contact", _("notice.q.contact"), max_chars=200)
        ui_text.quiet(_("notice.who.note", CONTACT_KEPT.days))
        if every := state.get("notice_wrong"):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('notice.wrong', len(every)))}</p>")
        if hours := state.get("notice_hours"):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('notice.slowed', hours))}</p>")
        st.button(_("notice.send"), key="notice_send", type="primary", on_click=_send, args=(register,))
    if state.pop("notice_told", False):
        ui_scripts.to_problem()


def _send(register: Register) -> None:
    notice = Notice(event_id=state["notice_event"], **{name: said("notice", name) for name in FIELDS})
    filed = notices.file(register, notice, network(), edge.now())
    state["notice_wrong"], state["notice_hours"] = filed.wrong, filed.hours
    state["notice_told"] = not filed.code
    if filed.code:
        for name in (*FIELDS, "event", "wrong", "hours"):
            state.pop(f"notice_{name}", None)
        state["notice_filed"] = filed.code


def receipt(_: Language) -> None:
    """It came in: the code, and what happens now."""
    code = state["notice_filed"]
    st.html(
        f"<section class='pw-card pw-progress' role='status'><h2>{escape(_('notice.filed'))}</h2>"
        f"<p>{escape(_('notice.filed.code'))}</p></section>"
    )
    st.code(code, language=None)
    ui_text.quiet(_("notice.filed.keep"))
    st.header(_("notice.then"))
    steps = "".join(f"<li>{escape(_(f'notice.then.{n}'))}</li>" for n in range(1, 5))
    st.html(f"<ol class='pw'>{steps}</ol>")
    st.button(_("notice.see.do"), key="notice_look", on_click=_look, args=(code,))
    st.button(_("notice.another"), key="notice_another", type="tertiary", on_click=_look, args=("",))


def _look(code: str) -> None:
    state.pop("notice_filed", None)
    state["notice_view"] = "see" if code else "file"
    state["notice_open"] = code


def see(_: Language, register: Register) -> None:
    """The code, and what it opens."""
    found: Standing | Unknown | Slowed | None = None
    if code := state.get("notice_open", ""):
        found = notices.standing(register, code, edge.now(), network())
    if isinstance(found, Standing):
        show(_, register, found)
        return
    with st.container(key="pw-form"):
        st.text_input(_("notice.code"), key="notice_typed", max_chars=60, autocomplete="off")
        if isinstance(found, Unknown):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('notice.unknown'))}</p>")
        elif isinstance(found, Slowed):
            text = _("mine.slowed", math.ceil(found.seconds / 60))
            st.html(f"<p class='pw-problem' role='alert'>{escape(text)}</p>")
        st.button(_("notice.open"), key="notice_open_do", type="primary", on_click=_open)


def _open() -> None:
    state["notice_open"] = said("notice", "typed").strip()


def decision_words(_: Language, decision: Decided) -> str:
    """One decision as HTML: what, when, why."""
    day = _.day(edge.register().day_of(decision.at))
    why = label("notice_reason", decision.reason_code, _.code) if decision.reason_code else ""
    more = f"<br>{escape(decision.sentence)}" if decision.sentence else ""
    return (
        f"<p class='pw-file'><strong>{escape(_(f'notice.did.{decision.kind}'))}</strong> "
        f"<span class='pw-quiet'>{escape(day)}</span><br>{escape(why)}{more}</p>"
    )


def standing_words(_: Language, seen: Standing) -> str:
    """The state of a notice in a sentence, with the day until which it may wait."""
    due = _.day(edge.register().day_of(seen.due)) if seen.due else ""
    return _(f"notice.state.{seen.state}", day=due)


def show(_: Language, register: Register, seen: Standing) -> None:
    """A notice as its sender may see it, and what may be said now."""
    head = f"{label('notice_wish', seen.wish, _.code)} · {label('notice_ground', seen.ground, _.code)}"
    st.html(
        f"<section class='pw-card pw-progress'><h2>{escape(standing_words(_, seen))}</h2><p>{escape(head)}</p>"
        f"<p class='pw-quiet'>{escape(seen.words)}</p>"
        f"<p class='pw-quiet'>{escape(_('notice.filed.on', day=_.day(register.day_of(seen.filed_at))))}</p></section>"
    )
    if seen.decisions:
        st.header(_("notice.decisions"))
        st.html("".join(decision_words(_, d) for d in seen.decisions))
    spoken = [kind for kind in seen.may if kind != "withdraw"]
    for kind in spoken:
        st.header(_(f"notice.may.{kind}"))
        with st.container(key="pw-form"):
            lines(_, "notice", "say", _(f"notice.may.{kind}.words"))
            st.button(
                _("notice.may.send"), key=f"notice_say_{kind}", type="primary", on_click=_say, args=(_.code, kind)
            )
    if "withdraw" in seen.may:
        with st.popover(_("notice.may.withdraw"), type="tertiary"):
            ui_text.quiet(_("notice.may.withdraw.sure"))
            st.button(_("notice.may.withdraw.do"), key="notice_withdraw", on_click=_say, args=(_.code, "withdraw"))
    wrong_with(_, "notice", "say" if not spoken else "other")
    st.button(_("notice.close"), key="notice_close", on_click=_close)


def _say(lang: str, kind: str) -> None:
    step = state.setdefault("notice_step", str(uuid4()))
    done = notices.say(edge.register(), state["notice_open"], kind, said("notice", "say"), step, edge.now(), network())
    state["notice_wrong"] = (done,) if isinstance(done, Wrong) else ()
    if isinstance(done, Standing):
        for name in ("say", "step"):
            state.pop(f"notice_{name}", None)
        st.toast(language(lang)("notice.said"))


def _close() -> None:
    for name in ("open", "typed", "say", "step", "wrong"):
        state.pop(f"notice_{name}", None)
