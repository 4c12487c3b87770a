"""What a release hides beyond the marks of its tables, and when it cannot be made."""

from __future__ import annotations

import math

import pytest

from prizewatch import apart
from prizewatch.disclosure import FEW, SHOWN, WITHHELD, Table
from tests.test_disclosure import worked_out


def after(more: int) -> Table:
    """Where there was nothing there is one now, and `more` came elsewhere; the totals of both releases are shown."""
    table = Table()
    new, old = table.cell(1), table.cell(10 + more)
    total = table.cell(11 + more, dear=math.inf)
    table.sum(total, [new, old])
    then = [table.told(count, SHOWN, guarded=True) for count in (0, 10, 10)]
    table.sum(then[2], then[:2])
    for cell, before in zip((new, old, total), then, strict=True):
        table.since(cell, before)
    return table


def test_a_release_that_would_give_away_what_is_new_is_not_made() -> None:
    table = after(0)  # the total moved by one, so the new one is one
    with pytest.raises(apart.ToldBefore):
        apart.marks(table, table.marks())
    table = after(4)  # after five, who knows?
    assert apart.marks(table, table.marks())[:3] == [FEW, WITHHELD, SHOWN]


def test_what_a_release_gave_away_by_itself_is_given_up() -> None:
    table = Table()
    few, beside, total = table.told(3, FEW, guarded=True), *(table.told(n, SHOWN, guarded=True) for n in (20, 23))
    table.sum(total, [few, beside])
    table.cell(40)
    begun = [FEW, SHOWN, SHOWN, SHOWN]
    with pytest.raises(apart.ToldBefore):
        apart.marks(table, begun)
    known = apart.worked_out(table, begun)
    assert known == [few]
    assert apart.marks(table, begun, known) == begun


def test_what_holds_a_number_is_hidden_the_least_missed_first() -> None:
    table = Table()
    total, few, beside, *others = (table.cell(n) for n in (103, 3, 20, 30, 50))
    table.sum(total, [few, beside, *others])
    both, other = table.cell(27), table.cell(7)
    table.sum(both, [beside, other])
    begun = [SHOWN, FEW, WITHHELD, SHOWN, SHOWN, SHOWN, SHOWN]
    assert apart.worked_out(table, begun) == [few, beside]
    assert apart.marks(table, begun) == [SHOWN, FEW, WITHHELD, SHOWN, SHOWN, SHOWN, WITHHELD]


def test_a_few_that_says_too_much_is_taken_back() -> None:
    table = Table()
    table.sum(table.cell(8), [table.cell(4), table.cell(4)])
    found = apart.marks(table, [SHOWN, FEW, FEW])
    assert worked_out(table, found) == []
    assert WITHHELD in found


def test_what_is_hidden_in_vain_is_shown_again() -> None:
    """A number hidden for another's sake that can be worked out all the same."""
    table = Table()
    total, kept, *parts = (table.cell(n) for n in (40, 10, 30, 2, 28))
    table.sum(total, [kept, parts[0]])
    table.sum(parts[0], parts[1:])
    table.open.add(kept)  # the release before showed it
    begun = [SHOWN, WITHHELD, SHOWN, FEW, WITHHELD]
    assert apart.marks(table, begun) == [SHOWN, SHOWN, SHOWN, FEW, WITHHELD]
