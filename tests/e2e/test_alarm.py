"""A burst of reports in a real browser: held by the alarm, kept held, said so in public, released, rejected."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from prizewatch import identity
from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.intake_bursts import DAY_MOST
from prizewatch.store import Register
from scripts.server import Server
from tests.at_the_desk import person
from tests.conftest import settings_for
from tests.e2e.at_the_desk import begins, sits
from tests.e2e.conftest import running
from tests.e2e.test_desk import HANDLE, NO_LIMITS, SHOP, Desk, Public, stranger_fails
from tests.e2e.window import PHONE, Windows, press
from tests.my_report import some_weeks_ago
from tests.reporter import Reporter, proof

EARLIER, BURST = 2, DAY_MOST + 1
_ = language("en")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A shop with two reports of last month, and one more than a day may bring since this morning."""
    path = tmp_path_factory.mktemp("alarm") / "register.duckdb"
    at = now()
    before = at - timedelta(days=60)
    with Register.open(path, settings_for(path, **NO_LIMITS), now=before) as register:
        shop = {"organizer_type": "online_shop", "legal_nature": "company", "organizer_handle": HANDLE,
                "organizer_display": SHOP, "host_platform": "wechat"}  # fmt: skip

        def files(n: int, when: Any) -> Reporter:
            drawn = f"{(when - timedelta(days=40 + n)).date()} 02:00:00"
            both = [proof(register, "win_page"), proof(register, "chat_refusal")]
            own = {"reporter": f"{n}@example.org", "network": f"198.51.100.{n}", "draw_time": drawn, "evidence": both}
            return Reporter(register, f"r{n}", at=when, **some_weeks_ago(when) | shop | own)

        for n in range(EARLIER):
            files(n, before)
        register.advance(at)
        last = [files(EARLIER + n, at) for n in range(BURST)][-1]
        code = identity.public_code(last.mart()["organizer_id"])
        return Desk(path, {name: person(register, name, "moderator", at) for name in ("ann", "ben")}, code=code)


@pytest.fixture(scope="module")
def site(desk: Desk) -> Iterator[Server]:
    with running(desk.path, SECRET_KEY=settings_for(desk.path).secret_key) as server:
        yield server


def decides(page: Page, action: str, words: str = "") -> None:
    """One of the decisions about an alarm, and what is then said of it."""
    page.get_by_test_id("stRadio").get_by_text(_(f"desk.alarm.do.{action}"), exact=True).click()
    expect(page.locator(".st-key-desk_decide")).to_contain_text(_(f"desk.alarm.do.{action}"))
    if words:
        page.get_by_label(_("desk.sentence")).fill(words)
    press(page, "desk_decide")
    expect(page.locator(".st-key-pw-last")).to_contain_text(_(f"desk.alarm.stands.{action}"))


def told(public: Public) -> tuple[int, str | None]:
    """How many reports count in public, and what is said of those that do not."""
    figures = public.figures()
    assert figures
    return figures["disputes"], figures["being_checked"]


def test_a_burst_is_held_said_released_and_rejected(look: Windows, desk: Desk) -> None:
    public = Public(look, desk.code)
    assert told(public) == (EARLIER, "checking"), "held by the alarm before anybody looked"
    assert _("organizer.note.checking") in public.words()
    ann = sits(look, desk.tokens["ann"], "desk")
    begins(ann, "alarm")
    case = ann.locator("article.pw-case")
    expect(case).to_contain_text(_("desk.alarm.title", code=desk.code))
    expect(case).to_contain_text(_("desk.why.burst_day"))
    expect(case.locator(".pw-facts dd").first).to_contain_text(str(BURST))
    stranger_fails(look, desk, ann.url, "desk_decide")

    phone = sits(look, desk.tokens["ben"], f"desk?{urlsplit(ann.url).query}", size=PHONE)
    expect(phone.locator(".st-key-desk_decide")).not_to_be_in_viewport()
    phone.locator(".pw-to-decide").click()
    expect(phone.locator(".st-key-desk_decide")).to_be_in_viewport()
    expect(phone.locator("article.pw-case")).to_contain_text(desk.code)

    decides(ann, "hold", "Six of one morning; the files are asked for.")
    assert told(public) == (EARLIER, "checking")
    press(ann, "desk_again")  # it waits no longer, and stands there again
    expect(case).to_contain_text(_("desk.alarm.stands.hold"))
    decides(ann, "note")
    assert told(public) == (EARLIER, "coordinated")
    assert _("organizer.note.coordinated") in public.words()
    press(ann, "desk_again")
    decides(ann, "release")
    assert told(public) == (EARLIER + BURST, None)
    press(ann, "desk_again")
    decides(ann, "reject", "One file under six names.")
    assert told(public) == (EARLIER, None)
    press(ann, "desk_again")
    decides(ann, "hold")
    assert told(public) == (EARLIER, "checking"), "opened again"
