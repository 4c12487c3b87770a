"""Organizers and their reports as a moderator tells them apart: names with their days, merges, what is on file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from . import access
from .access import Actor
from .statements import rows, statement
from .store import Register


@dataclass(frozen=True, slots=True)
class Alias:
    """A name or handle, on which platform, from when to when it was met."""

    host: str
    handle: str
    name: str
    reg_no: str
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True, slots=True)
class Described:
    """One organizer after merges. `members`: the organizers that were merged into it."""

    organizer_id: UUID
    public_code: str
    organizer_type: str
    legal_nature: str
    named: bool
    publication: str
    disputes: int
    reporters: int
    last_report_on: date | None
    aliases: tuple[Alias, ...]
    members: tuple[UUID, ...]

    @property
    def title(self) -> str:
        """What it is called on the desk: its last name or handle, else its code."""
        last = sorted(self.aliases, key=lambda a: a.last_on or date.min)
        return next((a.name or a.handle for a in reversed(last) if a.name or a.handle), f"#{self.public_code}")


@dataclass(frozen=True, slots=True)
class FiledReport:
    """A report without its reporter and words."""

    dispute_id: UUID
    draw_on: date | None
    reported_on: date
    dispute_reason: str
    prize_kind: str
    status: str
    moderation: str
    in_base: bool


@dataclass(frozen=True, slots=True)
class Apart:
    """A standing decision (`event_id`) that an organizer and the `other` are two."""

    event_id: UUID
    other: UUID
    recorded_at: datetime
    reason_code: str
    sentence: str
    actor: str


def described(register: Register, actor: Actor, ids: Sequence[UUID]) -> list[Described]:
    """These organizers, in their order; those that nothing is on file of are left out."""
    found = {d.organizer_id: d for d in _described(register, actor, ids=[str(i) for i in ids], text=None)}
    return [found[i] for i in ids if i in found]


def find(register: Register, actor: Actor, text: str) -> list[Described]:
    """Organizers by code, registration number, or a part of a name or handle; twenty at most."""
    return _described(register, actor, ids=None, text=text.strip()) if text.strip() else []


def _described(register: Register, actor: Actor, **given: Any) -> list[Described]:
    access.require(actor, "organizer.merge")
    with register.read() as cur:
        found = rows(cur, "fairness/described", given)
    out = []
    for row in found:
        aliases = tuple(
            Alias(a["host"] or "", a["handle"] or "", a["name"] or "", a["reg_no"] or "", a["first_on"], a["last_on"])
            for a in row.pop("aliases") or ()
        )
        members = tuple(row.pop("members") or ())
        out.append(Described(**row, aliases=aliases, members=members))
    return out


def reports_of(register: Register, actor: Actor, organizer_id: UUID) -> list[FiledReport]:
    """The reports of an organizer that are on file and not merged or rejected, by the day of the draw."""
    access.require(actor, "report.read")
    with register.read() as cur:
        found = cur.execute(statement("fairness/reports"), {"organizer": organizer_id}).fetchall()
    return [FiledReport(*row) for row in found]


def kept_apart(register: Register, actor: Actor, organizer_id: UUID) -> list[Apart]:
    """What an organizer was said not to be one with, the newest decision first; `moderation.undo` takes it back."""
    access.require(actor, "organizer.merge")
    with register.read() as cur:
        return [Apart(**row) for row in rows(cur, "fairness/kept_apart", {"organizer": organizer_id})]
