"""Case files on the desk: which organizers have one, and one to take away, with the files of evidence or without.

Every making is noted. Who is there is asked again when a download is pressed.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import streamlit as st

from . import audit, casefile, edge, ui_desk, ui_text
from .access import Actor, may
from .casefile import CaseFile, Reach
from .i18n import Language
from .store import Register

MAY = "casefile.make"


def offer(_: Language, actor: Actor, organizer_id: UUID) -> None:
    """The case file of one organizer; nothing where there is none or this person may not make it."""
    register = edge.register()
    found = casefile.reachable(register, organizer_id) if may(actor, MAY) else []
    if found:
        st.subheader(_("casefile.desk.title"))
        _downloads(_, register, found[0])


def desk(_: Language, register: Register, actor: Actor) -> None:
    """All organizers that have a case file, the most reporters first; one is chosen and taken away."""
    if not may(actor, MAY):
        return
    st.header(_("casefile.desk.title"))
    found = {one.public_code: one for one in casefile.reachable(register)}
    if not found:
        ui_text.quiet(_("casefile.desk.none"))
        return
    ui_text.quiet(_("casefile.desk.who", len(found)))
    code = st.selectbox(
        _("casefile.desk.choose"), [*found], index=None, key="desk_case_of", placeholder=_("report.choose"),
        format_func=lambda one: _line(_, found[one]),
    )  # fmt: skip
    if code:
        _downloads(_, register, found[code])


def _line(_: Language, one: Reach) -> str:
    numbers = {name: _.number(getattr(one, name)) for name in ("reporters", "draws", "disputes")}
    line = _("casefile.desk.line", code=one.public_code, **numbers)
    return f"{one.name} · {line}" if one.name else line


def _downloads(_: Language, register: Register, one: Reach) -> None:
    """With files for the moderator's own look, without for whoever is to act on it."""
    ui_text.quiet(_("casefile.desk.holds", n=_.number(one.disputes), m=_.number(one.reporters), k=_.number(one.draws)))
    name = f"prizewatch-case-{one.public_code}"
    page = _taken(register, one, "page", lambda made: made.html_bytes(_.code))
    pdf = _taken(register, one, "pdf", lambda made: made.pdf_bytes(_.code))
    bare = _taken(register, one, "zip", CaseFile.zip_bytes)
    full = _taken(register, one, "files", CaseFile.zip_bytes)
    kinds = (
        ("pdf", pdf, f"{name}.{_.code}.pdf", "application/pdf"),
        ("page", page, f"{name}.{_.code}.html", "text/html"),
        ("zip", bare, f"{name}.zip", "application/zip"),
        ("files", full, f"{name}-evidence.zip", "application/zip"),
    )
    with st.container(horizontal=True):
        for kind, data, file_name, mime in kinds:
            st.download_button(
                _(f"casefile.desk.{kind}"), data=data, file_name=file_name, mime=mime, on_click="ignore",
                key=f"desk_case_{kind}",
            )  # fmt: skip
    ui_text.quiet(_("casefile.desk.care"))


def _taken(register: Register, one: Reach, kind: str, content: Callable[[CaseFile], bytes]) -> Callable[[], bytes]:
    """What a button hands out when it is pressed: made then, and noted."""

    def made(actor: Actor) -> bytes:
        now = edge.now()
        file = casefile.make(register, one.organizer_id, now, with_files=kind == "files", only_page=kind == "page")
        if file is None:
            raise LookupError("this organizer has no case file any more")
        audit.note(register, actor, MAY, "organizer", one.organizer_id, now, kind)
        return content(file)

    guarded = ui_desk.guarded(MAY, made)

    def data() -> bytes:
        found = guarded()
        if found is None:
            raise LookupError("nobody is signed in any more")
        return found

    return data
