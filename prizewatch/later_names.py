"""What later reports call an organizer that is named already: kept back until one person accepts it or declines it.

Until then the organizer shows under the names that were on file when it was named: a stranger's report adds nothing to
a page. What is accepted or declined is one name; the same name does not come again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from . import rulings
from .access import Actor, require
from .duties import Duty
from .statements import rows
from .store import Register

DAYS = 7  # it may wait


@dataclass(frozen=True, slots=True)
class LaterName:
    """A name nobody has decided on. `event_id`: the row of log.organizer that gives it first, what a decision is about;
    `shown`: the name that is public now; `times`: in how many rows it stands.
    """

    organizer_id: UUID
    event_id: UUID
    since: datetime
    name: str
    handle: str
    host_platform: str
    shown: str
    times: int


def waiting(register: Register, now: datetime) -> list[Duty]:
    """One item an organizer, however many names wait: a flood of names buries nothing else."""
    first: dict[UUID, LaterName] = {}
    for found in _read(register):
        first.setdefault(found.organizer_id, found)
    return [
        Duty("alias", "organizer", one.organizer_id, one.since, rulings.due(one.since, DAYS), ("later_name",))
        for one in first.values()
    ]


def of(register: Register, actor: Actor, organizer: UUID) -> list[LaterName]:
    """The names that wait of one organizer, the oldest first. Raises `NotAllowed`."""
    require(actor, "report.read")
    return _read(register, organizer)


def _read(register: Register, organizer: UUID | None = None) -> list[LaterName]:
    with register.read() as cur:
        found = rows(cur, "queue/later_names", {"organizer": organizer})
    return [
        LaterName(
            r["organizer_id"], r["event_id"], r["recorded_at"], r["display_name"] or "", r["handle"] or "",
            r["host_platform"] or "", r["shown"] or "", r["times"],
        )
        for r in found
    ]  # fmt: skip
