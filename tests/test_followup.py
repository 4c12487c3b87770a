"""Coming back with a code: what is shown, added, corrected, answered; wrong codes; retries, two tabs, a kill."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from prizewatch import followup, identity
from prizewatch.followup import Change, OwnReport, Slowed, Unknown
from prizewatch.rules import every_rule
from prizewatch.store import Register
from tests.conftest import ROOT, settings_for
from tests.intake_rows_by_hand import NOW, attempt, event_id
from tests.log_by_hand import rows_of
from tests.reporter import HOME, Reporter, day, proof

LATE = datetime(2026, 8, 20, 20, 0)  # in UTC; in Shanghai it is the next morning
S3, S4, S6 = "s3_lottery_platform", "s4_host_platform", "s6_regulator"


def test_the_name_in_a_report_was_seen_on_the_day_it_was_filed_where_the_register_stands(register: Register) -> None:
    me = Reporter(register, at=LATE, organizer_handle="gh_seen_at_night", organizer_display="夜间小铺")
    filed = me.mart()
    seen = rows_of(register, "SELECT seen_on FROM log.organizer WHERE organizer_id = ?", [filed["organizer_id"]])
    assert [row["seen_on"] for row in seen] == [filed["reported_on"]] == [date(2026, 8, 21)]


def test_a_report_opens_with_its_code_however_it_is_typed(me: Reporter) -> None:
    report = me.opened()
    assert (report.status, report.moderation, report.verification, report.version) == (
        "open",
        "published_masked",
        "V0",
        1,
    )
    assert (report.filed_at, report.dispute["prize_value"]) == (NOW, Decimal("100.00"))
    assert [(e["seq"], e["stage"], e["outcome"]) for e in report.events] == [
        (1, "s1_self_check", "passed"), (2, "s2_organizer", "refused"),
    ]  # fmt: skip
    sloppy = "  " + me.code.lower().replace("-", " ").replace("1", "l").replace("0", "o") + "\u3000"
    assert followup.open_report(me.register, sloppy, NOW, HOME) == report


def test_nothing_secret_is_in_what_a_reporter_sees(me: Reporter) -> None:
    row = rows_of(me.register, "SELECT reporter_key, receipt_hash, organizer_id, draw_id FROM log.filing")[0]
    shown = str(me.opened())
    assert me.code not in shown
    assert not any(str(value) in shown for value in row.values())


def test_a_change_is_a_new_version_and_nothing_on_file_is_touched(me: Reporter) -> None:
    before = rows_of(me.register, "FROM log.filing")
    me.later(days=3)
    report = me.says(dispute={"prize_value": "80", "narrative": "开奖以后一直推说下周发货，到现在没有收到任何东西。"})
    assert (report.version, report.dispute["prize_value"]) == (2, Decimal("80.00"))
    rows = rows_of(me.register, "FROM log.filing ORDER BY version")
    assert rows[:1] == before
    same = ("dispute_id", "reporter_key", "receipt_hash", "organizer_id", "draw_id", "source", "prize_kind")
    assert [rows[1][c] for c in same] == [before[0][c] for c in same]
    assert (rows[1]["reported_at"], rows[1]["recorded_at"], rows[1]["network_key"]) == (me.now, me.now, None)
    assert me.mart()["prize_cents"] == 8000
    assert me.mart()["reported_on"] == NOW.date()
    assert len(rows_of(me.register, "FROM log.organizer")) == 1  # nothing new was said of it


def test_what_happened_next_moves_the_ladder_and_the_figures(me: Reporter) -> None:
    me.adds(attempt(S3, "pending", "2026-08-10"))
    assert me.mart()["furthest_stage"] == S3
    report = me.closes("s3", outcome="rejected", closed_on="2026-08-19", platform_action="none_known")
    assert [(e["outcome"], e["version"]) for e in report.events if e["stage"] == S3] == [("rejected", 2)]
    told = rows_of(
        me.register, "SELECT decided, action_known, action_taken FROM mart.dispute_stage WHERE stage = ?", [S3]
    )
    assert told == [{"decided": True, "action_known": True, "action_taken": False}]


def test_the_rules_of_the_intake_judge_the_whole_story(me: Reporter) -> None:
    assert me.errors(events=[attempt("s5_mediation", "sanction_only")]) == {"ladder.outcome_not_allowed"}
    assert me.errors(events=[attempt(S3, "rejected", day(NOW, -1))]) == {"event.entered_on.future"}
    assert me.errors(dispute={"prize_value": ""}) == {"prize_value.required"}
    assert me.errors(dispute={"dispute_reason": "other"}) == {"reason_other.required"}
    assert me.errors(evidence=[{"kind": "gossip", "form": "screenshot"}]) == {"evidence.kind.code"}
    assert me.opened().version == 1
    with pytest.raises(ValueError, match="withdrawn_on"):
        me.tries(dispute={"withdrawn_on": "2026-08-20"})
    with pytest.raises(ValueError, match="no event"):
        me.tries(events=[{"stage_event_id": event_id("of another"), "outcome": "refused"}])


def test_a_rule_younger_than_the_report_does_not_stand_in_the_way(register: Register) -> None:
    me = Reporter(register)

    def age(cur, items):
        cur.execute("UPDATE log.filing SET refusal_text = NULL, prize_value = 60000")
        return [None for _ in items]

    register.write(age, None)  # as if it had been filed when neither was asked
    assert me.tries(events=[attempt(S3, "pending", "2026-08-10")], on_warning="refuse").problems == []
    assert me.errors(dispute={"refusal_text": "字" * 301}) == {"refusal_text.too_long"}


def test_a_warning_is_asked_about_once_and_only_where_it_is_new(me: Reporter) -> None:
    dear = {"prize_value": "60000"}
    asked = me.tries(dispute=dear, on_warning="refuse")
    assert (asked.report, [p.code for p in asked.problems]) == (None, ["prize_value.above_cap"])
    taken = me.tries(dispute=dear)
    assert taken.report is not None
    assert [p.code for p in taken.problems] == ["prize_value.above_cap"]
    assert me.tries(dispute={"draw_title": "七夕抽奖"}, on_warning="refuse").problems == []
    assert me.mart()["moderation"] == "pending"  # and what is dear is looked at, as at filing


def test_a_step_that_was_allowed_stays_so_when_an_earlier_one_is_closed(me: Reporter) -> None:
    me.adds(attempt(S3, "pending", "2026-08-01"))
    me.adds(attempt("s5_mediation", "pending", "2026-08-02"))
    me.adds(attempt(S4, "pending", "2026-08-03"))  # from the open s3
    assert me.closes("s5", outcome="rejected", closed_on="2026-08-18").events[3]["outcome"] == "rejected"
    relief = {"outcome": "relief_full", "closed_on": "2026-08-19", "relief": "full_prize", "relief_value": "100"}
    me.closes("s2", **relief, relief_on="2026-08-19")
    assert (me.status, me.mart()["credited_stage"]) == ("resolved_full", "s2_organizer")


def test_a_renamed_organizer_takes_the_dispute_and_its_draw_along(me: Reporter) -> None:
    key, old = me.register.key, rows_of(me.register, "SELECT organizer_id, draw_id FROM log.filing")[0]
    assert me.errors(dispute={"host_platform": "weibo"}) == {"organizer_handle.again"}
    me.says(dispute={"host_platform": "weibo", "organizer_handle": "@Another_Shop"})
    new = rows_of(me.register, "SELECT organizer_id, draw_id FROM log.filing WHERE version = 2")[0]
    assert new["organizer_id"] == identity.organizer_id(key, "weibo", "another_shop")
    assert new["draw_id"] == identity.draw_id(key, str(new["organizer_id"]), "", date(2026, 6, 1), "")
    assert me.mart()["organizer_id"] == new["organizer_id"]
    left = rows_of(me.register, "SELECT disputes FROM mart.organizer WHERE organizer_id = ?", [old["organizer_id"]])
    assert left == [{"disputes": 0}]
    handles = rows_of(me.register, "SELECT handle FROM log.organizer ORDER BY commit_no")
    assert handles == [{"handle": "gh_demo_shop"}, {"handle": "@Another_Shop"}]


def test_a_corrected_day_moves_the_draw_but_a_numbered_draw_stays(register: Register) -> None:
    plain, numbered = Reporter(register, "plain"), Reporter(register, "numbered", draw_ref="no-17")
    days = {"draw_time": "2026-06-02 12:00:00", "win_notice_on": "2026-06-02"}
    for me in (plain, numbered):
        before = me.mart()["draw_id"]
        me.says(dispute=days)
        assert (me.mart()["draw_id"] == before) is (me is numbered)
        assert me.mart()["draw_on"] == date(2026, 6, 2)


def test_nobodys_organizer_gets_a_name(register: Register) -> None:
    me = Reporter(register, organizer_type="unknown", organizer_handle=None)
    assert not me.opened().named
    assert me.errors(dispute={"organizer_type": "online_shop"}) == {"organizer_handle.required"}
    assert me.says(dispute={"organizer_type": "online_shop", "organizer_handle": "gh_found"}).named
    assert me.mart()["organizer_id"] == identity.organizer_id(register.key, "wechat", "gh_found")


def test_a_correction_onto_a_matter_reported_before_waits_for_a_moderator(register: Register) -> None:
    first = Reporter(register, "first", reporter="one@example.org")
    other = {"draw_time": "2026-05-01 12:00:00", "win_notice_on": "2026-05-01"}
    second = Reporter(register, "second", reporter="one@example.org", **other)
    second.says(dispute={"draw_time": "2026-06-01 12:00:00", "win_notice_on": "2026-06-01"})
    assert (first.mart()["draw_id"], first.mart()["moderation"]) == (second.mart()["draw_id"], "published_masked")
    assert second.mart()["moderation"] == "pending"


def test_what_a_revision_says_is_screened_and_a_moderators_word_holds_for_what_was_there(me: Reporter) -> None:
    ugly = {"draw_title": "联系 13800138000 领奖"}
    me.moderated("publish_masked")
    me.says(dispute={"prize_value": "90"})
    assert me.mart()["moderation"] == "published_masked"
    me.says(dispute=ugly)
    screened = rows_of(me.register, "SELECT screen FROM log.filing WHERE version = 3")[0]["screen"]
    masked = "13800138000" not in str(rows_of(me.register, "SELECT draw_title FROM log.filing"))
    assert masked or (screened == "personal_data" and me.mart()["moderation"] == "pending")


def test_what_holds_a_report_goes_on_holding_it(register: Register) -> None:
    me = Reporter(register, dispute_reason="rigged_winner", stated_before_entry=None)
    assert me.mart()["moderation"] == "pending"
    me.says(dispute={"prize_value": "90"})
    assert me.mart()["moderation"] == "pending"


def test_files_raise_the_level_and_only_files_that_arrived(me: Reporter) -> None:
    made_up = {"kind": "win_page", "form": "screenshot", "sha256": "ab" * 32}
    assert me.errors(evidence=[made_up]) == {"evidence.sha256.not_kept"}
    assert me.says(evidence=[{"kind": "win_page", "form": "screenshot"}]).verification == "V1"
    page = proof(me.register, "win_page")
    assert me.says(evidence=[page, proof(me.register, "chat_refusal")]).verification == "V2"
    assert len(me.says(evidence=[page]).evidence) == 3  # the same file once more is no more proof
    more = [proof(me.register, "other") for _ in range(9)]
    assert me.errors(evidence=more) == {"evidence.sha256.too_many"}
    assert len(me.says(evidence=more[:8]).evidence) == 11


def test_a_question_is_shown_and_its_answer_kept_until_a_moderator_decides(me: Reporter) -> None:
    assert me.errors(answer="Hello?") == {"answer.nothing_asked"}
    me.moderated("ask", sentence="Which account was it?")
    assert (me.opened().question, me.opened().answered) == ("Which account was it?", "")
    assert me.errors(answer="字" * 1001) == {"answer.too_long"}
    change = me.fresh()
    report = me.says(answer=" The one with the cat. ", change_id=change)
    assert (report.moderation, report.answered) == ("needs_info", "The one with the cat.")
    me.says(answer="again", change_id=change)
    assert [r["answered"] for r in rows_of(me.register, "FROM log.answer")] == ["The one with the cat."]
    me.moderated("publish_masked")
    assert (me.opened().question, me.opened().moderation) == ("", "published_masked")
    me.moderated("ask", sentence="And when?")
    assert (me.opened().question, me.opened().answered) == ("And when?", "")


# ── wrong codes ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_wrong_codes_are_slowed_for_their_network_only(me: Reporter) -> None:
    for n in range(10):
        assert followup.open_report(me.register, f"WRONG-{n}", NOW + timedelta(seconds=n), "203.0.113.5") == Unknown()
    slowed = followup.open_report(me.register, me.code, NOW + timedelta(seconds=30), "203.0.113.5")
    assert slowed == Slowed(570)  # the right one, too: else guessing on would pay
    change = Change(me.fresh(), {"prize_value": "1"})
    assert followup.revise(me.register, me.code, change, NOW + timedelta(seconds=31), "203.0.113.5") == Slowed(569)
    assert followup.reopen(me.register, me.code, "x", me.fresh(), NOW + timedelta(seconds=31), "203.0.113.5") == Slowed(
        569
    )
    assert isinstance(followup.open_report(me.register, me.code, NOW, "203.0.113.6"), OwnReport)
    assert isinstance(followup.open_report(me.register, me.code, NOW + timedelta(minutes=10), "203.0.113.5"), OwnReport)


def test_right_codes_use_up_no_tries_and_a_limit_of_nothing_is_none(me: Reporter, tmp_path) -> None:
    for _ in range(30):
        me.opened()
    with Register.open(None, settings_for(tmp_path / "r", WRONG_CODES_PER_10_MIN="0"), now=NOW) as free:
        assert {type(followup.open_report(free, "WRONG", NOW, HOME)) for _ in range(30)} == {Unknown}


def test_a_withdrawn_code_cannot_be_told_from_a_wrong_one(me: Reporter) -> None:
    wrong = "0" * 20
    with_code = {
        "open": lambda code: followup.open_report(me.register, code, me.now, "2001:db8::1"),
        "revise": lambda code: followup.revise(me.register, code, Change(me.fresh()), me.now, "2001:db8:1::1"),
        "withdraw": lambda code: followup.withdraw(me.register, code, "other", me.fresh(), me.now, "2001:db8:2::1"),
        "take back": lambda code: followup.take_back(me.register, code, me.now),
        "reopen": lambda code: followup.reopen(me.register, code, "not it", me.fresh(), me.now, "2001:db8:3::1"),
    }
    for reason in ("privacy", "pressured"):
        assert me.withdraws(reason).report is not None
        for name, does in with_code.items():
            assert does(me.code) == does(wrong), name
        me.reopens()


def test_a_wrong_code_asks_the_register_the_same(me: Reporter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not one statement more or less, so that time tells nothing worth having."""
    from prizewatch import story

    asked: list[str] = []
    really = story.rows
    monkeypatch.setattr(story, "rows", lambda cur, name, values: asked.append(name) or really(cur, name, values))
    counts = []
    me.withdraws("privacy")
    for code in ("0" * 20, me.code):
        asked.clear()
        followup.open_report(me.register, code, NOW, HOME)
        counts.append(list(asked))
    assert counts[0] == counts[1] != []


