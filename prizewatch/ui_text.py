"""Text as a page sets it: titles, leads, paragraphs, remarks, and the line under every figure and table."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import streamlit as st

from .i18n import Language
from .ui_html import escape


def caption(_: Language, n: str, as_of: date, extra: str = "", of: str = "disputes") -> None:
    """What stands under every figure and table: how many of what, until when, and that only reports are counted."""
    quiet(_.joined(_(f"shell.caption.{of}", n=n, day=_.day(as_of)), extra))


def name_as_title(name: str) -> None:
    """A title in a stranger's words: as text, where `st.title` would read Markdown and make links."""
    st.html(f"<h1 class='pw-title'>{escape(name)}</h1>")


def lead(text: str) -> None:
    """The one sentence under a title."""
    st.html(f"<p class='pw-lead'>{escape(text)}</p>")


def quiet(text: str) -> None:
    """A remark in small type."""
    st.html(f"<p class='pw-quiet'>{escape(text)}</p>")


def paragraphs(texts: Iterable[str]) -> None:
    """Plain paragraphs of a readable width."""
    st.html("<div class='pw'>" + "".join(f"<p>{escape(t)}</p>" for t in texts) + "</div>")
