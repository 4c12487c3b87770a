"""Right of reply: invited, answered, proven, published; the reporter is asked; a flood of replies moves nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from prizewatch import edge, followup, replying
from prizewatch.access import Actor
from prizewatch.errors import NotAllowed
from prizewatch.i18n import language
from prizewatch.notice_log import Wrong
from prizewatch.replying import Invitation, Reply
from prizewatch.store import Register
from tests.browsing import browse, text
from tests.conftest import settings_for
from tests.desk_team import ANNA
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import decision, everything, put, rows_of
from tests.reporter import HOME, Reporter, day, proof

AWAY = "203.0.113.9"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """One register for all; every test has an organizer of its own."""
    path = tmp_path_factory.mktemp("replying") / "r.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as opened:
        yield opened


_numbers = itertools.count()


def reporter(register: Register, handle: str = "", **more: object) -> Reporter:
    name = f"r{next(_numbers)}"
    given = {"reporter": f"{name}@example.org", "organizer_handle": handle or f"gh_{name}", "network": "", **more}
    return Reporter(register, name, **given)


def organizer_of(me: Reporter) -> UUID:
    return UUID(str(me.mart()["organizer_id"]))


def said(answer: str = "contests", **given: str) -> Reply:
    values = {
        "event_id": str(uuid4()), "answer": answer, "words": "我们核对过名单，当时的规则写得很清楚。",
        "about": "六月一日那场，奖品六月三日寄出。", "proof_kind": "profile_code", "proof_words": "微信公众号简介",
        **given,
    }  # fmt: skip
    return Reply(**values)


def answered(register: Register, me: Reporter, answer: str = "contests", **given: str) -> tuple[str, UUID]:
    """An organizer that was invited and answered: its link and the reply."""
    token = replying.invite(register, ANNA, organizer_of(me), NOW)
    reply = said(answer, **given)
    assert isinstance(replying.reply(register, token, reply, AWAY, NOW), Invitation)
    return token, UUID(reply.event_id)


def publish(register: Register, reply_id: UUID, *about: UUID) -> Wrong | None:
    return replying.decide(register, ANNA, reply_id, "publish", NOW, proof_seen=True, disputes=about)


def shown(register: Register, organizer: UUID) -> str:
    sql = "SELECT reply FROM mart.organizer WHERE organizer_id = ?"
    return str(rows_of(register, sql, [organizer])[0]["reply"])


# ── the invitation ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_link_opens_for_thirty_days_and_not_once_it_is_taken_back(register: Register) -> None:
    me = reporter(register)
    organizer = organizer_of(me)
    token = replying.invite(register, ANNA, organizer, NOW)
    assert token not in repr(rows_of(register, "SELECT * FROM log.invitation"))
    found = replying.opened(register, token, NOW + timedelta(days=29))
    assert found is not None
    assert found.organizer_id == organizer
    assert found.proof_code.startswith("PW-")
    assert replying.opened(register, token, NOW + timedelta(days=30)) is None
    assert replying.opened(register, token[:-1] + "A", NOW) is None
    assert shown(register, organizer) == "invited"
    replying.revoke(register, ANNA, found.invitation_id, organizer, NOW)
    assert replying.opened(register, token, NOW) is None
    assert replying.reply(register, token, said(), AWAY, NOW) == [Wrong("link", "gone")]


def test_naming_waits_seven_days_from_the_first_invitation_or_until_an_answer(register: Register) -> None:
    me = reporter(register)
    organizer = organizer_of(me)
    assert replying.may_name_from(register, organizer) is None
    replying.invite(register, ANNA, organizer, NOW)
    replying.invite(register, ANNA, organizer, NOW + timedelta(days=3))
    assert replying.may_name_from(register, organizer) == register.day_of(NOW + timedelta(days=7))
    other = reporter(register)
    publish(register, answered(register, other)[1])
    assert replying.may_name_from(register, organizer_of(other)) == register.day_of(NOW)


def test_only_the_desk_invites_and_decides(register: Register) -> None:
    me, stranger = reporter(register), Actor("x", "stranger")
    _, reply = answered(register, me)
    for act in (
        lambda: replying.invite(register, stranger, organizer_of(me), NOW),
        lambda: replying.decide(register, stranger, reply, "publish", NOW, proof_seen=True),
        lambda: replying.answers(register, stranger),
    ):
        with pytest.raises(NotAllowed):
            act()


# ── the answer ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_waits_for_proof_and_a_person(register: Register) -> None:
    me = reporter(register)
    _, reply = answered(register, me)
    organizer = organizer_of(me)
    assert shown(register, organizer) == "invited"
    assert reply in {w.subject_id for w in replying.waiting(register, NOW)}
    found = replying.decide(register, ANNA, reply, "publish", NOW)
    assert found == Wrong("proof", "proof_not_seen")
    assert publish(register, reply) is None
    assert publish(register, reply) is None  # pressed twice
    assert shown(register, organizer) == "contests"
    assert reply not in {w.subject_id for w in replying.waiting(register, NOW)}
    assert len(rows_of(register, "SELECT 1 FROM log.reply WHERE reply_id = ?", [reply])) == 1


def test_an_answer_is_taken_down_and_the_marts_are_what_a_rebuild_makes(register: Register) -> None:
    me = reporter(register, evidence=[proof(register, "win_page"), proof(register, "chat_refusal")])
    level = me.mart()["verification"]
    _, reply = answered(register, me)
    publish(register, reply, me.id)
    assert (level, me.mart()["verification"]) == ("V2", "V1")  # contested, and screenshots only
    assert replying.decide(register, ANNA, reply, "retract", NOW) is None
    assert (me.mart()["verification"], shown(register, organizer_of(me))) == ("V2", "invited")
    before = everything(register)
    register.rebuild(NOW)
    after = everything(register)
    assert {k for k in after if after[k] != before[k]} <= {"version"}


def test_everything_wrong_with_an_answer_is_said_at_once(register: Register) -> None:
    token = replying.invite(register, ANNA, organizer_of(reporter(register)), NOW)
    empty = Reply(str(uuid4()), "", "短", "", "", "")
    wrong = replying.reply(register, token, empty, AWAY, NOW)
    assert isinstance(wrong, list)
    assert {w.field for w in wrong} == {"answer", "words", "proof_kind", "proof_words"}
    rude = replying.reply(
        register, token, said("says_resolved", words="他是骗子，去死吧，别信他说的。", about=""), AWAY, NOW
    )
    assert isinstance(rude, list)
    assert {(w.field, w.code) for w in rude} == {("words", "unkind"), ("about", "about_missing")}


def test_personal_data_in_an_answer_is_masked_before_it_is_kept(register: Register) -> None:
    _, reply = answered(register, reporter(register), words="中奖人电话是 13812345678，我们已经联系。")
    (found,) = [a for a in replying.answers(register, ANNA) if a.reply_id == reply]
    assert "13812345678" not in found.words
    assert "13812345678" not in repr(rows_of(register, "SELECT * FROM log.reply_event"))


# ── says resolved ──────────────────────────────────────────────────────────────────────────────────────────────────


def resolved(register: Register) -> tuple[Reporter, Reporter]:
    """An organizer says of the first of two reports that the prize came."""
    one = reporter(register)
    handle = f"gh_{one.name}"
    other = reporter(register, handle, draw_time="2026-05-30 12:00:00")
    _, reply = answered(register, one, "says_resolved")
    assert replying.decide(register, ANNA, reply, "publish", NOW, proof_seen=True) == Wrong(
        "disputes", "disputes_missing"
    )
    assert publish(register, reply, one.id) is None
    return one, other


def test_the_reporter_is_asked_and_only_the_one_it_is_about(register: Register) -> None:
    one, other = resolved(register)
    assert one.opened().said_resolved_on == register.day_of(NOW)
    assert other.opened().said_resolved_on is None


def test_who_confirms_is_resolved(register: Register) -> None:
    one, _ = resolved(register)
    event = {
        "stage": "s2_organizer", "target_entity": "organizer", "entered_on": day(NOW), "closed_on": day(NOW),
        "outcome": "relief_full", "relief": "full_prize", "relief_value": "100", "relief_on": day(NOW),
    }  # fmt: skip
    assert one.adds(event).status == "resolved_full"
    assert one.opened().said_resolved_on is None


def test_who_denies_the_same_day_goes_on_counting(register: Register) -> None:
    one, _ = resolved(register)
    one.says()
    assert one.opened().said_resolved_on is None
    register.advance(NOW + timedelta(days=20))
    claimed = rows_of(register, "SELECT next_clock_on FROM mart.dispute WHERE dispute_id = ?", [one.id])
    later = register.day_of(NOW + timedelta(days=20))
    assert claimed[0]["next_clock_on"] > later  # only the clock of a long silence runs
    assert one.status == "open"


def test_silence_for_a_fortnight_takes_only_this_report_out_of_the_level(tmp_path) -> None:
    path = tmp_path / "level.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as register:

        def files() -> list[dict[str, str]]:
            return [proof(register, kind, "screen_recording") for kind in ("win_page", "chat_refusal")]

        one = reporter(register, evidence=files())
        other = reporter(register, f"gh_{one.name}", draw_time="2026-05-30 12:00:00", evidence=files())
        third = reporter(register, f"gh_{one.name}", draw_time="2026-05-29 12:00:00", evidence=files())
        _, reply = answered(register, one, "says_resolved")
        publish(register, reply, one.id, other.id)
        other.says()  # denies
        counts = "SELECT counts_for_level AS c FROM mart.dispute WHERE dispute_id = ?"

        def counted() -> list[bool]:
            return [rows_of(register, counts, [r.id])[0]["c"] for r in (one, other, third)]

        assert counted() == [True, True, True]
        register.advance(NOW + timedelta(days=14))
        assert counted() == [True, True, True]
        register.advance(NOW + timedelta(days=15))
        assert counted() == [False, True, True]
        assert isinstance(followup.open_report(register, one.code, NOW, HOME), followup.OwnReport)


# ── misuse ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_refused_answers_are_counted_and_close_the_link(register: Register) -> None:
    me = reporter(register)
    token, reply = answered(register, me)
    assert replying.reply(register, token, said(), AWAY, NOW) == [Wrong("link", "closed")]  # one at a time
    assert replying.decide(register, ANNA, reply, "refuse", NOW) == Wrong("reason", "reason_missing")
    for n in range(1, 4):
        assert replying.decide(register, ANNA, reply, "refuse", NOW, reason_code="no_control") is None
        on_file = replying.answers(register, ANNA, organizer_of(me))
        assert [a.state for a in on_file] == ["refused"] * n
        more = said()
        done = replying.reply(register, token, more, AWAY, NOW)
        assert isinstance(done, Invitation) == (n < 3)
        reply = UUID(more.event_id)
    assert done == [Wrong("link", "closed")]
    assert shown(register, organizer_of(me)) == "invited"


def test_of_answers_that_come_by_one_link_at_once_one_is_taken(register: Register) -> None:
    me = reporter(register)
    token = replying.invite(register, ANNA, organizer_of(me), NOW)
    with ThreadPoolExecutor(10) as many:
        done = list(many.map(lambda _: replying.reply(register, token, said(), AWAY, NOW), range(20)))
    assert len(replying.answers(register, ANNA, organizer_of(me))) == 1
    assert sum(isinstance(one, Invitation) for one in done) == 1
    assert all(one == [Wrong("link", "closed")] for one in done if not isinstance(one, Invitation))


def test_a_flood_of_answers_moves_no_figure_and_is_one_item_of_the_queue(register: Register) -> None:
    me = reporter(register)
    tokens = [replying.invite(register, ANNA, organizer_of(me), NOW) for _ in range(8)]
    before = {k: v for k, v in everything(register).items() if k != "version"}
    queue = len(replying.waiting(register, NOW))
    for token in tokens:
        assert isinstance(replying.reply(register, token, said("says_resolved"), AWAY, NOW), Invitation)
    assert {k: v for k, v in everything(register).items() if k != "version"} == before
    assert len(replying.waiting(register, NOW)) == queue + 1


def test_the_page_of_an_invitation_says_what_is_settled_as_the_public_page_does(register: Register) -> None:
    handle = "gh_page_of_invitation"
    both = {"evidence": [proof(register, kind) for kind in ("win_page", "chat_refusal")]}
    filed = [reporter(register, handle, draw_time=f"2026-05-3{n} 12:00:00", **both) for n in (0, 1)]
    seen = [decision(UUID(str(me.mart()["dispute_id"])), "publish_masked") for me in filed]
    put(register, moderation=[*seen, decision(organizer_of(filed[0]), "name", kind="organizer")])
    token = replying.invite(register, ANNA, organizer_of(filed[0]), edge.now())
    app, _ = browse(register, "reply", "en", t=token), language("en")
    assert _("shell.k_of_n", k="0", n="0") in text(app)
    app.button(key="reply_send").click().run()
    assert _("notice.wrong.answer_missing") in text(app)
    app.radio(key="reply_answer").set_value("contests").run()
    assert _("notice.wrong.answer_missing") not in text(app)
