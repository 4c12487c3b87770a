"""The desk in a real browser: two moderators and a stranger.

queue -> ask -> answer by receipt -> publish -> name by two persons -> the organizer replies -> the reporter confirms ->
figures change -> taken back. The stranger reaches none of it.
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from prizewatch import identity, replying
from prizewatch.access import Actor
from prizewatch.edge import now
from prizewatch.i18n import language
from prizewatch.store import Register
from prizewatch.vocabulary import label
from scripts.server import Server
from tests.at_the_desk import person
from tests.conftest import settings_for
from tests.e2e.at_the_desk import another, begins, goes, sits, takes, ticks, writes
from tests.e2e.conftest import running
from tests.e2e.window import DESK, PHONE, Windows, choose, enter, idle, press
from tests.e2e.wire import wired
from tests.log_by_hand import fresh
from tests.my_report import some_weeks_ago
from tests.reporter import Reporter, proof

SHOP, HANDLE = "好物旗舰店", "gh desk shop"
TOLD = "我在直播间中了料理机，客服叫王小明，说三天发货，后来再也没有回音，这是只有审核员能读到的话。"
REPLY = "奖品已经寄出，单号发在私信里，欢迎核对。"
ANSWER = "截图已经补上，名字也去掉了，麻烦再看一下。"
NO_LIMITS = {"REPORTS_PER_DAY": "0", "REPORTS_PER_DEVICE_PER_DAY": "0", "LEAST_SECONDS": "0"}


@dataclass
class Desk:
    """What the register held before the site opened."""

    path: Path
    tokens: dict[str, str]
    receipt: str = ""
    file: str = ""
    code: str = ""
    dispute: str = ""
    drawn: datetime = datetime.min  # when the draw of the second was
    asked: float = 0.0


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Two reports about one shop, one of them held for a name in its words; the shop was invited eight days ago."""
    path = tmp_path_factory.mktemp("desk") / "register.duckdb"
    at = now()
    with Register.open(path, settings_for(path, **NO_LIMITS), now=at) as register:
        shop = {"organizer_type": "online_shop", "legal_nature": "company", "organizer_handle": HANDLE,
                "organizer_display": SHOP, "host_platform": "wechat"}  # fmt: skip
        both = [proof(register, "win_page"), proof(register, "chat_refusal")]
        weeks = some_weeks_ago(at) | shop
        Reporter(register, "first", at=at, **weeks | {"reporter": "first", "evidence": both})
        earlier = weeks | {"draw_time": f"{(at - timedelta(days=41)).date()} 02:00:00", "reporter": "second",
                           "narrative": TOLD, "evidence": both}  # fmt: skip
        second = Reporter(register, "second", at=at, **earlier)
        own = second.mart()["organizer_id"]
        replying.invite(register, Actor("ann", "moderator"), own, at - timedelta(days=8))
        tokens = {name: person(register, name, "moderator", at) for name in ("ann", "ben")}
        return Desk(
            path,
            tokens,
            second.code,
            both[0]["sha256"],
            identity.public_code(own),
            str(second.id),
            at - timedelta(days=41),
        )


@pytest.fixture(scope="module")
def site(desk: Desk) -> Iterator[Server]:
    with running(desk.path, SECRET_KEY=settings_for(desk.path).secret_key) as server:
        yield server
    assert not any(secret in server.log for secret in (TOLD[:12], desk.receipt, *desk.tokens.values()))


# ── from the queue to a changed figure, and back ───────────────────────────────────────────────────────────────────


class Public:
    """What everybody sees of the organizer: on its page, and by the API."""

    def __init__(self, windows: Windows, code: str) -> None:
        self.windows, self.code = windows, code

    def page(self) -> Page:
        return self.windows(f"organizer?id={self.code}", lang="en")

    def words(self) -> str:
        return self.page().get_by_test_id("stMain").inner_text()

    def figures(self) -> dict[str, Any] | None:
        """The organizer in the API; None where it is not listed."""
        answer = httpx.get(f"{self.windows.site.url}/api/v1/organizers/{self.code}", timeout=60)
        assert answer.status_code in (200, 404)
        return answer.json() if answer.status_code == 200 else None

    def named(self) -> bool:
        """Whether the name stands; page and API say the same."""
        figures, words = self.figures(), self.words()
        in_data = figures is not None and figures["name"] == SHOP
        assert (SHOP in words) == in_data
        return in_data