# ── the same again, two at once, a kill ────────────────────────────────────────────────────────────────────────────


def test_a_change_sent_twice_is_one(me: Reporter) -> None:
    change, step = me.fresh(), [attempt(S3, "pending", "2026-08-10")]
    first, again = me.says(events=step, change_id=change), me.says(events=step, change_id=change)
    assert (first.version, again.version, len(again.events)) == (2, 2, 3)
    gone = me.fresh()
    assert me.withdraws("other", gone).report is not None
    back = me.fresh()
    assert [me.reopens(change_id=back).report.version for _ in range(2)] == [4, 4]


def test_twenty_presses_at_once_are_one_change(me: Reporter) -> None:
    change = me.fresh()
    with ThreadPoolExecutor(20) as pool:
        done = list(
            pool.map(lambda _: me.says(events=[attempt(S3, "pending", "2026-08-10")], change_id=change), range(20))
        )
    assert {len(report.events) for report in done} == {3}
    assert len(rows_of(me.register, "FROM log.filing")) == 2


def test_two_tabs_keep_both_changes_or_say_so(me: Reporter) -> None:
    me.adds(attempt(S3, "pending", "2026-08-10"))
    step, seen = me.event("s3"), str(me.opened().version)
    closed = {"stage_event_id": step, "version": "1", "outcome": "rejected", "platform_action": "unknown"}
    with ThreadPoolExecutor(2) as pool:
        price = pool.submit(me.says, dispute={"prize_value": "70", "version": seen})
        title = pool.submit(me.says, dispute={"draw_title": "端午抽奖", "version": seen})
        price.result(), title.result()
    said = me.opened().dispute
    assert (said["prize_value"], said["draw_title"]) == (Decimal("70.00"), "端午抽奖")
    assert me.errors(dispute={"prize_value": "60", "version": seen}) == {"dispute.changed_meanwhile"}
    assert me.errors(events=[closed]) == set()
    assert me.errors(events=[closed | {"outcome": "no_response"}]) == {"event.outcome.changed_meanwhile"}
    assert me.opened().events[-1]["outcome"] == "rejected"
    both = [attempt(S4, "pending", "2026-08-12"), attempt(S4, "pending", "2026-08-13")]
    with ThreadPoolExecutor(2) as pool:
        told = [problem for found in pool.map(lambda e: me.errors(events=[e]), both) for problem in found]
    assert "ladder.open_twice" in told
    assert sum(e["stage"] == S4 for e in me.opened().events) == 1


