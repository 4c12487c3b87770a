"""What the screens of My report share: their answers, the way between them, sending a change, what became of it.

The code lives in the session only, never in the address; a reload asks for it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import streamlit as st

from . import edge, followup, ui_visitor
from .errors import PrizewatchError
from .followup import Change, Revised, Slowed, Unknown
from .i18n import Language, language
from .intake import Problem
from .store import Register
from .ui_report import Form
from .ui_visitor import network

PREFIX = "mine_answer_"
#: Kept while a report is open; everything else of the page is forgotten with each change.
STAYS = ("mine_code", "mine_change", "mine_note")
#: Answers that change what is asked around them.
RERUNS = frozenset({"stage", "outcome", "topic", "dispute_reason", "refusal_mode", "paid", "value_unknown"})
RERUNS |= {"organizer_type", "legal_nature", "withdraw_reason", "condition_kinds", "conditions_after", "met"}
state = st.session_state


def given() -> dict[str, Any]:
    """What was answered on the open screen."""
    return {str(k).removeprefix(PREFIX): v for k, v in state.items() if str(k).startswith(PREFIX)}


def forget(stays: Sequence[str] = STAYS) -> None:
    """Empty the screens of all but what stays."""
    ui_visitor.forget("mine_", stays=stays)


def go(view: str = "", event: str = "") -> None:
    """Open one of the screens of change, or go back to the report."""
    forget()
    state.pop("mine_note", None)
    state["mine_view"], state["mine_event"], state["mine_change"] = view, event, str(uuid4())


class Asking(Form):
    """The questions of the form, with answers of their own: nobody's half-written report is touched."""

    def __init__(self, _: Language, today: date) -> None:
        tried, now = state.get("mine_tried", {}), given()
        problems = {n: p for n, p in state.get("mine_problems", {}).items() if tried.get(n) == now.get(n)}
        super().__init__(_, today, problems)
        self.answers = now

    def words(self, kind: str, name: str) -> str:
        """Words of this screen or of My report where they have their own, else those of the form."""
        own = f"mine.{kind}.{name}"
        here = f"{own}.{state.get('mine_view', '')}"
        return next((self._(key) for key in (here, own) if self._.has(key)), "") or super().words(kind, name)

    def _common(self, name: str, options: Sequence[str] | None = None) -> dict[str, Any]:
        kept = state.get(PREFIX + name)
        if options is not None and kept is not None:
            if isinstance(kept, list | tuple):
                state[PREFIX + name] = [code for code in kept if code in options]
            elif kept not in options:
                del state[PREFIX + name]
        rerun = "rerun" if name in RERUNS else "ignore"
        return {
            "label": self.words("q", name), "key": PREFIX + name, "persist_state": "session", "on_change": rerun,
        }  # fmt: skip

    def seed(self, values: dict[str, Any]) -> None:
        """What stands there now, put where it can be changed, once."""
        for name, value in values.items():
            if PREFIX + name not in state and value not in (None, ""):
                state[PREFIX + name] = value
                self.answers[name] = value


def refused(found: Unknown | Slowed) -> None:
    """No report for this code, or too many wrong ones: it opens nothing, but stays where it was typed."""
    forget(stays=("mine_typed", "mine_phrase"))
    state["mine_failed"] = found


def send(
    lang: str,
    register: Register,
    change_id: str,
    make: Callable[[str], Change],
    done: str,
    even_if_warned: bool = False,
) -> None:
    """File a change; what is wrong is kept for its question, what was typed stays. `done` names the sentence after."""
    on_warning: Any = "accept" if even_if_warned else "refuse"
    _said(
        lang,
        lambda: followup.revise(register, state["mine_code"], make(change_id), edge.now(), network(), on_warning),
        done,
    )


def send_withdrawal(lang: str, register: Register, change_id: str) -> None:
    """Withdraw for the reason that was picked."""
    reason, code = str(given().get("withdraw_reason") or ""), state["mine_code"]
    if not reason:
        state["mine_problems"] = {"withdraw_reason": [_missing()]}
        return
    _said(
        lang,
        lambda: followup.withdraw(register, code, reason, change_id, edge.now(), network()),
        "mine.done.withdrawn",
    )
    if "mine_problems" not in state and reason != "settled" and "mine_failed" not in state:
        forget(stays=())
        state["mine_gone"] = code


def _missing() -> Problem:
    return Problem("after", "dispute", None, "withdraw_reason", "withdraw_reason.required", "")


def _said(lang: str, act: Callable[[], Revised | Unknown | Slowed], done: str) -> None:
    try:
        found = act()
    except PrizewatchError as error:
        state["mine_error"] = language(lang)(error.key, **error.values)
        return
    if not isinstance(found, Revised):
        refused(found)
        return
    state.pop("mine_error", None)
    if found.report is None:
        problems: dict[str, list[Problem]] = {}
        for problem in found.problems:
            name = {"draw_time": "draw_on", "sha256": "files", "kind": "files"}.get(problem.field, problem.field)
            problems.setdefault(name, []).append(problem)
        state["mine_problems"], state["mine_tried"] = problems, given()
        return
    go()
    state["mine_note"] = language(lang)(done)
