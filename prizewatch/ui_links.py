"""Links to pages, and the addresses they lead to."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from . import ui_language
from .store import Register


def address(page: str, **parameters: str) -> str:
    """A link to a page, relative, so that it holds under any base path; the language goes with it."""
    query = urlencode({name: value for name, value in parameters.items() if value} | _language())
    path = "./" if page == "overview" else page
    return f"{path}?{query}" if query else path


def site_address(register: Register) -> str:
    """Where the site is: by the settings, else as the reader came."""
    here = (st.context.url or "").partition("?")[0].rstrip("/").rpartition("/")[0]
    return register.settings.public_url or here.removesuffix("/desk_")  # Streamlit cuts desk_organizers in two


def full_address(register: Register, page: str, **parameters: str) -> str:
    """A link to a page as it can be sent to somebody: with the site's address, without the reader's language."""
    base = site_address(register)
    return f"{base}/{page}?{urlencode(parameters)}" if parameters else f"{base}/{page}"


def link(page: str, label: str, **parameters: str) -> None:
    """A link to a page that does not reload the site."""
    st.page_link(f"{page}.py", label=label, query_params=parameters | _language())


def _language() -> dict[str, str]:
    chosen = ui_language.chosen()
    return {"lang": chosen} if chosen else {}
