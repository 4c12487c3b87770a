"""Looking at pages in this process, as a visitor does: a page, what is written on it, and one report to see there."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from streamlit.testing.v1 import AppTest

from prizewatch import answers, edge, intake
from prizewatch.store import Register
from tests.conftest import NOW, ROOT

WON = NOW.date() - timedelta(days=50)
#: What a reader types, by question: the least that can be filed.
ANSWERS: dict[str, object] = {
    "win_notice_on": WON,
    "prize_kind": "goods",
    "prize_value": 1314.0,
    "condition_kinds": ["repost", "add_friend"],
    "met": "yes",
    "dispute_reason": "declared_void",
    "refusal_mode": "explicit",
    "refused_on": WON + timedelta(days=2),
    "refusal_text": "活动作废了",
    "organizer_type": "online_shop",
    "legal_nature": "company",
    "organizer_handle": "test-shop-1",
    "organizer_display": "测试旗舰店",
    "host_platform": "wechat",
    "lottery_tool": "choujiang_zhushou",
    "s2_organizer.done": True,
    "claim_made_on": WON + timedelta(days=1),
    "s2_organizer.outcome": "refused",
    "evidence_a": ["win_page"],
    "evidence_b": ["chat_refusal"],
    "evidence_form": "screen_recording",
    "relation": "winner",
    "reporter": "only I know this",
    "is_first_hand": True,
    "consent_publish": True,
    "truth_statement": True,
}


def filed(register: Register, **changed: object) -> intake.Receipt:
    """One report through the form's own way."""
    given = {**ANSWERS, **changed}
    today = register.as_of(NOW)
    filled = answers.fill(
        given, lang="zh-CN", event_id=str(uuid4()), network="test", today=today, zone=register.settings.time_zone
    )
    return intake.accept(register, filled.batch, intake.Source("form", trusted=False), NOW)


def browse(register: Register, page: str, lang: str, /, **address: str) -> AppTest:
    """The page as a visitor with that language in the address sees it."""
    edge.serve(lambda: register)
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    app.query_params["lang"] = lang
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    if page != "overview":
        app.switch_page(f"{page}.py")
        app.run()
    return app


def text(app: AppTest) -> str:
    """All that is written on the page."""
    html = " ".join(element.proto.body for element in app.get("html"))
    spoken = [*app.title, *app.header, *app.markdown, *app.caption, *app.button, *app.checkbox]
    words = [getattr(element, "value", "") if not hasattr(element, "label") else element.label for element in spoken]
    return re.sub(r"<style>.*?</style>", " ", html, flags=re.S) + " ".join(str(word) for word in words)
