"""A change to a report on file, in the writer's transaction: judged with the whole story, appended as a new version.

The story before and the story after are judged side by side by the rules of the intake. What the story on file breaks
already (a rule may be younger than the report) does not stand in the way of what is added.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from . import identity, intake_bursts, marts, redaction
from .filing import write_rows
from .intake import Batch, Problem
from .intake_ids import NEIGHBOURS
from .intake_rows import Judged, judge
from .intake_screens import Screens, same_words
from .rules import every_rule
from .statements import statement
from .store import Register, append
from .story import SAID, Merged, Story, find, ids_after, merge, on_file

MOST_WORDS = 1000  # of an answer
REOPEN = timedelta(days=30)  # from withdrawing
SLIP = timedelta(hours=24)  # within which an end may be corrected without proof: the wrong line was touched
#: Outcomes that end a dispute for good: taken back later, a person looks at the proof.
ENDS = {"relief_full": "relief_undone", "self_disqualified": "eligible_after_all"}
#: Rules about where a step came from. Once it was allowed, what is told of other steps later does not undo that.
CAME_FROM = frozenset({"ladder.transition", "ladder.skip_reason", "ladder.early"})
#: Rules of the way in only: who agreed to be counted when filing may take that back later.
AT_THE_DOOR = frozenset({"consent_publish.must_be_true"})
#: Fields by which an organizer is known; a revision without them says nothing new of it.
NAMING = ("organizer_type", "legal_nature", "host_platform", "organizer_handle", "organizer_display", "entity_reg_no")

Said = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """What a reporter says anew, as text of a batch. `change_id` (a UUID made once a screen) makes a retry safe.

    Dispute fields replace. An event with `stage_event_id` is a new version of that event, without it a new event.
    `version`, in the dispute or an event, is the version that was seen: what somebody else changed since is refused.
    """

    change_id: str
    dispute: Said = field(default_factory=dict)
    events: Sequence[Said] = ()
    evidence: Sequence[Said] = ()
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Revision:
    """A change on its way to the writer. Only a withdrawal may fill its fields; `phrase` is given to reopen."""

    register: Register
    code: str
    change: Change
    now: datetime
    refuse_warned: bool = False
    withdraws: bool = False
    phrase: str | None = None


def handle(cur: duckdb.DuckDBPyConnection, items: list[Revision]) -> list[list[Problem] | None]:
    """The writer's handler: one change after the other; None where the code opens nothing."""
    answers, changed = [], set()
    for revision in items:
        story = find(cur, revision.register.key, revision.code)
        if story is not None and story.dispute_id in changed:  # judged by where it stands now
            marts.refresh(cur, as_of=marts.version(cur)[1], since=marts.version(cur)[0])
            story = find(cur, revision.register.key, revision.code)
        answers.append(_one(cur, revision, story))
        if story is not None:
            changed.add(story.dispute_id)
    return answers


def _one(cur: duckdb.DuckDBPyConnection, revision: Revision, story: Story | None) -> list[Problem] | None:
    key, change = revision.register.key, revision.change
    change_id = UUID(change.change_id)
    if revision.phrase is not None:
        said = identity.keyed(key, "reporter", identity.normalise(revision.phrase))
        is_own = hmac.compare_digest(said, story.latest["reporter_key"] if story else said[::-1])
        if story is None or not is_own or not _may_reopen(revision, story):
            return None
    elif story is None:
        return None
    if any(change_id == version["event_id"] for version in story.versions):
        return []
    if story.withdrawn and revision.phrase is None:
        return None
    merged = merge(story, key, change.dispute, change.events, change.evidence)
    judged, found = _judged(cur, revision, story, merged)
    problems, screens = _beside_the_rules(revision, story, merged)
    days = tuple(judged.staged.disputes.column("draw_on").to_pylist())
    ids = ids_after(story, key, merged, change.dispute, (days[0], days[1]))
    if ids is None:
        problems.append(_problem("organizer_handle.again", merged.dispute.get("host_platform", "")))
    problems += found
    if ids is None or any(p.severity == "error" or revision.refuse_warned for p in problems):
        return problems
    screens = [*screens, *_new_screens(cur, story, judged, ids, revision.now), *_same_files(cur, story, change)]
    alarms: list[intake_bursts.Alarm] = []
    if ids["organizer_id"] != str(story.latest["organizer_id"]):  # to its new organizer it comes as a new report does
        coming = _coming(story, ids, passed=not any(screens))
        marked, alarms = intake_bursts.weigh(cur, [coming], revision.now, revision.register.day_of(revision.now))
        screens += ["burst"] * len(marked)
    _append(cur, revision, story, merged, judged, ids, ";".join(dict.fromkeys(filter(None, screens))))
    intake_bursts.raise_alarms(cur, alarms, revision.now)
    return problems


def _coming(story: Story, ids: dict[str, Any], *, passed: bool) -> intake_bursts.Coming:
    first = story.first
    return intake_bursts.Coming(
        0, ids["organizer_id"], str(story.dispute_id), first["reporter_key"], first["network_key"],
        first["device_key"], passed,
    )  # fmt: skip


