"""A visitor's way through the site: look up, profile, the guided report, receipt; the count goes up, and down again.

In between what happens to people: a reload, a file that is none, words that are masked, a hasty double click, two tabs.
"""

from __future__ import annotations

import io
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from prizewatch.i18n import language
from prizewatch.vocabulary import label
from tests.e2e.form import Form
from tests.e2e.window import DESK, PHONE, Open, idle

WON_ON = datetime.now(UTC).date() - timedelta(days=40)
PHONE_NUMBER = "13800138000"
STORY = {
    "zh-CN": f"我中了一个水壶，对方让我打 {PHONE_NUMBER} 领奖，之后一直说在路上，到现在没有发。",
    "en": f"I won a kettle; they told me to call {PHONE_NUMBER} for it, and it has been on its way ever since.",
}


def disputes_on_file(page: Page) -> int:
    """The first headline number of the overview."""
    return int(page.locator(".pw-facts dd").first.evaluate("e => e.firstChild.textContent").replace(",", ""))


def picture(path: Path) -> Path:
    """A real PNG like no other: the same file from a second person would wait for a moderator."""
    out = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(out, "PNG")
    path.write_bytes(out.getvalue())
    return path


def upload(form: Form, path: Path) -> None:
    form.page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    idle(form.page)


@pytest.mark.parametrize(
    ("lang", "size"), [("zh-CN", PHONE), ("en", PHONE), ("en", DESK)], ids=["zh-phone", "en-phone", "en-desk"]
)
def test_from_the_first_screen_to_the_receipt_with_a_reload_a_file_and_masked_words_and_back_again(
    look: Open, listed: dict[str, str], tmp_path: Path, lang: str, size: dict[str, int]
) -> None:
    _ = language(lang)
    page = look(lang=lang, size=size)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    before = disputes_on_file(page)
    assert before > 100

    page.locator(".st-key-door-before").get_by_role("link", name=_("overview.door.before")).click()
    expect(page.get_by_role("heading", level=1, name=_("before.title"))).to_be_visible()
    page.locator(".pw-foot").get_by_role("link", name=_("shell.nav.organizers"), exact=True).click()
    search = page.get_by_role("searchbox", name=_("organizers.search"))
    search.fill(listed["name"])
    search.press("Enter")
    expect(page).to_have_url(re.compile("[?&]q="))  # the name stood in the table before, too
    idle(page)
    page.locator("table.pw-table").get_by_role("link", name=listed["name"], exact=True).click()
    expect(page.get_by_role("heading", level=1, name=listed["name"])).to_be_visible()
    idle(page)
    assert f"id={listed['public_code']}" in page.url
    assert f"lang={lang}" in page.url
    expect(page.locator(".pw-sentence")).to_contain_text(_.number(int(listed["reporters"])))
    expect(page.locator(".pw-facts")).to_contain_text(_.number(int(listed["disputes"])))

    page.get_by_role("link", name=_("organizer.report")).click()
    expect(page.get_by_role("heading", level=1, name=_("report.title"))).to_be_visible()
    form = Form(page, lang)
    form.at("what")
    page.locator(".st-key-report_next button").click()
    expect(page.locator(".pw-problem").first).to_be_visible()  # nothing was filled in: said here, at once
    form.what(WON_ON)
    form.onward("check")
    form.self_check()
    form.onward("who")

    page.reload()  # a dropped line, a tap on the wrong button: what was left is there again
    idle(page)
    form.at("who")
    expect(page.get_by_text(_("report.back_again"))).to_be_visible()
    page.locator(".st-key-report_back button").click()
    form.at("check")
    expect(form.question("met").get_by_role("radio", name=label("stated_or_met", "yes", lang))).to_be_checked()
    form.onward("who")
    if page.locator(".st-key-report_unpick button").count():  # the profile's link has picked the organizer
        page.locator(".st-key-report_unpick button").click()
        idle(page)
    form.who(f"gh_journey_{lang}_{size['width']}")
    form.onward("did")
    form.onward("evidence")

    form.pill("evidence_a", "evidence_kind", "win_page")
    form.pill("evidence_b", "evidence_kind", "chat_refusal")
    expect(page.locator(".pw-aside")).to_contain_text(_("evidence.missing.files"))
    no_picture = tmp_path / "win.docx"
    no_picture.write_bytes(b"no picture")
    upload(form, no_picture)
    expect(page.locator(".pw-problem")).to_contain_text(_("evidence.file.not_accepted"))
    form.choose("file_kind", "evidence_kind", "win_page")
    upload(form, picture(tmp_path / "win.png"))
    form.choose("file_kind", "evidence_kind", "chat_refusal")
    upload(form, picture(tmp_path / "no.png"))
    expect(page.locator(".pw-aside")).to_contain_text(_("report.level.V2"))
    form.onward("words")

    box = form.question("narrative").locator("textarea")
    box.fill("長" * 1400)  # pasted at once, more than there is room for
    page.locator(".st-key-report_next button").click()
    expect(page.locator(".pw-problem.error")).to_contain_text("1,000")
    expect(box).to_have_value("長" * 1400)
    form.write("narrative", STORY[lang])
    page.locator(".st-key-report_next button").click()
    expect(page.locator(".pw-masked mark")).to_have_text(PHONE_NUMBER)
    expect(page.locator(".pw-masked dd").last).not_to_contain_text(PHONE_NUMBER)
    form.onward("send")
    expect(page.locator("dl.pw-sum").first).to_contain_text(_.day(WON_ON))
    form.consent(f"journey {lang} {size['width']}")

    code = form.send()
    assert len(code.replace("-", "")) >= 16
    expect(page.locator("pre", has_text=code)).to_have_count(1)
    assert page.locator(".pw-qr img").evaluate("e => e.decode().then(() => e.naturalWidth)") > 100
    with page.expect_download() as saved:
        page.get_by_role("button", name=_("receipt.save")).click()
    assert code in Path(saved.value.path()).read_text("utf-8-sig")
    assert disputes_on_file(look(lang=lang)) == before + 1

    page.locator(".st-key-receipt_take_back button").click()
    expect(page.get_by_role("heading", level=1, name=_("report.taken_back.title"))).to_be_visible()
    assert disputes_on_file(look(lang=lang)) == before


