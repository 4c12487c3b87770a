"""Notices: what somebody says is wrong with a record, its clocks, and every decision with its reasons.

Nothing is hidden by a notice itself: only a person decides that (`decide`), through `moderation`. The sender reads the
standing with the notice's own code, the reporter on My report; neither learns who the other is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

import duckdb

from . import access, audit, followup, identity, moderation, notice_log, notice_states, rulings
from .access import Actor
from .duties import Duty
from .errors import UnusableInput
from .followup import Slowed, Unknown
from .notice_filing import LEAST_WORDS, Filed, Notice, file, masked, unfit
from .notice_log import Step, Told, Writing, Wrong
from .notice_states import Stand
from .pace import Pace
from .rulings import PUBLIC
from .store import Register
from .vocabulary import codes

__all__ = ["Decided", "Filed", "Notice", "Standing", "Wrong", "answer", "case", "clear", "decide", "file", "of_report",
           "say", "standing", "waiting"]  # fmt: skip

#: Who acts when a clock runs out.
CLOCK = Actor("clock", "admin")
_pace = Pace()


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as both sides may read it."""

    kind: str
    at: datetime
    reason_code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A notice as one side may see it. `may`: what that side can still say; `words` are the sender's, masked."""

    notice_id: UUID
    filed_at: datetime
    wish: str
    ground: str
    words: str
    state: str
    due: datetime | None
    decisions: tuple[Decided, ...]
    may: tuple[str, ...]


# ── the sender ─────────────────────────────────────────────────────────────────────────────────────────────────────


def standing(register: Register, code: str, now: datetime, network: str) -> Standing | Unknown | Slowed:
    """What the sender reads with the notice's code. Wrong codes are slowed down."""
    if wait := _pace.wait(register, network, register.settings.wrong_codes_per_10_min, now):
        return Slowed(wait)
    with register.read() as cur:
        found = notice_log.read(cur, receipt=identity.receipt_hash(register.key, code))
    if not found:
        _pace.note(register, network, now)
        return Unknown()
    return _seen_by(found[0], "sender")


def say(
    register: Register, code: str, kind: str, words: str, step_id: str, now: datetime, network: str
) -> Standing | Unknown | Slowed | Wrong:
    """The sender withdraws, shows a suit or complaint, or objects to a decision."""
    seen = standing(register, code, now, network)
    if not isinstance(seen, Standing):
        return seen
    if kind not in seen.may:
        return Wrong("say", "too_late")
    if wrong := unfit(words) if kind != "withdraw" else None:
        return wrong
    step = Step(UUID(step_id), kind, now, words=masked(words), actor="sender")
    if not register.write(notice_log.append, [Writing(seen.notice_id, step)]):
        return Wrong("say", "too_late")
    return standing(register, code, now, network)


def _seen_by(told: Told, side: str) -> Standing:
    stand = told.stand
    decisions = tuple(
        Decided(s.kind, s.at, s.reason_code, s.sentence) for s in told.steps if s.sentence or s.words == ""
    )
    decisions = tuple(d for d in decisions if notice_states.SIDE[d.kind] in ("moderator", "clock"))
    return Standing(
        told.notice_id, told.filed_at, told.wish, told.ground, told.words, stand.state, stand.due, decisions,
        stand.may(side),
    )  # fmt: skip


# ── the reporter ───────────────────────────────────────────────────────────────────────────────────────────────────


def of_report(register: Register, dispute_id: str) -> list[Standing]:
    """Notices about a report that its reporter is told of: once a moderator acted on them; none of one's own."""
    with register.read() as cur:
        found = notice_log.read(cur, dispute=UUID(dispute_id))
    told = [t for t in found if t.own_dispute is None and UUID(dispute_id) in t.reports]
    return [_seen_by(t, "reporter") for t in reversed(told)]


