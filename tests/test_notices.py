"""Notices: the table of their states, the clocks, who reads what, and that a flood of them moves nothing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from prizewatch import notice_states, notices
from prizewatch.access import Actor
from prizewatch.duties import Duty
from prizewatch.errors import NotAllowed
from prizewatch.followup import Unknown
from prizewatch.notice_states import EVENTS, STATES, Stand, after
from prizewatch.notices import Filed, Notice, Standing, Wrong
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.desk_team import ANNA
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import everything, rows_of
from tests.reporter import HOME, Reporter

AWAY = "203.0.113.9"
WHY = "The chat shows that the prize was sent on 3 June."
SAID = "我们在六月三日已经发货，快递单号可以查到。"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """One register for all; every test has an organizer of its own."""
    path = tmp_path_factory.mktemp("notices") / "r.duckdb"
    with Register.open(None, settings_for(path, NOTICES_PER_DAY="0"), now=NOW) as opened:
        yield opened


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Register]:
    """A register of one's own, for tests that count everything."""
    with Register.open(None, settings_for(tmp_path / "r.duckdb", NOTICES_PER_DAY="0"), now=NOW) as opened:
        yield opened


_numbers = itertools.count()


def reporter(register: Register) -> Reporter:
    """Who files the first report about an organizer."""
    name = f"n{next(_numbers)}"
    return Reporter(register, name, reporter=f"{name}@example.org", organizer_handle=f"gh_{name}", network="")


def waiting(register: Register, at: datetime, *of: Sender) -> list[Duty]:
    """What of these notices waits at the desk."""
    return [w for w in notices.waiting(register, at) if w.subject_id in {s.id for s in of}]


def code_of(register: Register, me: Reporter) -> str:
    sql = "SELECT public_code FROM mart.organizer WHERE organizer_id = ?"
    return str(rows_of(register, sql, [me.mart()["organizer_id"]])[0]["public_code"])


def a_notice(record: str, **given: str) -> Notice:
    said = {
        "event_id": str(uuid4()), "sender": "organizer", "name": "某某店铺", "contact": "shop@example.org",
        "record": record, "wish": "takedown", "ground": "false_fact", "words": SAID, **given,
    }  # fmt: skip
    return Notice(**said)


class Sender:
    """Files one notice and comes back with its code."""

    def __init__(self, register: Register, record: str, at: datetime = NOW, **given: str) -> None:
        self.register, self.now = register, at
        filed = notices.file(register, a_notice(record, **given), AWAY, at)
        assert filed.code, filed
        self.code = filed.code
        self.id = self.standing().notice_id

    def standing(self) -> Standing:
        found = notices.standing(self.register, self.code, self.now, AWAY)
        assert isinstance(found, Standing)
        return found

    @property
    def state(self) -> str:
        return self.standing().state

    def says(self, kind: str, words: str = "我们已经向法院起诉，案号可以提供。") -> object:
        return notices.say(self.register, self.code, kind, words, str(uuid4()), self.now, AWAY)


def decide(
    register: Register, notice: Sender, kind: str, *about: UUID, at: datetime = NOW, reason: str = "shown"
) -> Wrong | None:
    return notices.decide(register, ANNA, [notice.id], kind, reason, WHY, about, uuid4(), at)


# ── the table ──────────────────────────────────────────────────────────────────────────────────────────────────────

