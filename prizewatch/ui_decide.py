"""The part of the desk where a decision is taken: the usual one at one press, any other at three, and the last one
taken back.

A decision is for what was on the screen: `shown` travels with the button, and whoever comes second is told. So is who
pressed before the screen knew of their last choice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from . import edge, moderation, ui_desk
from .access import Actor
from .i18n import Language, language
from .moderation import Decision, Outcome
from .rulings import ALONE, MOST_WORDS, RULES
from .ui_html import escape
from .vocabulary import label

state = st.session_state
#: Decisions whose reason is a level.
LEVELS = frozenset({"set_level"})
#: Subjects that can be opened again when they wait no longer.
REOPENED = frozenset({"dispute", "organizer", "alarm", "notice", "reply"})


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be decided. `usual`: the decision of one press; `others`: (id, words) of what it may be merged into;
    `said_in`: the language of whoever reads the question. `after`: the address of what comes next.
    """

    subject_kind: str
    subject_id: UUID
    shown: int | None
    actions: Sequence[str]
    usual: str = ""
    others: Sequence[tuple[UUID, str]] = ()
    said_in: str = "zh-CN"
    after: str = ""
    words: Mapping[str, str] = field(default_factory=dict)  # action -> other words for it here
    about: UUID | None = None  # what of the subject it is about
    without: frozenset[tuple[str, str]] = frozenset()  # reasons that are not to be had: (action, reason)


def action_words(_: Language, action: str, matter: Matter | None = None) -> str:
    """A decision in words."""
    own = matter.words.get(action) if matter else None
    return _(own or f"desk.do.{action}")


def reason_words(_: Language, action: str, reason: str) -> str:
    """A reason in words."""
    return label("verification_level" if action in LEVELS else "moderation_reason", reason, _.code)


def key(matter: Matter, *parts: str) -> str:
    """A widget's key: of this matter as it was shown, so that nothing typed for one is sent for another."""
    return "-".join(("desk", *parts, matter.subject_id.hex[:12]))


def sides() -> tuple[DeltaGenerator, DeltaGenerator]:
    """What is read and what decides, beside each other; on a phone one below the other."""
    with st.container(key="pw-case"):
        left, right = st.columns([17, 10], gap="medium")
    read, act = left.container(key="pw-case-read", gap="small"), right.container(key="pw-case-act", gap="small")
    with act:
        here()
    return read, act


def here() -> None:
    """Where deciding begins: on a phone a link above the matter leads here (`ui_queue.bar`)."""
    st.container(key="pw-top-decision").html("<span id='decision'></span>")


