"""The questions of the report form: one helper for each kind of answer, its help and its problems right under it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from .answers import RELIEF, S2, S3, S4, asks, asks_stage, decided
from .i18n import Language
from .intake import Problem, problem_sentence
from .ui_html import escape
from .vocabulary import code_lists, codes, label

PREFIX = "answer_"
#: What may have come of a stage, the likeliest first; rarer outcomes come in by files and moderators.
PLATFORM = (
    "pending",
    "no_response",
    "rejected",
    "referred",
    "sanction_only",
    "promised",
    "relief_partial",
    "relief_full",
)
OUTCOMES = {
    S2: ("refused", "no_response", "promised", "pending", "relief_partial", "relief_full"),
    S3: PLATFORM,
    S4: PLATFORM,
}
TARGETS = ("mini_program", "official_account", "personal_account", "shop", "live_room", "link")
NO_RELIEF = ("none", "costs_refund", "apology_only")


def given() -> dict[str, Any]:
    """Everything answered so far, by question."""
    return {str(k).removeprefix(PREFIX): value for k, value in st.session_state.items() if str(k).startswith(PREFIX)}


def forget() -> None:
    """Empty the form."""
    for key in [key for key in st.session_state if str(key).startswith((PREFIX, "report_"))]:
        del st.session_state[key]


#: Questions that can also be mended at another one.
MENDED_AT = {"draw_on": ("win_notice_on",), "prize_value": ("value_unknown",), "condition_kinds": ("met",)}


def still_wrong(problems: dict[str, list[Problem]], tried: dict[str, Any]) -> dict[str, list[Problem]]:
    """The problems of the last try whose question has not been answered anew since."""
    answers = given()
    return {
        name: found
        for name, found in problems.items()
        if all(answers.get(asked) == tried.get(asked) for asked in (name, *MENDED_AT.get(name, ())))
    }


class Form:
    """Asks, keeps, and says what is wrong. `problems` are those of the last try, by question."""

    def __init__(self, _: Language, today: date, problems: dict[str, list[Problem]]) -> None:
        self._ = _
        self.today = today
        self.problems = problems
        self.answers = given()
        self.asked: list[str] = []

    def get(self, name: str) -> Any:
        """The answer to a question, or None."""
        return self.answers.get(name)

    def question(self, name: str) -> str:
        """The words of a question; a stage's question has those of its field."""
        own = f"report.q.{name}"
        return self._(own if self._.has(own) else f"report.q.{name.split('.')[-1]}")

    def after(self, name: str, value: Any) -> Any:
        """What is wrong with this answer, said here."""
        self.answers[name] = value
        self.asked.append(name)
        for key in (f"report.h.{name}", f"report.h.{name.split('.')[-1]}"):
            if self._.has(key):  # in sight, not behind a question mark: a phone has no pointer to hover with
                st.html(f"<p class='pw-quiet'>{escape(self._(key))}</p>")
                break
        for problem in self.problems.get(name, []):
            st.html(
                f"<p class='pw-problem {problem.severity}' role='alert'>{escape(problem_sentence(self._, problem))}</p>"
            )
        return value

    def _common(self, name: str) -> dict[str, Any]:
        return {"label": self.question(name), "key": PREFIX + name, "persist_state": "session"}

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
        """One code of a list; nothing chosen to begin with, unless there is an honest default such as `unknown`."""
        named = words or (lambda code: label(list_name, code, self._.code))
        value = st.selectbox(
            options=list(codes),
            index=list(codes).index(default) if default else None,
            format_func=named,
            placeholder=self._("report.choose"),
            **self._common(name),
        )
        return self.after(name, value)  # type: ignore[no-any-return]

    def radio(self, name: str, codes: Sequence[str], list_name: str, default: str | None = None) -> str | None:
        """One of very few codes, all in sight."""
        value = st.radio(
            options=list(codes),
            index=list(codes).index(default) if default else None,
            format_func=lambda code: label(list_name, code, self._.code),
            horizontal=True,
            **self._common(name),
        )
        return self.after(name, value)  # type: ignore[no-any-return]

    def many(self, name: str, codes: Sequence[str], list_name: str) -> list[str]:
        """Any number of codes."""
        value = st.pills(
            options=list(codes),
            selection_mode="multi",
            format_func=lambda code: label(list_name, code, self._.code),
            **self._common(name),
        )
        return self.after(name, list(value))  # type: ignore[no-any-return]

    def line(self, name: str, most: int, *, placeholder: str = "") -> str:
        """A line of words."""
        value = st.text_input(max_chars=most, autocomplete="off", placeholder=placeholder, **self._common(name))
        return self.after(name, value)  # type: ignore[no-any-return]

    def lines(self, name: str, most: int) -> str:
        """Some sentences."""
        return self.after(name, st.text_area(max_chars=most, **self._common(name)))  # type: ignore[no-any-return]

    def number(self, name: str, *, whole: bool = False) -> float | int | None:
        """Money, or a whole number."""
        if whole:
            number: float | int | None = st.number_input(
                value=None, min_value=0, step=1, max_value=1000, **self._common(name)
            )
        else:
            number = st.number_input(
                value=None, min_value=0.0, max_value=10_000_000.0, step=1.0, format="%.2f", **self._common(name)
            )
        return self.after(name, number)  # type: ignore[no-any-return]

    def tick(self, name: str) -> bool:
        """A statement to agree to."""
        return self.after(name, st.checkbox(**self._common(name)))  # type: ignore[no-any-return]


