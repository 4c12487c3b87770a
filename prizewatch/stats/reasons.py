"""Which organizers (or groups) are reported for which reason more often than their size explains.

DuMouchel 1999, Bayesian data mining in large frequency tables, The American Statistician 53(3), 177-190: counts are
Poisson with mean lambda x expected, and the lambdas of all cells come from one mixture of two gammas.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, gammainc, gammaln, logit, logsumexp, psi, xlogy

from .proportions import Column

#: Cells with fewer reports get no ratio (S8).
COUNTED_FROM = 3
#: DuMouchel's start (1999, p. 187), and two that the maker of openEBGM adds: the likelihood has several hills.
_STARTS = ((0.2, 0.1, 2.0, 4.0, 1 / 3), (0.2, 0.2, 5.0, 5.0, 0.4), (2.0, 1.0, 10.0, 10.0, 0.2))
_LIMITS = (np.log(1e-3), np.log(1e4))
#: Of two gammas the rare one has few cells to be learnt from: its shape has the weak prior exp(-shape / 30), the common
#: one's next to none. By the likelihood alone one loud cell gets a gamma of its own, as narrow as the limits allow, and
#: its EB05 claims what a dozen reports cannot.
_SHAPE = 30.0
_BISECTIONS = 60


class GammaMixture(NamedTuple):
    """Prior of the ratios: gamma(a1, rate b1) with weight p, else gamma(a2, rate b2)."""

    a1: float
    b1: float
    a2: float
    b2: float
    p: float


class Disproportion(NamedTuple):
    """Columns as long as the cells: observed / expected, its shrunken form, and that one's 5 % bound.

    NaN for cells with fewer than `COUNTED_FROM` reports.
    """

    rr: Column
    ebgm: Column
    eb05: Column


def _log_counts(a: float, b: float, n: Column, expected: Column) -> Any:
    """Log probability of each count when its ratio is gamma(a, rate b): negative binomial (DuMouchel, eq. 5)."""
    whole = b + expected
    return gammaln(a + n) - gammaln(a) - gammaln(n + 1) + a * np.log(b / whole) + xlogy(n, expected / whole)


def _best(n: Column, expected: Column, starts: tuple[tuple[float, ...], ...]) -> tuple[float, tuple[float, ...]]:
    """Greatest log likelihood and where: of one gamma (a, b), or of two and their weight (a1, b1, a2, b2, p), then with
    the prior of their shapes.
    """

    def unpacked(at: Column) -> tuple[float, ...]:
        return (*(float(x) for x in np.exp(at[:4])), *(float(x) for x in expit(at[4:])))

    def loss(at: Column) -> float:
        theta = unpacked(at)
        one = _log_counts(theta[0], theta[1], n, expected)
        if len(theta) == 2:
            return -float(one.sum())
        two = _log_counts(theta[2], theta[3], n, expected)
        both = np.logaddexp(np.log(theta[4]) + one, np.log1p(-theta[4]) + two)
        return -float(both.sum()) + ((1 - theta[4]) * theta[0] + theta[4] * theta[2]) / _SHAPE

    found = []
    for start in starts:
        at = np.array([*np.log(start[:4]), *(float(logit(x)) for x in start[4:])])
        limits = [_LIMITS] * min(4, len(start)) + [(-7.0, 7.0)] * (len(start) - 4 if len(start) > 4 else 0)
        answer = minimize(loss, at, method="L-BFGS-B", bounds=limits)
        found.append((-float(answer.fun), unpacked(answer.x)))
    return max(found)


def fit_gamma_mixture(n: Column, expected: Column) -> GammaMixture:
    """Prior of a table by maximum likelihood of all its cells, empty ones included (DuMouchel 1999, eq. 12).

    Two gammas only where they are worth their three parameters more (Akaike's criterion): in a small table one gamma
    stands alone, as mixture with p = 1. Raises `ValueError` without a cell that expects anything.
    """
    some = np.asarray(expected, dtype=float) > 0
    count, mean = np.asarray(n, dtype=float)[some], np.asarray(expected, dtype=float)[some]
    if not count.size:
        raise ValueError("no cell expects anything")
    alone, (a, b) = _best(count, mean, ((1.0, 1.0), (10.0, 10.0)))
    both, theta = _best(count, mean, _STARTS)
    return GammaMixture(*theta) if both - alone > 3 else GammaMixture(a, b, a, b, 1.0)


def shrunken_ratios(n: Column, expected: Column, prior: GammaMixture) -> tuple[Column, Column]:
    """EBGM and EB05 of each cell: geometric mean and 5 % quantile of its ratio's posterior (DuMouchel, eq. 6-11)."""
    count, mean = np.asarray(n, dtype=float), np.asarray(expected, dtype=float)
    parts = [
        (np.log(prior.p) if prior.p > 0 else -np.inf, prior.a1, prior.b1),
        (np.log1p(-prior.p) if prior.p < 1 else -np.inf, prior.a2, prior.b2),
    ]
    log = np.array([weight + _log_counts(a, b, count, mean) for weight, a, b in parts])
    weight = np.exp(log - logsumexp(log, axis=0))
    shape = np.array([a + count for _, a, _ in parts])
    rate = np.array([b + mean for _, _, b in parts])
    ebgm = np.exp((weight * (psi(shape) - np.log(rate))).sum(axis=0))
    low, high = (
        np.zeros(count.shape),
        np.array(shape / rate).max(axis=0),
    )  # the 5 % quantile of a gamma is below its mean
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        below = (weight * gammainc(shape, rate * middle)).sum(axis=0) < 0.05
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return ebgm, (low + high) / 2


def expected_counts(row: Column, column: Column, total: float) -> Column:
    """Count of each cell if rows and columns had nothing to do with each other (S8): row x column / total."""
    product = np.asarray(row, dtype=float) * np.asarray(column, dtype=float)
    return np.asarray(product / total if total > 0 else np.zeros(product.shape))


def disproportion(
    cells: Column, row: Column, column: Column, total: float, prior: GammaMixture | None = None
) -> Disproportion:
    """Reporting ratios of a table (S8): cells[i] reports where row[i] x column[i] / total are expected.

    Give every cell of the table, the empty ones too: they shape the prior, where none is given. A shrunken ratio
    (EBGM) of 2 says twice as many as expected; EB05 above 2 is the usual line for a signal. Raises `ValueError` for
    columns that do not match.
    """
    count, rows, columns = (np.asarray(values, dtype=float) for values in (cells, row, column))
    if not count.shape == rows.shape == columns.shape or not np.all(
        (count >= 0) & (rows >= count) & (columns >= count)
    ):
        raise ValueError("one row total and one column total for each cell, neither below it")
    expected = expected_counts(rows, columns, total)
    rr, ebgm, eb05 = (np.full(count.shape, np.nan) for _ in range(3))
    shown = count >= COUNTED_FROM
    if shown.any():
        rr[shown] = count[shown] / expected[shown]
        fitted = prior or fit_gamma_mixture(count, expected)
        ebgm[shown], eb05[shown] = shrunken_ratios(count[shown], expected[shown], fitted)
    return Disproportion(rr, ebgm, eb05)
