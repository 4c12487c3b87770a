"""What needs a person, oldest duty first, and all a moderator sees of one report.

The desk's own duties come from one statement; other rooms add theirs to `SOURCES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from . import audit, brigading, erasure_requests, kinship, later_names, likeness, notices, replying
from .access import Actor, may, require
from .duties import Duty
from .errors import UnusableInput
from .fields import EVIDENCE, FREE_TEXTS, STAGE_EVENT
from .i18n import Language
from .moderation import Cursor, organizer_on_file
from .rulings import REPLY_DAYS, Organizer, due
from .statements import rows
from .store import Register
from .vocabulary import label

#: Days a duty may wait, by its kind; no clock runs for others.
WAITS = {"report": 7, "answer": 3, "withdrawal": 3, "hold": 0, "proposal": 3, "moved": 7}
ASKED_DAYS = 14  # a question nobody answered
HELD_DAYS = 15  # a hold nobody looked at since
SIMILAR = 5

#: Screens that say nothing of the words: such reports may be published several at once.
BULK = frozenset({"burst", "same_network", "same_device", "same_words", "too_quick", "trap", "high_value"})

Source = Callable[[Register, datetime], list[Duty]]
#: What waits in other rooms: one line each.
SOURCES: tuple[Source, ...] = (
    replying.waiting,
    notices.waiting,
    kinship.waiting,
    brigading.waiting,
    erasure_requests.waiting,
    later_names.waiting,
)
#: What only some of the desk may do, so others do not see it waiting.
NEEDS = {"erasure": "erase"}


def waiting(register: Register, now: datetime, actor: Actor | None = None) -> list[Duty]:
    """Everything that needs a person, what is due first at the head. Of proposals those of `actor` are left out: they
    wait for somebody else; and what `actor` may not do.
    """
    values = {
        "now": now, "asked_days": ASKED_DAYS, "held_days": HELD_DAYS, "reply_days": REPLY_DAYS.days,
        "actor": actor.name if actor else None,
    }  # fmt: skip
    with register.read() as cur:
        found = rows(cur, "queue/waiting", values)
    duties = [
        Duty(
            r["kind"], r["subject_kind"], r["subject_id"], r["since"], due(r["since"], WAITS.get(r["kind"])),
            tuple(r["why"].split(";")),
        )
        for r in found
    ]  # fmt: skip
    for source in SOURCES:
        duties += source(register, now)
    if actor is not None:
        duties = [d for d in duties if d.kind not in NEEDS or may(actor, NEEDS[d.kind])]
    return sorted(duties, key=lambda d: (d.due or date.max, d.since, str(d.subject_id)))


@dataclass(frozen=True, slots=True)
class Words:
    """Free words of a report: as they stand, and as they were before masking (empty: they were not masked, or the time
    of the originals is over).
    """

    field: str
    stands: str
    original: str = ""
    stage: str = ""  # of a step on the ladder


@dataclass(frozen=True, slots=True)
class Similar:
    """Another report of the same organizer. `why`: same_reporter, same_draw, near_draw, same_words."""

    dispute_id: UUID
    reported_on: date
    moderation: str
    why: tuple[str, ...]
    title: str
    alike: float


@dataclass(frozen=True, slots=True)
class Case:
    """All a moderator sees of one report. `report` is its latest version (columns of log.filing without keys and
    hashes), `standing` its row in the marts, `organizer` the row of its organizer with `handles`, its names and handles
    as text; `last_commit` is what a decision is checked against.
    """

    dispute_id: UUID
    report: dict[str, Any]
    standing: dict[str, Any]
    words: list[Words]
    events: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    organizer: dict[str, Any]
    similar: list[Similar]
    history: list[dict[str, Any]]
    last_commit: int

    @property
    def screens(self) -> tuple[str, ...]:
        """What the automatic screens found."""
        return tuple(filter(None, self.report["screen"].split(";")))


#: Never shown, not even to moderators.
SECRET = ("reporter_key", "network_key", "device_key", "receipt_hash")


def case(register: Register, actor: Actor, dispute_id: UUID, now: datetime, *, noted: bool = False) -> Case:
    """Everything about one report, noted in the audit unless it was just before. Raises `NotAllowed`; `UnusableInput`
    where there is no such report.
    """
    require(actor, "report.read")
    with register.read() as cur:
        versions = rows(cur, "queue/versions", {"dispute": dispute_id})
        if not versions:
            raise UnusableInput("errors.report.unknown")
        latest = versions[-1]
        standing = rows(cur, "queue/standing", {"dispute": dispute_id})[0]
        events = _asked(cur, "events", dispute_id)
        evidence = _asked(cur, "evidence", dispute_id)
        about = rows(cur, "queue/about", {"organizer": standing["organizer_id"]})
        found = Case(
            dispute_id=dispute_id,
            report={name: value for name, value in latest.items() if name not in SECRET},
            standing=standing,
            words=_words(cur, latest, events),
            events=events,
            evidence=evidence,
            organizer=about[0] if about else {},
            similar=_similar(cur, latest),
            history=rows(cur, "queue/history", {"dispute": dispute_id}),
            last_commit=rows(cur, "queue/report", {"subject": dispute_id, "related": None})[0]["last_commit"],
        )
    if not noted:
        audit.note(register, actor, "report.read", "dispute", dispute_id, now)
    return found


@dataclass(frozen=True, slots=True)
class Brief:
    """One report in a line, for deciding several at once."""

    dispute_id: UUID
    last_commit: int
    organizer_type: str
    dispute_reason: str
    prize_kind: str
    prize_value: Decimal | None
    currency: str | None
    narrative: str

    def line(self, _: Language) -> str:
        """Who, what, why."""
        value = "" if self.prize_value is None else _.money(float(self.prize_value), self.currency or "CNY")
        codes = (("organizer_type", self.organizer_type), ("prize_kind", self.prize_kind),
                 ("dispute_reason", self.dispute_reason))  # fmt: skip
        return " · ".join([*(label(name, code, _.code) for name, code in codes), *filter(None, [value])])


def briefs(register: Register, actor: Actor, ids: Sequence[UUID], now: datetime, *, noted: bool = False) -> list[Brief]:
    """These reports in a line each, in this order; each noted in the audit. Raises `NotAllowed`."""
    require(actor, "report.read")
    with register.read() as cur:
        found = {r["dispute_id"]: r for r in rows(cur, "queue/briefs", {"ids": [str(one) for one in ids]})}
    out = []
    for one in (i for i in ids if i in found):
        r = found[one]
        out.append(
            Brief(one, r["last_commit"], r["organizer_type"], r["dispute_reason"], r["prize_kind"], r["prize_value"],
                  r["currency"], r["narrative"] or "")
        )  # fmt: skip
        if not noted:
            audit.note(register, actor, "report.read", "dispute", one, now)
    return out


def _asked(cur: Cursor, name: str, dispute: UUID) -> list[dict[str, Any]]:
    """Rows as the reporter's own page reads them."""
    kept = [f.name for f in (STAGE_EVENT if name == "events" else EVIDENCE)] + ["stage_event_id"]
    return [{n: row[n] for n in row if n in kept} for row in rows(cur, f"followup/{name}", {"dispute": dispute})]


