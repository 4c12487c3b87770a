"""The page of an invitation: what is on file about the organizer, its answer, and the proof that it is the one."""

from __future__ import annotations

from uuid import uuid4

import streamlit as st

from . import edge, queries, replying, ui_kept, ui_links, ui_scripts, ui_text
from .i18n import Language
from .queries import OrganizerProfile
from .replying import ANSWERS, Answer, Invitation, Reply
from .store import Register
from .ui_html import escape, facts
from .ui_notice import line, lines, mended, one, said, wrong_with
from .ui_visitor import network
from .vocabulary import label

state = st.session_state
FIELDS = ("answer", "words", "about", "proof_kind", "proof_words")


def on_file(_: Language, register: Register, found: Invitation) -> None:
    """What the public can read about it; nothing of who reported."""
    profile: OrganizerProfile | None = ui_kept.answer(queries.organizer, found.public_code)
    st.header(_("reply.file", code=found.public_code))
    if profile is None:
        ui_text.paragraphs([_("reply.file.unlisted")])
        return
    settled = {"k": _.number(profile.resolved), "n": _.number(profile.decided)}
    st.html(
        facts([
            (_("organizers.column.disputes"), _.number(profile.disputes), _("organizer.disputes.note")),
            (_("organizers.column.draws"), _.number(profile.draws), _("organizer.draws.note")),
            (_("organizers.column.resolved"), _("shell.k_of_n", **settled), ""),
        ])
    )  # fmt: skip
    ui_links.link("organizer", _("reply.file.page"), id=found.public_code)


def earlier(_: Language, register: Register, found: Invitation) -> None:
    """What was answered before, and what became of it."""
    for answer in found.answers:
        st.html(_earlier(_, register, answer))


def _earlier(_: Language, register: Register, answer: Answer) -> str:
    reason = label("reply_refusal", answer.reason_code, _.code) if answer.reason_code else ""
    why = " ".join(filter(None, (reason, answer.sentence)))
    head = f"{label('organizer_reply', answer.answer, _.code)} · {_.day(register.day_of(answer.sent_at))}"
    return (
        f"<section class='pw-card pw-progress'><h2>{escape(_(f'reply.state.{answer.state}'))}</h2>"
        f"<p class='pw-quiet'>{escape(head)}</p><p>{escape(answer.words)}</p>"
        + (f"<p>{escape(why)}</p>" if why else "")
        + "</section>"
    )


def ask(_: Language, register: Register, token: str, found: Invitation) -> None:
    """The answer, and the proof of control."""
    state.setdefault("reply_event", str(uuid4()))
    with st.container(key="pw-form"):
        st.header(_("reply.answer"))
        answer = st.radio(
            _("reply.q.answer"), ANSWERS, index=None, key="reply_answer", persist_state="session",
            format_func=lambda code: label("organizer_reply", code, _.code),
            captions=[_(f"reply.answer.{code}") for code in ANSWERS], on_change=mended, args=("reply", "answer"),
        )  # fmt: skip
        wrong_with(_, "reply", "answer")
        lines(_, "reply", "words", _("reply.q.words"))
        if answer == "says_resolved":
            lines(_, "reply", "about", _("reply.q.about"))
            ui_text.quiet(_("reply.about.note"))
        st.header(_("reply.proof"))
        ui_text.paragraphs([_("reply.proof.how")])
        st.code(found.proof_code, language=None)
        one(_, "reply", "proof_kind", _("reply.q.proof_kind"), "reply_proof")
        line(_, "reply", "proof_words", _("reply.q.proof_words"), max_chars=300)
        wrong_with(_, "reply", "link")
        if every := state.get("reply_wrong"):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_('notice.wrong', len(every)))}</p>")
        ui_text.quiet(_("reply.rules"))
        st.button(_("reply.send"), key="reply_send", type="primary", on_click=_send, args=(register, token))
    if state.pop("reply_told", False):
        ui_scripts.to_problem()


def _send(register: Register, token: str) -> None:
    reply = Reply(event_id=state["reply_event"], **{name: said("reply", name) for name in FIELDS})
    done = replying.reply(register, token, reply, network(), edge.now())
    state["reply_wrong"] = done if isinstance(done, list) else []
    state["reply_told"] = isinstance(done, list)
    if not isinstance(done, list):
        for name in (*FIELDS, "event"):
            state.pop(f"reply_{name}", None)
        state["reply_sent"] = True
