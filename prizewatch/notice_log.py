"""Notices as they stand in the log: read with their history, and written step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

import duckdb

from . import notice_states
from .notice_states import Stand
from .statements import rows
from .store import next_commit

Cursor = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a field: `notice.wrong.<code>` are its words."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a notice. `disputes`: the reports it is about, or whose reporter it is of."""

    step_id: UUID
    kind: str
    at: datetime
    disputes: tuple[UUID, ...] = ()
    words: str = ""
    reason_code: str = ""
    sentence: str = ""
    actor: str = ""


@dataclass(frozen=True)
class Told:
    """A notice with its history. `organizer_id` follows merges; `own_dispute` is the sender's own report."""

    notice_id: UUID
    filed_at: datetime
    sender: str
    wish: str
    ground: str
    words: str
    link: str
    organizer_id: UUID | None
    own_dispute: UUID | None
    steps: tuple[Step, ...]

    @cached_property
    def stand(self) -> Stand:
        """Where it stands, folded from its steps."""
        return notice_states.fold(self.filed_at, ((s.kind, s.at) for s in self.steps))

    @cached_property
    def reports(self) -> tuple[UUID, ...]:
        """The reports it is about: the sender's own, and those a moderator found to be meant."""
        own = [self.own_dispute] if self.own_dispute else []
        meant = [d for s in self.steps if notice_states.SIDE[s.kind] == "moderator" for d in s.disputes]
        return tuple(dict.fromkeys([*own, *meant]))

    @cached_property
    def hidden(self) -> tuple[UUID, ...]:
        """The reports it keeps hidden now."""
        held: dict[UUID, None] = {}
        stand = Stand("received", self.filed_at)
        for step in self.steps:
            then = notice_states.after(stand, step.kind, step.at)
            if then is None:
                continue
            match notice_states.effect(step.kind, stand.state):
                case "hold" | "remove":
                    held |= dict.fromkeys(step.disputes)
                case "restore":
                    held = {}
            stand = then
        return tuple(held)


def read(
    cur: Cursor,
    *,
    receipt: str | None = None,
    notices: Sequence[UUID] | None = None,
    organizer: UUID | None = None,
    dispute: UUID | None = None,
) -> list[Told]:
    """Notices by what is given (all where nothing is), oldest first."""
    given = {
        "receipt": receipt,
        "notices": None if notices is None else [str(n) for n in notices],
        "organizer": organizer and str(organizer),
        "dispute": dispute and str(dispute),
    }
    found = rows(cur, "fairness/notices", given)
    return [_told(list(group)) for _, group in groupby(found, key=lambda row: row["notice_id"])]


def _told(rows: list[dict[str, Any]]) -> Told:
    first = rows[0]
    steps = []
    for step_id, group in groupby((row for row in rows if row["step_id"]), key=lambda row: row["step_id"]):
        of = list(group)
        about = tuple(row["dispute_id"] for row in of if row["dispute_id"])
        texts = (of[0][name] or "" for name in ("said", "reason_code", "sentence", "actor"))
        steps.append(Step(step_id, of[0]["kind"], of[0]["stepped_at"], about, *texts))
    same = ("notice_id", "sender", "wish", "ground", "words", "organizer_id")
    return Told(
        **{name: first[name] for name in same}, filed_at=first["recorded_at"], link=first["link"] or "",
        own_dispute=first["own_dispute"], steps=tuple(steps),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writing:
    """A step on its way to the writer."""

    notice_id: UUID
    step: Step


def append(cur: Cursor, groups: list[list[Writing]]) -> list[bool]:
    """The writer's handler: each step where it is possible, a group in a commit. False where one is not (any more)."""
    return [_append(cur, items) for items in groups]


def _append(cur: Cursor, items: list[Writing]) -> bool:
    known = {told.notice_id: told for told in read(cur, notices=[item.notice_id for item in items])}
    new: list[Writing] = []
    for item in items:
        told = known.get(item.notice_id)
        if told is None:
            return False
        if any(step.step_id == item.step.step_id for step in told.steps):
            continue
        if notice_states.after(told.stand, item.step.kind, item.step.at) is None:
            return False
        new.append(item)
    if new:
        _write(cur, new)
    return True


def _write(cur: Cursor, items: list[Writing]) -> None:
    rows = [(item, dispute) for item in items for dispute in item.step.disputes or (None,)]
    commit = next_commit(cur, "notice", items[0].step.at, len(rows))
    cur.executemany(
        "INSERT INTO log.notice_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            [
                uuid5(item.step.step_id, f"{item.notice_id} {dispute}"), commit, item.step.at, item.step.step_id,
                item.notice_id, item.step.kind, dispute, item.step.words or None, item.step.reason_code or None,
                item.step.sentence or None, item.step.actor,
            ]
            for item, dispute in rows
        ],
    )  # fmt: skip


def waiting(told: Iterable[Told]) -> list[Told]:
    """Those that wait for somebody, the first due first."""
    return sorted((t for t in told if t.stand.due is not None), key=lambda t: (t.stand.due, t.filed_at, t.notice_id))
