"""Before I enter, on a phone: tap, read, send the address; who opens it sees the same. And the next step likewise."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from prizewatch.announcement import items
from prizewatch.i18n import LANGUAGES, language
from prizewatch.vocabulary import label
from tests.e2e.window import PHONE, Open, idle, opened, pick, too_wide


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_ticks_make_an_address_that_shows_the_same(look: Open, lang: str) -> None:
    _ = language(lang)
    page = look("before", lang=lang, size=PHONE)
    stated = {one.code: one for one in items("stated", lang)}
    for code in ("prize_name", "draw_time"):
        page.get_by_role("button", name=stated[code].name, exact=True).click()
        page.wait_for_url(re.compile(code))
        idle(page)
    sign = items("warning", lang)[0]
    page.get_by_role("button", name=sign.name, exact=True).click()
    page.wait_for_url(re.compile("pay_first"))
    idle(page)
    assert query(page)["has"] == ["prize_name,draw_time"]
    missing = [one for code, one in stated.items() if code not in ("prize_name", "draw_time")]

    def result_is_there(shown: Page) -> None:
        for one in (missing[0], missing[-1], sign):
            expect(shown.get_by_text(one.why, exact=True)).to_be_visible()
        expect(shown.get_by_text(stated["draw_time"].why, exact=True)).to_have_count(0)
        text = shown.get_by_test_id("stCode").inner_text()
        assert "has=prize_name%2Cdraw_time" in text
        assert sign.name in text

    result_is_there(page)
    link = page.get_by_test_id("stCode").inner_text().strip().splitlines()[-1]
    assert "lang=" not in link  # the friend reads it in a language of their own
    other = look(link.split("/", 3)[3], lang=lang, size=PHONE)
    result_is_there(other)
    page.reload()
    result_is_there(idle(page))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_filled_check_has_nothing_serious_for_axe_and_fits(look: Open, listed: dict[str, str], theme: str) -> None:
    path = f"before?has=prize_kinds,draw_time&seen=pay_first&tool=weibo_lottery&org={listed['public_code']}"
    page = opened(look(path, lang="zh-CN", size=PHONE, theme=theme))
    expect(page.get_by_text(listed["name"], exact=True)).to_be_visible()
    found = Axe().run(page, context="[data-testid=stMain]").response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    assert too_wide(page) == []


def test_the_next_step_changes_with_what_came_back(look: Open) -> None:
    _ = language("zh-CN")
    page = look("advice?who=creator&stage=s2_organizer", lang="zh-CN", size=PHONE)
    expect(
        page.get_by_role("heading", name=_("advice.next", step=label("stage", "s3_lottery_platform", "zh-CN")))
    ).to_be_visible()
    expect(page.get_by_text(_("advice.others"), exact=True)).to_be_visible()
    pick(page.get_by_role("combobox", name=_("advice.taken")), _("advice.taken.yes"))
    page.wait_for_url(re.compile("taken=yes"))
    expect(
        page.get_by_role("heading", name=_("advice.next", step=label("stage", "s7_police", "zh-CN")))
    ).to_be_visible()
    expect(page.get_by_text(_("advice.because.fraud"), exact=True)).to_be_visible()
    expect(page.get_by_text(_("advice.others"), exact=True)).to_have_count(0)
