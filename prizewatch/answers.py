"""From the answers of the report form to a batch of one. Pure: answers go in, three tables of text come out.

The form asks in the reader's order; this puts the answers where the model wants them, and never adds what was not said:
the self-check becomes stage s1, a skipped tool becomes a skipped s3 with its reason, unknown stays `unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from .fields import DISPUTE
from .intake import Batch
from .vocabulary import code_lists

ROW = "1"
S1, S2, S3, S4 = "s1_self_check", "s2_organizer", "s3_lottery_platform", "s4_host_platform"
RELIEF = ("relief_full", "relief_partial")
NO_TOOL = ("group_manual", "manual_pick")
#: Refusals that happened on a day; silence has none.
DATED_MODES = ("explicit", "blocked", "conditional", "reduced")
#: What the form asks of a stage; `<stage>.<name>` is the answer's name.
EVENT_ANSWERS = (
    "target_entity", "entered_on", "closed_on", "outcome", "promised_on", "platform_action",
    "relief", "relief_value", "relief_on",
)  # fmt: skip

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """The batch, and which stage each event is, so that a problem finds its question."""

    batch: Batch
    stages: dict[int, str] = field(default_factory=dict)


def decided(outcome: str | None) -> bool:
    """Whether an outcome ends a stage's waiting."""
    return bool(outcome) and code_lists()["stage_outcome"][str(outcome)].counts_as == "decided"


def asks(name: str, answers: Answers) -> bool:
    """Whether a question with a condition is to be asked, and its answer sent."""
    reason, mode = answers.get("dispute_reason"), answers.get("refusal_mode")
    conditions = {
        "prize_value": not answers.get("value_unknown"),
        "reason_other": reason == "other",
        "stated_before_entry": reason == "unstated_condition",
        "paid": reason == "pay_to_claim",
        "amount_paid": reason == "pay_to_claim" and bool(answers.get("paid")),
        "data_given": reason == "blocked_after_address" or mode == "blocked" or reason == "pay_to_claim",
        "first_try_on": reason == "no_response",
        "last_try_on": reason == "no_response",
        "tries_count": reason == "no_response",
        "refused_on": mode in DATED_MODES,
        "refusal_text": mode == "explicit",
        "organizer_display": answers.get("organizer_type") in ("official_account", "creator")
        or answers.get("legal_nature") in ("company", "public_body", "sole_proprietor"),
        "winner_age": answers.get("relation") == "guardian",
        "consent_narrative": bool(answers.get("narrative")),
    }
    return conditions.get(name, True)


def asks_stage(stage: str, answers: Answers) -> bool:
    """Whether a stage can have happened: after a failed self-check none, without a tool no complaint to one."""
    if answers.get("met") == "no":
        return False
    if stage == S3:
        return answers.get("lottery_tool") not in NO_TOOL and answers.get("organizer_type") != "platform_self"
    return True


def fill(answers: Answers, *, lang: str, event_id: str, network: str, today: date, zone: ZoneInfo) -> Filled:
    """The batch of one. `event_id` is made when the form opens: it makes a double click the same report."""
    names = {f.name for f in DISPUTE}
    dispute = {name: answers[name] for name in names if name in answers and asks(name, answers)}
    drawn_on = answers.get("draw_on") or answers.get("win_notice_on")
    if isinstance(drawn_on, date):
        local = datetime.combine(drawn_on, time(0), zone)
        dispute["draw_time"] = local.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    dispute |= {
        "row": ROW, "event_id": event_id, "network": network, "report_lang": "zh" if lang.startswith("zh") else "en",
        "conditions": _conditions(answers),
    }  # fmt: skip
    if dispute.get("prize_value") is not None:
        dispute["currency"] = "CNY"
    events = _events(answers, today)
    relieved = [event for event in events if event["outcome"] in RELIEF]
    if relieved:
        dispute["credited_stage"] = relieved[-1]["stage"]
    if answers.get("stopped"):
        dispute["gave_up_on"] = today
    if answers.get("partial_accepted") and any(event["outcome"] == "relief_partial" for event in events):
        dispute["partial_accepted_on"] = next(e.get("relief_on") for e in relieved if e["outcome"] == "relief_partial")
    evidence = [
        {"row": ROW, "kind": kind, "form": answers.get("evidence_form") or "screenshot"}
        for kind in (*(answers.get("evidence_a") or ()), *(answers.get("evidence_b") or ()))
    ]
    batch = Batch(disputes=_table([dispute]), events=_table(events), evidence=_table(evidence))
    return Filled(batch, {number: str(event["stage"]) for number, event in enumerate(events, start=1)})


def _conditions(answers: Answers) -> str | None:
    chosen = answers.get("condition_kinds")
    if not chosen:
        return "none_stated" if answers.get("met") else None
    if "none_stated" in chosen:
        return "none_stated"
    met = answers.get("met")
    return ";".join(f"{kind}:yes:{met}" for kind in chosen) if met else None


def _events(answers: Answers, today: date) -> list[dict[str, Any]]:
    """The self-check, then each stage that was answered; skipped rungs get their reason."""
    checked_on = answers.get("claim_made_on") or answers.get("win_notice_on") or today
    check = {"yes": "passed", "no": "self_disqualified"}.get(str(answers.get("met")), "unknown")
    events: list[dict[str, Any]] = [{"stage": S1, "entered_on": checked_on, "outcome": check}]
    for stage in (S2, S3, S4):
        if not answers.get(f"{stage}.done") or not asks_stage(stage, answers):
            continue
        event = {name: answers.get(f"{stage}.{name}") for name in EVENT_ANSWERS} | {"stage": stage}
        if stage == S2:
            event["target_entity"] = event["target_entity"] or "organizer"
            event["entered_on"] = answers.get("claim_made_on")
        if stage == S3:
            event["target_entity"] = "lottery_tool"
        if stage == S4 and not any(e["stage"] == S3 for e in events):
            why = "no_tool" if answers.get("lottery_tool") in NO_TOOL else "reporter_choice"
            why = "no_channel" if answers.get("organizer_type") == "platform_self" else why
            events.append({"stage": S3, "entered_on": event["entered_on"], "outcome": "skipped", "skip_reason": why})
        events.append(_pruned(event, answers, today))
    return [event | {"row": ROW, "seq": number} for number, event in enumerate(events, start=1)]


def _pruned(event: dict[str, Any], answers: Answers, today: date) -> dict[str, Any]:
    """Only what fits the outcome: a relief where there was one, a promise where it is one, a day where it is over."""
    outcome = event["outcome"]
    if outcome not in RELIEF:
        event |= {"relief": None, "relief_value": None, "relief_on": None}
    if outcome != "promised":
        event["promised_on"] = None
    if not decided(outcome):
        event["closed_on"] = None
    elif event["closed_on"] is None:
        known = (event.get("relief_on"), answers.get("refused_on") if event["stage"] == S2 else None, today)
        event["closed_on"] = next(day for day in known if day is not None)
    if event["stage"] == S2 or not decided(outcome):
        event["platform_action"] = None
    return event


def _text(value: Any) -> str | None:
    """An answer as a batch wants it: text, codes joined by `;`, nothing for an empty answer."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    if isinstance(value, float):
        return str(Decimal(str(value)).quantize(Decimal("0.01")))
    return value.isoformat() if isinstance(value, date) else str(value).strip() or None


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    names = list(dict.fromkeys(name for row in rows for name in row)) or ["row"]
    return pa.table({name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names})
