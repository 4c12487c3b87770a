"""What the form asks the register while somebody types: draws already on file near a day, the usual value of a prize.

Days only, never how many, and only of listed organizers with at least `LEAST_DISPUTES`; each winner files an own
account.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from . import identity
from .frames import Register, ask

LEAST_DISPUTES = 5
#: So many values make "usual" mean something.
LEAST_VALUES = 10
NEAR = timedelta(days=10)


def days_near(register: Register, public_code: str, day: date) -> list[date]:
    """Days of the organizer's draws on file within ten days of `day`, the nearest first; at most four."""
    with register.read() as cur:
        found = ask(
            cur, "draw_days", code=public_code, least=LEAST_DISPUTES, first=day - NEAR, last=min(day + NEAR, date.max)
        )
    days = [value.date() for value in found["draw_on"]]
    return sorted(days, key=lambda one: (abs(one - day), one))[:4]


def usual_value(register: Register, prize_kind: str) -> float | None:
    """The median value in CNY of this kind of prize; None where too few are on file to call it usual."""
    with register.read() as cur:
        found = ask(cur, "usual_value", kind=prize_kind, least=LEAST_VALUES)
    return float(found["median"].iloc[0]) if len(found) else None


def public_names(register: Register, dispute_id: str) -> dict[str, str]:
    """Name and handle of the organizer of a report, by field, as far as they are public: whoever picked it from the
    register never typed them.
    """
    with register.read() as cur:
        found = ask(cur, "names_of_report", dispute=dispute_id)
    return {str(k): str(v) for row in found.to_dict("records") for k, v in row.items() if isinstance(v, str) and v}


def share_token(register: Register, dispute_id: str) -> str:
    """The token that brings another winner of the same draw to the form; empty while the report is not published,
    because a link may tell nothing of one that is held.
    """
    with register.read() as cur:
        found = ask(cur, "draw_of", dispute=dispute_id)
    if found.empty:
        return ""
    organizer, draw = (UUID(str(found[name].iloc[0])) for name in ("organizer_id", "draw_id"))
    return identity.share_token(register.key, organizer, draw, dispute_id)
