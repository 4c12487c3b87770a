"""All answers once more, step by step, each part with a way back to it."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from . import redaction, ui_way
from .asking import QUESTIONS, SLOTS, asks, asks_slot, steps
from .fields import DISPUTE, FREE_TEXTS, STAGE_EVENT
from .i18n import Language
from .ui_html import escape
from .ui_report import Form
from .vocabulary import label

#: Question -> its code list.
LISTS = {field.name: field.codes for field in (*DISPUTE, *STAGE_EVENT) if field.codes} | {
    **{f"evidence_{group}": "evidence_kind" for group in "abcde"},
    "condition_kinds": "condition_kind",
    "conditions_after": "condition_kind",
    "not_met": "condition_kind",
    "proved": "condition_kind",
    "met": "stated_or_met",
    "evidence_form": "evidence_form",
}
UNTOLD = ("join", "reporter", "trap", "report_lang")


def summary(form: Form) -> None:
    """A block for each step before this one."""
    for step in steps(form.answers)[:-1]:
        with st.container(key=f"pw-sum-{step}"):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(f"<h3 class='pw-sum'>{escape(form._(f'report.step.{step}'))}</h3>")
                st.button(
                    form._("report.change"), key=f"report_change_{step}", type="tertiary", on_click=ui_way.mend,
                    args=(step,),
                )  # fmt: skip
            rows = "".join(f"<dt>{escape(q)}</dt><dd>{escape(a)}</dd>" for q, a in told(form, step))
            st.html(
                f"<dl class='pw-sum'>{rows}</dl>"
                if rows
                else f"<p class='pw-quiet'>{escape(form._('report.nothing'))}</p>"
            )


def told(form: Form, step: str) -> list[tuple[str, str]]:
    """Question and answer of what was said at a step, as far as it is sent."""
    found = []
    for name in QUESTIONS[step]:
        value = kept(form, name)
        slot = name.split(".")[0] if "." in name else ""
        if value in (None, "", [], False, ()) or name in UNTOLD or not asks(name, form.answers):
            continue
        if slot in SLOTS and not (form.get(f"{slot}.done") and asks_slot(slot, form.answers)):
            continue
        if name == "claim_made_on" and not form.get("s2_organizer.done"):
            continue
        if name == "organizer_code":
            found.append((form._("report.who.is"), str(form.get("picked_name") or f"#{value}")))
        elif name == "files":
            found.append((form._("report.files.title"), form._.number(len(value))))
        else:
            found.append((form.words("q", name), shown(form._, name.split(".")[-1], value)))
    return found


def shown(_: Language, name: str, value: Any) -> str:
    """An answer as the reader gave it."""
    if value is True:
        return "✓"
    if isinstance(value, date):
        return _.day(value)
    if isinstance(value, list | tuple):
        return (" · " if not _.zh else "、").join(shown(_, name, one) for one in value)
    if name in LISTS:
        return label(LISTS[name], str(value), _.code)
    return _.number(value) if isinstance(value, int | float) else str(value)


def kept(form: Form, name: str) -> Any:
    """An answer as it will be kept: free words masked, unless the reporter says that they are no personal data."""
    value = form.get(name)
    masks = name in FREE_TEXTS and isinstance(value, str) and not form.get("keep_words")
    return redaction.marked(value).masked if masks else value