#: Written down a second time, by hand and state by state: what each event leads to; what is missing is not possible.
EXPECTED = {
    "received": "keep>kept hide>hidden remove>removed correct>corrected reject>rejected withdraw>withdrawn",
    "reopened": "keep>kept hide>hidden remove>removed correct>corrected reject>rejected withdraw>withdrawn",
    "hidden": "restore>restored remove>removed correct>corrected answer>answered lapse>unanswered",
    "unanswered": "restore>restored remove>removed correct>corrected answer>answered",
    "answered": "restore>restored remove>removed correct>corrected answer>answered suit>suit elapse>restored",
    "suit": "restore>restored remove>removed correct>corrected answer>suit",
    "kept": "counter>reopened",
    "rejected": "counter>reopened",
    "restored": "counter>reopened",
    "corrected": "counter>reopened",
    "removed": "appeal>reappealed",
    "reappealed": "restore>restored remove>removed correct>corrected",
    "withdrawn": "",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_every_state_takes_exactly_the_events_of_the_table(state: str, event: str) -> None:
    expected = dict(pair.split(">") for pair in EXPECTED[state].split())
    found = after(Stand(state, NOW), event, NOW + timedelta(days=1))
    assert (found.state if found else None) == expected.get(event)
    if found:
        assert found.since == (NOW if found.state == state else NOW + timedelta(days=1))


def test_each_side_objects_once() -> None:
    stand = notice_states.fold(NOW, [("keep", NOW), ("counter", NOW), ("keep", NOW)])
    assert (stand.state, stand.may("sender")) == ("kept", ())
    stand = notice_states.fold(NOW, [("remove", NOW), ("appeal", NOW), ("remove", NOW)])
    assert (stand.state, stand.may("reporter")) == ("removed", ())


def test_a_step_that_was_not_possible_is_passed_over() -> None:
    assert notice_states.fold(NOW, [("answer", NOW), ("hide", NOW), ("keep", NOW)]).state == "hidden"


@pytest.mark.parametrize(
    ("event", "before", "does"),
    [
        ("hide", "received", "hold"), ("keep", "received", ""), ("remove", "received", "remove"),
        ("remove", "hidden", "remove"), ("restore", "unanswered", "restore"), ("correct", "hidden", "restore"),
        ("correct", "received", ""), ("elapse", "answered", "restore"), ("lapse", "hidden", ""),
        ("remove", "reappealed", ""), ("restore", "reappealed", "restore"), ("answer", "hidden", ""),
        ("counter", "restored", ""), ("suit", "answered", ""),
    ],
)  # fmt: skip
def test_what_a_step_does_to_the_reports(event: str, before: str, does: str) -> None:
    assert notice_states.effect(event, before) == does


# ── the way of one notice ──────────────────────────────────────────────────────────────────────────────────────────


def test_filed_hidden_answered_and_restored_after_fifteen_days(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me))
    assert (notice.state, notice.standing().due) == ("received", NOW + timedelta(hours=48))
    assert me.mart()["moderation"] == "published_masked"
    assert notices.of_report(register, str(me.id)) == []

    assert decide(register, notice, "hide", me.id) is None
    assert me.mart()["moderation"] == "hold_legal"
    (told,) = notices.of_report(register, str(me.id))
    assert (told.state, told.due, told.may) == ("hidden", NOW + timedelta(days=5), ("answer",))
    assert told.decisions[0].sentence == WHY

    me.now = NOW + timedelta(days=2)
    answered = "没有收到过，快递单号查不到记录，截图可以补充。"
    step = str(uuid4())
    for _again in range(2):
        notices.answer(register, me.code, notice.id, "answer", answered, step, me.now, HOME)
    assert notice.standing().state == "answered"
    assert notices.clear(register, me.now + timedelta(days=14, hours=23)) == (0, 0)
    assert notices.clear(register, me.now + timedelta(days=15)) == (1, 0)
    assert (notice.state, me.mart()["moderation"]) == ("restored", "published_masked")
    assert [d.kind for d in notice.standing().decisions] == ["hide", "elapse"]


def test_a_suit_stops_the_fifteen_days(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me))
    decide(register, notice, "hide", me.id)
    notices.answer(register, me.code, notice.id, "answer", "没有收到过，可以补充截图。", str(uuid4()), NOW, HOME)
    assert isinstance(notice.says("suit"), Standing)
    assert notices.clear(register, NOW + timedelta(days=16))[0] == 0
    assert (notice.state, me.mart()["moderation"]) == ("suit", "hold_legal")
    assert decide(register, notice, "restore", at=NOW + timedelta(days=20)) is None
    assert me.mart()["moderation"] == "published_masked"


def test_five_days_of_silence_bring_it_back_to_the_desk(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me))
    assert [w.subject_id for w in waiting(register, NOW, notice)] == [notice.id]
    decide(register, notice, "hide", me.id)
    assert waiting(register, NOW, notice) == []
    later = NOW + timedelta(days=5)
    assert notices.clear(register, later)[0] == 1
    (work,) = waiting(register, later, notice)
    assert (work.why, work.due) == (("false_fact", "unanswered"), register.day_of(later + timedelta(hours=48)))
    assert me.mart()["moderation"] == "hold_legal"


def test_removed_after_an_appeal_comes_back(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me), ground="court_order")
    decide(register, notice, "remove", me.id, reason="court_order")
    assert me.mart()["moderation"] == "removed"
    (told,) = notices.of_report(register, str(me.id))
    assert told.may == ("appeal",)
    assert (
        notices.answer(register, me.code, notice.id, "appeal", "判决说的不是这场抽奖。", str(uuid4()), NOW, HOME)
        is None
    )
    assert decide(register, notice, "restore", reason="record_proven") is None
    assert me.mart()["moderation"] == "published_masked"


