"""What people of the desk do in a browser window, for the tests of the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from playwright.sync_api import Page, expect

from prizewatch.i18n import language
from tests.e2e.window import Windows, idle, pick, press


def sits(windows: Windows, token: str, path: str, lang: str = "en", **more: Any) -> Page:
    """The window of somebody who is signed in."""
    page = windows("method", lang=lang, **more)
    page.context.add_cookies(
        [{"name": "pw_desk", "value": token, "url": windows.site.url, "httpOnly": True, "sameSite": "Strict"}]
    )
    return goes(page, path, lang)


def goes(page: Page, path: str, lang: str = "en") -> Page:
    page.goto(f"/{path}{'&' if '?' in path else '?'}lang={lang}")
    return idle(page)


def begins(page: Page, kind: str) -> None:
    """The first matter of a kind on the desk."""
    goes(page, f"desk?kind={kind}")
    press(page, "desk_begin")
    idle(page)


def another(page: Page, action: str, lang: str = "en") -> None:
    """One of the decisions that take more than one press; it can be pressed for once the screen says so."""
    name = language(lang)(f"desk.do.{action}")
    choices = page.locator(".st-key-pw-decide")
    choices.get_by_role("radio", name=name).or_(choices.get_by_role("button", name=name, exact=True)).first.click()
    expect(page.locator(".st-key-desk_decide")).to_contain_text(name)
    idle(page)


def writes(page: Page, key: str, words: str) -> None:
    box = page.locator(f".st-key-{key}").locator("textarea, input").first
    box.fill(words)
    box.press("Tab")
    idle(page)


def takes(page: Page, key: str, words: str) -> None:
    pick(page.locator(f".st-key-{key}").get_by_role("combobox"), words)
    idle(page)


def ticks(page: Page, key: str, drawn: datetime) -> None:
    """The report about the draw of a day, among those that may be picked."""
    day = language("en").day(drawn.date())
    page.locator(f".st-key-{key}").get_by_role("combobox").click()
    page.get_by_role("option").filter(has_text=day).click()
    page.keyboard.press("Escape")
    idle(page)
