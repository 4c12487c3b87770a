"""The report as it stands on My report: how far it got, what may be done about it, what is proven, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import streamlit as st

from . import draws, edge, ui_mine_consent, ui_receipt
from .asking import GROUPS, S1, decided
from .evidence import standing
from .followup import Change, OwnReport
from .i18n import Language
from .store import Register
from .ui_html import escape
from .ui_mine import forget, go, send, state
from .vocabulary import code_lists, codes, label


def show(_: Language, register: Register, report: OwnReport) -> None:
    """The whole report: status, question, ladder, proof, what may be done, next step, dates, letters."""
    if note := state.get("mine_note"):
        st.html(f"<div class='pw-aside' role='status'><p>{escape(note)}</p></div>")
    _question(_, report)
    _standing(_, report, draws.public_names(register, report.dispute_id))
    actions(_, register, report)
    _ladder(_, report)
    _proof(_, report)
    ui_mine_consent.section(_, register, report)
    filed = ui_receipt.Filed(
        "", edge.today(), report.dispute_id, report.dispute_id, report.filed_at,
        {name: value for name, value in report.dispute.items() if value is not None}, report.events, report.evidence,
    )  # fmt: skip
    if report.status in ("open", "lost_to_followup", "closed_unresolved"):
        ui_receipt.show_next_step(_, filed)
        ui_receipt.show_dates(_, filed, register.settings.time_zone, edge.now())
        ui_receipt.show_letters(_, register, filed)
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


def _which(_: Language, report: OwnReport, named: Mapping[str, str]) -> str:
    """Which report it is: against whom where that is public, of which draw, for what."""
    said = report.dispute
    who = named.get("organizer_display", "")
    value = _.money(float(said["prize_value"]), str(said["currency"] or "CNY")) if said["prize_value"] else ""
    prize = label("prize_kind", said["prize_kind"], _.code)
    return " · ".join(
        part for part in (who, _("mine.about.drawn", day=_.day(_day(said["draw_time"]))), prize, value) if part
    )


def _standing(_: Language, report: OwnReport, named: Mapping[str, str]) -> None:
    """Which report it is, how far it got, and whether it counts."""
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
        f"<p><strong>{escape(_which(_, report, named))}</strong></p>"
        f"<p>{escape(step)}</p><p>{escape(_(f'mine.status.{report.status}'))}</p>"
        f"<p class='pw-quiet'>{escape(counted)}</p>"
        f"<p class='pw-quiet'>{escape(_('mine.filed', day=_.day(_day(report.filed_at))))}</p></section>"
    )


def _day(moment: datetime) -> date:
    return moment.replace(tzinfo=UTC).astimezone(edge.settings().time_zone).date()


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