def test_what_something_else_hides_is_not_restored(register: Register) -> None:
    me, other = reporter(register), reporter(register)
    other.moderated("hold", reason_code="brigading")
    first, second = (Sender(register, code_of(register, me)) for _ in range(2))
    decide(register, first, "hide", me.id, other.id)
    decide(register, second, "hide", me.id)
    assert decide(register, first, "restore") is None
    assert (me.mart()["moderation"], other.mart()["moderation"]) == ("hold_legal", "hold_legal")
    assert decide(register, second, "restore") is None
    assert (me.mart()["moderation"], other.mart()["moderation"]) == ("published_masked", "hold_legal")


def test_the_sender_objects_to_keeping_it_and_withdraws(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me))
    decide(register, notice, "keep", reason="not_shown")
    assert notice.standing().may == ("counter",)
    assert notices.of_report(register, str(me.id)) == []
    assert isinstance(notice.says("counter"), Standing)
    assert isinstance(notice.says("withdraw", ""), Standing)
    assert notice.state == "withdrawn"
    assert notice.says("counter") == Wrong("say", "too_late")


def test_a_step_pressed_twice_is_one(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me))
    step = uuid4()
    for _again in range(2):
        assert notices.decide(register, ANNA, [notice.id], "hide", "shown", WHY, [me.id], step, NOW) is None
    assert len(rows_of(register, "SELECT 1 FROM log.notice_event WHERE notice_id = ?", [notice.id])) == 1
    assert decide(register, notice, "keep") == Wrong("decide", "too_late")


# ── who may, who reads ─────────────────────────────────────────────────────────────────────────────────────────────


def test_only_the_desk_decides_and_only_with_reasons(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, code_of(register, me))
    with pytest.raises(NotAllowed):
        notices.decide(register, Actor("x", "stranger"), [notice.id], "keep", "shown", WHY, [], uuid4(), NOW)
    found = notices.decide(register, ANNA, [notice.id], "keep", "shown", "no", [], uuid4(), NOW)
    assert found == Wrong("sentence", "sentence_missing")
    assert decide(register, notice, "keep", reason="because") == Wrong("reason", "reason_missing")
    assert decide(register, notice, "hide") == Wrong("disputes", "disputes_missing")
    assert notice.state == "received"


def test_who_the_sender_is_stands_at_the_desk_only_and_for_a_while(alone: Register) -> None:
    me = reporter(alone)
    notice = Sender(alone, code_of(alone, me), words=f"{SAID} 我的电话是 13812345678。")
    decide(alone, notice, "hide", me.id)
    told, _, who = notices.case(alone, ANNA, notice.id, NOW)
    assert who == ("某某店铺", "shop@example.org")
    assert "13812345678" not in told.words
    (seen,) = notices.of_report(alone, str(me.id))
    assert not any(secret in repr((seen, notice.standing())) for secret in ("某某店铺", "shop@", "13812345678"))
    logged = [repr(rows_of(alone, f"SELECT * FROM log.{t}")) for t in ("notice", "notice_event", "moderation")]
    assert not any("shop@" in rows or "某某店铺" in rows for rows in logged)
    assert notices.clear(alone, NOW + timedelta(days=179))[1] == 0
    assert notices.clear(alone, NOW + timedelta(days=180))[1] == 1
    assert notices.case(alone, ANNA, notice.id, NOW)[2] == ("", "")


def test_everything_wrong_is_said_at_once(register: Register) -> None:
    empty = Notice(str(uuid4()), "", "", "", "", "", "", "太短", "not a link")
    filed = notices.file(register, empty, AWAY, NOW)
    assert {w.field for w in filed.wrong} == {"sender", "name", "contact", "record", "wish", "ground", "words", "link"}
    filed = notices.file(register, a_notice("7F3A-2K9Q", words="这些人都是骗子，赶紧删掉！"), AWAY, NOW)
    assert {(w.field, w.code) for w in filed.wrong} == {("words", "unkind"), ("record", "record_unknown")}


@pytest.mark.parametrize("form", ["{code}", "#{code}", "https://example.org/organizer?id={code}", "{small}"])
def test_an_organizer_is_found_by_its_code_however_it_is_written(register: Register, form: str) -> None:
    me = reporter(register)
    code = code_of(register, me)
    notice = Sender(register, form.format(code=code, small=code.lower().replace("-", "")))
    assert notices.case(register, ANNA, notice.id, NOW)[0].organizer_id == me.mart()["organizer_id"]


