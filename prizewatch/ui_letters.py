"""One letter to copy, as the receipt and My report show it: text, its length, a short one, and what it says."""

from __future__ import annotations

import streamlit as st

from . import ui_text
from .i18n import Language
from .letters import Letter


def show(_: Language, letter: Letter) -> None:
    """One letter, folded: how to use it, its text to copy, and for a reader of the other language what it says."""
    with st.expander(letter.title):
        ui_text.quiet(letter.note)
        st.code(letter.text, language=None, wrap_lines=True)
        ui_text.quiet(_("letters.count", n=_.number(len(letter.text))))
        if letter.short:
            ui_text.quiet(_("letters.short", n=_.number(len(letter.short))))
            st.code(letter.short, language=None, wrap_lines=True)
        if letter.meaning:
            ui_text.quiet(_("letters.meaning"))
            ui_text.paragraphs(letter.meaning.split("\n"))
