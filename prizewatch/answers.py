"""From the answers of the report form to a batch of one. Pure: answers go in, three tables of text come out.

The form asks in the reader's order; this puts the answers where the model wants them, and never adds what was not said:
the self-check becomes stage s1, a skipped tool becomes a skipped s3 with its reason, unknown stays `unknown`. Which
question is asked when is in `asking`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from .asking import (
    FURTHER,
    GROUPS,
    IMPLIED_MODE,
    S1,
    S2,
    S3,
    S4,
    SLOTS,
    Answers,
    asks,
    asks_slot,
    check_outcome,
    deceived,
    decided,
    missed,
)
from .fields import DISPUTE, RELIEF
from .intake import Batch, Problem
from .next_step import NO_TOOL

ROW = "1"
#: What the form asks of a rung; `<slot>.<name>` is the answer's name.
EVENT_ANSWERS = (
    "target_entity", "entered_on", "closed_on", "outcome", "promised_on", "platform_action", "response_kind",
    "case_ref", "relief", "relief_value", "relief_on",
)  # fmt: skip
#: Whom a rung is with, where only one is possible or one is meant unless said.
TARGET = {
    S2: "organizer",
    S3: "lottery_tool",
    "s5_mediation": "public_body",
    "s6_regulator": "public_body",
    "s7_police": "public_body",
    "s8_court": "court",
}
#: "I cannot tell" is the answer to these until another is given.
UNLESS_SAID = {
    "organizer_type": "unknown",
    "legal_nature": "unknown",
    "lottery_tool": "none_unknown",
    "relation": "winner",
}
#: Fields of a batch that are asked under another name.
ASKED_AS = {
    "draw_time": "draw_on",
    "conditions": "condition_kinds",
    "is_first_hand": "truth_statement",
    f"{S1}.entered_on": "win_notice_on",
    f"{S1}.outcome": "met",
    f"{S2}.entered_on": "claim_made_on",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The batch, and which rung each event is, so that a problem finds its question."""

    batch: Batch
    stages: dict[int, str] = field(default_factory=dict)

    def question(self, problem: Problem) -> str:
        """The question a problem is to be mended at; empty where another problem says the same already."""
        if problem.code == "draw_time.required" or problem.field == "is_first_hand":
            return ""  # the day of the win is asked for, and one statement stands for both
        if problem.table == "evidence":
            return "evidence"
        slot = self.stages.get(problem.seq) if problem.seq else None
        name = f"{slot}.{problem.field}" if slot else problem.field
        if name == f"{S2}.entered_on" and problem.code.endswith(".required"):
            return ""  # `claim_made_on.required` asks for the same day
        return ASKED_AS.get(name, name)


def fill(given: Answers, *, lang: str, event_id: str, network: str, today: date, zone: ZoneInfo) -> Filled:
    """The batch of one. `event_id` is made when the form opens: it makes a double click the same report."""
    answers: dict[str, Any] = {**UNLESS_SAID, **{name: value for name, value in given.items() if value is not None}}
    if mode := IMPLIED_MODE.get(str(answers.get("dispute_reason"))):
        answers["refusal_mode"] = mode
    names = {f.name for f in DISPUTE}
    implied = {"refusal_mode", *UNLESS_SAID}
    dispute = {n: answers[n] for n in names if n in answers and (n in implied or asks(n, answers))}
    drawn_on = answers.get("draw_on") or answers.get("win_notice_on")
    if isinstance(drawn_on, date):
        local = datetime.combine(drawn_on, time(0), zone)
        dispute["draw_time"] = local.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    dispute |= {
        "row": ROW, "event_id": event_id, "network": network, "report_lang": "zh" if lang.startswith("zh") else "en",
        "conditions": conditions_of(answers),
        "is_first_hand": answers.get("is_first_hand", answers.get("truth_statement")),
    }  # fmt: skip
    if dispute.get("prize_value") is not None:
        dispute["currency"] = "CNY"
    events = _events(answers, today)
    relieved = [event for event in events if event["outcome"] in RELIEF]
    if relieved:
        dispute["credited_stage"] = relieved[-1]["stage"]
    if answers.get("stopped") and check_outcome(answers) != "self_disqualified":
        dispute["gave_up_on"] = today
    partial = next((e for e in relieved if e["outcome"] == "relief_partial"), None)
    if answers.get("partial_accepted") and partial:
        dispute["partial_accepted_on"] = partial.get("relief_on")
    batch = Batch(disputes=_table([dispute]), events=_table(events), evidence=_table(_evidence(answers)))
    slots = {number: str(event["slot"]) for number, event in enumerate(events, start=1)}
    return Filled(batch, slots)


def conditions_of(answers: Answers) -> str | None:
    """kind:stated:met of each condition as the batch has it; what was asked only afterwards is not stated.

    None where the questions were not answered. `conditions_said` is the way back.
    """
    before, after = answers.get("condition_kinds") or (), answers.get("conditions_after") or ()
    stated = {kind: "yes" for kind in before if kind != "none_stated"} if "none_stated" not in before else {}
    stated |= {kind: "no" for kind in after if kind not in stated}
    met = answers.get("met")
    if not stated:
        return "none_stated" if before or met else None
    if not met:
        return None
    not_met = missed(answers)
    said = {kind: str(met) if met == "yes" or kind in not_met else "yes" for kind in stated}
    return ";".join(f"{kind}:{when}:{said[kind]}" for kind, when in stated.items())