def test_the_own_report_is_named_by_its_receipt(register: Register) -> None:
    me = reporter(register)
    notice = Sender(register, me.code, sender="reporter", ground="consent_withdrawn")
    assert decide(register, notice, "remove", reason="consent") is None
    assert me.mart()["moderation"] == "removed"
    assert notices.of_report(register, str(me.id)) == []  # the notice is the reporter's own


def test_a_wrong_code_opens_nothing_and_a_retry_files_once(register: Register) -> None:
    me = reporter(register)
    assert isinstance(notices.standing(register, "K0K0K-K0K0K-K0K0K-K0K0K", NOW, AWAY), Unknown)
    said = a_notice(code_of(register, me))
    assert notices.file(register, said, AWAY, NOW) == notices.file(register, said, AWAY, NOW)
    assert len(rows_of(register, "SELECT 1 FROM log.notice WHERE notice_id = ?", [said.event_id])) == 1


# ── misuse ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bad_faith_is_counted_slows_and_suspends(tmp_path: Path) -> None:
    with Register.open(None, settings_for(tmp_path / "r.duckdb", NOTICES_PER_DAY="3"), now=NOW) as register:
        code = code_of(register, reporter(register))

        def files(at: datetime) -> list[Filed]:
            return [notices.file(register, a_notice(code), AWAY, at) for _ in range(4)]

        at = NOW
        for bad, most in ((0, 3), (1, 2), (2, 1), (3, 0)):
            filed = files(at)
            assert sum(bool(f.code) for f in filed) == most, bad
            if most:
                found = notices.standing(register, filed[0].code, at, HOME)
                assert isinstance(found, Standing)
                notices.decide(register, ANNA, [found.notice_id], "reject", "bad_faith", WHY, [], uuid4(), at)
            at += timedelta(days=2)
        assert files(at)[0].hours > 24 * 80
        assert sum(bool(f.code) for f in files(at + timedelta(days=90))) == 1  # free again, but slowed


def test_notices_in_another_s_name_shut_nobody_out(tmp_path: Path) -> None:
    rival, shop = "198.51.100.7", "203.0.113.20"
    with Register.open(None, settings_for(tmp_path / "r.duckdb", NOTICES_PER_DAY="3"), now=NOW) as register:
        code = code_of(register, reporter(register))
        for day in range(4):
            at = NOW + timedelta(days=2 * day)
            filed = notices.file(register, a_notice(code), rival, at)
            if not filed.code:
                break
            found = notices.standing(register, filed.code, at, rival)
            assert isinstance(found, Standing)
            notices.decide(register, ANNA, [found.notice_id], "reject", "bad_faith", WHY, [], uuid4(), at)
        assert notices.file(register, a_notice(code), rival, at).hours > 0
        assert notices.file(register, a_notice(code), shop, at).code, "the same contact, written by its owner"


def test_two_hundred_notices_move_no_figure_and_leave_the_queue_usable(alone: Register) -> None:
    me, other = reporter(alone), reporter(alone)
    before = {k: v for k, v in everything(alone).items() if k != "version"}
    code = code_of(alone, me)
    with ThreadPoolExecutor(20) as many:
        filed = many.map(lambda _: notices.file(alone, a_notice(code), AWAY, NOW), range(200))
    assert all(f.code for f in filed)
    honest = Sender(alone, code_of(alone, other), at=NOW + timedelta(minutes=201))
    assert {k: v for k, v in everything(alone).items() if k != "version"} == before

    work = notices.waiting(alone, NOW)
    assert work[1].subject_id == honest.id
    every = notices.waiting(alone, NOW)
    assert "many" in work[0].why
    _, together, _ = notices.case(alone, ANNA, work[0].subject_id, NOW)
    assert len(together) == 200
    found = notices.decide(
        alone,
        ANNA,
        [t.notice_id for t in together],
        "reject",
        "bad_faith",
        WHY,
        [],
        uuid4(),
        NOW + timedelta(hours=9),
    )
    assert found is None
    assert notices.waiting(alone, NOW)[-1].subject_id == honest.id
    assert len(notices.waiting(alone, NOW)) == len(every) - 1
    alone.rebuild(NOW)
    assert {k: v for k, v in everything(alone).items() if k != "version"} == before
