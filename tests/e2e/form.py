"""Filling the report form as a person does: by what is on the screen."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect

from prizewatch.vocabulary import label
from tests.e2e.window import IDLE, SECOND


class Form:
    """The report form on an open page, in one language."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page = page
        self.lang = lang

    def question(self, name: str) -> Locator:
        """The element of one question, once the answer before has been taken in: a rerun may redraw it."""
        self.page.wait_for_selector(IDLE)
        return self.page.locator(f".st-key-answer_{name.replace('.', '-')}")

    def day(self, name: str, day: date) -> None:
        parts = self.question(name).get_by_role("spinbutton")
        parts.first.click()
        self.page.keyboard.type(f"{day:%Y%m%d}")
        expect(parts.last).to_have_text(f"{day:%d}")

    def choose(self, name: str, list_name: str, code: str) -> None:
        words = label(list_name, code, self.lang)
        box = self.question(name).get_by_role("combobox")
        box.click()
        box.fill(words)
        self.page.get_by_role("option", name=words, exact=True).click()
        expect(box).to_have_value(words)

    def radio(self, name: str, list_name: str, code: str) -> None:
        choice = self.question(name).get_by_role("radio", name=label(list_name, code, self.lang), exact=True)
        self.check(choice)

    def check(self, choice: Locator) -> None:
        """Press until it holds: a press that meets the redraw of an earlier answer is lost; a person presses again."""
        for _ in range(4):
            if not choice.is_checked():
                choice.click(force=True)
            try:
                expect(choice).to_be_checked(timeout=3 * SECOND)
                return
            except AssertionError:
                self.page.wait_for_selector(IDLE)
        expect(choice).to_be_checked()

    def pill(self, name: str, list_name: str, code: str) -> None:
        self.question(name).get_by_text(label(list_name, code, self.lang), exact=True).click()

    def write(self, name: str, words: str) -> None:
        box = self.question(name).locator("input, textarea").first
        box.fill(words)
        box.press("Tab")

    def tick(self, name: str) -> None:
        self.check(self.question(name).get_by_role("checkbox"))

    def fill(self, won_on: date, reporter: str, handle: str) -> None:
        """A whole report: goods that were promised and never came from a company's account."""
        self.day("win_notice_on", won_on)
        self.choose("prize_kind", "prize_kind", "goods")
        self.write("prize_value", "199")
        self.pill("condition_kinds", "condition_kind", "follow_account")
        self.radio("met", "stated_or_met", "yes")
        self.choose("dispute_reason", "dispute_reason", "not_shipped")
        self.choose("refusal_mode", "refusal_mode", "silent")
        self.choose("organizer_type", "organizer_type", "official_account")
        self.choose("legal_nature", "legal_nature", "company")
        self.write("organizer_handle", handle)
        self.choose("host_platform", "host_platform", "wechat")
        self.write("reporter", reporter)
        for name in ("is_first_hand", "consent_publish", "truth_statement"):
            self.tick(name)