def answer(
    register: Register, code: str, notice_id: UUID, kind: str, words: str, step_id: str, now: datetime, network: str
) -> Wrong | None:
    """The reporter answers a notice, or objects to a removal, with the code of the report. None: it was taken."""
    own = followup.open_report(register, code, now, network)
    seen = of_report(register, own.dispute_id) if isinstance(own, followup.OwnReport) else []
    if not isinstance(own, followup.OwnReport) or not any(s.notice_id == notice_id and kind in s.may for s in seen):
        return Wrong("say", "too_late")
    if wrong := unfit(words):
        return wrong
    step = Step(UUID(step_id), kind, now, (UUID(own.dispute_id),), masked(words), actor="reporter")
    taken = register.write(notice_log.append, [Writing(notice_id, step)])
    return None if taken else Wrong("say", "too_late")


# ── the desk ───────────────────────────────────────────────────────────────────────────────────────────────────────


def waiting(register: Register, now: datetime) -> list[Duty]:
    """What waits for a person, one item an organizer, so that many notices against one do not bury the others.

    `subject_id` is the notice that is due first; `why` has its ground, the state, and `many` where more wait.
    """
    with register.read() as cur:
        told = notice_log.waiting(notice_log.read(cur))
    groups: dict[UUID, list[Told]] = {}
    for t in told:
        if t.stand.state != "hidden":  # that one waits for the reporter
            groups.setdefault(t.organizer_id or t.notice_id, []).append(t)
    return [
        Duty(
            "notice", "notice", of[0].notice_id, of[0].stand.since, register.day_of(_due(of[0].stand)),
            (of[0].ground, of[0].stand.state, *(("many",) if len(of) > 1 else ())),
        )
        for of in groups.values()
    ]  # fmt: skip


def _due(stand: Stand) -> datetime:
    return stand.due or stand.since


def case(
    register: Register, actor: Actor, notice_id: UUID, now: datetime, *, noted: bool = False
) -> tuple[Told, list[Told], tuple[str, str]]:
    """A notice, all that wait against the same organizer (itself first), and its sender's name and contact (empty once
    erased). Noted in the audit, unless it was (`noted`). Raises `NotAllowed`; `UnusableInput` where there is none.
    """
    access.require(actor, "notice.decide")
    with register.read() as cur:
        told = next(iter(notice_log.read(cur, notices=[notice_id])), None)
        if told is None:
            raise UnusableInput("errors.notice.unknown")
        others = notice_log.read(cur, organizer=told.organizer_id) if told.organizer_id else []
        sql = "SELECT sender_name, contact FROM desk.contact WHERE notice_id = ?"
        who = next(iter(cur.execute(sql, [notice_id]).fetchall()), ("", ""))
    if not noted:
        audit.note(register, actor, "read_notice", "notice", notice_id, now)
    together = [t for t in notice_log.waiting(others) if t.stand.state == told.stand.state]
    return told, [told, *(t for t in together if t.notice_id != notice_id)], who


def decide(
    register: Register,
    actor: Actor,
    notice_ids: Sequence[UUID],
    kind: str,
    reason_code: str,
    sentence: str,
    disputes: Sequence[UUID],
    step_id: UUID,
    now: datetime,
) -> Wrong | None:
    """Decide about notices alike, with reasons that both sides read. Hiding, removing and restoring goes through
    `moderation`. None: done, or done before.
    """
    access.require(actor, "notice.decide")
    if reason_code not in codes("notice_reason"):
        return Wrong("reason", "reason_missing")
    if len(sentence.strip()) < LEAST_WORDS:
        return Wrong("sentence", "sentence_missing")
    with register.read() as cur:
        found = notice_log.read(cur, notices=notice_ids)
    if not found:
        return Wrong("decide", "too_late")
    written: list[Writing] = []
    for told in found:
        its = uuid5(step_id, str(told.notice_id))
        step = Step(its, kind, now, tuple(disputes), "", reason_code, masked(sentence), actor.name)
        done = _carry_out(register, actor, told, step)
        if isinstance(done, Wrong):
            return done
        written += done
    return _written(register, written)


