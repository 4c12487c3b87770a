"""Disclosure by attack: a linear program over everything printed must not narrow a hidden count."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from prizewatch import crosstables
from prizewatch.disclosure import FEW, SHOWN, SMALL, SPREAD, WITHHELD, Table, pair, rate_allowed
from prizewatch.marked import Marked
from prizewatch.past import Told
from tests.marts_by_hand import Marts
from tests.marts_by_hand import example as example_register


def worked_out(table: Table, marks: list[str], cells: list[int] | None = None) -> list[tuple[int, float, float]]:
    """Hidden cells that an onlooker can narrow to less than "<5" leaves open, with the range that is left."""
    n = len(table.counts)
    low, high = np.zeros(n), np.full(n, np.inf)
    for i, mark in enumerate(marks):
        if mark == SHOWN:
            low[i] = high[i] = table.counts[i]
        elif mark == FEW:
            low[i], high[i] = 1, SMALL - 1
    entries = [(r, c, -1.0 if i == 0 else 1.0) for r, sums in enumerate(table.sums) for i, c in enumerate(sums)]
    rows, columns, signs = zip(*entries, strict=True)
    system, nothing = csr_array((signs, (rows, columns)), shape=(len(table.sums), n)), np.zeros(len(table.sums))
    found = []
    for i in range(n) if cells is None else cells:
        if marks[i] == SHOWN or not (table.printed[i] or 0 < table.counts[i] < SMALL):
            continue
        push = np.zeros(n)
        push[i] = 1
        ends = [linprog(sign * push, A_eq=system, b_eq=nothing, bounds=np.c_[low, high]) for sign in (1, -1)]
        assert all(end.status in (0, 3) for end in ends), "what is printed contradicts itself"
        least, most = ends[0].fun, -ends[1].fun if ends[1].status == 0 else np.inf
        if most - least < SPREAD - 1e-6:
            found.append((i, least, most))
    return found


def crossed(body: list[list[int]]) -> Table:
    """A table of rows and columns with all its margins."""
    table = Table()
    cells = [[table.cell(value) for value in row] for row in body]
    rows = [table.cell(sum(row), dear=4) for row in body]
    columns = [table.cell(sum(column), dear=4) for column in zip(*body, strict=True)]
    total = table.cell(sum(map(sum, body)), dear=100)
    for row, margin in zip(cells, rows, strict=True):
        table.sum(margin, row)
    for column, margin in zip(zip(*cells, strict=True), columns, strict=True):
        table.sum(margin, column)
    table.sum(total, rows)
    table.sum(total, columns)
    return table


def test_small_counts_are_hidden_and_nothing_is_shown_as_nothing() -> None:
    table = Table()
    for value in (0, 1, 4, 5, 12):
        table.cell(value)
    assert table.marks() == [SHOWN, FEW, FEW, SHOWN, SHOWN]


def test_one_hidden_part_takes_the_next_smallest_with_it() -> None:
    table = Table()
    total, *parts = (table.cell(value, dear=9 if value == 60 else 1) for value in (60, 3, 20, 37, 0))
    table.sum(total, parts)
    assert table.marks() == [SHOWN, FEW, WITHHELD, SHOWN, SHOWN]


def test_markers_that_say_too_much_say_less() -> None:
    table = Table()
    total, *parts = (table.cell(value) for value in (8, 4, 4))
    table.sum(total, parts)
    assert WITHHELD in table.marks(), "two <5 that add up to 8 are 4 and 4"
    assert not worked_out(table, table.marks())
    assert worked_out(table, [SHOWN, FEW, FEW])


def test_the_attack_sees_what_no_single_sum_betrays() -> None:
    body = [[2, 30, 20, 9], [30, 3, 9, 20], [20, 9, 30, 30], [9, 20, 30, 30]]
    table = crossed(body)
    primary = [FEW if 0 < v < SMALL else SHOWN for v in table.counts]
    assert worked_out(table, primary), "hiding the small ones alone protects nothing"


sizes = st.one_of(st.integers(0, 6), st.integers(0, 40))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(sizes, min_size=n, max_size=n), min_size=2, max_size=5)))
@example([[1, 1], [1, 1]])
@example([[4, 4], [4, 40]])
@example([[1, 9, 9], [9, 9, 1], [9, 1, 9]])
@example([[6, 2, 0, 0], [2, 6, 5, 0], [0, 5, 6, 3], [0, 0, 3, 6]])
def test_no_hidden_cell_of_a_small_table_can_be_worked_out(body: list[list[int]]) -> None:
    table = crossed(body)
    marks = table.marks()
    for value, mark in zip(table.counts, marks, strict=True):
        assert mark != SHOWN or value == 0 or value >= SMALL
        assert mark != FEW or 0 < value < SMALL
    if sum(map(sum, body)):
        assert worked_out(table, marks) == []


def test_a_handful_of_reports_over_many_cells() -> None:
    table = crossed([[0, 0, 0, 0], [0, 0, 0, 4], [0, 0, 1, 1], [0, 2, 3, 0]])
    assert worked_out(table, table.marks()) == []


rungs = st.tuples(
    st.sampled_from(("individual", "official_account", "creator", "online_shop", "brand_company", "other_institution")),
    st.sampled_from(("s2_organizer", "s3_lottery_platform")),
    st.tuples(sizes, sizes, sizes, sizes, sizes),  # full, partial, sanction, no relief, undecided
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.lists(rungs, min_size=1, max_size=8, unique_by=lambda rung: rung[:2]))
def test_no_hidden_cell_of_the_ladder_can_be_worked_out(rows: list[tuple[str, str, tuple[int, ...]]]) -> None:
    register = Marts()
    for kind, stage, (full, partial, sanction, none, undecided) in rows:
        decided = full + partial + sanction + none
        register.rung(kind, stage, decided + undecided, decided, full, partial, sanction)
    marked = crosstables.ladder(register)
    if sum(sum(row[2]) for row in rows):
        assert worked_out(marked.table, marked.marks) == []
    register.close()


reports = st.tuples(
    st.sampled_from(("individual", "creator", "online_shop", "brand_company")),
    st.sampled_from([date(2026, month, 1) for month in (1, 2, 4)]),
    st.sampled_from(("declared_void", "not_shipped")),
    st.tuples(sizes, sizes, sizes, sizes),
)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(reports, min_size=2, max_size=8))
def test_no_hidden_cell_of_months_and_reasons_can_be_worked_out(
    rows: list[tuple[str, date, str, tuple[int, ...]]],
) -> None:
    register = Marts()
    for kind, month, reason, outcomes in rows:
        register.reports(kind, month, reason, *outcomes)
    marked = crosstables.history(register)
    if sum(sum(row[3]) for row in rows):
        assert worked_out(marked.table, marked.marks) == []
    register.close()


@pytest.mark.parametrize("make", [crosstables.ladder, crosstables.history])
def test_no_hidden_cell_of_the_example_can_be_worked_out(make) -> None:  # type: ignore[no-untyped-def]
    register = example_register()
    marked = make(register)
    hidden = [i for i, mark in enumerate(marked.marks) if mark != SHOWN and marked.table.printed[i]]
    assert len(hidden) > 20, "the example must have something to hide"
    assert worked_out(marked.table, marked.marks, hidden[::3]) == []
    register.close()


def test_most_of_a_large_table_stays_readable() -> None:
    """Hiding everything would pass every attack."""
    register = example_register()
    marked = crosstables.ladder(register)
    relief = [marked.value(("group", group, "s2_organizer"), "relief_any") for group in ("I", "A", "O-large")]
    assert None not in relief
    register.close()


def test_pairs_are_text_for_the_eye_and_numbers_for_the_rest() -> None:
    text, number = pair([12, 3, 9, 0], [SHOWN, FEW, WITHHELD, SHOWN])
    assert text.tolist() == ["12", "<5", "…", "0"]
    assert number.isna().tolist() == [False, True, True, False]
    assert str(number.dtype) == "Int64"


def test_a_rate_needs_ten_decided() -> None:
    assert rate_allowed(np.array([9, 10, np.nan, 40])).tolist() == [False, True, False, True]


def test_a_bridge_between_two_hidden_blocks_is_seen() -> None:
    """Every row and column has two hidden cells or none, yet the 3 is what one block says beyond its columns."""
    table = crossed([[2, 2, 20, 20], [2, 2, 3, 20], [20, 20, 2, 2], [20, 20, 2, 2]])
    bridge = 6
    primary = [FEW if 0 < v < SMALL else SHOWN for v in table.counts]
    assert (bridge, 3.0, 3.0) in worked_out(table, primary)
    assert worked_out(table, table.marks()) == []


def lone(total: object, parts: list[object]) -> bool:
    """Whether a printed total gives away the one part that is hidden."""
    return total is not None and sum(part is None for part in parts) == 1


def reasons() -> Marked:
    """Three reasons and their total, all of them large."""
    marked = Marked()
    for key, count in (("all", 100), ("a", 50), ("b", 20), ("c", 30)):
        marked.add((key,), {"reached": count})
    marked.sum("reached", ("all",), [("a",), ("b",), ("c",)])
    return marked


@pytest.mark.parametrize(("decided", "lost"), [(30, "reached"), (9, "decided")], ids=["a rate", "too few for one"])
def test_what_a_rate_is_made_of_goes_last(decided: int, lost: str) -> None:
    marked = Marked()
    rung = {
        "reached": decided + 3,
        "decided": decided,
        "relief_full": decided - 5,
        "relief_partial": 0,
        "sanction_only": 0,
    }
    marked.rung(("a", "s2_organizer"), rung)
    marked.close()
    row = marked.rows["a", "s2_organizer"]
    hidden = {name for name in ("reached", "decided", "undecided", "relief_any") if marked.marks[row[name]] != SHOWN}
    assert hidden - {"relief_any"} == {"undecided", lost}


def test_what_was_two_numbers_stays_two() -> None:
    """Else the one that a release shows would tell what the release before hid under the other name."""
    twice = {"relief": 12, "sanctioned": 0}

    def table(was: Told | None) -> Marked:
        marked = Marked()
        marked.was = was
        marked.add(("rung",), {"relief_any": 12})
        marked.add(("flow",), dict(twice))
        marked.twin(("flow",), "relief", ("rung",), "relief_any")
        return marked

    def one(marked: Marked) -> bool:
        return marked.rows["flow",]["relief"] == marked.rows["rung",]["relief_any"]

    first = table(None)
    assert one(first)
    assert one(table(first.close().told()))
    twice["relief"] = 13
    other = table(None)
    twice["relief"] = 12
    assert not one(other)
    assert not one(table(other.close().told()))


def test_what_nothing_can_protect_costs_no_other_number() -> None:
    """A number that an earlier release printed: to hide everything beside it would not bring it back."""
    marked = reasons()
    lost = marked.known(None, [marked.rows["a",]["reached"]])
    marked.table.sum(lost, [marked.table.told(50, SHOWN, guarded=False)])
    assert marked.close().marks[:4] == [SHOWN] * 4


def test_no_printed_total_has_exactly_one_hidden_part() -> None:
    """By the marks alone, apart from the sums the masking was told of."""
    register = example_register()
    ladder, history = crosstables.ladder(register), crosstables.history(register)
    hidden = 0
    for (by, group, stage), row in ladder.rows.items():
        shown = {name: ladder.value((by, group, stage), name) for name in row}
        hidden += sum(value is None for value in shown.values())
        if by == "flow":
            assert not lone(shown["reached"], [shown[name] for name in crosstables.FLOW])
            continue
        assert not lone(shown["reached"], [shown["decided"], shown["undecided"]])
        assert not lone(shown["relief_any"], [shown["relief_full"], shown["relief_partial"]])
        types = (
            [
                key
                for key in ladder.rows
                if key[0] == "type" and key[2] == stage and key[1] in crosstables.groups()[group]
            ]
            if by == "group"
            else []
        )
        for name in shown if len(types) > 1 else ():
            assert not lone(shown[name], [ladder.value(key, name) for key in types]), (group, stage, name)
    assert hidden > 20
    for month in [key for key in history.rows if key[:2] == ("month", crosstables.ALL)]:
        groups = [key for key in history.rows if key[0] == "month" and key[1] != crosstables.ALL and key[2] == month[2]]
        for name in ("disputes", "resolved", "closed", "undecided"):
            assert not lone(history.value(month, name), [history.value(key, name) for key in groups]), (month, name)
    register.close()
