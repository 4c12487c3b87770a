"""What the form offers on the way: files for the proof, masking, organizers that are on file, joining, taking back."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from prizewatch import edge, evidence, queries, vault
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.ui_html import escape
from tests.browsing import browse, text
from tests.conftest import settings_for
from tests.form_walk import again, answer, press, problems, shortest, step, walk
from tests.log_by_hand import decision, put

_ = language("en")


pytestmark = pytest.mark.usefixtures("nothing_served")


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
    assert escape(_("evidence.missing.files")) in text(app)
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


def test_of_several_files_at_once_only_as_many_are_taken_as_a_report_holds(register: Register, today: date) -> None:
    app = at_evidence(register, today)
    uploader = next(iter(app.get("file_uploader")))
    for number in range(evidence.MOST_FILES + 1):
        uploader.upload(f"{number}.png", png(8 + number))
    app.run()
    assert not app.exception
    assert len(app.session_state["answer_files"]) == evidence.MOST_FILES
    assert _("report.files.full", most=evidence.MOST_FILES) in app.session_state["report_file_problems"]


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


def test_an_insult_is_stopped_where_it_is_written_with_a_kind_sentence(register: Register, today: date) -> None:
    app = walk(browse(register, "report", "en"), shortest(today), to="words")
    press(answer(app, {"narrative": "They never sent the kettle, this scammer of a shop."}), "next")
    assert step(app) == "words"
    assert problems(app) == {"narrative.insult"}
    assert app.get_by_key("answer_narrative").value.startswith("They never"), "the words are kept to be mended"
    press(answer(app, {"narrative": "They never sent the kettle that I won from them."}), "next")
    assert step(app) == "send"


def listed(register: Register) -> Any:
    """A named organizer of the demo register."""
    return queries.search_organizers(register, sort="disputes").frame.dropna(subset=["name"]).iloc[0]


def test_a_value_a_hundred_times_the_usual_is_asked_once_more(demo_copy: Register) -> None:
    what = {n: v for n, v in shortest(edge.today())["what"].items() if n != "value_unknown"} | {
        "prize_kind": "red_packet"
    }
    app = browse(demo_copy, "report", "en")
    press(answer(app, what | {"prize_value": 20_000.0}), "next")
    assert step(app) == "what"
    assert _("report.far_above") in text(app)
    assert step(press(app, "next")) == "check"


def test_while_typing_listed_organizers_are_offered_and_one_is_one_tap(demo_copy: Register) -> None:
    row = listed(demo_copy)
    app = walk(browse(demo_copy, "report", "en"), shortest(edge.today()), to="who")
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
    given = shortest(edge.today())
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
    put(register, moderation=[decision(UUID(str(first.dispute_id)), "publish_masked")])  # a test is quick, and was held
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
        assert cur.execute("SELECT status, in_base FROM mart.dispute").fetchone() == ("withdrawn", False)
    assert step(press(app, "another")) == "what"


@pytest.fixture
def demo_copy(demo_path: Path, tmp_path: Path) -> Iterator[Register]:
    """The demo register, to write in."""
    path = tmp_path / "copy.duckdb"
    shutil.copy2(demo_path, path)
    with Register.open(path, settings_for(path), now=edge.now()) as register:
        edge.serve(lambda: register)
        yield register
