"""What each report of the demo says: reason, days, prize, conditions, proof. The ladder is in `demo_ladder.py`."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import demo_tables as tables
from .demo_tables import index
from .demo_world import (
    BRIGADE_AGO,
    BRIGADED,
    FORTY_DRAWS,
    IMPERSONATED,
    RENAMED,
    TEN_OF_TEN,
    Flags,
    Ints,
    Random,
    World,
    lag,
    pick,
)

Columns = dict[str, npt.NDArray[Any]]
#: Reasons that need time to have passed since the win: 31 days to ship, a week of silence after two tries.
NEEDS_DAYS = {"not_shipped": 34, "no_response": 12}
MODES = {
    "blocked_after_address": "blocked", "declared_void": "explicit", "no_response": "silent", "not_shipped": "silent",
    "pay_to_claim": "conditional", "prize_changed": "reduced", "unstated_condition": "conditional",
    "account_gone": "silent",
}  # fmt: skip
NEVER, NOTHING = -1, -1


def make_story(world: World) -> Columns:
    """The fields of every report, days as numbers since 1970, -1 where there is nothing."""
    rng = np.random.default_rng([world.seed, 2])
    size = world.size
    story: Columns = {}
    day = world.draw["day"][world.of_draw]
    win = np.minimum(day + np.array([0, 1, 2])[rng.choice(3, size, p=[0.8, 0.15, 0.05])], world.cut - 2)
    story |= {"draw_day": day, "win": win, "entered": day - rng.integers(1, 12, size)}
    story["reason"] = reason = _reasons(rng, world, world.cut - win)
    story["mode"] = mode = _modes(rng, reason)
    story |= _days(rng, world, reason, mode, win)
    story["disqualified"] = (rng.random(size) < tables.SELF_DISQUALIFIED) & ~steady(world)
    story["level"] = _levels(rng, world)
    story |= _details(rng, world, story)
    story["before"] = _before(world.of_organizer, story["reported"])
    story["draws_known"] = known_draws(world, rng)[world.of_organizer]
    return story


def steady(world: World) -> Flags:
    """Reports whose story is planted: they end without relief, and carry both kinds of proof."""
    planted = np.isin(world.of_organizer, (TEN_OF_TEN, FORTY_DRAWS, RENAMED))
    return np.asarray(planted)


def _reasons(rng: Random, world: World, since_win: Ints) -> Ints:
    codes = index("dispute_reason")
    share = np.array([tables.REASONS.get(c, 0.0) for c in codes])
    share[codes["forged_evidence"]] = 0  # given later, to some who went to a platform
    named = share.copy()
    named[codes["impersonation"]] = 0
    tilt = np.ones((len(tables.GROUPS), len(codes)))
    for name, tilts in tables.TILTS.items():
        for code, factor in tilts.items():
            tilt[tables.GROUPS.index(name), codes[code]] = factor
    group = world.trait("group")
    mass = np.bincount(group, minlength=len(tables.GROUPS)) / world.size
    base = named / named.sum()
    wanted = base.copy()
    for _ in range(60):  # the groups differ, their sum is what the table says
        by_group = base * tilt
        by_group /= by_group.sum(axis=1, keepdims=True)
        base = base * np.divide(wanted, mass @ by_group, out=np.ones_like(base), where=wanted > 0)
    by_group = base * tilt
    by_group /= by_group.sum(axis=1, keepdims=True)
    reason = np.empty(world.size, np.int64)
    for g in range(len(tables.GROUPS)):
        mine = np.flatnonzero(group == g)
        reason[mine] = rng.choice(len(codes), len(mine), p=by_group[g])
    unknown = world.trait("type") == index("organizer_type")["unknown"]
    borrowed = rng.random(world.size) < tables.REASONS["impersonation"] / tables.TYPES["unknown"][0]
    reason[unknown & borrowed] = codes["impersonation"]
    _wait_long_enough(rng, reason, since_win, codes)
    reason[steady(world)] = codes["unstated_condition"]
    reason[world.of_organizer == TEN_OF_TEN] = codes["declared_void"]
    reason[world.of_organizer == IMPERSONATED] = codes["impersonation"]
    reason[world.of_organizer == BRIGADED] = codes["not_shipped"]
    return reason


def _wait_long_enough(rng: Random, reason: Ints, since_win: Ints, codes: dict[str, int]) -> None:
    """Reasons that need time change places with those of older reports, so that their shares stay."""
    longest = max(NEEDS_DAYS.values())
    slow = np.isin(reason, [codes[c] for c in NEEDS_DAYS])
    too_young = np.zeros(len(reason), bool)
    for code, days in NEEDS_DAYS.items():
        too_young |= (reason == codes[code]) & (since_win < days)
    young = np.flatnonzero(too_young)
    old = np.flatnonzero(~slow & (since_win >= longest) & (reason != codes["impersonation"]))
    other = rng.choice(old, min(len(young), len(old)), replace=False)
    young = young[: len(other)]
    reason[young], reason[other] = reason[other], reason[young]


def _modes(rng: Random, reason: Ints) -> Ints:
    codes, modes = index("dispute_reason"), index("refusal_mode")
    usual = np.full(len(codes), modes["explicit"])
    for code, name in MODES.items():
        usual[codes[code]] = modes[name]
    mode: Ints = usual[reason]
    fixed = ("blocked_after_address", "declared_void", "no_response", "not_shipped")
    free = ~np.isin(reason, [codes[c] for c in fixed])
    stray = free & (rng.random(len(reason)) < 0.15)
    mode[stray] = rng.choice([modes["explicit"], modes["silent"]], int(stray.sum()))
    shipping = (reason == codes["not_shipped"]) & (rng.random(len(reason)) < 0.25)
    mode[shipping] = modes["explicit"]
    return mode


def _days(rng: Random, world: World, reason: Ints, mode: Ints, win: Ints) -> Columns:
    """claim, refused and reported, squeezed into the days there are before the cut."""
    size = world.size
    codes = index("dispute_reason")
    there = world.cut - win
    silent = mode == index("refusal_mode")["silent"]
    least = np.where(reason == codes["not_shipped"], 31, np.where(reason == codes["no_response"], 8, 0))
    claim = np.minimum(lag(rng, tables.CLAIM_LAG, size), np.maximum(there - least - 1, 0))
    claim[world.of_organizer == BRIGADED] = 1
    silence = np.maximum(tables.SILENCE, least) + lag(rng, (2, 0.7), size)
    answer = np.where(silent, silence, least + lag(rng, tables.ANSWER_LAG, size))
    refused = np.clip(claim + answer, np.minimum(claim + least, there), there)
    refused = np.maximum(refused, np.minimum(least, there))
    reported = refused + lag(rng, tables.REPORT_LAG, size)
    left = np.rint(rng.random(size) * (there - refused)).astype(np.int64)
    reported = np.where(reported > there, refused + left, reported)
    flood = world.of_organizer == BRIGADED
    reported[flood] = (world.cut - BRIGADE_AGO + 40 + rng.integers(0, 3, size) - win)[flood]
    refused[flood] = np.minimum(refused[flood], reported[flood])
    tries = np.where(reason == codes["no_response"], rng.integers(2, 7, size), rng.integers(1, 5, size))
    last = win + np.maximum(claim + 3, np.minimum(refused, reported))
    last = np.where(reason == codes["no_response"], last, win + refused)
    return {
        "claim": win + claim, "refused": win + refused, "reported": win + reported,
        "minute": rng.integers(7 * 60, 19 * 60, size), "tries": tries, "last_try": np.minimum(last, world.cut),
    }  # fmt: skip


def _levels(rng: Random, world: World) -> Ints:
    codes = index("verification_level")
    level = pick(rng, tables.LEVELS, codes, world.size)
    level[steady(world)] = codes["V2"]
    flood = world.of_organizer == BRIGADED
    level[flood] = rng.choice([codes["V0"], codes["V1"]], int(flood.sum()), p=[0.8, 0.2])
    return level


def _details(rng: Random, world: World, story: Columns) -> Columns:
    """Money, data, deadlines, consent and the rest."""
    size = world.size
    codes, reason = index("dispute_reason"), story["reason"]
    asked_to_pay = reason == codes["pay_to_claim"]
    chance = rng.random(size)
    paid = asked_to_pay & (chance < 0.4)
    firm = steady(world)  # nothing of theirs is held back
    age = np.where((rng.random(size) < 0.03) & ~firm, rng.integers(11, 18, size), NOTHING)
    deadline = np.where(rng.random(size) < 0.15, story["claim"] + rng.integers(0, 20, size), NEVER)
    deadline = np.where(reason == codes["deadline_missed"], story["claim"] - rng.integers(1, 9, size), deadline)
    conditions = np.where(story["disqualified"], 2, np.where(reason == codes["unstated_condition"], 1, 0))
    data = np.where(rng.random(size) < 0.3, rng.integers(0, 3, size), NOTHING)
    data = np.where(reason == codes["blocked_after_address"], 3, data)
    data = np.where((reason == codes["not_shipped"]) & (rng.random(size) < 0.8), 3, data)
    basis = np.where(world.draw["cents"][world.of_draw] > 0, rng.choice(3, size, p=[0.6, 0.3, 0.1]), NOTHING)
    further = rng.choice([codes[c] for c in ("prize_changed", "draw_cancelled", "out_of_stock")], size)
    secondary = np.where(rng.random(size) < 0.2, further, NOTHING)
    return {
        "paid": paid,
        "asked_to_pay": asked_to_pay,
        "amount": np.where(paid, np.clip(lag(rng, (3000, 1.0), size), 100, 9_000_000), NOTHING),
        "age": age,
        "deadline": deadline,
        "conditions": conditions,
        "condition_set": rng.integers(0, 8, size),
        "data": data,
        "basis": basis,
        "secondary": np.where(secondary == reason, NOTHING, secondary),
        "others": np.where(rng.random(size) < 0.15, rng.integers(1, 9, size), NOTHING),
        "words": rng.integers(0, 1 << 30, size),
        "has_words": rng.random(size) < 0.6,
        "odd_words": (rng.random(size) < 0.004) & ~firm,
        "consent": rng.random(size) < 0.5,
        "contact": rng.random(size) < 0.6,
    }


def _before(of_organizer: Ints, reported: Ints) -> Ints:
    """How many reports about the same organizer were filed on earlier days."""
    order = np.lexsort((reported, of_organizer))
    who, on = of_organizer[order], reported[order]
    place = np.arange(len(order))
    first = np.maximum.accumulate(np.where(np.r_[True, who[1:] != who[:-1]], place, 0))
    same_day = np.r_[False, (who[1:] == who[:-1]) & (on[1:] == on[:-1])]
    day_began = np.maximum.accumulate(np.where(same_day, 0, place))
    before = np.empty(len(order), np.int64)
    before[order] = day_began - first
    return before


def known_draws(world: World, rng: Random) -> Ints:
    """How many draws each organizer is known to have run, never fewer than there are here; -1 where nobody counted."""
    size = len(world.organizer["type"])
    here = np.bincount(world.draw["organizer"], minlength=size)
    more = np.rint(here * rng.choice([1.0, 1.4, 2.5, 6.0], size, p=[0.35, 0.3, 0.2, 0.15])).astype(np.int64)
    known = np.where((rng.random(size) < np.where(here > 4, 0.7, 0.35)) & (here >= 2), more, NOTHING)
    known[TEN_OF_TEN], known[FORTY_DRAWS], known[RENAMED] = 10, 40, NOTHING
    known[IMPERSONATED] = known[BRIGADED] = NOTHING
    return known


def duplicates(world: World, story: Columns, rng: Random, count: int) -> Ints:
    """Which reports are filed a second time by the same person under another key."""
    plain = ~steady(world) & (story["reported"] < world.cut - 12)
    plain &= ~np.isin(world.of_organizer, (BRIGADED, IMPERSONATED))
    plain &= ~(story["reason"] == index("dispute_reason")["impersonation"])
    plain &= world.trait("type") != index("organizer_type")["unknown"]
    found = np.flatnonzero(plain)
    return np.sort(rng.choice(found, min(count, len(found)), replace=False))
