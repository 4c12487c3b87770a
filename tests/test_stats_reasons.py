"""Disproportionality (S8): the posterior against plain numerical integration, the prior against a planted one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import gamma, nbinom, poisson

from prizewatch import stats
from prizewatch.stats import GammaMixture
from tests.planted import Column

#: DuMouchel's own prior (1999, p. 187), and the one fitted to the foods table that openEBGM ships (its tests).
PUBLISHED = (
    GammaMixture(0.2, 0.1, 2.0, 4.0, 1 / 3),
    GammaMixture(3.25280367, 0.39983376, 2.02490400, 1.90726819, 0.06536416),
)


def density(x: float, prior: GammaMixture) -> float:
    """The prior's density of a ratio."""
    a1, b1, a2, b2, p = prior
    return float(p * gamma.pdf(x, a1, scale=1 / b1) + (1 - p) * gamma.pdf(x, a2, scale=1 / b2))


@pytest.mark.parametrize("prior", PUBLISHED)
@pytest.mark.parametrize(("n", "expected"), [(3, 0.4), (5, 5.0), (12, 3.0), (40, 9.0)])
def test_the_shrunken_ratio_is_that_of_the_posterior_integrated(prior: GammaMixture, n: int, expected: float) -> None:
    ebgm, eb05 = (float(x[0]) for x in stats.shrunken_ratios(np.array([n]), np.array([expected]), prior))

    def weight(x: float) -> float:
        return density(x, prior) * float(poisson.pmf(n, x * expected))

    def over(f: object, low: float, high: float) -> float:
        return quad(f, low, high, points=[p for p in (eb05, n / expected) if low < p < high], limit=400)[0]  # type: ignore[arg-type]

    whole = over(weight, 1e-9, 60)
    assert math.log(ebgm) == pytest.approx(over(lambda x: math.log(x) * weight(x), 1e-9, 60) / whole, abs=1e-4)
    assert over(weight, 1e-9, eb05) / whole == pytest.approx(0.05, abs=1e-4)


def table(seed: int, signals: float, rows: int = 40, columns: int = 18) -> tuple[Column, Column, Column]:
    """Cells of a table with random margins; `signals` of them have three times as many reports as expected."""
    rng = np.random.default_rng(seed)
    expected = np.outer(rng.gamma(2, 1, rows), rng.gamma(2, 1, columns))
    expected *= 6000 / expected.sum()
    loud = rng.random(expected.shape) < signals
    return rng.poisson(expected * np.where(loud, 3.0, 1.0)).ravel(), expected.ravel(), loud.ravel()


def margins(cells: Column, rows: int, columns: int) -> tuple[Column, Column, Column, int]:
    """What `disproportion` takes, from a flat table."""
    square = cells.reshape(rows, columns)
    row = np.repeat(square.sum(axis=1), columns)
    return cells, row, np.tile(square.sum(axis=0), rows), int(square.sum())


def test_a_planted_mixture_is_found_again() -> None:
    rng = np.random.default_rng(3)
    expected = rng.gamma(1, 4, 8000)
    ratio = np.where(rng.random(8000) < 0.15, rng.gamma(12, 1 / 3, 8000), rng.gamma(30, 1 / 30, 8000))
    a1, b1, a2, b2, p = stats.fit_gamma_mixture(rng.poisson(expected * ratio), expected)
    (loud, share), (quiet, _) = sorted([(a1 / b1, p), (a2 / b2, 1 - p)], reverse=True)
    assert (loud, share, quiet) == pytest.approx((4.0, 0.15, 1.0), rel=0.12)


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_one_gamma_is_no_less_likely_than_its_neighbours(seed: int) -> None:
    n, expected, _ = table(seed, 0.0, rows=6, columns=8)
    a, b, *_rest, p = stats.fit_gamma_mixture(n, expected)
    if p < 1:
        return

    def likely(by_a: float, by_b: float) -> float:
        size, rate = min(a * by_a, 1e4), min(b * by_b, 1e4)
        return float(nbinom.logpmf(n, size, rate / (rate + expected)).sum())

    for other in ((1.1, 1), (1, 1.1), (1.1, 1.1), (0.9, 0.9)):
        assert likely(*other) <= likely(1, 1) + 0.01


def test_a_small_table_keeps_one_gamma_and_a_large_one_with_two_kinds_gets_two() -> None:
    assert stats.fit_gamma_mixture(*table(1, 0.0, rows=5, columns=6)[:2]).p == 1.0
    assert 0 < stats.fit_gamma_mixture(*table(1, 0.1)[:2]).p < 1


def test_planted_signals_are_found_and_noise_is_not() -> None:
    n, _, loud = table(5, 0.05)
    out = stats.disproportion(*margins(n, 40, 18))
    found = np.nan_to_num(out.eb05) > 1.5
    assert found[loud & (n >= 15)].mean() > 0.8
    assert found[~loud].mean() < 0.01
    # The raw ratio alone would shout where little was reported.
    small = (n >= 3) & (n < 8) & ~loud
    assert np.nanmax(out.rr[small]) > 2
    assert np.nanmax(out.eb05[small]) < 1.2


def test_cells_below_three_have_no_ratio_and_small_ones_are_drawn_toward_one() -> None:
    n, *_ = table(6, 0.05)
    cells, row, column, total = margins(n, 40, 18)
    out = stats.disproportion(cells, row, column, total)
    for values in out:
        assert np.array_equal(np.isnan(values), cells < 3)
    shown = cells >= 3
    expected = stats.expected_counts(row, column, total)
    assert out.rr[shown] == pytest.approx(cells[shown] / expected[shown])
    assert np.all(out.eb05[shown] < out.ebgm[shown])
    small = shown & (cells < 8) & (np.abs(np.log(np.where(shown, out.rr, 1))) > 0.4)
    assert small.sum() > 20
    assert np.all(np.abs(np.log(out.ebgm[small])) < np.abs(np.log(out.rr[small])))


def test_an_empty_table_and_one_that_cannot_be() -> None:
    nothing = stats.disproportion(np.array([0, 2]), np.array([2, 2]), np.array([0, 2]), 2)
    assert all(np.isnan(values).all() for values in nothing)
    with pytest.raises(ValueError, match="row total"):
        stats.disproportion(np.array([5]), np.array([4]), np.array([9]), 9)
    with pytest.raises(ValueError, match="expects"):
        stats.fit_gamma_mixture(np.array([0]), np.array([0.0]))


@pytest.mark.parametrize(("seed", "around"), [(2, 1.0), (3, 0.5), (4, 0.3)])
def test_one_loud_cell_among_many_that_are_alike_is_no_surer_than_its_count(seed: int, around: float) -> None:
    """A dozen reports where one is expected: by the likelihood alone a gamma as narrow as a needle sits there."""
    cells, row, column, total = margins(table(seed, 0.0)[0], 40, 18)
    loud = int(np.argmin(np.abs(stats.expected_counts(row, column, total) - around)))
    cells[loud] = 12
    out = stats.disproportion(*margins(cells, 40, 18))
    assert out.eb05[loud] > 2
    alone = gamma.ppf(0.05, 12) / 12  # what twelve reports tell without any others
    assert out.eb05[loud] / out.ebgm[loud] < (alone + 1) / 2
