"""Figures follow decisions at once and exactly: incremental = rebuilt = the fold in plain Python, with decisions taken
through the desk, taken back, by one or two; organizers merged, split, called otherwise and corrected in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prizewatch import moderation, queue, rulings
from prizewatch.access import Actor
from prizewatch.moderation import Decision
from prizewatch.store import Kind, Register
from tests.conftest import settings_for
from tests.log_by_hand import (
    LOGS,
    both_proofs,
    event,
    everything,
    filing,
    fresh,
    organizer,
    put,
    rows_of,
    uid,
    wipe,
)  # fmt: skip
from tests.oracle import Fold
from tests.test_fold import NOW
from tests.test_marts import as_oracle_says

PEOPLE = (Actor("ann", "moderator"), Actor("ben", "admin"))
DISPUTES = [uid("dispute", n) for n in range(6)]
ORGANIZERS = [uid("organizer", n) for n in range(3)]
some = st.integers(0, 5)
steps = st.one_of(
    st.tuples(st.just("dispute"), st.sampled_from([*rulings.DISPUTE]), some, some),
    st.tuples(st.just("organizer"), st.sampled_from([*rulings.ORGANIZER]), some, some),
    st.tuples(st.just("second"), some),
    st.tuples(st.just("called"), some, some),
    st.tuples(st.just("corrects"), some, some),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("undo"), st.integers(0, 3)),
)


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    where = settings_for(Path("in-memory.duckdb"))
    with Register.open(None, where, kind=Kind.DEMO, clock_on=NOW.date(), now=NOW) as opened:
        yield opened


def begin(register: Register) -> None:
    """Six reports, half of them held, about three businesses with a name."""
    register.write(wipe, register.clock_on)
    put(
        register,
        filing=[
            filing(d, organizer_id=ORGANIZERS[n % 3], draw_id=uid("draw", n), screen="insult" if n % 2 else "",
                   reporter_key=f"r{n}", gave_up_on=NOW.date() if n == 4 else None)
            for n, d in enumerate(DISPUTES)
        ],
        stage_event=[event(d, 1, "s3", "relief_full" if n == 2 else "rejected") for n, d in enumerate(DISPUTES)],
        evidence=[proof for d in DISPUTES for proof in both_proofs(d)],
        organizer=[
            organizer(o, organizer_type="brand_company", legal_nature="company", display_name=f"甲{n}")
            for n, o in enumerate(ORGANIZERS)
        ],
    )  # fmt: skip


class Team:
    """Two people who decide whatever is drawn; `done` counts what was taken."""

    def __init__(self, register: Register) -> None:
        self.register, self.done, self.at = register, 0, NOW

    def does(self, step: tuple[Any, ...]) -> None:
        self.at += timedelta(days=8)  # an invitation is old by the next step
        if step[0] == "second":
            with self.register.read() as cur:
                waiting = moderation.proposals(cur)
            if waiting:
                proposal = waiting[step[1] % len(waiting)]
                other = next(p for p in PEOPLE if p.name != proposal["actor"])
                outcome = moderation.confirm(self.register, other, proposal["proposal_id"], self.at)
                self.done += outcome.state == "done"
            return
        if step[0] in ("called", "corrects"):
            {"called": self.called, "corrects": self.corrects}[step[0]](step[1], step[2])
            return
        if step[0] == "undo":
            sql = "SELECT event_id FROM log.moderation WHERE undoes IS NULL ORDER BY commit_no DESC, event_id"
            events = rows_of(self.register, sql)
            if events:
                event_id = events[step[1] % len(events)]["event_id"]
                self.done += moderation.undo(self.register, PEOPLE[0], event_id, self.at).state == "done"
            return
        kind, action, which, other = step
        subjects: list[Any] = DISPUTES if kind == "dispute" else ORGANIZERS
        reason = rulings.RULES[kind][action].reasons[-1]
        subject, related = subjects[which % len(subjects)], subjects[other % len(subjects)]
        if action in rulings.NAMES:
            names = rows_of(self.register, "SELECT event_id FROM log.organizer WHERE organizer_id = ? AND kind = 'seen'"
                            " ORDER BY commit_no DESC", [subject])  # fmt: skip
            related = names[other % min(2, len(names))]["event_id"]
        decision = Decision(fresh(), kind, subject, action, reason, "why", related)
        self.done += moderation.decide(self.register, PEOPLE[other % 2], decision, self.at).state == "done"

    def called(self, which: int, other: int) -> None:
        """A later report calls an organizer otherwise."""
        put(self.register, organizer=[organizer(ORGANIZERS[which % 3], organizer_type="brand_company",
            legal_nature="company", display_name=f"乙{other}", handle=f"yi{other}", seen_on=NOW.date())])  # fmt: skip

    def corrects(self, which: int, other: int) -> None:
        """A reporter says it was another organizer."""
        version = len(rows_of(self.register, "SELECT 1 FROM log.filing WHERE dispute_id = ?", [DISPUTES[which]])) + 1
        put(self.register, filing=[filing(DISPUTES[which], version=version, organizer_id=ORGANIZERS[other % 3],
            draw_id=uid("draw", which), reporter_key=f"r{which}")])  # fmt: skip


def agrees(register: Register) -> None:
    incremental = everything(register)
    register.rebuild(NOW)
    rebuilt = everything(register)
    for name, rows in rebuilt.items():
        assert incremental[name] == rows, name
    log = {name: rows_of(register, f"SELECT * FROM log.{name}") for name in LOGS}
    as_oracle_says(register, Fold(log, NOW.date(), register.settings.time_zone))


@settings(max_examples=12)
@given(st.lists(steps, min_size=1, max_size=12))
def test_whatever_the_desk_decides_figures_are_what_a_rebuild_and_the_oracle_say(
    register: Register, story: list[tuple[Any, ...]]
) -> None:
    begin(register)
    team = Team(register)
    for step in story:
        team.does(step)
    agrees(register)


def test_a_moved_report_stays_where_it_was_put_when_its_reporter_names_another_until_somebody_decides(
    register: Register,
) -> None:
    begin(register)
    team, dispute = Team(register), DISPUTES[0]

    def about() -> Any:
        found = rows_of(register, "SELECT organizer_id FROM mart.dispute WHERE dispute_id = ?", [dispute])
        return found[0]["organizer_id"]

    def waits() -> list[tuple[str, ...]]:
        return [w.why for w in queue.waiting(register, team.at) if w.subject_id == dispute and w.kind == "moved"]

    team.does(("dispute", "move", 0, 1))
    assert about() == DISPUTES[1], "here moved to an id of its own: whoever used the name"
    assert waits() == []
    team.corrects(0, 0)
    assert waits() == [], "the same organizer said again is no correction"
    team.corrects(0, 2)
    assert about() == DISPUTES[1]
    assert waits() == [("organizer_corrected",)]
    agrees(register)
    team.does(("dispute", "publish_masked", 0, 0))
    assert waits() == [], "looked at and left where it is"
    team.corrects(0, 1)
    assert waits() == [("organizer_corrected",)]
    move = rows_of(register, "SELECT event_id FROM core.decision WHERE action = 'move'")[0]["event_id"]
    assert moderation.undo(register, PEOPLE[0], move, team.at).state == "done"
    assert about() == ORGANIZERS[1], "taken back, it goes to whom the reporter names now"
    assert waits() == []
    agrees(register)


def test_a_long_day_at_the_desk_and_all_of_it_taken_back(register: Register) -> None:
    begin(register)
    before = everything(register)
    team = Team(register)
    day = [("dispute", "publish_masked", 1, 0), ("dispute", "publish_masked", 3, 0), ("organizer", "review", 0, 0),
           ("organizer", "invite_reply", 0, 1), ("organizer", "name", 0, 1), ("second", 0), ("dispute", "merge", 2, 5),
           ("organizer", "merge_organizers", 1, 2), ("second", 0), ("dispute", "set_level", 1, 0),
           ("dispute", "find_ineligible", 3, 0), ("dispute", "hold", 0, 0)]  # fmt: skip
    for step in day:
        team.does(step)
    assert team.done == len(day) - 2  # two proposals
    agrees(register)
    for _ in day:
        team.does(("undo", 0))
        team.does(("second", 0))
        newest = "SELECT event_id FROM core.decision WHERE action <> 'invite_reply' ORDER BY commit_no DESC"
        for row in rows_of(register, newest):
            moderation.undo(register, PEOPLE[1], row["event_id"], team.at)
            team.does(("second", 0))
    left = rows_of(register, "SELECT action FROM core.decision")
    assert [row["action"] for row in left] == ["invite_reply"]
    agrees(register)
    after = everything(register)
    for name in ("dispute", "dispute_stage", "resolution", "month", "organizer_name", "organizer_merge"):
        assert after[name] == before[name], name
