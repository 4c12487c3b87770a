"""Alarms about campaigns, and what people decide of them (statistics.md S11; the door raises them: `intake_bursts`).

While an alarm is open, what came in the burst is held out of levels and rates, is counted as held, and the organizer's
page says that reports are being checked. Text alone is no signal: honest people use the same templates, ours included.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import duckdb
import pyarrow as pa

from . import audit
from . import intake_bursts as bursts
from .access import Actor, require
from .duties import Duty
from .errors import UnusableInput
from .statements import rows
from .store import Register, append, next_commit

Action = Literal["hold", "note", "release", "reject", "cluster"]
ACTIONS: tuple[Action, ...] = ("hold", "note", "release", "reject", "cluster")
#: Screens that say no more than that reports came together: a decision about the alarm decides them too.
TOGETHER = ("burst", "same_network", "same_device", "same_file")
DECIDE_WITHIN = timedelta(days=3)
LOOK_AGAIN = timedelta(days=7)  # what is held on is shown again
MOST_FIRST_TIME = 0.8  # share of reporters with no other report: unusual only together with a burst
MOST_WITHOUT_FILE = 0.5
#: What a decision does to a report: (held by the alarm, waiting at the door, moved by the alarm before).
DOES: dict[Action, dict[str, str]] = {
    "hold": {"moved": "check"},
    "note": {"moved": "check"},
    "release": {"held": "restore", "waiting": "publish_masked", "moved": "restore"},
    "cluster": {"held": "restore", "waiting": "publish_masked", "moved": "restore"},
    "reject": {"held": "reject", "waiting": "reject", "moved": "reject"},
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as it stands. `kind`: raised, hold, note while it is open, else release, reject or cluster. `signals`:
    burst_day, burst_month, place (raised it), first_time, no_file (found in the reports). reports: how many it is
    about, by how many `reporters` (clusters as one); `places`: most people in one network or browser.
    """

    alarm_id: UUID
    organizer_id: UUID
    public_code: str
    kind: str
    raised_at: datetime
    decided_at: datetime
    since: datetime
    signals: tuple[str, ...]
    reports: int
    held: int
    reporters: int
    places: int
    proven: int
    actor: str
    sentence: str

    @property
    def open(self) -> bool:
        """Whether it still waits for a decision or holds what arrives."""
        return self.kind in bursts.OPEN


def alarms(register: Register, *, everything: bool = False) -> list[Alarm]:
    """Open alarms, the oldest first; `everything`: closed ones too."""
    with register.read() as cur:
        standing = [row for row in bursts.ask(cur, "standing") if everything or row[2] in bursts.OPEN]
        return [_alarm(cur, row) for row in standing]


def alarm(register: Register, alarm_id: UUID) -> Alarm | None:
    """One alarm, open or closed."""
    with register.read() as cur:
        return next((_alarm(cur, row) for row in bursts.ask(cur, "standing") if row[0] == alarm_id), None)


def _concerned(cur: duckdb.DuckDBPyConnection, row: tuple[Any, ...]) -> list[dict[str, Any]]:
    alarm_id, organizer, _, since, *_ = row
    codes = list(TOGETHER) if {*row[4].split(";")} & bursts.FREEZES else ["same_network", "same_device", "same_file"]
    values = {"alarm": alarm_id, "organizer": str(organizer), "since": since, "codes": codes}
    return rows(cur, "brigading/concerned", values)


def _alarm(cur: duckdb.DuckDBPyConnection, row: tuple[Any, ...]) -> Alarm:
    alarm_id, organizer, kind, since, signals, _, actor, sentence, decided_at, raised_at = row
    about = _concerned(cur, row)
    people = {one["reporter_key"] for one in about}
    told = signals.split(";")
    if about and sum(one["first_time"] for one in about) > MOST_FIRST_TIME * len(about):
        told.append("first_time")
    if about and sum(not one["has_file"] for one in about) > MOST_WITHOUT_FILE * len(about):
        told.append("no_file")
    pairs = {(one[place], one["own_key"]) for one in about for place in ("network_key", "device_key") if one[place]}
    crowd = Counter(place for place, _ in pairs)
    (code,) = cur.execute("SELECT core.public_code(?)", [organizer]).fetchall()[0]
    return Alarm(
        alarm_id, organizer, code, kind, raised_at, decided_at, since, tuple(told), len(about),
        sum(one["state"] != "moved" for one in about), len(people), max(crowd.values(), default=0),
        sum(one["proven"] for one in about), actor, sentence or "",
    )  # fmt: skip