def conditions_said(conditions: str) -> dict[str, Any]:
    """The answers that `conditions_of` makes into this text."""
    told = [part.split(":") for part in conditions.split(";") if part.count(":") == 2]
    if not told:
        return {"condition_kinds": ["none_stated"]} if conditions else {}
    stated, after = ([k for k, when, _met in told if (when == "no") is late] for late in (False, True))
    not_met = {met: [k for k, _when, said in told if said == met] for met in ("no", "unclear")}
    worst = next((met for met, kinds in not_met.items() if kinds), "yes")
    said = {"condition_kinds": stated or ["none_stated"], "conditions_after": after, "met": worst}
    return said | ({"not_met": not_met[worst]} if worst != "yes" else {})


def _events(answers: Answers, today: date) -> list[dict[str, Any]]:
    """The self-check, then each rung that was tried; skipped rungs get their reason."""
    checked_on = answers.get("claim_made_on") or answers.get("win_notice_on") or today
    events: list[dict[str, Any]] = [
        {"slot": S1, "stage": S1, "entered_on": checked_on, "outcome": check_outcome(answers)}
    ]
    for slot, stage in SLOTS.items():
        if not answers.get(f"{slot}.done") or not asks_slot(slot, answers):
            continue
        event = {name: answers.get(f"{slot}.{name}") for name in EVENT_ANSWERS} | {"slot": slot, "stage": stage}
        event["target_entity"] = event["target_entity"] or TARGET.get(slot)
        if slot == S2:
            event["entered_on"] = answers.get("claim_made_on")
        if slot == "s7_police":
            event["skip_reason"] = "direct_fraud"
        events += _skipped(stage, {e["stage"] for e in events}, event["entered_on"], answers)
        events.append(_pruned(event, answers, today))
    return [event | {"row": ROW, "seq": number} for number, event in enumerate(events, start=1)]


def _skipped(stage: str, there: set[str], day: date | None, answers: Answers) -> list[dict[str, Any]]:
    """The rungs passed over on the way to tool and platform, as skipped."""
    rungs = {S3: (S2,), S4: (S2, S3)}.get(stage, ())
    if S3 in there:
        rungs = ()
    return [
        {"slot": rung, "stage": rung, "entered_on": day, "outcome": "skipped", "skip_reason": _why(rung, answers)}
        for rung in rungs
        if rung not in there
    ]


def _why(rung: str, answers: Answers) -> str:
    """Why a rung was passed over: what other answers say, else what was answered, else the reporter's choice."""
    if deceived(answers):
        return "direct_fraud"
    if rung == S2 and not (answers.get("organizer_handle") or answers.get("organizer_code") or answers.get("join")):
        return "organizer_unknown"
    if rung == S3 and answers.get("organizer_type") == "platform_self":
        return "no_channel"
    if rung == S3 and answers.get("lottery_tool") in NO_TOOL:
        return "no_tool"
    return str(answers.get("skip_reason") or "reporter_choice") if rung == S3 else "reporter_choice"


def _pruned(event: dict[str, Any], answers: Answers, today: date) -> dict[str, Any]:
    """Only what fits the outcome: a relief where there was one, a promise where it is one, a day where it is over."""
    outcome, platform = event["outcome"], event["stage"] in (S3, S4)
    if outcome not in RELIEF:
        event |= {"relief": None, "relief_value": None, "relief_on": None}
    if outcome != "promised":
        event["promised_on"] = None
    if not decided(outcome):
        event["closed_on"] = None
    elif event["closed_on"] is None:
        known = (event.get("relief_on"), answers.get("refused_on") if event["stage"] == S2 else None, today)
        event["closed_on"] = next(day for day in known if day is not None)
        if event["entered_on"] and event["closed_on"] < event["entered_on"]:
            event["closed_on"] = event["entered_on"]
    if not platform:
        event["response_kind"] = event["response_kind"] if event["stage"] in FURTHER else None
    if not platform or not decided(outcome):
        event["platform_action"] = None
    elif event["platform_action"] is None:
        event["platform_action"] = "unknown"
    return event


def _evidence(answers: Answers) -> list[dict[str, Any]]:
    """A row for each file; for what is held without a file, a row of its kind."""
    files = list(answers.get("files") or ())
    form = answers.get("evidence_form") or "screenshot"
    held = [kind for group in GROUPS for kind in answers.get(f"evidence_{group.lower()}") or ()]
    rows = [
        {"kind": f["kind"], "form": f.get("form") or form, **{n: f[n] for n in ("sha256", "media_type", "size_bytes")}}
        for f in files
    ]
    with_file = {f["kind"] for f in files}
    rows += [{"kind": kind, "form": form} for kind in held if kind not in with_file]
    return [{"row": ROW, **row} for row in rows]


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
    names = [n for n in dict.fromkeys(name for row in rows for name in row) if n != "slot"] or ["row"]
    return pa.table({name: pa.array([_text(row.get(name)) for row in rows], pa.string()) for name in names})
