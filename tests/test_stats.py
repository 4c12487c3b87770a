"""Golden values of statistics.md, and our columns held against the libraries' own answers."""

from __future__ import annotations

import math
import subprocess
import sys
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, nbinom

from prizewatch import stats
from prizewatch.vocabulary import reference_rows
from tests import planted
from tests.bench.coverage import PUBLISHED
from tests.matching import matching

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


def test_rolling_mean_waits_for_three_months_and_stays_silent_over_a_hidden_one() -> None:
    mean = stats.rolling_mean([3, 6, 9, math.nan, 12, 15, 18])
    assert [x if not math.isnan(x) else None for x in mean] == [None, None, 6, None, None, None, 15]
    assert stats.rolling_mean([1.0]).tolist() == pytest.approx([math.nan], nan_ok=True)


def test_a_change_needs_ten_on_both_sides() -> None:
    assert stats.year_on_year(9, 500) is None
    assert stats.year_on_year(500, 9) is None
    assert stats.year_on_year(12, 10) is not None
    with pytest.raises(ValueError, match="-1"):
        stats.year_on_year(-1, 20)


@settings(max_examples=50, deadline=None)
@given(st.integers(10, 3000), st.integers(10, 3000))
def test_a_change_is_a_ratio_of_poisson_counts(now: int, before: int) -> None:
    change = stats.year_on_year(now, before)
    assert change is not None
    share = binomtest(now, now + before).proportion_ci(method="wilson")
    assert change.ratio == now / before
    assert (change.low, change.high) == pytest.approx((share.low / (1 - share.low), share.high / (1 - share.high)))


def test_the_interval_of_a_change_holds_the_true_ratio_19_times_in_20() -> None:
    rng = np.random.default_rng(0)
    pairs = zip(rng.poisson(60, 2000), rng.poisson(40, 2000), strict=True)
    changes = [change for now, before in pairs if (change := stats.year_on_year(int(now), int(before)))]
    assert stats.coverage(
        *(np.array([getattr(c, end) for c in changes]) for end in ("low", "high")), np.array(1.5)
    ) == (pytest.approx(0.95, abs=0.015))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 30), st.lists(st.integers(0, 9), min_size=1, max_size=90))
def test_a_burst_is_the_tail_of_scipys_negative_binomial(today: int, history: list[int]) -> None:
    tail = nbinom.sf(today - 1, sum(history) + 0.5, len(history) / (len(history) + 1))
    assert stats.burst_tail(today, history) == pytest.approx(tail, rel=1e-9)


def test_a_burst_is_told_from_an_ordinary_day_and_needs_a_past() -> None:
    quiet = [0] * 55 + [1] * 5
    assert stats.burst_tail(200, quiet) < 1e-100
    assert stats.burst_tail(5, quiet) < 1e-4
    assert stats.burst_tail(1, quiet) > 0.05
    assert stats.burst_tail(5, [4, 5, 6] * 20) > 0.3
    assert stats.burst_tail(0, quiet) == 1.0
    assert stats.burst_tail(50, []) == 1.0
    with pytest.raises(ValueError, match="negative"):
        stats.burst_tail(-1, quiet)


def test_a_brigade_of_two_hundred_reports_by_two_people_counts_as_two() -> None:
    for people in (1, 2, 3, 5):
        attack = planted.brigade(200, people)
        assert stats.matching_size(attack) == matching(set(attack)) == people


def test_people_who_say_only_when_they_were_not_paid_mislead_the_dot_but_not_the_band() -> None:
    for seed in range(20):
        world = planted.silent(seed)
        bounds = stats.bounds(world.relief, world.no_relief, world.silent)
        assert bounds.strict <= world.truth <= bounds.optimistic
        assert world.truth - bounds.decided > 0.1


def test_importing_the_statistics_does_not_import_what_only_a_fit_needs() -> None:
    """A cold statsmodels takes a second, scipy.stats a third of one: no page pays it."""
    code = "import sys, prizewatch.stats; print(sorted({'statsmodels', 'scipy.stats', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_every_public_name_says_what_it_is() -> None:
    assert sorted(set(stats.__all__)) == sorted(stats.__all__)
    for name in stats.__all__:
        thing = getattr(stats, name)
        if callable(thing) and name != "Column":
            assert thing.__doc__, name
            assert not thing.__doc__.startswith(f"{name}("), name  # what a NamedTuple writes by itself


def test_the_published_coverage_is_what_the_bench_measures_and_nothing_else() -> None:
    assert {row["interval"]: row["claimed"] for row in reference_rows("coverage")} == {
        name: claimed for name, (claimed, _what) in PUBLISHED.items()
    }


@pytest.mark.parametrize(
    ("as_of", "first"),
    [
        (date(2026, 10, 31), date(2026, 10, 1)),
        (date(2026, 10, 30), date(2026, 9, 1)),
        (date(2026, 1, 5), date(2025, 12, 1)),
    ],
)
def test_months_touched_by_the_last_thirty_days_may_still_grow(as_of: date, first: date) -> None:
    assert stats.first_late(as_of) == first
