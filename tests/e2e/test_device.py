"""The mark of a browser: a day's limit holds for each browser, also where many share one network, and only for that."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, Page, expect

from prizewatch.i18n import language
from tests.e2e.conftest import running
from tests.e2e.form import Form
from tests.e2e.window import Windows, idle

WON_ON = datetime.now(UTC).date() - timedelta(days=40)
MARK = "pw_device"


#: One report a browser and a day, as many as you like from one network.
LIMITS = {"REPORTS_PER_DEVICE_PER_DAY": "1", "REPORTS_PER_DAY": "0", "LEAST_SECONDS": "0"}


def written(page: Page, name: str) -> Form:
    """The shortest report, up to the point before it is sent."""
    form = Form(page, "en")
    form.shortest(WON_ON, name)
    return form


def mark(page: Page) -> str:
    """The mark of a window's browser, and that it is kept as it should be."""
    (cookie,) = [c for c in page.context.cookies() if c["name"] == MARK]
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Lax", "/")
    left = cookie["expires"] - datetime.now(UTC).timestamp()
    assert timedelta(days=179).total_seconds() < left <= timedelta(days=180).total_seconds()
    assert MARK not in page.evaluate("document.cookie"), "no script reads it"
    assert re.fullmatch(r"[\w-]{24}", cookie["value"])
    return str(cookie["value"])


def test_a_second_report_of_one_browser_is_refused_and_another_browser_may_file(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "register.duckdb"
    with running(path, SECRET_KEY="0123456789abcdef" * 4, **LIMITS) as site, Windows(browser, site) as look:
        first, second = look("report", lang="en"), look("report", lang="en")
        marks = {mark(first), mark(second)}
        assert len(marks) == 2, "a second device is another"
        written(first, "somebody").send()
        first.goto("/report?lang=en")
        written(idle(first), "somebody beside them").page.locator(".st-key-report_send button").click()
        told = language("en")("rules.device.too_many", again="").strip()
        expect(first.locator(".pw-problem").filter(has_text=told).first).to_be_visible()
        assert mark(first) in marks, "a browser keeps its mark"
        written(second, "somebody else").send()
    with closing(duckdb.connect(str(path), read_only=True)) as register:
        keys = [key for (key,) in register.execute("SELECT device_key FROM log.filing").fetchall()]
    assert len(set(keys)) == 2
    assert not any(value in str(keys) for value in marks), "only a keyed hash is kept"
