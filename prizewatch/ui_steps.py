"""The steps of the report form: what each asks, in the order of the ladder. One idea a step; the rest is folded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from .asking import FURTHER, OUTCOMES, S2, S3, S4, asks_of_slot, asks_slot, check_outcome, targets
from .store import Register
from .ui_evidence import evidence
from .ui_html import escape
from .ui_report import PREFIX, Form
from .ui_summary import summary
from .ui_who import who
from .vocabulary import codes

NO_RELIEF = ("none", "costs_refund", "apology_only")

#: How each question with a condition is asked.
ASK: dict[str, Callable[[Form], Any]] = {
    "prize_value": lambda form: form.number("prize_value"),
    "value_unknown": lambda form: form.tick("value_unknown"),
    "value_basis": lambda form: form.tap("value_basis", codes("value_basis"), "value_basis"),
    "reason_other": lambda form: form.line("reason_other"),
    "stated_before_entry": lambda form: form.tap("stated_before_entry", codes("stated_or_met"), "stated_or_met"),
    "paid": lambda form: form.tick("paid"),
    "amount_paid": lambda form: form.number("amount_paid"),
    "first_try_on": lambda form: form.day("first_try_on"),
    "last_try_on": lambda form: form.day("last_try_on"),
    "tries_count": lambda form: form.number("tries_count", whole=True),
    "refusal_mode": lambda form: form.tap("refusal_mode", codes("refusal_mode"), "refusal_mode"),
    "refused_on": lambda form: form.day("refused_on"),
    "refusal_text": lambda form: form.line("refusal_text"),
    "data_given": lambda form: form.many("data_given", codes("data_given"), "data_given"),
    "condition_kinds": lambda form: form.many("condition_kinds", codes("condition_kind"), "condition_kind"),
    "conditions_after": lambda form: form.many("conditions_after", later(form), "condition_kind"),
    "met": lambda form: form.tap("met", codes("stated_or_met"), "stated_or_met"),
    "not_met": lambda form: form.many("not_met", chosen(form), "condition_kind"),
    "proved": lambda form: form.many("proved", chosen(form), "condition_kind"),
    "claim_deadline": lambda form: form.day("claim_deadline", ahead=True),
    "skip_reason": lambda form: form.one(
        "skip_reason", ("reporter_choice", "no_channel", "organizer_unknown"), "skip_reason", default="reporter_choice"
    ),
    "partial_accepted": lambda form: form.tick("partial_accepted"),
    "winner_age": lambda form: form.number("winner_age", whole=True),
}


def ask(form: Form, *names: str) -> None:
    """Asks these questions, each only where it makes sense."""
    for name in names:
        if form.holds(name):
            ASK[name](form)


def chosen(form: Form) -> list[str]:
    """The conditions named, whenever they were stated."""
    named = [*(form.get("condition_kinds") or ()), *(form.get("conditions_after") or ())]
    return [kind for kind in dict.fromkeys(named) if kind != "none_stated"]


def later(form: Form) -> list[str]:
    """The conditions that may have been made up afterwards: those not stated before entry."""
    return [c for c in codes("condition_kind") if c not in ("none_stated", *(form.get("condition_kinds") or ()))]


def folded(form: Form, key: str, *names: str) -> Any:
    """A fold for what is offered and not demanded; open where something in it was answered or is wrong."""
    said = any(form.get(name) not in (None, "", [], False) or name in form.problems for name in names)
    return st.expander(form._(f"report.more.{key}"), expanded=said, key=f"report_more_{key}")


def what(form: Form, register: Register) -> None:
    """Draw, prize, reason."""
    form.day("win_notice_on")
    form.tap("prize_kind", codes("prize_kind"), "prize_kind")
    ask(form, "prize_value", "value_unknown")
    form.one("dispute_reason", codes("dispute_reason"), "dispute_reason")
    ask(form, "reason_other", "stated_before_entry", "paid", "amount_paid")
    ask(form, "first_try_on", "last_try_on", "tries_count")
    ask(form, "refusal_mode", "refused_on", "refusal_text", "data_given")
    with folded(
        form,
        "what",
        "draw_on",
        "draw_title",
        "value_basis",
        "reasons_secondary",
        "winners_count",
        "other_winners_known",
    ):
        form.day("draw_on")
        form.line("draw_title")
        ask(form, "value_basis")
        further = [code for code in codes("dispute_reason") if code != form.get("dispute_reason")]
        form.many("reasons_secondary", further, "dispute_reason")
        form.number("winners_count", whole=True)
        form.number("other_winners_known", whole=True)


def check(form: Form, register: Register) -> None:
    """The self-check: each condition, whether it was stated before, met, and can be proved."""
    ask(form, "condition_kinds")
    with folded(form, "check", "conditions_after"):
        ask(form, "conditions_after")
    ask(form, "met", "not_met", "claim_deadline", "proved")
    outcome = check_outcome(form.answers)
    if outcome == "self_disqualified":
        paragraphs = "".join(
            f"<p>{escape(form._(f'report.failed.{part}'))}</p>" for part in ("kind", "means", "choice")
        )
        st.html(f"<div class='pw-aside' role='status'>{paragraphs}</div>")
    elif form.get("met") == "no":
        form.quiet("report.after_entry")


def did(form: Form, register: Register) -> None:
    """The rungs that were tried: when, and what came back."""
    form.quiet("report.did.note")
    for slot in (S2, S3, S4, "s4_second"):
        _rung(form, slot)
    ask(form, "skip_reason")
    further = [slot for slot in FURTHER if asks_slot(slot, form.answers)]
    if further:
        with folded(form, "did", *(f"{slot}.done" for slot in further)):
            for slot in further:
                _rung(form, slot)
    ask(form, "partial_accepted")
    form.tick("stopped")


def _rung(form: Form, slot: str) -> None:
    """One rung, and only what its outcome makes worth asking."""
    if not asks_slot(slot, form.answers):
        return
    with st.container(key=f"pw-rung-{slot}"):
        if not form.tick(f"{slot}.done"):
            return
        for field in asks_of_slot(slot, form.answers):
            name = "claim_made_on" if (slot, field) == (S2, "entered_on") else f"{slot}.{field}"
            if field == "target_entity":
                form.tap(name, targets(slot, form.answers), "target_entity")
            elif field == "outcome":
                form.one(name, OUTCOMES[slot], "stage_outcome")
            elif field == "platform_action":
                form.one(name, codes("platform_action"), "platform_action", default="unknown")
            elif field == "relief":
                form.one(name, [c for c in codes("relief") if c not in NO_RELIEF], "relief")
            elif field == "relief_value":
                form.number(name)
            else:
                form.day(name, ahead=field == "promised_on")
        # an outcome that has just been chosen brings its own questions with the next run
        if slot in (S3, S4, "s4_second", "s6_regulator"):
            form.tap(f"{slot}.response_kind", ("auto", "human", "none"), "response_kind")
            form.line(f"{slot}.case_ref")


def words(form: Form, register: Register) -> None:
    """The story, if somebody wants to tell it; what is masked of it, before and after."""
    form.lines("narrative")
    if form.notes or form.get("keep_words"):
        form.tick("keep_words")
    form.tick("consent_narrative")


def send(form: Form, register: Register) -> None:
    """Everything once more, who reports, and the consents."""
    summary(form)
    form.line("reporter")
    with folded(form, "send", "winner_age"):
        form.tap("relation", codes("relation"), "relation", default="winner")
        ask(form, "winner_age")
    form.tick("truth_statement")
    form.quiet("report.consents")
    for name in ("consent_publish", "consent_case_file", "consent_contact"):
        form.tick(name)
    with st.container(key="pw-trap"):  # hidden from people and screen readers; only a program fills it in
        st.text_input(form._("report.trap"), key=f"{PREFIX}trap", autocomplete="off", on_change="ignore")


BODY: dict[str, Callable[[Form, Register], None]] = {
    "what": what,
    "check": check,
    "who": who,
    "did": did,
    "evidence": evidence,
    "words": words,
    "send": send,
}
