"""The guided form in this process: its whole way, what is said where, drafts, sending once."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from prizewatch import drafts, edge, intake
from prizewatch.asking import STEPS
from prizewatch.i18n import language
from prizewatch.store import Register
from tests.browsing import browse, text
from tests.conftest import settings_for
from tests.form_walk import again, answer, draft_of, on_file, press, problems, shortest, step, walk

_ = language("en")


pytestmark = pytest.mark.usefixtures("nothing_served")


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_ten_answers_and_seven_presses_file_a_report(register: Register, today: date, lang: str) -> None:
    given = shortest(today)
    assert sum(map(len, given.values())) == 10
    app = walk(browse(register, "report", lang), given)
    press(app, "send")
    filed = app.session_state["report_receipt"]
    assert app.title[0].value == language(lang)("receipt.title")
    shown = text(app) + " ".join(block.value for block in app.code)
    assert shown.count(filed.code) >= 2
    assert len(filed.code.replace("-", "")) * 5 >= 80, "bits"
    assert on_file(register) == 1


def test_each_step_says_what_is_wrong_there_and_nothing_of_later_ones(register: Register, today: date) -> None:
    app = press(browse(register, "report", "en"), "next")
    assert step(app) == "what"
    assert problems(app) == {
        "win_notice_on.required", "prize_kind.required", "prize_value.required", "dispute_reason.required",
        "refusal_mode.required",
    }  # fmt: skip
    assert intake.rule_sentence(_, "prize_kind.required") in text(app)
    answer(app, {"prize_kind": "goods"})
    assert intake.rule_sentence(_, "prize_kind.required") not in text(app), "mended: no longer called wrong"
    press(answer(app, shortest(today)["what"]), "next")
    assert press(app, "next").session_state["report_step"] == "check"
    assert problems(app) == {"conditions.required"}
    assert app.get_by_key("answer_condition_kinds").value == []
    press(app, "back")
    assert app.get_by_key("answer_prize_kind").value == "goods", "what was typed is kept"


def test_what_is_wrong_at_the_end_leads_back_to_its_step(register: Register, today: date) -> None:
    app = walk(browse(register, "report", "en"), {**shortest(today), "send": {}})
    press(app, "send")
    assert problems(app) == {"reporter.required", "truth_statement.must_be_true", "consent_publish.must_be_true"}
    app.session_state["answer_prize_kind"] = None  # as if a draft had been cut off
    press(app, "send")
    press(app, "go_prize_kind_prize_kind.required")
    assert step(app) == "what"
    press(answer(app, {"prize_kind": "coupon"}), "next")
    assert step(app) == "send", "from a part that was changed straight back to the summary"


def test_the_summary_tells_all_and_each_part_can_be_changed(register: Register, today: date) -> None:
    app = walk(browse(register, "report", "en"), shortest(today))
    shown = text(app)
    for said in (_.day(today - timedelta(days=50)), "Goods", "Promised, not delivered", "WeChat"):
        assert said in shown
    assert {f"report_change_{s}" for s in STEPS[:-1]} <= {b.key for b in app.button}
    press(app, "change_who")
    assert step(app) == "who"
    press(answer(app, {"host_platform": "weibo"}), "next")
    assert step(app) == "send"
    assert "Weibo" in text(app)


def test_a_completed_step_survives_a_reload_and_a_restart_and_the_phrase_is_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.duckdb"
    settings = settings_for(path)
    with Register.open(path, settings, now=edge.now()) as register:
        edge.serve(lambda: register)
        given = shortest(edge.today())
        app = walk(browse(register, "report", "en"), given)
        press(app, "back")
        code = draft_of(app)
        draft = drafts.load(register, code, edge.now())
        assert draft is not None
        assert "only I know this" not in str(draft.answers)
    with Register.open(path, settings, now=edge.now()) as register:
        app = browse(register, "report", "en", draft=code)
        assert not app.exception
        assert step(app) == "words"
        assert _("report.back_again") in text(app)
        walk(app, given)
        press(app, "send")
        assert app.session_state["report_receipt"].event_id == draft.event_id
        assert on_file(register) == 1
        kept = drafts.load(register, code, edge.now())
        assert kept is not None
        assert set(kept.answers) == {"_sent"}, "the answers are gone; that it was sent stays for a reload"


def test_a_step_that_is_still_open_is_kept_as_far_as_it_is_filled_in(register: Register, today: date) -> None:
    opened_only = browse(register, "report", "en")
    assert "draft" not in opened_only.query_params, "a link that was only opened leaves no draft"
    app = answer(opened_only, {"prize_kind": "goods", "refusal_mode": "silent"})
    back = again(register, app)
    assert step(back) == "what"
    assert _("report.back_again") in text(back)
    assert [back.get_by_key(f"answer_{name}").value for name in ("prize_kind", "refusal_mode")] == ["goods", "silent"]
    assert problems(back) == set(), "what was never sent is not called wrong"
    answer(walk(back, shortest(today), to="who"), {"organizer_handle": "gh_half_way"})
    once_more = again(register, back)
    assert (step(once_more), draft_of(once_more)) == ("who", draft_of(app)), "one draft all the way"
    assert once_more.get_by_key("answer_organizer_handle").value == "gh_half_way"
    answer(once_more, {"organizer_handle": ""})
    assert not again(register, once_more).get_by_key("answer_organizer_handle").value, "what was taken out is gone"


def test_a_draft_that_is_gone_is_said_to_be_and_start_over_erases(register: Register, today: date) -> None:
    app = walk(browse(register, "report", "en"), shortest(today), to="check")
    code = draft_of(app)
    assert drafts.load(register, code, edge.now()) is not None
    press(app, "restart")
    assert drafts.load(register, code, edge.now()) is None
    assert step(app) == "what"
    assert app.get_by_key("answer_prize_kind").value is None
    assert "draft" not in app.query_params
    app = browse(register, "report", "en", draft=code)
    assert _("report.gone") in text(app)


def test_two_tabs_and_a_retry_file_one_report_and_get_one_receipt(register: Register, today: date) -> None:
    first = walk(browse(register, "report", "en"), shortest(today), to="words")
    second = again(register, first)
    for app in (first, second):
        press(walk(app, shortest(today)), "send")
    codes = {app.session_state["report_receipt"].code for app in (first, second)}
    assert len(codes) == 1
    assert on_file(register) == 1
    reloaded = again(register, first)
    assert reloaded.session_state["report_receipt"].code in codes, "a line may drop at the last press"
    assert on_file(register) == 1


def test_a_failed_self_check_ends_kindly_or_is_kept_without_asking_more(register: Register, today: date) -> None:
    given = shortest(today) | {
        "check": {"condition_kinds": ["repost", "add_friend"], "met": "no", "not_met": ["repost"]}
    }
    app = walk(browse(register, "report", "en"), given, to="check")
    shown = text(app)
    assert all(_(f"report.failed.{part}") in shown for part in ("kind", "means", "choice"))
    press(app, "end")
    assert on_file(register) == 0
    assert _("report.ended") in text(app)
    app = walk(browse(register, "report", "en"), given, to="check")
    press(app, "next")
    press(answer(app, given["who"]), "next")
    assert step(app) == "send", "nothing after a failed self-check but the end"
    press(answer(app, given["send"]), "send")
    with register.read() as cur:
        assert cur.execute("SELECT status FROM mart.dispute").fetchone() == ("closed_ineligible",)


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        (50_000.0, set()),
        (60_000.0, {"prize_value.above_cap"}),
        (120_000.0, {"prize_value.above_cap", "prize_value.ask_again"}),
    ],
)
def test_a_high_value_is_asked_once_more_and_then_taken(
    register: Register, today: date, value: float, codes: set[str]
) -> None:
    what = {n: v for n, v in shortest(today)["what"].items() if n != "value_unknown"} | {"prize_value": value}
    app = press(answer(browse(register, "report", "en"), what), "next")
    assert problems(app) == codes
    assert step(app) == ("what" if codes else "check")
    if codes:
        assert step(press(app, "next")) == "check"
        press(walk(app, shortest(today) | {"what": {}}), "send")
        assert on_file(register) == 1, "what was said once is not said again at the end"


def test_a_claim_after_the_deadline_suggests_the_reason(register: Register, today: date) -> None:
    given = shortest(today)
    won = today - timedelta(days=50)
    given["check"] = {"condition_kinds": ["claim_deadline"], "met": "yes", "claim_deadline": won + timedelta(days=5)}
    given["did"] = {
        "s2_organizer.done": True, "claim_made_on": won + timedelta(days=9), "s2_organizer.outcome": "pending"
    }  # fmt: skip
    app = walk(browse(register, "report", "en"), given, to="did")
    press(app, "next")
    assert (step(app), problems(app)) == ("did", {"claim_deadline.missed"})
    assert intake.rule_sentence(_, "claim_deadline.missed") in text(app)
    assert step(press(app, "next")) == "evidence"


def test_too_early_for_not_shipped_is_said_where_a_broken_promise_could_still_be_told(
    register: Register, today: date
) -> None:
    given = shortest(today)
    given["what"] |= {"win_notice_on": today - timedelta(days=10)}
    app = press(walk(browse(register, "report", "en"), given, to="did"), "next")
    assert (step(app), problems(app)) == ("did", {"cross.not_shipped_wait"})
    assert "report_go_dispute_reason_cross.not_shipped_wait" in {b.key for b in app.button}
    promise = today - timedelta(days=2)
    answer(app, {"s2_organizer.done": True, "claim_made_on": today - timedelta(days=9)})
    answer(app, {"s2_organizer.outcome": "promised"})
    answer(app, {"s2_organizer.promised_on": promise})
    assert step(press(app, "next")) == "evidence", "a dated promise was broken"
