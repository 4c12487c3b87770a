"""A figure as readers meet it: the question, the answer in a sentence, the drawing, what is counted, the same numbers
as a table, and files of exactly what is drawn (CSV from the frame, SVG by the drawing itself).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from . import exports, ui_kept, ui_text
from .i18n import Language
from .ui_html import Column, Row, escape


def config(_: Language, file: str) -> dict[str, Any]:
    """Plotly's settings: one button that saves the picture, in the reader's language; no zoom that hides data."""
    words = {
        "Download plot": _("figures.save"),
        "Taking snapshot - this may take a few seconds": _("figures.saving"),
        "Snapshot succeeded": _("figures.saved"),
        "Sorry, there was a problem downloading your snapshot!": _("figures.not_saved"),
    }
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "svg", "filename": file},
        "locale": _.code,
        "locales": {_.code: {"dictionary": words}},
        "scrollZoom": False,
        "doubleClick": False,
    }


def show(
    _: Language,
    key: str,
    question: str,
    figure: Any,
    *,
    answer: str = "",
    n: str,
    as_of: date,
    table_columns: Sequence[Column],
    table_rows: Callable[[], Iterable[Row]],
    frame: Any,
    file: str,
    of: str = "disputes",
    note: str = "",
    alt: str = "",
    mark: Sequence[str] = (),
    lists: Mapping[str, str] | None = None,
    cards: bool = True,
) -> None:
    """One figure with everything that belongs to it. `figure` None: there is too little to draw, the table remains,
    and the `note` that tells how to read the figure is left out.

    n: how many of what (`of`: the caption's words) were counted. mark: what the page's filters are set to, so that the
    table of one choice is not kept for another. frame: exactly what is drawn, for the CSV, named `file`; lists: the
    code list of a column where its name does not tell.
    """
    name = exports.figure_file(file, as_of)
    st.header(question, anchor=key)
    if answer:
        st.html(f"<p class='pw-answer'>{escape(answer)}</p>")
    if figure is None:
        ui_text.quiet(_("figures.too_few"))
    else:
        # the picture's alternative is the table below, so the words need not repeat it
        settings = config(_, name.removesuffix(".csv"))
        st.plotly_chart(figure, key=f"{key}-{'-'.join(mark)}", alt=alt or answer or question, config=settings)
    ui_text.caption(_, n, as_of, note if figure is not None else "", of)
    with st.expander(_("figures.table")):
        ui_kept.table(key, table_columns, table_rows, question, *mark, cards=cards)
        st.download_button(
            _("figures.csv"),
            data=partial(exports.figure_csv, frame, as_of, lists),
            file_name=name,
            mime="text/csv",
            key=f"csv-{key}",
            on_click="ignore",
        )
