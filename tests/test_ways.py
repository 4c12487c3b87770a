"""What is offered next is what the rules allow, and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from prizewatch.store import Register
from prizewatch.ways import Way, entered, ways
from tests.intake_rows_by_hand import NOW, attempt
from tests.reporter import Reporter, day
from tests.test_ladder import STAGES, TABLE, WAY


def offered(me: Reporter) -> dict[str, Way]:
    return {way.stage[:2]: way for way in ways(me.register, me.opened(), me.now)}


@pytest.fixture(scope="module")
def people(still: Register) -> dict[str, Reporter]:
    """For every start of the table, with a ground of deceit or without, one to look and one to take each rung."""
    named = {}
    for start, taken in product(TABLE, (True, False)):
        grounds = {"dispute_reason": "pay_to_claim"} if taken or start == "s7" else {}
        for name in (f"{start} {taken} {to}" for to in ("looks", *TABLE)):
            named[name] = {"events": WAY[start], "organizer_handle": f"gh {name}", **grounds}
    return Reporter.several(still, named)


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("start", TABLE)
def test_what_is_offered_is_a_row_of_the_table(
    still: Register, people: dict[str, Reporter], start: str, taken: bool
) -> None:
    cells = {f"s{number}": cell for number, cell in enumerate(TABLE[start], 1)}
    allowed = {stage for stage, cell in cells.items() if cell and (cell != "fraud" or taken or start == "s7")}
    found = offered(people[f"{start} {taken} looks"])
    assert found.keys() == allowed
    assert {stage for stage, way in found.items() if way.skips} == {s for s, cell in cells.items() if cell == "skip"}
    assert {stage for stage, way in found.items() if way.fraud} == {s for s in allowed if cells[s] == "fraud"}
    with still.counting_later():
        for stage, way in found.items():
            me = people[f"{start} {taken} {stage}"]
            step = {**attempt(way.stage, "pending", day(NOW)), "target_entity": way.targets[-1]}
            assert me.errors(events=entered(way, me.opened(), step)) == set(), stage


def test_an_open_step_is_not_offered_again_and_a_used_target_neither(register: Register) -> None:
    me = Reporter(register)
    me.adds(attempt(STAGES[2], "pending", day(NOW)))
    me.adds(attempt(STAGES[3], "pending", day(NOW)))
    found = offered(me)
    assert "s3" not in found
    assert "mini_program" not in found["s4"].targets
    assert "official_account" in found["s4"].targets


def test_nothing_is_offered_after_the_end(register: Register) -> None:
    me = Reporter(register)
    me.adds(attempt(STAGES[2], "relief_full", day(NOW, 1)))
    assert offered(me) == {}
    other = Reporter(register, "other", organizer_handle="gh other")
    other.moderated("find_ineligible")
    assert offered(other) == {}


@pytest.mark.parametrize("change", [{"lottery_tool": "group_manual"}, {"organizer_type": "platform_self"}])
def test_where_there_is_no_tool_its_rung_is_only_left_out(register: Register, change: dict[str, str]) -> None:
    me = Reporter(register, **change)
    found = offered(me)
    assert "s3" not in found
    assert found["s4"].skips == (STAGES[2],)
    event = attempt(STAGES[3], "pending", day(NOW))
    assert me.errors(events=entered(found["s4"], me.opened(), event, "reporter_choice")) == set()
