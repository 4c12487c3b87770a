"""The questions of the report form: one helper for each kind of answer, its help and its problems right under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from .asking import Answers, asks
from .i18n import Language
from .intake import Problem, problem_sentence
from .ui_html import escape
from .vocabulary import label

PREFIX = "answer_"
#: Answers that bring or spare another question on the same screen. All others wait in the browser for the next press:
#: a hasty reader's next tap is never lost to a redraw.
RERUNS = frozenset(
    {"value_unknown", "dispute_reason", "refusal_mode", "paid", "condition_kinds", "conditions_after"}
    | {"met", "organizer_type", "legal_nature", "lottery_tool", "relation"}
)
#: The same for a rung's answers and for the proof that is held.
RERUN_ENDS = (".done", ".outcome", ".target_entity")
#: Questions that can also be mended at another one.
MENDED_AT = {"draw_on": ("win_notice_on",), "prize_value": ("value_unknown",), "condition_kinds": ("met",)}


def given() -> dict[str, Any]:
    """Everything answered so far, by question."""
    return {str(k).removeprefix(PREFIX): value for k, value in st.session_state.items() if str(k).startswith(PREFIX)}


def put(answers: Answers) -> None:
    """Answers that come from elsewhere than the screen: a draft, an organizer that was picked."""
    for name, value in answers.items():
        st.session_state[PREFIX + name] = value


def drop(*names: str) -> None:
    """Forget answers."""
    for name in names:
        st.session_state.pop(PREFIX + name, None)


def still_wrong(problems: Mapping[str, list[Problem]], tried: Answers) -> dict[str, list[Problem]]:
    """The problems of the last try whose question has not been answered anew since."""
    answers = given()
    return {
        name: found
        for name, found in problems.items()
        if all(answers.get(asked) == tried.get(asked) for asked in (name, *MENDED_AT.get(name, ())))
    }


def reruns(name: str) -> bool:
    """Whether an answer changes what is asked around it."""
    return name in RERUNS or name.endswith(RERUN_ENDS) or name.startswith("evidence_")


class Form:
    """Asks, keeps, and says what is wrong. `problems` are those of the last try, by question; `notes` are finished
    HTML to be shown with an answer (what is masked, say).
    """

    def __init__(
        self,
        _: Language,
        today: date,
        problems: Mapping[str, list[Problem]],
        notes: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self._ = _
        self.today = today
        self.problems = problems
        self.notes = notes or {}
        self.answers = given()
        self.asked: list[str] = []

    def get(self, name: str) -> Any:
        """The answer to a question, or None."""
        return self.answers.get(name)

    def holds(self, name: str) -> bool:
        """Whether the question is to be asked now."""
        return asks(name, self.answers)

    def words(self, kind: str, name: str) -> str:
        """The question (`q`) or the help (`h`) of a name; a rung's question has those of its field. Empty: none."""
        for key in (f"report.{kind}.{name}", f"report.{kind}.{name.split('.')[-1]}"):
            if self._.has(key):
                return self._(key)
        return ""

    def after(self, name: str, value: Any) -> Any:
        """Help, and what is wrong with this answer, said here."""
        self.answers[name] = value
        self.asked.append(name)
        if said := self.words("h", name):  # in sight, not behind a question mark: a phone has no pointer to hover with
            st.html(f"<p class='pw-quiet'>{escape(said)}</p>")
        for problem in self.problems.get(name, []):
            sentence = escape(problem_sentence(self._, problem))
            st.html(f"<p class='pw-problem {problem.severity}' role='alert'>{sentence}</p>")
        for note in self.notes.get(name, ()):
            st.html(note)
        return value

    def _common(self, name: str, options: Sequence[str] | None = None) -> dict[str, Any]:
        kept = st.session_state.get(PREFIX + name)
        if options is not None and kept is not None:  # an answer that another one made impossible
            if isinstance(kept, list | tuple):
                st.session_state[PREFIX + name] = [code for code in kept if code in options]
            elif kept not in options:
                drop(name)
        return {
            "label": self.words("q", name),
            "key": PREFIX + name,
            "persist_state": "session",
            "on_change": "rerun" if reruns(name) else "ignore",
        }

    def _default(self, name: str, default: Any) -> dict[str, Any]:
        """A default only where nothing was said: Streamlit frowns on both."""
        return {} if PREFIX + name in st.session_state or default is None else {"default": default}

    def day(self, name: str, *, ahead: bool = False) -> date | None:
        """A day; not before 2015, not after today unless it may lie ahead."""
        latest = date(self.today.year + 3, 12, 31) if ahead else self.today
        value = st.date_input(
            value=None, min_value=date(2015, 1, 1), max_value=latest, format="YYYY-MM-DD", **self._common(name)
        )
        return self.after(name, value)  # type: ignore[no-any-return]

    def one(
        self,
        name: str,
        codes: Sequence[str],
        list_name: str = "",
        *,
        default: str | None = None,
        words: Callable[[str], str] | None = None,
    ) -> str | None:
        """One code of a long list; nothing chosen to begin with, unless there is an honest default as `unknown`."""
        common = self._common(name, codes)
        start = default if PREFIX + name not in st.session_state else None
        value = st.selectbox(
            options=list(codes),
            index=list(codes).index(start) if start else None,
            format_func=words or (lambda code: label(list_name, code, self._.code)),
            placeholder=self._("report.choose"),
            filter_mode=None,  # no keyboard jumps up on a phone
            **common,
        )
        return self.after(name, value)  # type: ignore[no-any-return]

    def tap(self, name: str, codes: Sequence[str], list_name: str, *, default: str | None = None) -> str | None:
        """One of a few codes, all in sight."""
        value = st.pills(
            options=list(codes),
            format_func=lambda code: label(list_name, code, self._.code),
            **self._common(name, codes),
            **self._default(name, default),
        )
        return self.after(name, value)  # type: ignore[no-any-return]

    def many(self, name: str, codes: Sequence[str], list_name: str) -> list[str]:
        """Any number of codes."""
        value = st.pills(
            options=list(codes),
            selection_mode="multi",
            format_func=lambda code: label(list_name, code, self._.code),
            **self._common(name, codes),
        )
        return self.after(name, list(value or ()))  # type: ignore[no-any-return]

    def line(self, name: str, *, placeholder: str = "") -> str:
        """A line of words. Too many are judged, not cut: a browser would drop what is pasted beyond a limit."""
        value = st.text_input(autocomplete="off", placeholder=placeholder, **self._common(name))
        return self.after(name, value)  # type: ignore[no-any-return]

    def lines(self, name: str) -> str:
        """Some sentences."""
        return self.after(name, st.text_area(**self._common(name)))  # type: ignore[no-any-return]

    def number(self, name: str, *, whole: bool = False) -> float | int | None:
        """Money, or a whole number."""
        most, step, shown = (1000, 1, "%d") if whole else (10_000_000.0, 1.0, "%.2f")
        number: float | int | None = st.number_input(
            value=None, min_value=0 if whole else 0.0, max_value=most, step=step, format=shown, **self._common(name)
        )
        return self.after(name, number)  # type: ignore[no-any-return]

    def tick(self, name: str) -> bool:
        """A statement to agree to."""
        return self.after(name, st.checkbox(**self._common(name)))  # type: ignore[no-any-return]

    def quiet(self, key: str, **values: object) -> None:
        """A remark between questions."""
        st.html(f"<p class='pw-quiet'>{escape(self._(key, **values))}</p>")
