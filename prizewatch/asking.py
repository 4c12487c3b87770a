"""What the report form may ask when: the steps in the order of the ladder, the questions an answer brings or spares.

Pure. The rules themselves are intake's; here is only which of its questions make sense for these answers, and what the
proof that is held is good for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import evidence
from .evidence import Standing
from .fields import ACCOUNTS, REGISTERED, RELIEF
from .next_step import NO_TOOL, is_fraud
from .vocabulary import code_lists, codes

Answers = Mapping[str, Any]

STEPS = ("what", "check", "who", "did", "evidence", "words", "send")
S1, S2, S3, S4 = "s1_self_check", "s2_organizer", "s3_lottery_platform", "s4_host_platform"
#: Rungs beyond the platform, for who went further.
FURTHER = ("s5_mediation", "s6_regulator", "s7_police", "s8_court")
#: Where the form asks of a rung -> its stage. The platform has two targets: mini-program and account, say.
SLOTS = {S2: S2, S3: S3, S4: S4, "s4_second": S4, **{stage: stage for stage in FURTHER}}
#: Refusals that happened on a day; silence has none.
DATED_MODES = ("explicit", "blocked", "conditional", "reduced")
#: Reasons that leave one way of refusal only (cross rules a, b and e): it is not asked.
IMPLIED_MODE = {"declared_void": "explicit", "blocked_after_address": "blocked", "no_response": "silent"}
#: A platform's answers, the likeliest first.
PLATFORM = (
    "pending", "no_response", "rejected", "referred", "sanction_only", "promised", "relief_partial", "relief_full",
)  # fmt: skip
OUTCOMES = {
    S2: ("refused", "no_response", "promised", "pending", "relief_partial", "relief_full"),
    S3: PLATFORM,
    S4: PLATFORM,
    "s4_second": PLATFORM,
    "s5_mediation": tuple(o for o in PLATFORM if o != "sanction_only"),
    "s6_regulator": PLATFORM,
    "s7_police": ("pending", "rejected", "referred", "sanction_only", "relief_partial", "relief_full"),
    "s8_court": ("pending", "rejected", "relief_partial", "relief_full"),
}
TARGETS = ("mini_program", "official_account", "personal_account", "shop", "live_room", "link")
#: Kinds of condition -> the proof that shows one was met.
PROOF_OF = {
    "share_moments": "share_post", "repost": "share_post", "keep_post": "share_post", "tag_friend": "share_post",
    "follow_account": "follow_proof", "add_friend": "friend_proof", "date_window": "date_proof",
    "claim_deadline": "date_proof", "purchase": "payment_record",
}  # fmt: skip
GROUPS = "ABCDE"

#: The questions of each step, in order. A question of a rung is `<slot>.<field>`.
QUESTIONS: dict[str, tuple[str, ...]] = {
    "what": (
        "win_notice_on", "draw_on", "prize_kind", "prize_value", "value_unknown", "value_basis", "dispute_reason",
        "reason_other", "stated_before_entry", "paid", "amount_paid", "first_try_on", "last_try_on", "tries_count",
        "refusal_mode", "refused_on", "refusal_text", "data_given", "reasons_secondary", "draw_title",
        "winners_count", "other_winners_known",
    ),
    "check": ("condition_kinds", "conditions_after", "met", "not_met", "proved", "claim_deadline"),
    "who": (
        "organizer_code", "join", "organizer_type", "organizer_handle", "host_platform", "lottery_tool",
        "legal_nature", "organizer_display", "entity_reg_no",
    ),
    "did": (
        "claim_made_on", *(f"{slot}.{name}" for slot in SLOTS for name in (
            "done", "target_entity", "entered_on", "outcome", "promised_on", "closed_on", "relief", "relief_value",
            "relief_on", "platform_action", "response_kind", "case_ref", "stage", "skip_reason",
        )), "skip_reason", "partial_accepted", "partial_accepted_on", "stopped", "credited_stage",
    ),
    "evidence": ("evidence", *(f"evidence_{group.lower()}" for group in GROUPS), "evidence_form", "files"),
    "words": ("narrative", "consent_narrative", "keep_words"),
    "send": (
        "relation", "winner_age", "reporter", "truth_statement", "consent_publish", "consent_case_file",
        "consent_contact",
    ),
}  # fmt: skip
STEP_OF = {name: step for step, names in QUESTIONS.items() for name in names}
#: Rules that look at answers of several steps: they can be judged only once the last of these was given.
JUDGED_AT = {
    "cross.not_shipped_wait": "did",
    "cross.forged_needs_platform": "did",
    "claim_deadline.missed": "did",
    "cross.ineligible_needs_condition": "check",
}
#: Warnings the form says beside the question already: nobody is stopped for them.
SAID_BEFORE = frozenset({"value_unknown.noted", "organizer_display.not_kept"})


def step_of(question: str, code: str = "") -> str:
    """The step a problem is said at: that of its question, unless its rule looks further. Unknown ones: the last."""
    return JUDGED_AT.get(code) or STEP_OF.get(question, "send")


def steps(answers: Answers) -> tuple[str, ...]:
    """The steps of this report. After a failed self-check only who it was, and the end."""
    if check_outcome(answers) == "self_disqualified":
        return ("what", "check", "who", "send")
    return STEPS


def decided(outcome: str | None) -> bool:
    """Whether an outcome ends a stage's waiting."""
    return bool(outcome) and code_lists()["stage_outcome"][str(outcome)].counts_as == "decided"