def waiting(register: Register, now: datetime) -> list[Duty]:
    """Alarms a person must decide: new ones, and those held on for a week."""
    found = []
    for one in alarms(register):
        if one.kind != "raised" and now - one.decided_at < LOOK_AGAIN:
            continue
        since = one.raised_at if one.kind == "raised" else one.decided_at + LOOK_AGAIN
        due = register.day_of(since + DECIDE_WITHIN)
        found.append(Duty("alarm", "alarm", one.alarm_id, since, due, one.signals))
    return found


def public_note(register: Register, organizer_id: UUID | str) -> str | None:
    """What the organizer's page says: `checking` while an alarm is open, `coordinated` where a person said so."""
    with register.read() as cur:
        kinds = [
            row[2] for row in bursts.ask(cur, "standing")
            if row[1] == UUID(str(organizer_id)) and row[2] in bursts.OPEN and {*row[4].split(";")} & bursts.FREEZES
        ]  # fmt: skip
    return ("coordinated" if "note" in kinds else "checking") if kinds else None


def decide(
    register: Register, actor: Actor, alarm_id: UUID, action: Action, now: datetime, sentence: str = ""
) -> Alarm:
    """What a person decides of an alarm. The same decision twice is one.

    release: its reports count; reject: they do not; cluster: they count as those of one person; hold: they stay held
    (a closed alarm is opened again, and what it did is undone); note: the same, and the public is told that they were
    coordinated. Each report that was decided one by one meanwhile stays as decided.
    Raises `NotAllowed`; `UnusableInput` for an unknown alarm.
    """
    require(actor, "alarm.decide")
    found = register.write(_decide, (alarm_id, action, actor.name, now, sentence))
    if not found:
        raise UnusableInput("errors.alarm.unknown")
    audit.note(register, actor, "alarm.decide", "alarm", alarm_id, now, action)
    stands = alarm(register, alarm_id)
    assert stands is not None  # noqa: S101  it was found in the transaction, and nothing is ever removed
    return stands


def _decide(cur: duckdb.DuckDBPyConnection, items: list[tuple[UUID, Action, str, datetime, str]]) -> list[bool]:
    answers = []
    for alarm_id, action, actor, now, sentence in items:
        row = next((row for row in bursts.ask(cur, "standing") if row[0] == alarm_id), None)
        answers.append(row is not None)
        if row is None or (row[2] == action and action not in ("hold", "note")):
            continue
        about = _concerned(cur, row)
        does = DOES[action]
        moves = [
            bursts.moved(one["dispute_id"], does[one["state"]], str(alarm_id), actor, now)
            for one in about if one["state"] in does
        ]  # fmt: skip
        commit = next_commit(cur, "desk", now)
        its = bursts.Alarm(str(row[1]), str(alarm_id), tuple(row[4].split(";")), row[3], ())
        reports = row[5] if action in ("hold", "note") else len(about)
        append(cur, "alarm", pa.Table.from_pylist([bursts.row(its, action, reports, actor, now, sentence)]), commit)
        if moves:
            append(cur, "moderation", pa.Table.from_pylist(moves), commit)
        if action == "cluster":
            _join(cur, {one["own_key"] for one in about if one["state"] in does}, alarm_id, actor, now, commit)
        elif row[2] == "cluster":
            _part(cur, alarm_id, actor, now, commit)
    return answers


def _join(
    cur: duckdb.DuckDBPyConnection, keys: set[str], alarm_id: UUID, actor: str, now: datetime, commit: int
) -> None:
    """These keys are one person from now on: they count as the first of them."""
    if len(keys) > 1:
        _cluster(cur, dict.fromkeys(sorted(keys), min(keys)), alarm_id, actor, now, commit)


def _part(cur: duckdb.DuckDBPyConnection, alarm_id: UUID, actor: str, now: datetime, commit: int) -> None:
    """What an alarm joined is undone, unless another decision came after it."""
    joined = cur.execute(
        "SELECT reporter_key FROM (SELECT * FROM log.cluster QUALIFY row_number() OVER (PARTITION BY reporter_key "
        "ORDER BY commit_no DESC, recorded_at DESC, event_id DESC) = 1) WHERE alarm_id = ?",
        [alarm_id],
    ).fetchall()
    if joined:
        _cluster(cur, {key: key for (key,) in joined}, alarm_id, actor, now, commit)


def _cluster(
    cur: duckdb.DuckDBPyConnection, pairs: dict[str, str], alarm_id: UUID, actor: str, now: datetime, commit: int
) -> None:
    new = [
        {"event_id": str(uuid4()), "recorded_at": now, "reporter_key": key, "cluster_key": whole,
         "alarm_id": str(alarm_id), "actor": actor}
        for key, whole in pairs.items()
    ]  # fmt: skip
    append(cur, "cluster", pa.Table.from_pylist(new), commit)
