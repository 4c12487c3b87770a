"""An organizer's answer on the desk: is it the organizer, is it fit to be shown, which reports is it about?"""

from __future__ import annotations

from uuid import UUID

import streamlit as st

from . import edge, redaction, replying, ui_decide, ui_desk, ui_text, ui_visitor
from .access import Actor
from .duties import Duty
from .i18n import Language
from .replying import Answer
from .store import Register
from .ui_html import escape
from .ui_notice import one, said, wrong_with
from .ui_notice_desk import pick_reports, say_of
from .vocabulary import label

state = st.session_state


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """The answer and the proof; publish, or refuse with a reason."""
    found = next((a for a in replying.answers(register, actor) if a.reply_id == duty.subject_id), None)
    st.header(_("desk_organizers.reply"))
    if found is None:
        ui_text.paragraphs([_("desk_organizers.nothing_now")])
        return
    if state.get("dreply_of") != found.reply_id:
        ui_visitor.forget("dreply_")  # nothing typed for one answer is sent for another
        state["dreply_of"] = found.reply_id
    say_of(_, register, actor, found.organizer_id)
    refused = sum(a.state == "refused" for a in replying.answers(register, actor, found.organizer_id))
    if refused:
        ui_text.quiet(_("desk_organizers.reply.refused", refused))
    st.html(card(_, register, found))
    with st.container(key="pw-form"):
        ui_decide.here()
        if found.state == "received":
            _decision(_, register, actor, found, after)
        elif found.state == "published":
            st.button(
                _("desk_organizers.retract"), key="dreply_retract",
                on_click=ui_desk.guarded("reply.decide", _decide), args=(found.reply_id, "retract", after),
            )  # fmt: skip
        ui_decide.skip(_, after)


def card(_: Language, register: Register, answer: Answer) -> str:
    """The answer as it would be shown, what it says was delivered, and where the proof is to be found."""
    head = f"{label('organizer_reply', answer.answer, _.code)} · {_.day(register.day_of(answer.sent_at))}"
    code = replying.proof_code(register, answer.invitation_id)
    proof = f"{label('reply_proof', answer.proof_kind, _.code)}: {answer.proof_words}"
    about = f"<p>{escape(_('desk_organizers.about', words=answer.about_words))}</p>" if answer.about_words else ""
    names = ""
    if "name" in redaction.personal_data(answer.words):
        names = f"<p class='pw-problem'>{escape(_('desk_organizers.names'))}</p>"
    return (
        f"<section class='pw-card pw-progress'><h2>{escape(head)}</h2>"
        f"<p class='pw-sentence'>{escape(answer.words)}</p>{names}{about}"
        f"<p>{escape(_('desk_organizers.proof', code=code))}<br>{escape(proof)}</p></section>"
    )


def _decision(_: Language, register: Register, actor: Actor, found: Answer, after: str) -> None:
    st.checkbox(_("desk_organizers.proof.seen"), key="dreply_seen")
    wrong_with(_, "dreply", "proof")
    if found.answer == "says_resolved":
        pick_reports(_, register, actor, found.organizer_id, "dreply", ())
        ui_text.quiet(_("desk_organizers.resolved.note"))
    if found.answer == "contests":
        ui_text.quiet(_("desk_organizers.contests.note"))
    wrong_with(_, "dreply", "decide")
    st.button(
        _("desk_organizers.publish"), key="dreply_publish", type="primary",
        on_click=ui_desk.guarded("reply.decide", _decide), args=(found.reply_id, "publish", after),
    )  # fmt: skip
    with st.expander(_("desk_organizers.refuse"), key="dreply_fold"):
        one(_, "dreply", "reason", _("desk_organizers.reason"), "reply_refusal")
        st.text_area(_("desk_organizers.sentence"), key="dreply_sentence", max_chars=600, height=90)
        st.button(
            _("desk_organizers.refuse.do"), key="dreply_refuse",
            on_click=ui_desk.guarded("reply.decide", _decide), args=(found.reply_id, "refuse", after),
        )  # fmt: skip


def _decide(actor: Actor, reply_id: UUID, verdict: str, after: str) -> None:
    wrong = replying.decide(
        edge.register(), actor, reply_id, verdict, edge.now(), proof_seen=bool(state.get("dreply_seen")),
        disputes=state.get("dreply_disputes") or [], reason_code=said("dreply", "reason"),
        sentence=said("dreply", "sentence"),
    )  # fmt: skip
    state["dreply_wrong"] = (wrong,) if wrong else ()
    if wrong is None:
        ui_visitor.forget("dreply_")
        ui_decide.done(f"desk.did.reply.{verdict}", after)
