"""The desk on the screen, run in this process: what is decided, what is said of it, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from prizewatch import identity, kinship, notices, queue, replying, rulings, ui_case, ui_queue
from prizewatch.access import Actor
from prizewatch.duties import Duty
from prizewatch.errors import UnusableInput
from prizewatch.i18n import LANGUAGES, language
from prizewatch.notices import Notice
from prizewatch.replying import Reply
from prizewatch.store import Register
from prizewatch.vocabulary import code_lists
from tests.at_the_desk import connected, person
from tests.browsing import browse, text
from tests.conftest import settings_for
from tests.log_by_hand import decision, evidence, filing, fresh, organizer, put, rows_of, uid
from tests.reporter import file

pytestmark = pytest.mark.usefixtures("nothing_served")
_ = language("en")
OBJECTION = "The parcel was sent on the third of June, its number is on file."


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
        action = next(group for group in app.button_group if str(group.key).startswith("desk-action"))
        action.set_value("reject").run()
        app.text_area[0].input("The files show another shop.")
    with connected(""):
        app.button(key="desk_decide").click().run()
    assert not app.exception
    said = "".join(part.proto.body for part in app.get("html"))
    assert _("access.ended") in said
    assert "The files show another shop." in said, "what was typed is not lost"
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


def test_after_another_rooms_decision_the_way_back_of_the_one_before_is_gone(register: Register) -> None:
    """Else "take it back" beside a decided notice would take back the report published before it."""
    at = datetime.now(UTC).replace(tzinfo=None)
    here = a_notice(register, at)
    with connected(person(register, "ann", "moderator", at)):
        app = browse(register, "desk", "en", kind="report")
        app.button(key="desk_begin").click().run()
        app.button(key="desk_usual").click().run()
        assert app.button(key="desk_undo")
        app.query_params["work"] = here
        app.run()
        app.button_group(key="dnotice_kind").set_value("keep").run()
        app.selectbox(key="dnotice_reason").select_index(0).run()
        app.text_area(key="dnotice_sentence").input("What the report says is shown by its files.").run()
        app.button(key="dnotice_do").click().run()
        assert not app.exception
        assert not [b for b in app.button if b.key == "desk_undo"]
        assert _("notice.did.keep") in "".join(h.proto.body for h in app.get("html"))
        assert standings(register).count("published_masked") == 1
        app.button(key="desk_again").click().run()
        assert not app.exception
        assert OBJECTION in "".join(h.proto.body for h in app.get("html")), "the notice stands there again"


def test_a_sentence_stays_when_another_reason_or_decision_is_chosen(register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    with connected(person(register, "ann", "moderator", at)):
        app = browse(register, "desk", "en", kind="report")
        app.button(key="desk_begin").click().run()

        def pills(part: str) -> str:
            return next(str(g.key) for g in app.button_group if str(g.key).startswith(f"desk-{part}"))

        app.button_group(key=pills("action")).set_value("reject").run()
        (box,) = app.text_area
        box.input("Two of three files show another shop.").run()
        app.button_group(key=pills("reason")).set_value(rulings.DISPUTE["reject"].reasons[1]).run()
        assert app.text_area[0].value == "Two of three files show another shop."
        app.button_group(key=pills("action")).set_value("remove").run()
        assert not app.exception
        assert app.text_area[0].value == "Two of three files show another shop."


def test_the_list_calls_a_matter_as_its_screen_does_and_an_old_address_is_told(register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    owner = rows_of(register, "SELECT organizer_id, dispute_id FROM mart.dispute")[0]
    names = {"organizer": identity.public_code(owner["organizer_id"]), "dispute": owner["dispute_id"].hex[:6].upper()}
    for kind, name in names.items():
        assert ui_queue.code(Duty("report", kind, owner[f"{kind}_id"], at, None, ())) == name
    two = [ui_queue.code(Duty("proposal", "proposal", fresh(), at, None, ())) for n in range(2)]
    assert len({*two, ""}) == 3, "what has no code of its own is told apart, too"
    with connected(person(register, "ann", "moderator", at)):
        for kind in ("notice", "reply", "alarm"):
            app = browse(register, "desk", "en", work=f"{kind}.{kind}.{fresh()}")
            assert not app.exception, kind
            assert app.get("html")


def test_the_audit_is_narrowed_by_the_code_a_screen_shows(register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    own, other = (r["dispute_id"] for r in rows_of(register, "SELECT dispute_id FROM mart.dispute LIMIT 2"))
    shop = rows_of(register, "SELECT organizer_id FROM mart.dispute")[0]["organizer_id"]
    ann = Actor("ann", "moderator")
    for one in (own, other):
        queue.case(register, ann, one, at)
    queue.organizer_case(register, ann, shop, at)
    shown = {own.hex[:6].upper(): own, own.hex[:8]: own, str(own): own, identity.public_code(shop): shop}
    with connected(person(register, "ada", "admin", at)):
        for code, subject in shown.items():
            told = text(browse(register, "desk_audit", "en", subject=code))
            assert [one for one in (own, other, shop) if str(one) in told] == [subject], code
        assert _("access.audit.no_subject") in text(browse(register, "desk_audit", "en", subject="12"))


def a_notice(register: Register, at: datetime) -> str:
    """The address of a notice about the only organizer."""
    code = identity.public_code(rows_of(register, "SELECT organizer_id FROM mart.dispute")[0]["organizer_id"])
    notice = Notice(
        event_id=str(uuid4()), sender="organizer", name="A shop", contact="shop@example.org", record=code,
        wish="takedown", ground="false_fact", words=OBJECTION,
    )  # fmt: skip
    assert isinstance(notices.file(register, notice, "203.0.113.9", at), notices.Filed)
    return f"notice.notice.{rows_of(register, 'SELECT notice_id FROM log.notice')[0]['notice_id']}"


def a_reply(register: Register, at: datetime) -> str:
    """The address of an answer of the only organizer."""
    shop = rows_of(register, "SELECT organizer_id FROM mart.dispute")[0]["organizer_id"]
    token = replying.invite(register, Actor("ann", "moderator"), shop, at)
    said = Reply(str(uuid4()), "contests", "The draw was never ours at all.", "", "profile_code", "In the profile.")
    assert isinstance(replying.reply(register, token, said, "203.0.113.9", at), replying.Invitation)
    return f"reply.reply.{said.event_id}"


def a_pair(register: Register, at: datetime) -> str:
    """The address of two shops with one registration."""
    for name in ("old", "new"):
        shop = {"reg_no": "91110108MA01ABCD1X", "handle": name, "display_name": name, "host_platform": "taobao"}
        put(register, organizer=[organizer(uid(name), legal_nature="company", **shop)])
        put(register, filing=[filing(fresh(), organizer_id=uid(name), draw_id=fresh())])
    (found,) = kinship.suggestions(register)
    return f"kinship.pair.{found.pair_id}"


@pytest.mark.parametrize("made", [a_notice, a_reply, a_pair])
def test_a_matter_is_left_for_later_by_one_key(made: Callable[[Register, datetime], str], register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    here = made(register, at)
    with connected(person(register, "ann", "moderator", at)):
        app = browse(register, "desk", "en", work=here)
        app.button(key="desk_skip").click().run()
        assert not app.exception
        assert app.query_params["work"][0] not in ("", here), "the next one comes up"


def test_two_kept_apart_are_asked_about_again_once_that_is_taken_back(register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    here = a_pair(register, at)
    with connected(person(register, "ann", "moderator", at)):
        app = browse(register, "desk", "en", work=here)
        key = f"kin_apart_{UUID(here.rpartition('.')[2]).hex[:8]}"
        app.selectbox(key=f"{key}_ground").set_value("other").run()
        app.button(key=f"{key}_do").click().run()
        assert _("desk.problem.no_words") in text(app), "another reason needs words"
        app.text_area(key=f"{key}_sentence").input("Two licences, two owners; seen on both pages.").run()
        app.button(key=f"{key}_do").click().run()
        assert _("desk.did.keep_apart") in text(app)
        assert kinship.suggestions(register) == []
        app.button(key="desk_undo").click().run()
        assert _("desk.undone") in text(app)
        assert len(kinship.suggestions(register)) == 1
        app.text_area(key=f"{key}_sentence").input("Two licences after all.").run()
        app.button(key=f"{key}_do").click().run()
        assert kinship.suggestions(register) == []

        app = browse(register, "desk_organizers", "en")
        app.text_input(key="kin_find").input("new").run()
        (again,) = [b for b in app.button if str(b.key).startswith("kin_ask_again")]
        assert "Two licences after all." in text(app)
        again.click().run()
        assert not app.exception
        assert len(kinship.suggestions(register)) == 1


def test_who_cannot_be_invited_is_told_why(register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    a_pair(register, at)
    put(register, organizer=[organizer(uid("new"), kind="merged", into_id=uid("old"))])
    with pytest.raises(UnusableInput, match=r"desk\.problem\.merged_already"):
        replying.invite(register, Actor("ann", "moderator"), uid("new"), at)
    assert rows_of(register, "SELECT * FROM log.invitation") == []
    assert rows_of(register, "SELECT * FROM log.moderation WHERE action = 'invite_reply'") == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_facts_are_told_to_the_desk_not_to_the_reporter(lang: str) -> None:
    codes = {name: list(code_lists()[holds])[-1] for name, holds in ui_case.FACTS.items() if holds in code_lists()}
    told = ui_case.facts(language(lang), dict.fromkeys(ui_case.FACTS, "1") | {"win_notice_on": "2"} | codes)
    named = re.findall("<dt>(.*?)</dt>", told)
    assert len(named) == len(ui_case.FACTS)
    assert [name for name in named if re.search(r"你|\b(you|your|me|my)\b", name, re.IGNORECASE)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_notice_nobody_sent_is_said_to_be_none(lang: str, register: Register) -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    with pytest.raises(UnusableInput, match=r"errors\.notice\.unknown"):
        notices.case(register, Actor("ann", "moderator"), fresh(), at)
    with connected(person(register, "ann", "moderator", at)):
        told = text(browse(register, "desk", lang, work=f"notice.notice.{fresh()}"))
    assert language(lang)("errors.notice.unknown") in told


def test_a_press_for_a_choice_that_changed_meanwhile_decides_nothing(register: Register) -> None:
    """Who chooses and presses at once: the press arrives with the new choice at a button drawn for the old one."""
    at = datetime.now(UTC).replace(tzinfo=None)
    with connected(person(register, "ann", "moderator", at)):
        app = browse(register, "desk", "en", kind="report")
        app.button(key="desk_begin").click().run()
        action = next(str(g.key) for g in app.button_group if str(g.key).startswith("desk-action"))
        app.button_group(key=action).set_value("hold").run()
        app.button_group(key=action).set_value("reject")
        app.button(key="desk_decide").click().run()
        assert standings(register) == ["pending"] * 4
        assert _("desk.chosen_since") in text(app)
        reason = next(str(g.key) for g in app.button_group if str(g.key).startswith("desk-reason"))
        app.button_group(key=reason).set_value("insult")
        app.button(key="desk_decide").click().run()
        assert standings(register) == ["pending"] * 4
        app.button(key="desk_decide").click().run()
        assert standings(register) == ["pending"] * 3 + ["rejected"]
        assert rows_of(register, "SELECT reason_code FROM log.moderation") == [{"reason_code": "insult"}]
