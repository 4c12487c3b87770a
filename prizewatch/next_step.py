"""The next step for one dispute: which rung comes next, and the advice for it.

The words are data (`advice`); here stands only what sends a reader past a rung: no tool to complain to, the platform
itself as organizer, the police for who was deceived and for nobody else.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from .advice import Advice, step
from .vocabulary import code_lists, codes, reference_rows

#: Draws without a tool: nobody to complain to between organizer and platform.
NO_TOOL = frozenset({"group_manual", "manual_pick"})

#: The kind of organizer a group stands for where only the group is known.
TYPE_OF_GROUP = {"I": "individual", "A": "official_account", "O": "brand_company", "P": "platform_self", "U": "unknown"}

POLICE = "s7_police"
TOOL = "s3_lottery_platform"
#: Rungs that stay open after the police, besides the court.
AFTER_POLICE = ("s4_host_platform", "s6_regulator")


def group_of(organizer_type: str) -> str:
    """I, A, O, P or U. Raises `KeyError` for an unknown type."""
    return code_lists()["organizer_type"][organizer_type].group


def advice_at(organizer_type: str, stage: str, lang: str) -> Advice:
    """The advice at one rung. Every type has one at every rung: P is advised as O, U from mediation on as I."""
    if stage not in codes("stage"):
        raise KeyError(stage)
    found = step(group_of(organizer_type), stage, lang)
    if found is None:
        raise LookupError(f"advice.csv says nothing for {organizer_type} at {stage}")
    return found


@cache
def fraud_grounds() -> frozenset[tuple[str, str]]:
    """What makes a case for the police, (field, code): `data/reference/fraud_ground.csv`, which the rules read too."""
    return frozenset((row["field"], row["code"]) for row in reference_rows("fraud_ground"))


def is_fraud(reason: str = "", *, amount_paid: float = 0, data_given: Collection[str] = ()) -> bool:
    """Whether something was taken by deceit, so that the police come first (3-model.md 3.4, note 1).

    An unpaid prize alone is no such case, and a name, phone or address given for shipping is not "taken".
    """
    said = {("dispute_reason", reason), *(("data_given", code) for code in data_given)}
    return amount_paid > 0 or not said.isdisjoint(fraud_grounds())


def next_stage(
    organizer_type: str, done: Collection[str], *, lottery_tool: str = "", fraud: bool = False
) -> str | None:
    """The rung after those done: the first later one that is open to this dispute, or None after the last.

    `done` are the stages of the dispute, skipped ones included. With `fraud` the police come first, once the reader has
    checked the own conditions; without it they never come.
    """
    order = codes("stage")
    if unknown := set(done) - set(order):
        raise KeyError(min(unknown))
    if not done:
        return order[0]
    if fraud:
        if POLICE not in done:
            return POLICE
        for stage in AFTER_POLICE:
            if stage not in done:
                return stage
    furthest = max(order.index(stage) for stage in done)
    closed = {POLICE}
    if lottery_tool in NO_TOOL or group_of(organizer_type) == "P":
        closed.add(TOOL)
    return next((stage for stage in order[furthest + 1 :] if stage not in closed), None)


def steps_after(
    organizer_type: str, done: Collection[str], *, lottery_tool: str = "", fraud: bool = False
) -> list[str]:
    """All rungs still open after those done, in the order they come."""
    passed, found = list(done), []
    while stage := next_stage(organizer_type, passed, lottery_tool=lottery_tool, fraud=fraud):
        found.append(stage)
        passed.append(stage)
    return found


def reached(stage: str = "", *, fraud: bool = False) -> tuple[str, ...]:
    """The rungs behind a reader who got as far as one, where nothing else is known; "" is none.

    Who was deceived is not sent back to check conditions, and went to the police without the rungs between.
    """
    order = codes("stage")
    if fraud and stage in ("", POLICE):
        return (order[0], POLICE) if stage else order[:1]
    return order[: order.index(stage) + 1] if stage else ()


def because(
    organizer_type: str, stage: str, done: Collection[str], *, lottery_tool: str = "", fraud: bool = False
) -> list[str]:
    """Why this rung and not the next in the row: codes `fraud`, `no_tool`, `own_draw`, `as_individual`."""
    found, order = [], codes("stage")
    if fraud and stage == POLICE:
        found.append("fraud")
    elif TOOL not in done and order.index(stage) == order.index(TOOL) + 1:
        if group_of(organizer_type) == "P":
            found.append("own_draw")
        elif lottery_tool in NO_TOOL:
            found.append("no_tool")
    if group_of(organizer_type) == "U" and order.index(stage) > order.index(AFTER_POLICE[0]):
        found.append("as_individual")
    return found


@cache
def _outcomes() -> dict[str, tuple[str, ...]]:
    rows = reference_rows("stage_outcome")
    return {stage: tuple(row["outcome"] for row in rows if row["stage"] == stage) for stage in codes("stage")}


def answers_at(stage: str) -> tuple[str, ...]:
    """What can have come back at a rung: its outcomes, without those that say it was not tried or not learnt."""
    return tuple(code for code in _outcomes()[stage] if code not in ("skipped", "withdrawn", "unknown"))


def next_step(
    organizer_type: str, done: Collection[str], lang: str, *, lottery_tool: str = "", fraud: bool = False
) -> Advice | None:
    """The advice for the next rung, or None after the last."""
    stage = next_stage(organizer_type, done, lottery_tool=lottery_tool, fraud=fraud)
    return advice_at(organizer_type, stage, lang) if stage else None
