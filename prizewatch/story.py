"""One report as its reporter may see and change it: read from the log, merged with a change, back to a batch's text.

Nothing here judges: `revision` has the merged story judged by the rules of the intake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import duckdb

from . import identity
from .fields import DISPUTE, EVIDENCE, RELIEF, STAGE_EVENT
from .statements import rows

NOBODY = UUID(int=0)  # looked up for a code that opens nothing, so that it costs the same
#: Stands for what was given at filing and is not kept in clear.
ON_FILE = "on file"
SAID = tuple(f.name for f in DISPUTE if f.logged)
#: What a reporter says of the organizer and the draw beyond what the log keeps.
NAMING = ("organizer_handle", "organizer_display", "entity_reg_no", "draw_ref", "keep_words")
#: Fields that only a withdrawal, the door or the clock fills.
NOT_FOR_REVISION = frozenset({"reported_at", "withdrawn_on", "withdraw_reason"})
MAY_CHANGE = frozenset({*SAID, *NAMING}) - NOT_FOR_REVISION
HAPPENED = tuple(f.name for f in STAGE_EVENT)
PROOF = tuple(f.name for f in EVIDENCE)

Row = dict[str, Any]
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Story:
    """All that is on file of one report: every version, its events and evidence as they stand, where it stands."""

    versions: list[Row]
    events: list[Row]
    evidence: list[Row]
    standing: Row

    @property
    def first(self) -> Row:
        """The version that was filed."""
        return self.versions[0]

    @property
    def latest(self) -> Row:
        """The version that holds."""
        return self.versions[-1]

    @property
    def dispute_id(self) -> UUID:
        """Id of the dispute."""
        return UUID(str(self.latest["dispute_id"]))

    @property
    def withdrawn(self) -> bool:
        """Taken out of its reporter's hands; settled ones are not: they stay on file as resolved."""
        return self.latest["withdrawn_on"] is not None and self.latest["withdraw_reason"] != "settled"

    def nameless(self, key: bytes) -> bool:
        """Whether nobody could name the organizer when it was filed."""
        own = identity.nameless_organizer_id(key, str(self.first["event_id"]))
        return bool(UUID(str(self.latest["organizer_id"])) == own)

    def taken_back(self, key: bytes) -> bool:
        """Whether it was taken back within minutes of its filing: then it is gone for good."""
        return UUID(str(self.latest["event_id"])) == take_back_id(key, self.dispute_id)


def take_back_id(key: bytes, dispute: UUID) -> UUID:
    """The id of the version that takes a report back."""
    return identity.keyed_uuid(key, "take-back", str(dispute))


def find(cur: duckdb.DuckDBPyConnection, key: bytes, code: str) -> Story | None:
    """The report a receipt belongs to. A code that opens nothing costs as much."""
    versions = rows(cur, "followup/versions", {"receipt": identity.receipt_hash(key, code)})
    dispute = versions[-1]["dispute_id"] if versions else NOBODY
    organizer = versions[-1]["organizer_id"] if versions else NOBODY
    events = rows(cur, "followup/events", {"dispute": dispute})
    evidence = rows(cur, "followup/evidence", {"dispute": dispute})
    (standing,) = rows(cur, "followup/standing", {"dispute": dispute, "organizer": organizer})
    return Story(versions, events, evidence, standing) if versions else None


