"""What a reporter can do with a code: see the own report, add to it, correct it, withdraw it, take it up again.

Nothing on file is changed: each change is appended as a new version (`revision`). Wrong codes are slowed down, and look
the same as those of withdrawn reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from . import vault
from .intake import Problem
from .pace import Pace
from .revision import Change, Revision, erase_originals, handle
from .rules import every_rule
from .store import Register
from .story import MAY_CHANGE, SAID, Story, find, take_back_id

__all__ = [
    "Change",
    "OwnReport",
    "Revised",
    "Slowed",
    "Unknown",
    "by_code",
    "open_report",
    "reopen",
    "revise",
    "take_back",
    "withdraw",
]

TAKE_BACK = timedelta(minutes=10)  # from filing
_pace = Pace()
_changes = Pace(timedelta(hours=24))  # of one report: nobody fills the log by correcting


@dataclass(frozen=True, slots=True)
class Unknown:
    """No report opens with this code: it is wrong, or its report was withdrawn."""


@dataclass(frozen=True, slots=True)
class Slowed:
    """Too many wrong codes from this network; the next may be tried after so many seconds."""

    seconds: int


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A report as its reporter may see it: fields by name, typed; the latest version of each event."""

    dispute_id: str
    version: int
    status: str
    moderation: str
    verification: str
    filed_at: datetime
    dispute: dict[str, Any]
    events: list[dict[str, Any]]
    evidence: list[dict[str, Any]]
    question: str
    take_back_until: datetime | None
    answered: str = ""
    named: bool = True  # the organizer was named at filing
    contested: bool = False  # by the organizer
    said_resolved_on: date | None = None  # by the organizer, and the reporter has said nothing since


@dataclass(frozen=True, slots=True)
class Revised:
    """What became of a change: what is wrong with it; the report as it is now, or None where nothing was changed."""

    problems: list[Problem]
    report: OwnReport | None


def open_report(register: Register, code: str, now: datetime, network: str) -> OwnReport | Unknown | Slowed:
    """The report a receipt belongs to. `network` is the address of who asks: wrong codes from it are counted."""
    story = by_code(register, code, now, network, withdrawn=False)
    return _own(register, story, now) if isinstance(story, Story) else story


def by_code(
    register: Register, code: str, now: datetime, network: str, *, withdrawn: bool = True
) -> Story | Unknown | Slowed:
    """All that is on file of the report a receipt belongs to, also of a withdrawn one unless that is left out."""
    if wait := _pace.wait(register, network, register.settings.wrong_codes_per_10_min, now):
        return Slowed(wait)
    with register.read() as cur:
        story = find(cur, register.key, code)
    if story is None or (story.withdrawn and not withdrawn):
        _pace.note(register, network, now)
        return Unknown()
    return story


def revise(
    register: Register,
    code: str,
    change: Change,
    now: datetime,
    network: str,
    on_warning: Literal["accept", "refuse"] = "accept",
) -> Revised | Unknown | Slowed:
    """Append a change, or say what is wrong with it. An empty change says that things stand as they did.

    Raises `ValueError` for a field or an event that is not the reporter's to change.
    """
    if odd := change.dispute.keys() - MAY_CHANGE - {"version"}:
        raise ValueError(f"not for a revision: {sorted(odd)}")
    opened = open_report(register, code, now, network)
    if not isinstance(opened, OwnReport):
        return opened
    often = every_rule()["dispute.too_many_changes"]
    if _changes.take(register, opened.dispute_id, int(often.most or 0), now):
        return Revised([Problem("after", often.table, None, often.field, often.code, "")], None)
    return _written(Revision(register, code, change, now, refuse_warned=on_warning == "refuse"))


