"""Filters, searches and pages of results whose state is the address, so that a link shows what its sender saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from .ui_html import escape


def _push(name: str) -> None:
    """A filter changed: its code, not its label, goes into the address, and the result list starts over."""
    value = st.session_state[f"filter_{name}"]
    text = ";".join(value) if isinstance(value, list | tuple) else (value or "")
    if text:
        st.query_params[name] = text
    elif name in st.query_params:
        del st.query_params[name]
    if name != "page" and "page" in st.query_params:
        del st.query_params["page"]


def _seed(name: str, value: object) -> str:
    """Fill a filter from the address at each run; returns the widget's key."""
    key = f"filter_{name}"
    st.session_state[key] = value
    return key


def pick_one(name: str, label: str, codes: Sequence[str], labels: Callable[[str], str], *, all_label: str = "") -> str:
    """A filter with one answer; `""` is all. Its state is the address."""
    options = (["", *codes]) if all_label else list(codes)
    asked = st.query_params.get(name, "")
    key = _seed(name, asked if asked in options else options[0])
    return str(
        st.selectbox(
            label, options, key=key, format_func=lambda c: labels(c) if c else all_label, on_change=_push, args=(name,)
        )
    )


def pick_text(name: str, label: str, placeholder: str = "") -> str:
    """A search field; its words are in the address."""
    key = _seed(name, st.query_params.get(name, "")[:80])
    return str(
        st.text_input(
            label, key=key, max_chars=80, placeholder=placeholder, type="search", on_change=_push, args=(name,)
        )
    )


def page_number() -> int:
    """The page of results the address asks for; anything odd is the first."""
    asked = st.query_params.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1


def pager(pages: int, current: int, here: str, labels: tuple[str, str]) -> None:
    """Earlier and later pages of results, kept in the address."""
    if pages <= 1:
        return

    def go(to: int) -> None:
        st.query_params["page"] = str(to)

    back, on = labels
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(f"← {back}", key="pager_back", on_click=go, args=(current - 1,), disabled=current <= 1)
        st.html(f"<p class='pw-quiet'>{escape(here)}</p>", width="content")
        st.button(f"{on} →", key="pager_on", on_click=go, args=(current + 1,), disabled=current >= pages)
