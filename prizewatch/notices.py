"""Notices: what somebody says is wrong with a record, its clocks, and every decision with its reasons.

Nothing is hidden by a notice itself: only a person decides that (`decide`), through `moderation`. The sender reads the
standing with the notice's own code, the reporter on My report; neither learns who the other is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import duckdb

from . import access, followup, identity, manners, moderation, notice_log, notice_states, redaction
from .access import Actor
from .followup import Slowed, Unknown
from .notice_log import SQL, Step, Told, Writing
from .notice_states import Stand
from .pace import Pace
from .store import Register
from .vocabulary import codes
from .work import Work

MOST_WORDS = 2000
LEAST_WORDS = 10
CONTACT_KEPT = timedelta(days=180)
DAY, YEAR = timedelta(hours=24), timedelta(days=365)
SUSPENDED = timedelta(days=90)
#: Notices in bad faith within a year -> the most notices a day after that; from three on none for a while.
SLOWED = {1: 2, 2: 1}
#: Who acts when a clock runs out.
CLOCK = Actor("clock", "admin")
_CODE = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})-?([0-9A-HJKMNP-TV-Z]{4})$")
_pace = Pace()


@dataclass(frozen=True, slots=True)
class Notice:
    """What a sender says. `event_id` (a UUID made once a screen) makes a retry safe. `record`: the code of an organizer,
    a link to its page, or the receipt code of one's own report.
    """

    event_id: str
    sender: str
    name: str
    contact: str
    record: str
    wish: str
    ground: str
    words: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field: `notice.wrong.<code>` are its words."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Filed:
    """The code that shows what becomes of a notice; or what is wrong; or the hours until the next may be sent."""

    code: str = ""
    wrong: tuple[Wrong, ...] = ()
    hours: int = 0


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


def file(register: Register, notice: Notice, network: str, now: datetime) -> Filed:
    """Take a notice, or say everything that is wrong with it. It is acknowledged by the code that comes back."""
    wrong = _beside_the_record(notice)
    organizer, dispute, said = _record(register, notice.record, network, now)
    if said:
        wrong.append(Wrong("record", said))
    if wrong:
        return Filed(wrong=tuple(wrong))
    return register.write(_file, (register, notice, network, organizer, dispute, now))


def _beside_the_record(notice: Notice) -> list[Wrong]:
    found = [Wrong(field, f"{field}_missing") for field in ("sender", "wish", "ground") if not getattr(notice, field)]
    found += [Wrong(f, f"{f}_missing") for f in ("name", "contact") if len(getattr(notice, f).strip()) < 2]
    words = notice.words.strip()
    if len(words) < LEAST_WORDS:
        found.append(Wrong("words", "words_missing"))
    elif len(words) > MOST_WORDS:
        found.append(Wrong("words", "words_long"))
    elif manners.unkind(words):
        found.append(Wrong("words", "unkind"))
    if notice.link.strip() and not re.match(r"https?://[^\s.]+\.\S+$", notice.link.strip()):
        found.append(Wrong("link", "link"))
    return found


def _record(register: Register, said: str, network: str, now: datetime) -> tuple[UUID | None, UUID | None, str]:
    """The organizer, the sender's own report, or why neither was found."""
    text = identity.normalise(said).upper()
    if not text:
        return None, None, "record_missing"
    code = _CODE.search(text.partition("?ID=")[2][:9] or text.removeprefix("#"))
    if code and (len(text) <= 10 or "?ID=" in text):
        sql = "SELECT organizer_id FROM mart.organizer WHERE public_code = ?"
        with register.read() as cur:
            found = cur.execute(sql, ["-".join(code.groups())]).fetchall()
        return (found[0][0], None, "") if found else (None, None, "record_unknown")
    own = followup.open_report(register, said, now, network)
    if isinstance(own, Slowed):
        return None, None, "record_slowed"
    if isinstance(own, Unknown):
        return None, None, "record_unknown"
    with register.read() as cur:
        sql = "SELECT organizer_id FROM mart.dispute WHERE dispute_id = ?"
        found = cur.execute(sql, [own.dispute_id]).fetchall()
    return (found[0][0] if found else None), UUID(own.dispute_id), ""


