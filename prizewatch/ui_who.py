"""Who ran the draw: found among the listed organizers in one tap, brought along by a shared link, or described anew."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from . import draws, intake, queries, ui_kept
from .asking import asks
from .i18n import Language
from .store import Register
from .ui_html import escape
from .ui_report import Form, drop, put
from .vocabulary import codes, label

#: What is known of an organizer that was picked, and need not be asked.
KNOWN = ("organizer_code", "organizer_type", "host_platform", "picked_name", "legal_nature")
SHOWN = 5


def who(form: Form, register: Register) -> None:
    """The organizer, and where and with what the draw was held."""
    if form.get("join"):
        _card(form, form._("report.join.card", name=_named(form), day=form._.day(form.get("draw_on"))), "join")
    elif form.get("organizer_code"):
        _card(form, _named(form), "picked")
        _known_days(form, register)
    else:
        _search(form, register)
        _describe(form)
    if not form.get("join"):
        if not form.get("organizer_code"):
            form.tap("host_platform", codes("host_platform"), "host_platform")
        form.one("lottery_tool", codes("lottery_tool"), "lottery_tool", default="none_unknown")


def _named(form: Form) -> str:
    code = form.get("organizer_code")
    return str(form.get("picked_name") or (f"#{code}" if code else form._("report.who.masked")))


def _card(form: Form, text: str, key: str) -> None:
    with st.container(border=True, key=f"pw-picked-{key}"):
        st.html(f"<p class='pw-picked' role='status'><strong>{escape(text)}</strong><br>{escape(_about(form))}</p>")
        st.button(form._("report.who.other"), key="report_unpick", type="tertiary", on_click=unpick)


def _about(form: Form) -> str:
    parts = [("organizer_type", form.get("organizer_type")), ("host_platform", form.get("host_platform"))]
    return " · ".join(label(name, code, form._.code) for name, code in parts if code)


def unpick() -> None:
    """It was another one."""
    drop(*KNOWN, "join")


def pick(known: dict[str, Any]) -> None:
    """This one it was: what is known of it is not asked."""
    unpick()
    put({name: value for name, value in known.items() if value})
    drop("organizer_handle", "organizer_display", "entity_reg_no")


def pick_listed(public_code: str) -> None:
    """A listed organizer, tapped in the search or brought along from its profile."""
    found = ui_kept.answer(queries.organizer, public_code)
    if found is not None:
        pick({
            "organizer_code": found.public_code, "picked_name": found.name, "organizer_type": found.organizer_type,
            "host_platform": found.host_platform, "legal_nature": found.legal_nature,
        })  # fmt: skip


def _search(form: Form, register: Register) -> None:
    words = st.text_input(
        form._("report.who.search"), key="report_search", max_chars=80, type="search", autocomplete="off",
        placeholder=form._("report.who.search_hint"),
    )  # fmt: skip
    if len(words.strip()) < 2:
        if words.strip():
            form.quiet("report.who.short")
        return
    found = queries.search_organizers(register, words, size=SHOWN).frame
    if found.empty:
        form.quiet("report.who.none")
        return
    form.quiet("report.who.found")
    for row in ({str(k): v for k, v in one.items()} for one in found.to_dict("records")):
        name = row["name"] if isinstance(row["name"], str) else ""
        st.button(
            _found(form._, row, name), key=f"report_pick_{row['public_code']}", on_click=pick_listed,
            args=(row["public_code"],),
            width="stretch",
        )  # fmt: skip


def _found(_: Language, row: dict[str, Any], name: str) -> str:
    """Name, kind, platform and code of a hit, as plain text on a button: a stranger's name is never Markdown."""
    kinds = " · ".join(label(field, row[field], _.code) for field in ("organizer_type", "host_platform"))
    shown = "".join(f"\\{c}" if c in r"\`*_{}[]()#+-.!|<>~$:" else c for c in name or _("report.who.masked"))
    return f"{shown} · {kinds} · \\#{row['public_code']}"


def _known_days(form: Form, register: Register) -> None:
    """Draws of this organizer near the day that was given: joining one is a tap, and everyone files an own account."""
    day = form.get("draw_on") or form.get("win_notice_on")
    near = draws.days_near(register, str(form.get("organizer_code")), day) if isinstance(day, date) else []
    if not near:
        return
    form.quiet("report.who.days")
    with st.container(horizontal=True, key="pw-days"):
        for one in near:
            st.button(
                form._("report.who.day", day=form._.day(one)), key=f"report_day_{one.isoformat()}",
                type="primary" if one == form.get("draw_on") else "secondary", on_click=put,
                args=({"draw_on": None if one == form.get("draw_on") else one},),  # pressed again: none of them
            )  # fmt: skip


def _describe(form: Form) -> None:
    """A new organizer: what kind, with examples; its handle; more only where it can be registered."""
    form.one(
        "organizer_type", codes("organizer_type"), "organizer_type", default="unknown",
        words=lambda code: form._(f"report.type.{code}"),
    )  # fmt: skip
    form.line("organizer_handle")
    if asks("legal_nature", form.answers):
        names = ("organizer_display", "entity_reg_no")
        with st.expander(form._("report.more.who"), expanded=any(n in form.problems for n in names)):
            form.one("legal_nature", codes("legal_nature"), "legal_nature", default="unknown")
            if form.holds("organizer_display"):
                form.line("organizer_display")
            if form.holds("entity_reg_no"):
                form.line("entity_reg_no")


def join(register: Register, token: str) -> bool:
    """A winner of the same draw shared a link: organizer and draw are filled in. Whether the link said anything."""
    found = intake.joined(register, token)
    if found is None:
        return False
    pick({
        "join": token, "organizer_code": found.public_code, "picked_name": found.name, "draw_on": found.draw_on,
        "organizer_type": found.organizer_type, "legal_nature": found.legal_nature,
        "host_platform": found.host_platform, "lottery_tool": found.lottery_tool, "prize_kind": found.prize_kind,
    })  # fmt: skip
    return True
