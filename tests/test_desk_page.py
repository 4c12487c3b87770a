"""The desk on the screen, run in this process: several reports published at once, and all of them taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from tests.at_the_desk import connected, person
from tests.browsing import browse, text
from tests.conftest import settings_for
from tests.log_by_hand import decision, evidence, filing, fresh, put, rows_of
from tests.reporter import file

pytestmark = pytest.mark.usefixtures("nothing_served")
_ = language("en")


@pytest.fixture
def register() -> Iterator[Register]:
    at = datetime.now(UTC).replace(tzinfo=None)
    with Register.open(None, settings_for(Path("in-memory.duckdb")), now=at) as opened:
        rows = [filing(fresh(), screen="same_network", reported_at=at) for n in range(3)]
        rows.append(filing(fresh(), screen="same_network;insult", reported_at=at))
        put(opened, filing=rows)
        yield opened


def standings(register: Register) -> list[str]:
    return sorted(r["moderation"] for r in rows_of(register, "SELECT moderation FROM mart.dispute"))


def test_several_held_for_where_they_came_from_are_published_at_once_and_taken_back(register: Register) -> None:
    token = person(register, "ann", "moderator", datetime.now(UTC).replace(tzinfo=None))
    with connected(token):
        app = browse(register, "desk", "en", kind="report", why="same_network")
        app.session_state["desk_many_fold"] = True
        app.run()
        assert not app.exception
        ticks = [box for box in app.checkbox if str(box.key).startswith("desk_tick")]
        assert len(ticks) == 3, "the one with insulting words is read by itself"
        app.button(key="desk_many").click().run()
        assert standings(register) == ["pending"] * 4, "nothing was ticked"
        for box in ticks[:2]:
            app.checkbox(key=box.key).check()
        app.button(key="desk_many").click().run()
        assert not app.exception
        assert standings(register) == ["pending"] * 2 + ["published_masked"] * 2
        read = rows_of(register, "SELECT DISTINCT subject_id FROM log.audit WHERE action = 'report.read'")
        assert len(read) == 3, "what was shown is noted"
        app.button(key="desk_undo").click().run()
        assert not app.exception
        assert standings(register) == ["pending"] * 4


def test_who_signed_out_meanwhile_decides_nothing(register: Register) -> None:
    token = person(register, "ann", "moderator", datetime.now(UTC).replace(tzinfo=None))
    with connected(token):
        app = browse(register, "desk", "en", kind="report")
        app.button(key="desk_begin").click().run()
        assert app.button(key="desk_usual").label == _("desk.do.publish_masked")
    with connected(""):
        app.button(key="desk_usual").click().run()
    assert not app.exception
    assert standings(register) == ["pending"] * 4


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_is_not_kept_says_so_and_one_that_is_opens(register: Register, lang: str) -> None:
    own, gone = fresh(), "ab" * 32
    kept = file(register, "win_page", "screenshot", b"a picture")
    proof = [evidence(own, "win_page", sha256=kept["sha256"]), evidence(own, "chat_refusal", sha256=gone)]
    put(register, filing=[filing(own, screen="insult")], evidence=proof)
    with connected(person(register, "ann", "moderator", datetime.now(UTC).replace(tzinfo=None))):
        shown = text(browse(register, "desk", lang, work=f"report.dispute.{own}"))
    assert f"desk/evidence/{kept['sha256']}" in shown
    assert gone not in shown, "no link that leads nowhere"
    assert language(lang)("desk.evidence.not_kept") in shown


def test_a_moved_report_is_taken_back_where_it_is_read(register: Register) -> None:
    own, borrowed = fresh(), fresh()
    put(register, filing=[filing(own)])
    put(register, moderation=[decision(own, "move", related_id=borrowed)])
    with connected(person(register, "ann", "moderator", datetime.now(UTC).replace(tzinfo=None))):
        app = browse(register, "desk", "en", work=f"moved.dispute.{own}")
        app.button(key="desk_move_back").click().run()
        assert not app.exception
    about = rows_of(register, "SELECT organizer_id FROM mart.dispute WHERE dispute_id = ?", [own])
    assert about == rows_of(register, "SELECT organizer_id FROM log.filing WHERE dispute_id = ?", [own])
