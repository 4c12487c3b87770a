"""Organizers on the desk: two that may be one, side by side; merge, split, keep apart; invitations; borrowed names."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import streamlit as st

from . import edge, identity, kin_files, kinship, moderation, replying, rulings, ui_decide, ui_desk, ui_links, ui_text
from .access import Actor
from .duties import Duty
from .errors import UnusableInput
from .i18n import Language
from .kin_files import Described
from .kinship import Suggestion
from .moderation import Outcome
from .store import Register
from .ui_decide import Matter
from .ui_html import Column, Row, escape, table
from .ui_notice import said
from .ui_notice_desk import report_words
from .vocabulary import label

state = st.session_state
SHOWN = 20


def show(_: Language, register: Register, actor: Actor, duty: Duty, after: str) -> None:
    """A suggestion of the queue."""
    found = next((s for s in kinship.suggestions(register) if s.pair_id == duty.subject_id), None)
    st.header(_("desk_organizers.pair"))
    if found is None:
        ui_text.paragraphs([_("desk_organizers.nothing_now")])
        return
    pair(_, register, actor, found, after)
    ui_decide.skip(_, after)


def pair(_: Language, register: Register, actor: Actor, found: Suggestion, after: str = "") -> None:
    """Two organizers side by side, why they may be one, and the decision."""
    why = "".join(f"<span class='pw-badge'>{escape(_(f'desk_organizers.why.{code}'))}</span> " for code in found.why)
    st.html(f"<p>{why}</p>")
    sides = kin_files.described(register, actor, [found.a, found.b])
    for column, side in zip(st.columns(2), sides, strict=False):
        with column:
            st.html(card(_, side))
    if len(sides) == 2:
        ui_decide.here()
        merging(_, "pair", sides[0], sides[1:], after)
        _two(_, found, after)


def _two(_: Language, found: Suggestion, after: str) -> None:
    """The other answer: they are two, for a reason."""
    key = f"kin_apart_{found.pair_id.hex[:8]}"
    with st.expander(_("desk_organizers.apart"), key=f"{key}_fold"):
        _reasons(_, key, "keep_apart")
        st.text_area(_("desk.sentence"), key=f"{key}_sentence", max_chars=rulings.MOST_WORDS, height=90)
        problem(_, str(found.pair_id))
        st.button(
            _("desk_organizers.apart.do"), key=f"{key}_do", on_click=ui_desk.guarded("organizer.merge", _apart),
            args=(found, key, after),
        )  # fmt: skip


def _reasons(_: Language, key: str, action: str) -> None:
    """For what reason, among those of a decision."""
    st.selectbox(
        _("desk_organizers.ground"), rulings.ORGANIZER[action].reasons, key=f"{key}_ground",
        format_func=lambda r: label("moderation_reason", r, _.code),
    )  # fmt: skip


def card(_: Language, one: Described) -> str:
    """An organizer with its names, each with its days."""
    kinds = " · ".join(
        [label("organizer_type", one.organizer_type, _.code), label("legal_nature", one.legal_nature, _.code)]
    )
    rows = []
    for a in one.aliases:
        days = " – ".join(dict.fromkeys(_.day(d) for d in (a.first_on, a.last_on) if d))
        text = " · ".join(filter(None, (a.name, a.handle, a.reg_no)))
        host = label("host_platform", a.host, _.code) if a.host else ""
        rows.append(f"<li>{escape(text)}<br><span class='pw-quiet'>{escape(host)} {escape(days)}</span></li>")
    listed = (
        f"<ul class='pw-list'>{''.join(rows)}</ul>"
        if rows
        else f"<p class='pw-quiet'>{escape(_('desk_organizers.no_names'))}</p>"
    )
    count = _("desk_organizers.on_file", n=_.number(one.disputes), m=_.number(one.reporters))
    return (
        f"<section class='pw-card pw-progress'><h2>{escape(one.title)}</h2>"
        f"<p class='pw-quiet'>#{escape(one.public_code)} · {escape(kinds)}</p>"
        f"<p>{escape(count)}</p>{listed}</section>"
    )


def merging(_: Language, where: str, into: Described, others: Sequence[Described], after: str = "") -> None:
    """The evidence, and the proposal: the younger goes into the older."""
    key = f"kin_{where}_{into.organizer_id.hex[:8]}"
    with st.container(key=f"pw-form-{key}"):
        rule = rulings.ORGANIZER["merge_organizers"]
        st.selectbox(
            _("desk_organizers.ground"), rule.reasons, index=None, key=f"{key}_ground", placeholder=_("report.choose"),
            format_func=lambda r: label("moderation_reason", r, _.code),
        )  # fmt: skip
        st.text_area(_("desk_organizers.evidence"), key=f"{key}_sentence", max_chars=rulings.MOST_WORDS, height=90)
        ui_text.quiet(_("desk_organizers.evidence.note"))
        problem(_, str(into.organizer_id))
        for other in others:
            st.button(
                _("desk_organizers.merge", name=other.title, into=into.title), key=f"{key}_do_{other.organizer_id}",
                type="primary", on_click=ui_desk.guarded("organizer.merge", _merge),
                args=(other.organizer_id, into.organizer_id, key, after),
            )  # fmt: skip


def problem(_: Language, about: str) -> None:
    """Why the last decision about it was refused."""
    of, code = state.get("kin_problem", ("", ""))
    if of == about:
        st.html(f"<p class='pw-problem' role='alert'>{escape(_(code))}</p>")


def _settle(done: Outcome, about: UUID, key: str, did: str, after: str = "", *, undoable: bool = True) -> None:
    state.pop("kin_problem", None)
    if done.state == "refused":
        state["kin_problem"] = (str(about), f"desk.problem.{done.problem}")
        return
    for name in ("ground", "sentence", "event"):
        state.pop(f"{key}_{name}", None)
    ui_decide.settle([done], Matter("organizer", about, None, (), after=after), did, undoable=undoable)


def _event(key: str) -> UUID:
    return UUID(state.setdefault(f"{key}_event", str(uuid4())))


def _merge(actor: Actor, younger: UUID, into: UUID, key: str, after: str) -> None:
    ground, sentence = said(key, "ground"), said(key, "sentence")
    done = kinship.merge(edge.register(), actor, younger, into, ground, sentence, _event(key), edge.now())
    _settle(done, into, key, "desk.did.merge", after)


def _apart(actor: Actor, found: Suggestion, key: str, after: str) -> None:
    ground, sentence = said(key, "ground"), said(key, "sentence")
    done = kinship.keep_apart(edge.register(), actor, found.a, found.b, ground, sentence, _event(key), edge.now())
    _settle(done, found.pair_id, key, "desk.did.keep_apart", after)


# ── the page ───────────────────────────────────────────────────────────────────────────────────────────────────────


def suggested(_: Language, register: Register, actor: Actor) -> None:
    """What may be one, the surest first."""
    found = kinship.suggestions(register)
    st.header(_("desk_organizers.suggested"))
    ui_text.quiet(_("desk_organizers.suggested.note"))
    if not found:
        ui_text.paragraphs([_("desk_organizers.suggested.none")])
        return
    titles = {d.organizer_id: d.title for s in found[:SHOWN] for d in kin_files.described(register, actor, [s.a, s.b])}
    named = {str(s.pair_id): f"{titles.get(s.a, '')} – {titles.get(s.b, '')}" for s in found[:SHOWN]}
    picked = st.selectbox(
        _("desk_organizers.suggested.pick", len(found)), list(named), key="kin_pair", format_func=lambda i: named[i],
    )  # fmt: skip
    one = next((s for s in found if str(s.pair_id) == picked), None)
    if one:
        pair(_, register, actor, one)


def one_by_one(_: Language, register: Register, actor: Actor) -> None:
    """An organizer that is looked up: its names, invitation, merges, and reports that may be about another."""
    st.header(_("desk_organizers.find"))
    with st.container(key="pw-form"):
        text = st.text_input(_("desk_organizers.find.text"), key="kin_find", max_chars=80, autocomplete="off")
    found = kin_files.find(register, actor, text)
    if text and not found:
        ui_text.paragraphs([_("desk_organizers.find.none")])
    if not found:
        return
    titles = {str(d.organizer_id): f"{d.title} (#{d.public_code})" for d in found}
    picked = st.selectbox(
        _("desk_organizers.find.pick"), list(titles), key="kin_one", format_func=lambda i: titles.get(i, i)
    )
    one = next((d for d in found if str(d.organizer_id) == picked), found[0])
    st.html(card(_, one))
    invitation(_, register, one)
    _members(_, one)
    _kept_apart(_, register, actor, one)
    others = [d for d in found if d.organizer_id != one.organizer_id]
    if others:
        with st.expander(_("desk_organizers.merge.into", name=one.title), key="kin_merge_fold"):
            merging(_, "found", one, others[:5])
    _borrowed(_, register, actor, one)


def invitation(_: Language, register: Register, one: Described) -> None:
    """The link with which the organizer answers; made, shown once, taken back."""
    st.subheader(_("desk_organizers.invite"))
    day = replying.may_name_from(register, one.organizer_id)
    ui_text.quiet(_("desk_organizers.name_from", day=_.day(day)) if day else _("desk_organizers.name_first"))
    if shown := state.get("kin_link", {}).get(one.organizer_id):
        st.code(ui_links.full_address(register, "reply", t=shown), language=None, wrap_lines=True)
        ui_text.quiet(_("desk_organizers.invite.once"))
    rows = [
        Row(
            [
                _.day(register.day_of(i["recorded_at"])),
                _.day(register.day_of(i["good_until"])),
                _("desk_organizers.revoked") if i["revoked"] else "–",
            ]
        )
        for i in replying.invitations(register, one.organizer_id)
    ]
    if rows:
        heads = [Column(_(f"desk_organizers.invite.{c}")) for c in ("made", "until", "state")]
        st.html(table(heads, rows, _("desk_organizers.invite.list"), cards=False))
    problem(_, f"invite {one.organizer_id}")
    with st.container(horizontal=True):
        st.button(
            _("desk_organizers.invite.do"), key="kin_invite",
            on_click=ui_desk.guarded("reply.decide", _invite), args=(one.organizer_id,),
        )  # fmt: skip
        if any(not i["revoked"] for i in replying.invitations(register, one.organizer_id)):
            st.button(
                _("desk_organizers.invite.revoke"), key="kin_revoke", type="tertiary",
                on_click=ui_desk.guarded("reply.decide", _revoke), args=(one.organizer_id,),
            )  # fmt: skip


def _invite(actor: Actor, organizer: UUID) -> None:
    state.pop("kin_problem", None)
    try:
        state["kin_link"] = {organizer: replying.invite(edge.register(), actor, organizer, edge.now())}
    except UnusableInput as error:
        state["kin_problem"] = (f"invite {organizer}", error.key)


def _revoke(actor: Actor, organizer: UUID) -> None:
    state.pop("kin_link", None)
    for made in replying.invitations(edge.register(), organizer):
        if not made["revoked"]:
            replying.revoke(edge.register(), actor, made["invitation_id"], organizer, edge.now())


def _members(_: Language, one: Described) -> None:
    """What was merged into it, each to be taken out again."""
    if not one.members:
        return
    with st.expander(_("desk_organizers.members", len(one.members)), key="kin_members_fold"):
        named = {m: m.hex[:8].upper() for m in one.members}
        member = st.selectbox(
            _("desk_organizers.member"), list(named), key="kin_split_of", format_func=lambda m: named[m]
        )
        _reasons(_, "kin_split", "split_organizer")
        st.text_area(_("desk_organizers.evidence"), key="kin_split_sentence", max_chars=rulings.MOST_WORDS, height=90)
        problem(_, str(member))
        st.button(
            _("desk_organizers.split"), key="kin_split", on_click=ui_desk.guarded("organizer.merge", _split),
            args=(member,),
        )  # fmt: skip


def _split(actor: Actor, member: UUID) -> None:
    member = state.get("kin_split_of", member)  # as chosen last: the press may come before the screen is drawn anew
    ground, sentence = said("kin_split", "ground"), said("kin_split", "sentence")
    done = kinship.split(edge.register(), actor, member, ground, sentence, _event("kin_split"), edge.now())
    _settle(done, member, "kin_split", "desk.did.split")


def _kept_apart(_: Language, register: Register, actor: Actor, one: Described) -> None:
    """What it was said not to be one with, each decision to be taken back."""
    found = kin_files.kept_apart(register, actor, one.organizer_id)
    if not found:
        return
    titles = {d.organizer_id: d.title for d in kin_files.described(register, actor, [a.other for a in found])}
    with st.expander(_("desk_organizers.kept_apart", len(found)), key="kin_kept_apart_fold"):
        for apart in found:
            why = label("moderation_reason", apart.reason_code, _.code)
            told = (why, apart.sentence, apart.actor, _.day(register.day_of(apart.recorded_at)))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.html(
                    f"<p><strong>{escape(titles.get(apart.other, identity.public_code(apart.other)))}</strong><br>"
                    f"<span class='pw-quiet'>{escape(' · '.join(filter(None, told)))}</span></p>"
                )
                st.button(
                    _("desk.undo"), key=f"kin_ask_again_{apart.event_id.hex[:8]}",
                    on_click=ui_desk.guarded("organizer.merge", _back), args=(apart.other, apart.event_id),
                )  # fmt: skip


def _borrowed(_: Language, register: Register, actor: Actor, one: Described) -> None:
    """Reports that are about somebody who used its name."""
    reports = kin_files.reports_of(register, actor, one.organizer_id)
    if not reports:
        return
    with st.expander(_("desk_organizers.borrowed"), key="kin_borrowed_fold"):
        ui_text.quiet(_("desk_organizers.borrowed.note"))
        named = {r.dispute_id: report_words(_, r) for r in reports}
        report = st.selectbox(
            _("desk_organizers.reports"), list(named), key="kin_move_of", format_func=lambda d: named[d]
        )
        st.text_area(_("desk_organizers.evidence"), key="kin_move_sentence", max_chars=rulings.MOST_WORDS, height=90)
        problem(_, str(report))
        st.button(
            _("desk_organizers.move"), key="kin_move", on_click=ui_desk.guarded("organizer.merge", _move),
            args=(report,),
        )  # fmt: skip
        if moved := kinship.moved(register, report):
            st.button(
                _("desk_organizers.move.back"), key="kin_back", on_click=ui_desk.guarded("organizer.merge", _back),
                args=(report, moved),
            )  # fmt: skip


def _move(actor: Actor, report: UUID) -> None:
    report = state.get("kin_move_of", report)  # as chosen last
    done = kinship.move(edge.register(), actor, report, said("kin_move", "sentence"), _event("kin_move"), edge.now())
    _settle(done, report, "kin_move", "desk.did.move")


def _back(actor: Actor, about: UUID, event: UUID) -> None:
    done = moderation.undo(edge.register(), actor, event, edge.now())
    _settle(done, about, "kin_move", "desk.undone", undoable=False)
