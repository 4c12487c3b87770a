"""A notice on the desk: what is said against which reports, and the decision with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import streamlit as st

from . import edge, kin_files, notices, ui_decide, ui_desk, ui_text, ui_visitor
from .access import Actor
from .duties import Duty
from .errors import UnusableInput
from .i18n import Language
from .kin_files import FiledReport
from .notice_log import Told
from .notice_states import effect
from .rulings import MOST_WORDS
from .store import Register
from .ui_html import escape
from .ui_notice import one, said, wrong_with
from .vocabulary import label

state = st.session_state


def report_words(_: Language, report: FiledReport) -> str:
    """A report in a line: the day of its draw, its prize, its reason, its standing."""
    drawn = (
        _("desk_organizers.draw_on", day=_.day(report.draw_on)) if report.draw_on else _("desk_organizers.draw_none")
    )
    parts = [
        drawn,
        label("prize_kind", report.prize_kind, _.code),
        label("dispute_reason", report.dispute_reason, _.code),
    ]
    standing = label("moderation_status", report.moderation, _.code)
    return " · ".join([*parts, label("dispute_status", report.status, _.code), standing])


def pick_reports(
    _: Language, register: Register, actor: Actor, organizer: UUID | None, prefix: str, own: Sequence[UUID]
) -> None:
    """The reports that are meant, each to be ticked."""
    if organizer is None:
        return
    reports = kin_files.reports_of(register, actor, organizer)
    state.setdefault(f"{prefix}_disputes", [r.dispute_id for r in reports if r.dispute_id in own])
    named = {r.dispute_id: report_words(_, r) for r in reports}
    st.multiselect(
        _("desk_organizers.reports"), list(named), key=f"{prefix}_disputes", format_func=lambda d: named[d],
        placeholder=_("desk_organizers.reports.pick"),
    )  # fmt: skip
    wrong_with(_, prefix, "disputes")


def say_of(_: Language, register: Register, actor: Actor, organizer: UUID | None) -> None:
    """Whom it is about, in a line."""
    for it in kin_files.described(register, actor, [organizer]) if organizer else ():
        ui_text.quiet(_("desk_organizers.of", name=it.title, code=it.public_code, n=_.number(it.disputes)))


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """A notice with what waits beside it, and the decision."""
    noted = state.get("desk_notice_case")
    if noted is None or noted[0] != duty.subject_id:
        _forget()
        state["desk_notice_case"] = (duty.subject_id, str(uuid4()))
    st.header(_("desk_organizers.notice"))
    try:
        told, together, who = notices.case(
            register, actor, duty.subject_id, edge.now(), noted=bool(noted and noted[0] == duty.subject_id)
        )
    except UnusableInput as error:  # an address that was typed
        st.html(f"<p class='pw-problem' role='alert'>{escape(_(error.key))}</p>")
        return
    st.html(_card(_, register, told, who))
    for step in told.steps:
        day = _.day(register.day_of(step.at))
        words = " ".join(filter(None, (step.words, step.sentence)))
        st.html(
            f"<p class='pw-file'><strong>{escape(_(f'notice.did.{step.kind}'))}</strong> "
            f"<span class='pw-quiet'>{escape(day)} · {escape(step.actor)}</span><br>{escape(words)}</p>"
        )
    say_of(_, register, actor, told.organizer_id)
    with st.container(key="pw-form"):
        ui_decide.here()
        _decision(_, register, actor, told, together, after)
        ui_decide.skip(_, after)


def _card(_: Language, register: Register, told: Told, who: tuple[str, str]) -> str:
    head = " · ".join([label("notice_wish", told.wish, _.code), label("notice_ground", told.ground, _.code)])
    due = told.stand.due
    standing = _(f"notice.state.{told.stand.state}", day=_.day(register.day_of(due)) if due else "")
    sender = label("notice_sender", told.sender, _.code)
    contact = " · ".join(filter(None, who)) or _("desk_organizers.contact.gone")
    link = f"<p class='pw-quiet'>{escape(told.link)}</p>" if told.link else ""  # text: nobody is led there by a click
    return (
        f"<section class='pw-card pw-progress'><h2>{escape(head)}</h2><p>{escape(standing)}</p>"
        f"<p class='pw-sentence'>{escape(told.words)}</p>{link}"
        f"<p class='pw-quiet'>{escape(sender)} · {escape(contact)}</p></section>"
    )


def _decision(_: Language, register: Register, actor: Actor, told: Told, together: list[Told], after: str) -> None:
    kinds = told.stand.may("moderator")
    if not kinds:
        ui_text.paragraphs([_("desk_organizers.nothing_now")])
        return
    kind = st.pills(
        _("desk_organizers.decide"),
        kinds,
        key="dnotice_kind",
        format_func=lambda k: _(f"notice.do.{k}"),
        required=False,
    )
    if kind is None:
        return
    if effect(kind, told.stand.state) in ("hold", "remove"):
        ui_text.quiet(_("desk_organizers.hide.note"))
        pick_reports(_, register, actor, told.organizer_id, "dnotice", told.reports)
    one(_, "dnotice", "reason", _("desk_organizers.reason"), "notice_reason")
    st.text_area(_("desk_organizers.sentence"), key="dnotice_sentence", max_chars=MOST_WORDS, height=100)
    ui_text.quiet(_("desk_organizers.sentence.note"))
    wrong_with(_, "dnotice", "sentence")
    if len(together) > 1:
        st.checkbox(_("desk_organizers.together", len(together)), key="dnotice_all")
    wrong_with(_, "dnotice", "decide")
    st.button(
        _(f"notice.do.{kind}"), key="dnotice_do", type="primary",
        on_click=ui_desk.guarded("notice.decide", _decide), args=(kind, [t.notice_id for t in together], after),
    )  # fmt: skip


def _decide(actor: Actor, kind: str, ids: list[UUID], after: str) -> None:
    if ui_decide.chosen_since("dnotice_kind", kind):
        return
    picked = ids if state.get("dnotice_all") else ids[:1]
    step = UUID(state["desk_notice_case"][1])
    wrong = notices.decide(
        edge.register(), actor, picked, kind, said("dnotice", "reason"), said("dnotice", "sentence"),
        state.get("dnotice_disputes") or [], step, edge.now(),
    )  # fmt: skip
    state["dnotice_wrong"] = (wrong,) if wrong else ()
    if wrong is None:
        _forget()
        ui_decide.done(f"notice.did.{kind}", after)


def _forget() -> None:
    ui_visitor.forget("dnotice_")
    state.pop("desk_notice_case", None)
