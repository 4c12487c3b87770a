"""What waits for a person: one item of the moderators' queue, in the same form whatever room it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Duty:
    """`kind`: what sort of work; `why`: codes of what raised it (words `desk.why.<code>`); `subject_kind` and
    `subject_id`: the dispute, organizer, reply, notice or alarm it is about; `since`: when it came in (UTC);
    `due`: the last day it may wait, None where no clock runs.
    """

    kind: str
    subject_kind: str
    subject_id: UUID
    since: datetime
    due: date | None
    why: tuple[str, ...]
