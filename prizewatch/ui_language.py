"""In which language a page speaks: the reader's choice, and where it is kept."""

from __future__ import annotations

import streamlit as st

from . import edge
from .i18n import LANGUAGES, Language, NeutralLanguage, guess, language
from .store import Kind


def words() -> Language:
    """The reader's language: the address, else the choice made before, else what the browser prefers."""
    wanted = st.query_params.get("lang") or chosen()
    if wanted in LANGUAGES:
        st.session_state["chosen_lang"] = wanted
    return words_in(language(wanted if wanted in LANGUAGES else guess(st.context.locale)).code)


def words_in(code: str) -> Language:
    """The words of a language for this kind of register."""
    opened = edge.opened()
    return NeutralLanguage(code) if opened and opened.kind is Kind.REFERENCE else Language(code)


def chosen() -> str | None:
    """The language this reader chose, None where the browser's holds: links and what is kept of a page go by it."""
    return st.session_state.get("chosen_lang")


def choose(code: str) -> None:
    """The switch was pressed: the choice holds on every page and stands in the address."""
    st.session_state["chosen_lang"] = code
    st.query_params["lang"] = code


def keep() -> None:
    """Streamlit drops the address's parameters when the page changes: write the choice again."""
    code = chosen()
    if code and st.query_params.get("lang") != code:
        st.query_params["lang"] = code
