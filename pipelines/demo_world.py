"""The invented world of a demo register: organizers, their draws, and who reports whom. All of it arrays of numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import demo_tables as tables
from .demo_tables import index

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Random = np.random.Generator

#: The planted cases, in the order of their organizers: type, legal nature, host platform, tool.
PLANTED = {
    "ten_of_ten": ("online_shop", "company", "wechat_channels", "channels_fudai"),
    "forty_draws": ("brand_company", "company", "weibo", "weibo_lottery"),
    "renamed": ("factory_shop", "company", "wechat", "choujiang_zhushou"),
    "impersonated": ("other_institution", "public_body", "wechat", "choujiang_zhushou"),
    "brigaded": ("brand_company", "company", "xiaohongshu", "xhs_lottery"),
}
TEN_OF_TEN, FORTY_DRAWS, RENAMED, IMPERSONATED, BRIGADED = range(len(PLANTED))
#: Days before the cut on which the draws of the first three planted organizers were held.
_DRAWS_AGO = {
    TEN_OF_TEN: (420, 380, 340, 300, 265, 230, 195, 160, 130, 100),
    FORTY_DRAWS: (310, 150),
    RENAMED: (400, 350, 200, 140),
}
BRIGADE_PEOPLE, BRIGADE_AGO, IMPERSONATED_REPORTS = 12, 75, 5
RENAME_AGO = 270


@dataclass(frozen=True)
class Answers:
    """A planted truth about platforms, for tests: log odds of action on a first report and per doubling of (1 + reports
    before), and how often the reporter learns of an action and of none."""

    base: float
    per_doubling: float
    told: tuple[float, float] = (0.55, 0.55)


@dataclass(frozen=True)
class World:
    """Organizers, draws and, for each report, its organizer, draw, reporter and prize number."""

    seed: int
    cut: int
    organizer: dict[str, npt.NDArray[Any]]  # type, nature, host, tool, group, renamed, rename_day
    draw: dict[str, npt.NDArray[Any]]  # organizer, day, hour, kind, value (cents), winners, entrants, has_ref, title
    of_organizer: Ints
    of_draw: Ints
    reporter: Ints
    prize_no: Ints
    answers: Answers | None = None

    @property
    def size(self) -> int:
        """Number of disputes."""
        return len(self.of_organizer)

    def trait(self, name: str) -> npt.NDArray[Any]:
        """A trait of the organizer of every report."""
        return self.organizer[name][self.of_organizer]


def pick(rng: Random, shares: dict[str, Any], codes: dict[str, int], size: int) -> Ints:
    """Codes drawn by their shares (the first number of each)."""
    weight = np.array([s[0] if isinstance(s, tuple) else s for s in shares.values()], float)
    return np.array([codes[c] for c in shares])[rng.choice(len(weight), size, p=weight / weight.sum())]


def lag(rng: Random, median_sigma: tuple[float, float], size: int) -> Ints:
    """Whole days with a long right tail."""
    return np.rint(rng.lognormal(np.log(median_sigma[0]), median_sigma[1], size)).astype(np.int64)


def make_world(seed: int, reports: int, answers: Answers | None = None) -> World:
    """A world with so many reports (duplicates come on top). The same seed and number give the same world.

    `answers` takes the place of what the demo assumes of platforms.
    """
    rng = np.random.default_rng([seed, 1])
    cut = tables.day(tables.CUT)
    planted_organizer, planted_draw, planted_reporter, planted_prize = _planted(reports)
    free = reports - len(planted_organizer)
    kinds = pick(rng, tables.TYPES, index("organizer_type"), free)
    organizer, whom = _organizers(rng, kinds, cut)
    # Reports of one organizer, one after the other, are about the draw before or a new one.
    order = np.argsort(whom, kind="stable")
    change = np.r_[True, whom[order][1:] != whom[order][:-1]] | (rng.random(free) < tables.NEW_DRAW)
    which = np.empty(free, np.int64)
    which[order] = np.cumsum(change) - 1
    draws_planted = sum(map(len, _DRAWS_AGO.values())) + 1 + 2
    owner = np.r_[_planted_owner(), whom[order][change]]
    draw = _draws(rng, owner, draws_planted, cut)
    return World(
        seed=seed,
        cut=cut,
        organizer=organizer,
        draw=draw,
        of_organizer=np.r_[planted_organizer, whom],
        of_draw=np.r_[planted_draw, which + draws_planted],
        reporter=np.r_[planted_reporter, _reporters(rng, whom) + 1000],
        prize_no=np.r_[planted_prize, np.ones(free, np.int64)],
        answers=answers,
    )


def brigade(reports: int) -> int:
    """How many reports the planted brigade files."""
    return max(BRIGADE_PEOPLE, min(200, reports // 25))


def _planted_owner() -> Ints:
    owners = [o for o, ago in _DRAWS_AGO.items() for _ in ago]
    return np.array([*owners, IMPERSONATED, BRIGADED, BRIGADED])


def _planted(reports: int) -> tuple[Ints, Ints, Ints, Ints]:
    """Organizer, draw, reporter and prize number of the planted reports, which come first."""
    owner = _planted_owner()
    rows = [(int(owner[draw]), draw, 1) for draw in range(16)]
    rows += [(TEN_OF_TEN, 0, 1), (TEN_OF_TEN, 4, 1)]
    rows += [(IMPERSONATED, 16, 1)] * IMPERSONATED_REPORTS
    people = list(range(len(rows)))
    for k in range(brigade(reports)):
        rows.append((BRIGADED, 17 + k // BRIGADE_PEOPLE % 2, 1 + k // (2 * BRIGADE_PEOPLE)))
        people.append(900 + k % BRIGADE_PEOPLE)
    organizer, draw, prize = np.array(rows).T
    return organizer, draw, np.array(people), prize


def _organizers(rng: Random, kinds: Ints, cut: int) -> tuple[dict[str, npt.NDArray[Any]], Ints]:
    """The organizers, planted ones first, and the organizer of each report of a kind."""
    lists = ("organizer_type", "legal_nature", "host_platform", "lottery_tool")
    type_of, nature_of, host_of, tool_of = (index(name) for name in lists)
    first = len(PLANTED)
    whom = np.empty(len(kinds), np.int64)
    columns: list[list[Ints]] = []
    for code, (_, each) in tables.TYPES.items():
        mine = np.flatnonzero(kinds == type_of[code])
        count = max(1, round(len(mine) / each))
        weight = rng.random(count) ** (-1 / tables.PARETO)
        weight /= weight.sum()
        if code == "unknown":  # nobody could name them: each stands alone
            count, whom[mine] = len(mine), first + np.arange(len(mine))
        else:
            whom[mine] = first + np.searchsorted(np.cumsum(weight)[:-1], rng.random(len(mine)))
        host = pick(rng, tables.HOSTS[code], host_of, count)
        tool = np.empty(count, np.int64)
        for name, tools in tables.TOOLS.items():
            here = host == host_of[name]
            tool[here] = pick(rng, tools, tool_of, int(here.sum()))
        columns.append([np.full(count, type_of[code]), pick(rng, tables.NATURES[code], nature_of, count), host, tool])
        first += count
    traits = []
    for k, name in enumerate(lists):
        planted = np.array([index(name)[codes[k]] for codes in PLANTED.values()])
        traits.append(np.concatenate([planted, *(c[k] for c in columns)]))
    size = len(traits[0])
    renamed = rng.random(size) < tables.RENAMED
    renamed[: len(PLANTED)] = False
    renamed[RENAMED] = True
    rename_day = cut - rng.integers(60, 700, size)
    rename_day[RENAMED] = cut - RENAME_AGO
    names = dict(zip(("type", "nature", "host", "tool"), traits, strict=True))
    return {**names, "group": tables.group_numbers()[traits[0]], "renamed": renamed, "rename_day": rename_day}, whom


def _reporters(rng: Random, whom: Ints) -> Ints:
    """Who reports: a few people report two organizers, nobody reports one twice."""
    size = len(whom)
    people = np.arange(size)
    again = np.flatnonzero(rng.random(size) < 0.03)
    again = again[again > 0]
    people[again] = rng.integers(0, again)
    pair = people * np.int64(1 << 32) + whom
    _, place = np.unique(pair, return_index=True)
    twice = np.ones(size, bool)
    twice[place] = False
    people[twice] = size + np.flatnonzero(twice)
    return people


def _draws(rng: Random, owner: Ints, planted: int, cut: int) -> dict[str, npt.NDArray[Any]]:
    size = len(owner)
    start = tables.day(tables.START)
    chances = tables.season()[:-3]
    day = start + np.minimum(np.searchsorted(np.cumsum(chances / chances.sum()), rng.random(size)), len(chances) - 1)
    ago = [a for of in _DRAWS_AGO.values() for a in of]
    day[:planted] = cut - np.array([*ago, 120, BRIGADE_AGO, BRIGADE_AGO - 3])
    kinds = index("prize_kind")
    kind = pick(rng, tables.PRIZES, kinds, size)
    kind[:planted] = kinds["goods"]
    cents = _values(rng, kind, kinds)
    cents[:planted] = 19_900
    winners = np.maximum(1, lag(rng, (6, 1.2), size))
    known = rng.random(size)
    return {
        "organizer": owner,
        "day": day,
        "minute": rng.integers(10 * 60, 22 * 60, size),
        "kind": kind,
        "cents": cents,
        "winners": np.where(known < 0.6, winners, -1),
        "entrants": np.where(known < 0.35, winners + lag(rng, (400, 1.6), size), -1),
        "has_ref": (rng.random(size) < 0.85) | (np.arange(size) < planted),
        "title": rng.integers(0, 1 << 30, size),
    }


def _values(rng: Random, kind: Ints, kinds: dict[str, int]) -> Ints:
    """Values in cents, -1 where nobody knows: log-normal by kind, heaped on lucky and price-like numbers."""
    median, sigma = np.ones(len(kinds)), np.ones(len(kinds))
    for code, (_, m, s) in tables.PRIZES.items():
        median[kinds[code]], sigma[kinds[code]] = np.log(m), s
    logs = rng.normal(median[kind], sigma[kind])
    lucky = np.log(np.array(tables.LUCKY))
    nearest = np.abs(logs[:, None] - lucky[None, :]).argmin(axis=1)
    heaped = (rng.random(len(kind)) < tables.HEAPED) & (np.abs(logs - lucky[nearest]) < 0.5)
    cents = np.rint(np.exp(np.where(heaped, lucky[nearest], logs)) * 100).astype(np.int64)
    whole = (cents > 2000) & ~heaped  # other prices are whole yuan
    cents = np.where(whole, cents // 100 * 100, cents)
    cents = np.clip(cents, 50, 20_000_000)
    return np.where(rng.random(len(kind)) < tables.VALUE_UNKNOWN, -1, cents)