def withdraw(
    register: Register, code: str, reason: str, change_id: str, now: datetime, network: str
) -> Revised | Unknown | Slowed:
    """Withdraw a report (3-model.md 3.4): settled only with relief on file, and then it stays as resolved; mistake,
    privacy and other take it out of all figures; pressured stays counted, masked. `reason`: a code of withdraw_reason.
    """
    opened = open_report(register, code, now, network)
    if not isinstance(opened, OwnReport):
        return opened
    today = _today(register, now)
    said = {"withdrawn_on": today, "withdraw_reason": reason}
    in_part = any(e["outcome"] == "relief_partial" for e in opened.events)
    if reason == "settled" and in_part and opened.dispute["partial_accepted_on"] is None:
        said["partial_accepted_on"] = today
    return _written(Revision(register, code, Change(change_id, said), now, withdraws=True))


def take_back(register: Register, code: str, now: datetime) -> bool:
    """Within ten minutes of its filing: the report leaves all figures, its files and originals are erased.

    False: too late, or no such report. The same again is True.
    """
    with register.read() as cur:
        story = find(cur, register.key, code)
    if story is None or (story.withdrawn and not story.taken_back(register.key)):
        return False
    if not story.taken_back(register.key):
        if now - story.first["recorded_at"] > TAKE_BACK:
            return False
        said = {"withdrawn_on": _today(register, now), "withdraw_reason": "mistake"}
        change = Change(str(take_back_id(register.key, story.dispute_id)), said)
        register.write(handle, Revision(register, code, change, now, withdraws=True))
    register.write(erase_originals, story)
    with register.read() as cur:
        files = vault.own_files(cur, story.dispute_id)
    for name in files:
        vault.erase(register, name)
    return True


def reopen(
    register: Register, code: str, phrase: str, change_id: str, now: datetime, network: str
) -> Revised | Unknown | Slowed:
    """Take up a report again that was withdrawn at most 30 days ago. `phrase` is the private contact given at filing:
    the code alone may be in the hands of who pressed its owner.
    """
    if wait := _pace.wait(register, network, register.settings.wrong_codes_per_10_min, now):
        return Slowed(wait)
    change = Change(change_id, {"withdrawn_on": "", "withdraw_reason": ""})
    done = _written(Revision(register, code, change, now, withdraws=True, phrase=phrase))
    if isinstance(done, Unknown):
        _pace.note(register, network, now)
    return done


def _today(register: Register, now: datetime) -> str:
    return register.day_of(now).isoformat()


def _own(register: Register, story: Story, now: datetime) -> OwnReport:
    latest, standing = story.latest, story.standing
    until = story.first["recorded_at"] + TAKE_BACK
    events = [
        {k: v for k, v in e.items() if k not in ("event_id", "commit_no", "recorded_at", "dispute_id", "said_at")}
        | {"stage_event_id": str(e["stage_event_id"])}
        for e in story.events
    ]
    proof = ("kind", "form", "captured_on", "sha256", "media_type", "size_bytes", "redacted")
    return OwnReport(
        dispute_id=str(story.dispute_id),
        version=latest["version"],
        status=standing["status"],
        moderation=standing["moderation"],
        verification=standing["verification"],
        filed_at=story.first["reported_at"],
        dispute={name: latest[name] for name in SAID},
        events=events,
        evidence=[{name: item[name] for name in proof} for item in story.evidence],
        question=standing["question"] or "" if standing["moderation"] == "needs_info" else "",
        take_back_until=until if now <= until and latest["withdrawn_on"] is None else None,
        answered=standing["answered"] or "",
        named=not story.nameless(register.key),
        contested=standing["contested"],
        said_resolved_on=standing["said_resolved_on"],
    )


def _written(revision: Revision) -> Revised | Unknown:
    problems = revision.register.write(handle, revision)
    if problems is None:
        return Unknown()
    if any(p.severity == "error" or revision.refuse_warned for p in problems):
        return Revised(problems, None)
    with revision.register.read() as cur:
        story = find(cur, revision.register.key, revision.code)
    assert story is not None  # noqa: S101  it was found in the transaction, and nothing is ever removed
    return Revised(problems, _own(revision.register, story, revision.now))