#: Questions with a condition (`answers.asks`), and how each is asked.
ASK: dict[str, Callable[[Form], Any]] = {
    "reason_other": lambda form: form.line("reason_other", 120),
    "stated_before_entry": lambda form: form.radio("stated_before_entry", codes("stated_or_met"), "stated_or_met"),
    "paid": lambda form: form.tick("paid"),
    "amount_paid": lambda form: form.number("amount_paid"),
    "first_try_on": lambda form: form.day("first_try_on"),
    "last_try_on": lambda form: form.day("last_try_on"),
    "tries_count": lambda form: form.number("tries_count", whole=True),
    "refused_on": lambda form: form.day("refused_on"),
    "refusal_text": lambda form: form.line("refusal_text", 300),
    "data_given": lambda form: form.many("data_given", codes("data_given"), "data_given"),
    "organizer_display": lambda form: form.line("organizer_display", 80),
    "prize_value": lambda form: form.number("prize_value"),
    "winner_age": lambda form: form.number("winner_age", whole=True),
    "consent_narrative": lambda form: form.tick("consent_narrative"),
}


def ask(_: Language, today: date, problems: dict[str, list[Problem]]) -> list[str]:
    """All questions in the order of the ladder; those with a condition only where it holds. Returns those asked."""
    form = Form(_, today, problems)
    for part in (_what, _who, _did, _hold, _you):
        st.header(_(f"report.part.{part.__name__[1:]}"))
        part(form)
    return form.asked


def _if_it_holds(form: Form, *names: str) -> None:
    for name in names:
        if asks(name, form.answers):
            ASK[name](form)


def _what(form: Form) -> None:
    form.day("win_notice_on")
    form.day("draw_on")
    form.one("prize_kind", codes("prize_kind"), "prize_kind")
    _if_it_holds(form, "prize_value")
    form.tick("value_unknown")
    form.many("condition_kinds", codes("condition_kind"), "condition_kind")
    if form.radio("met", codes("stated_or_met"), "stated_or_met") == "no":
        st.html(f"<p class='pw-quiet'>{escape(form._('report.not_met'))}</p>")
    form.one("dispute_reason", codes("dispute_reason"), "dispute_reason")
    _if_it_holds(
        form, "reason_other", "stated_before_entry", "paid", "amount_paid", "first_try_on", "last_try_on", "tries_count"
    )
    form.one("refusal_mode", codes("refusal_mode"), "refusal_mode")
    _if_it_holds(form, "refused_on", "refusal_text", "data_given")


def _who(form: Form) -> None:
    form.one("organizer_type", codes("organizer_type"), "organizer_type", default="unknown")
    form.one("legal_nature", codes("legal_nature"), "legal_nature", default="unknown")
    form.line("organizer_handle", 64)
    _if_it_holds(form, "organizer_display")
    form.one("host_platform", codes("host_platform"), "host_platform")
    form.one("lottery_tool", codes("lottery_tool"), "lottery_tool", default="none_unknown")


def _did(form: Form) -> None:
    for name in (S2, S3, S4):
        if asks_stage(name, form.answers) and form.tick(f"{name}.done"):
            _stage(form, name)
    form.tick("stopped")


def _stage(form: Form, name: str) -> None:
    """One rung that was tried: with whom, when, what came of it."""
    if name == S4:
        form.one(f"{name}.target_entity", TARGETS, "target_entity")
    form.day("claim_made_on" if name == S2 else f"{name}.entered_on")
    outcome = form.one(f"{name}.outcome", OUTCOMES[name], "stage_outcome")
    if outcome == "promised":
        form.day(f"{name}.promised_on", ahead=True)
    if decided(outcome) and name != S2:
        form.one(f"{name}.platform_action", codes("platform_action"), "platform_action", default="unknown")
    if outcome in RELIEF:
        form.one(f"{name}.relief", [c for c in codes("relief") if c not in NO_RELIEF], "relief")
        form.number(f"{name}.relief_value")
        form.day(f"{name}.relief_on")
    if outcome == "relief_partial":
        form.tick("partial_accepted")


def _hold(form: Form) -> None:
    st.html(f"<p class='pw-quiet'>{escape(form._('report.hold.note'))}</p>")
    for name, group in (("evidence_a", "A"), ("evidence_b", "B")):
        form.many(
            name, [c for c, entry in code_lists()["evidence_kind"].items() if entry.group == group], "evidence_kind"
        )
    if form.get("evidence_a") or form.get("evidence_b"):
        form.one("evidence_form", codes("evidence_form"), "evidence_form", default="screenshot")


def _you(form: Form) -> None:
    form.radio("relation", codes("relation"), "relation", default="winner")
    _if_it_holds(form, "winner_age")
    form.line("reporter", 200)
    form.lines("narrative", 1000)
    _if_it_holds(form, "consent_narrative")
    for name in ("is_first_hand", "consent_publish", "truth_statement"):
        form.tick(name)
