"""A reporter asks for erasure on My report; an admin carries it out at the desk, or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from pipelines.check import check
from prizewatch import daily, erasure, erasure_requests, queue
from prizewatch.access import Actor
from prizewatch.edge import now
from prizewatch.erasure_requests import MOST_A_DAY, Request
from prizewatch.errors import NotAllowed, UnusableInput
from prizewatch.followup import Unknown
from prizewatch.i18n import LANGUAGES
from prizewatch.settings import Settings
from prizewatch.store import Register
from tests.at_the_desk import connected, person
from tests.browsing import browse
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW
from tests.log_by_hand import rows_of
from tests.my_report import Screen, some_weeks_ago
from tests.reporter import HOME, Reporter

pytestmark = pytest.mark.usefixtures("nothing_served")
ADMIN, MODERATOR = Actor("bo", "admin"), Actor("anna", "moderator")
DAY = timedelta(days=1)
LATER = NOW + DAY + erasure.TOLD


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    path = tmp_path_factory.mktemp("requests") / "r.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as opened:
        yield opened


def asks(me: Reporter, *, kept: bool = False, at: datetime = NOW) -> Request:
    found = erasure_requests.ask(me.register, me.code, uuid4(), at, HOME, kept=kept)
    assert isinstance(found, Request), found
    return found


def waits(register: Register, found: Request, actor: Actor | None = ADMIN) -> list[tuple[str, ...]]:
    return [
        (w.kind, *w.why, str(w.due)) for w in queue.waiting(register, NOW, actor) if w.subject_id == found.request_id
    ]


def test_a_request_waits_with_its_clock_for_admins_only_and_changes_nothing_by_itself(shared: Register) -> None:
    me = Reporter(shared, "asks")
    before = me.mart()
    found = asks(me)
    assert waits(shared, found) == [("erasure", "erase_all", str((NOW + 15 * DAY).date()))]
    assert waits(shared, found, MODERATOR) == [], "who may not erase does not see it waiting"
    assert asks(me, kept=True, at=NOW + DAY) == found, "one request waits at a time"
    assert me.mart() == before
    assert me.opened().status == "open"


def test_carried_out_the_report_is_gone_and_its_code_says_so_for_a_while(shared: Register) -> None:
    me = Reporter(shared, "gone")
    found = asks(me)
    with pytest.raises(NotAllowed):
        erasure_requests.carry_out(shared, MODERATOR, found.request_id, NOW)
    stone = erasure_requests.carry_out(shared, ADMIN, found.request_id, NOW + DAY)
    assert (stone.ground, stone.kept, stone.actor) == ("request", False, "bo")
    assert rows_of(shared, "SELECT count(*) AS n FROM log.filing WHERE dispute_id = ?", [me.id]) == [{"n": 0}]
    assert waits(shared, found) == []
    done = erasure_requests.of_report(shared, me.id)
    assert done is not None
    assert (done.state, done.answered_at) == ("done", NOW + DAY)
    assert erasure_requests.erased_on(shared, me.code, NOW + DAY) == shared.day_of(NOW + DAY)
    assert erasure_requests.erased_on(shared, "no code at all", NOW + DAY) is None
    daily.run(shared, LATER)
    assert rows_of(shared, "SELECT * FROM desk.erased") == []
    assert check(shared, LATER) == []
    with pytest.raises(UnusableInput, match="answered"):
        erasure_requests.carry_out(shared, ADMIN, found.request_id, NOW + DAY)


def test_what_may_be_kept_goes_on_counting(shared: Register) -> None:
    me = Reporter(shared, "kept", narrative="一句只有我知道的话。" * 3)
    found = asks(me, kept=True)
    assert waits(shared, found)[0][1] == "erase_kept"
    assert erasure_requests.carry_out(shared, ADMIN, found.request_id, NOW).kept
    assert rows_of(shared, "SELECT narrative, receipt_hash FROM log.filing WHERE dispute_id = ?", [me.id]) == [
        {"narrative": None, "receipt_hash": None}
    ]
    assert me.mart()["moderation"] == "published_masked"


def test_declined_the_reporter_reads_why_and_may_ask_again(shared: Register) -> None:
    me = Reporter(shared, "declined")
    found = asks(me)
    with pytest.raises(UnusableInput, match="no_words"):
        erasure_requests.decline(shared, ADMIN, found.request_id, "  ", NOW)
    with pytest.raises(NotAllowed):
        erasure_requests.decline(shared, MODERATOR, found.request_id, "why", NOW)
    erasure_requests.decline(shared, ADMIN, found.request_id, "A court has asked for it.", NOW)
    told = erasure_requests.of_report(shared, me.id)
    assert told is not None
    assert (told.state, told.sentence) == ("declined", "A court has asked for it.")
    assert me.opened().status == "open"
    again = asks(me, at=NOW + DAY)
    assert waits(shared, again)
    erasure_requests.carry_out(shared, ADMIN, again.request_id, NOW + DAY)
    assert rows_of(shared, "SELECT sentence FROM log.erasure_request WHERE dispute_id = ? AND sentence IS NOT NULL",
                   [me.id]) == [], "what was said of an erased report goes with it"  # fmt: skip
    shared.advance(LATER)
    assert check(shared, LATER) == [], "the seals know of it"


def test_it_may_be_taken_back_until_it_is_answered_and_asked_again_so_often_a_day(shared: Register) -> None:
    me = Reporter(shared, "back")
    for n in range(MOST_A_DAY):
        found = asks(me, at=NOW + n * timedelta(minutes=1))
        assert erasure_requests.take_back(shared, me.code, NOW, HOME) is None
        assert waits(shared, found) == []
    with pytest.raises(UnusableInput, match="often"):
        asks(me, at=NOW + timedelta(minutes=9))
    with pytest.raises(UnusableInput, match="answered"):
        erasure_requests.carry_out(shared, ADMIN, found.request_id, NOW)
    assert me.opened().status == "open"


def test_of_a_withdrawn_report_the_rest_may_be_erased_and_a_wrong_code_asks_for_nothing(shared: Register) -> None:
    me = Reporter(shared, "withdrawn")
    me.withdraws("privacy")
    found = asks(me)
    assert waits(shared, found)
    assert erasure_requests.ask(shared, "AAAAA-AAAAA-AAAAA-A", uuid4(), NOW, "192.0.2.9", kept=False) == Unknown()
    assert erasure_requests.take_back(shared, "AAAAA-AAAAA-AAAAA-A", NOW, "192.0.2.9") == Unknown()


# ── on the screen ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def me(settings: Settings) -> Iterator[Reporter]:
    at = now()
    with Register.open(None, settings, now=at) as register:
        yield Reporter(register, at=at, **some_weeks_ago(at))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_my_report_asks_says_until_when_and_what_became_of_it(me: Reporter, lang: str) -> None:
    page = Screen(me.register, lang).types(me.code).does("erase").chooses("radio", "wish", "kept").saves()
    found = erasure_requests.of_report(me.register, me.id)
    assert found is not None
    assert (found.kept, found.state) == (True, "asked")
    assert page.says("mine.done.erase")
    asked, due = (page._.day(day) for day in (me.register.day_of(found.asked_at), found.due))
    assert page.says("mine.erase.asked", day=asked, due=due, what=page._("mine.erase.which.kept"))
    page.presses("mine_erase_back")
    assert page.says("mine.done.erase_back")
    page.does("erase").saves()
    found = erasure_requests.of_report(me.register, me.id)
    assert found is not None
    assert not found.kept
    erasure_requests.decline(me.register, ADMIN, found.request_id, "因为法院要求保留。", now())
    assert page.presses("mine_close").types(me.code).says("mine.erase.declined", day=asked, words="因为法院要求保留。")
    page.does("erase").saves()
    found = erasure_requests.of_report(me.register, me.id)
    assert found is not None
    erasure_requests.carry_out(me.register, ADMIN, found.request_id, now())
    page = Screen(me.register, lang).types(me.code)
    assert page.says("mine.erased", day=page._.day(me.register.day_of(now())))


def test_a_withdrawn_report_is_asked_for_by_its_code(me: Reporter) -> None:
    page = Screen(me.register)
    me.withdraws("privacy")
    page.app.text_input(key="mine_typed").set_value("no such code").run()
    page.presses("mine_erase")
    assert page.says("mine.unknown")
    page.app.text_input(key="mine_typed").set_value(me.code).run()
    page.presses("mine_erase")
    found = erasure_requests.of_report(me.register, me.id)
    assert found is not None
    assert page.says("mine.erase.asked", day=page._.day(me.register.day_of(now())), due=page._.day(found.due),
                     what=page._("mine.erase.which.all"))  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_desk_shows_it_to_an_admin_who_ticks_and_erases_or_says_why_not(me: Reporter, lang: str) -> None:
    found = asks(me, at=now())
    at = datetime.now(UTC).replace(tzinfo=None)
    address = f"erasure.erasure.{found.request_id}"
    with connected(person(me.register, "ann", "moderator", at)):
        app = browse(me.register, "desk", lang, work=address)
        assert not app.exception
        assert "desk_erase" not in {b.key for b in app.button}
    with connected(person(me.register, "bo", "admin", at)):
        app = browse(me.register, "desk", lang, work=address)
        assert app.button(key="desk_erase").disabled, "one tick first: nothing brings it back"
        app.button(key="desk_decline").click().run()
        assert not app.exception
        assert erasure_requests.waiting(me.register, at), "without a reason nothing is declined"
        app.checkbox[0].check().run()
        app.button(key="desk_erase").click().run()
        assert not app.exception
    stone = erasure.erased(me.register, me.id)
    assert stone is not None
    assert stone.actor == "bo"
    assert erasure_requests.waiting(me.register, at) == []
