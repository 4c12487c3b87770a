"""Filling the report form as a person does: by what is on the screen, a step at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page, expect

from prizewatch.asking import STEPS
from prizewatch.i18n import language
from prizewatch.vocabulary import label
from tests.e2e.window import IDLE, SECOND, idle, pick


class Form:
    """The report form on an open page, in one language."""

    def __init__(self, page: Page, lang: str) -> None:
        self.page = page
        self.lang = lang
        self._ = language(lang)

    def question(self, name: str) -> Locator:
        """The element of one question, once the answer before has been taken in: a rerun may redraw it."""
        self.page.wait_for_selector(IDLE)
        return self.page.locator(f".st-key-answer_{name.replace('.', '-')}")

    def day(self, name: str, day: date) -> None:
        parts = self.question(name).get_by_role("spinbutton")
        parts.first.click()
        self.page.keyboard.type(f"{day:%Y%m%d}")
        expect(parts.last).to_have_text(f"{day:%d}")
        self.page.keyboard.press("Escape")  # the calendar has opened over what comes next

    def choose(self, name: str, list_name: str, code: str, words: str = "") -> None:
        words = words or label(list_name, code, self.lang)
        pick(self.question(name).get_by_role("combobox"), words)

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
        """One of the answers that are all in sight."""
        self.question(name).get_by_text(label(list_name, code, self.lang), exact=True).click()

    def write(self, name: str, words: str) -> None:
        box = self.question(name).locator("input, textarea").first
        box.fill(words)
        box.press("Tab")

    def tick(self, name: str) -> None:
        self.check(self.question(name).get_by_role("checkbox"))

    def at(self, step: str) -> None:
        """Wait until a step is open."""
        expect(self.page.locator(".pw-progress h2").last).to_contain_text(self._(f"report.step.{step}"))
        idle(self.page)

    def onward(self, to: str) -> None:
        """Press "next" and arrive."""
        self.page.locator(".st-key-report_next button").click()
        self.at(to)
        expect(self.page.get_by_test_id("stMain")).to_have_js_property("scrollTop", 0)

    def what(self, won_on: date) -> None:
        """Goods that were promised and never came."""
        self.day("win_notice_on", won_on)
        self.pill("prize_kind", "prize_kind", "goods")
        self.write("prize_value", "199")
        self.choose("dispute_reason", "dispute_reason", "not_shipped")
        self.pill("refusal_mode", "refusal_mode", "silent")

    def self_check(self) -> None:
        """One condition, met."""
        self.pill("condition_kinds", "condition_kind", "follow_account")
        self.pill("met", "stated_or_met", "yes")

    def who(self, handle: str) -> None:
        """An official account that is not on file yet."""
        self.choose("organizer_type", "organizer_type", "official_account", self._("report.type.official_account"))
        self.write("organizer_handle", handle)
        self.pill("host_platform", "host_platform", "wechat")

    def consent(self, reporter: str) -> None:
        """The last step's answers, all but the press."""
        self.write("reporter", reporter)
        for name in ("truth_statement", "consent_publish"):
            self.tick(name)

    def fill(
        self, won_on: date, reporter: str, handle: str, on_the_way: dict[str, Callable[[], None]] | None = None
    ) -> None:
        """A whole report up to the point before it is sent; `on_the_way` does more at a step before leaving it."""
        mine: dict[str, Callable[[], None]] = {
            "what": lambda: self.what(won_on),
            "check": self.self_check,
            "who": lambda: self.who(handle),
            "send": lambda: self.consent(reporter),
        }
        for number, step in enumerate(STEPS):
            self.at(step)
            mine.get(step, lambda: None)()
            (on_the_way or {}).get(step, lambda: None)()
            if step != STEPS[-1]:
                self.onward(STEPS[number + 1])

    def shortest(self, won_on: date, reporter: str) -> None:
        """The least that may be filed, up to the point before it is sent: ten answers."""
        self.day("win_notice_on", won_on)
        self.pill("prize_kind", "prize_kind", "goods")
        self.tick("value_unknown")
        self.choose("dispute_reason", "dispute_reason", "not_shipped")
        self.pill("refusal_mode", "refusal_mode", "silent")
        self.onward("check")
        self.pill("condition_kinds", "condition_kind", "none_stated")
        self.onward("who")
        self.pill("host_platform", "host_platform", "wechat")
        for step in ("did", "evidence", "words", "send"):
            self.onward(step)
        self.consent(reporter)

    def send(self) -> str:
        """Press, arrive at the receipt, and read its code."""
        self.page.locator(".st-key-report_send button").click()
        expect(self.page.get_by_role("heading", level=1, name=self._("receipt.title"))).to_be_visible()
        idle(self.page)
        return self.page.locator(".pw-code").inner_text()
