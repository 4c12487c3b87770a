"""The property that carries the register: whatever happens, in whatever commits,
incremental marts equal rebuilt ones, and both equal the fold in plain Python."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from prizewatch.marts import ADDITIVE, matchings
from prizewatch.store import Kind, Register
from prizewatch.vocabulary import codes
from tests.conftest import NOW, settings_for
from tests.log_by_hand import (
    LOGS,
    clock_at,
    cluster,
    decision,
    draw_count,
    event,
    everything,
    evidence,
    filing,
    organizer,
    put,
    put_rows,
    reply,
    rows_of,
    uid,
    wipe,
)  # fmt: skip
from tests.matching import matching
from tests.oracle import Fold

START = date(2026, 1, 1)
few = st.integers(0, 5)
day = st.integers(0, 160).map(lambda n: START + timedelta(n))
maybe_day = st.none() | day
organizers = few.map(lambda n: uid("organizer", n))


@st.composite
def reports(draw: Any) -> dict[str, Any]:
    """What a version of a filing says."""
    return {
        "source": draw(st.sampled_from(["import", "form", "api"])),
        "organizer_type": draw(
            st.sampled_from(["individual", "official_account", "micro_seller", "brand_company", "unknown"])
        ),
        "legal_nature": draw(st.sampled_from(["company", "natural_person", "unknown"])),
        "reported_at": datetime.combine(draw(day), datetime.min.time()) + timedelta(hours=draw(st.integers(0, 23))),
        "draw_time": draw(st.none() | day.map(lambda d: datetime.combine(d, datetime.min.time()))),
        "claim_made_on": draw(maybe_day | st.just(date(2024, 2, 29))),
        "refused_on": draw(maybe_day),
        "win_notice_on": draw(maybe_day),
        "dispute_reason": draw(st.sampled_from(["not_shipped", "impersonation", "no_response"])),
        "prize_value": draw(st.none() | st.sampled_from([Decimal("9.99"), Decimal("20.00"), Decimal("1314.00")])),
        "currency": draw(st.sampled_from(["CNY", "CNY", "USD", None])),
        "screen": draw(st.sampled_from(["", "", "", "insult"])),
        "consent_publish": draw(st.sampled_from([True, True, True, False, None])),
        "credited_stage": draw(st.sampled_from([None, None, "s2_organizer", "s4_host_platform", "ambiguous"])),
        "partial_accepted_on": draw(maybe_day),
        "gave_up_on": draw(maybe_day),
        **draw(
            st.just({})
            | st.fixed_dictionaries(
                {"withdrawn_on": day, "withdraw_reason": st.sampled_from([None, *codes("withdraw_reason")])}
            )
        ),
    }


@st.composite
def rungs(draw: Any) -> dict[str, Any]:
    """What a version of a stage event says."""
    return {
        "entered_on": draw(day),
        "closed_on": draw(maybe_day),
        "promised_on": draw(maybe_day),
        "platform_action": draw(st.none() | st.sampled_from(["unknown", "none_known", "banned"])),
        "response_kind": draw(st.none() | st.sampled_from(["auto", "human"])),
        "first_response_hours": draw(st.none() | st.sampled_from([0, 5])),
        "relief_value": draw(st.none() | st.just(Decimal("5.05"))),
        "relief_on": draw(maybe_day),
    }


outcomes = st.sampled_from(codes("stage_outcome"))
stages = st.sampled_from(codes("stage"))
proofs = st.tuples(
    st.sampled_from(codes("evidence_kind")), st.sampled_from(["screenshot", "screen_recording"]),
    st.just(1), st.sampled_from([None, "ab" * 32]),
)  # fmt: skip
dispute_actions = st.sampled_from(
    ["publish_masked", "publish_named", "ask", "hold", "check", "reject", "remove", "restore", "merge",
     "find_ineligible", "find_eligible",
     "reopen", "set_level"]
)  # fmt: skip
filings = st.tuples(
    st.just("file"), few, few, few, reports(), st.lists(st.tuples(stages, outcomes, rungs()), max_size=4),
    st.lists(proofs, max_size=3),
)  # fmt: skip
steps = st.one_of(
    filings,
    st.tuples(st.just("moderate"), few, st.just("merge"), few, st.just("V0")),
    st.tuples(st.just("correct"), few, reports()),
    st.tuples(st.just("rename"), few, few, few, reports()),
    st.tuples(st.just("step"), few, stages, outcomes, rungs()),
    st.tuples(st.just("close"), few, few, outcomes, rungs()),
    st.tuples(st.just("prove"), few, proofs),
    st.tuples(st.just("moderate"), few, dispute_actions, few, st.sampled_from(["V0", "V2", "V4"])),
    st.tuples(st.just("see"), organizers, st.sampled_from(["official_account", "brand_company", None]),
        st.sampled_from(["company", None]),
              st.sampled_from(["甲公司", "乙", None]), st.sampled_from(["jia", None]), maybe_day),
    st.tuples(st.just("merge"), organizers, organizers),
    st.tuples(st.just("split"), organizers),
    st.tuples(st.just("judge"), organizers, st.sampled_from(["name", "unname", "review", "unreview", "invite_reply"])),
    st.tuples(st.just("reply"), organizers, st.none() | few, st.sampled_from(["contests", "says_resolved",
        "accepts"]), day, st.booleans()),
    st.tuples(st.just("move"), few, organizers),
    st.tuples(st.just("answer"), organizers, st.sampled_from(["contests", "says_resolved"]), day, st.booleans()),
    st.tuples(st.just("cluster"), few, few),
    st.tuples(st.just("count"), organizers, st.integers(1, 6), day),
    st.tuples(st.just("clock"), st.integers(-20, 120)),
    st.tuples(st.just("clock"), st.just(800)),
)  # fmt: skip


class Story:
    """Turns drawn steps into rows of the log, as the doors of the register would."""

    def __init__(self) -> None:
        self.disputes: list[Any] = []
        self.versions: dict[Any, int] = {}
        self.events: list[tuple[Any, int, str, int]] = []
        self.log: dict[str, list[dict[str, Any]]] = {name: [] for name in LOGS}

    def rows(self, step: tuple[Any, ...]) -> dict[str, list[dict[str, Any]]]:
        what, *a = step
        if what == "file":
            n, draw, reporter, report, ladder, shown = a
            id_ = uid("dispute", len(self.disputes))
            self.disputes.append((id_, uid("organizer", n), uid("draw", n, draw), f"r{reporter}"))
            events = [self.event(id_, stage, outcome, rung) for stage, outcome, rung in ladder]
            return {
                "filing": [self.version(self.disputes[-1], report)],
                "stage_event": events,
                "evidence": [evidence(id_, *p) for p in shown],
            }
        if what in ("see", "merge", "split"):
            more = {}
            if what == "see":
                names = ("organizer_type", "legal_nature", "display_name", "handle", "seen_on")
                more = dict(zip(names, a[1:], strict=True))
            kind = {"see": "seen", "merge": "merged", "split": "split"}[what]
            return {"organizer": [organizer(a[0], kind, into_id=a[1] if what == "merge" else None, **more)]}
        if what == "judge":
            return {"moderation": [decision(a[0], a[1], kind="organizer")]}
        if what == "answer":  # by an invitation: the last word of each counts, if it is shown
            row = reply(a[0], a[1], on=a[2], published=a[3])
            return {"reply": [row | {"reply_id": uid("answer", a[0])}]}
        if what == "cluster":
            return {"cluster": [cluster(f"r{a[0]}", f"r{a[1]}")]}
        if what == "count":
            return {"draw_count": [draw_count(a[0], a[1], a[2])]}
        if what == "reply":
            if a[1] is not None and not self.disputes:
                return {}
            of = None if a[1] is None else self.disputes[a[1] % len(self.disputes)]
            return {"reply": [reply(of[1] if of else a[0], a[2], of and of[0], on=a[3], published=a[4])]}
        if not self.disputes:
            return {}
        of = self.disputes[a[0] % len(self.disputes)]
        if what == "correct":
            return {"filing": [self.version(of, a[1])]}
        if what == "rename":  # a correction that says it was another organizer, another draw
            at = self.disputes.index(of)
            self.disputes[at] = (of[0], uid("organizer", a[1]), uid("draw", a[1], a[2]), of[3])
            return {"filing": [self.version(self.disputes[at], a[3])]}
        if what == "step":
            return {"stage_event": [self.event(of[0], a[1], a[2], a[3])]}
        if what == "prove":
            return {"evidence": [evidence(of[0], *a[1])]}
        if what == "move":
            return {"moderation": [decision(of[0], "move", related_id=a[1])]}
        if what == "moderate":
            other = self.disputes[a[2] % len(self.disputes)][0] if a[1] == "merge" else None
            return {
                "moderation": [
                    decision(of[0], a[1], related_id=other, reason_code=a[3] if a[1] == "set_level" else None)
                ]
            }
        if not self.events:
            return {}
        at = a[1] % len(self.events)
        id_, seq, stage, version = self.events[at]
        self.events[at] = (id_, seq, stage, version + 1)
        return {"stage_event": [event(id_, seq, stage, a[2], version=version + 1, **a[3])]}

    def version(self, of: tuple[Any, ...], report: dict[str, Any]) -> dict[str, Any]:
        self.versions[of[0]] = self.versions.get(of[0], 0) + 1
        return filing(
            of[0], version=self.versions[of[0]], organizer_id=of[1], draw_id=of[2], reporter_key=of[3], **report
        )

    def event(self, id_: Any, stage: str, outcome: str, rung: dict[str, Any]) -> dict[str, Any]:
        seq = 1 + sum(e[0] == id_ for e in self.events)
        self.events.append((id_, seq, stage, 1))
        return event(id_, seq, stage, outcome, **rung)


@pytest.fixture(scope="module", params=[Kind.DEMO, Kind.REFERENCE])
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    where = settings_for(tmp_path_factory.mktemp("marts") / "r.duckdb")
    with Register.open(None, where, kind=request.param, clock_on=START, now=NOW) as register:
        yield register


def as_oracle_says(register: Register, fold: Fold) -> None:
    """Every mart, row for row."""

    def same(table: str, keys: tuple[str, ...], expected: dict[Any, dict[str, Any]]) -> None:
        found = {tuple(r[k] for k in keys): r for r in rows_of(register, f"SELECT * FROM mart.{table}")}
        assert found.keys() == expected.keys(), table
        for key, row in found.items():
            told = {k: v for k, v in expected[key].items() if k in row}
            assert told.keys() | set(keys) == row.keys(), table
            assert {k: row[k] for k in told} == told, (table, key)

    same("dispute", ("dispute_id",), {(k,): v for k, v in fold.disputes.items()})
    same("dispute_stage", ("dispute_id", "stage"), fold.stages)
    same("organizer", ("organizer_id",), {(k,): v for k, v in fold.organizers().items()})
    same("answer", ("stage_event_id",), fold.answers())
    counted = {
        "cut": fold.count_cuts, "flow": fold.count_flow, "time": fold.count_time, "advice": fold.count_advice,
        "first_response": lambda: fold.count_answers("first_response"),
        "exposure": lambda: fold.count_answers("exposure"),
    }  # fmt: skip
    for name, keys in ADDITIVE.items():
        count = fold.count_stages if name in ("resolution", "organizer_stage") else fold.count_disputes
        same(name, keys, counted[name]() if name in counted else count(*keys))


@settings(max_examples=30)
@given(
    st.tuples(
        st.lists(filings, min_size=1, max_size=4), st.lists(st.lists(steps, min_size=1, max_size=2), max_size=8)
    ).map(lambda story: [story[0], *story[1]])
)
def test_incremental_equals_rebuilt_equals_python(shared: Register, commits: list[list[tuple[Any, ...]]]) -> None:
    register, story = shared, Story()
    clock_at(register, START + timedelta(170))
    register.write(wipe, register.clock_on)
    for commit in commits:
        batch: dict[str, list[dict[str, Any]]] = {}
        for step in commit:
            if step[0] == "clock":
                clock_at(register, register.clock_on + timedelta(step[1]))
                continue
            for table, rows in story.rows(step).items():
                batch.setdefault(table, []).extend(rows)
                story.log[table].extend(rows)
        register.write(put_rows, batch)
    incremental = everything(register)
    note(str(register.clock_on))
    register.rebuild(NOW)
    rebuilt = everything(register)
    for name, rows in rebuilt.items():
        assert incremental[name] == rows, name
    as_oracle_says(
        register, Fold(story.log, register.clock_on, register.settings.time_zone, register.kind is Kind.REFERENCE)
    )
    with register.read() as cur:
        viewed = cur.execute("SELECT * FROM core.dispute(?) ORDER BY dispute_id", [register.clock_on]).fetchall()
        names = [d[0] for d in cur.description]
    assert sorted(viewed, key=repr) == [tuple(r) for r in incremental["dispute"]], names


@given(st.sets(st.tuples(few, few), max_size=20))
def test_matching_of_scipy_is_that_of_augmenting_paths(edges: set[tuple[int, int]]) -> None:
    many = [(uid("o", o), uid("draw", d), f"r{r}") for o in range(2) for d, r in edges if (d + o) % 3]
    expected = {uid("o", o): matching({(d, r) for d, r in edges if (d + o) % 3}) for o in range(2)}
    assert matchings(many) == {o: k for o, k in expected.items() if k}


def test_a_commit_in_one_piece_or_many_gives_the_same(shared: Register) -> None:
    """A whole import at once equals the same rows one by one."""
    register = shared
    clock_at(register, START + timedelta(170))
    rows = [
        filing(uid("m", n), organizer_id=uid("o", n % 7), draw_id=uid("dr", n % 11), reporter_key=f"r{n % 5}")
        for n in range(24)
    ]
    register.write(wipe, register.clock_on)
    for row in rows:
        put(register, filing=[row])
    one_by_one = everything(register)
    register.write(wipe, register.clock_on)
    put(register, filing=rows)
    at_once = everything(register)
    del one_by_one["version"], at_once["version"]
    assert one_by_one == at_once


def test_where_most_disputes_change_all_marts_are_made_anew(shared: Register) -> None:
    """What a commit does not touch stays as it is, even spoiled, unless the commit touches more than half: then it is
    cheaper, and allowed, to make everything anew.
    """
    register, all_of_them = shared, range(2_050)
    untouched = uid("many", all_of_them[-1])

    def corrected(n: int, version: int) -> Any:
        return filing(uid("many", n), version=version, organizer_id=uid("o", n % 7), draw_id=uid("draw", n))

    def spoil(cur: Any, items: list[Any]) -> list[Any]:
        cur.execute("UPDATE mart.dispute SET organizer_id = ? WHERE dispute_id = ?", [uid("nobody"), untouched])
        return items

    def spoiled() -> bool:
        row = rows_of(register, "SELECT organizer_id FROM mart.dispute WHERE dispute_id = ?", [untouched])[0]
        return bool(row["organizer_id"] == uid("nobody"))

    clock_at(register, START + timedelta(170))
    register.write(wipe, register.clock_on)
    put(register, filing=[corrected(n, 1) for n in all_of_them])
    register.write(spoil, None)
    put(register, filing=[corrected(n, 2) for n in all_of_them[:1_010]])
    assert spoiled()
    put(register, filing=[corrected(n, 3) for n in all_of_them[:1_040]])
    assert not spoiled()
