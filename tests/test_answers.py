"""From the form's answers to a batch: what was said arrives, what was not said is not added."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from prizewatch import answers
from prizewatch.intake import Problem

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


HANDLE = {"organizer_handle": "gh_somebody"}


@pytest.mark.parametrize(
    ("said", "asked_first", "reasons"),
    [
        (HANDLE, True, ["reporter_choice"]),
        ({**HANDLE, "skip_reason": "no_channel"}, True, ["no_channel"]),
        ({**HANDLE, "lottery_tool": "manual_pick"}, True, ["no_tool"]),
        ({**HANDLE, "organizer_type": "platform_self"}, True, ["no_channel"]),
        (HANDLE, False, ["reporter_choice", "reporter_choice"]),
        ({}, False, ["organizer_unknown", "reporter_choice"]),
        ({**HANDLE, "dispute_reason": "pay_to_claim"}, False, ["direct_fraud", "direct_fraud"]),
    ],
)
def test_rungs_that_were_passed_over_are_skipped_with_their_reason(
    said: dict[str, str], asked_first: bool, reasons: list[str]
) -> None:
    platform = {
        "s2_organizer.done": asked_first,
        "s2_organizer.outcome": "refused",
        "claim_made_on": WON,
        "s4_host_platform.done": True,
        "s4_host_platform.entered_on": WON,
        "s4_host_platform.outcome": "pending",
    }
    found = events(met="yes", **platform, **said)
    skipped = [e for e in found if e["outcome"] == "skipped"]
    assert [e["skip_reason"] for e in skipped] == reasons
    assert [e["stage"] for e in skipped] == ["s2_organizer", "s3_lottery_platform"][-len(reasons) :]
    assert found[-1]["stage"] == "s4_host_platform"
    assert [e["seq"] for e in found] == [str(n) for n in range(1, len(found) + 1)]


def test_both_targets_of_the_platform_and_the_rungs_beyond_are_events() -> None:
    said: dict[str, Any] = {"met": "yes", "claim_made_on": WON, "paid": True, "amount_paid": 9.0, **HANDLE}
    for slot in ("s2_organizer", "s3_lottery_platform", "s4_host_platform", "s4_second", "s5_mediation", "s7_police"):
        said |= {f"{slot}.done": True, f"{slot}.outcome": "pending", f"{slot}.entered_on": WON}
    said |= {"s4_host_platform.target_entity": "mini_program", "s4_second.target_entity": "official_account"}
    found = events(**said)
    assert [(e["stage"], e["target_entity"]) for e in found[1:]] == [
        ("s2_organizer", "organizer"),
        ("s3_lottery_platform", "lottery_tool"),
        ("s4_host_platform", "mini_program"),
        ("s4_host_platform", "official_account"),
        ("s5_mediation", "public_body"),
        ("s7_police", "public_body"),
    ]
    assert found[-1]["skip_reason"] == "direct_fraud"


@pytest.mark.parametrize(
    ("before", "after", "met", "not_met", "expected"),
    [
        (["repost"], ["purchase"], "yes", [], "repost:yes:yes;purchase:no:yes"),
        (["repost", "add_friend"], [], "no", ["add_friend"], "repost:yes:yes;add_friend:yes:no"),
        (["repost", "add_friend"], [], "unclear", [], "repost:yes:unclear;add_friend:yes:unclear"),
        (["none_stated"], ["purchase"], "no", [], "purchase:no:no"),
    ],
)
def test_each_condition_has_when_it_was_stated_and_whether_it_was_met(
    before: list[str], after: list[str], met: str, not_met: list[str], expected: str
) -> None:
    row = dispute(condition_kinds=before, conditions_after=after, met=met, not_met=not_met)
    assert row["conditions"] == expected


def test_a_reason_that_leaves_one_way_of_refusal_says_it() -> None:
    assert dispute(dispute_reason="declared_void")["refusal_mode"] == "explicit"
    assert dispute(dispute_reason="no_response", refusal_mode="blocked")["refusal_mode"] == "silent"


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


def test_a_file_takes_the_place_of_the_tick_for_its_kind() -> None:
    file = {
        "kind": "win_page",
        "form": "original_device",
        "sha256": "a" * 64,
        "media_type": "image/png",
        "size_bytes": 9,
    }
    batch = filled(evidence_a=["win_page", "share_post"], files=[file]).batch
    assert [(e["kind"], e["form"], e["sha256"]) for e in batch.evidence.to_pylist()] == [
        ("win_page", "original_device", "a" * 64),
        ("share_post", "screenshot", None),
    ]


def test_a_problem_finds_its_question() -> None:
    told = filled(met="yes", claim_made_on=WON, **{"s2_organizer.done": True, "s2_organizer.outcome": "refused"})

    def asked(field: str, code: str, seq: int | None = None, table: str = "dispute") -> str:
        return told.question(Problem("1", table, seq, field, code, ""))

    assert asked("conditions", "conditions.required") == "condition_kinds"
    assert asked("draw_time", "draw_time.too_early") == "draw_on"
    assert asked("draw_time", "draw_time.required") == "", "only the day of the win is asked for"
    assert asked("entered_on", "ladder.date_order", 2, "stage_event") == "claim_made_on"
    assert asked("entered_on", "event.entered_on.required", 2, "stage_event") == ""
    assert asked("outcome", "event.outcome.required", 2, "stage_event") == "s2_organizer.outcome"
    assert asked("entered_on", "event.entered_on.future", 1, "stage_event") == "win_notice_on"
    assert asked("sha256", "evidence.sha256.form", 1, "evidence") == "evidence"
