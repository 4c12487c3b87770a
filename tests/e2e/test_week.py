"""A queue of a thousand reports of a week in a real browser: each fills a screen; some are decided, one each way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from prizewatch import queue
from prizewatch.access import Actor
from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.store import Register
from scripts.server import Server
from tests.at_the_desk import person
from tests.busy_desk import fill
from tests.conftest import settings_for
from tests.e2e.at_the_desk import another, sits
from tests.e2e.conftest import copied, running
from tests.e2e.test_desk import NO_LIMITS, Desk
from tests.e2e.window import DESK, PHONE, Windows, idle, press


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
def site(week: Desk) -> Iterator[Server]:
    with running(week.path) as server:
        yield server


def test_of_a_thousand_waiting_reports_each_fills_a_screen_and_takes_three_presses_at_most(
    look: Windows, week: Desk, record_property: Any
) -> None:
    _ = language("zh-CN")
    assert week.asked < 1.0, "the queue is found well under a second"
    page = sits(look, week.tokens["ann"], "desk?kind=report", lang="zh-CN", size=DESK)
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
                page.wait_for_timeout(1500)  # a press before the screen knows of the choice decides nothing
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
    title = page.locator(".pw-case h2")
    expect(title).to_have_text(seen[-1])
    for _report in range(15):  # past those of the demo, to each kind of the week
        code = title.inner_text()
        press(page, "desk_skip")
        expect(title).not_to_have_text(code)
        idle(page)
        assert_fits(page)


def assert_fits(page: Page) -> None:
    """What is read and what decides are both within the window, without scrolling the page."""
    height = page.viewport_size["height"] if page.viewport_size else 0
    for part in (".st-key-pw-case-read", ".st-key-pw-case-act"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= height, (part, box)
    read = page.locator(".st-key-pw-case-read")
    for _ in range(20):  # letters and pictures may still be settling
        overflow = read.evaluate("e => e.scrollHeight - e.clientHeight")
        if overflow <= 0:
            break
        page.wait_for_timeout(250)
    assert overflow <= 0, f"{overflow} pixels of the report are out of sight"
    assert not page.get_by_test_id("stMain").evaluate("e => e.scrollWidth > e.clientWidth + 1")


def test_a_report_on_a_phone_is_not_wider_than_the_phone(look: Windows, week: Desk) -> None:
    page = sits(look, week.tokens["ann"], "desk?kind=report", lang="zh-CN", size=PHONE)
    press(page, "desk_begin")
    expect(page.locator(".pw-case h2")).to_be_visible()
    another(page, "ask", "zh-CN")
    assert not page.get_by_test_id("stMain").evaluate("e => e.scrollWidth > e.clientWidth + 1")
    expect(page.locator(".st-key-desk_decide button")).to_be_visible()
