"""Which question is asked when; what the steps are; what the proof is good for; how little makes a whole report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from prizewatch import answers, asking, intake
from prizewatch.fields import DISPUTE, STAGE_EVENT
from prizewatch.intake import Problem
from prizewatch.store import Register
from prizewatch.vocabulary import codes
from tests.conftest import NOW

WON = NOW.date() - timedelta(days=50)
#: The shortest honest report: who cannot tell who ran the draw, met a draw without conditions, and was left waiting.
SHORTEST: dict[str, Any] = {
    "win_notice_on": WON,
    "prize_kind": "goods",
    "value_unknown": True,
    "dispute_reason": "not_shipped",
    "refusal_mode": "silent",
    "condition_kinds": ["none_stated"],
    "host_platform": "wechat",
    "reporter": "only I know this",
    "truth_statement": True,
    "consent_publish": True,
}


def judged(register: Register, given: dict[str, Any]) -> list[Problem]:
    filled = answers.fill(
        given, lang="en", event_id=str(uuid4()), network="n", today=NOW.date(), zone=register.settings.time_zone
    )
    return intake.check(register, filled.batch, intake.Source("form", trusted=False), NOW).errors


def test_ten_answers_are_enough(register: Register) -> None:
    assert len(SHORTEST) == 10
    assert judged(register, SHORTEST) == []


@pytest.mark.parametrize("name", SHORTEST)
def test_none_of_the_ten_can_be_left_out(register: Register, name: str) -> None:
    assert judged(register, {n: v for n, v in SHORTEST.items() if n != name})


ASKED: list[tuple[str, dict[str, Any], bool]] = [
    ("prize_value", {}, True),
    ("prize_value", {"value_unknown": True}, False),
    ("value_basis", {"value_unknown": True}, False),
    ("reason_other", {"dispute_reason": "other"}, True),
    ("reason_other", {"dispute_reason": "not_shipped"}, False),
    ("stated_before_entry", {"dispute_reason": "unstated_condition"}, True),
    ("stated_before_entry", {"dispute_reason": "eligibility_disputed"}, False),
    ("paid", {"dispute_reason": "pay_to_claim"}, True),
    ("paid", {"dispute_reason": "not_shipped"}, False),
    ("amount_paid", {"dispute_reason": "pay_to_claim"}, False),
    ("amount_paid", {"dispute_reason": "pay_to_claim", "paid": True}, True),
    ("first_try_on", {"dispute_reason": "no_response"}, True),
    ("last_try_on", {"dispute_reason": "no_response"}, True),
    ("tries_count", {"dispute_reason": "not_shipped"}, False),
    # (a), (b), (e): the reason leaves one way of refusal, which is not asked
    ("refusal_mode", {"dispute_reason": "declared_void"}, False),
    ("refusal_mode", {"dispute_reason": "blocked_after_address"}, False),
    ("refusal_mode", {"dispute_reason": "no_response"}, False),
    ("refusal_mode", {"dispute_reason": "prize_changed"}, True),
    ("refused_on", {"dispute_reason": "declared_void"}, True),
    ("refused_on", {"dispute_reason": "no_response"}, False),
    *(("refused_on", {"refusal_mode": mode}, mode != "silent") for mode in codes("refusal_mode")),
    *(("refusal_text", {"refusal_mode": mode}, mode == "explicit") for mode in codes("refusal_mode")),
    ("data_given", {"dispute_reason": "blocked_after_address"}, True),
    ("data_given", {"refusal_mode": "silent"}, False),
    ("met", {"condition_kinds": ["none_stated"]}, False),
    ("met", {"condition_kinds": ["repost"]}, True),
    ("met", {"conditions_after": ["repost"]}, True),
    ("not_met", {"condition_kinds": ["repost", "add_friend"], "met": "no"}, True),
    ("not_met", {"condition_kinds": ["repost"], "met": "no"}, False),
    ("not_met", {"condition_kinds": ["repost", "add_friend"], "met": "yes"}, False),
    ("proved", {"condition_kinds": ["repost"], "met": "yes"}, True),
    ("proved", {"condition_kinds": ["repost"], "met": "no"}, False),
    ("claim_deadline", {"condition_kinds": ["claim_deadline"]}, True),
    ("claim_deadline", {"dispute_reason": "deadline_missed"}, True),
    ("claim_deadline", {"condition_kinds": ["repost"]}, False),
    ("organizer_handle", {}, True),
    ("organizer_handle", {"organizer_code": "7F3A-2K9Q"}, False),
    ("organizer_handle", {"join": "token"}, False),
    ("legal_nature", {"organizer_type": "unknown"}, False),
    ("legal_nature", {"organizer_type": "brand_company"}, True),
    ("organizer_display", {"organizer_type": "individual", "legal_nature": "unknown"}, False),
    ("organizer_display", {"organizer_type": "creator"}, True),
    ("organizer_display", {"organizer_type": "brand_company", "legal_nature": "company"}, True),
    ("organizer_display", {"organizer_type": "creator", "organizer_code": "7F3A-2K9Q"}, False),
    ("entity_reg_no", {"organizer_type": "brand_company", "legal_nature": "company"}, True),
    ("entity_reg_no", {"organizer_type": "brand_company", "legal_nature": "unknown"}, False),
    ("skip_reason", {"s4_host_platform.done": True}, True),
    ("skip_reason", {"s4_host_platform.done": True, "s3_lottery_platform.done": True}, False),
    ("skip_reason", {"s4_host_platform.done": True, "lottery_tool": "manual_pick"}, False),
    ("skip_reason", {"s4_host_platform.done": True, "organizer_type": "platform_self"}, False),
    ("skip_reason", {"s2_organizer.done": True}, False),
    ("partial_accepted", {"s2_organizer.outcome": "relief_partial"}, True),
    ("partial_accepted", {"s2_organizer.outcome": "relief_full"}, False),
    ("winner_age", {"relation": "guardian"}, True),
    ("winner_age", {"relation": "winner"}, False),
    ("consent_narrative", {"narrative": "long ago"}, True),
    ("consent_narrative", {}, False),
    ("evidence_d", {}, False),
    ("evidence_d", {"dispute_reason": "prize_changed"}, True),
    ("evidence_e", {"s2_organizer.done": True}, False),
    ("evidence_e", {"s4_host_platform.done": True}, True),
]


@pytest.mark.parametrize(("name", "said", "asked"), ASKED)
def test_a_question_is_asked_only_where_it_makes_sense(name: str, said: dict[str, Any], asked: bool) -> None:
    assert asking.asks(name, said) is asked


SLOTS: list[tuple[str, dict[str, Any], bool]] = [
    ("s2_organizer", {}, True),
    ("s3_lottery_platform", {"lottery_tool": "choujiang_zhushou"}, True),
    ("s3_lottery_platform", {"lottery_tool": "group_manual"}, False),
    ("s3_lottery_platform", {"lottery_tool": "manual_pick"}, False),
    ("s3_lottery_platform", {"organizer_type": "platform_self"}, False),
    ("s4_second", {}, False),
    ("s4_second", {"s4_host_platform.done": True}, True),
    ("s5_mediation", {}, False),
    ("s5_mediation", {"s2_organizer.done": True}, True),
    ("s7_police", {"s2_organizer.done": True}, False),
    ("s7_police", {"dispute_reason": "pay_to_claim"}, True),
    ("s7_police", {"data_given": ["id_copy"]}, True),
    ("s4_host_platform", {"s2_organizer.done": True, "s2_organizer.outcome": "relief_full"}, False),
    *((slot, {"condition_kinds": ["repost"], "met": "no"}, False) for slot in asking.SLOTS),
]


@pytest.mark.parametrize(("slot", "said", "asked"), SLOTS)
def test_a_rung_is_asked_only_where_it_can_have_been_tried(slot: str, said: dict[str, Any], asked: bool) -> None:
    assert asking.asks_slot(slot, said) is asked


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"condition_kinds": ["none_stated"]}, "passed"),
        ({"condition_kinds": ["repost"], "met": "yes"}, "passed"),
        ({"condition_kinds": ["repost"], "met": "no"}, "self_disqualified"),
        ({"condition_kinds": ["repost", "follow_account"], "met": "no", "not_met": ["repost"]}, "self_disqualified"),
        (
            {"condition_kinds": ["repost"], "conditions_after": ["purchase"], "met": "no", "not_met": ["purchase"]},
            "passed",
        ),
        ({"condition_kinds": ["repost"], "met": "unclear"}, "unknown"),
        ({}, "unknown"),
    ],
)  # fmt: skip
def test_only_a_condition_stated_before_entry_can_be_failed(said: dict[str, Any], outcome: str) -> None:
    assert asking.check_outcome(said) == outcome


def test_after_a_failed_self_check_there_is_only_who_and_the_end() -> None:
    assert asking.steps({}) == asking.STEPS
    assert asking.steps({"condition_kinds": ["repost"], "met": "no"}) == ("what", "check", "who", "send")


PNG = {"sha256": "a" * 64, "media_type": "image/png", "size_bytes": 9}


@pytest.mark.parametrize(
    ("said", "level", "missing"),
    [
        ({}, "V0", "both"),
        ({"evidence_c": ["profile_id_capture"]}, "V0", "both"),
        ({"evidence_a": ["win_page"]}, "V1", "refusal"),
        ({"evidence_b": ["chat_refusal"]}, "V1", "conditions"),
        ({"evidence_a": ["win_page"], "evidence_b": ["chat_refusal"]}, "V1", "files"),
        ({"evidence_a": ["win_page"], "files": [{"kind": "win_page", **PNG}]}, "V1", "refusal"),
        (
            {"evidence_a": ["win_page"], "evidence_b": ["chat_refusal"], "files": [{"kind": "win_page", **PNG}]},
            "V1", "files",
        ),
        ({"files": [{"kind": "win_page", **PNG}, {"kind": "chat_refusal", **PNG}]}, "V2", "nothing"),
    ],
)  # fmt: skip
def test_what_is_only_ticked_is_one_side_at_most(said: dict[str, Any], level: str, missing: str) -> None:
    assert asking.standing(said) == asking.Standing(level, missing)


@pytest.mark.parametrize(
    ("value", "usual", "told"), [(9_900.0, 99.0, True), (9_899.0, 99.0, False), (9e6, None, False), (None, 99.0, False)]
)
def test_a_hundred_times_the_usual_is_told(value: float | None, usual: float | None, told: bool) -> None:
    assert asking.far_above(value, usual) is told


def test_the_second_target_is_another_one() -> None:
    first = {"s4_host_platform.target_entity": "mini_program"}
    assert "mini_program" in asking.targets("s4_host_platform", first)
    assert asking.targets("s4_second", first) == tuple(t for t in asking.TARGETS if t != "mini_program")


def every_question() -> Iterator[str]:
    yield from (f.name for f in DISPUTE)


def test_every_field_a_problem_can_name_has_its_step() -> None:
    """A problem nobody can find its question for would be told at the end; these are all it may happen to."""
    asked_as = answers.ASKED_AS
    lost = {name for name in every_question() if asked_as.get(name, name) not in asking.STEP_OF}
    assert lost == {
        "report_lang", "reported_at", "network", "draw_ref", "prize_no", "currency", "entered_on", "entrants_count",
        "draws_known", "draws_source", "draws_counted_on", "gave_up_on", "withdrawn_on", "withdraw_reason",
        "device", "filled_seconds", "trap",
    } & {f.name for f in DISPUTE}  # fmt: skip
    for slot in asking.SLOTS:
        names = {f"{slot}.{f.name}" for f in STAGE_EVENT} - {f"{slot}.channel", f"{slot}.first_response_hours"}
        assert {n for n in names if asking.step_of(asked_as.get(n, n)) != "did"} == set()


def test_a_rule_over_several_steps_is_told_at_the_last_of_them() -> None:
    assert asking.step_of("dispute_reason", "cross.not_shipped_wait") == "did"
    assert asking.step_of("dispute_reason", "dispute_reason.required") == "what"
    assert asking.step_of("network") == "send"


@pytest.mark.parametrize(
    "conditions",
    [
        "none_stated",
        "repost:yes:yes",
        "repost:yes:no;add_friend:yes:yes",
        "add_friend:no:yes",
        "repost:yes:yes;other:no:unclear",
    ],
)
def test_conditions_on_file_are_the_answers_that_made_them(conditions: str) -> None:
    assert answers.conditions_of(answers.conditions_said(conditions)) == conditions
