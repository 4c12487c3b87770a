"""Right of reply: an organizer is invited by a link, answers, shows that the account is its own, and is shown as
large as what is said of it.

Domain model 3.8. An answer waits until a moderator has seen the proof of control; it is moderated for personal data and
insults only. What counts is `log.reply`: the fold never reads an answer that was not published.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import duckdb

from . import access, audit, identity, manners, moderation, redaction
from .access import Actor
from .duties import Duty
from .errors import UnusableInput
from .moderation import Decision
from .notice_log import Wrong
from .pace import Pace
from .rulings import REPLY_DAYS
from .statements import rows, statement
from .store import Register, next_commit
from .vocabulary import codes

GOOD_FOR = timedelta(days=30)
ANSWERS = ("accepts", "contests", "says_resolved")
MOST_WORDS, LEAST_WORDS = 1000, 10
#: Refused answers after which a link is closed.
MOST_REFUSED = 3
#: Days an answer should wait at most.
WAITS = timedelta(days=3)
_pace = Pace()


@dataclass(frozen=True, slots=True)
class Reply:
    """What an organizer says. `about`: which draw or prize it says it has delivered; `proof_words`: where the code of
    the invitation can be seen. `event_id` (a UUID made once a screen) makes a retry safe.
    """

    event_id: str
    answer: str
    words: str
    about: str
    proof_kind: str
    proof_words: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer on file. state: received, published, refused, retracted."""

    reply_id: UUID
    invitation_id: UUID
    organizer_id: UUID
    sent_at: datetime
    answer: str
    words: str
    about_words: str
    proof_kind: str
    proof_words: str
    state: str
    decided_at: datetime
    reason_code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An open invitation: whose, until when, the code that proves control, and what was answered by it."""

    invitation_id: UUID
    organizer_id: UUID
    public_code: str
    good_until: datetime
    proof_code: str
    answers: tuple[Answer, ...]

    @property
    def closed(self) -> bool:
        """Nothing more may be sent: an answer waits, or too many were refused."""
        return any(a.state == "received" for a in self.answers) or self.refused >= MOST_REFUSED

    @property
    def refused(self) -> int:
        """How many of its answers a moderator refused."""
        return sum(a.state == "refused" for a in self.answers)


# ── the invitation ─────────────────────────────────────────────────────────────────────────────────────────────────


def invite(register: Register, actor: Actor, organizer_id: UUID, now: datetime) -> str:
    """Make a link for an organizer, good for 30 days; returns its token, of which only a keyed hash is kept. Its first
    invitation starts the seven days that naming waits. Raises `NotAllowed`; `UnusableInput` where it cannot be invited:
    nothing is on file of it, or it was merged into another.
    """
    access.require(actor, "reply.decide")
    token = secrets.token_urlsafe(24)
    invitation = identity.keyed_uuid(register.key, "invitation", token)
    decision = Decision(uuid5(invitation, "invited"), "organizer", organizer_id, "invite_reply", "listed")
    if problem := moderation.decide(register, actor, decision, now).problem:
        raise UnusableInput(f"desk.problem.{problem}")
    made = _invited(invitation, organizer_id, "made", actor, now)
    made |= {"token_key": _token_key(register, token), "good_until": now + GOOD_FOR}
    register.write(_log, [("invitation", made)])
    return token


def revoke(register: Register, actor: Actor, invitation_id: UUID, organizer_id: UUID, now: datetime) -> None:
    """Close an invitation: its link opens nothing any more."""
    access.require(actor, "reply.decide")
    register.write(_log, [("invitation", _invited(invitation_id, organizer_id, "revoked", actor, now))])


def _invited(invitation: UUID, organizer: UUID, kind: str, actor: Actor, now: datetime) -> dict[str, Any]:
    return {
        "event_id": uuid5(invitation, kind), "recorded_at": now, "invitation_id": invitation,
        "organizer_id": organizer, "kind": kind, "actor": actor.name,
    }  # fmt: skip


def _token_key(register: Register, token: str) -> str:
    return identity.keyed(register.key, "invitation-token", token.strip())


def proof_code(register: Register, invitation_id: UUID) -> str:
    """What is to be seen in the organizer's account: from the invitation, so that it need not be kept."""
    return "PW-" + identity.receipt_code(register.key, f"proof {invitation_id}")[:11]


def opened(register: Register, token: str, now: datetime, network: str = "") -> Invitation | None:
    """The invitation of a link; None where it is wrong, over or revoked, never told apart. Wrong ones are slowed."""
    if network and _pace.wait(register, network, register.settings.wrong_codes_per_10_min, now):
        return None
    with register.read() as cur:
        found = cur.execute(
            statement("fairness/invitation"), {"token": _token_key(register, token), "now": now}
        ).fetchall()
        if not found:
            if network:
                _pace.note(register, network, now)
            return None
        ((invitation, organizer, until),) = found
        answers = tuple(_answers(cur, invitation=invitation))
    code = identity.public_code(organizer)
    return Invitation(invitation, organizer, code, until, proof_code(register, invitation), answers)


