"""`python -m tests.bench --coverage`: how often intervals hold a planted truth, over many seeds, and what an attack on
an organizer's level costs. The figures the Method page publishes."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator
from statistics import mean

import numpy as np

from prizewatch import stats
from prizewatch.vocabulary import REFERENCE
from tests import planted

#: A day with so improbable a count is a burst; what an attacker has to stay below.
ALARM = 0.001
#: Smallest matching of draws to reporters that reaches a level.
LEVELS = {"watch": 2, "repeat": 3}
#: The file behind the table of the Method page: its rows -> what they claim, and the measurement they come from.
FILE = REFERENCE / "coverage.csv"
PUBLISHED = {
    "rate_many": ("0.90", "rate of an organizer, 400 with 4 each, 90 %"),
    "rate_few": ("0.90", "rate of an organizer, 40 with 4 each, 90 %"),
    "relief": ("0.95", "relief by day 30, 1000 people, 95 %"),
    "slope_none": ("0.95", "dose-response, slope 0.0, 95 %"),
    "slope": ("0.95", "dose-response, slope 0.4, 95 %"),
    "advice": ("0.90", "advisor: a later count, 90 %"),
}


def shrunken(seeds: int, organizers: int, mean_n: float) -> float:
    """Coverage of the 90 % interval of an organizer's rate (S3)."""
    shares = []
    for seed in range(seeds):
        k, n, truth = planted.group(seed, organizers, mean_n)
        rates = stats.shrunken_many(k, n, stats.bootstrap_prior(k, n, seed=seed), 0.90)
        shares.append(stats.coverage(rates.low, rates.high, truth))
    return mean(shares)


def plain(seeds: int, organizers: int, mean_n: float) -> float:
    """The same with the one fitted prior taken for the truth."""
    shares = []
    for seed in range(seeds):
        k, n, truth = planted.group(seed, organizers, mean_n)
        prior = stats.fit_beta_binomial(k, n)
        rates = stats.shrunken_many(k, n, stats.PriorFit(prior, (prior,)), 0.90)
        shares.append(stats.coverage(rates.low, rates.high, truth))
    return mean(shares)


def errors(seeds: int) -> list[float]:
    """Root mean square error of raw rates, of a guessed prior and of the fitted one (S3)."""
    squares = []
    for seed in range(seeds):
        k, n, truth = planted.group(seed)
        guessed = stats.Prior(7 * 0.625, 7 * 0.375)
        rates = (k / n, stats.shrunken(k, n, guessed), stats.shrunken(k, n, stats.fit_beta_binomial(k, n)))
        squares.append([float(np.mean((rate - truth) ** 2)) for rate in rates])
    return [math.sqrt(mean(column)) for column in zip(*squares, strict=True)]


def incidence(seeds: int, people: int, day: float) -> float:
    """Coverage of the 95 % band of relief at a day (S5)."""
    held = []
    for seed in range(seeds):
        curve = stats.incidence(*planted.waits(seed, people))
        last = max(i for i, step in enumerate(curve.days) if step <= day)
        held.append(curve.low[last] <= planted.relief_by(day) <= curve.high[last])
    return mean(held)


def slope(seeds: int, planted_slope: float, organizers: int) -> float:
    """Coverage of the 95 % interval of the dose-response (S6)."""
    held = []
    for seed in range(seeds):
        fitted = stats.dose_response(*planted.complaints(seed, planted_slope, organizers), seed=seed)
        held.append(fitted.low <= planted_slope <= fitted.high)
    return mean(held)


def rows(seeds: int) -> Iterator[tuple[str, str, float]]:
    """What, the bounds it should be within, and the measured share."""
    for organizers, mean_n in ((400, 4), (40, 4), (15, 4), (400, 20), (40, 20)):
        what = f"rate of an organizer, {organizers} with {mean_n} each"
        yield f"{what}, 90 %", "0.85-0.95", shrunken(seeds, organizers, mean_n)
        yield f"{what}, one prior, 90 %", "", plain(seeds, organizers, mean_n)
    for people, day in ((100, 30), (1000, 30), (1000, 90)):
        yield f"relief by day {day}, {people} people, 95 %", "0.92-0.98", incidence(seeds, people, day)
    for planted_slope in (0.0, 0.4):
        yield f"dose-response, slope {planted_slope}, 95 %", "0.92-0.98", slope(seeds, planted_slope, 1000)
    judged = [planted.judge(planted.steps(seed)) for seed in range(seeds)]
    yield "advisor: a later count, 90 %", "0.85-0.95", mean(one.coverage for one in judged)
    yield "advisor: calibration slope", "0.80-1.20", mean(one.slope for one in judged)
    yield "advisor: Brier skill, mean", "> 0", mean(one.skill for one in judged)
    yield "advisor: Brier skill, least", "> 0", min(one.skill for one in judged)
    for name, error in zip(("raw rates", "a guessed prior", "the fitted prior"), errors(seeds), strict=True):
        yield f"error of {name}", "", error


def people_needed(level: int, honest: int, reports: int = 200) -> int:
    """Identities that 200 false reports need before an organizer with `honest` separate real ones has that level."""
    real = [(f"real {i}", f"person {i}") for i in range(honest)]
    return next(
        people for people in range(level + 1)
        if stats.matching_size([*real, *(planted.brigade(reports, people) if people else [])]) >= level
    )  # fmt: skip


def days_needed(reports: int, quiet: int) -> int:
    """Days over which so many reports must be spread to stay below the alarm, after so many days without any."""
    history, sent = [0] * quiet, 0
    while sent < reports:
        today = next(n for n in range(reports + 1) if stats.burst_tail(n + 1, history) < ALARM)
        history.append(today)
        sent += today
    return len(history) - quiet


def main(seeds: int, write: bool = False) -> None:
    """Print both tables; with `write` the published figures become those measured now."""
    print(f"{'what (' + str(seeds) + ' seeds)':<64}{'measured':>10}   should be", flush=True)
    found = {}
    for what, bounds, measured in rows(seeds):
        print(f"{what:<64}{measured:>10.3f}   {bounds}", flush=True)
        found[what] = measured
    if write:
        with FILE.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(("interval", "claimed", "measured", "seeds"))
            for name, (claimed, what) in PUBLISHED.items():
                out.writerow((name, claimed, f"{found[what]:.3f}", seeds))
    print("\nidentities that 200 false reports need, by separate real reports there are")
    print(f"{'level':<12}" + "".join(f"{honest:>6}" for honest in range(3)))
    for name, level in LEVELS.items():
        print(f"{name:<12}" + "".join(f"{people_needed(level, honest):>6}" for honest in range(3)))
    print(f"\n{'days to spread them over to stay below the alarm':<52}{'reports':>8}{'days':>6}")
    for quiet in (30, 365):
        for reports in (10, 50, 200):
            print(f"{f'after {quiet} quiet days':<52}{reports:>8}{days_needed(reports, quiet):>6}")
