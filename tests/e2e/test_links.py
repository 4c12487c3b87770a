"""A shared link in a real browser: its own title comes with the first byte, and the page behind it still starts."""

from __future__ import annotations

import urllib.request

from playwright.sync_api import Browser, Error, expect

from prizewatch.i18n import LANGUAGES, language
from scripts.server import Server
from tests.e2e.window import idle


def test_a_link_to_an_organizer_has_its_name_before_and_its_page_after(
    browser: Browser, site: Server, listed: dict[str, str]
) -> None:
    for lang in LANGUAGES:
        _ = language(lang)
        path = f"/organizer?id={listed['public_code']}&lang={lang}"
        with urllib.request.urlopen(f"{site.url}{path}", timeout=60) as answer:
            html = answer.read().decode("utf-8")
        assert f"<title>{listed['name']} · {_('shell.name')}</title>" in html
        page = browser.new_page(base_url=site.url, locale="en")
        refused: list[str] = []
        errors: list[Error] = []
        page.on("console", lambda message, told=refused: told.append(message.text))
        page.on("pageerror", lambda error, told=errors: told.append(error))
        page.goto(path)
        expect(idle(page).get_by_text(listed["name"], exact=True).first).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == lang
        page.goto(f"/platforms?lang={lang}")
        expect(idle(page).get_by_role("heading", name=_("platforms.title"))).to_be_visible()
        assert errors == []
        assert [text for text in refused if "Content Security Policy" in text] == []
        page.close()
