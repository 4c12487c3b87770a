"""What later reports call a named organizer shows once one person accepted it, and not before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from prizewatch import later_names, moderation, queue
from prizewatch.access import Actor
from prizewatch.edge import now
from prizewatch.errors import NotAllowed
from prizewatch.i18n import LANGUAGES
from prizewatch.moderation import Decision, Outcome
from prizewatch.store import Register
from tests.at_the_desk import connected, person
from tests.browsing import browse, text
from tests.conftest import settings_for
from tests.log_by_hand import both_proofs, everything, filing, fresh, organizer, put, rows_of

ANN, BEN = Actor("ann", "moderator"), Actor("ben", "moderator")
NOW = now()


@pytest.fixture(scope="module")
def register() -> Iterator[Register]:
    with Register.open(None, settings_for(Path("in-memory.duckdb"), ONE_PERSON="1"), now=NOW) as opened:
        yield opened


def seen(own: UUID, name: str, handle: str) -> dict[str, Any]:
    return organizer(own, organizer_type="brand_company", legal_nature="company", host_platform="wechat",
                     display_name=name, handle=handle, seen_on=NOW.date())  # fmt: skip


def decides(register: Register, own: UUID, action: str, reason: str, about: UUID | None = None) -> Outcome:
    made = Decision(fresh(), "organizer", own, action, reason, "why", about)
    done = moderation.decide(register, ANN, made, NOW)
    if done.state == "proposed":
        done = moderation.confirm(register, BEN, done.event_id, NOW)
    return done


def named(register: Register, name: str) -> UUID:
    """A business that two people reported, with its name on the list."""
    own = fresh()
    reports = [
        filing(fresh(), organizer_id=own, draw_id=fresh(), reporter_key=str(fresh()), claim_made_on=NOW.date(),
               reported_at=NOW, organizer_type="brand_company", legal_nature="company")
        for _ in range(2)
    ]  # fmt: skip
    proof = [p for r in reports for p in both_proofs(r["dispute_id"])]
    put(register, filing=reports, evidence=proof, organizer=[seen(own, name, f"h-{name}")])
    assert decides(register, own, "name", "no_public_contact").state == "done"
    return own


def shown(register: Register, own: UUID) -> set[str]:
    """What a visitor may find it by."""
    return {r["name"] for r in rows_of(register, "SELECT name FROM mart.organizer_name WHERE organizer_id = ?", [own])}


def waits(register: Register, own: UUID) -> list[tuple[str, ...]]:
    return [(w.kind, *w.why) for w in queue.waiting(register, NOW) if w.subject_id == own and w.kind == "alias"]


def test_a_later_name_waits_for_one_person_and_shows_when_accepted(register: Register) -> None:
    own = named(register, "甲公司")
    assert waits(register, own) == []
    put(register, organizer=[seen(own, "甲公司旗舰店", "jia-2")])
    assert waits(register, own) == [("alias", "later_name")]
    assert shown(register, own) == {"甲公司", "h-甲公司"}
    (one,) = later_names.of(register, ANN, own)
    assert (one.name, one.handle, one.shown) == ("甲公司旗舰店", "jia-2", "甲公司")
    accepted = decides(register, own, "accept_name", "checked", one.event_id)
    assert accepted.state == "done", "one person is enough"
    assert shown(register, own) == {"甲公司", "h-甲公司", "甲公司旗舰店", "jia-2"}
    assert rows_of(register, "SELECT display_name FROM mart.organizer WHERE organizer_id = ?", [own]) == [
        {"display_name": "甲公司旗舰店"}
    ], "the latest name it was met under, the other is a former one"
    assert waits(register, own) == []
    assert moderation.undo(register, ANN, accepted.event_id, NOW).state == "done"
    assert shown(register, own) == {"甲公司", "h-甲公司"}
    assert waits(register, own) == [("alias", "later_name")]
    incremental = everything(register)
    register.rebuild(NOW)
    assert everything(register) == incremental


def test_a_declined_name_stays_out_and_does_not_come_again_while_another_may(register: Register) -> None:
    own = named(register, "乙公司")
    put(register, organizer=[seen(own, "不是乙", "bushi")])
    put(register, organizer=[seen(own, "乙公司分店", "yi-2")])
    assert len(waits(register, own)) == 1, "one item, however many names"
    bad, good = later_names.of(register, ANN, own)
    assert decides(register, own, "decline_name", "wrong_organizer", bad.event_id).state == "done"
    assert decides(register, own, "accept_name", "checked", good.event_id).state == "done"
    assert shown(register, own) == {"乙公司", "h-乙公司", "乙公司分店", "yi-2"}
    put(register, organizer=[seen(own, "不是乙", "bushi"), seen(own, "乙公司分店", "yi-2")])
    assert waits(register, own) == []
    assert decides(register, own, "unname", "mistake").state == "done"
    assert decides(register, own, "name", "no_public_contact").state == "done"
    assert "不是乙" not in shown(register, own), "named again it stays declined"
    incremental = everything(register)
    register.rebuild(NOW)
    assert everything(register) == incremental


def test_only_a_name_of_a_named_organizer_is_decided_on(register: Register) -> None:
    own, other = named(register, "丙公司"), named(register, "丁公司")
    put(register, organizer=[seen(other, "丁", "ding-2")])
    (one,) = later_names.of(register, ANN, other)
    assert decides(register, own, "accept_name", "checked", one.event_id).problem == "unknown"
    assert decides(register, other, "unname", "mistake").state == "done"
    assert waits(register, other) == [], "who is not named has no name to add to"
    assert decides(register, other, "accept_name", "checked", one.event_id).problem == "not_now"
    with pytest.raises(NotAllowed):
        later_names.of(register, Actor("eve", "reader"), other)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.usefixtures("nothing_served")
def test_the_desk_shows_the_name_and_takes_one_press(register: Register, lang: str) -> None:
    own = named(register, f"戊公司{lang}")
    put(register, organizer=[seen(own, "戊公司<b>新店", "wu-2"), seen(own, "戊公司二店", "wu-3")])
    with connected(person(register, "cleo", "moderator", now() - timedelta(minutes=1))):
        app = browse(register, "desk", lang, work=f"alias.organizer.{own}")
        assert not app.exception
        assert "戊公司&lt;b&gt;新店" in text(app)
        app.button(key="desk_usual").click().run()
        assert not app.exception
        assert "戊公司<b>新店" in shown(register, own)
        assert "戊公司二店" in text(app), "the next one comes up"
        app.button(key="desk_undo").click().run()
        assert "戊公司<b>新店" not in shown(register, own)
