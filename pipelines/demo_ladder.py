"""How far each report of the demo climbs the ladder, and what comes of it. Stage by stage over all reports at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import demo_tables as tables
from .demo_story import NEVER, NOTHING, Columns, steady
from .demo_tables import index
from .demo_world import BRIGADED, IMPERSONATED, Answers, Flags, Ints, Random, World, lag, pick

#: What an unresolved stage ends in: outcome and its share.
NO_RELIEF = {
    3: {"no_response": 40, "rejected": 45, "referred": 15},
    4: {"no_response": 35, "rejected": 50, "referred": 15},
    5: {"no_response": 30, "rejected": 40, "referred": 30},
    6: {"no_response": 25, "rejected": 45, "referred": 30},
    7: {"rejected": 50, "referred": 50},
    8: {"rejected": 100},
}
WAITING = {
    2: {"unknown": 45, "promised": 30, "pending": 25},
    3: {"unknown": 50, "pending": 40, "promised": 10},
    4: {"unknown": 50, "pending": 45, "promised": 5},
    5: {"pending": 70, "unknown": 30},
    6: {"pending": 80, "unknown": 20},
    7: {"pending": 60, "unknown": 40},
    8: {"pending": 100},
}
ACTIONS = {"warned": 30, "content_removed": 22, "feature_ban": 20, "muted": 8, "suspended": 14, "banned": 6}
YOUNG = 90
FORGED = 0.008


@dataclass
class Events:
    """Stage events as they are collected: one block of columns a step."""

    blocks: list[Columns] = field(default_factory=list)

    def add(self, n: Ints, order: int, stage: int, **columns: Any) -> None:
        """Adds one event to each of the reports `n`."""
        size = len(n)
        block = {"n": n, "order": np.full(size, order), "stage": np.full(size, stage)}
        for name in (
            "entered",
            "closed",
            "outcome",
            "target",
            "promised",
            "skip",
            "action",
            "cents",
            "relief",
            "relief_on",
        ):
            given = columns.get(name, NOTHING)
            block[name] = np.asarray(given) if np.ndim(given) else np.full(size, given)
        self.blocks.append(block)

    def table(self) -> Columns:
        """All events by report, in their order."""
        columns = {name: np.concatenate([b[name] for b in self.blocks]) for name in self.blocks[0]}
        place = np.lexsort((columns["order"], columns["n"]))
        return {name: column[place] for name, column in columns.items()}


@dataclass
class Climb:
    """Where every report stands while it climbs."""

    left: Ints  # day of the last decision
    stuck: Flags  # decided without relief, may go on
    undecided: Flags
    credited: Ints
    relief_on: Ints
    partial: Flags


def make_ladder(world: World, story: Columns) -> tuple[Columns, Columns]:
    """The stage events of all reports, and the fields of the reports that follow from them."""
    rng = np.random.default_rng([world.seed, 3])
    outcome, size = index("stage_outcome"), world.size
    events = Events()
    everyone = np.arange(size)
    failed = story["disqualified"]
    events.add(everyone, 10, 1, entered=story["win"], closed=story["win"],
               outcome=np.where(failed, outcome["self_disqualified"], outcome["passed"]))  # fmt: skip
    nothing = np.full(size, NEVER)
    climb = Climb(
        story["win"].copy(), ~failed, np.zeros(size, bool), nothing.copy(), nothing.copy(), np.zeros(size, bool)
    )
    _organizer(rng, world, story, climb, events)
    _platforms(rng, world, story, climb, events)
    _beyond(rng, world, story, climb, events)
    _stir(rng, world, story, climb, events)
    ends = _ends(rng, world, story, climb)
    table = events.table()
    _forge(rng, world, story, table)
    return table, ends


def _organizer(rng: Random, world: World, story: Columns, climb: Climb, events: Events) -> None:
    outcome, targets = index("stage_outcome"), index("target_entity")
    n = np.flatnonzero(climb.stuck)
    large = world.trait("group")[n] == tables.GROUPS.index("O-large")
    target = np.where(large & (rng.random(len(n)) < 0.4), targets["complaint_department"], targets["organizer"])
    silent = story["mode"][n] == index("refusal_mode")["silent"]
    closed = story["refused"][n]
    paid_on = np.maximum(closed, story["reported"][n]) + lag(rng, tables.PAID_LAG, len(n))
    none = np.where(silent, outcome["no_response"], outcome["refused"])
    _step(rng, world, story, climb, events, 2, n, story["claim"][n], closed, paid_on, none, target)


def _platforms(rng: Random, world: World, story: Columns, climb: Climb, events: Events) -> None:
    tools, outcome, skips = index("lottery_tool"), index("stage_outcome"), index("skip_reason")
    itself = world.trait("type") == index("organizer_type")["platform_self"]
    no_tool = np.isin(world.trait("tool"), [tools[t] for t in tables.NO_TOOL]) | itself
    chance = rng.random(world.size)
    forward = climb.stuck & ~no_tool & (chance < tables.TO_TOOL)
    n = np.flatnonzero(forward)
    entered = climb.left[n] + 1 + lag(rng, (2, 0.8), len(n))
    closed = entered + lag(rng, tables.DURATION[3], len(n))
    none = pick(rng, NO_RELIEF[3], outcome, len(n))
    _step(
        rng,
        world,
        story,
        climb,
        events,
        3,
        n,
        entered,
        closed,
        closed,
        none,
        np.full(len(n), index("target_entity")["lottery_tool"]),
    )
    tried = np.zeros(world.size, bool)
    tried[n] = True
    beyond = climb.stuck & np.where(
        tried, rng.random(world.size) < tables.TO_PLATFORM, no_tool & (chance < tables.TO_PLATFORM_WITHOUT_TOOL)
    )
    beyond |= climb.stuck & ~tried & ~no_tool & (chance > 1 - tables.JUMP)
    by_hand = np.isin(world.trait("tool"), [tools["group_manual"], tools["manual_pick"]])
    beyond &= ~(itself & by_hand)  # the rules know no reason for such a one to skip the tool
    n = np.flatnonzero(beyond)
    entered = climb.left[n] + 1 + lag(rng, (2, 0.8), len(n))
    held = entered <= world.cut
    skipped = np.flatnonzero(~tried[n] & held)
    why = np.where(by_hand, skips["no_tool"], np.where(no_tool, skips["no_channel"], skips["reporter_choice"]))
    why = np.where(itself, skips["no_channel"], why)
    events.add(n[skipped], 30, 3, entered=entered[skipped], outcome=outcome["skipped"], skip=why[n[skipped]])
    closed = entered + lag(rng, tables.DURATION[4], len(n))
    none = pick(rng, NO_RELIEF[4], outcome, len(n))
    _step(rng, world, story, climb, events, 4, n, entered, closed, closed, none, _platform_target(rng, world, n))


def _platform_target(rng: Random, world: World, n: Ints) -> Ints:
    hosts, targets = index("host_platform"), index("target_entity")
    host = world.trait("host")[n]
    usual = np.where(host == hosts["wechat"], targets["mini_program"], targets["personal_account"])
    usual = np.where(host == hosts["taobao"], targets["shop"], usual)
    live = np.isin(host, [hosts[h] for h in ("douyin", "kuaishou", "wechat_channels")])
    usual = np.where(live, targets["live_room"], usual)
    public = world.trait("type")[n] == index("organizer_type")["official_account"]
    return np.where(public & (rng.random(len(n)) < 0.5), targets["official_account"], usual)


def _beyond(rng: Random, world: World, story: Columns, climb: Climb, events: Events) -> None:
    """Mediation, regulator, police, court: chosen so that the shares of `REACH` come out, by group."""
    outcome, targets, group = index("stage_outcome"), index("target_entity"), world.trait("group")
    for stage in (5, 6, 7, 8):
        if stage == 7:
            swindled = story["asked_to_pay"] & story["paid"]
            given = story["data"] == tables.DATA_GIVEN.index("name;phone;code")  # what makes a fraud of it
            chosen = _share(rng, climb.stuck & swindled, tables.POLICE_PAID, int(swindled.sum()))
            chosen |= _share(rng, climb.stuck & given & ~story["asked_to_pay"], tables.POLICE_ELSE, world.size)
        else:
            chosen = np.zeros(world.size, bool)
            for g, share in enumerate(tables.REACH[stage]):
                chosen |= _share(rng, climb.stuck & (group == g), share, int((group == g).sum()))
        n = np.flatnonzero(chosen)
        entered = climb.left[n] + 2 + lag(rng, (5, 0.8), len(n))
        closed = entered + lag(rng, tables.DURATION[stage], len(n))
        target = np.full(len(n), targets["court" if stage == 8 else "public_body"])
        none = pick(rng, NO_RELIEF[stage], outcome, len(n))
        skip = index("skip_reason")["direct_fraud"] if stage == 7 else NOTHING
        _step(rng, world, story, climb, events, stage, n, entered, closed, closed, none, target, skip)


def _share(rng: Random, able: Flags, share: float, of: int) -> Flags:
    """A random choice among those who are able, as many as the share asks for."""
    there = int(able.sum())
    return able & (rng.random(len(able)) < (share * of / there if there else 0))


def _step(
    rng: Random, world: World, story: Columns, climb: Climb, events: Events, stage: int, n: Ints,
    entered: Ints, closed: Ints, paid_on: Ints, none: Ints, target: Ints, skip: int = NOTHING,
) -> None:  # fmt: skip
    """Reports `n` enter a stage; who would enter after the cut stays where it was."""
    outcome = index("stage_outcome")
    late = entered > world.cut
    climb.stuck[n[late]] = False
    climb.undecided[n[late]] = True
    n, entered, closed, paid_on, none, target = (a[~late] for a in (n, entered, closed, paid_on, none, target))
    full, partial, sanction = (np.array(c) / 100 for c in zip(*tables.RELIEF[stage], strict=True))
    group, chance = world.trait("group")[n], rng.random(len(n))
    is_full = chance < full[group]
    is_partial = ~is_full & (chance < (full + partial)[group])
    is_sanction = ~is_full & ~is_partial & (chance < (full + partial + sanction)[group])
    firm = steady(world)[n]
    is_full, is_partial, is_sanction = is_full & ~firm, is_partial & ~firm, is_sanction & ~firm
    if world.answers:
        is_sanction[:] = False  # a sanction is an action, which only the planted truth may cause
    relief = is_full | is_partial
    closed = np.where(relief, np.maximum(paid_on, entered), closed)
    young = world.cut - story["reported"][n] < YOUNG
    waits = rng.random(len(n)) < np.where(young, tables.UNDECIDED_YOUNG, tables.UNDECIDED_OLD)
    waits = (waits & ~firm) | (closed > world.cut)
    result = np.where(is_full, outcome["relief_full"], np.where(is_partial, outcome["relief_partial"], none))
    result = np.where(is_sanction, outcome["sanction_only"], result)
    waiting = pick(rng, WAITING[stage], outcome, len(n))
    result = np.where(waits, waiting, result)
    promised = np.where(
        waits & (waiting == outcome["promised"]) & young, world.cut + rng.integers(1, 20, len(n)), NEVER
    )
    relief &= ~waits
    forms = index("relief")
    kind = np.array([forms["full_prize"], forms["equivalent_cash"], forms["substitute_equal"]])[
        rng.choice(3, len(n), p=[0.7, 0.18, 0.12])
    ]
    kind = np.where(is_partial, forms["partial_value"], np.where(stage == 8, forms["court_award"], kind))
    cents = world.draw["cents"][world.of_draw[n]]
    part = np.maximum(np.rint(cents * rng.uniform(0.2, 0.8, len(n))).astype(np.int64), 1)
    cents = np.where(cents < 0, NOTHING, np.where(is_full, cents, part))
    events.add(
        n, stage * 10, stage, entered=entered, closed=np.where(waits, NEVER, closed), outcome=result, target=target,
        promised=promised, skip=skip,
        action=_planted_action(rng, world.answers, stage, waits, story["before"][n]) if world.answers
        else _action(rng, stage, relief, is_sanction & ~waits, waits, story["before"][n]),
        cents=np.where(relief, cents, NOTHING), relief=np.where(relief, kind, NOTHING),
        relief_on=np.where(relief, closed, NEVER),
    )  # fmt: skip
    climb.left[n] = np.where(waits, entered, closed)
    climb.undecided[n] = waits
    climb.stuck[n] = ~waits & ~relief
    got = n[relief]
    climb.credited[got], climb.relief_on[got], climb.partial[got] = stage, closed[relief], is_partial[relief]


def _action(rng: Random, stage: int, relief: Flags, sanction: Flags, waits: Flags, before: Ints) -> Any:
    """What the platform did: mostly unknown or nothing; the more reports came before, the more often something."""
    if stage not in (3, 4):
        return NOTHING
    actions, size = index("platform_action"), len(before)
    acted = pick(rng, ACTIONS, actions, size)
    chance = 1 / (1 + np.exp(-tables.ACTION_BASE - tables.ACTION_GROWTH * np.log1p(before)))
    quiet = np.where(rng.random(size) < chance, acted, actions["none_known"])
    action = np.where(relief & (rng.random(size) < 0.3), actions["paid_by_platform"], quiet)
    hidden = tables.ACTION_UNKNOWN / max(1 - sanction.sum() / max(size, 1), 0.5)
    action = np.where(rng.random(size) < hidden, actions["unknown"], action)
    action = np.where(sanction, acted, action)
    return np.where(waits, NOTHING, action)


def _planted_action(rng: Random, answers: Answers, stage: int, waits: Flags, before: Ints) -> Any:
    """What the platform did where the truth is planted, whatever became of the prize."""
    if stage not in (3, 4):
        return NOTHING
    actions, size = index("platform_action"), len(before)
    acts = rng.random(size) < 1 / (1 + np.exp(-answers.base - answers.per_doubling * np.log2(1 + before)))
    action = np.where(acts, pick(rng, ACTIONS, actions, size), actions["none_known"])
    told = rng.random(size) < np.where(acts, *answers.told)
    return np.where(waits, NOTHING, np.where(told, action, actions["unknown"]))


def _stir(rng: Random, world: World, story: Columns, climb: Climb, events: Events) -> None:
    """Some old undecided reports moved again lately: talks with the organizer went on."""
    old = climb.undecided & (climb.left < world.cut - YOUNG) & (story["reported"] < world.cut - YOUNG)
    n = np.flatnonzero(old & (rng.random(world.size) < tables.STIRRED))
    entered = world.cut - rng.integers(1, 85, len(n))
    events.add(
        n, 99, 2, entered=entered, outcome=index("stage_outcome")["unknown"], target=index("target_entity")["organizer"]
    )
    climb.left[n] = entered


def _ends(rng: Random, world: World, story: Columns, climb: Climb) -> Columns:
    """How a report ends: credited stage, given up, part accepted, withdrawn."""
    size, never = world.size, np.full(world.size, NEVER)
    since = np.maximum(climb.left, story["reported"])
    after = since + lag(rng, (6, 0.8), size)
    ended = climb.stuck & (rng.random(size) >= tables.VANISH) & (after <= world.cut)
    ended |= steady(world)
    accepted = climb.partial & (rng.random(size) < 0.9)
    credited = np.where((climb.credited > 0) & (rng.random(size) < 0.03), 0, climb.credited)  # 0: ambiguous
    reasons = index("withdraw_reason")
    open_to = ~steady(world) & ~np.isin(world.of_organizer, (BRIGADED, IMPERSONATED)) & ~story["disqualified"]
    withdrawn = open_to & (rng.random(size) < tables.WITHDRAWN)
    other = pick(rng, {"mistake": 30, "privacy": 35, "pressured": 20, "other": 15}, reasons, size)
    why = np.where(climb.credited > 0, reasons["settled"], other)
    when = np.minimum(np.maximum(since, climb.relief_on) + lag(rng, (9, 0.7), size), world.cut)
    return {
        "credited": credited,
        "accepted_on": np.where(accepted, np.minimum(climb.relief_on + 1, world.cut), never),
        "gave_up": np.where(ended & ~withdrawn, np.minimum(after, world.cut), never),
        "withdrawn_on": np.where(withdrawn, when, never),
        "withdraw_reason": np.where(withdrawn, why, NOTHING),
    }


def _forge(rng: Random, world: World, story: Columns, events: Columns) -> None:
    """Some organizers answer a complaint to a platform with staged chats: only where a platform has decided."""
    outcome, codes = index("stage_outcome"), index("dispute_reason")
    decided = np.isin(events["outcome"], [outcome[o] for o in ("no_response", "rejected", "referred", "sanction_only")])
    able = np.unique(events["n"][decided & np.isin(events["stage"], (3, 4))])
    able = able[~steady(world)[able] & ~np.isin(world.of_organizer[able], (BRIGADED, IMPERSONATED))]
    able = able[
        ~np.isin(story["reason"][able], [codes["impersonation"], codes["rigged_winner"], codes["pay_to_claim"]])
    ]
    chosen = rng.choice(able, min(round(world.size * FORGED), len(able)), replace=False)
    story["reason"][chosen] = codes["forged_evidence"]
    story["mode"][chosen] = index("refusal_mode")["explicit"]
