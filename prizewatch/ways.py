"""Which steps a report may take now: each rung is tried on the story by the rules of the intake, not a copy of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from .answers import TARGET
from .asking import TARGETS
from .followup import OwnReport
from .intake import Batch
from .intake_rows import judge
from .next_step import NO_TOOL
from .store import Register
from .story import Merged, on_file
from .vocabulary import codes

#: What stands in the way of a rung as such, not of how it is filled in.
IN_THE_WAY = ("ladder.", "cross.no_tool_no_s3", "cross.platform_self_no_s3")


@dataclass(frozen=True, slots=True)
class Way:
    """A rung that may be entered today: whom it may ask, the rungs that must be said to have been left out, and whether
    only deceit opens it (`direct_fraud` is its reason).
    """

    stage: str
    targets: tuple[str, ...]
    skips: tuple[str, ...] = ()
    fraud: bool = False


def ways(register: Register, report: OwnReport, now: datetime) -> list[Way]:
    """The rungs open to a report now, in the order of the ladder; none once it ended."""
    if report.status == "closed_ineligible":
        return []
    tried = [way for stage in codes("stage")[1:] for way in _candidates(report, stage)]
    today = register.day_of(now).isoformat()
    batches = []
    for number, way in enumerate(tried):
        story = on_file(report.dispute, report.events, report.evidence, named=report.named)
        story.dispute["reporter"] += f", {number}"
        story.dispute |= dict.fromkeys(("withdrawn_on", "withdraw_reason"), "")
        _enter(story, way, report, today)
        batch = Batch.of(*story.rows("1", f"00000000-0000-4000-8000-{number:012}"))
        batches.append((batch.disputes, batch.events, batch.evidence))
    with register.read() as cur:
        judged = judge(cur, register, batches, trusted=False, now=now, refuse_warned=[False] * len(batches))
    last = len(report.events)
    found: dict[str, Way] = {}
    for way, problems in zip(tried, judged.problems, strict=True):
        wrong = [p for p in problems if p["severity"] == "error" and p["code"].startswith(IN_THE_WAY)]
        if way.targets and not any(p["seq"] is None or p["seq"] > last for p in wrong):
            found.setdefault(way.stage, way)  # the plainest way comes first
    return list(found.values())


def _candidates(report: OwnReport, stage: str) -> list[Way]:
    """The ways a rung might be entered, the plainest first."""
    open_or_used = {
        e["target_entity"]
        for e in report.events
        if e["stage"] == stage and e["outcome"] != "skipped" and (stage[:2] == "s4" or e["outcome"] == "pending")
    }
    own = (TARGET[stage],) if stage in TARGET else TARGETS
    targets = tuple(target for target in own if target not in open_or_used)
    order = codes("stage")
    there = {e["stage"] for e in report.events}
    between = tuple(s for s in order[1 : order.index(stage)] if s not in there and s[:2] in ("s2", "s3"))
    found = [Way(stage, targets)]
    if between:
        found.append(Way(stage, targets, between))
    return [*found, Way(stage, targets, fraud=True)]


def skip_reasons(report: OwnReport, stage: str) -> Sequence[str]:
    """Why a rung may have been left out."""
    if stage == "s3_lottery_platform" and report.dispute["lottery_tool"] in NO_TOOL:
        return ("no_tool",)
    if stage == "s3_lottery_platform" and report.dispute["organizer_type"] == "platform_self":
        return ("no_channel",)
    return ("reporter_choice", "no_channel", "organizer_unknown")


def entered(way: Way, report: OwnReport, event: dict[str, str], reason: str = "") -> list[dict[str, str]]:
    """The events that enter a rung: those left out before it, with their reason, then its own."""
    left_out = [
        {
            "stage": stage,
            "outcome": "skipped",
            "entered_on": event.get("entered_on", ""),
            "skip_reason": reason if reason in skip_reasons(report, stage) else skip_reasons(report, stage)[0],
        }
        for stage in way.skips
    ]
    return [*left_out, {**event, "stage": way.stage, **({"skip_reason": "direct_fraud"} if way.fraud else {})}]


def _enter(story: Merged, way: Way, report: OwnReport, today: str) -> None:
    target = way.targets[0] if way.targets else ""
    seq = max((int(e["seq"]) for e in story.events), default=0)
    event = {"target_entity": target, "entered_on": today, "outcome": "pending"}
    story.events += [{**e, "seq": str(seq + n)} for n, e in enumerate(entered(way, report, event), 1)]
