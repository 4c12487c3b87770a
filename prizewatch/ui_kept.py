"""Answers, figures and tables of pages, worked out once for all readers, as long as they stay the same (`made_of`)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import TypeVar, cast

import streamlit as st

from . import edge, made_of, ui_language
from .i18n import Language
from .store import Register
from .ui_html import Column, Row
from .ui_html import table as html_table

T = TypeVar("T")


def _version(opened: Register) -> str:
    return f"{id(opened)}-{made_of.stamp(opened)}"


def answer(ask: Callable[..., T], *arguments: Hashable) -> T:
    """`ask(register, *arguments)`, worked out once per version. Nobody may change what comes back."""
    opened = edge.register()
    name = f"{ask.__module__}.{ask.__qualname__}"
    return cast(T, edge.kept().get((name, _version(opened), arguments), lambda: ask(opened, *arguments)))


def figure(draw: Callable[..., T], lang: Language, *arguments: Hashable, frame: object, mark: str = "") -> T:
    """A finished figure, `draw(frame, lang, *arguments)`, kept per version, language, arguments and `mark`.

    `mark` names the frame where a figure is drawn from several, such as an organizer's code.
    """
    opened = edge.register()
    name = f"{draw.__module__}.{draw.__qualname__}"
    key = (lang.code, mark, *arguments)
    return cast(T, edge.kept().get((name, _version(opened), key), lambda: draw(frame, lang, *arguments)))


def table(
    name: str,
    columns: Sequence[Column],
    rows: Callable[[], Iterable[Row]],
    caption: str,
    *arguments: Hashable,
    cards: bool = True,
) -> None:
    """A table whose rows are worked out once per version, language and `arguments`, then kept as finished HTML."""
    opened = edge.register()
    heads = tuple(column.head for column in columns)  # the language is in them
    key = (f"table {name}", _version(opened), (heads, caption, ui_language.chosen(), *arguments))
    st.html(edge.kept().get(key, lambda: html_table(columns, rows(), caption, cards=cards)))