def _file(cur: duckdb.DuckDBPyConnection, items: list[Any]) -> list[Filed]:
    return [_file_one(cur, *item) for item in items]


def _file_one(
    cur: duckdb.DuckDBPyConnection,
    register: Register,
    notice: Notice,
    network: str,
    organizer: UUID | None,
    dispute: UUID | None,
    now: datetime,
) -> Filed:
    key, notice_id = register.key, UUID(notice.event_id)
    code = identity.receipt_code(key, str(notice_id))
    if cur.execute("SELECT 1 FROM log.notice WHERE notice_id = ?", [notice_id]).fetchall():
        return Filed(code)
    sender = identity.keyed(key, "notice-sender", identity.fold_handle(notice.contact))
    place = identity.keyed(key, "network", identity.network_of(network))
    if hours := _wait(cur, register, sender, place, now):
        return Filed(hours=hours)
    commit = register.next_commit(cur, "notice", now, 1)
    masked = redaction.marked(notice.words.strip(), company=True)
    cur.execute(
        "INSERT INTO log.notice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            notice_id, commit, now, notice_id, identity.receipt_hash(key, code), sender, place, notice.sender,
            notice.wish, notice.ground, organizer, dispute, masked.masked, notice.link.strip() or None,
        ],
    )  # fmt: skip
    who = [notice_id, notice.name.strip(), notice.contact.strip(), now + CONTACT_KEPT]
    cur.execute("INSERT INTO desk.contact VALUES (?, ?, ?, ?)", who)
    days = register.settings.originals_days
    if days and masked.masked != notice.words.strip():
        kept = [notice_id, "words", notice.words.strip(), now + timedelta(days=days)]
        cur.execute("INSERT INTO desk.original VALUES (?, ?, ?, ?)", kept)
    return Filed(code)


def _wait(cur: duckdb.DuckDBPyConnection, register: Register, sender: str, place: str, now: datetime) -> int:
    """Hours until this sender may send the next notice. Who sent some in bad faith is slowed, then suspended."""
    given = {"day": now - DAY, "year": now - YEAR, "sender": sender, "network": place}
    sql = (SQL / "senders.sql").read_text("utf-8")
    ((lately, bad, told_at, first_at),) = cur.execute(sql, given).fetchall()
    most = register.settings.notices_per_day
    if bad > max(SLOWED) and told_at + SUSPENDED > now:
        return _hours(told_at + SUSPENDED - now)
    most = min(most or SLOWED[1], SLOWED[min(bad, max(SLOWED))]) if bad else most
    return _hours(first_at + DAY - now) if most and lately >= most else 0


