"""My report on the screen: opening, adding, correcting, proving, answering, withdrawing, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from prizewatch import edge, followup
from prizewatch.i18n import LANGUAGES
from prizewatch.rules import every_rule
from prizewatch.settings import Settings
from prizewatch.store import Register
from prizewatch.vocabulary import label
from tests.log_by_hand import rows_of
from tests.my_report import PHRASE, S4, S5, Screen, some_weeks_ago
from tests.reporter import Reporter, proof

pytestmark = pytest.mark.usefixtures("nothing_served")


@pytest.fixture
def me(settings: Settings) -> Iterator[Reporter]:
    at = edge.now()  # the page reads the clock, so what it shows was filed by the clock
    with Register.open(None, settings, now=at) as register:
        yield Reporter(register, at=at, **some_weeks_ago(at))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_wrong_code_gets_a_sentence_and_the_right_one_opens_however_it_is_typed(me: Reporter, lang: str) -> None:
    page = Screen(me.register, lang)
    assert page.types("").says("mine.code.empty")
    assert page.types("K0K0K-K0K0K-K0K0K-K0K0K").says("mine.unknown")
    assert page.app.text_input(key="mine_typed").value.startswith("K0K0K")  # to be compared with the receipt
    page.types(me.code.lower().replace("-", " "))
    for words in (
        label("dispute_status", "open", lang),
        label("stage", S4, lang),
        page._("mine.counts.published_masked"),
    ):
        assert words in page.shown
    assert page.says("mine.level", level=label("verification_level", "V1", lang))
    assert page.says("evidence.missing.refusal")
    assert page.says("advice.next", step=label("stage", S5, lang))
    assert me.code not in page.shown
    assert me.code not in str(page.app.query_params)
    page.presses("mine_close")
    assert page.says("mine.code.reload")


def test_too_many_wrong_codes_say_when_to_try_again(me: Reporter) -> None:
    page = Screen(me.register)
    for n in range(10):
        page.types(f"WRONG-{n}")
    page.types(me.code)
    assert any(page.says("mine.slowed", minutes) for minutes in (8, 9, 10))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_platform_answered_no_and_the_next_step_is_told_anew(me: Reporter, lang: str) -> None:
    page = Screen(me.register, lang).types(me.code).presses("mine_event_4")
    page.chooses("selectbox", "outcome", "rejected").chooses("selectbox", "platform_action", "none_known").saves()
    assert page.says("mine.done.close")
    (event,) = [e for e in me.opened().events if e["stage"] == S4]
    assert (event["outcome"], event["platform_action"], event["version"]) == ("rejected", "none_known", 2)
    assert event["closed_on"] == edge.today()
    page.does("step").chooses("button_group", "stage", S5).chooses("date_input", "entered_on", edge.today())
    page.chooses("selectbox", "outcome", "pending").saves()
    assert page.says("mine.done.step")
    assert page.says("advice.next", step=label("stage", "s6_regulator", lang))
    assert me.mart()["furthest_stage"] == S5


def test_what_is_wrong_is_said_at_its_question_and_typing_stays(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).presses("mine_event_4")
    page.chooses("selectbox", "outcome", "relief_partial").chooses("number_input", "relief_value", 900.0).saves()
    for code in ("event.relief.required", "event.relief_on.required", "event.relief_value.far_above_prize"):
        assert page._(f"rules.{code}") in page.shown, every_rule()[code]
    assert page.app.number_input(key="mine_answer_relief_value").value == 900.0
    page.chooses("selectbox", "relief", "partial_value").chooses("number_input", "relief_value", 30.0)
    page.chooses("date_input", "relief_on", edge.today()).chooses("checkbox", "partial_accepted", True).saves()
    assert page.says("mine.done.close")
    assert (me.status, me.mart()["relief_cents"], me.mart()["credited_stage"]) == ("resolved_partial", 3000, S4)


def test_a_warning_is_asked_about_and_the_second_press_saves(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).does("correct").chooses("button_group", "topic", "prize")
    page.chooses("number_input", "prize_value", 60000.0).saves()
    assert page.says("rules.prize_value.above_cap")
    assert page.app.button(key="mine_send").label == page._("mine.send.anyway")
    assert page.saves().says("mine.done.correct")


@pytest.mark.parametrize(
    ("topic", "widget", "name", "value", "field", "stored"),
    [
        ("prize", "number_input", "prize_value", 80.5, "prize_value", "80.50"),
        ("prize", "selectbox", "prize_kind", "travel", "prize_kind", "travel"),
        ("draw", "text_input", "draw_title", "Summer draw", "draw_title", "Summer draw"),
        ("draw", "date_input", "win_notice_on", None, "win_notice_on", None),
        ("refusal", "text_input", "refusal_text", "no prize for you", "refusal_text", "no prize for you"),
        ("organizer", "selectbox", "lottery_tool", "other_miniprogram", "lottery_tool", "other_miniprogram"),
    ],
)  # fmt: skip
def test_a_correction_shows_what_stands_there_and_sends_only_what_differs(
    me: Reporter, topic: str, widget: str, name: str, value: Any, field: str, stored: Any
) -> None:
    before = me.opened().dispute
    page = Screen(me.register).types(me.code).does("correct").chooses("button_group", "topic", topic)
    standing = getattr(page.app, widget)(key=f"mine_answer_{name}").value
    assert standing in (before[field], float(before["prize_value"]), "", None)
    page.chooses(widget, name, value or before["win_notice_on"] + timedelta(1)).saves()
    assert page.says("mine.done.correct"), page.shown
    after = me.opened().dispute
    changed = {k for k in after if after[k] != before[k]} - {"reported_at"}
    assert changed == {field}
    if stored:
        assert str(after[field]) == stored


def test_conditions_are_shown_as_the_form_asked_them_and_corrected(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).does("correct").chooses("button_group", "topic", "conditions")
    assert page.app.get_by_key("mine_answer_condition_kinds").value == ["repost"]
    page.saves()
    assert me.opened().dispute["conditions"] == "repost:yes:yes"
    page = Screen(me.register).types(me.code).does("correct").chooses("button_group", "topic", "conditions")
    page.app.get_by_key("mine_answer_conditions_after").set_value(["add_friend"]).run()
    assert page.saves().says("mine.done.correct"), page.shown
    assert me.opened().dispute["conditions"] == "repost:yes:yes;add_friend:no:yes"


def test_name_and_registration_number_of_an_organizer_can_be_said_later(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).does("correct").chooses("button_group", "topic", "organizer")
    page.chooses("text_input", "organizer_display", "Demo Shop").chooses(
        "text_input", "organizer_handle", "gh_demo_shop"
    )
    page.chooses("text_input", "entity_reg_no", "91350100M000100Y43").saves()
    assert page.says("mine.done.correct"), page.shown
    seen = rows_of(me.register, "SELECT display_name, reg_no FROM log.organizer ORDER BY commit_no")[-1]
    assert seen == {"display_name": "Demo Shop", "reg_no": "91350100M000100Y43"}


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (9, 9), "teal").save(out, "PNG")
    return out.getvalue()


def test_files_are_added_each_for_what_it_shows(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).does("proof")
    page.app.file_uploader(key="mine_upload_0").upload("a.png", picture()).run()
    assert page.says("mine.files.kind_first")
    page.chooses("selectbox", "kind", "chat_refusal")
    page.app.file_uploader(key="mine_upload_1").upload("a.txt", b"words").run()
    assert not page.app.exception
    assert page._("evidence.file.not_accepted") in page.shown
    page.app.file_uploader(key="mine_upload_2").upload("a.png", picture()).run()
    assert page.saves().says("mine.done.proof")
    assert [(e["kind"], bool(e["sha256"])) for e in me.opened().evidence] == [
        ("win_page", False),
        ("chat_refusal", True),
    ]
    assert page.says("evidence.missing.files")  # both sides are there, one of them only ticked


def test_a_moderators_question_stands_first_and_is_answered(me: Reporter) -> None:
    me.moderated("ask", sentence="Which account <was> it?")
    page = Screen(me.register).types(me.code)
    assert "Which account &lt;was&gt; it?" in page.shown
    assert not page.says("mine.do.answer.more")
    page.does("answer").chooses("text_area", "answer", "The one with the cat.").saves()
    assert page.says("mine.done.answer")
    assert "The one with the cat." in page.shown
    assert page.says("mine.do.answer.more"), "the button does not ask for what was given"
    assert me.opened().moderation == "needs_info"


def test_giving_up_and_taking_up_again(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).does("stop").saves()
    assert page.says("mine.done.stop")
    assert me.status == "closed_unresolved"
    assert page.does("again").says("mine.done.taken_up")
    assert me.status == "open"
    assert page.does("same").says("mine.done.same")
    assert me.opened().version == 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_withdrawing_says_what_follows_and_can_be_undone(me: Reporter, lang: str) -> None:
    page = Screen(me.register, lang).types(me.code).does("withdraw")
    assert page.saves().says("rules.withdraw_reason.required")
    page.chooses("button_group", "withdraw_reason", "settled")
    assert page.says("mine.withdraw.settled")
    assert page.saves().says("rules.withdraw_reason.settled_needs_relief")
    page.chooses("button_group", "withdraw_reason", "privacy").saves()
    assert page.says("mine.done.withdrawn")
    assert me.status == "withdrawn"
    assert isinstance(followup.open_report(me.register, me.code, edge.now(), "x"), followup.Unknown)
    page.app.text_input(key="mine_phrase").set_value("something else")
    assert page.presses("mine_again").says("mine.again.no")
    page.app.text_input(key="mine_phrase").set_value(PHRASE)
    assert page.presses("mine_again").says("mine.done.again")
    assert me.status == "open"


def test_who_withdrew_before_takes_it_up_again_from_the_first_screen(me: Reporter) -> None:
    me.withdraws("other")
    page = Screen(me.register).types(me.code)
    assert page.says("mine.unknown")
    page.app.text_input(key="mine_typed").set_value(me.code)
    page.app.text_input(key="mine_phrase").set_value(f" {PHRASE} ")
    assert page.presses("mine_again").says("mine.done.again")
    assert page.says("mine.status.open")


def test_a_report_withdrawn_in_another_window_closes_here_without_a_fault(me: Reporter) -> None:
    page = Screen(me.register).types(me.code).does("stop")
    me.withdraws("mistake")
    assert page.saves().says("mine.unknown")


def test_a_reference_register_has_nothing_to_open(reference: Register) -> None:
    page = Screen(reference)
    assert page.says("mine.reference")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_may_be_done_with_a_report_is_shown_and_changed(me: Reporter, lang: str) -> None:
    screen = Screen(me.register, lang).types(me.code)
    _ = screen._
    assert _("consent.no", what=_("consent.what.consent_case_file")) in screen.shown
    screen.does("consent").chooses("checkbox", "consent_case_file", True).saves()
    assert _("mine.done.consent") in screen.shown
    assert me.opened().dispute["consent_case_file"] is True
    assert _("consent.case.not_yet") in screen.shown
    screen.does("consent").chooses("checkbox", "consent_publish", False).saves()
    assert me.mart()["moderation"] == "draft"
    assert me.opened().dispute["consent_case_file"] is True
    assert _("mine.counts.draft") in screen.shown


def test_who_may_be_asked_is_offered_the_case_file_of_the_others(me: Reporter) -> None:
    at = me.now
    for n in range(2):
        both = [
            proof(me.register, "win_page", "screen_recording"),
            proof(me.register, "chat_refusal", "screen_recording"),
        ]
        Reporter(me.register, f"other {n}", at=at, **some_weeks_ago(at) | {
            "evidence": both, "consent_case_file": "true", "reporter": f"other {n}",
        })  # fmt: skip
    screen = Screen(me.register).types(me.code)
    invited = screen._("consent.case.invited", 2)
    assert invited not in screen.shown
    me.says(dispute={"consent_contact": "true"})
    assert invited in Screen(me.register).types(me.code).shown
    me.says(dispute={"consent_case_file": "true"})
    assert screen._("consent.case.unproven") in Screen(me.register).types(me.code).shown
    me.says(evidence=[proof(me.register, kind, "screen_recording") for kind in ("win_page", "chat_refusal")])
    shown = Screen(me.register).types(me.code)
    assert screen._("consent.case.inside", 3) in shown.shown
    assert [button.key for button in shown.app.get("download_button") if "case" in str(button.key)] == [
        "mine_case_pdf", "mine_case_page", "mine_case_zip",
    ]  # fmt: skip
