"""What may become of a notice, as a table: state and event give the next state, and nothing else is possible.

Domain model 3.8: acknowledged at once, hidden or kept within 48 hours with reasons, five days for the reporter to
answer, restored fifteen days after an answer unless a suit or complaint is shown. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

FIRST = timedelta(hours=48)
ANSWER = timedelta(days=5)
RESTORE = timedelta(days=15)

#: Event -> whose it is. `correct`: what was wrong is mended and the record stays. `elapse`: the fifteen days are over.
SIDE: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("keep", "hide", "remove", "correct", "reject", "restore"), "moderator"),
        **dict.fromkeys(("withdraw", "suit", "counter"), "sender"),
        **dict.fromkeys(("answer", "appeal"), "reporter"),
        **dict.fromkeys(("lapse", "elapse"), "clock"),
    }
)
#: What each side may say once only.
ONCE = frozenset({"counter", "appeal"})

_OPEN = {
    "keep": "kept", "hide": "hidden", "remove": "removed", "correct": "corrected", "reject": "rejected",
    "withdraw": "withdrawn",
}  # fmt: skip
_HIDDEN = {"restore": "restored", "remove": "removed", "correct": "corrected"}
_AGAIN = {"counter": "reopened"}
TABLE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "received": _OPEN,
        "hidden": {**_HIDDEN, "answer": "answered", "lapse": "unanswered"},
        "unanswered": {**_HIDDEN, "answer": "answered"},
        "answered": {**_HIDDEN, "answer": "answered", "suit": "suit", "elapse": "restored"},
        "suit": {**_HIDDEN, "answer": "suit"},
        "kept": _AGAIN,
        "rejected": _AGAIN,
        "restored": _AGAIN,
        "corrected": _AGAIN,
        "removed": {"appeal": "reappealed"},
        "reopened": _OPEN,
        "reappealed": _HIDDEN,
        "withdrawn": {},
    }
)
STATES = tuple(TABLE)
EVENTS = tuple(SIDE)
#: In these the reports it is about are hidden: what brings a state out of them and into another restores them.
HIDDEN = frozenset({"hidden", "unanswered", "answered", "suit", "removed", "reappealed"})
#: In these it waits for somebody: a person at the desk, or the other side.
WAITING = frozenset({"received", "reopened", "hidden", "unanswered", "answered", "suit", "reappealed"})
_DUE = {
    **dict.fromkeys(("received", "reopened", "reappealed", "unanswered", "suit"), FIRST),
    "hidden": ANSWER,
    "answered": RESTORE,
}
#: What the clock says when a state's time is over.
LAPSES = {"hidden": "lapse", "answered": "elapse"}


class Stand(NamedTuple):
    """Where a notice stands, since when, and what was said once already."""

    state: str
    since: datetime
    said: frozenset[str] = frozenset()

    @property
    def due(self) -> datetime | None:
        """When the state should be over; None where nothing waits."""
        return self.since + _DUE[self.state] if self.state in _DUE else None

    def may(self, side: str) -> tuple[str, ...]:
        """The events of a side that are possible now."""
        return tuple(e for e in TABLE[self.state] if SIDE[e] == side and e not in self.said)


def after(stand: Stand, event: str, at: datetime) -> Stand | None:
    """The next stand, or None where the event is not possible. Answering again does not move the clock."""
    state = TABLE[stand.state].get(event)
    if state is None or event in stand.said:
        return None
    said = stand.said | {event} if event in ONCE else stand.said
    return Stand(state, stand.since if state == stand.state else at, said)


def fold(filed_at: datetime, events: Iterable[tuple[str, datetime]]) -> Stand:
    """The stand after a history in its order; what was not possible when it came is passed over."""
    stand = Stand("received", filed_at)
    for event, at in events:
        stand = after(stand, event, at) or stand
    return stand


def effect(event: str, before: str) -> str:
    """What a step does to the reports it is about: hold, remove, restore, or nothing (empty)."""
    then = TABLE[before][event]
    if then == "removed":
        return "" if before == "reappealed" else "remove"
    if then in HIDDEN:
        return "" if before in HIDDEN else "hold"
    return "restore" if before in HIDDEN else ""