def _carry_out(register: Register, actor: Actor, told: Told, step: Step) -> Wrong | list[Writing]:
    """What is left to be written: a step that moves no report; what moves some is written at once."""
    if any(s.step_id == step.step_id for s in told.steps):
        return []
    if notice_states.after(told.stand, step.kind, step.at) is None:
        return Wrong("decide", "too_late")
    does = notice_states.effect(step.kind, told.stand.state)
    if does in ("hold", "remove"):
        step = replace(step, disputes=step.disputes or told.reports)
        if not step.disputes:
            return Wrong("disputes", "disputes_missing")
    with register.read() as cur:
        about = _moved_by_it(cur, told, step, does)
    for dispute in about:
        reason = "counter_notice" if does == "restore" else "notice"
        decision = moderation.Decision(
            uuid5(step.step_id, str(dispute)), "dispute", dispute, does, reason, step.sentence[: rulings.MOST_WORDS]
        )
        if moderation.decide(register, actor, decision, step.at).state == "refused":
            return Wrong("decide", "refused")
    step_written = [Writing(told.notice_id, step)]
    return _written(register, step_written) or [] if does else step_written


def _written(register: Register, steps: list[Writing]) -> Wrong | None:
    return None if register.write(notice_log.append, steps) else Wrong("decide", "too_late")


def _moved_by_it(cur: duckdb.DuckDBPyConnection, told: Told, step: Step, does: str) -> list[UUID]:
    """The reports whose standing a step changes: hidden are those that are public; restored those that this notice hid
    and nothing else hides since, a second notice or another decision.
    """
    if does in ("hold", "remove"):
        sql = "SELECT dispute_id, moderation FROM mart.dispute WHERE dispute_id IN (SELECT unnest(?))"
        standing = dict(cur.execute(sql, [list(step.disputes)]).fetchall())
        own = told.hidden if does == "remove" else ()
        return [d for d in step.disputes if standing.get(d) in PUBLIC or d in own]
    if does != "restore":
        return []
    others = {d for t in notice_log.read(cur) if t.notice_id != told.notice_id for d in t.hidden}
    sql = """
        SELECT subject_id FROM core.decision WHERE subject_kind = 'dispute' AND subject_id IN (SELECT unnest(?))
            AND action IN (
                'publish_masked', 'publish_named', 'ask', 'hold', 'check', 'reject', 'remove', 'restore', 'merge')
        GROUP BY subject_id HAVING max_by(reason_code, (commit_no, recorded_at, event_id)) = 'notice'
    """
    ours = {row[0] for row in cur.execute(sql, [list(told.hidden)]).fetchall()}
    return [d for d in told.hidden if d in ours and d not in others]


def clear(register: Register, now: datetime) -> tuple[int, int]:
    """The daily step: clocks that ran out (five days without an answer; fifteen days after one, which restores), and
    contacts whose time is over. Returns how many of each.
    """
    with register.read() as cur:
        late = [t for t in notice_log.waiting(notice_log.read(cur)) if _due(t.stand) <= now]
    moved = 0
    for told in late:
        if event := notice_states.LAPSES.get(told.stand.state):
            reason = {"lapse": "no_answer", "elapse": "answered"}[event]
            step_id = uuid5(told.notice_id, f"{event} {told.stand.since}")
            step = Step(step_id, event, now, (), "", reason, "", CLOCK.name)
            done = _carry_out(register, CLOCK, told, step)
            moved += not isinstance(done, Wrong) and not (done and _written(register, done))
    return moved, register.write(_erase_contacts, now)


def _erase_contacts(cur: duckdb.DuckDBPyConnection, moments: list[datetime]) -> list[int]:
    return [int(cur.execute("DELETE FROM desk.contact WHERE erase_at <= ?", [now]).fetchall()[0][0]) for now in moments]