def deceived(answers: Answers) -> bool:
    """Whether money or data was taken by deceit, so that the police are a way (3.4, note 1)."""
    reason = str(answers.get("dispute_reason") or "")
    paid = float(answers.get("amount_paid") or 0) if answers.get("paid") else 0.0
    return is_fraud(reason, amount_paid=paid, data_given=answers.get("data_given") or ())


def missed(answers: Answers) -> frozenset[str]:
    """The conditions that were not met, or may not have been: those named, or all where none was named."""
    chosen = {*(answers.get("condition_kinds") or ()), *(answers.get("conditions_after") or ())}
    if answers.get("met") not in ("no", "unclear"):
        return frozenset()
    return frozenset(chosen & set(answers.get("not_met") or ()) or chosen)


def check_outcome(answers: Answers) -> str:
    """What the self-check comes to. Only a condition that was stated before entry can be failed."""
    before = set(answers.get("condition_kinds") or ())
    met = answers.get("met")
    if before and before <= {"none_stated"} and met is None:
        return "passed"
    if met == "no":
        return "self_disqualified" if missed(answers) & before or not before else "passed"
    return {"yes": "passed"}.get(str(met), "unknown")


def asks(name: str, answers: Answers) -> bool:
    """Whether a question makes sense after the answers so far, and its answer is sent."""
    reason = answers.get("dispute_reason")
    mode = IMPLIED_MODE.get(str(reason)) or answers.get("refusal_mode")
    before = set(answers.get("condition_kinds") or ())
    chosen = (before | set(answers.get("conditions_after") or ())) - {"none_stated"}
    picked = bool(answers.get("organizer_code") or answers.get("join"))
    kind, nature = answers.get("organizer_type"), answers.get("legal_nature")
    groups = {group for group in GROUPS if group in "ABC" or answers.get(f"evidence_{group.lower()}")}
    groups |= {"D"} if answers.get("paid") or reason in ("prize_changed", "not_shipped") else set()
    groups |= {"E"} if any(answers.get(f"{slot}.done") for slot in SLOTS if slot != S2) else set()
    conditions = {
        "prize_value": not answers.get("value_unknown"),
        "value_basis": not answers.get("value_unknown"),
        "reason_other": reason == "other",
        "stated_before_entry": reason == "unstated_condition",
        "paid": reason == "pay_to_claim",
        "amount_paid": reason == "pay_to_claim" and bool(answers.get("paid")),
        "data_given": mode == "blocked" or reason in ("pay_to_claim", "unreasonable_claim_terms"),
        "first_try_on": reason == "no_response",
        "last_try_on": reason == "no_response",
        "tries_count": reason == "no_response",
        "refusal_mode": reason not in IMPLIED_MODE,
        "refused_on": mode in DATED_MODES,
        "refusal_text": mode == "explicit",
        "met": bool(chosen),
        "not_met": answers.get("met") in ("no", "unclear") and len(chosen) > 1,
        "proved": bool(chosen) and answers.get("met") == "yes",
        "claim_deadline": "claim_deadline" in before or reason == "deadline_missed",
        "organizer_handle": not picked,
        "host_platform": True,
        "legal_nature": picked or kind not in (None, "unknown"),
        "organizer_display": not picked and (kind in ACCOUNTS or nature in REGISTERED),
        "entity_reg_no": not picked and nature in REGISTERED,
        "skip_reason": any(answers.get(f"{s}.done") for s in (S4, "s4_second"))
        and not answers.get(f"{S3}.done")
        and asks_slot(S3, answers)
        and not deceived(answers),
        "partial_accepted": any(answers.get(f"{slot}.outcome") == "relief_partial" for slot in SLOTS),
        "winner_age": answers.get("relation") == "guardian",
        "consent_narrative": bool(answers.get("narrative")),
        **{f"evidence_{group.lower()}": group in groups for group in GROUPS},
    }
    return conditions.get(name, True)


