"""The guided form in this process: its whole way, what is said where, drafts, files, masking, sending once."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from prizewatch import drafts, evidence, intake, queries, ui, vault
from prizewatch.asking import STEPS
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.ui_html import escape
from tests.conftest import settings_for
from tests.test_pages import browse, text

_ = language("en")


@pytest.fixture
def today(register: Register) -> date:
    ui.serve(lambda: register)
    return ui.today()


@pytest.fixture(autouse=True)
def nothing_served() -> Iterator[None]:
    yield
    ui.serve(_none)


def _none() -> Register:
    raise RuntimeError("no register is served")


def shortest(today: date) -> dict[str, dict[str, Any]]:
    """The ten answers that make a whole report, by step."""
    return {
        "what": {
            "win_notice_on": today - timedelta(days=50), "prize_kind": "goods", "value_unknown": True,
            "dispute_reason": "not_shipped", "refusal_mode": "silent",
        },
        "check": {"condition_kinds": ["none_stated"]},
        "who": {"host_platform": "wechat"},
        "send": {"reporter": "only I know this", "truth_statement": True, "consent_publish": True},
    }  # fmt: skip


def answer(app: AppTest, given: dict[str, Any]) -> AppTest:
    for name, value in given.items():
        app.get_by_key(f"answer_{name}").set_value(value)
        app.run()
        assert not app.exception, name
    return app


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=f"report_{key}").click().run()
    assert not app.exception, key
    return app


def step(app: AppTest) -> str:
    return str(app.session_state["report_step"])


def walk(app: AppTest, given: dict[str, dict[str, Any]], to: str = "send") -> AppTest:
    """From the open step to another, answering on the way; the last step is answered, not sent."""
    for here in STEPS[STEPS.index(step(app)) : STEPS.index(to)]:
        assert step(app) == here, app.session_state["report_problems"]
        press(answer(app, given.get(here, {})), "next")
    assert step(app) == to, app.session_state["report_problems"]
    return answer(app, given.get(to, {}))


def problems(app: AppTest) -> set[str]:
    found = app.session_state.get("report_problems", {})
    return {p.code for of_one in found.values() for p in of_one}


def on_file(register: Register) -> int:
    with register.read() as cur:
        return int(cur.execute("SELECT count(*) FROM log.filing").fetchone()[0])  # type: ignore[index]


def draft_of(app: AppTest) -> str:
    """The code of the draft in the address."""
    code = app.query_params["draft"]
    return code if isinstance(code, str) else str(code[0])


def again(register: Register, app: AppTest) -> AppTest:
    """The same address in another window."""
    return browse(register, "report", "en", draft=draft_of(app))


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
    with Register.open(path, settings, now=ui.now()) as register:
        ui.serve(lambda: register)
        given = shortest(ui.today())
        app = walk(browse(register, "report", "en"), given)
        press(app, "back")
        code = draft_of(app)
        draft = drafts.load(register, code, ui.now())
        assert draft is not None
        assert "only I know this" not in str(draft.answers)
    with Register.open(path, settings, now=ui.now()) as register:
        app = browse(register, "report", "en", draft=code)
        assert not app.exception
        assert step(app) == "words"
        assert _("report.back_again") in text(app)
        walk(app, given)
        press(app, "send")
        assert app.session_state["report_receipt"].event_id == draft.event_id
        assert on_file(register) == 1
        kept = drafts.load(register, code, ui.now())
        assert kept is not None
        assert set(kept.answers) == {"_sent"}, "the answers are gone; that it was sent stays for a reload"


def test_a_draft_that_is_gone_is_said_to_be_and_start_over_erases(register: Register, today: date) -> None:
    app = walk(browse(register, "report", "en"), shortest(today), to="check")
    code = draft_of(app)
    assert drafts.load(register, code, ui.now()) is not None
    press(app, "restart")
    assert drafts.load(register, code, ui.now()) is None
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


def png(size: int = 8) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (size, size), "teal").save(out, "PNG")
    return out.getvalue()


def at_evidence(register: Register, today: date) -> AppTest:
    app = walk(browse(register, "report", "en"), shortest(today), to="evidence")
    return answer(app, {"evidence_a": ["win_page"]})


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    uploader = next(u for u in app.get("file_uploader"))
    uploader.upload(name, content)
    app.run()
    assert not app.exception
    return app


def test_files_make_the_level_and_reach_the_report(register: Register, today: date) -> None:
    app = at_evidence(register, today)
    assert _("report.level.V1") in text(app)
    answer(app, {"evidence_b": ["chat_refusal"]})
    assert escape(_("report.level.files")) in text(app)
    answer(app, {"file_kind": "win_page"})
    upload(app, "win.png", png(8))
    answer(app, {"file_kind": "chat_refusal"})
    upload(app, "no.png", png(9))
    assert _("report.level.V2") in text(app)
    kept = app.session_state["answer_files"]
    assert [one["kind"] for one in kept] == ["win_page", "chat_refusal"]
    assert all(vault.holds(register, one["sha256"]) for one in kept)
    press(app, "next")
    reloaded = again(register, app)
    assert [f["sha256"] for f in reloaded.session_state["answer_files"]] == [f["sha256"] for f in kept]
    press(walk(reloaded, shortest(today)), "send")
    with register.read() as cur:
        rows = cur.execute("SELECT kind, sha256, media_type FROM log.evidence ORDER BY kind DESC").fetchall()
    assert rows == [(one["kind"], one["sha256"], "image/png") for one in kept]


@pytest.mark.parametrize(
    ("name", "content", "code", "values"),
    [
        ("story.docx", b"PK\x03\x04 no picture", "not_accepted", {}),
        ("empty.png", b"", "empty", {}),
        ("cut.png", png()[:40], "broken", {}),
        ("big.png", png() + b"\0" * 6 * evidence.MEGABYTE, "too_big", {"most": 5}),
    ],
)
def test_a_file_that_is_not_taken_gets_a_sentence(
    register: Register, today: date, name: str, content: bytes, code: str, values: dict[str, object]
) -> None:
    app = upload(at_evidence(register, today), name, content)
    assert evidence.FileProblem(code, values).sentence(_) in text(app)
    assert not app.session_state["answer_files"]
    assert step(press(app, "next")) == "words", "nobody is stopped for it"


def test_the_eleventh_file_gets_a_sentence_and_a_file_can_be_taken_out(register: Register, today: date) -> None:
    app = at_evidence(register, today)
    for number in range(evidence.MOST_FILES):
        upload(app, f"{number}.png", png(8 + number))
    assert len(app.session_state["answer_files"]) == evidence.MOST_FILES
    full = _("report.files.full", most=evidence.MOST_FILES)
    assert full in text(app)
    assert not app.get("file_uploader")
    press(app, "file_0")
    assert len(app.session_state["answer_files"]) == evidence.MOST_FILES - 1
    upload(app, "once more.png", png(9))
    assert _("report.files.twice") in text(app)


NARRATIVE = "I won a kettle on 1 May and they told me to call 13800138000 for it."


def test_what_is_masked_is_shown_before_and_after_and_can_be_kept(register: Register, today: date) -> None:
    app = walk(browse(register, "report", "en"), shortest(today), to="words")
    press(answer(app, {"narrative": NARRATIVE}), "next")
    assert step(app) == "words", "shown once before going on"
    shown = text(app)
    assert "<mark>13800138000</mark>" in shown
    assert "call ■■■ for it" in shown
    assert app.get_by_key("answer_keep_words").value is False
    press(app, "next")
    assert step(app) == "send"
    press(app, "back")
    press(answer(app, {"narrative": NARRATIVE.replace("13800138000", "their office")}), "next")
    assert step(app) == "send", "nothing is masked any more"


def listed(register: Register) -> Any:
    """A named organizer of the demo register."""
    return queries.search_organizers(register, sort="disputes").frame.dropna(subset=["name"]).iloc[0]


def test_a_value_a_hundred_times_the_usual_is_asked_once_more(demo_copy: Register) -> None:
    what = {n: v for n, v in shortest(ui.today())["what"].items() if n != "value_unknown"} | {
        "prize_kind": "red_packet"
    }
    app = browse(demo_copy, "report", "en")
    press(answer(app, what | {"prize_value": 20_000.0}), "next")
    assert step(app) == "what"
    assert _("report.far_above") in text(app)
    assert step(press(app, "next")) == "check"


def test_while_typing_listed_organizers_are_offered_and_one_is_one_tap(demo_copy: Register) -> None:
    row = listed(demo_copy)
    app = walk(browse(demo_copy, "report", "en"), shortest(ui.today()), to="who")
    app.text_input(key="report_search").set_value(row["name"]).run()
    press(app, f"pick_{row['public_code']}")
    assert app.session_state["answer_organizer_type"] == row["organizer_type"]
    assert row["name"] in text(app)
    assert "answer_organizer_handle" not in [box.key for box in app.text_input]
    press(app, "unpick")
    assert "answer_organizer_handle" in [box.key for box in app.text_input]
    app = browse(demo_copy, "report", "en", organizer=row["public_code"])
    assert app.session_state["answer_organizer_code"] == row["public_code"], "sent here by its profile"


def test_a_report_of_a_picked_organizer_is_on_file_with_it_and_its_draws_are_offered(demo_copy: Register) -> None:
    code = listed(demo_copy)["public_code"]
    with demo_copy.read() as cur:
        organizer, draw_on = cur.execute(
            """SELECT organizer_id, max(d.draw_on) FROM mart.organizer o JOIN mart.dispute d USING (organizer_id)
            WHERE o.public_code = ? AND d.in_base GROUP BY 1""", [code]
        ).fetchone()  # fmt: skip  # type: ignore[misc]
    given = shortest(ui.today())
    given["what"]["win_notice_on"] = draw_on + timedelta(days=1)
    given["who"] = {}
    app = walk(browse(demo_copy, "report", "en", organizer=code), given, to="who")
    assert _("report.who.day", day=_.day(draw_on)) in text(app)
    press(app, f"day_{draw_on.isoformat()}")
    assert app.session_state["answer_draw_on"] == draw_on
    press(walk(app, given), "send")
    filed = app.session_state["report_receipt"]
    with demo_copy.read() as cur:
        row = cur.execute(
            "SELECT organizer_id, draw_on FROM mart.dispute WHERE dispute_id = ?", [filed.dispute_id]
        ).fetchone()
    assert row == (organizer, draw_on)


def test_a_shared_link_brings_another_winner_to_the_same_draw(register: Register, today: date) -> None:
    given = shortest(today)
    given["who"] |= {"organizer_type": "official_account", "organizer_handle": "gh_shared"}
    first = press(walk(browse(register, "report", "en"), given), "send").session_state["report_receipt"]
    link = next(block.value for block in browse_receipt(register, first).code if "join=" in block.value)
    second = browse(register, "report", "en", join=link.partition("join=")[2])
    assert _("report.join.hello") in text(second)
    given["what"]["win_notice_on"] += timedelta(days=2)  # told later than the other: still the same draw
    given["who"] = {}
    given["send"] |= {"reporter": "somebody else"}
    press(walk(second, given), "send")
    with register.read() as cur:
        counted = cur.execute("SELECT count(*), count(DISTINCT draw_id), count(DISTINCT reporter_key) FROM log.filing")
        assert counted.fetchone() == (2, 1, 2)
    lost = browse(register, "report", "en", join="no-such-link")
    assert _("report.join.gone") in text(lost)


def browse_receipt(register: Register, filed: Any) -> AppTest:
    """The receipt of a report, in a window of its own."""
    app = browse(register, "report", "en")
    app.session_state["report_receipt"] = filed
    return app.run()


def test_a_report_can_be_taken_back_for_ten_minutes(register: Register, today: date) -> None:
    app = press(walk(browse(register, "report", "en"), shortest(today)), "send")
    filed = app.session_state["report_receipt"]
    assert _("receipt.take_back.left", 10) in text(app)
    late = browse_receipt(register, replace(filed, filed_at=filed.filed_at - timedelta(minutes=11)))
    assert "receipt_take_back" not in [button.key for button in late.button]
    app.button(key="receipt_take_back").click().run()
    assert app.title[0].value == _("report.taken_back.title")
    with register.read() as cur:
        assert cur.execute("SELECT count(*) FROM mart.dispute WHERE in_base").fetchone() == (0,)
    assert step(press(app, "another")) == "what"


@pytest.fixture
def demo_copy(demo_path: Path, tmp_path: Path) -> Iterator[Register]:
    """The demo register, to write in."""
    path = tmp_path / "copy.duckdb"
    shutil.copy2(demo_path, path)
    with Register.open(path, settings_for(path), now=ui.now()) as register:
        ui.serve(lambda: register)
        yield register
