"""Names made to break a page, of organizers that are named: shown as text, nothing runs, nothing scrolls sideways."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from prizewatch import identity, intake
from prizewatch.store import Kind, Register
from scripts.server import ROOT, Server
from tests.canaries import reports
from tests.conftest import settings_for
from tests.e2e.conftest import running
from tests.e2e.window import PHONE, Windows, idle, too_wide
from tests.intake_rows_by_hand import IMPORT, NOW, Rows
from tests.log_by_hand import decision, organizer, put

STRINGS = json.loads((ROOT / "tests" / "nasty" / "big_list_of_naughty_strings.json").read_text("utf-8"))
#: One of each kind that breaks pages: markup, a word without a gap, stacked marks, right to left, formulas, Markdown.
NAMES = [
    "<script>document.title='broken'</script><img src=x onerror=document.title='broken'>",
    "W" * 80,
    next(s for s in STRINGS if "̡̖" in s or "Ṱ" in s)[:80],
    next(s for s in STRINGS if "مُنَاقَشَةُ" in s)[:80],
    "=HYPERLINK(1)|[link](javascript:alert(1))|**bold** {x} %s $(id)",
]


@pytest.fixture(scope="module")
def naughty_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, list[str]]]:
    path = tmp_path_factory.mktemp("naughty") / "register.duckdb"
    settings = settings_for(path, SECRET_KEY="")
    with Register.open(path, settings, kind=Kind.DEMO, clock_on=NOW.date(), now=NOW) as register:
        rows, named, seen = Rows(), [], []
        for number, name in enumerate(NAMES):
            reports(rows, f"shop{number}", 3, organizer_handle=f"gh_naughty_{number}")
            one = identity.organizer_id(register.key, "wechat", f"gh_naughty_{number}")
            named += [decision(one, action, kind="organizer") for action in ("review", "name")]
            seen.append(organizer(one, handle=f"gh_naughty_{number}", display_name=name))
        assert intake.accept(register, rows.batch(), IMPORT, NOW).rejected == 0
        put(register, organizer=seen)
        put(register, moderation=named)
        with register.read() as cur:
            codes = [row[0] for row in cur.execute("SELECT public_code FROM mart.organizer WHERE named").fetchall()]
    assert len(codes) == len(NAMES)
    with running(path) as server:
        yield server, codes


def test_names_made_to_break_a_page_break_none(browser: Browser, naughty_site: tuple[Server, list[str]]) -> None:
    site, codes = naughty_site
    windows = Windows(browser, site)
    shown = ""
    for address in ["organizers", "repeat", "before?q=W", *(f"organizer?id={code}" for code in codes)]:
        page = windows(address, lang="zh-CN", size=PHONE)
        idle(page)
        expect(page.get_by_test_id("stException")).to_have_count(0)
        assert too_wide(page) == [], address
        assert "broken" not in page.title()
        assert page.locator("[data-testid=stMain] img[src=x], [data-testid=stMain] a[href^=javascript]").count() == 0
        shown += page.inner_text("body")
        page.context.close()
    windows.contexts.clear()
    for name in NAMES:
        assert name[:20].strip() in shown
