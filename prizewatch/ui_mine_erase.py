"""My report: asking for erasure by law, what became of the request, and taking it back."""

from __future__ import annotations

from uuid import UUID, uuid4

import streamlit as st

from . import edge, erasure_requests, ui_text
from .erasure_requests import Request
from .errors import UnusableInput
from .followup import OwnReport, Slowed, Unknown
from .i18n import Language, language
from .store import Register
from .ui_html import escape
from .ui_mine import PREFIX, Asking, given, go, refused
from .ui_visitor import network

state = st.session_state
WISHES = ("all", "kept")


def standing(_: Language, register: Register, report: OwnReport) -> None:
    """The request, where there is one: until when it is answered, or why it was declined."""
    found = erasure_requests.of_report(register, report.dispute_id)
    if found is None or found.state not in ("asked", "declined"):
        return
    st.html(f"<div class='pw-aside'><p>{escape(words(_, register, found))}</p></div>")
    if found.state == "asked":
        st.button(_("mine.erase.take_back"), key="mine_erase_back", on_click=_take_back, args=(_.code, register))


def words(_: Language, register: Register, found: Request) -> str:
    """Where a request stands."""
    asked = _.day(register.day_of(found.asked_at))
    if found.state == "declined":
        return _("mine.erase.declined", day=asked, words=found.sentence)
    what = _("mine.erase.which.kept" if found.kept else "mine.erase.which.all")
    return _("mine.erase.asked", day=asked, due=_.day(found.due), what=what)


def screen(form: Asking, register: Register, report: OwnReport) -> None:
    """What erasing means, what may stay, and the button."""
    _ = form._
    ui_text.paragraphs([_("mine.erase.text"), _("mine.erase.withdraw")])
    st.radio(
        _("mine.erase.what"), WISHES, key=PREFIX + "wish", format_func=lambda w: _(f"mine.erase.wish.{w}"),
        on_change="ignore",
    )  # fmt: skip
    _problem(_)
    st.button(_("mine.erase.do"), key="mine_send", type="primary", on_click=_ask, args=(_.code, register, "mine_code"))


def withdrawn(_: Language, register: Register, where: str) -> None:
    """Of a report that was withdrawn what is left on file may be erased, too; `where` its code stands."""
    if note := state.get("mine_erase_note"):
        st.html(f"<div class='pw-aside' role='status'><p>{escape(note)}</p></div>")
        return
    with st.expander(_("mine.erase.withdrawn"), key="mine_erase_fold"):
        ui_text.quiet(_("mine.erase.text"))
        _problem(_)
        st.button(_("mine.erase.do"), key="mine_erase", on_click=_ask, args=(_.code, register, where))


def _problem(_: Language) -> None:
    if error := state.get("mine_erase_error"):
        st.html(f"<p class='pw-problem' role='alert'>{escape(error)}</p>")


def _ask(lang: str, register: Register, where: str) -> None:
    _ = language(lang)
    wished = where == "mine_code"
    kept = wished and given().get("wish") == "kept"
    request_id = UUID(str(state.setdefault("mine_erase_id", str(uuid4()))))
    try:
        found = erasure_requests.ask(register, str(state.get(where, "")), request_id, edge.now(), network(), kept=kept)
    except UnusableInput as error:
        state["mine_erase_error"] = _(error.key, **error.values)
        return
    if isinstance(found, Unknown | Slowed):
        refused(found)
    elif wished:
        go()
        state["mine_note"] = _("mine.done.erase")
    else:
        state["mine_erase_note"] = words(_, register, found)


def _take_back(lang: str, register: Register) -> None:
    problem = erasure_requests.take_back(register, state["mine_code"], edge.now(), network())
    if problem is not None:
        refused(problem)
        return
    go()
    state["mine_note"] = language(lang)("mine.done.erase_back")
