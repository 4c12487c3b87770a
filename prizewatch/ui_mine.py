"""My report: the code that opens it, where it stands, what may be done, and what became of a change.

The code lives in the session only, never in the address; a reload asks for it again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date
from typing import Any
from uuid import uuid4

import streamlit as st

from . import edge, erasure_requests, followup, ui_mine_consent, ui_receipt, ui_text, ui_visitor
from .asking import GROUPS, S1, decided
from .errors import PrizewatchError
from .evidence import standing
from .followup import Change, OwnReport, Revised, Slowed, Unknown
from .i18n import Language, language
from .intake import Problem
from .store import Register
from .ui_html import escape
from .ui_report import Form
from .ui_visitor import network
from .vocabulary import code_lists, codes, label

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


# ── opening ────────────────────────────────────────────────────────────────────────────────────────────────────────


def opened(register: Register) -> OwnReport | None:
    """The report of the code that was typed; None where there is none, and why stands in `mine_failed`."""
    code = state.get("mine_code", "")
    if not code:
        return None
    found = followup.open_report(register, code, edge.now(), network())
    if isinstance(found, OwnReport):
        return found
    refused(found)
    return None


def refused(found: Unknown | Slowed) -> None:
    """No report for this code, or too many wrong ones: it opens nothing, but stays where it was typed."""
    forget(stays=("mine_typed", "mine_phrase"))
    state["mine_failed"] = found


def ask_code(_: Language, register: Register) -> None:
    """The code, forgiving how it is typed; and the way back for who withdrew."""
    ui_text.paragraphs([_("mine.code.where")])
    with st.container(key="pw-form"):
        st.text_input(_("mine.code"), key="mine_typed", max_chars=60, autocomplete="off", placeholder="XXXXX-XXXXX-…")
        _why_not(_)
        st.button(_("mine.open"), key="mine_open", type="primary", on_click=_open)
        with st.expander(_("mine.again"), key="mine_again_fold"):
            ui_text.quiet(_("mine.again.note"))
            st.text_input(_("mine.again.phrase"), key="mine_phrase", max_chars=200, autocomplete="off")
            st.button(_("mine.again.do"), key="mine_again", on_click=reopen, args=(_.code, register, "mine_typed"))
    ui_text.quiet(_("mine.code.reload"))


def _why_not(_: Language) -> None:
    failed = state.get("mine_failed")
    if isinstance(failed, Slowed):
        said = _("mine.slowed", math.ceil(failed.seconds / 60))
    elif isinstance(failed, Unknown):
        erased = erasure_requests.erased_on(edge.register(), str(state.get("mine_typed", "")), edge.now())
        said = _("mine.erased", day=_.day(erased)) if erased else _("mine.unknown")
    elif failed == "empty":
        said = _("mine.code.empty")
    else:
        return
    st.html(f"<p class='pw-problem' role='alert'>{escape(said)}</p>")


def _open() -> None:
    code = str(state.get("mine_typed", "")).strip()
    state["mine_failed"] = None if code else "empty"
    if code:
        state["mine_code"], state["mine_change"] = code, str(uuid4())


def reopen(lang: str, register: Register, where: str) -> None:
    """Take up a withdrawn report again, by its code and the private contact given at filing."""
    code, phrase = str(state.get(where, "")), str(state.get("mine_phrase", ""))
    change = state.setdefault("mine_change", str(uuid4()))
    done = followup.reopen(register, code, phrase, change, edge.now(), network())
    if not isinstance(done, Revised):
        if where == "mine_gone":
            state["mine_failed"] = done
        else:
            refused(done)
        return
    forget(stays=())
    state["mine_code"], state["mine_note"], state["mine_change"] = code, language(lang)("mine.done.again"), str(uuid4())


# ── sending ────────────────────────────────────────────────────────────────────────────────────────────────────────


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


# ── where it stands ────────────────────────────────────────────────────────────────────────────────────────────────


def show(_: Language, register: Register, report: OwnReport) -> None:
    """The whole report: status, question, ladder, proof, what may be done, next step, dates, letters."""
    if note := state.get("mine_note"):
        st.html(f"<div class='pw-aside' role='status'><p>{escape(note)}</p></div>")
    _question(_, report)
    _standing(_, report)
    actions(_, register, report)
    _ladder(_, report)
    _proof(_, report)
    ui_mine_consent.section(_, register, report, go)
    filed = ui_receipt.Filed(
        "", edge.today(), report.dispute_id, report.dispute_id, report.filed_at,
        {name: value for name, value in report.dispute.items() if value is not None}, report.events, report.evidence,
    )  # fmt: skip
    if report.status in ("open", "lost_to_followup", "closed_unresolved"):
        ui_receipt.show_next_step(_, filed)
        ui_receipt.show_dates(_, filed, register.settings.time_zone, edge.now())
        ui_receipt.show_letters(_, filed, register.settings.time_zone)
    ui_receipt.show_share(_, register, filed)
    st.button(_("mine.close"), key="mine_close", on_click=forget, args=((),))


def _question(_: Language, report: OwnReport) -> None:
    if not report.question:
        return
    answered = f"<p>{escape(_('mine.answered', words=report.answered))}</p>" if report.answered else ""
    asked = escape(_("mine.question", words=report.question))
    st.html(f"<div class='pw-aside'><p><strong>{asked}</strong></p>{answered}</div>")
    more = bool(report.answered)
    st.button(
        _("mine.do.answer.more" if more else "mine.do.answer"), key="mine_do_answer",
        type="secondary" if more else "primary", on_click=go, args=("answer",),
    )  # fmt: skip


def _standing(_: Language, report: OwnReport) -> None:
    """How far it got, and whether it counts."""
    rungs = codes("stage")
    tried = [rungs.index(e["stage"]) for e in report.events if e["outcome"] != "skipped"]
    far = max(tried, default=0)
    marks = "".join(f"<i{' class=done' if at in tried else ''}></i>" for at in range(len(rungs)))
    step = _("mine.rung", n=_.number(far + 1), all=_.number(len(rungs)), stage=label("stage", rungs[far], _.code))
    head = label("dispute_status", report.status, _.code)
    counted = _(f"mine.counts.{report.moderation}")
    if report.dispute["withdraw_reason"] == "settled":
        counted = _("mine.counts.settled")
    bar = f"<div class='pw-steps' aria-hidden='true'>{marks}</div>"
    st.html(
        f"<section class='pw-card pw-progress'><h2>{escape(head)}</h2>{bar}"
        f"<p>{escape(step)}</p><p>{escape(_(f'mine.status.{report.status}'))}</p>"
        f"<p class='pw-quiet'>{escape(counted)}</p>"
        f"<p class='pw-quiet'>{escape(_('mine.filed', day=_.day(_day(report))))}</p></section>"
    )


def _day(report: OwnReport) -> date:
    return report.filed_at.replace(tzinfo=UTC).astimezone(edge.settings().time_zone).date()


def event_words(_: Language, event: Mapping[str, Any]) -> str:
    """One event as HTML: rung and whom, since when, what came of it."""
    whom = f" · {label('target_entity', event['target_entity'], _.code)}" if event["target_entity"] else ""
    came = label("stage_outcome", event["outcome"], _.code)
    ended = event["closed_on"] or event["relief_on"]
    days = _.day(event["entered_on"]) + (f" – {_.day(ended)}" if ended and ended != event["entered_on"] else "")
    head = escape(label("stage", event["stage"], _.code) + whom)
    told = f"{escape(came)}<br><span class='pw-quiet'>{escape(days)}</span>"
    return f"<p class='pw-file'><strong>{head}</strong><br>{told}</p>"


def waits(event: Mapping[str, Any]) -> bool:
    """Whether an answer to this step may still come."""
    return not decided(event["outcome"]) and event["stage"] != S1 and event["outcome"] != "skipped"


def _ladder(_: Language, report: OwnReport) -> None:
    """What happened so far, rung by rung; what is open can be closed, what is wrong corrected."""
    st.header(_("mine.ladder"))
    for event in report.events:
        open_still = waits(event)
        with st.container(key=f"pw-rung-{event['seq']}", gap="small"):
            st.html(event_words(_, event))
            st.button(
                _("mine.do.close" if open_still else "mine.do.mend"), key=f"mine_event_{event['seq']}",
                type="secondary" if open_still else "tertiary", on_click=go,
                args=("close" if open_still else "mend", event["stage_event_id"]),
            )  # fmt: skip


def _proof(_: Language, report: OwnReport) -> None:
    """What counts as proof, and what would raise it."""
    st.header(_("mine.proof"))
    now = standing(((e["kind"], e["form"], bool(e["sha256"])) for e in report.evidence), contested=report.contested)
    more = _("evidence.missing.nothing") if report.verification >= "V2" else now.sentence(_)
    level = label("verification_level", report.verification, _.code)
    head = escape(_("mine.level", level=level))
    st.html(f"<div class='pw-aside'><p><strong>{head}</strong></p><p>{escape(more)}</p></div>")
    rows = [
        f"<li>{escape(label('evidence_kind', e['kind'], _.code))} "
        f"<span class='pw-quiet'>{escape(_('mine.proof.file' if e['sha256'] else 'mine.proof.ticked'))}</span></li>"
        for group in GROUPS
        for e in report.evidence
        if code_lists()["evidence_kind"][e["kind"]].group == group
    ]
    if rows:
        st.html(f"<ul class='pw-list'>{''.join(rows)}</ul>")
    st.button(_("mine.do.proof"), key="mine_do_proof", on_click=go, args=("proof",))


def actions(_: Language, register: Register, report: OwnReport) -> None:
    """What may be done now, the likeliest first; what is rare is folded."""
    live = report.status in ("open", "lost_to_followup")
    change = state.setdefault("mine_change", str(uuid4()))
    with st.container(key="pw-do"):
        waiting = [event for event in report.events if waits(event)] if live else []
        for event in waiting[-2:]:  # what most come back for
            st.button(
                _("mine.do.came", stage=label("stage", event["stage"], _.code)), key=f"mine_came_{event['seq']}",
                type="primary", on_click=go, args=("close", event["stage_event_id"]),
            )  # fmt: skip
        if report.status != "closed_ineligible":
            st.button(
                _("mine.do.step"), key="mine_do_step", type="secondary" if waiting else "primary", on_click=go,
                args=("step",),
            )  # fmt: skip
        if live:
            st.button(
                _("mine.do.same"), key="mine_do_same", on_click=send,
                args=(_.code, register, change, Change, "mine.done.same", True),
            )  # fmt: skip
        if report.dispute["gave_up_on"] is not None and report.status == "closed_unresolved":
            st.button(
                _("mine.do.again"), key="mine_do_again", on_click=send,
                args=(_.code, register, change, _take_up, "mine.done.taken_up", True),
            )  # fmt: skip
        st.button(_("mine.do.correct"), key="mine_do_correct", on_click=go, args=("correct",))
        partial = any(e["outcome"] == "relief_partial" for e in report.events)
        with st.expander(_("mine.end"), key="mine_end_fold"):
            if live and partial:
                st.button(_("mine.do.accept"), key="mine_do_accept", on_click=go, args=("accept",))
            if live:
                st.button(_("mine.do.stop"), key="mine_do_stop", on_click=go, args=("stop",))
            st.button(_("mine.do.withdraw"), key="mine_do_withdraw", on_click=go, args=("withdraw",))
            st.button(_("mine.do.erase"), key="mine_do_erase", on_click=go, args=("erase",))


def _take_up(change_id: str) -> Change:
    return Change(change_id, {"gave_up_on": ""})


def show_gone(_: Language, register: Register) -> None:
    """It was withdrawn: said once more, and the way back."""
    st.html(f"<div class='pw-aside' role='status'><p>{escape(_('mine.done.withdrawn'))}</p></div>")
    ui_text.paragraphs([_("mine.gone")])
    with st.container(key="pw-form"):
        st.text_input(_("mine.again.phrase"), key="mine_phrase", max_chars=200, autocomplete="off")
        if isinstance(state.get("mine_failed"), Unknown):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('mine.again.no'))}</p>")
        else:
            _why_not(_)
        st.button(_("mine.again.do"), key="mine_again", on_click=reopen, args=(_.code, register, "mine_gone"))
    st.button(_("mine.close"), key="mine_close", on_click=forget, args=((),))
