"""What happened after the reports of a demo were filed: moderators, renamed organizers, replies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from prizewatch import identity, vocabulary
from prizewatch.store import Register, append, next_commit

from . import demo_tables as tables
from .demo_names import handle
from .demo_story import Columns
from .demo_tables import index
from .demo_text import Teller, identifiers, keeps_name
from .demo_world import BRIGADED, FORTY_DRAWS, IMPERSONATED, RENAMED, TEN_OF_TEN, Flags, Ints, World

ACTOR, SECOND = "demo-desk", "demo-second"
REPLIES = ("contests", "accepts", "says_resolved", "unreachable")
WORDS = {
    "contests": "我们核对过名单，认为当时的规则写得很清楚。", "accepts": "情况属实，我们正在补寄奖品。",
    "says_resolved": "奖品已经寄出并签收。", "unreachable": None,
}  # fmt: skip


@dataclass
class Desk:
    """Collects moderation, reply and organizer rows; `write` appends them in one commit."""

    register: Register
    teller: Teller
    disputes: list[str]  # dispute ids by report
    now: datetime
    moderation: list[dict[str, Any]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)
    organizers: list[dict[str, Any]] = field(default_factory=list)

    def organizer_id(self, organizer: int, former: bool = False) -> str:
        """The id the door gives an organizer by its present handle, or by its former one."""
        host = vocabulary.codes("host_platform")[self.teller.world.organizer["host"][organizer]]
        return str(identity.organizer_id(self.register.key, host, handle(organizer, former)))

    @cached_property
    def present(self) -> Flags:
        """Of each organizer, whether anybody reported it by its present handle."""
        world = self.teller.world
        return np.bincount(world.of_organizer[~self.teller.former], minlength=len(world.organizer["type"])) > 0

    def reported(self, organizer: int) -> str:
        """The id it is on file by: a renamed one may have been reported by its former handle only."""
        return self.organizer_id(organizer, not self.present[organizer])

    def decide(self, kind: str, subject: str, action: str, turn: int, reason: str, related: str | None = None) -> None:
        """One decision; a later `turn` stands above an earlier one. A report that was not taken needs none."""
        if not subject or related == "":
            return
        at = self.now - timedelta(minutes=60 - turn)
        self.moderation.append({
            "recorded_at": at, "subject_kind": kind, "subject_id": subject, "action": action, "related_id": related,
            "reason_code": reason, "actor": ACTOR, "second": SECOND if action == "name" else None,
        })  # fmt: skip

    def on_disputes(self, which: Iterable[int], action: str, turn: int, reason: str) -> None:
        """The same decision about each of some disputes, by their numbers in the world."""
        for n in which:
            self.decide("dispute", self.disputes[int(n)], action, turn, reason)

    def write(self) -> None:
        """Append all that was collected, in one commit; ids follow from the seed."""
        ids = iter(
            identifiers(
                self.teller.world.seed + (1 << 40), len(self.moderation) + len(self.replies) + len(self.organizers)
            )
        )
        for rows in (self.moderation, self.replies, self.organizers):
            for row in rows:
                row["event_id"] = next(ids)
        self.register.write(_write, self)


def _write(cur: duckdb.DuckDBPyConnection, items: list[Desk]) -> list[None]:
    for desk in items:
        written = {"moderation": desk.moderation, "reply": desk.replies, "organizer": desk.organizers}
        commit = next_commit(cur, "demo", desk.now, sum(map(len, written.values())))
        for table, rows in written.items():
            if rows:
                append(cur, table, pa.Table.from_pylist(rows), commit)
    return [None] * len(items)


def sit(
    register: Register, teller: Teller, story: Columns, disputes: list[str], source_of: Ints, now: datetime
) -> None:
    """Moderates a freshly filled demo. `source_of` says what each duplicate, at the end of the reports, repeats."""
    world = teller.world
    rng = np.random.default_rng([world.seed, 4])
    desk = Desk(register, teller, disputes, now)
    first_duplicate = world.size - len(source_of)
    for k, source in enumerate(source_of):
        desk.decide("dispute", disputes[first_duplicate + k], "merge", 10, "duplicate", disputes[int(source)])
    hidden = _on_disputes(rng, desk, world, story)
    hidden[first_duplicate:] = True
    _on_organizers(rng, desk, world, story, hidden)
    _renamed(desk, world)
    desk.write()


def _on_disputes(rng: np.random.Generator, desk: Desk, world: World, story: Columns) -> Flags:
    """Decisions on reports. Returns those that do not count after them."""
    size, codes = world.size, index("dispute_reason")
    original = np.arange(size) < size - round(size * tables.DUPLICATES) - 2
    planted = np.isin(world.of_organizer, range(5))
    hidden = np.zeros(size, bool)
    flood, borrowed = world.of_organizer == BRIGADED, world.of_organizer == IMPERSONATED
    desk.on_disputes(np.flatnonzero(flood), "hold", 10, "brigading")
    desk.on_disputes(np.flatnonzero(borrowed), "hold", 10, "impersonation")
    grave = np.isin(story["reason"], [codes["rigged_winner"], codes["impersonation"]]) | story["odd_words"]
    grave |= (world.draw["cents"][world.of_draw] > 5_000_000) | ((story["age"] >= 0) & (story["age"] < 14))
    screened = grave & ~borrowed & ~flood & original
    chance = rng.random(size)
    desk.on_disputes(np.flatnonzero(screened & (chance < 0.7)), "publish_masked", 10, "checked")
    desk.on_disputes(np.flatnonzero(screened & (chance > 0.9)), "hold", 10, "allegation")
    plain = original & ~planted & ~grave
    at, chance = 0.0, rng.random(size)
    for share, steps in (
        (0.004, (("reject", "not_a_draw"),)), (0.004, (("ask", "unclear"),)), (0.003, (("hold", "notice"),)),
        (0.002, (("remove", "notice"),)), (0.002, (("remove", "notice"), ("restore", "counter_notice"))),
        (0.004, (("find_ineligible", "condition_stated"),)),
    ):  # fmt: skip
        chosen = np.flatnonzero(plain & (chance >= at) & (chance < at + share))
        for turn, (action, why) in enumerate(steps):
            desk.on_disputes(chosen, action, 10 + turn, why)
        hidden[chosen] = steps[-1][0] != "restore"
        at += share
    reversed_ = np.flatnonzero(plain & story["disqualified"] & (chance > 0.9))
    desk.on_disputes(reversed_, "find_eligible", 12, "new_evidence")
    levels = vocabulary.codes("verification_level")
    for n in np.flatnonzero(story["level"] >= levels.index("V3")):
        desk.decide("dispute", desk.disputes[n], "set_level", 10, levels[story["level"][n]])
    gone: Flags = hidden | flood | borrowed | grave | story["disqualified"]
    return gone


def _on_organizers(rng: np.random.Generator, desk: Desk, world: World, story: Columns, hidden: Flags) -> None:
    """Who is invited to reply, reviewed and named, by the draws with good proof that reached the desk."""
    size = len(world.organizer["type"])
    proven = (story["level"] >= 2) & ~hidden & ((story["withdrawn_on"] < 0) | (story["credited"] >= 0))
    proven &= (story["credited"] < 0) & (story["withdrawn_on"] < 0)
    pairs = np.unique(world.of_draw[proven])
    draws = np.bincount(world.draw["organizer"][pairs], minlength=size)
    kept = keeps_name(world)
    business = kept & np.isin(
        world.organizer["nature"], [index("legal_nature")[n] for n in ("company", "public_body", "sole_proprietor")]
    )
    invited = business & (draws >= 2) & (rng.random(size) < 0.9) | kept & ~business & (draws >= 3)
    reviewed = kept & (draws >= 3) & (rng.random(size) < 0.88)
    named = invited & (rng.random(size) < 0.82) | business & (draws == 1) & (rng.random(size) < 0.4)
    undone = rng.random(size) < 0.03
    replied = invited & (rng.random(size) < 0.4)
    answer = rng.choice(len(REPLIES), size, p=[0.4, 0.3, 0.15, 0.15])
    for o in (TEN_OF_TEN, FORTY_DRAWS, RENAMED):
        invited[o] = reviewed[o] = named[o] = replied[o] = True
        undone[o] = False
    answer[[TEN_OF_TEN, FORTY_DRAWS, RENAMED]] = (
        REPLIES.index("unreachable"),
        REPLIES.index("accepts"),
        REPLIES.index("unreachable"),
    )
    for o in np.flatnonzero(invited | reviewed | named).tolist():
        subject = desk.reported(o)
        for flag, action, why in (
            (invited, "invite_reply", "listed"),
            (reviewed, "review", "level_checked"),
            (named, "name", "business"),
        ):
            if flag[o]:
                desk.decide("organizer", subject, action, 20, why)
        if undone[o] and (named[o] or reviewed[o]):
            desk.decide("organizer", subject, "unname" if named[o] else "unreview", 21, "objection")
    show = proven & (named & ~undone)[world.of_organizer] & (rng.random(world.size) < 0.4)
    desk.on_disputes(np.flatnonzero(show), "publish_named", 15, "proof_and_business")
    for o in np.flatnonzero(replied).tolist():
        said = REPLIES[answer[o]]
        desk.replies.append({
            "recorded_at": desk.now, "organizer_id": desk.reported(o), "dispute_id": None, "answer": said,
            "words": WORDS[said], "replied_on": tables.CUT - timedelta(days=o % 60), "published": o % 9 != 7,
        })  # fmt: skip
    _says_resolved(rng, desk, world, proven)


def _says_resolved(rng: np.random.Generator, desk: Desk, world: World, proven: Flags) -> None:
    """Answers to single reports: paid, says the organizer, and the reporter is silent."""
    free = np.flatnonzero(proven & ~np.isin(world.of_organizer, range(5)) & ~desk.teller.former)
    for n in rng.choice(free, len(free) // 60, replace=False).tolist():
        if not desk.disputes[n]:
            continue
        desk.replies.append({
            "recorded_at": desk.now, "organizer_id": desk.organizer_id(int(world.of_organizer[n])),
            "dispute_id": desk.disputes[n], "answer": "says_resolved", "words": WORDS["says_resolved"],
            "replied_on": tables.CUT - timedelta(days=n % 40), "published": True,
        })  # fmt: skip


def _renamed(desk: Desk, world: World) -> None:
    """Renamed organizers: a merge where both names have reports, else a second name that was seen."""
    size = len(world.organizer["type"])
    former = np.bincount(world.of_organizer[desk.teller.former], minlength=size) > 0
    unknown = world.organizer["type"] == index("organizer_type")["unknown"]
    kept = keeps_name(world)
    for o in np.flatnonzero(world.organizer["renamed"] & ~unknown):
        if former[o] and desk.present[o]:
            desk.organizers.append(_row(desk, "merged", desk.organizer_id(int(o), True), {
                "into_id": desk.organizer_id(int(o)), "reason": "same_platform_id",
            }))  # fmt: skip
            continue
        other = not former[o]  # the name nobody reported under
        host = vocabulary.codes("host_platform")[world.organizer["host"][o]]
        spelled = handle(int(o), bool(other))
        on = date(1970, 1, 1) + timedelta(days=int(world.organizer["rename_day"][o]) - (1 if other else 0))
        desk.organizers.append(_row(desk, "seen", desk.organizer_id(int(o), bool(former[o])), {
            "organizer_type": vocabulary.codes("organizer_type")[world.organizer["type"][o]],
            "legal_nature": vocabulary.codes("legal_nature")[world.organizer["nature"][o]],
            "host_platform": host,
            "handle_key": identity.keyed(desk.register.key, "handle", host, identity.fold_handle(spelled)),
            "handle": spelled if kept[o] else None,
            "display_name": desk.teller.display(int(o), bool(other)) if kept[o] else None,
            "seen_on": on,
        }))  # fmt: skip


def _row(desk: Desk, kind: str, organizer: str, more: dict[str, Any]) -> dict[str, Any]:
    names = (
        "into_id",
        "organizer_type",
        "legal_nature",
        "host_platform",
        "handle_key",
        "handle",
        "display_name",
        "seen_on",
        "reason",
    )
    return {"recorded_at": desk.now, "organizer_id": organizer, "kind": kind, **dict.fromkeys(names), **more}
