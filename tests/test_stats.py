"""Golden values of statistics.md, and our columns held against the libraries' own answers."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from prizewatch import stats

GOLDEN = {
    (1, 1): (0.2065, 1.0000),
    (0, 3): (0.0000, 0.5615),
    (16, 50): (0.2076, 0.4581),
    (28, 40): (0.5457, 0.8193),
    (354, 539): (0.6157, 0.6956),
}


@pytest.mark.parametrize(("counts", "ends"), GOLDEN.items())
def test_wilson_gives_the_golden_interval(counts: tuple[int, int], ends: tuple[float, float]) -> None:
    assert tuple(round(end, 4) for end in stats.wilson(*counts)) == ends


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_what_scipy_says(counts: tuple[int, int]) -> None:
    theirs = binomtest(*counts).proportion_ci(confidence_level=0.95, method="wilson")
    assert stats.wilson(*counts) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_the_confidence_is_ninety_five_percent_and_never_its_complement() -> None:
    assert stats.CONFIDENCE == 0.95
    with pytest.raises(ValueError, match=r"0\.95"):
        stats.wilson(354, 539, 0.05)


def test_nothing_counted_has_no_interval_and_impossible_counts_are_refused() -> None:
    assert all(math.isnan(end) for end in stats.wilson(0, 0))
    for counts in ((2, 1), (-1, 3)):
        with pytest.raises(ValueError, match="of"):
            stats.wilson(*counts)


def test_columns_and_single_counts_agree() -> None:
    low, high = stats.wilson_many(np.array([1, 0, 16, 0]), np.array([1, 3, 50, 0]))
    assert [round(x, 4) for x in low[:3]] == [0.2065, 0.0, 0.2076]
    assert [round(x, 4) for x in high[:3]] == [1.0, 0.5615, 0.4581]
    assert math.isnan(low[3])
    assert math.isnan(high[3])


def test_bounds_of_the_public_example_minas_gerais_2023() -> None:
    bounds = stats.bounds(36_614, 38_082, 89_984)
    assert [round(share, 3) for share in bounds] == [0.222, 0.490, 0.769]
    assert all(math.isnan(share) for share in stats.bounds(0, 0, 0))
    assert stats.bounds(0, 0, 4)[0] == 0
    assert math.isnan(stats.bounds(0, 0, 4).decided)


REPEAT = {
    "X": ({("A", "r1"), ("A", "r2"), ("B", "r3"), ("C", "r1")}, 3),
    "Y": ({*((("A", f"r{i}")) for i in range(1, 6)), ("B", "r1"), ("C", "r1")}, 2),
    "Z": ({("A", "r1"), ("B", "r1"), ("C", "r1")}, 1),
    "empty": (set(), 0),
}


@pytest.mark.parametrize("name", REPEAT)
def test_matching_of_the_repeat_fixture(name: str) -> None:
    edges, size = REPEAT[name]
    assert stats.matching_size(edges) == size
    assert stats.matching_size([*edges, *edges]) == size


@settings(max_examples=50, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 4), st.integers(10, 14)), max_size=12))
def test_matching_is_the_best_choice_of_disjoint_edges(edges: set[tuple[int, int]]) -> None:
    def best(rest: list[tuple[int, int]], draws: frozenset[int], reporters: frozenset[int]) -> int:
        if not rest:
            return 0
        (draw, reporter), *others = rest
        without = best(others, draws, reporters)
        if draw in draws or reporter in reporters:
            return without
        return max(without, 1 + best(others, draws | {draw}, reporters | {reporter}))

    assert stats.matching_size(edges) == best(sorted(edges), frozenset(), frozenset())


DAYS, EVENTS = (3, 5, 8, 12, 20, 30), (1, 2, 1, 0, 2, 1)


def test_incidence_of_the_time_fixture() -> None:
    curve = stats.incidence(DAYS, EVENTS)
    assert [round(curve.at(day), 4) for day in (2, 3, 8, 29, 30)] == [0.0, 0.1667, 0.3333, 0.3333, 0.5833]
    assert curve.median() == 30
    naive = stats.incidence(DAYS, [kind if kind == 1 else 0 for kind in EVENTS])
    assert naive.at(30) == pytest.approx(1.0)


def test_a_median_only_where_half_is_reached() -> None:
    assert stats.incidence((1, 2, 3), (1, 2, 2)).median() is None
    assert stats.incidence((), ()).median() is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 2)), min_size=3, max_size=40))
def test_incidence_is_what_statsmodels_says(cases: list[tuple[int, int]]) -> None:
    days, events = (np.array(column) for column in zip(*cases, strict=True))
    if {1, 2} - set(events.tolist()):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from statsmodels.duration.survfunc import CumIncidenceRight

        theirs = CumIncidenceRight(days, events)
    ours = stats.incidence(days, events)
    for day, share in zip(theirs.times, theirs.cinc[0], strict=True):
        assert ours.at(day) == pytest.approx(share)


def test_rolling_mean_waits_for_three_months_and_stays_silent_over_a_hidden_one() -> None:
    mean = stats.rolling_mean([3, 6, 9, math.nan, 12, 15, 18])
    assert [x if not math.isnan(x) else None for x in mean] == [None, None, 6, None, None, None, 15]
    assert stats.rolling_mean([1.0]).tolist() == pytest.approx([math.nan], nan_ok=True)