def _hours(span: timedelta) -> int:
    return max(1, -int(-span.total_seconds() // 3600))


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
    if wrong := _unfit(words) if kind != "withdraw" else None:
        return wrong
    step = Step(UUID(step_id), kind, now, words=_masked(words), actor="sender")
    if not register.write(notice_log.append, Writing(seen.notice_id, step)):
        return Wrong("say", "too_late")
    return standing(register, code, now, network)


def _unfit(words: str) -> Wrong | None:
    length = len(words.strip())
    if length < LEAST_WORDS:
        return Wrong("say", "words_missing")
    if length > MOST_WORDS:
        return Wrong("say", "words_long")
    return Wrong("say", "unkind") if manners.unkind(words) else None


def _masked(words: str) -> str:
    return redaction.marked(words.strip(), company=True).masked


def _seen_by(told: Told, side: str) -> Standing:
    stand = told.stand
    decisions = tuple(Decided(s.kind, s.at, s.reason_code, s.sentence) for s in told.steps if s.sentence or s.words == "")
    decisions = tuple(d for d in decisions if notice_states.SIDE[d.kind] in ("moderator", "clock"))
    return Standing(
        told.notice_id, told.filed_at, told.wish, told.ground, told.words, stand.state, stand.due, decisions,
        stand.may(side),
    )  # fmt: skip


# ── the reporter ───────────────────────────────────────────────────────────────────────────────────────────────────


def of_report(register: Register, dispute_id: str) -> list[Standing]:
    """Notices about a report that its reporter is told of: once a moderator acted on them, and none of the reporter's own."""
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
    if wrong := _unfit(words):
        return wrong
    step = Step(UUID(step_id), kind, now, (UUID(own.dispute_id),), _masked(words), actor="reporter")
    taken = register.write(notice_log.append, Writing(notice_id, step))
    return None if taken else Wrong("say", "too_late")


# ── the desk ───────────────────────────────────────────────────────────────────────────────────────────────────────


def waiting(register: Register, now: datetime) -> list[Work]:
    """What waits for a person, one item an organizer, so that many notices against one do not bury the others.

    `subject_id` is the notice that is due first; `why` has its ground, the state, and `many` where more wait.
    """
    with register.read() as cur:
        told = notice_log.waiting(notice_log.read(cur))
    groups: dict[UUID, list[Told]] = {}
    for t in told:
        if t.stand.state not in notice_states.LAPSES:  # these wait for the other side
            groups.setdefault(t.organizer_id or t.notice_id, []).append(t)
    return [
        Work(
            "notice", "notice", of[0].notice_id, of[0].stand.since, register.day_of(_due(of[0].stand)),
            (of[0].ground, of[0].stand.state, *(("many",) if len(of) > 1 else ())),
        )
        for of in groups.values()
    ]  # fmt: skip


def _due(stand: Stand) -> datetime:
    return stand.due or stand.since


def case(register: Register, actor: Actor, notice_id: UUID, now: datetime) -> tuple[Told, list[Told], tuple[str, str]]:
    """A notice, all that wait against the same organizer (itself first), and its sender's name and contact (empty once
    erased). Noted in the audit. Raises `LookupError` where there is none.
    """
    from . import audit

    access.require(actor, "notice.decide")
    with register.read() as cur:
        told = next(iter(notice_log.read(cur, notices=[notice_id])), None)
        if told is None:
            raise LookupError(notice_id)
        others = notice_log.read(cur, organizer=told.organizer_id) if told.organizer_id else []
        sql = "SELECT sender_name, contact FROM desk.contact WHERE notice_id = ?"
        who = next(iter(cur.execute(sql, [notice_id]).fetchall()), ("", ""))
    audit.note(register, actor, "notice.read", "notice", notice_id, now)
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
    for notice_id in notice_ids:
        step = Step(
            uuid5(step_id, str(notice_id)), kind, now, tuple(disputes), "", reason_code, _masked(sentence), actor.name
        )
        if wrong := _carry_out(register, actor, notice_id, step):
            return wrong
    return None


def _carry_out(register: Register, actor: Actor, notice_id: UUID, step: Step) -> Wrong | None:
    with register.read() as cur:
        told = next(iter(notice_log.read(cur, notices=[notice_id])), None)
        if told is None or (
            notice_states.after(told.stand, step.kind, step.at) is None
            and all(s.step_id != step.step_id for s in told.steps)
        ):
            return Wrong("decide", "too_late")
        others = {d for t in notice_log.read(cur) if t.notice_id != notice_id for d in t.hidden}
    if all(s.step_id != step.step_id for s in told.steps):
        does = notice_states.effect(step.kind, told.stand.state)
        about = step.disputes or told.reports
        if does in ("hold", "remove"):
            if not about:
                return Wrong("disputes", "disputes_missing")
            step = Step(step.step_id, step.kind, step.at, tuple(about), "", step.reason_code, step.sentence, step.actor)
        elif does == "restore":
            about = tuple(d for d in told.hidden if d not in others)  # another notice may still hide one of them
        for dispute in about if does else ():
            decision = moderation.Decision(
                uuid5(step.step_id, str(dispute)), "dispute", dispute, does,
                "counter_notice" if does == "restore" else "notice", step.sentence,
            )  # fmt: skip
            done = moderation.decide(register, actor, decision, step.at)
            if done.state == "refused":
                return Wrong("decide", "refused")
    return None if register.write(notice_log.append, Writing(notice_id, step)) else Wrong("decide", "too_late")


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
            moved += _carry_out(register, CLOCK, told.notice_id, Step(step_id, event, now, (), "", reason, "", "clock")) is None
    return moved, register.write(_erase_contacts, now)


def _erase_contacts(cur: duckdb.DuckDBPyConnection, moments: list[datetime]) -> list[int]:
    return [
        int(cur.execute("DELETE FROM desk.contact WHERE erase_at <= ?", [now]).fetchall()[0][0]) for now in moments
    ]