def test_the_shortest_report_takes_less_than_two_minutes_at_the_pace_of_a_thumb(look: Open) -> None:
    """Ten answers and seven presses; a person reads and taps, so two seconds are added for each."""
    page = look("report", lang="zh-CN", size=PHONE)
    form = Form(page, "zh-CN")
    began = time.monotonic()
    form.shortest(WON_ON, "somebody brief")
    form.send()
    assert time.monotonic() - began + 17 * 2 < 120


def test_a_double_click_files_one_report(look: Open) -> None:
    before = disputes_on_file(look(lang="en"))
    page = look("report", lang="en")
    Form(page, "en").fill(WON_ON, reporter="somebody in a hurry", handle="gh_double_click")
    page.locator(".st-key-report_send button").dblclick()
    expect(page.locator(".pw-code")).to_be_visible()
    idle(page)
    assert disputes_on_file(look(lang="en")) == before + 1


def test_two_tabs_of_one_draft_file_one_report_and_show_one_receipt(look: Open) -> None:
    before = disputes_on_file(look(lang="en"))
    page = look("report", lang="en")
    Form(page, "en").fill(WON_ON, reporter="somebody with two tabs", handle="gh_two_tabs")
    other = look(page.url.split("/", 3)[3].replace("lang=en", "x=1"), lang="en")
    form = Form(other, "en")
    form.at("send")
    form.consent("somebody with two tabs")
    codes = {Form(page, "en").send(), form.send()}
    assert len(codes) == 1
    assert disputes_on_file(look(lang="en")) == before + 1


def test_what_was_typed_stays_when_something_is_wrong(look: Open) -> None:
    page = look("report", lang="en", size=PHONE)
    form = Form(page, "en")
    form.write("prize_value", "1314")
    form.pill("prize_kind", "prize_kind", "travel")
    page.locator(".st-key-report_next button").click()
    expect(page.locator(".pw-problem").first).to_be_visible()
    idle(page)
    expect(form.question("prize_value").locator("input")).to_have_value("1314.00")
    expect(form.question("prize_kind").get_by_role("radio", name="Travel")).to_be_checked()
