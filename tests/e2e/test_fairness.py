"""Fairness in a real browser: somebody objects, it is hidden, answered and restored; two that are one are merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect

from prizewatch import identity
from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.vocabulary import label
from scripts.server import Server
from tests.at_the_desk import person
from tests.conftest import settings_for
from tests.e2e.at_the_desk import begins, goes, sits, takes, ticks, writes
from tests.e2e.conftest import running
from tests.e2e.window import PHONE, Windows, enter, idle, pick, press
from tests.log_by_hand import decision, put
from tests.my_report import some_weeks_ago
from tests.reporter import Reporter, proof

SHOP, FORMER = "山野好物铺", "山外好物铺"
WRONG = "这条记录说的不是我们的活动，公众号名称相近而已。"
REPLY = "我有当时的中奖页面，主体就是这家店，可以补充截图。"
REASONS = "暂时隐藏，请提交记录的人说明是哪家店。"


@dataclass
class Town:
    """What the register held before the site opened."""

    path: Path
    code: str
    tokens: dict[str, str] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)
    drawn: datetime = datetime.min  # when the draw of the second was


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A named shop with three reports of three people about three draws, and one that looks like it."""
    path = tmp_path_factory.mktemp("fair") / "register.duckdb"
    at = now()
    with Register.open(path, settings_for(path, REPORTS_PER_DAY="0"), now=at) as register:
        shop = {"organizer_type": "online_shop", "legal_nature": "company", "host_platform": "wechat", "network": ""}

        def files(n: int, handle: str, name: str) -> Reporter:
            drawn = f"{(at - timedelta(days=40 + n)).date()} 02:00:00"
            said = {"reporter": f"{n}@example.org", "draw_time": drawn, "organizer_handle": handle}
            said["organizer_display"] = name
            said["evidence"] = [proof(register, "win_page"), proof(register, "chat_refusal")]
            return Reporter(register, f"f{n}", at=at, **some_weeks_ago(at) | shop | said)

        filed = [files(n, "moonshop_cn", SHOP) for n in range(3)]
        at += timedelta(seconds=1)  # the shop of three is the older one
        files(9, "m00nshop_cn", FORMER)
        own = UUID(str(filed[0].mart()["organizer_id"]))
        put(register, moderation=[decision(own, "name", kind="organizer")])
        tokens = {name: person(register, name, "moderator", at) for name in ("ann", "ben")}
        return Town(path, identity.public_code(own), tokens, [me.code for me in filed], at - timedelta(days=41))


@pytest.fixture(scope="module")
def site(town: Town) -> Iterator[Server]:
    with running(town.path, SECRET_KEY=settings_for(town.path).secret_key) as server:
        yield server
    assert not any(secret in server.log for secret in (*town.receipts, *town.tokens.values(), "office@example.org"))


def public(windows: Windows, town: Town) -> str:
    return windows(f"organizer?id={town.code}", lang="en").get_by_test_id("stMain").inner_text()