def panel(_: Language, matter: Matter) -> None:
    """What may be decided now."""
    _problem(_, matter)
    with st.container(key="pw-decide", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            if matter.usual:
                st.button(
                    action_words(_, matter.usual, matter), key="desk_usual", type="primary", shortcut="P",
                    on_click=ui_desk.guarded(_permission(matter, matter.usual), decide), args=(matter, matter.usual),
                )  # fmt: skip
            skip(_, matter.after)
        others = [a for a in matter.actions if a != matter.usual]
        if others:
            _another(_, matter, others)


def skip(_: Language, after: str) -> None:
    """The way past a matter that is left for later, or for somebody else."""
    st.button(_("desk.skip"), key="desk_skip", shortcut="S", on_click=go, args=(after,))


def _another(_: Language, matter: Matter, actions: Sequence[str]) -> None:
    action = st.pills(
        _("desk.another"), actions, key=key(matter, "action"), format_func=lambda a: action_words(_, a, matter)
    )
    if not action:
        return
    reasons = [r for r in RULES[matter.subject_kind][action].reasons if (action, r) not in matter.without]
    reason = st.pills(
        _("desk.level" if action in LEVELS else "desk.reason"), reasons, key=key(matter, "reason", action),
        default=reasons[0], required=True, format_func=lambda r: reason_words(_, action, r),
    )  # fmt: skip
    if action == "merge" and matter.others:
        st.radio(
            _("desk.into"), [str(other) for other, _words in matter.others], key=key(matter, "into"),
            format_func={str(other): words for other, words in matter.others}.get,
        )  # fmt: skip
    asks = action == "ask"
    kept = state.get("desk_typed", "") if state.get("desk_problem", ("",))[0] == str(matter.subject_id) else ""
    template = language(matter.said_in)(f"desk.ask.{reason}") if asks and reason != "other" else ""
    st.text_area(
        _("desk.question" if asks else "desk.sentence"), key=_sentence(matter, action, reason or ""),
        value=kept or template, height=90,
        max_chars=MOST_WORDS, on_change="ignore",
    )  # fmt: skip
    st.button(
        _("desk.decide", action=action_words(_, action, matter)), key="desk_decide", type="primary", shortcut="D",
        on_click=ui_desk.guarded(_permission(matter, action), _decide_another), args=(matter, action, reason or ""),
    )  # fmt: skip


def _sentence(matter: Matter, action: str, reason: str) -> str:
    """The key of the sentence: one for all decisions, so that nothing typed is lost when another reason or decision is
    chosen; a question has its template for each reason.
    """
    return key(matter, "sentence", *((action, reason) if action == "ask" else ()))


def _permission(matter: Matter, action: str) -> str:
    return RULES[matter.subject_kind][action].permission


def _problem(_: Language, matter: Matter) -> None:
    about, code = state.get("desk_problem", ("", ""))
    if about != str(matter.subject_id):
        return
    typed = state.get("desk_typed", "")
    said = f"<p>{escape(_('desk.typed', words=typed))}</p>" if typed else ""
    st.html(f"<div class='pw-problem' role='alert'><p>{escape(_(f'desk.problem.{code}'))}</p>{said}</div>")


# ── callbacks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def chosen_since(key: str, pressed: str) -> bool:
    """Whether a button was pressed for a choice that was another by then: the press came before the screen was drawn
    anew. Nothing is decided so; the choice is shown, and pressed for again.
    """
    if state.get(key) == pressed:
        return False
    state["desk_note"] = "desk.chosen_since"
    return True


def _decide_another(actor: Actor, matter: Matter, action: str, reason: str) -> None:
    wrong = chosen_since(key(matter, "action"), action) or chosen_since(key(matter, "reason", action), reason)
    if not wrong:
        decide(actor, matter, action, reason)


def decide(actor: Actor, matter: Matter, action: str, reason: str = "") -> None:
    """A decision was pressed. Refused, it stays on the screen with what was typed; else the next matter comes up."""
    reason = reason or RULES[matter.subject_kind][action].reasons[0]
    into = state.get(key(matter, "into")) if action == "merge" else None
    related = UUID(into) if into else matter.others[0][0] if action == "merge" and matter.others else matter.about
    typed = str(state.get(_sentence(matter, action, reason), ""))
    decision = Decision(
        event_id=uuid5(matter.subject_id, f"{actor.name} {action} {matter.shown}"),
        subject_kind=matter.subject_kind, subject_id=matter.subject_id, action=action, reason_code=reason,
        sentence=typed, related_id=related, seen=matter.shown,
    )  # fmt: skip
    settle([moderation.decide(edge.register(), actor, decision, edge.now())], matter, f"desk.did.{action}", typed=typed)


def settle(outcomes: Sequence[Outcome], matter: Matter, did: str, *, typed: str = "", undoable: bool = True) -> None:
    """What came of decisions: the problem of a refused one, or the way on, with the way back."""
    refused = [o.problem for o in outcomes if o.state == "refused"]
    if refused:
        state["desk_problem"], state["desk_typed"] = (str(matter.subject_id), refused[0]), typed
        return
    state.pop("desk_problem", None)
    proposed = any(o.state == "proposed" for o in outcomes)
    here = st.query_params.get("work", "")
    events = [str(o.event_id) for o in outcomes] if undoable else []
    state["desk_last"] = ("desk.did.proposed" if proposed else did, events, proposed, here)
    go(matter.after)


def done(did: str, after: str) -> None:
    """A decision was taken that has no way back at one press: it is said in place of the one before, whose way back
    would otherwise be taken for its own; and the next matter comes up.
    """
    state["desk_last"] = (did, [], False, st.query_params.get("work", ""))
    go(after)


def go(work: str = "") -> None:
    """Open a matter by its address, or the list."""
    state.pop("desk_problem", None)
    if work:
        st.query_params["work"] = work
    elif "work" in st.query_params:
        del st.query_params["work"]


def last(_: Language) -> None:
    """The last decision, and the way to take it back."""
    if note := state.pop("desk_note", None):
        st.html(f"<p class='pw-aside' role='status'>{escape(_(note))}</p>")
    if "desk_last" not in state:
        return
    did, events, proposed, here = state["desk_last"]
    with st.container(key="pw-last", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f"<p class='pw-quiet' role='status'>✓ {escape(_(did))}</p>", width="content")
        if not events:
            if here.count(".") == 2 and here.split(".")[1] in REOPENED and here != st.query_params.get("work"):
                st.button(_("desk.again"), key="desk_again", type="tertiary", on_click=go, args=(here,))
            return
        st.button(
            _("desk.undo"), key="desk_undo", shortcut="Z", type="tertiary",
            on_click=ui_desk.guarded("desk.see", take_back), args=(tuple(events), proposed, here),
        )  # fmt: skip


def take_back(actor: Actor, events: tuple[str, ...], proposed: bool, here: str) -> None:
    """Take the last decision back and show its matter again."""
    register, now = edge.register(), edge.now()
    if proposed:
        outcomes = [moderation.decline(register, actor, UUID(event), "", now) for event in events]
    else:
        outcomes = [moderation.undo(register, actor, UUID(event), now) for event in events]
    state.pop("desk_last", None)
    go(here)
    refused = [o.problem for o in outcomes if o.state == "refused"]
    waits = any(o.state == "proposed" for o in outcomes)
    state["desk_note"] = f"desk.problem.{refused[0]}" if refused else "desk.undone.waits" if waits else "desk.undone"


def by(_: Language, row: Mapping[str, Any]) -> str:
    """Who decided, and who was the second."""
    second = row["second"]
    names = [row["actor"] or "", _("desk.alone") if second == ALONE else second or ""]
    return " + ".join(filter(None, names))