def _same_files(cur: duckdb.DuckDBPyConnection, story: Story, change: Change) -> list[str]:
    """As at filing: the same file from two people proves something for one of them at most."""
    files = [e["sha256"].lower() for e in change.evidence if e.get("sha256")]
    if not files:
        return []
    owners = cur.execute(statement("intake/files"), {"files": files}).fetchall()
    return ["same_file"] if any(key != story.latest["reporter_key"] for _, key in owners) else []


def _may_reopen(revision: Revision, story: Story) -> bool:
    if any(UUID(revision.change.change_id) == version["event_id"] for version in story.versions):
        return True
    day: date | None = story.latest["withdrawn_on"]
    if not story.withdrawn or day is None or story.taken_back(revision.register.key):
        return False
    return bool(revision.register.day_of(revision.now) - day <= REOPEN)


def _problem(code: str, value: str = "", seq: int | None = None) -> Problem:
    rule = every_rule()[code]
    return Problem("after", rule.table, seq, rule.field, code, value, rule.severity)


def _judged(
    cur: duckdb.DuckDBPyConnection, revision: Revision, story: Story, merged: Merged
) -> tuple[Judged, list[Problem]]:
    """The story before (row 0) and after (row 1) by the rules of the intake, and what the change newly breaks."""
    key = revision.register.key
    named = not story.nameless(key)
    before = on_file(story.latest, story.events, story.evidence, named=named)
    before.dispute["reporter"] += ", before"  # else the two would be one dispute filed twice
    stand_in = str(identity.keyed_uuid(key, "story-before", revision.change.change_id))
    pair = [Batch.of(*before.rows("before", stand_in)), Batch.of(*merged.rows("after", revision.change.change_id))]
    tables = [(batch.disputes, batch.events, batch.evidence) for batch in pair]
    judged = judge(cur, revision.register, tables, trusted=False, now=revision.now, refuse_warned=[False, False],
                   arriving=False)  # fmt: skip

    def place(said: dict[str, Any]) -> tuple[Any, ...]:
        return tuple(said[name] for name in ("table", "seq", "field", "code", "value"))

    old = {place(said) for said in judged.problems[0]}
    new = [Problem(**said) for said in judged.problems[1] if place(said) not in old and said["code"] not in AT_THE_DOOR]
    ladder_moved = any(e["stage"] != b["stage"] or (e["outcome"] == "skipped") != (b["outcome"] == "skipped")
                       for e, b in zip(merged.events, before.events, strict=False))  # fmt: skip
    if not ladder_moved:
        new = [p for p in new if p.code not in CAME_FROM or p.seq in merged.changed]
    return judged, new


def _beside_the_rules(revision: Revision, story: Story, merged: Merged) -> tuple[list[Problem], list[str]]:
    """What depends on where the report stands, not on the story alone; and what a person must look at."""
    change, found, screens = revision.change, [], []
    status = story.standing["status"]
    seen = change.dispute.get("version", "")
    if seen and int(seen) != story.latest["version"]:
        then = next((v for v in story.versions if v["version"] == int(seen)), story.first)
        if any(name in SAID and then[name] != story.latest[name] for name in change.dispute):
            found.append(_problem("dispute.changed_meanwhile"))
    if status not in ("open", "lost_to_followup") and not revision.withdraws:
        for name in ("gave_up_on", "partial_accepted_on"):
            if change.dispute.get(name) and story.latest[name] is None:
                found.append(_problem(f"{name}.not_open", change.dispute[name]))
    as_it_was = {e["seq"]: e for e in story.events}
    shown = {e["stage_event_id"]: e.get("version", "") for e in change.events if e.get("stage_event_id")}
    for seq, (own, version) in merged.changed.items():
        if own is None:
            new = next(e for e in merged.events if e["seq"] == str(seq))
            if status == "closed_ineligible" and new.get("outcome") != "skipped":
                found.append(_problem("event.stage.ineligible", new.get("stage", ""), seq))
            continue
        was = as_it_was[seq]
        outcome = next(e["outcome"] for e in merged.events if e["seq"] == str(seq))
        if shown[own] and int(shown[own]) != version - 1:
            found.append(_problem("event.outcome.changed_meanwhile", outcome, seq))
        if was["outcome"] in ENDS and outcome != was["outcome"] and revision.now - was["said_at"] > SLIP:
            screens.append(ENDS[was["outcome"]])
            if not any(e.get("sha256") for e in change.evidence):
                found.append(_problem("event.outcome.needs_proof", outcome, seq))
    if change.answer.strip():
        if story.standing["moderation"] != "needs_info":
            found.append(_problem("answer.nothing_asked", change.answer))
        if len(change.answer.strip()) > MOST_WORDS:
            found.append(_problem("answer.too_long", change.answer))
    return found, screens