def stranger_fails(windows: Windows, desk: Desk, here: str, button: str) -> None:
    """Whoever has no account gets nothing of a screen of the desk: by its address, and by the very message that its
    button sends. `here`: the address a moderator is at.
    """
    query = urlsplit(here).query
    page = windows(f"desk?{query}", lang="en")
    expect(page.locator(".pw-go a").first).to_be_visible()
    expect(page.locator(".pw-case, .st-key-pw-decide")).to_have_count(0)
    page.context.close()
    with wired(windows.site, f"pw_desk={desk.tokens['ben']}") as moderator:
        moderator.run("desk", query=query)
        pressed = moderator.ids[button]
    for cookie in ("", "pw_desk=made-up"):
        with wired(windows.site, cookie) as other:
            for _ in range(2):
                told = other.run("desk", pressed=pressed, query=query)
                assert not any(secret in told for secret in (TOLD[:12], SHOP, HANDLE))
            assert button not in other.ids


def asks(ann: Page) -> None:
    """The report that was held for the name in its words: ask for more."""
    begins(ann, "report")
    expect(ann.locator("article.pw-case")).to_contain_text(TOLD[:20])
    expect(ann.locator(".pw-case mark")).to_contain_text("王小明")
    another(ann, "ask")
    press(ann, "desk_decide")
    expect(ann.get_by_text(language("en")("desk.did.ask"))).to_be_visible()


def answers(reporter: Page, receipt: str) -> None:
    """The reporter reads the question by the receipt, and answers."""
    zh = language("zh-CN")
    enter(reporter, receipt)
    expect(reporter.get_by_text(zh("desk.ask.proof_missing"))).to_be_visible()
    press(reporter, "mine_do_answer")
    writes(reporter, "mine_answer_answer", ANSWER)
    press(reporter, "mine_send")
    expect(reporter.get_by_text(zh("mine.done.answer"))).to_be_visible()


def replies(shop: Page, code: str) -> None:
    """The organizer opens its invitation and says that the prize was delivered."""
    zh = language("zh-CN")
    expect(shop.get_by_text(zh("reply.file", code=code))).to_be_visible()
    press(shop, "reply_send")
    expect(shop.get_by_text(zh("notice.wrong.answer_missing"))).to_be_visible()
    says = label("organizer_reply", "says_resolved", "zh-CN")
    shop.locator(".st-key-reply_answer").get_by_text(says, exact=True).click()
    idle(shop)
    writes(shop, "reply_words", REPLY)
    writes(shop, "reply_about", "最早那一场的奖品，上周寄出。")
    takes(shop, "reply_proof_kind", label("reply_proof", "profile_code", "zh-CN"))
    writes(shop, "reply_proof_words", "公众号简介第一行")
    press(shop, "reply_send")
    expect(shop.get_by_text(zh("reply.sent"))).to_be_visible()


def publishes_reply(ann: Page, drawn: datetime) -> None:
    """Only once the proof was seen, and about the report it is about."""
    begins(ann, "reply")
    press(ann, "dreply_publish")
    expect(ann.get_by_text(language("en")("notice.wrong.proof_not_seen"))).to_be_visible()
    ann.locator(".st-key-dreply_seen label").click()
    idle(ann)
    ticks(ann, "dreply_disputes", drawn)
    press(ann, "dreply_publish")
    expect(ann.locator(".st-key-dreply_publish")).to_have_count(0)


def confirms(reporter: Page) -> None:
    """The reporter is asked whether it came, and says that it did, in full."""
    press(reporter, "mine_received")
    expect(reporter.get_by_text(language("zh-CN")("mine.q.outcome.delivered"))).to_be_visible()
    reporter.get_by_text(label("stage_outcome", "relief_full", "zh-CN"), exact=True).first.click()
    idle(reporter)
    choose(reporter, "relief", label("relief", "full_prize", "zh-CN"))
    press(reporter, "mine_send")
    expect(reporter.get_by_text(language("zh-CN")("mine.done.delivered"))).to_be_visible()
    expect(reporter.locator(".st-key-mine_received")).to_have_count(0)