def invitations(register: Register, organizer_id: UUID) -> list[dict[str, Any]]:
    """What was made for an organizer, newest first: invitation_id, recorded_at, good_until, kind, actor, revoked."""
    with register.read() as cur:
        return rows(cur, "fairness/invitations", {"organizer": organizer_id})


def may_name_from(register: Register, organizer_id: UUID) -> date | None:
    """The first day on which naming no longer waits for an answer: seven days after the first invitation, at once where
    an answer stands. None: it was not invited yet (a moderator may say that there is no public contact, see `rulings`).
    """
    sql = """
        SELECT min(m.recorded_at) FILTER (m.action = 'invite_reply'),
               (SELECT min(r.replied_on) FROM core.reply r WHERE r.organizer_id = $organizer AND r.published)
        FROM core.decision m WHERE m.subject_kind = 'organizer' AND m.subject_id = $organizer
    """
    with register.read() as cur:
        ((invited, replied),) = cur.execute(sql, {"organizer": organizer_id}).fetchall()
    days = [register.day_of(invited + REPLY_DAYS)] if invited else []
    return min([*days, *([replied] if replied else [])], default=None)


# ── the answer ─────────────────────────────────────────────────────────────────────────────────────────────────────


def reply(register: Register, token: str, said: Reply, network: str, now: datetime) -> Invitation | list[Wrong]:
    """Take an answer, or say what is wrong with it. It waits for a moderator; before that nothing shows or counts."""
    found = opened(register, token, now, network)
    if found is None:
        return [Wrong("link", "gone")]
    if any(str(a.reply_id) == said.event_id for a in found.answers):
        return found
    if found.closed:
        return [Wrong("link", "closed")]
    if wrong := _unfit(said):
        return wrong
    masked = {name: _masked(text) for name, text in (("words", said.words), ("about_words", said.about))}
    row = {
        "event_id": UUID(said.event_id), "recorded_at": now, "reply_id": UUID(said.event_id),
        "invitation_id": found.invitation_id, "organizer_id": found.organizer_id, "kind": "received",
        "answer": said.answer, "proof_kind": said.proof_kind, "proof_words": said.proof_words.strip()[:300],
        "actor": "organizer", **masked,
    }  # fmt: skip
    if not register.write(_receive, (found, row)):
        return [Wrong("link", "closed")]
    return opened(register, token, now) or [Wrong("link", "gone")]


def _receive(cur: duckdb.DuckDBPyConnection, items: list[tuple[Invitation, dict[str, Any]]]) -> list[bool]:
    """Whether each answer is on file now; asked again where nobody else writes, as many may come at once."""
    taken = []
    for found, row in items:
        there = replace(found, answers=tuple(_answers(cur, invitation=found.invitation_id)))
        known = any(a.reply_id == row["reply_id"] for a in there.answers)
        if not known and not there.closed:
            _log(cur, [[("reply_event", row)]])
        taken.append(known or not there.closed)
    return taken


def _unfit(said: Reply) -> list[Wrong]:
    wrong = []
    if said.answer not in ANSWERS:
        wrong.append(Wrong("answer", "answer_missing"))
    for field, text in (("words", said.words), *((("about", said.about),) if said.answer == "says_resolved" else ())):
        if len(text.strip()) < LEAST_WORDS:
            wrong.append(Wrong(field, f"{field}_missing"))
        elif len(text) > MOST_WORDS:
            wrong.append(Wrong(field, "words_long"))
        elif manners.unkind(text):
            wrong.append(Wrong(field, "unkind"))
    if said.proof_kind not in codes("reply_proof"):
        wrong.append(Wrong("proof_kind", "proof_missing"))
    if len(said.proof_words.strip()) < 4:
        wrong.append(Wrong("proof_words", "proof_words_missing"))
    return wrong


def _masked(words: str) -> str | None:
    return redaction.marked(words.strip(), company=True).masked or None


def _answers(cur: duckdb.DuckDBPyConnection, **given: UUID) -> list[Answer]:
    values = {name: given.get(name) and str(given[name]) for name in ("reply", "invitation", "organizer")}
    found = rows(cur, "fairness/replies", values)
    filled: list[dict[str, Any]] = [{k: "" if v is None else v for k, v in row.items()} for row in found]
    return [Answer(**row) for row in filled]


# ── the desk ───────────────────────────────────────────────────────────────────────────────────────────────────────