def _words(cur: Cursor, latest: dict[str, Any], events: list[dict[str, Any]]) -> list[Words]:
    """Every free text, beside what it was before masking."""
    before = {
        (str(r["of_id"]), r["field"]): r["words"]
        for r in rows(cur, "queue/originals", {"dispute": latest["dispute_id"]})
    }  # fmt: skip
    dispute = str(latest["dispute_id"])
    found = [
        Words(name, latest[name], before.get((dispute, name), ""))
        for name in FREE_TEXTS
        if latest.get(name)
    ]  # fmt: skip
    for event in events:
        for name in ("channel", "case_ref"):
            if event[name]:
                found.append(
                    Words(name, event[name], before.get((str(event["stage_event_id"]), name), ""), event["stage"])
                )
    return found


def _similar(cur: Cursor, latest: dict[str, Any]) -> list[Similar]:
    """The likeliest first; those that share nothing but the organizer are left out."""
    others = rows(cur, "queue/similar", {"dispute": latest["dispute_id"]})
    shares = likeness.alike(latest["narrative"], [r["narrative"] for r in others])
    found = []
    for r, share in zip(others, shares, strict=True):
        why = [name for name in ("same_reporter", "same_draw", "near_draw") if r[name]]
        if share >= likeness.ALIKE:
            why.append("same_words")
        if why:
            found.append(
                Similar(r["dispute_id"], r["reported_on"], r["moderation"], tuple(why), r["draw_title"] or "", share)
            )
    found.sort(key=lambda s: (-("same_reporter" in s.why) - ("same_words" in s.why), -len(s.why)))
    return found[:SIMILAR]


@dataclass(frozen=True, slots=True)
class OrganizerCase:
    """An organizer as the desk sees it: `row` of the marts with `handles`, its newest reports, its history. `known` and
    `last_commit` are what a decision is judged by.
    """

    organizer_id: UUID
    row: dict[str, Any]
    reports: list[dict[str, Any]]
    history: list[dict[str, Any]]
    known: Organizer | None
    last_commit: int | None


def organizer_case(
    register: Register, actor: Actor, organizer: UUID, now: datetime, *, noted: bool = False
) -> OrganizerCase:
    """Everything about one organizer, noted in the audit unless it was just before. Raises `NotAllowed`."""
    require(actor, "report.read")
    with register.read() as cur:
        about = rows(cur, "queue/about", {"organizer": organizer})
        reports = rows(cur, "queue/of_organizer", {"organizer": organizer})
        history = rows(cur, "queue/organizer_history", {"organizer": organizer})
        known, last = organizer_on_file(cur, organizer)
    if not noted:
        audit.note(register, actor, "report.read", "organizer", organizer, now)
    return OrganizerCase(organizer, about[0] if about else {}, reports, history, known, last)