def asks_slot(slot: str, answers: Answers) -> bool:
    """Whether a rung can have been tried: after a failed self-check or full relief none, without a tool none there."""
    if check_outcome(answers) == "self_disqualified":
        return False
    order = list(SLOTS)
    before = [s for s in order[: order.index(slot)] if answers.get(f"{s}.done")]
    if any(answers.get(f"{s}.outcome") == "relief_full" for s in before):
        return False
    if slot == S3:
        return answers.get("lottery_tool") not in NO_TOOL and answers.get("organizer_type") != "platform_self"
    if slot == "s4_second":
        return bool(answers.get(f"{S4}.done"))
    if slot == "s7_police":
        return deceived(answers)
    return slot not in FURTHER or bool(before)


def asks_of_slot(slot: str, answers: Answers) -> tuple[str, ...]:
    """The fields the form asks of a rung that was tried, for its outcome so far."""
    outcome = answers.get(f"{slot}.outcome")
    asked = ["target_entity"] if SLOTS[slot] == S4 else []
    asked += ["entered_on", "outcome"]
    if outcome == "promised":
        asked.append("promised_on")
    if outcome in RELIEF:
        asked += ["relief", "relief_value", "relief_on"]
    if SLOTS[slot] in (S3, S4) and decided(outcome):
        asked.append("platform_action")
    return tuple(asked)


def targets(slot: str, answers: Answers) -> tuple[str, ...]:
    """What may be complained about at the platform: the second time something else."""
    first = answers.get(f"{S4}.target_entity") if slot == "s4_second" else None
    return tuple(target for target in TARGETS if target != first)


def kinds_of(group: str) -> tuple[str, ...]:
    """The kinds of evidence of a claim element."""
    return tuple(code for code in codes("evidence_kind") if code_lists()["evidence_kind"][code].group == group)


def far_above(value: float | None, usual: float | None) -> bool:
    """Whether a value is a hundred times the usual or more: a slip of the hand, likely as not."""
    return bool(value and usual and value >= 100 * usual)


def standing(answers: Answers) -> Standing:
    """What the proof makes of the report so far; kinds that are ticked are so without a file."""
    files = [(f["kind"], f.get("form") or "screenshot", True) for f in answers.get("files") or ()]
    ticked = [(kind, "screenshot", False) for g in GROUPS for kind in answers.get(f"evidence_{g.lower()}") or ()]
    return evidence.standing([*files, *ticked])
