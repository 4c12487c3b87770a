"""A refused winner's whole way on a phone: report, reload, receipt, come back, an answer comes, next step, withdraw."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.vocabulary import label
from tests.e2e.form import Form
from tests.e2e.test_journey import WON_ON, disputes_on_file
from tests.e2e.window import PHONE, Open, choose, enter, idle, press

S4, S5 = "s4_host_platform", "s5_mediation"


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_from_refused_to_receipt_and_back_again_with_the_answer_of_the_platform(look: Open, lang: str) -> None:
    _ = language(lang)
    page = look(lang=lang, size=PHONE)
    before = disputes_on_file(page)
    page.locator(".pw-foot").get_by_role("link", name=_("shell.nav.report"), exact=True).click()
    form = Form(page, lang)
    form.at("what")

    def reload() -> None:
        page.reload()
        idle(page)
        form.at("evidence")

    form.fill(WON_ON, f"whole way {lang}", f"gh_whole_way_{lang}", {"evidence": reload})
    code = form.send()
    assert code not in page.url

    page.get_by_test_id("stMain").get_by_role("link", name=_("receipt.mine")).click()
    expect(page.get_by_role("heading", level=1, name=_("mine.title"))).to_be_visible()
    idle(page)
    enter(page, f"{code[:-1]}{'0' if code[-1] != '0' else '1'}")
    expect(page.get_by_text(_("mine.unknown"))).to_be_visible()
    enter(page, code)
    expect(page.locator(".pw-progress h2")).to_have_text(label("dispute_status", "open", lang))
    first = _("advice.next", step=label("stage", "s2_organizer", lang))
    expect(page.get_by_role("heading", name=first)).to_be_visible()

    for stage, begun, outcome in (("s2_organizer", WON_ON, "refused"), (S4, now(), "rejected")):
        press(page, "mine_do_step")
        page.locator(".st-key-mine_answer_stage").get_by_text(label("stage", stage, lang)).click()
        idle(page)
        if stage == S4:
            kind = label("target_entity", "official_account", lang)
            page.locator(".st-key-mine_answer_target_entity").get_by_text(kind, exact=True).click()
            idle(page)
            choose(page, "skip_reason", label("skip_reason", "reporter_choice", lang))
        day = page.locator(".st-key-mine_answer_entered_on").get_by_role("spinbutton")
        day.first.click()
        page.keyboard.type(f"{begun:%Y%m%d}")
        page.keyboard.press("Escape")
        choose(page, "outcome", label("stage_outcome", outcome, lang))
        if stage == S4:
            choose(page, "platform_action", label("platform_action", "none_known", lang))
        press(page, "mine_send")
        expect(page.get_by_text(_("mine.done.step"))).to_be_visible()
    changed = _("advice.next", step=label("stage", S5, lang))
    expect(page.get_by_role("heading", name=changed)).to_be_visible()
    assert disputes_on_file(look(lang=lang)) == before + 1

    page.locator(".st-key-mine_end_fold summary").click()
    press(page, "mine_do_withdraw")
    page.locator(".st-key-mine_answer_withdraw_reason").get_by_text(label("withdraw_reason", "mistake", lang)).click()
    idle(page)
    press(page, "mine_send")
    expect(page.get_by_text(_("mine.done.withdrawn"))).to_be_visible()
    assert disputes_on_file(look(lang=lang)) == before
