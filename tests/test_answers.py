"""From the form's answers to a batch: what was said arrives, what was not said is not added."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prizewatch import answers

TODAY = date(2026, 11, 25)
WON = date(2026, 10, 1)


def filled(**given: Any) -> answers.Filled:
    return answers.fill(given, lang="en", event_id="e", network="n", today=TODAY, zone=ZoneInfo("Asia/Shanghai"))


def dispute(**given: Any) -> dict[str, str | None]:
    return filled(**given).batch.disputes.to_pylist()[0]  # type: ignore[no-any-return]


def events(**given: Any) -> list[dict[str, str | None]]:
    return filled(**given).batch.events.to_pylist()  # type: ignore[no-any-return]


def test_the_draw_is_on_the_registers_day_and_on_the_day_of_the_win_unless_said() -> None:
    assert dispute(win_notice_on=WON)["draw_time"] == "2026-09-30 16:00:00"
    assert dispute(win_notice_on=WON, draw_on=date(2026, 9, 20))["draw_time"] == "2026-09-19 16:00:00"
    assert "draw_time" not in dispute()


def test_a_question_that_no_longer_holds_is_not_sent() -> None:
    said = {"dispute_reason": "pay_to_claim", "paid": True, "amount_paid": 30.0}
    assert dispute(**said)["amount_paid"] == "30.00"
    assert "amount_paid" not in dispute(**{**said, "dispute_reason": "not_shipped"})
    assert "refused_on" not in dispute(refusal_mode="silent", refused_on=WON)
    value = dispute(value_unknown=True, prize_value=9.0)
    assert "prize_value" not in value
    assert "currency" not in value


@pytest.mark.parametrize(
    ("kinds", "met", "expected"),
    [
        (["repost", "add_friend"], "yes", "repost:yes:yes;add_friend:yes:yes"),
        (["repost"], "unclear", "repost:yes:unclear"),
        (["none_stated", "repost"], "yes", "none_stated"),
        ([], "yes", "none_stated"),
        (["repost"], None, None),
        ([], None, None),
    ],
)
def test_conditions(kinds: list[str], met: str | None, expected: str | None) -> None:
    assert dispute(condition_kinds=kinds, met=met).get("conditions") == expected


def test_the_self_check_is_the_first_event_and_a_failed_one_the_only() -> None:
    tried = {"s2_organizer.done": True, "s2_organizer.outcome": "refused", "claim_made_on": WON}
    assert [e["outcome"] for e in events(met="yes", **tried)] == ["passed", "refused"]
    assert [e["outcome"] for e in events(met="no", **tried)] == ["self_disqualified"]
    assert [e["outcome"] for e in events(met="unclear")] == ["unknown"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "reporter_choice"),
        ({"lottery_tool": "manual_pick"}, "no_tool"),
        ({"organizer_type": "platform_self"}, "no_channel"),
    ],
)
def test_a_tool_that_was_passed_over_is_a_skipped_rung_with_its_reason(said: dict[str, str], reason: str) -> None:
    platform = {
        "s4_host_platform.done": True,
        "s4_host_platform.entered_on": WON,
        "s4_host_platform.outcome": "pending",
    }
    found = events(met="yes", **platform, **said)
    assert [(e["stage"], e["outcome"], e["skip_reason"]) for e in found[1:]] == [
        ("s3_lottery_platform", "skipped", reason),
        ("s4_host_platform", "pending", None),
    ]
    assert [e["seq"] for e in found] == ["1", "2", "3"]


def test_relief_is_credited_to_its_stage_and_only_sent_where_there_was_some() -> None:
    said = {
        "met": "yes", "claim_made_on": WON, "s2_organizer.done": True, "s2_organizer.outcome": "relief_partial",
        "s2_organizer.relief": "partial_value", "s2_organizer.relief_value": 5.0, "s2_organizer.relief_on": TODAY,
        "partial_accepted": True,
    }  # fmt: skip
    row = dispute(**said)
    assert (row["credited_stage"], row["partial_accepted_on"]) == ("s2_organizer", "2026-11-25")
    refused = {**said, "s2_organizer.outcome": "refused"}
    assert events(**refused)[1]["relief"] is None
    assert "credited_stage" not in dispute(**refused)
    assert "partial_accepted_on" not in dispute(**refused)


def test_an_open_stage_has_no_closing_day_and_a_decided_one_has() -> None:
    said = {"met": "yes", "s2_organizer.done": True, "claim_made_on": WON, "refused_on": date(2026, 10, 5)}
    assert events(**said, **{"s2_organizer.outcome": "pending"})[1]["closed_on"] is None
    assert events(**said, **{"s2_organizer.outcome": "refused"})[1]["closed_on"] == "2026-10-05"


def test_evidence_is_a_row_each_with_how_it_was_taken() -> None:
    batch = filled(evidence_a=["win_page"], evidence_b=["chat_refusal"], evidence_form="screen_recording").batch
    assert [(e["kind"], e["form"]) for e in batch.evidence.to_pylist()] == [
        ("win_page", "screen_recording"),
        ("chat_refusal", "screen_recording"),
    ]
