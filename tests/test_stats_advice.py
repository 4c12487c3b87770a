"""The next-step advisor (S12): from the narrowest group that carries a number, judged by what came later."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, betabinom

from prizewatch import stats
from prizewatch.stats.advice import _Belief
from tests import planted

PART = st.integers(0, 120).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_a_cell_with_enough_disputes_speaks_for_itself() -> None:
    advice = stats.advise((12, 60), (60, 200), (300, 1000))
    assert (advice.basis, advice.k, advice.n) == ("cell", 12, 60)
    assert 12 / 60 < advice.share < 60 / 200
    assert (advice.low, advice.high) == pytest.approx(beta.interval(0.8, advice.a, advice.b))
    assert advice.share == pytest.approx(advice.a / (advice.a + advice.b))


def test_the_wider_group_is_named_when_the_narrow_one_cannot_say() -> None:
    assert stats.advise((3, 9), (60, 200), (300, 1000))[:2] == (60, 200)
    assert stats.advise((3, 9), (60, 200), (300, 1000)).basis == "stage"
    assert stats.advise((3, 9), (3, 9), (300, 1000)).basis == "all"
    nothing = stats.advise((3, 9), (3, 9), (3, 9))
    assert (nothing.basis, nothing.k, nothing.n) == ("none", 3, 9)
    assert all(math.isnan(number) for number in (nothing.share, nothing.low, nothing.high))


def test_an_interval_wider_than_forty_points_is_no_advice() -> None:
    loose = stats.Strength(0.5, 0.5)
    assert stats.advise((5, 10), (5, 10), (5, 10), loose, level=0.8).basis == "cell"
    assert stats.advise((5, 10), (5, 10), (5, 10), loose, level=0.99).basis == "none"


@settings(max_examples=200, deadline=None)
@given(PART, PART, PART, st.floats(0.5, 200), st.floats(0.5, 200))
def test_advice_keeps_its_rules_whatever_the_counts(
    own: tuple[int, int], beside: tuple[int, int], beyond: tuple[int, int], cell: float, stage: float
) -> None:
    at_stage = (own[0] + beside[0], own[1] + beside[1])
    everyone = (at_stage[0] + beyond[0], at_stage[1] + beyond[1])
    advice = stats.advise(own, at_stage, everyone, stats.Strength(cell, stage))
    if advice.basis != "none":
        assert 0 <= advice.low < advice.share < advice.high <= 1
        assert advice.n >= 10
        assert advice.high - advice.low <= 0.4
        assert (advice.k, advice.n) == {"cell": own, "stage": at_stage, "all": everyone}[advice.basis]


def test_counts_that_do_not_contain_each_other_are_refused() -> None:
    for counts in (((5, 10), (4, 20), (9, 30)), ((5, 10), (5, 9), (9, 30)), ((11, 10), (12, 20), (13, 30))):
        with pytest.raises(ValueError, match="contain"):
            stats.advise(*counts)
    with pytest.raises(ValueError, match=r"0\.8"):
        stats.advise((1, 2), (1, 2), (1, 2), level=0.2)


def test_not_knowing_the_stage_exactly_widens_what_is_said_about_a_cell() -> None:
    """The beta that stands for the mixture has its mean and its variance: against a simulation."""
    rng = np.random.default_rng(0)
    stage = rng.beta(6, 14, 400_000)
    cell = rng.beta(9 * stage, 9 * (1 - stage))
    belief = _Belief(6, 14).within(9)
    assert beta.mean(*belief) == pytest.approx(cell.mean(), abs=2e-3)
    assert beta.std(*belief) == pytest.approx(cell.std(), abs=2e-3)
    assert beta.cdf(np.quantile(cell, [0.1, 0.9]), *belief) == pytest.approx([0.1, 0.9], abs=0.01)


def test_planted_strengths_are_found_again() -> None:
    rng = np.random.default_rng(2)
    stage = np.repeat(np.arange(60), 30)
    around = rng.beta(6, 14, 60)[stage]
    n = rng.integers(5, 60, stage.size)
    k = rng.binomial(n, rng.beta(12 * around, 12 * (1 - around)))
    strength = stats.fit_strength(k, n, np.array([f"s{s}" for s in stage]))
    assert strength.cell == pytest.approx(12, rel=0.2)
    assert strength.stage == pytest.approx(20, rel=0.4)
    assert stats.fit_strength(np.array([3]), np.array([9]), np.array(["s2"])) == stats.Strength()


@settings(max_examples=40, deadline=None)
@given(st.floats(0.5, 30), st.floats(0.5, 30), PART)
def test_what_was_foreseen_is_scipys_beta_binomial(a: float, b: float, count: tuple[int, int]) -> None:
    k, n = count
    middle = betabinom.cdf(k - 1, n, a, b) + betabinom.pmf(k, n, a, b) / 2
    assert stats.foreseen(np.array([a]), np.array([b]), np.array([k]), np.array([n]))[0] == pytest.approx(
        middle, abs=1e-7
    )


def test_scores_of_forecasts_by_hand() -> None:
    outcome = np.array([1, 0, 1, 0])
    good, base = np.array([0.8, 0.2, 0.8, 0.2]), np.full(4, 0.5)
    assert stats.brier_skill(outcome, good, base) == pytest.approx(1 - 0.04 / 0.25)
    assert stats.brier_skill(outcome, base, base) == 0
    assert stats.brier_skill(outcome, 1 - good, base) < 0
    assert stats.brier_skill([1, 0], good[:2], base[:2], np.array([2, 2])) == stats.brier_skill(outcome, good, base)
    assert math.isnan(stats.brier_skill(np.array([]), np.array([]), np.array([])))
    assert stats.coverage(np.array([0, 0.5]), np.array([0.2, 0.6]), np.array([0.1, 0.7])) == 0.5
    assert math.isnan(stats.coverage(np.array([]), np.array([]), np.array([])))


def test_a_bold_forecaster_has_a_slope_below_one_and_a_shy_one_above() -> None:
    rng = np.random.default_rng(4)
    truth = rng.beta(3, 5, 20_000)
    outcome = (rng.random(truth.size) < truth).astype(int)
    odds = truth / (1 - truth)
    slopes = [stats.calibration_slope(outcome, odds**power / (1 + odds**power)) for power in (2, 1, 0.5)]
    assert slopes == pytest.approx([0.5, 1, 2], rel=0.06)
    with pytest.raises(ValueError, match="log odds"):
        stats.calibration_slope(np.array([1]), np.array([1.0]))
    assert math.isnan(stats.calibration_slope(np.array([1, 0]), np.array([0.5, 0.5])))


def test_the_advisor_is_inside_its_bounds_on_a_split_in_time() -> None:
    """Skill above 0, 90 % coverage 85 to 95 %, slope 0.8 to 1.2 (S12), over simulated registers."""
    judged = [planted.judge(planted.steps(seed)) for seed in range(12)]
    assert min(one.skill for one in judged) > 0
    assert 0.85 <= np.mean([one.coverage for one in judged]) <= 0.95
    assert 0.8 <= np.mean([one.slope for one in judged]) <= 1.2
    assert all(one.cells > 100 and one.disputes > 4000 and one.abstained > 0 for one in judged)


def test_an_advisor_that_takes_each_cell_at_its_word_is_found_out() -> None:
    """Raw cell rates instead of shrunken ones: worse than ours, and too bold."""
    world = planted.steps(3, mean_n=15)
    (k, n), (later_k, later_n) = world.before, world.after
    outcome, weight = np.repeat([1, 0], k.size), np.concatenate([later_k, later_n - later_k])
    strength, everyone = stats.fit_strength(k, n, world.stage), (int(k.sum()), int(n.sum()))
    raw = np.tile(np.clip(k / n, 0.02, 0.98), 2)
    said = []
    for i, s in enumerate(world.stage):
        at_stage = (int(k[world.stage == s].sum()), int(n[world.stage == s].sum()))
        a, b = stats.advise((int(k[i]), int(n[i])), at_stage, everyone, strength, level=0.5)[-2:]
        said.append(a / (a + b))
    ours = np.tile(said, 2)
    assert stats.brier_skill(outcome, ours, raw, weight) > 0
    assert stats.calibration_slope(outcome, raw, weight) < 0.8