def test_from_the_queue_to_a_changed_figure_and_back(look: Windows, desk: Desk) -> None:
    _ = language("en")
    public = Public(look, desk.code)
    assert public.figures() is None
    ann = sits(look, desk.tokens["ann"], "desk", size=DESK)
    ben = sits(look, desk.tokens["ben"], "desk", size=DESK)
    reporter = look("mine", lang="zh-CN", size=PHONE)

    asks(ann)
    answers(reporter, desk.receipt)
    begins(ann, "answer")
    expect(ann.locator("article.pw-case")).to_contain_text(ANSWER)
    stranger_fails(look, desk, ann.url, "desk_usual")
    assert public.figures() is None
    ann.keyboard.press("p")  # published by one key
    expect(ann.get_by_text(_("desk.did.publish_masked"))).to_be_visible()
    listed = public.figures()
    assert listed
    assert (listed["disputes"], listed["resolved"]) == (2, 0)
    assert not public.named(), "listed, and not named yet"

    begins(ann, "naming")
    expect(ann.locator("article.pw-case")).to_contain_text(SHOP)
    press(ann, "desk_usual")
    expect(ann.get_by_text(_("desk.did.proposed"))).to_be_visible()
    goes(ann, "desk")
    expect(ann.get_by_role("link", name=_("desk.kind.proposal"))).to_have_count(0)
    begins(ben, "proposal")
    expect(ben.locator(".pw-act")).to_contain_text(_("desk.proposed", action=_("desk.do.name"), name="ann"))
    stranger_fails(look, desk, ben.url, "desk_confirm")
    assert not public.named(), "one person alone names nobody"
    press(ben, "desk_confirm")
    expect(ben.get_by_text(_("desk.did.confirmed"))).to_be_visible()
    assert public.named()

    goes(ann, "desk_organizers")
    writes(ann, "kin_find", desk.code)
    press(ann, "kin_invite")
    link = ann.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{look.site.url}/reply?t=")
    replies(look(link.removeprefix(f"{look.site.url}/"), lang="zh-CN", size=PHONE), desk.code)
    assert REPLY not in public.words()
    publishes_reply(ann, desk.drawn)
    page = public.page()
    said = page.locator(".pw-sentence", has_text=REPLY)
    expect(said).to_be_visible()
    look = "e => { const s = getComputedStyle(e); return [s.fontSize, s.fontWeight, s.color]; }"
    record = page.locator(".pw-sentence").first
    assert said.evaluate(look) == record.evaluate(look), "what the organizer says is as large as what is said of it"
    assert public.figures()["resolved"] == 0, "what it says itself resolves nothing"  # type: ignore[index]

    reporter.reload()
    enter(idle(reporter), desk.receipt)
    confirms(reporter)
    settled = public.figures()
    assert settled
    assert (settled["disputes"], settled["resolved"]) == (2, 1)
    assert page.locator(".pw-facts").inner_text() != public.page().locator(".pw-facts").inner_text()

    goes(ann, f"desk?work=report.dispute.{desk.dispute}")
    another(ann, "hold")
    press(ann, "desk_decide")
    expect(ann.get_by_text(_("desk.did.hold"))).to_be_visible()
    assert public.figures() != settled
    press(ann, "desk_undo")
    expect(ann.get_by_text(_("desk.undone"), exact=True)).to_be_visible()
    assert public.figures() == settled, "taken back, every figure is what it was"

    press(ben, "desk_undo")  # one person takes a name away
    expect(ben.get_by_text(_("desk.undone"), exact=True)).to_be_visible()
    assert not public.named()


def test_a_stranger_reaches_none_of_it(look: Windows, site: Server, desk: Desk) -> None:
    for path in (
        "desk",
        "desk?kind=report",
        f"desk?work=report.dispute.{fresh()}",
        "desk_import",
        "desk_organizers",
        "desk_audit",
    ):
        got: list[str] = []
        page = look(path, lang="zh-CN", on_data=lambda data, got=got: got.append(repr(data)))
        expect(page.locator(".pw-go a").first).to_be_visible()
        expect(page.locator(".pw-case, .st-key-desk_begin, .st-key-pw-decide")).to_have_count(0)
        assert not any(TOLD[:12] in data or TOLD[:12].encode().hex() in data for data in got)
    for path in (f"/desk/evidence/{desk.file}", f"/api/v1/desk/evidence/{desk.file}"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(site.url + path, timeout=20)
        with refused.value as answer:
            assert answer.code in (401, 403, 404)
            assert answer.headers["Content-Type"].partition(";")[0] not in ("image/png", "application/pdf")


def test_a_second_moderator_who_comes_late_is_told_and_keeps_the_words(look: Windows, desk: Desk) -> None:
    """Both read the same report; the first holds it, the second had typed a rejection."""
    _ = language("en")
    with_file = sits(look, desk.tokens["ann"], "desk?kind=naming")
    press(with_file, "desk_begin")
    link = with_file.locator(".pw-case a[href*='report.dispute']").first.get_attribute("href")
    assert link
    ann, ben = (sits(look, desk.tokens[who], link.partition("&lang")[0].removeprefix("./")) for who in ("ann", "ben"))
    another(ben, "reject")
    ben.locator(".st-key-pw-decide textarea").press_sequentially("dps with care")  # letters that are also keys
    another(ann, "hold")
    press(ann, "desk_decide")
    expect(ann.get_by_text(_("desk.did.hold"))).to_be_visible()
    press(ben, "desk_decide")
    expect(ben.get_by_text(_("desk.problem.changed"))).to_be_visible()
    expect(ben.get_by_text(_("desk.typed", words="dps with care"))).to_be_visible()
    expect(ben.locator("article.pw-case")).to_contain_text(label("moderation_status", "hold_legal", "en"))
    press(ann, "desk_undo")
    expect(ann.get_by_text(_("desk.undone"), exact=True)).to_be_visible()
