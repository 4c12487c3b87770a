"""The page My report for its tests: a report to open there, and the screen of who opens it."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import unescape
from typing import Any

from streamlit.testing.v1 import AppTest

from prizewatch.i18n import Language, language
from prizewatch.store import Register
from tests.browsing import browse, text
from tests.intake_rows_by_hand import attempt

PHRASE = "phrase of mine"
S4, S5 = "s4_host_platform", "s5_mediation"


def some_weeks_ago(at: datetime) -> dict[str, Any]:
    """A report that got as far as the host platform, which has not answered yet."""

    def day(back: int) -> str:
        return (at - timedelta(days=back)).date().isoformat()

    return {
        "draw_time": f"{day(40)} 02:00:00", "win_notice_on": day(39), "claim_made_on": day(38), "refused_on": day(35),
        "reporter": PHRASE, "evidence": [{"kind": "win_page", "form": "screenshot"}],
        "events": [
            {"stage": "s1_self_check", "entered_on": day(38), "outcome": "passed"},
            attempt("s2_organizer", "refused", day(38), closed_on=day(35)),
            attempt("s3_lottery_platform", "rejected", day(30), closed_on=day(24)),
            attempt(S4, "pending", day(20)),
        ],
    }  # fmt: skip


class Screen:
    """The page of one visitor."""

    def __init__(self, register: Register, lang: str = "en") -> None:
        self._: Language = language(lang)
        self.app: AppTest = browse(register, "mine", lang)

    def types(self, code: str) -> Screen:
        self.app.text_input(key="mine_typed").set_value(code)
        return self.presses("mine_open")

    def presses(self, key: str) -> Screen:
        self.app.button(key=key).click().run()
        assert not self.app.exception, self.app.exception
        return self

    def does(self, what: str) -> Screen:
        return self.presses(f"mine_do_{what}")

    def chooses(self, kind: str, name: str, value: Any) -> Screen:
        element = getattr(self.app, kind)(key=f"mine_answer_{name}")
        element.set_value(value).run()
        assert not self.app.exception, self.app.exception
        return self

    def saves(self) -> Screen:
        return self.presses("mine_send")

    @property
    def shown(self) -> str:
        return text(self.app)

    def says(self, key: str, n: int | None = None, **values: object) -> bool:
        return self._(key, n, **values) in unescape(self.shown)
