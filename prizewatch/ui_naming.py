"""An organizer on the desk: to be invited, named, reviewed; and what somebody proposed, for the second person."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import streamlit as st

from . import edge, later_names, moderation, queue, rulings, ui_case, ui_casefile, ui_decide, ui_desk, ui_text
from .access import Actor
from .duties import Duty
from .i18n import Language
from .queue import OrganizerCase
from .store import Register
from .ui_decide import Matter
from .ui_html import escape
from .vocabulary import label

#: What the list of organizers is for, not this screen.
ELSEWHERE = frozenset({"merge_organizers", "split_organizer", "keep_apart", *rulings.NAMES})


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """The organizer of a matter, and the decision."""
    case = _read(register, actor, duty.subject_id)
    read, act = ui_decide.sides()
    with read:
        st.html(_document(_, register, case, duty.why))
        ui_casefile.offer(_, actor, duty.subject_id)
    with act:
        if duty.kind == "alias":
            _later_name(_, register, actor, case, after)
            return
        if "to_invite" in duty.why:
            st.button(_("desk.invite"), key="desk_invite", type="primary", on_click=_to_invite, args=(case.row,))
        ui_decide.panel(_, _matter(case, after))
    if st.session_state.pop("desk_to_invite", False):
        st.switch_page("desk_organizers.py")


def _later_name(_: Language, register: Register, actor: Actor, case: OrganizerCase, after: str) -> None:
    """The oldest name that waits, and the decision about it; where more wait, the next comes up then."""
    names = later_names.of(register, actor, case.organizer_id)
    if not names:
        ui_text.paragraphs([_("desk.later_name.none")])
        return
    one = names[0]
    host = label("host_platform", one.host_platform, _.code) if one.host_platform else ""
    said = " · ".join(filter(None, (one.name, one.handle, host)))
    first = _("desk.later_name.since", day=_.day(register.day_of(one.since)), shown=one.shown or "–")
    st.html(f"<h2 class='pw-act'>{escape(said)}</h2><p>{escape(first)}</p>")
    ui_text.quiet(_("desk.later_name.note", len(names)))
    last = case.last_commit
    here = st.query_params.get("work", "") if len(names) > 1 else after
    ui_decide.panel(
        _, Matter("organizer", case.organizer_id, last, rulings.NAMES, "accept_name", after=here, about=one.event_id)
    )


def _to_invite(row: dict[str, Any]) -> None:
    """The link of an invitation is made where organizers are looked up."""
    st.session_state["kin_find"] = row["public_code"]
    st.session_state["desk_to_invite"] = True


def _read(register: Register, actor: Actor, organizer: UUID) -> OrganizerCase:
    kept = st.session_state.get("desk_case")
    case = queue.organizer_case(register, actor, organizer, edge.now(), noted=kept is not None and kept[0] == organizer)
    st.session_state["desk_case"] = (organizer, "", None)
    return case


def _matter(case: OrganizerCase, after: str) -> Matter:
    reasons = {name: rule.reasons[0] for name, rule in rulings.ORGANIZER.items()}
    reasons["name"] = "no_public_contact"  # whether it was invited is asked when it is decided
    actions = [
        a for a in rulings.ORGANIZER
        if a not in ELSEWHERE and case.known is not None
        and not rulings.organizer_problem(a, reasons[a], case.known, case.organizer_id, edge.now())
    ]  # fmt: skip
    if min(case.row.get("k_ind", 0), case.row.get("level_reporters", 0)) < 3 and "review" in actions:
        actions.remove("review")  # there is no level to check yet
    invited = case.known is not None and case.known.invited_at is not None
    usual = "name" if invited and "name" in actions else ""
    return Matter("organizer", case.organizer_id, case.last_commit, actions, usual, after=after)


def _document(_: Language, register: Register, case: OrganizerCase, why: tuple[str, ...]) -> str:
    badges = "".join(f"<span class='pw-badge'>{escape(_(f'desk.why.{code}'))}</span> " for code in why)
    reports = [f"{ui_case.reference(r['dispute_id'])} {escape(_line(_, r))}" for r in case.reports]
    history = [ui_case.happened(_, register, row) for row in reversed(case.history)]
    return (
        f"<article class='pw-case'><h2>{escape(_('desk.organizer.title', code=case.row.get('public_code', '')))}</h2>"
        f"<p>{badges}</p>{ui_case.organizer(_, case.row)}"
        f"{ui_case.listed(_('desk.organizer.reports'), reports, _('desk.similar.none'))}"
        f"{ui_case.listed(_('desk.history'), history, '')}</article>"
    )


def _line(_: Language, row: dict[str, Any]) -> str:
    said = [
        _.day(row["reported_on"]), label("dispute_reason", row["dispute_reason"], _.code),
        label("verification_level", row["verification"], _.code),
        label("moderation_status", row["moderation"], _.code),
    ]  # fmt: skip
    return " · ".join([*said, *([_("desk.organizer.counts_here")] if row["counts_for_level"] else [])])


# ── the second person ──────────────────────────────────────────────────────────────────────────────────────────────


def proposal(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """What somebody proposed, all that is known of it, and the answer."""
    with register.read() as cur:
        found = next((p for p in moderation.proposals(cur) if p["proposal_id"] == duty.subject_id), None)
    if found is None:
        ui_text.paragraphs([_("desk.problem.no_proposal")])
        return
    case = _read(register, actor, found["subject_id"])
    read, act = ui_decide.sides()
    with read:
        st.html(_document(_, register, case, ()))
        if found["related_id"]:
            other = queue.organizer_case(register, actor, found["related_id"], edge.now(), noted=True)
            st.html(_document(_, register, other, ()))
    with act:
        action = _(f"desk.do.{found['action']}")
        reason = label("moderation_reason", found["reason_code"], _.code)
        st.html(
            f"<h2 class='pw-act'>{escape(_('desk.proposed', action=action, name=found['actor']))}</h2>"
            f"<p>{escape(reason)}</p><p>{escape(found['sentence'] or '')}</p>"
        )
        about, code = st.session_state.get("desk_problem", ("", ""))
        if about == str(duty.subject_id):
            st.html(f"<p class='pw-problem' role='alert'>{escape(_(f'desk.problem.{code}'))}</p>")
        matter = Matter("proposal", duty.subject_id, None, (), after=after)
        with st.container(horizontal=True, gap="small"):
            st.button(
                _("desk.confirm"), key="desk_confirm", type="primary", shortcut="Y",
                on_click=ui_desk.guarded("desk.see", answer), args=(matter, True),
            )  # fmt: skip
            ui_decide.skip(_, after)
        st.text_area(
            _("desk.decline.why"), key=ui_decide.key(matter, "decline"), height=90,
            max_chars=rulings.MOST_WORDS, on_change="ignore",
        )  # fmt: skip
        st.button(
            _("desk.decline"), key="desk_decline", shortcut="N",
            on_click=ui_desk.guarded("desk.see", answer), args=(matter, False),
        )  # fmt: skip


def answer(actor: Actor, matter: Matter, yes: bool) -> None:
    """A proposal was confirmed or declined."""
    register, now = edge.register(), edge.now()
    if yes:
        outcome = moderation.confirm(register, actor, matter.subject_id, now)
    else:
        why = str(st.session_state.get(ui_decide.key(matter, "decline"), ""))
        outcome = moderation.decline(register, actor, matter.subject_id, why, now)
    ui_decide.settle([outcome], matter, "desk.did.confirmed" if yes else "desk.did.declined", undoable=yes)
