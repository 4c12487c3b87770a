"""Small groups (S3) and the funnel (S4): golden numbers, planted priors, coverage, scipy's own distributions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, betabinom, binom

from prizewatch import stats
from tests import planted

COUNTS = st.lists(
    st.integers(1, 30).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=60
)


def error(estimate: planted.Column, truth: planted.Column) -> float:
    return float(np.sqrt(np.mean((estimate - truth) ** 2)))


def test_a_fitted_prior_halves_the_error_and_a_guessed_one_does_not() -> None:
    """The golden numbers of the synthetic set: raw 0.295, a fixed prior of 7 x 0.625 0.272, the fitted one 0.130."""
    k, n, truth = planted.group(seed=1)
    fitted = stats.shrunken_many(k, n, stats.PriorFit(prior := stats.fit_beta_binomial(k, n), (prior,))).share
    fixed = stats.shrunken(k, n, stats.Prior(7 * 0.625, 7 * 0.375))
    assert [round(error(rate, truth), 3) for rate in (k / n, fixed, fitted)] == [0.295, 0.272, 0.130]


def test_the_planted_prior_is_found_again() -> None:
    for seed in range(5):
        k, n, _ = planted.group(seed, organizers=4000, mean_n=12)
        prior = stats.fit_beta_binomial(k, n)
        assert prior.mean == pytest.approx(2 / 7, abs=0.01)
        assert prior.strength == pytest.approx(7, rel=0.12)


@settings(max_examples=40, deadline=None)
@given(COUNTS)
def test_no_other_prior_makes_the_counts_likelier(counts: list[tuple[int, int]]) -> None:
    k, n = (np.array(column) for column in zip(*counts, strict=True))
    if 0 in (k.sum(), (n - k).sum()) or n.max() == 1:
        return

    def likely(mean: float, strength: float) -> float:
        return float(betabinom.logpmf(k, n, strength * mean, strength * (1 - mean)).sum() - math.log1p(strength) / 2)

    prior = stats.fit_beta_binomial(k, n)
    best = likely(prior.mean, prior.strength)
    for mean in (0.5, 0.9, 1.1):
        for strength in (0.5, 0.9, 1.1, 2):
            near = np.clip(prior.strength * strength, 0.1, n.sum() + 1)
            assert likely(min(prior.mean * mean, 0.999), float(near)) <= best + 1e-4


@pytest.mark.parametrize(
    ("k", "n", "strength", "mean"),
    [
        ([0, 0, 0], [5, 5, 5], 16, 0.5 / 16),  # nobody
        ([5, 5, 5], [5, 5, 5], 16, 15.5 / 16),  # everybody
        ([5, 5, 5, 5], [10, 10, 10, 10], 32.359, 0.5),  # more alike than chance lets them
        ([0, 10, 0, 10], [10, 10, 10, 10], 0.1, 0.5),  # all or nothing
        ([1, 0, 1, 1], [1, 1, 1, 1], 5, 0.7),  # one dispute each says nothing of how they differ
        ([0, 0], [0, 0], 1, 0.5),  # nothing known
        ([], [], 1, 0.5),
    ],
)
def test_groups_at_the_edge_have_a_prior_too(k: list[int], n: list[int], strength: float, mean: float) -> None:
    prior = stats.fit_beta_binomial(np.array(k), np.array(n))
    assert (prior.strength, prior.mean) == pytest.approx((strength, mean), abs=1e-3)
    fit = stats.bootstrap_prior(np.array(k), np.array(n), draws=20, seed=1)
    low, high = stats.shrunken_interval(3, 10, fit)
    assert 0 <= low < high <= 1


def test_the_same_seed_gives_the_same_fit_and_another_one_another() -> None:
    k, n, _ = planted.group(3, organizers=50)
    assert stats.bootstrap_prior(k, n, draws=9, seed=5) == stats.bootstrap_prior(k, n, draws=9, seed=5)
    assert stats.bootstrap_prior(k, n, draws=9, seed=5) != stats.bootstrap_prior(k, n, draws=9, seed=6)


def test_one_prior_gives_the_plain_posterior_and_several_their_mixture() -> None:
    one, other = stats.Prior(2, 5), stats.Prior(4, 3)
    plain = stats.shrunken_interval(6, 11, stats.PriorFit(one, (one,)), 0.9)
    assert plain == pytest.approx(beta.interval(0.9, 8, 10), abs=1e-9)
    low, high = stats.shrunken_interval(6, 11, stats.PriorFit(one, (one, other)), 0.9)
    for end, p in ((low, 0.05), (high, 0.95)):
        assert (beta.cdf(end, 8, 10) + beta.cdf(end, 10, 8)) / 2 == pytest.approx(p, abs=1e-8)


def test_columns_and_single_members_agree_and_nothing_counted_has_no_rate() -> None:
    k, n, _ = planted.group(4, organizers=30)
    fit = stats.bootstrap_prior(k, n, draws=15, seed=2)
    many = stats.shrunken_many(np.array([3, 0]), np.array([12, 0]), fit)
    assert (many.low[0], many.high[0]) == pytest.approx(stats.shrunken_interval(3, 12, fit))
    assert many.share[0] == pytest.approx(stats.shrunken(3, 12, fit.prior))
    assert all(math.isnan(column[1]) for column in many)


@pytest.mark.parametrize("organizers", [15, 40, 400])
def test_the_90_percent_interval_holds_nine_in_ten_in_groups_of_every_size(organizers: int) -> None:
    """Forty seeds; one prior taken for the truth fails a small group (`tests.bench --coverage` prints 200 seeds)."""
    mixed, plain = [], []
    for seed in range(40):
        k, n, truth = planted.group(seed, organizers)
        fit = stats.bootstrap_prior(k, n, draws=60, seed=seed)
        for shares, samples in ((mixed, fit.samples), (plain, (fit.prior,))):
            columns = stats.shrunken_many(k, n, stats.PriorFit(fit.prior, samples), 0.9)
            shares.append(stats.coverage(columns.low, columns.high, truth))
    assert 0.85 <= np.mean(mixed) <= 0.95
    assert np.mean(mixed) >= np.mean(plain)
    if organizers == 15:
        assert np.mean(plain) < 0.87


def test_counts_that_cannot_be_are_refused() -> None:
    for k, n in (([2], [1]), ([-1], [3]), ([1, 1], [3])):
        with pytest.raises(ValueError, match="between 0 and its n"):
            stats.fit_beta_binomial(np.array(k), np.array(n))
    with pytest.raises(ValueError, match=r"0\.95"):
        stats.shrunken_interval(1, 2, stats.PriorFit(stats.Prior(1, 1), (stats.Prior(1, 1),)), 0.05)


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 800), st.floats(0.01, 0.99), st.sampled_from([0.95, 0.998]))
def test_funnel_limits_lie_between_the_two_counts_that_scipys_binomial_gives(
    n: int, centre: float, level: float
) -> None:
    low, high = (float(end[0]) for end in stats.funnel_limits(np.array([n]), centre, level))
    for end, p in ((low, (1 - level) / 2), (high, (1 + level) / 2)):
        r = binom.ppf(p, n, centre)
        before, upto = binom.cdf(r - 1, n, centre), binom.cdf(r, n, centre)
        assert end == pytest.approx(np.clip((r - (upto - p) / (upto - before)) / n, 0, 1), abs=1e-6)
    assert low <= centre <= high


def test_funnel_limits_close_smoothly_around_the_centre() -> None:
    n = np.arange(10, 2000)
    for level in (0.95, 0.998):
        low, high = stats.funnel_limits(n, 0.3, level)
        assert np.all(np.diff(low) > -0.004)
        assert np.all(np.diff(high) < 0.004)
        assert np.all((low >= 0) & (low < 0.3) & (high > 0.3) & (high <= 1))
    assert [float(end[0]) for end in stats.funnel_limits(np.array([50]), 0.0, 0.95)] == [0.0, 0.0]
    assert [float(end[0]) for end in stats.funnel_limits(np.array([50]), 1.0, 0.95)] == [1.0, 1.0]
    with pytest.raises(ValueError, match="level"):
        stats.funnel_limits(n, 0.3, 0.05)


def test_chance_alone_stays_inside_the_funnel_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    n = rng.integers(10, 300, 20_000)
    zones = stats.funnel_zones(rng.binomial(n, 0.3), n, 0.3)
    share = {name: float(np.mean(zones == name)) for name in ("inside", "look", "alarm")}
    assert share["inside"] == pytest.approx(0.95, abs=0.01)
    assert share["alarm"] == pytest.approx(0.002, abs=0.0015)


def test_over_dispersion_is_found_where_it_is_and_widens_the_limits() -> None:
    rng = np.random.default_rng(1)
    n = rng.integers(20, 200, 300)
    chance, spread = rng.binomial(n, 0.3), rng.binomial(n, rng.beta(9, 21, n.size))
    assert stats.overdispersion(chance, n, 0.3) < 1
    assert stats.between_variance(chance, n, 0.3) == 0
    assert stats.overdispersion(spread, n, 0.3) > 2
    between = stats.between_variance(spread, n, 0.3)
    # The variance of arcsin(sqrt(p)) is about var(p) / (4 p (1 - p)) = 1 / (4 x 31); winsorising takes from it.
    assert 0.4 / 124 < between < 1 / 124
    narrow, wide = (np.mean(stats.funnel_zones(spread, n, 0.3, b) == "inside") for b in (0.0, between))
    assert narrow < 0.75 < 0.88 < wide


def test_over_dispersion_follows_the_published_formula() -> None:
    """FunnelPlotR, data type "PR": z = 2 sqrt(n) (asin sqrt(k/n) - asin sqrt(centre)), its 10 % and 90 % quantiles."""
    k, n = np.array([1, 5, 9, 20, 2, 40, 11, 3, 8, 15]), np.array([10, 20, 30, 40, 10, 60, 30, 15, 20, 30])
    z = 2 * np.sqrt(n) * (np.arcsin(np.sqrt(k / n)) - math.asin(math.sqrt(0.4)))
    ordered = np.sort(z)
    low, high = ordered[0] + 0.9 * (ordered[1] - ordered[0]), ordered[8] + 0.1 * (ordered[9] - ordered[8])
    phi = float(np.mean(np.clip(z, low, high) ** 2))
    assert stats.overdispersion(k, n, 0.4) == pytest.approx(phi)
    weight = 4.0 * n
    tau2 = (10 * phi - 9) / (weight.sum() - (weight**2).sum() / weight.sum())
    assert stats.between_variance(k, n, 0.4) == pytest.approx(max(0.0, tau2))
    assert tau2 > 0
    assert math.isnan(stats.overdispersion(np.array([]), np.array([]), 0.4))
    assert stats.between_variance(k[:1], n[:1], 0.4) == 0
