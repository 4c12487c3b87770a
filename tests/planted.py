"""Worlds whose truth we planted: what the statistics must find again, in the tests and in `make bench`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.special import expit

from prizewatch import stats

Column = np.ndarray[Any, np.dtype[Any]]


class Group(NamedTuple):
    """Organizers of one group: `k` of `n` decided disputes with relief, and the true rate of each."""

    k: Column
    n: Column
    truth: Column


def group(seed: int, organizers: int = 400, mean_n: float = 4, a: float = 2, b: float = 5) -> Group:
    """Rates from Beta(a, b), sizes geometric: the synthetic set of S3."""
    rng = np.random.default_rng(seed)
    truth = rng.beta(a, b, organizers)
    n = rng.geometric(1 / mean_n, organizers)
    return Group(rng.binomial(n, truth), n, truth)


class Complaints(NamedTuple):
    """One row a complaint to a platform: how many were before it, was it acted on, about which organizer."""

    exposure: Column
    action: Column
    organizer: Column


#: Log odds of action on a first complaint: 4.7 %.
BASE = -3.0


def complaints(seed: int, slope: float, organizers: int = 3000, goes_on: float = 0.85, most: int = 12) -> Complaints:
    """Complaints follow one another until the platform acts or people stop; action depends on those before (S6)."""
    rng = np.random.default_rng(seed)
    rows = []
    for organizer in range(organizers):
        for before in range(most):
            acted = rng.random() < expit(BASE + slope * np.log2(1 + before))
            rows.append((before, acted, organizer))
            if acted or rng.random() > goes_on:
                break
    return Complaints(*np.array(rows, dtype=int).T)


def totals(world: Complaints) -> tuple[Column, Column]:
    """The trap: complaints in total and "ever acted on" of each organizer; only the last complaint can be the one."""
    count = np.bincount(world.organizer)
    return count, np.bincount(world.organizer, world.action)


#: Daily rates of relief and of giving up.
RELIEF, GIVE_UP = 0.03, 0.06


class Waits(NamedTuple):
    """Days since the claim, and how they ended: 1 relief, 2 gave up, 0 still open when we looked."""

    days: Column
    events: Column


def waits(seed: int, people: int) -> Waits:
    """Relief and giving up at constant rates, looked at after an exponential time of 100 days on average."""
    rng = np.random.default_rng(seed)
    ends = np.column_stack([rng.exponential(1 / rate, people) for rate in (0.01, RELIEF, GIVE_UP)])
    return Waits(ends.min(axis=1), ends.argmin(axis=1))


def relief_by(day: float) -> float:
    """The true share with relief by a day."""
    return RELIEF / (RELIEF + GIVE_UP) * (1 - float(np.exp(-(RELIEF + GIVE_UP) * day)))


class Silent(NamedTuple):
    """Outcomes people told us, and how many stay silent; `truth` is the share of all with relief."""

    relief: int
    no_relief: int
    silent: int
    truth: float


def silent(seed: int, people: int = 2000, told_paid: float = 0.3, told_unpaid: float = 0.8) -> Silent:
    """Who was paid tells it less often than who was not: silence that depends on what is silent about (MNAR)."""
    rng = np.random.default_rng(seed)
    paid = rng.random(people) < 0.45
    told = rng.random(people) < np.where(paid, told_paid, told_unpaid)
    return Silent(int((paid & told).sum()), int((~paid & told).sum()), int((~told).sum()), float(paid.mean()))


class Steps(NamedTuple):
    """Cells of the advisor (group x stage x evidence level): their stage, and (k, n) before and after a day."""

    stage: Column
    before: tuple[Column, Column]
    after: tuple[Column, Column]


def steps(seed: int, stages: int = 7, cells: int = 25, mean_n: float = 40) -> Steps:
    """Rates of cells vary around their stage's, those around the register's."""
    rng = np.random.default_rng(seed)
    stage = np.repeat(np.arange(stages), cells)
    around = rng.beta(3, 7, stages)[stage]
    truth = rng.beta(12 * around, 12 * (1 - around))
    sizes = [rng.geometric(1 / mean_n, stage.size) for _ in range(2)]
    early, late = ((rng.binomial(n, truth), n) for n in sizes)
    return Steps(stage, early, late)


class Judgement(NamedTuple):
    """The advisor on later disputes: skill against the stage's base rate, coverage of its interval, calibration.

    `disputes` later ones were judged in `cells` cells that had advice of their own; for `abstained` more disputes the
    advisor named a wider group or nothing.
    """

    skill: float
    coverage: float
    slope: float
    cells: int
    disputes: int
    abstained: int


def judge(world: Steps, level: float = 0.90) -> Judgement:
    """The advisor of the disputes before, judged by those after (`prizewatch.foresight` judges it on a register)."""
    k, n, later_k, later_n = (np.asarray(column, dtype=int) for column in (*world.before, *world.after))
    names, at = np.unique(world.stage, return_inverse=True)
    stage_k, stage_n = (np.bincount(at, column, names.size).astype(int) for column in (k, n))
    strength, everyone = stats.fit_strength(k, n, at), (int(k.sum()), int(n.sum()))
    said = [
        stats.advise((int(k[i]), int(n[i])), (int(stage_k[s]), int(stage_n[s])), everyone, strength)
        for i, s in enumerate(at)
    ]
    own = np.array([advice.basis == "cell" for advice in said]) & (later_n > 0)
    share, a, b = (np.array([getattr(advice, name) for advice in said])[own] for name in ("share", "a", "b"))
    base = (stage_k / np.maximum(stage_n, 1))[at][own]
    hits, misses = later_k[own], (later_n - later_k)[own]
    outcome = np.repeat([1.0, 0.0], share.size)
    weight = np.concatenate([hits, misses])
    middle = stats.foreseen(a, b, hits, hits + misses)
    edge = np.full(middle.shape, (1 - level) / 2)
    return Judgement(
        stats.brier_skill(outcome, np.tile(share, 2), np.tile(base, 2), weight),
        stats.coverage(edge, 1 - edge, middle),
        stats.calibration_slope(outcome, np.tile(share, 2), weight),
        int(own.sum()),
        int(weight.sum()),
        int(later_n.sum() - weight.sum()),
    )


def brigade(reports: int, people: int) -> list[tuple[int, int]]:
    """(draw, reporter) of many reports by few: each names another draw."""
    return [(report, report % people) for report in range(reports)]
