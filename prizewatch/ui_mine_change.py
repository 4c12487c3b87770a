"""The screens on which a report is added to or corrected: one idea each, asked with the questions of the form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from . import edge, ui_text, ui_visitor, vault
from . import evidence as files
from .asking import GROUPS, OUTCOMES, S1, S2, S3, S4, decided, kinds_of
from .fields import RELIEF
from .followup import Change, OwnReport
from .i18n import Language
from .intake import Problem, problem_sentence
from .revision import ENDS
from .store import Register
from .story import text
from .ui_html import escape
from .ui_mine import Asking, given, go, send, send_withdrawal, state
from .ui_mine_correct import Make, consent, correct, money
from .ui_mine_erase import screen as erase
from .ui_mine_question import delivered
from .ui_mine_report import event_words
from .ui_steps import NO_RELIEF
from .vocabulary import code_lists, codes, label
from .ways import Way, entered, skip_reasons, ways

ANSWERED_AT = ("s3", "s4", "s6")  # where an automatic answer is told from a human one


def screen(_: Language, register: Register, report: OwnReport, view: str) -> None:
    """The screen that is open, its problems, its button, and the way back."""
    st.button(f"← {_('mine.back')}", key="mine_back", type="tertiary", on_click=go)
    st.header(_(f"mine.screen.{view}"))
    form = Asking(_, edge.today())
    with st.container(key="pw-form"):
        make = SCREENS[view](form, register, report)
    if error := state.get("mine_error"):
        st.html(f"<p class='pw-problem' role='alert'>{escape(error)}</p>")
    left = [p for name, found in form.problems.items() if name not in form.asked for p in found]
    for problem in left:
        sentence = escape(problem_sentence(_, problem))
        st.html(f"<p class='pw-problem {problem.severity}' role='alert'>{sentence}</p>")
    if make is None:
        return
    every: list[Problem] = [p for found in form.problems.values() for p in found]
    warned = bool(every) and all(p.severity == "warning" for p in every)
    change = state["mine_change"]
    if view == "withdraw":
        st.button(
            _("mine.withdraw.do"), key="mine_send", type="primary", on_click=send_withdrawal,
            args=(_.code, register, change),
        )  # fmt: skip
        return
    st.button(
        _("mine.send.anyway" if warned else "mine.send"), key="mine_send", type="primary", on_click=send,
        args=(_.code, register, change, make, f"mine.done.{view}", warned),
    )  # fmt: skip


# ── what happened ──────────────────────────────────────────────────────────────────────────────────────────────────


def step(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """A new step: only what the ladder allows now."""
    key = f"mine_ways_{report.version}"
    found: list[Way] = state.get(key) or ways(register, report, edge.now())
    state[key] = found
    if not found:
        form.quiet("mine.step.none")
        return None
    stage = form.tap("stage", [way.stage for way in found], "stage")
    if not stage:
        return None
    way = next(way for way in found if way.stage == stage)
    if way.fraud:
        form.quiet("mine.step.fraud")
    if len(way.targets) > 1:
        form.tap("target_entity", way.targets, "target_entity")
    if way.skips:
        names = "、" if form._.code.startswith("zh") else ", "
        form.quiet("mine.step.skips", stages=names.join(label("stage", s, form._.code) for s in way.skips))
        reasons = skip_reasons(report, way.skips[-1])
        if len(reasons) > 1:
            form.one("skip_reason", reasons, "skip_reason")
    form.day("entered_on")
    _outcome(form, stage)
    return partial(_step, way, report, form.today)


def _step(way: Way, report: OwnReport, today: date, change_id: str) -> Change:
    said = given()
    target = said.get("target_entity") if len(way.targets) > 1 else way.targets[0]
    event = {"entered_on": text(said.get("entered_on")), "target_entity": str(target or ""), **_came(way.stage, today)}
    reason = str(said.get("skip_reason") or "")
    dispute = _of_dispute(report, event)
    if way.stage == S2 and report.dispute["claim_made_on"] is None:
        dispute["claim_made_on"] = event["entered_on"]
    return Change(change_id, dispute, entered(way, report, event, reason))


def _outcome(form: Asking, stage: str) -> None:
    """What came back, and only what that makes worth asking."""
    allowed = ("passed", "self_disqualified", "unknown") if stage == S1 else OUTCOMES[stage]
    outcome = form.one("outcome", allowed, "stage_outcome")
    if outcome == "promised":
        form.day("promised_on", ahead=True)
    if outcome in RELIEF:
        form.one("relief", [code for code in codes("relief") if code not in NO_RELIEF], "relief")
        form.number("relief_value")
        form.day("relief_on")
        if outcome == "relief_partial":
            form.tick("partial_accepted")
    elif decided(outcome):
        form.day("closed_on")
    if decided(outcome) and stage in (S3, S4):
        form.one("platform_action", codes("platform_action"), "platform_action")
    if outcome and stage[:2] in ANSWERED_AT:
        form.tap("response_kind", ("auto", "human", "none"), "response_kind")
        form.line("case_ref")


def _came(stage: str, today: date) -> dict[str, str]:
    """What came back, as text of a batch; what does not fit the outcome is emptied."""
    said = given()
    outcome = str(said.get("outcome") or "")
    event = {"outcome": outcome, **dict.fromkeys(("promised_on", "relief", "relief_value", "relief_on"), "")}
    event |= {"closed_on": "", "platform_action": ""}
    if outcome == "promised":
        event["promised_on"] = text(said.get("promised_on"))
    if outcome in RELIEF:
        event |= {"relief": text(said.get("relief")), "relief_value": money(said.get("relief_value"))}
        event["relief_on"] = event["closed_on"] = text(said.get("relief_on"))
    elif decided(outcome):
        event["closed_on"] = text(said.get("closed_on") or today)
    if decided(outcome) and stage in (S3, S4):
        event["platform_action"] = text(said.get("platform_action") or "unknown")
    if stage[:2] in ANSWERED_AT:
        event |= {"response_kind": text(said.get("response_kind")), "case_ref": text(said.get("case_ref")).strip()}
    return event


def _of_dispute(report: OwnReport, event: dict[str, str]) -> dict[str, str]:
    """What an event means for the dispute: the rung that brought relief, a part accepted as the end."""
    if event["outcome"] == "relief_partial" and given().get("partial_accepted"):
        return {"partial_accepted_on": event["relief_on"]}
    return {}


def close(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """What came of a step that is open."""
    event = _event(report)
    st.html(event_words(form._, event))
    if event["outcome"] == "promised":
        form.seed({"promised_on": event["promised_on"]})
    form.seed({name: event[name] for name in ("response_kind", "case_ref")})
    _outcome(form, event["stage"])
    return partial(_close, event, report, form.today)


def mend(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """A step as it was told, to be corrected."""
    event = _event(report)
    names = (
        "entered_on", "outcome", "promised_on", "closed_on", "relief", "relief_on", "platform_action", "response_kind",
        "case_ref",
    )  # fmt: skip
    form.seed({name: event[name] for name in names})
    form.seed({"relief_value": None if event["relief_value"] is None else float(event["relief_value"])})
    st.html(f"<p class='pw-file'><strong>{escape(label('stage', event['stage'], form._.code))}</strong></p>")
    if event["outcome"] == "skipped":
        form.quiet("mine.mend.skipped")
        return None
    form.day("entered_on")
    _outcome(form, event["stage"])
    if event["outcome"] in ENDS and form.get("outcome") != event["outcome"]:
        form.quiet("mine.mend.ended")
        _upload(form, register, report)
    return partial(_close, event, report, form.today)


def _event(report: OwnReport) -> dict[str, Any]:
    return next(e for e in report.events if e["stage_event_id"] == state["mine_event"])


def _close(event: dict[str, Any], report: OwnReport, today: date, change_id: str) -> Change:
    said = {"stage_event_id": event["stage_event_id"], "version": str(event["version"])}
    if "entered_on" in given():
        said["entered_on"] = text(given()["entered_on"])
    came = _came(event["stage"], today)
    return Change(change_id, _of_dispute(report, came), [said | came], _kept())


# ── proof and answers ──────────────────────────────────────────────────────────────────────────────────────────────


def proof(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """Files, each for what it shows."""
    _upload(form, register, report)
    return (lambda change_id: Change(change_id, evidence=_kept())) if state.get("mine_files") else None


def _upload(form: Asking, register: Register, report: OwnReport) -> None:
    _ = form._
    kept: list[dict[str, str]] = state.get("mine_files", [])
    kinds = [kind for group in GROUPS for kind in kinds_of(group)]
    grouped = {kind: code_lists()["evidence_kind"][kind].group for kind in kinds}

    def named(kind: str) -> str:
        return f"{_(f'evidence.group.{grouped[kind]}')}: {label('evidence_kind', kind, _.code)}"

    form.one("kind", kinds, words=named)
    form.one("form", codes("evidence_form"), "evidence_form")
    room = files.MOST_FILES - len(kept) - len({e["sha256"] for e in report.evidence if e["sha256"]})
    form.asked.append("files")
    if room > 0:
        turn = state.setdefault("mine_turn", 0)
        most = files.MOST_BYTES // files.MEGABYTE
        with st.container(key="pw-upload"):
            sent = st.file_uploader(_("mine.files.add", most=most, files=room), key=f"mine_upload_{turn}")
        if sent is not None:
            state["mine_turn"] = turn + 1
            state["mine_file_said"] = _take(_, register, sent.name, sent.getvalue())
            st.rerun()
    else:
        form.quiet("report.files.full", most=files.MOST_FILES)
    said = [*state.get("mine_file_said", ()), *(problem_sentence(_, p) for p in form.problems.get("files", ()))]
    for sentence in said:
        st.html(f"<p class='pw-problem' role='alert'>{escape(sentence)}</p>")
    for number, file in enumerate(kept):
        with st.container(horizontal=True, vertical_alignment="center", key=f"pw-file-{number}"):
            st.html(f"<p class='pw-file'>✓ {escape(named(file['kind']))}</p>")
            st.button(
                _("report.files.remove"), key=f"mine_drop_{number}", type="tertiary", on_click=_drop, args=(number,)
            )


def _take(_: Language, register: Register, name: str, content: bytes) -> list[str]:
    """Keeps one file; returns what is to be said of it."""
    kind = given().get("kind")
    if not kind:
        return [_("mine.files.kind_first")]
    found = files.accept(content, name)
    if isinstance(found, files.FileProblem):
        return [found.sentence(_)]
    if vault.uploads_wait(register, ui_visitor.network(), edge.now()):
        return [_("report.files.too_many_today")]
    try:
        vault.keep(register, found)
    except OSError:
        return [_("report.files.not_kept")]
    item = {
        "kind": str(kind), "form": str(given().get("form") or "screenshot"), "sha256": found.sha256,
        "media_type": found.media_type, "size_bytes": str(found.size),
    }  # fmt: skip
    state["mine_files"] = [*state.get("mine_files", []), item]
    return found.sentences(_)


def _kept() -> list[dict[str, str]]:
    return list(state.get("mine_files", []))


def _drop(number: int) -> None:
    state["mine_files"] = [file for at, file in enumerate(_kept()) if at != number]


def answer(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """A moderator asked."""
    st.html(f"<div class='pw-aside'><p><strong>{escape(report.question)}</strong></p></div>")
    form.lines("answer")
    return lambda change_id: Change(change_id, answer=str(given().get("answer") or ""))


# ── ending ─────────────────────────────────────────────────────────────────────────────────────────────


def stop(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """Giving up: counted as it is, and open to be taken up again."""
    ui_text.paragraphs([form._("mine.stop.text")])
    return lambda change_id: Change(change_id, {"gave_up_on": form.today.isoformat()})


def accept(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """A part, taken as the end."""
    ui_text.paragraphs([form._("mine.accept.text")])
    return lambda change_id: Change(change_id, {"partial_accepted_on": form.today.isoformat()})


def withdraw(form: Asking, register: Register, report: OwnReport) -> Make | None:
    """Why, and what follows from it."""
    reason = form.tap("withdraw_reason", codes("withdraw_reason"), "withdraw_reason")
    if reason:
        form.quiet(f"mine.withdraw.{reason}")
    return lambda change_id: Change(change_id)


SCREENS: dict[str, Callable[[Asking, Register, OwnReport], Make | None]] = {
    "step": step, "close": close, "mend": mend, "proof": proof, "answer": answer, "correct": correct, "stop": stop,
    "accept": accept, "withdraw": withdraw, "delivered": delivered, "consent": consent,
    "erase": erase,
}  # fmt: skip
