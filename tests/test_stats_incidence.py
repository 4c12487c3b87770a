"""Time to relief (S5): the fixture, statsmodels, a fold by hand, and a world whose incidence is known."""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prizewatch import stats
from tests import planted

DAYS, EVENTS = (3, 5, 8, 12, 20, 30), (1, 2, 1, 0, 2, 1)
CASES = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 2)), min_size=1, max_size=40)


def by_hand(cases: list[tuple[int, int]], of: int) -> dict[int, float]:
    """Aalen-Johansen in fractions, one day after the other."""
    still, height, out = Fraction(1), Fraction(0), {}
    for day in sorted({day for day, _ in cases}):
        at_risk = sum(d >= day for d, _ in cases)
        ended = sum(d == day and kind > 0 for d, kind in cases)
        height += still * Fraction(sum(d == day and kind == of for d, kind in cases), at_risk)
        still *= 1 - Fraction(ended, at_risk)
        out[day] = float(height)
    return out


def test_incidence_of_the_time_fixture() -> None:
    curve = stats.incidence(DAYS, EVENTS)
    assert [round(curve.at(day), 4) for day in (2, 3, 8, 29, 30)] == [0.0, 0.1667, 0.3333, 0.3333, 0.5833]
    assert curve.median() == 30
    naive = stats.incidence(DAYS, [kind if kind == 1 else 0 for kind in EVENTS])
    assert naive.at(30) == pytest.approx(1.0)


def test_a_median_only_where_half_is_reached() -> None:
    assert stats.incidence((1, 2, 3), (1, 2, 2)).median() is None
    assert stats.incidence((), ()).median() is None
    assert stats.incidence((1, 2), (1, 0)).median() == 1


@settings(max_examples=100, deadline=None)
@given(CASES, st.sampled_from([1, 2]))
def test_ties_are_counted_as_a_person_would(cases: list[tuple[int, int]], of: int) -> None:
    curve = stats.incidence(*zip(*cases, strict=True), of)
    for day, height in by_hand(cases, of).items():
        assert curve.at(day) == pytest.approx(height)


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_heights_and_bands_are_what_statsmodels_says_where_it_says_anything(cases: list[tuple[int, int]]) -> None:
    days, events = (np.array(column) for column in zip(*cases, strict=True))
    if {1, 2} - set(events.tolist()):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its standard error divides by zero at the last one at risk
        from statsmodels.duration.survfunc import CumIncidenceRight

        theirs = CumIncidenceRight(days, events)
    curve = stats.incidence(days, events)
    band = dict(zip(curve.days, zip(curve.low, curve.high, strict=True), strict=True))
    for day, share, error in zip(theirs.times, theirs.cinc[0], theirs.cinc_se[0], strict=True):
        assert curve.at(day) == pytest.approx(share)
        if day in band and math.isfinite(error) and 0 < share < 1 - 1e-9:
            half = 1.959964 * error / (share * -math.log(share))
            assert band[day] == pytest.approx((share ** math.exp(half), share ** math.exp(-half)), abs=1e-6)


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_bands_stay_within_nothing_and_everybody_and_hold_their_curve(cases: list[tuple[int, int]]) -> None:
    curve = stats.incidence(*zip(*cases, strict=True))
    for low, share, high in zip(curve.low, curve.share, curve.high, strict=True):
        assert 0 <= low <= share <= high <= 1


def variance_by_hand(days: tuple[int, ...], events: tuple[int, ...], at: int) -> float:
    """Delta-method variance at a day, summed as Marubini and Valsecchi write it; a term of a step after which the
    curve does not move is 0."""
    curve, still, total = stats.incidence(days, events), 1.0, 0.0
    for day in sorted({d for d, kind in zip(days, events, strict=True) if kind and d <= at}):
        n = sum(d >= day for d in days)
        ended = sum(d == day and kind > 0 for d, kind in zip(days, events, strict=True))
        wanted = sum(d == day and kind == 1 for d, kind in zip(days, events, strict=True))
        later = curve.at(at) - curve.at(day)
        total += later**2 * ended / (n * (n - ended)) if later else 0.0
        total += still**2 * wanted * (n - wanted) / n**3 - 2 * later * still * wanted / n**2
        still *= 1 - ended / n
    return total


def test_the_last_one_at_risk_leaves_a_band_and_no_warning() -> None:
    """Where statsmodels has NaN."""
    curve = stats.incidence(DAYS, EVENTS)
    for day, share, low, high in zip(*curve, strict=True):
        half = 1.959964 * math.sqrt(variance_by_hand(DAYS, EVENTS, int(day))) / (share * -math.log(share))
        assert (low, high) == pytest.approx((share ** math.exp(half), share ** math.exp(-half)), abs=1e-6)
    assert stats.incidence((4,), (1,)) == stats.Curve((4.0,), (1.0,), (0.0,), (1.0,))
    assert stats.incidence((4,), (2,)) == stats.Curve((), (), (), ())


def test_without_censoring_the_band_is_that_of_a_plain_share() -> None:
    days, events = np.arange(1, 51), np.array([1, 2] * 25)
    curve = stats.incidence(days, events)
    half = 1.959964 * math.sqrt(0.5 * 0.5 / 50) / (0.5 * math.log(2))
    assert curve.share[-1] == pytest.approx(0.5)
    assert (curve.low[-1], curve.high[-1]) == pytest.approx((0.5 ** math.exp(half), 0.5 ** math.exp(-half)), abs=0.003)


def test_competing_events_are_respected_where_kaplan_meier_overstates() -> None:
    days, events = planted.waits(7, 8000)
    curve = stats.incidence(days, events)
    naive = stats.incidence(days, np.where(events == 1, 1, 0))
    for day in (30, 60, 90):
        assert curve.at(day) == pytest.approx(planted.relief_by(day), abs=0.02)
        assert naive.at(day) - planted.relief_by(day) > 0.2


def test_the_band_holds_the_truth_19_times_in_20() -> None:
    inside = 0
    for seed in range(200):
        curve = stats.incidence(*planted.waits(seed, 150))
        last = max(i for i, day in enumerate(curve.days) if day <= 30)
        inside += curve.low[last] <= planted.relief_by(30) <= curve.high[last]
    assert 0.91 <= inside / 200 <= 0.985


@settings(max_examples=50, deadline=None)
@given(CASES, st.lists(st.integers(0, 45), max_size=6))
def test_at_risk_are_those_whose_day_has_not_passed(cases: list[tuple[int, int]], grid: list[int]) -> None:
    days = [day for day, _ in cases]
    assert stats.at_risk(days, grid) == tuple(sum(d >= day for d in days) for day in grid)


@settings(max_examples=50, deadline=None)
@given(CASES)
def test_paid_gave_up_and_open_are_everybody_on_each_day(cases: list[tuple[int, int]]) -> None:
    days, events = zip(*cases, strict=True)
    shares = stats.states(days, events, range(60))
    assert shares.days == tuple(range(max(days) + 1))
    for first, second, rest in zip(*shares[1:], strict=True):
        assert first + second + rest == pytest.approx(1.0)
        assert min(first, second, rest) >= 0


def test_what_is_no_case_is_refused() -> None:
    with pytest.raises(ValueError, match="one event"):
        stats.incidence((1, 2), (1,))
    for days in ((-1.0,), (math.nan,)):
        with pytest.raises(ValueError, match="days"):
            stats.incidence(days, (1,))
    with pytest.raises(ValueError, match=r"0\.95"):
        stats.incidence((1,), (1,), level=0.05)