def waiting(register: Register, now: datetime) -> list[Duty]:
    """Answers that wait for a person, one item an organizer: many from one do not bury the others."""
    first: dict[UUID, Answer] = {}
    with register.read() as cur:
        for found in _answers(cur):
            if found.state == "received":
                first.setdefault(found.organizer_id, found)
    return [
        Duty("reply", "reply", a.reply_id, a.sent_at, register.day_of(a.sent_at + WAITS), (a.answer,))
        for a in first.values()
    ]


def answers(register: Register, actor: Actor, organizer_id: UUID | None = None) -> list[Answer]:
    """Every answer that came by an invitation, oldest first; of one organizer, if given."""
    access.require(actor, "reply.decide")
    with register.read() as cur:
        return _answers(cur, **({"organizer": organizer_id} if organizer_id else {}))


def decide(
    register: Register,
    actor: Actor,
    reply_id: UUID,
    verdict: str,
    now: datetime,
    *,
    proof_seen: bool = False,
    disputes: Sequence[UUID] = (),
    reason_code: str = "",
    sentence: str = "",
) -> Wrong | None:
    """publish (only where the proof of control was seen; `disputes`: the reports it is about), refuse (with a reason),
    or retract what was published. None: done, or done before.

    What says that a prize was delivered asks the reporters of `disputes` only: an answer to everybody takes nothing out
    of any figure.
    """
    access.require(actor, "reply.decide")
    with register.read() as cur:
        found = next(iter(_answers(cur, reply=reply_id)), None)
    kind = {"publish": "published", "refuse": "refused", "retract": "retracted"}[verdict]
    if found is None or found.state not in (kind, "published" if verdict == "retract" else "received"):
        return Wrong("decide", "too_late")
    if verdict == "publish" and not proof_seen:
        return Wrong("proof", "proof_not_seen")
    if verdict == "publish" and found.answer == "says_resolved" and not disputes:
        return Wrong("disputes", "disputes_missing")
    if verdict == "refuse" and reason_code not in codes("reply_refusal"):
        return Wrong("reason", "reason_missing")
    row = {
        "event_id": uuid5(reply_id, kind), "recorded_at": now, "reply_id": reply_id,
        "invitation_id": found.invitation_id, "organizer_id": found.organizer_id, "kind": kind,
        "reason_code": reason_code or None, "sentence": sentence.strip() or None, "actor": actor.name,
    }  # fmt: skip
    rows: list[tuple[str, dict[str, Any]]] = [("reply_event", row)]
    if verdict != "refuse":
        rows += _shown(register, found, disputes, now, published=verdict == "publish")
    register.write(_log, rows)
    audit.note(register, actor, f"{verdict}_reply", "reply", reply_id, now, reason_code)
    return None


def _shown(
    register: Register, found: Answer, disputes: Sequence[UUID], now: datetime, *, published: bool
) -> list[tuple[str, dict[str, Any]]]:
    """The rows that count: one for the organizer, one for each report it is about."""
    about = list(disputes)
    if not published:
        with register.read() as cur:
            sql = "SELECT DISTINCT dispute_id FROM log.reply WHERE reply_id = ? AND dispute_id IS NOT NULL"
            about = [row[0] for row in cur.execute(sql, [found.reply_id]).fetchall()]
    return [
        ("reply", {
            "event_id": uuid5(found.reply_id, f"{published} {dispute}"), "recorded_at": now,
            "organizer_id": found.organizer_id, "dispute_id": dispute, "answer": found.answer,
            "words": None if dispute else found.words, "replied_on": register.day_of(now), "published": published,
            "reply_id": found.reply_id,
        })
        for dispute in (None, *about)
    ]  # fmt: skip


def _log(cur: duckdb.DuckDBPyConnection, items: list[list[tuple[str, dict[str, Any]]]]) -> list[None]:
    """Rows as they are, those on file left out; what is about a report in a commit after what is about all of them, so
    that it is the later word of the two.
    """
    for new in items:
        for later in (False, True):
            part = [(t, row) for t, row in new if bool(row.get("dispute_id")) == later and not _there(cur, t, row)]
            if not part:
                continue
            commit = next_commit(cur, "reply", part[0][1]["recorded_at"], len(part))
            for table, row in part:
                names = [*row, "commit_no"]
                marks = ", ".join("?" * len(names))
                cur.execute(f"INSERT INTO log.{table} ({', '.join(names)}) VALUES ({marks})", [*row.values(), commit])
    return [None] * len(items)


def _there(cur: duckdb.DuckDBPyConnection, table: str, row: dict[str, Any]) -> bool:
    return bool(cur.execute(f"SELECT 1 FROM log.{table} WHERE event_id = ?", [row["event_id"]]).fetchall())