def test_filed_hidden_answered_and_restored(look: Windows, town: Town) -> None:
    _, zh = language("en"), language("zh-CN")
    page = look(f"notice?record={town.code}", lang="zh-CN", size=PHONE)
    press(page, "notice_send")
    expect(page.get_by_text(zh("notice.wrong.words_missing"))).to_be_visible()
    takes(page, "notice_ground", label("notice_ground", "wrong_organizer", "zh-CN"))
    takes(page, "notice_wish", label("notice_wish", "takedown", "zh-CN"))
    writes(page, "notice_words", WRONG)
    takes(page, "notice_sender", label("notice_sender", "organizer", "zh-CN"))
    writes(page, "notice_name", "某某办公室")
    writes(page, "notice_contact", "office@example.org")
    press(page, "notice_send")
    expect(page.get_by_text(zh("notice.filed"), exact=True)).to_be_visible()
    code = page.get_by_test_id("stCode").inner_text().strip()
    press(page, "notice_look")
    expect(page.get_by_text(WRONG)).to_be_visible()
    counted = public(look, town)

    ann = sits(look, town.tokens["ann"], "desk")
    begins(ann, "notice")
    expect(ann.get_by_text("office@example.org")).to_be_visible()
    ann.get_by_text(_("notice.do.hide"), exact=True).click()
    idle(ann)
    ticks(ann, "dnotice_disputes", town.drawn)
    takes(ann, "dnotice_reason", label("notice_reason", "shown", "en"))
    writes(ann, "dnotice_sentence", REASONS)
    press(ann, "dnotice_do")
    expect(ann.locator(".st-key-dnotice_do")).to_have_count(0)
    assert public(look, town) != counted

    me = look("mine", lang="zh-CN", size=PHONE)
    enter(me, town.receipts[1])
    expect(me.get_by_text(WRONG)).to_be_visible()
    expect(me.get_by_text(REASONS)).to_be_visible()
    assert "office@example.org" not in me.content()
    assert "某某办公室" not in me.content()
    me.get_by_role("textbox", name=zh("mine.notice.answer")).fill(REPLY)
    me.get_by_role("button", name=zh("mine.notice.send")).click()
    expect(me.get_by_text(zh("mine.notice.sent"))).to_be_visible()

    begins(ann, "notice")
    expect(ann.get_by_text(REPLY)).to_be_visible()
    ann.get_by_text(_("notice.do.restore"), exact=True).click()
    idle(ann)
    takes(ann, "dnotice_reason", label("notice_reason", "record_proven", "en"))
    writes(ann, "dnotice_sentence", "中奖页面上的主体就是这家店。")
    press(ann, "dnotice_do")
    expect(ann.locator(".st-key-dnotice_do")).to_have_count(0)
    assert public(look, town) == counted

    idle(page).reload()
    idle(page)
    assert WRONG not in page.get_by_test_id("stMain").inner_text(), "the code is asked for again"
    assert code not in page.url
    page.locator(".st-key-notice_view").get_by_text(zh("notice.view.see")).click()
    idle(page)
    writes(page, "notice_typed", code)
    press(page, "notice_open_do")
    expect(page.get_by_text(zh("notice.state.restored"), exact=True)).to_be_visible()
    expect(page.get_by_text("中奖页面上的主体就是这家店。")).to_be_visible()


def test_two_that_look_alike_are_merged_by_two_and_the_former_name_is_shown(look: Windows, town: Town) -> None:
    _ = language("en")
    ann = sits(look, town.tokens["ann"], "desk")
    begins(ann, "kinship")
    expect(ann.get_by_text(SHOP).first).to_be_visible()
    ann.get_by_role("combobox").first.scroll_into_view_if_needed()
    pick(ann.get_by_role("combobox").first, label("moderation_reason", "two_signals", "en"))
    idle(ann)
    ann.get_by_role("textbox").first.fill("两个账号的简介互相注明，收款人截图相同。")
    ann.get_by_role("textbox").first.press("Tab")
    idle(ann)
    ann.locator("[class*='st-key-kin_pair_'][class*='_do_'] button").click()
    expect(ann.get_by_text(_("desk.did.proposed"))).to_be_visible()
    ben = sits(look, town.tokens["ben"], "desk")
    begins(ben, "proposal")
    expect(ben.get_by_test_id("stMain")).to_contain_text("两个账号的简介互相注明")
    press(ben, "desk_confirm")
    expect(ben.get_by_text(_("desk.did.confirmed"))).to_be_visible()
    goes(ben, "desk_organizers")
    writes(ben, "kin_find", town.code)
    expect(ben.get_by_text(_("desk_organizers.on_file", n="4", m="4"))).to_be_visible()
    page = look(f"organizer?id={town.code}", lang="en")
    expect(page.get_by_text("Formerly:")).to_contain_text(FORMER)