def test_changes_of_many_people_at_once_are_all_kept(register: Register) -> None:
    people = Reporter.several(register, {f"p{n}": {} for n in range(12)}).values()
    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(lambda one: one.adds(attempt(S3, "pending", "2026-08-10")), people))
    assert [len(report.events) for report in done] == [3] * 12
    assert {one.mart()["furthest_stage"] for one in people} == {S3}


def test_an_acknowledged_change_survives_a_kill(tmp_path) -> None:
    path = tmp_path / "register.duckdb"
    script = f"""
import os, signal
from pathlib import Path
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW, attempt
from tests.reporter import Reporter, proof
path = Path({str(path)!r})
me = Reporter(Register.open(path, settings_for(path), now=NOW))
me.says(events=[attempt({S3!r}, "pending", "2026-08-10")], evidence=[proof(me.register, "win_page")])
print(me.code, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Register.open(path, settings_for(path), now=NOW) as register:
        report = followup.open_report(register, done.stdout.strip(), NOW, HOME)
        assert isinstance(report, OwnReport)
        assert (report.version, report.events[-1]["stage"], len(report.evidence)) == (2, S3, 1)


def test_a_report_is_changed_so_often_a_day_and_no_more(me: Reporter) -> None:
    most = every_rule()["dispute.too_many_changes"].most or 0
    for value in range(most):
        me.says(dispute={"prize_value": str(1000 + value)})
    assert me.errors(dispute={"prize_value": "2000"}) == {"dispute.too_many_changes"}
    assert me.opened().version == most + 1
    me.now += timedelta(hours=25)
    assert me.says(dispute={"prize_value": "2000"}).version == most + 2
