"""The queue: what gets in, why, in what order, and what takes it out; and all that is shown of one report."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from prizewatch import audit, likeness, moderation, queue
from prizewatch.access import Actor
from prizewatch.duties import Duty
from prizewatch.errors import NotAllowed, UnusableInput
from prizewatch.i18n import LANGUAGES, language
from prizewatch.moderation import Decision
from prizewatch.store import Register
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import both_proofs, filing, fresh, organizer, put, uid
from tests.reporter import Reporter

ANN, BEN = Actor("ann", "moderator"), Actor("ben", "moderator")
TOLD = "我在直播间里中了一台料理机，客服先说三天发货，后来说名单里没有我，再问就不回了。"
STRANGERS = {"LEAST_SECONDS": "0", "REPORTS_PER_DAY": "0", "REPORTS_PER_DEVICE_PER_DAY": "0"}


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    with Register.open(None, settings_for(Path("in-memory.duckdb"), **STRANGERS), now=NOW) as opened:
        yield opened


def waits(register: Register, subject: Any, actor: Actor | None = None, at: datetime = NOW) -> list[Duty]:
    return [w for w in queue.waiting(register, at, actor) if w.subject_id == subject]


def kinds(register: Register, subject: Any, at: datetime = NOW) -> list[tuple[str, tuple[str, ...]]]:
    return [(w.kind, w.why) for w in waits(register, subject, at=at)]


def decides(register: Register, subject: Any, action: str, reason: str, at: datetime = NOW, **more: Any) -> Any:
    kind = more.pop("kind", "dispute")
    done = moderation.decide(
        register, more.pop("actor", ANN), Decision(fresh(), kind, subject, action, reason, "why", **more), at
    )
    assert done.state in ("done", "proposed"), done
    return done


def reporter(register: Register, name: str, **given: Any) -> Reporter:
    return Reporter(register, name, **{"organizer_handle": f"gh {name}", **given})


def test_a_held_report_waits_with_why_until_somebody_decides(register: Register) -> None:
    me = reporter(register, "held", dispute_reason="rigged_winner", prize_value="60000")
    (duty,) = waits(register, me.id)
    assert (duty.kind, set(duty.why), duty.since) == ("report", {"allegation", "high_value"}, NOW)
    assert duty.due == (NOW + timedelta(days=7)).date()
    done = decides(register, me.id, "publish_masked", "checked")
    assert not waits(register, me.id)
    moderation.undo(register, ANN, done.event_id, NOW)
    assert waits(register, me.id) == [duty]


def test_a_report_nobody_holds_does_not_wait(register: Register) -> None:
    assert not waits(register, reporter(register, "plain").id)


def test_a_question_comes_back_with_the_answer_or_after_two_weeks_without(register: Register) -> None:
    me = reporter(register, "asked", dispute_reason="rigged_winner")
    decides(register, me.id, "ask", "unclear")
    assert kinds(register, me.id) == []
    assert kinds(register, me.id, NOW + timedelta(days=13)) == []
    assert kinds(register, me.id, NOW + timedelta(days=14)) == [("answer", ("no_answer",))]
    me.says(answer="三天以后又问了一次，对方说名单丢了。")
    assert kinds(register, me.id) == [("answer", ("answered",))]
    decides(register, me.id, "publish_masked", "checked")
    assert kinds(register, me.id) == []


def test_a_question_taken_back_is_no_question_any_more(register: Register) -> None:
    me = reporter(register, "asked in error")
    done = decides(register, me.id, "ask", "unclear")
    assert me.opened().question == "why"
    moderation.undo(register, BEN, done.event_id, NOW)
    assert me.opened().question == ""
    assert me.opened().moderation == "published_masked"


def test_who_was_pressed_to_withdraw_is_looked_at(register: Register) -> None:
    me = reporter(register, "pressed")
    me.withdraws("pressured")
    assert kinds(register, me.id) == [("withdrawal", ("pressured",))]
    decides(register, me.id, "publish_masked", "checked")
    assert kinds(register, me.id) == []


def test_a_hold_is_looked_at_again(register: Register) -> None:
    me = reporter(register, "hold")
    decides(register, me.id, "hold", "notice")
    assert kinds(register, me.id, NOW + timedelta(days=14)) == []
    assert kinds(register, me.id, NOW + timedelta(days=15)) == [("hold", ("held_long",))]
    decides(register, me.id, "hold", "notice", NOW + timedelta(days=15))
    assert kinds(register, me.id, NOW + timedelta(days=15)) == []


def shop(register: Register, draws: int) -> Any:
    """A business with a name and so many draws, each reported by somebody else with both proofs."""
    own = fresh()
    reports = [filing(fresh(), organizer_id=own, draw_id=fresh(), reporter_key=str(fresh()),
                      claim_made_on=NOW.date(), reported_at=NOW) for _ in range(draws)]  # fmt: skip
    seen = organizer(own, organizer_type="brand_company", legal_nature="company", display_name="甲", handle="jia")
    proof = [p for r in reports for p in both_proofs(r["dispute_id"])]
    put(register, filing=reports, evidence=proof, organizer=[seen])
    return own


def test_an_organizer_waits_to_be_invited_then_named_then_for_the_second_person(register: Register) -> None:
    assert not waits(register, shop(register, 1))
    own = shop(register, 2)
    assert kinds(register, own) == [("naming", ("to_invite",))]
    decides(register, own, "invite_reply", "listed", kind="organizer")
    assert kinds(register, own) == []
    later = NOW + timedelta(days=7)
    assert kinds(register, own, later) == [("naming", ("reply_time_over",))]
    proposal = decides(register, own, "name", "business", later, kind="organizer").event_id
    assert kinds(register, own, later) == []
    (duty,) = waits(register, proposal, BEN, later)
    assert (duty.kind, duty.why) == ("proposal", ("proposed_name",))
    assert waits(register, proposal, ANN, later) == [], "nobody is the second person of what they proposed"
    moderation.confirm(register, BEN, proposal, later)
    assert waits(register, proposal, BEN, later) == []
    assert kinds(register, own, later) == []


def test_a_level_is_checked_once(register: Register) -> None:
    own = shop(register, 3)
    assert ("level", ("to_review",)) in kinds(register, own)
    decides(register, own, "review", "level_checked", kind="organizer")
    assert ("level", ("to_review",)) not in kinds(register, own)


def test_what_is_due_first_stands_first_and_other_rooms_join_in(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Duty("notice", "notice", fresh(), NOW, (NOW - timedelta(days=400)).date(), ("false_fact",))
    clockless = Duty("kinship", "organizer", fresh(), NOW - timedelta(days=900), None, ("same_id",))
    monkeypatch.setattr(queue, "SOURCES", (lambda register, now: [clockless, late],))
    reporter(register, "in line", dispute_reason="rigged_winner")
    found = queue.waiting(register, NOW)
    assert found[0] == late
    dues = [w.due for w in found if w.due]
    assert dues == sorted(dues)
    assert [w.due for w in found[: len(dues)]] == dues, "what has no date comes after all that has one"
    assert clockless in found[len(dues) :]


# ── nearly the same words ──────────────────────────────────────────────────────────────────────────────────────────


def test_who_tells_nearly_the_same_of_an_organizer_is_held_and_what_is_like_it_is_shown(register: Register) -> None:
    first = reporter(register, "told", narrative=TOLD)
    again = reporter(register, "told again", organizer_handle="gh told", narrative=TOLD.replace("三天", "两天") + "！")
    other = reporter(register, "told elsewhere", narrative=TOLD)
    differs = reporter(
        register, "differs", organizer_handle="gh told", narrative="规则里没写要加好友，开奖后才说必须是好友。"
    )
    assert kinds(register, first.id) == kinds(register, other.id) == kinds(register, differs.id) == []
    assert kinds(register, again.id) == [("report", ("same_words",))]
    similar, *_ = queue.case(register, ANN, again.id, NOW).similar
    assert (similar.dispute_id, "same_words" in similar.why) == (first.id, True)
    assert similar.alike >= likeness.ALIKE


def test_whoever_changes_the_own_report_is_not_like_oneself(register: Register) -> None:
    me = reporter(register, "changes", narrative=TOLD)
    me.says(dispute={"draw_title": "周年抽奖"})
    assert kinds(register, me.id) == []
    assert me.mart()["moderation"] == "published_masked"
    copies = reporter(
        register, "copies", organizer_handle="gh changes", narrative="规则里没写要加好友，开奖后才说必须是好友。"
    )
    assert kinds(register, copies.id) == []
    copies.says(dispute={"narrative": TOLD})
    assert kinds(register, copies.id) == [("report", ("same_words", "correction"))]


def test_likeness_is_the_share_of_pieces_in_common() -> None:
    assert likeness.jaccard(frozenset("abcd"), frozenset("cdef")) == pytest.approx(2 / 6)
    assert likeness.alike("a" * 10, ["a" * 10]) == [0.0], "too short to mean anything"
    text = "The organizer said the draw was void."
    assert likeness.alike(text, [text.upper(), None]) == [1.0, 0.0]


# ── a report on the desk ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_has_the_words_before_masking_and_no_key_and_is_noted(register: Register) -> None:
    told = "客服让我加电话13800138000，我打了三次都没有人接，后来把我拉黑了。"
    me = reporter(register, "masked", narrative=told)
    case = queue.case(register, ANN, me.id, NOW)
    (words,) = [w for w in case.words if w.field == "narrative"]
    assert words.original == told
    assert "13800138000" not in words.stands
    assert not set(queue.SECRET) & {*case.report, *case.standing, *case.organizer}
    noted = audit.entries(register, subject=me.id.hex)
    assert [(r.actor, r.action) for r in noted.itertuples()] == [("ann", "report.read")]
    queue.case(register, ANN, me.id, NOW, noted=True)
    assert len(audit.entries(register, subject=me.id.hex)) == 1


def test_strangers_read_no_report(register: Register) -> None:
    me = reporter(register, "private")
    nobody: Any = None
    for read in (queue.case, queue.organizer_case):
        with pytest.raises(NotAllowed):
            read(register, nobody, me.id, NOW)
    with pytest.raises(NotAllowed):
        queue.briefs(register, nobody, [me.id], NOW)
    assert audit.entries(register, subject=me.id.hex).empty


def test_a_report_that_is_not_there_is_told(register: Register) -> None:
    with pytest.raises(UnusableInput):
        queue.case(register, ANN, uid("nothing"), NOW)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_reason_to_wait_has_words(register: Register, lang: str) -> None:
    _ = language(lang)
    for duty in queue.waiting(register, NOW + timedelta(days=60)):
        assert _(f"desk.kind.{duty.kind}")
        assert all(_(f"desk.why.{why}") for why in duty.why)
    screens = "allegation minor high_value burst trap too_quick same_network same_device same_words reported_before"
    more = "insult name personal_data relief_undone eligible_after_all correction added replied"
    assert all(_(f"desk.why.{code}") for code in f"{screens} {more}".split())
