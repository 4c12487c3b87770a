"""What the rows of a case file add up to, each sum with the rows it rests on: values, proof, clocks that have passed,
what happened when. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from . import deadlines
from .casefile_rows import Case, Claim, Proof, Step
from .i18n import Language
from .vocabulary import label, reference_rows

PRIZE_CLOCKS = ("ship_by_tool", "cash_by_tool", "ship_by_usual")
#: Outcomes that say nothing came back: the usual wait may be over.
UNANSWERED = ("pending", "no_response")
_NUMBERED = re.compile(r"([DL])(\d+)")


def refs(found: Iterable[str]) -> str:
    """Rows as they are pointed at: [D1–D4, D6, D8-E2]; runs of whole rows are drawn together. Empty for none."""
    parts: list[str] = []
    first = last = ""
    for ref in [*found, ""]:
        was, now = _NUMBERED.fullmatch(last), _NUMBERED.fullmatch(ref)
        if was and now and was[1] == now[1] and int(now[2]) == int(was[2]) + 1:
            last = ref
            continue
        if first:
            joined = _NUMBERED.fullmatch(first)
            near = joined and was and int(was[2]) - int(joined[2]) == 1
            parts += [first] if first == last else [first, last] if near else [f"{first}–{last}"]
        first = last = ref
    return f"[{', '.join(parts)}]" if parts else ""


def told(sentences: Iterable[str], _: Language) -> str:
    """Sentences one after the other, as the language writes them."""
    return ("" if _.zh else " ").join(sentences)


def of_claims(claims: Iterable[Claim]) -> str:
    """`refs` of whole reports."""
    return refs(claim.ref for claim in claims)


@dataclass(frozen=True, slots=True)
class Values:
    """What was promised in one currency: reports whose value is known, their sum and median."""

    currency: str
    claims: tuple[Claim, ...]
    total: Decimal
    median: Decimal


def values(claims: Sequence[Claim]) -> list[Values]:
    """By currency, the most reports first. Who does not know the value is in none."""
    by: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.said["prize_value"] is not None:
            by.setdefault(str(claim.said["currency"] or "CNY"), []).append(claim)
    found = []
    for currency, own in by.items():
        amounts = [Decimal(claim.said["prize_value"]) for claim in own]
        found.append(Values(currency, tuple(own), sum(amounts, Decimal(0)), Decimal(median(amounts))))
    return sorted(found, key=lambda one: (-len(one.claims), one.currency))


def both_sides(case: Case) -> list[Claim]:
    """Reports with proof on both sides, as the register counts it (V2 or more)."""
    return [claim for claim in case.claims if claim.said["verification"] >= "V2"]


def met_all(claim: Claim) -> bool:
    """Whether conditions were stated before entry and all of those were met."""
    parts = [part.split(":") for part in str(claim.said["conditions"] or "").split(";") if part]
    stated = [part for part in parts if len(part) == 3 and part[1] == "yes"]
    return bool(stated) and all(part[2] == "yes" for part in stated)


def wins(case: Case) -> list[date]:
    """The days on which wins were announced, earliest first."""
    return sorted(claim.said["win_notice_on"] for claim in case.claims if claim.said["win_notice_on"])


@dataclass(frozen=True, slots=True)
class Clock:
    """One rule that has run out: `rule` is the key of its words, `about` the tool or stage; `over`: row, last day."""

    ref: str
    rule: str
    about: str
    days: int
    source: str
    over: tuple[tuple[str, date], ...]

    @property
    def first(self) -> date:
        """The day on which the earliest of them ran out."""
        return min(day for _ref, day in self.over)

    @property
    def rows(self) -> str:
        """The rows it rests on, as written in the file."""
        return refs(ref for ref, _day in self.over)


def clocks(case: Case, zone: ZoneInfo) -> list[Clock]:
    """Every rule that has run out for a prize that did not come, with the rows it ran out for. That the last day passed
    is sure; that nothing came since is not, so nothing is said of how long it is over.
    """
    over: dict[tuple[int, str, str, int], list[tuple[str, date]]] = {}
    for claim in case.unpaid:
        for rule, about, days, ref, day in _passed(claim, case.as_of, zone):
            order = PRIZE_CLOCKS.index(rule) if rule in PRIZE_CLOCKS else 9
            over.setdefault((order, rule, about, days), []).append((ref, day))
    return [
        Clock(f"C{n}", rule, about, days, _source(rule, about), tuple(found))
        for n, ((_order, rule, about, days), found) in enumerate(sorted(over.items(), key=lambda i: i[0]), start=1)
    ]


def _passed(claim: Claim, as_of: date, zone: ZoneInfo) -> Iterable[tuple[str, str, int, str, date]]:
    """Rule, what it is about, its days, the row, and the last day it gave."""
    for one in deadlines.dates(claim.said, [], zone=zone):
        if one.reason in PRIZE_CLOCKS and one.day < as_of:
            tool = str(one.values.get("lottery_tool", ""))
            yield one.reason, tool, int(str(one.values["days"])), claim.ref, one.day
    for step in claim.steps:
        days = deadlines.wait_days(step.stage)
        if step.outcome in UNANSWERED and step.said["response_kind"] != "human" and days:
            last = step.said["entered_on"] + timedelta(days=days)
            if last < as_of:
                yield "wait_over", step.stage, days, step.ref, last
        if step.outcome == "promised" and step.said["promised_on"] and step.said["promised_on"] < as_of:
            yield "promise_broken", "", 0, step.ref, step.said["promised_on"]


def _source(rule: str, about: str) -> str:
    """The tags of the sources a rule rests on; the register's own rules have none."""
    if rule not in ("ship_by_tool", "cash_by_tool"):
        return ""
    return next(row["source"] for row in reference_rows("tool_rules") if row["tool"] == about)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened on one day, the same of several reports together: key of the sentence, its parts, its rows."""

    day: date
    key: str
    about: tuple[str, ...]
    rows: tuple[str, ...]

    def words(self, _: Language) -> str:
        """The sentence."""
        parts = [label(self.about[n], self.about[n + 1], _.code) for n in range(0, len(self.about), 2)]
        return _(f"casefile.line.{self.key}", what=_("casefile.colon").join(parts))


def timeline(case: Case) -> list[Happened]:
    """From the first draw to the last step, earliest first. What has no day is not in it."""
    found: list[tuple[date | None, str, tuple[str, ...], str]] = [(d.day, "drawn", (), d.ref) for d in case.draws]
    for claim in case.claims:
        said = claim.said
        found += [
            (said["win_notice_on"], "won", (), claim.ref),
            (said["claim_made_on"], "claimed", (), claim.ref),
            (said["refused_on"], "refused", ("refusal_mode", said["refusal_mode"]), claim.ref)
            if said["refusal_mode"]
            else (said["refused_on"], "refused_plain", (), claim.ref),
            (said["gave_up_on"], "gave_up", (), claim.ref),
        ]
        for step in claim.steps:
            found += _of_step(step, said)
    order = ("drawn", "won", "claimed", "refused", "refused_plain", "entered", "promised", "came", "gave_up")
    by: dict[tuple[date, str, tuple[str, ...]], list[str]] = {}
    for day, key, about, ref in found:
        if day is not None:
            by.setdefault((day, key, about), []).append(ref)
    return [
        Happened(day, key, about, tuple(rows))
        for (day, key, about), rows in sorted(by.items(), key=lambda i: (i[0][0], order.index(i[0][1]), i[0][2]))
    ]


def _of_step(step: Step, claim: Mapping[str, Any]) -> list[tuple[date | None, str, tuple[str, ...], str]]:
    said = step.said
    about: tuple[str, ...] = ("stage", step.stage)
    if said["target_entity"] and step.stage == "s4_host_platform":
        about += ("target_entity", said["target_entity"])
    found: list[tuple[date | None, str, tuple[str, ...], str]] = []
    own = step.stage == "s2_organizer"  # what the report says itself is not said twice
    if not own or said["entered_on"] != claim["claim_made_on"]:
        found.append((said["entered_on"], "entered", about, step.ref))
    ended = said["relief_on"] or said["closed_on"]
    if step.outcome not in ("pending", "promised") and not (
        own and step.outcome == "refused" and ended == claim["refused_on"]
    ):
        found.append((ended, "came", (*about, "stage_outcome", step.outcome), step.ref))
    found.append((said["promised_on"], "promised", about, step.ref))
    return found


def complaints(case: Case, stages: Sequence[str]) -> dict[tuple[str, str], list[Step]]:
    """Steps at these stages by stage and outcome, in the order of both lists."""
    found: dict[tuple[str, str], list[Step]] = {}
    for stage in stages:
        for claim in case.claims:
            for step in claim.steps:
                if step.stage == stage:
                    found.setdefault((stage, step.outcome), []).append(step)
    return found


def proofs(case: Case) -> list[Proof]:
    """All evidence of the file."""
    return [proof for claim in case.claims for proof in claim.proofs]
