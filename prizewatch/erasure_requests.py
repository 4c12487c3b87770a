"""A reporter asks for erasure by law: the request waits in the queue of the desk with a clock, an admin carries it out
or says why not, and the reporter reads what became of it.

Until then nothing changes, and the reporter may take the request back. Whoever wants out of the figures at once
withdraws the report; that goes beside it, also afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid5

import duckdb
import pyarrow as pa

from . import audit, erasure, followup
from .access import Actor, require
from .duties import Duty
from .errors import UnusableInput
from .followup import Slowed, Unknown
from .identity import receipt_hash
from .pace import Pace
from .rulings import MOST_WORDS
from .statements import statement
from .store import Register, append, next_commit

ANSWERED_WITHIN = timedelta(days=15)
GROUND = "request"
MOST_A_DAY = 5  # of one report: asking and taking back fills no log
_asking = Pace(timedelta(hours=24))

State = Literal["asked", "taken_back", "declined", "done"]


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `kept`: the coded values may go on counting; `due`: the last day for an answer (register's time
    zone); `answered_at` (UTC) and `sentence`: what became of it, and why it was declined.
    """

    request_id: UUID
    dispute_id: UUID
    kept: bool
    asked_at: datetime
    due: date
    state: State
    answered_at: datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class _Row:
    request_id: UUID
    dispute_id: UUID
    kind: State
    kept: bool
    now: datetime
    actor: str
    sentence: str = ""


def _read(register: Register, dispute: UUID | None = None) -> list[Request]:
    with register.read() as cur:
        found = cur.execute(statement("daily/erasure_requests"), {"dispute": dispute}).fetchall()
    return [
        Request(request, of, kept, asked, register.day_of(asked + ANSWERED_WITHIN), state, answered, sentence)
        for request, of, kept, asked, state, answered, sentence in found
    ]


def of_report(register: Register, dispute_id: UUID | str) -> Request | None:
    """The latest request about a report."""
    return next(iter(_read(register, UUID(str(dispute_id)))), None)


def waiting(register: Register, now: datetime) -> list[Duty]:
    """Requests nobody has answered; only admins see them in the queue (`queue.waiting`)."""
    return [
        Duty("erasure", "erasure", r.request_id, r.asked_at, r.due, ("erase_kept" if r.kept else "erase_all",))
        for r in _read(register)
        if r.state == "asked"
    ]


def request(register: Register, request_id: UUID) -> Request | None:
    """One request; None where there is none."""
    return next((r for r in _read(register) if r.request_id == request_id), None)


# ── of the reporter ────────────────────────────────────────────────────────────────────────────────────────────────


def ask(
    register: Register, code: str, request_id: UUID, now: datetime, network: str, *, kept: bool
) -> Request | Unknown | Slowed:
    """Ask for erasure of the report a receipt opens, also of a withdrawn one. While one request waits, a second changes
    nothing. `kept`: the coded values may go on counting. Raises `UnusableInput` for too many in a day.
    """
    story = followup.by_code(register, code, now, network)
    if isinstance(story, Unknown | Slowed):
        return story
    before = of_report(register, story.dispute_id)
    if before is None or before.state != "asked":
        if _asking.take(register, str(story.dispute_id), MOST_A_DAY, now):
            raise UnusableInput("errors.erasure.often")
        register.write(_handle, _Row(request_id, story.dispute_id, "asked", kept, now, "reporter"))
    found = of_report(register, story.dispute_id)
    return found or Unknown()


def take_back(register: Register, code: str, now: datetime, network: str) -> Unknown | Slowed | None:
    """The reporter does not want it any more."""
    story = followup.by_code(register, code, now, network)
    if isinstance(story, Unknown | Slowed):
        return story
    found = of_report(register, story.dispute_id)
    if found is not None:
        register.write(_handle, _Row(found.request_id, found.dispute_id, "taken_back", found.kept, now, "reporter"))
    return None


def erased_on(register: Register, code: str, now: datetime) -> date | None:
    """The day the report of this receipt was erased; None where it was not, or too long ago to be told."""
    sql = "SELECT erased_at FROM desk.erased WHERE receipt_hash = ? AND erase_at > ?"
    with register.read() as cur:
        rows = cur.execute(sql, [receipt_hash(register.key, code), now]).fetchall()
    return register.day_of(rows[0][0]) if rows else None


# ── of an admin ────────────────────────────────────────────────────────────────────────────────────────────────────


def carry_out(register: Register, actor: Actor, request_id: UUID, now: datetime) -> erasure.Tombstone:
    """Erase what was asked for. Raises `NotAllowed`; `UnusableInput` where the request does not wait (any more)."""
    found = _to_answer(register, actor, request_id)
    return erasure.erase_dispute(register, actor, found.dispute_id, GROUND, now, kept=found.kept)


def decline(register: Register, actor: Actor, request_id: UUID, sentence: str, now: datetime) -> None:
    """Say why it is not carried out; the reporter reads the sentence. Raises `NotAllowed`; `UnusableInput` without a
    sentence, and where the request does not wait (any more).
    """
    found = _to_answer(register, actor, request_id)
    if not sentence.strip():
        raise UnusableInput("errors.erasure.no_words")
    row = _Row(request_id, found.dispute_id, "declined", found.kept, now, actor.name, sentence.strip()[:MOST_WORDS])
    if not register.write(_handle, row):
        raise UnusableInput("errors.erasure.answered")
    audit.note(register, actor, "erase.decline", "dispute", found.dispute_id, now)


def _to_answer(register: Register, actor: Actor, request_id: UUID) -> Request:
    require(actor, "erase")
    found = request(register, request_id)
    if found is None or found.state != "asked":
        raise UnusableInput("errors.erasure.answered")
    return found


def _handle(cur: duckdb.DuckDBPyConnection, items: list[_Row]) -> list[bool]:
    """One after the other; whoever comes second changes nothing: one request of a report waits at a time, and has one
    answer.
    """
    return [_write(cur, item) for item in items]


def _write(cur: duckdb.DuckDBPyConnection, item: _Row) -> bool:
    rows = cur.execute(statement("daily/erasure_requests"), {"dispute": item.dispute_id}).fetchall()
    waits = bool(rows) and rows[0][4] == "asked"
    if waits == (item.kind == "asked") or (waits and rows[0][0] != item.request_id):
        return False
    event = item.request_id if item.kind == "asked" else uuid5(item.request_id, "answered")
    if cur.execute("SELECT 1 FROM log.erasure_request WHERE event_id = ?", [event]).fetchall():
        return False
    commit = next_commit(cur, "erasure", item.now, 1)
    row = {
        "event_id": str(event), "recorded_at": item.now, "request_id": str(item.request_id),
        "dispute_id": str(item.dispute_id), "kind": item.kind, "kept": item.kept, "sentence": item.sentence or None,
        "actor": item.actor,
    }  # fmt: skip
    append(cur, "erasure_request", pa.Table.from_pylist([row]), commit)
    return True