def _new_screens(
    cur: duckdb.DuckDBPyConnection, story: Story, judged: Judged, ids: dict[str, Any], now: datetime
) -> list[str]:
    """What holds the new version: what is newly found in it and, until a moderator decided, what held the last one."""
    before, after = (codes.split(";") for codes in judged.screens)
    found = [] if story.standing["decided"] else story.latest["screen"].split(";")
    found += [code for code in after if code not in before and code != "same_words"]  # like itself it always is
    prize = judged.staged.disputes.column("prize_no")[1].as_py() or 1
    if ids["draw_id"] != str(story.latest["draw_id"]) or prize != story.latest["prize_no"]:
        sql = """SELECT 1 FROM log.filing
            WHERE reporter_key = ? AND draw_id = ? AND prize_no = ? AND dispute_id <> ? LIMIT 1"""
        values = [story.latest["reporter_key"], ids["draw_id"], prize, story.dispute_id]
        if cur.execute(sql, values).fetchall():
            found.append("reported_before")
    if ids["organizer_id"] != str(story.latest["organizer_id"]):
        found += _neighbours(cur, story, ids["organizer_id"], now)
    told = judged.staged.disputes.column("narrative")[1].as_py()
    if told != story.latest["narrative"] or ids["organizer_id"] != str(story.latest["organizer_id"]):
        own = {"organizer_id": [ids["organizer_id"]], "reporter_key": [story.latest["reporter_key"]]}
        like = Screens(1)
        same_words(cur, own, [told], now, like)
        found += like.codes()
    return found


def _neighbours(cur: duckdb.DuckDBPyConnection, story: Story, organizer: str, now: datetime) -> list[str]:
    """As at filing: who else reported the organizer it is now about from where this report came from."""
    sql = """SELECT coalesce(bool_or(network_key = ?), FALSE), coalesce(bool_or(device_key = ?), FALSE) FROM log.filing
        WHERE organizer_id = ? AND reporter_key <> ? AND recorded_at > ?"""
    first = story.first
    values = [first["network_key"], first["device_key"], organizer, first["reporter_key"], now - NEIGHBOURS]
    ((network, device),) = cur.execute(sql, values).fetchall()
    return [code for code, same in (("same_network", network), ("same_device", device)) if same]


def _append(
    cur: duckdb.DuckDBPyConnection,
    revision: Revision,
    story: Story,
    merged: Merged,
    judged: Judged,
    ids: dict[str, Any],
    screen: str,
) -> None:
    """The new version, the events that changed, the new evidence and the answer, in one commit."""
    register, latest = revision.register, story.latest
    places = {name: story.first[name] for name in ("network_key", "device_key")}  # where it came from goes with it
    own = {"dispute_id": str(story.dispute_id), "reporter_key": latest["reporter_key"], **places, **ids}
    for name, value in own.items():
        judged.ids[name][1] = value
    judged.accepted = np.array([False, True])
    judged.receipts = {1: revision.code}
    judged.screens[1] = screen
    judged.names_known = not any(name in revision.change.dispute for name in NAMING)
    if not revision.change.dispute.get("organizer_handle"):  # what stands for the one on file is no handle
        judged.texts["organizer_handle"] = pa.nulls(2, pa.string())
    staged = judged.staged
    staged.disputes = staged.disputes.append_column("version", pa.array([0, latest["version"] + 1], pa.int64()))
    numbers = pa.array([*merged.changed], pa.int64())
    own_events = staged.events.filter(pc.equal(staged.events.column("n"), 1))
    rows = own_events.filter(pc.is_in(own_events.column("seq"), numbers))
    changed = rows.column("seq").to_pylist()
    new_ids = rows.column("event_id").cast(pa.string()).to_pylist()
    kept = [merged.changed[seq][0] or new for seq, new in zip(changed, new_ids, strict=True)]
    rows = rows.append_column("stage_event_id", pa.array(kept, pa.string()))
    staged.events = rows.append_column("version", pa.array([merged.changed[seq][1] for seq in changed], pa.int64()))
    own_evidence = staged.evidence.filter(pc.equal(staged.evidence.column("n"), 1))
    staged.evidence = own_evidence.slice(own_evidence.num_rows - merged.new_evidence)
    commit = write_rows(cur, register, judged, latest["source"], revision.now)
    if answer := revision.change.answer.strip():
        row = {
            "event_id": str(uuid5(NAMESPACE_URL, f"answer:{revision.change.change_id}")),
            "recorded_at": revision.now,
            "dispute_id": str(story.dispute_id),
            "answered": redaction.marked(answer).masked,
        }
        append(cur, "answer", pa.Table.from_pylist([row]), commit)


def erase_originals(cur: duckdb.DuckDBPyConnection, stories: list[Story]) -> list[None]:
    """The words as they were before masking."""
    for story in stories:
        for table in ("filing", "stage_event"):
            its = f"SELECT event_id FROM log.{table} WHERE dispute_id = ?"
            cur.execute(f"DELETE FROM desk.original WHERE event_id IN ({its})", [story.dispute_id])
    return [None] * len(stories)
