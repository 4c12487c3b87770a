"""My report in a real browser, on a phone: wrong code, right code, an answer comes, the next step, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.vocabulary import label
from scripts.server import Server
from tests.conftest import settings_for
from tests.e2e.conftest import running
from tests.e2e.window import PHONE, Open, choose, enter, idle, press
from tests.my_report import PHRASE, S5, some_weeks_ago
from tests.reporter import Reporter


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Language -> the receipt of a report that is on file before the site opens; "path" is the register."""
    path = tmp_path_factory.mktemp("mine") / "register.duckdb"
    at = now()
    with Register.open(path, settings_for(path), now=at) as register:
        filed = {
            lang: Reporter(register, lang, at=at, **some_weeks_ago(at) | {"reporter": f"{PHRASE} {lang}"})
            for lang in ("zh-CN", "en")
        }
        return {lang: me.code for lang, me in filed.items()} | {"path": str(path)}


@pytest.fixture(scope="module")
def site(codes: dict[str, str]) -> Iterator[Server]:
    path = Path(codes["path"])
    with running(path, SECRET_KEY=settings_for(path).secret_key) as server:
        yield server
    assert codes["en"] not in server.log


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_come_back_add_what_happened_see_the_next_step_change_and_withdraw(
    look: Open, codes: dict[str, str], lang: str
) -> None:
    _ = language(lang)
    page = look("mine", lang=lang, size=PHONE)
    enter(page, "K0K0K-K0K0K-K0K0K-K0K0K")
    expect(page.get_by_text(_("mine.unknown"))).to_be_visible()
    enter(page, codes[lang].lower().replace("-", " "))
    expect(page.locator(".pw-progress h2")).to_have_text(label("dispute_status", "open", lang))
    assert codes[lang] not in page.url
    expect(page.get_by_role("heading", name=_("advice.next", step=label("stage", S5, lang)))).to_be_visible()

    press(page, "mine_event_4")  # the host platform answered
    expect(page.get_by_role("heading", name=_("mine.screen.close"))).to_be_visible()
    choose(page, "outcome", label("stage_outcome", "rejected", lang))
    choose(page, "platform_action", label("platform_action", "none_known", lang))
    page.locator(".st-key-mine_send button").dblclick()  # a hasty press files once
    expect(page.get_by_text(_("mine.done.close"))).to_be_visible()
    expect(page.locator(".st-key-pw-rung-4")).to_contain_text(label("stage_outcome", "rejected", lang))

    press(page, "mine_do_step")
    page.locator(".st-key-mine_answer_stage").get_by_text(label("stage", S5, lang)).click()
    parts = page.locator(".st-key-mine_answer_entered_on").get_by_role("spinbutton")
    expect(parts.last).to_be_visible()
    idle(page)
    parts.first.click()
    page.keyboard.type(f"{now():%Y%m%d}")
    expect(parts.last).to_have_text(f"{now():%d}")
    page.keyboard.press("Escape")
    choose(page, "outcome", label("stage_outcome", "pending", lang))
    press(page, "mine_send")
    expect(page.get_by_text(_("mine.done.step"))).to_be_visible()
    step = _("advice.next", step=label("stage", "s6_regulator", lang))
    expect(page.get_by_role("heading", name=step)).to_be_visible()
    expect(page.locator("[class*='st-key-pw-rung-']")).to_have_count(5)

    page.reload()  # the code is typed anew, and the page says so kindly
    idle(page)
    expect(page.get_by_text(_("mine.code.reload"))).to_be_visible()
    enter(page, codes[lang])
    page.locator(".st-key-mine_end_fold summary").click()
    press(page, "mine_do_withdraw")
    page.locator(".st-key-mine_answer_withdraw_reason").get_by_text(label("withdraw_reason", "privacy", lang)).click()
    expect(page.get_by_text(_("mine.withdraw.privacy"))).to_be_visible()
    idle(page)
    press(page, "mine_send")
    expect(page.get_by_text(_("mine.done.withdrawn"))).to_be_visible()
    again = look("mine", lang=lang, size=PHONE)
    enter(again, codes[lang])
    expect(again.get_by_text(_("mine.unknown"))).to_be_visible()

    phrase = page.locator(".st-key-mine_phrase input")
    phrase.fill(f"{PHRASE} {lang}")
    phrase.press("Tab")
    press(page, "mine_again")
    expect(page.get_by_text(_("mine.done.again"))).to_be_visible()
    wide = page.get_by_test_id("stMain").evaluate("e => e.scrollWidth > e.clientWidth + 1")
    assert not wide
