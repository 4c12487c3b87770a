"""The desk in a real browser: two moderators and a stranger; and a week of a thousand reports.

queue -> ask -> answer by receipt -> publish -> name by two persons -> figures change -> taken back. The stranger
reaches none of it. What the organizer answers, and the reporter confirms, is in test_fairness.
"""

from __future__ import annotations

import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from prizewatch import identity, queue, replying
from prizewatch.access import Actor
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.vocabulary import label
from scripts.server import Server
from tests.at_the_desk import person
from tests.busy_desk import fill
from tests.conftest import settings_for
from tests.e2e.conftest import copied
from tests.e2e.test_mine import enter, press
from tests.e2e.window import DESK, PHONE, Windows, idle
from tests.log_by_hand import fresh
from tests.reporter import Reporter, proof
from tests.test_mine_page import some_weeks_ago

SHOP, HANDLE = "好物旗舰店", "gh desk shop"
TOLD = "我在直播间中了料理机，客服叫王小明，说三天发货，后来再也没有回音，这是只有审核员能读到的话。"
ANSWER = "截图已经补上，名字也去掉了，麻烦再看一下。"
NO_LIMITS = {"REPORTS_PER_DAY": "0", "REPORTS_PER_DEVICE_PER_DAY": "0", "LEAST_SECONDS": "0"}