def text(value: object) -> str:
    """A value of the log as a batch gives it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


@dataclass(slots=True)
class Merged:
    """A story as text. `changed`: number of a changed event -> (stage_event_id or None for a new one, its version)."""

    dispute: dict[str, str]
    events: list[dict[str, str]]
    evidence: list[dict[str, str]]
    changed: dict[int, tuple[str | None, int]] = field(default_factory=dict)
    new_evidence: int = 0

    def rows(self, row: str, event_id: str) -> tuple[list[dict[str, str]], ...]:
        """The three tables of a batch of one."""
        disputes = [{**self.dispute, "row": row, "event_id": event_id}]
        return disputes, [{**e, "row": row} for e in self.events], [{**e, "row": row} for e in self.evidence]


def on_file(dispute: Row, events: Sequence[Row], evidence: Sequence[Row], *, named: bool) -> Merged:
    """A story as it stands, as text."""
    said = {name: text(dispute[name]) for name in SAID if name != "reported_at"}
    said["reporter"] = ON_FILE
    if named:
        said["organizer_handle"] = ON_FILE
    happened = [{"seq": text(e["seq"]), **{n: text(e[n]) for n in HAPPENED}} for e in events]
    return Merged(said, happened, [{n: text(e[n]) for n in PROOF} for e in evidence])


def merge(story: Story, key: bytes, dispute: Texts, events: Sequence[Texts], evidence: Sequence[Texts]) -> Merged:
    """The story with a change in it. Raises `ValueError` for an event that is none of its own."""
    merged = on_file(story.latest, story.events, story.evidence, named=not story.nameless(key))
    merged.dispute |= {name: value for name, value in dispute.items() if name != "version"}
    place = {str(e["stage_event_id"]): at for at, e in enumerate(story.events)}
    last = max((int(e["seq"]) for e in story.events), default=0)
    for event in events:
        said = {name: value for name, value in event.items() if name in HAPPENED}
        own = event.get("stage_event_id", "")
        if not own:
            last += 1
            merged.events.append({"seq": str(last), **said})
            merged.changed[last] = (None, 1)
            continue
        if own not in place:
            raise ValueError(f"no event of this report: {own}")
        at = place[own]
        if any(merged.events[at].get(name, "") != value for name, value in said.items()):
            merged.events[at] |= said
            merged.changed[int(story.events[at]["seq"])] = (own, int(story.events[at]["version"]) + 1)
    known = {(e["kind"], e["sha256"]) for e in merged.evidence if e["sha256"]}
    for item in evidence:
        if (item.get("kind", ""), item.get("sha256", "")) not in known:  # the same file twice for the same is one proof
            merged.evidence.append(dict(item))
            merged.new_evidence += 1
    _consequences(merged, dispute, story)
    return merged


def _consequences(merged: Merged, said: Texts, story: Story) -> None:
    """What follows from an event for the dispute, unless the change says it itself."""
    relieved = [e["stage"] for e in merged.events if e.get("outcome") in RELIEF]
    if "credited_stage" not in said and merged.dispute["credited_stage"] not in (*relieved, "ambiguous"):
        merged.dispute["credited_stage"] = relieved[-1] if relieved else ""
    if not relieved and merged.dispute["credited_stage"] == "ambiguous" and "credited_stage" not in said:
        merged.dispute["credited_stage"] = ""
    if "partial_accepted_on" not in said and not any(e.get("outcome") == "relief_partial" for e in merged.events):
        merged.dispute["partial_accepted_on"] = ""
    gave_up = story.latest["gave_up_on"]
    if gave_up is not None and "gave_up_on" not in said:
        # A step begun since means going on; one forgotten from before does not.
        new = [e for e in merged.events if merged.changed.get(int(e["seq"]), ("", 0))[0] is None]
        if any(e.get("outcome") != "skipped" and e.get("entered_on", "") >= gave_up.isoformat() for e in new):
            merged.dispute["gave_up_on"] = ""


def ids_after(
    story: Story, key: bytes, merged: Merged, said: Texts, days: tuple[date | None, date | None]
) -> Row | None:
    """organizer_id and draw_id of the merged story; None where the organizer must be named again to be told.

    `days` are the draw's day before and after. The id of a draw that came with a number of its own stays unless that is
    corrected.
    """
    first, old = str(story.first["event_id"]), story.latest
    organizer = str(old["organizer_id"])
    before = _host(text(old["host_platform"]), text(old["dispute_reason"]))
    host = _host(merged.dispute.get("host_platform", ""), merged.dispute.get("dispute_reason", ""))
    if handle := identity.normalise(said.get("organizer_handle", "")):
        organizer = str(identity.organizer_id(key, host, handle))
    elif "organizer_handle" in said:
        organizer = str(identity.nameless_organizer_id(key, first))
    elif host != before and not story.nameless(key):
        return None
    draw = str(old["draw_id"])
    by_day = str(identity.draw_id(key, str(old["organizer_id"]), "", days[0], first))
    ref = said.get("draw_ref", "").strip()
    moved = organizer != str(old["organizer_id"])
    if ref or moved or (draw == by_day and days[0] != days[1]):
        draw = str(identity.draw_id(key, organizer, ref, days[1], first))
    return {"organizer_id": organizer, "draw_id": draw}


def _host(host: str, reason: str) -> str:
    """As the intake has it: who borrows a name is another organizer than the one whose name it is."""
    return f"{host} impersonated" if reason == "impersonation" else host
