"""A visitor's way through the site: look up, profile, report, receipt, the count goes up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from prizewatch.i18n import language
from tests.e2e.form import Form
from tests.e2e.window import DESK, PHONE, Open, idle

WON_ON = datetime.now(UTC).date() - timedelta(days=40)


def disputes_on_file(page: Page) -> int:
    """The first headline number of the overview."""
    return int(page.locator(".pw-facts dd").first.evaluate("e => e.firstChild.textContent").replace(",", ""))


@pytest.mark.parametrize(("lang", "size"), [("zh-CN", PHONE), ("en", DESK)], ids=["zh-phone", "en-desk"])
def test_look_up_profile_report_receipt_and_the_count_goes_up(
    look: Open, listed: dict[str, str], lang: str, size: dict[str, int]
) -> None:
    _ = language(lang)
    page = look(lang=lang, size=size)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    before = disputes_on_file(page)
    assert before > 100

    page.locator(".st-key-door-organizers").get_by_role("link", name=_("overview.door.organizers")).click()
    search = page.get_by_role("searchbox", name=_("organizers.search"))
    search.fill(listed["name"])
    search.press("Enter")
    page.locator("table.pw-table").get_by_role("link", name=listed["name"], exact=True).click()
    expect(page.get_by_role("heading", level=1, name=listed["name"])).to_be_visible()
    idle(page)
    assert f"id={listed['public_code']}" in page.url
    assert f"lang={lang}" in page.url
    expect(page.locator(".pw-sentence")).to_contain_text(_.number(int(listed["reporters"])))
    expect(page.locator(".pw-facts")).to_contain_text(_.number(int(listed["disputes"])))

    page.get_by_role("link", name=_("organizer.report")).click()
    expect(page.get_by_role("heading", level=1, name=_("report.title"))).to_be_visible()
    idle(page)
    form = Form(page, lang)
    page.locator(".st-key-report_send button").click()
    expect(page.locator(".pw-problem").first).to_be_visible()  # nothing was filled in: everything is said at once
    form.fill(WON_ON, reporter=f"journey {lang}", handle=f"gh_journey_{lang}")
    page.locator(".st-key-report_send button").click()
    expect(page.get_by_role("heading", level=1, name=_("report.done.title"))).to_be_visible()
    code = page.locator(".pw-code").inner_text()
    assert len(code.replace("-", "")) >= 16
    with page.expect_download() as saved:
        page.get_by_role("button", name=_("report.done.save")).click()
    assert code in Path(saved.value.path()).read_text("utf-8-sig")

    assert disputes_on_file(look(lang=lang)) == before + 1


def test_a_double_click_files_one_report(look: Open) -> None:
    before = disputes_on_file(look(lang="en"))
    page = look("report", lang="en")
    Form(page, "en").fill(WON_ON, reporter="somebody in a hurry", handle="gh_double_click")
    page.locator(".st-key-report_send button").dblclick()
    expect(page.locator(".pw-code")).to_be_visible()
    idle(page)
    assert disputes_on_file(look(lang="en")) == before + 1


def test_what_was_typed_stays_when_something_is_wrong(look: Open) -> None:
    page = look("report", lang="en", size=PHONE)
    form = Form(page, "en")
    form.write("organizer_handle", "gh_typed_by_hand")
    form.choose("prize_kind", "prize_kind", "travel")
    page.locator(".st-key-report_send button").click()
    expect(page.locator(".pw-problem").first).to_be_visible()
    idle(page)
    expect(form.question("organizer_handle").get_by_role("textbox")).to_have_value("gh_typed_by_hand")
    expect(form.question("prize_kind").get_by_role("combobox")).to_have_value("Travel")