@dataclass
class Desk:
    """What the register held before the site opened."""

    path: Path
    tokens: dict[str, str]
    receipt: str = ""
    file: str = ""
    code: str = ""
    asked: float = 0.0


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two reports about one shop, one of them held for a name in its words; the shop was invited eight days ago."""
    path = tmp_path_factory.mktemp("desk") / "register.duckdb"
    at = now()
    with Register.open(path, settings_for(path, **NO_LIMITS), now=at) as register:
        shop = {"organizer_type": "online_shop", "legal_nature": "company", "organizer_handle": HANDLE,
                "organizer_display": SHOP, "host_platform": "wechat"}  # fmt: skip
        both = [proof(register, "win_page"), proof(register, "chat_refusal")]
        weeks = some_weeks_ago(at) | shop
        Reporter(register, "first", at=at, **weeks | {"reporter": "first", "evidence": both})
        earlier = weeks | {"draw_time": f"{(at - timedelta(days=41)).date()} 02:00:00", "reporter": "second",
                           "narrative": TOLD, "evidence": both}  # fmt: skip
        second = Reporter(register, "second", at=at, **earlier)
        own = second.mart()["organizer_id"]
        replying.invite(register, Actor("ann", "moderator"), own, at - timedelta(days=8))
        tokens = {name: person(register, name, "moderator", at) for name in ("ann", "ben")}
        return Desk(path, tokens, second.code, both[0]["sha256"], identity.public_code(own))


@pytest.fixture(scope="module")
def site(desk: Desk) -> Iterator[Server]:
    with Server(desk.path, SECRET_KEY=settings_for(desk.path).secret_key) as running:
        yield running
    assert "Traceback" not in running.log, running.log[-5000:]
    assert not any(secret in running.log for secret in (TOLD[:12], desk.receipt, *desk.tokens.values()))


@pytest.fixture
def window(browser: Browser, site: Server) -> Iterator[Windows]:
    windows = Windows(browser, site)
    yield windows
    windows.close()


def sits(windows: Windows, token: str, path: str, lang: str = "en", **more: Any) -> Page:
    """The window of somebody who is signed in."""
    page = windows("method", lang=lang, **more)
    page.context.add_cookies(
        [{"name": "pw_desk", "value": token, "url": windows.site.url, "httpOnly": True, "sameSite": "Strict"}]
    )
    page.goto(f"/{path}{'&' if '?' in path else '?'}lang={lang}")
    return idle(page)


def another(page: Page, action: str, lang: str = "en") -> None:
    """One of the decisions that take more than one press."""
    page.locator(".st-key-pw-decide").get_by_role("radio", name=language(lang)(f"desk.do.{action}")).or_(
        page.locator(".st-key-pw-decide").get_by_role("button", name=language(lang)(f"desk.do.{action}"), exact=True)
    ).first.click()
    idle(page)


def facts_of(windows: Windows, code: str) -> str:
    """What everybody sees of an organizer."""
    return windows(f"organizer?id={code}", lang="en").get_by_test_id("stMain").inner_text()


def test_ask_answer_publish_name_by_two_and_take_back(window: Windows, desk: Desk) -> None:
    _ = language("en")
    assert SHOP not in facts_of(window, desk.code)

    ann = sits(window, desk.tokens["ann"], "desk?kind=report")
    press(ann, "desk_begin")
    case = ann.locator(".pw-case")
    expect(case).to_contain_text(TOLD[:20])
    expect(case.locator("mark")).to_contain_text("王小明")
    another(ann, "ask")
    press(ann, "desk_decide")
    expect(ann.get_by_text(_("desk.did.ask"))).to_be_visible()

    reporter = window("mine", lang="zh-CN", size=PHONE)
    enter(reporter, desk.receipt)
    expect(reporter.get_by_text(language("zh-CN")("desk.ask.proof_missing"))).to_be_visible()
    press(reporter, "mine_do_answer")
    box = reporter.locator(".st-key-mine_answer_answer textarea")
    box.fill(ANSWER)
    box.press("Tab")
    press(reporter, "mine_send")
    expect(reporter.get_by_text(language("zh-CN")("mine.done.answer"))).to_be_visible()

    ann.goto("/desk?kind=answer&lang=en")
    idle(ann)
    press(ann, "desk_begin")
    expect(ann.locator(".pw-case")).to_contain_text(ANSWER)
    ann.keyboard.press("p")  # published by one key
    expect(ann.get_by_text(_("desk.did.publish_masked"))).to_be_visible()
    listed = facts_of(window, desk.code)
    assert desk.code in listed
    assert SHOP not in listed, "listed, and not named yet"

    ann.goto("/desk?kind=naming&lang=en")
    idle(ann)
    press(ann, "desk_begin")
    expect(ann.locator(".pw-case")).to_contain_text(SHOP)
    press(ann, "desk_usual")
    expect(ann.get_by_text(_("desk.did.proposed"))).to_be_visible()
    ann.goto("/desk?lang=en")
    idle(ann)
    expect(ann.get_by_role("link", name=_("desk.kind.proposal"))).to_have_count(0)
    assert SHOP not in facts_of(window, desk.code), "one person alone names nobody"

    ben = sits(window, desk.tokens["ben"], "desk?kind=proposal")
    press(ben, "desk_begin")
    expect(ben.locator(".pw-act")).to_contain_text(_("desk.proposed", action=_("desk.do.name"), name="ann"))
    press(ben, "desk_confirm")
    expect(ben.get_by_text(_("desk.did.confirmed"))).to_be_visible()
    named = facts_of(window, desk.code)
    assert SHOP in named
    assert _("organizers.column.disputes") in named

    press(ben, "desk_undo")  # one person takes a name away
    expect(ben.get_by_text(_("desk.undone"), exact=True)).to_be_visible()
    assert SHOP not in facts_of(window, desk.code)


def test_a_stranger_reaches_none_of_it(window: Windows, site: Server, desk: Desk) -> None:
    for path in (
        "desk",
        "desk?kind=report",
        f"desk?work=report.dispute.{fresh()}",
        "desk_import",
        "desk_organizers",
        "desk_audit",
    ):
        got: list[str] = []
        page = window(path, lang="zh-CN", on_data=lambda data, got=got: got.append(repr(data)))
        expect(page.locator(".pw-go a").first).to_be_visible()
        expect(page.locator(".pw-case, .st-key-desk_begin, .st-key-pw-decide")).to_have_count(0)
        assert not any(TOLD[:12] in data or TOLD[:12].encode().hex() in data for data in got)
    for path in (f"/desk/evidence/{desk.file}", f"/api/v1/desk/evidence/{desk.file}"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(site.url + path, timeout=20)
        with refused.value as answer:
            assert answer.code in (401, 403, 404)
            assert answer.headers["Content-Type"].partition(";")[0] not in ("image/png", "application/pdf")


def test_a_second_moderator_who_comes_late_is_told_and_keeps_the_words(window: Windows, desk: Desk) -> None:
    """Both read the same report; the first holds it, the second had typed a rejection."""
    _ = language("en")
    with_file = sits(window, desk.tokens["ann"], "desk?kind=naming")
    press(with_file, "desk_begin")
    link = with_file.locator(".pw-case a[href*='report.dispute']").first.get_attribute("href")
    assert link
    ann, ben = (sits(window, desk.tokens[who], link.partition("&lang")[0].removeprefix("./")) for who in ("ann", "ben"))
    another(ben, "reject")
    ben.locator(".st-key-pw-decide textarea").press_sequentially("dps with care")  # letters that are also keys
    another(ann, "hold")
    press(ann, "desk_decide")
    expect(ann.get_by_text(_("desk.did.hold"))).to_be_visible()
    press(ben, "desk_decide")
    expect(ben.get_by_text(_("desk.problem.changed"))).to_be_visible()
    expect(ben.get_by_text(_("desk.typed", words="dps with care"))).to_be_visible()
    expect(ben.locator(".pw-case")).to_contain_text(label("moderation_status", "hold_legal", "en"))
    press(ann, "desk_undo")
    expect(ann.get_by_text(_("desk.undone"), exact=True)).to_be_visible()


# ── a week ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def week(demo_file: Path) -> Desk:
    """The demo register with a thousand reports that came in during a week and wait."""
    path = copied(demo_file, "week.duckdb")
    at = now()
    with Register.open(path, settings_for(path, SECRET_KEY="", **NO_LIMITS), now=at) as register:
        fill(register, 1000, at)
        token = person(register, "ann", "moderator", at)
        ann = Actor("ann", "moderator")
        queue.waiting(register, at, ann)
        begun = time.perf_counter()
        found = queue.waiting(register, at, ann)
        took = time.perf_counter() - begun
        assert sum(w.kind == "report" for w in found) >= 1000
        return Desk(path, {"ann": token}, asked=took)


@pytest.fixture(scope="module")
def week_site(week: Desk) -> Iterator[Server]:
    with Server(week.path) as running:
        yield running
    assert "Traceback" not in running.log, running.log[-5000:]


def test_of_a_thousand_waiting_reports_each_fills_a_screen_and_takes_three_presses_at_most(
    browser: Browser, week_site: Server, week: Desk, record_property: Any
) -> None:
    _ = language("zh-CN")
    assert week.asked < 1.0, "the queue is found well under a second"
    windows = Windows(browser, week_site)
    page = sits(windows, week.tokens["ann"], "desk?kind=report", lang="zh-CN", size=DESK)
    page.keyboard.press("b")
    presses: list[int] = []
    seen: list[str] = []
    ways: list[list[str]] = [
        ["desk_usual"],
        ["reject", "desk_decide"],
        ["hold", "reason", "desk_decide"],
        ["desk_usual"],
    ]
    begun = time.perf_counter()
    for way in ways:
        title = page.locator(".pw-case h2")
        expect(title).to_be_visible()
        if seen:
            expect(title).not_to_have_text(seen[-1])
        idle(page)
        seen.append(title.inner_text())
        assert_fits(page)
        for step in way:
            if step.startswith("desk_"):
                press(page, step)
            elif step == "reason":
                page.locator("[class*='st-key-desk-reason'] [data-testid='stButtonGroup'] button").nth(2).click()
            else:
                another(page, step, "zh-CN")
            idle(page)
        presses.append(len(way))
    expect(page.locator(".pw-case h2")).not_to_have_text(seen[-1])
    record_property("presses", presses)
    record_property("seconds", time.perf_counter() - begun)
    assert max(presses) <= 3
    assert len(set(seen)) == len(ways), "after a decision the next report comes up"
    press(page, "desk_undo")
    expect(page.locator(".pw-case h2")).to_have_text(seen[-1])
    windows.close()


def assert_fits(page: Page) -> None:
    """What is read and what decides are both within the window, without scrolling the page."""
    height = page.viewport_size["height"] if page.viewport_size else 0
    for part in (".st-key-pw-case-read", ".st-key-pw-case-act"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, (part, box)
    overflow = page.locator(".st-key-pw-case-read").evaluate("e => e.scrollHeight - e.clientHeight")
    assert overflow <= 0, f"{overflow} pixels of the report are out of sight"
    assert not page.get_by_test_id("stMain").evaluate("e => e.scrollWidth > e.clientWidth + 1")


def test_a_report_on_a_phone_is_not_wider_than_the_phone(browser: Browser, week_site: Server, week: Desk) -> None:
    windows = Windows(browser, week_site)
    page = sits(windows, week.tokens["ann"], "desk?kind=report", lang="zh-CN", size=PHONE)
    press(page, "desk_begin")
    expect(page.locator(".pw-case h2")).to_be_visible()
    another(page, "ask", "zh-CN")
    assert not page.get_by_test_id("stMain").evaluate("e => e.scrollWidth > e.clientWidth + 1")
    expect(page.locator(".st-key-desk_decide button")).to_be_visible()
    windows.close()
