"""The frame around every page: style, scripts and the switch of languages above it, the banner, the footer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from . import sitemap, ui_language, ui_links, ui_scripts
from .i18n import LANGUAGES, Language
from .store import Kind, Register
from .ui_html import escape

ASSETS = Path(__file__).parent / "assets"
MARK = str(ASSETS / "mark.svg")


@cache
def _style(menu_word: str) -> str:
    css = (ASSETS / "style.css").read_text("utf-8")
    return f"<style>{css}\n:root {{ --pw-menu: '{menu_word}'; }}</style>"


def top(_: Language) -> None:
    """Style, the page's language for the browser, the switch to the other language."""
    other = next(code for code in LANGUAGES if code != _.code)
    with st.container(key="pw-frame"):
        st.html(_style(_("shell.menu")))
        ui_scripts.run(ui_scripts.LANGUAGE_SCRIPTS[_.code])
        ui_scripts.run(ui_scripts.LINK_SCRIPT)
        with st.container(key="pw-switch"):
            st.button(
                _("shell.other_language"), key="switch", type="tertiary", on_click=ui_language.choose, args=(other,)
            )


def banner(_: Language, kind: Kind) -> None:
    """On a demo or reference register every page says so first."""
    if kind is not Kind.LIVE:
        st.html(f"<div class='pw-banner' role='note'>{escape(_(f'shell.banner.{kind.value}'))}</div>")


def footer(_: Language, register: Register) -> None:
    """All pages again (on a phone the menu is folded away), who runs this, and the day of the data."""
    links = "".join(
        f"<li><a href='{escape(ui_links.address(page))}'>{escape(_(f'shell.nav.{page}'))}</a></li>"
        for page in sitemap.menu(register)
    )
    operator = register.settings.operator
    who = _("shell.run_by", name=operator) if operator else _("shell.run_by_nobody")
    st.html(
        f"<footer class='pw-foot pw-links'><nav aria-label='{escape(_('shell.sitemap'))}'><ul>{links}</ul></nav>"
        f"<p>{escape(_.joined(_('shell.as_of', day=_.day(register.version().as_of)), who))}</p></footer>"
    )
