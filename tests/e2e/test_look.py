"""How every page stands in the browser: nothing serious for axe in either theme, no side-scroll on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from prizewatch import sitemap
from tests.e2e.window import DESK, PHONE, Open, opened, too_wide

#: What axe does not look at: the folded menu of Streamlit, where the names of sections stand between items of a list.
STREAMLITS_OWN = {"exclude": [["[data-testid=stSidebarNav]"]]}


def address(page: str, listed: dict[str, str]) -> str:
    return {"overview": "", "organizer": f"organizer?id={listed['public_code']}"}.get(page, page)


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found = []
    for violation in Axe().run(page, STREAMLITS_OWN).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            found += [f"{violation['id']} ({violation['impact']}): {n['html'][:200]}" for n in violation["nodes"]]
    return found


@pytest.mark.parametrize(
    ("lang", "theme", "size"),
    [("en", "light", DESK), ("zh-CN", "dark", PHONE), ("en", "light", PHONE)],
    ids=["en-light-desk", "zh-dark-phone", "en-light-phone"],
)
@pytest.mark.parametrize("name", sitemap.PAGES)
def test_a_page_is_whole_fits_and_has_nothing_serious_for_axe(
    look: Open, listed: dict[str, str], name: str, lang: str, theme: str, size: dict[str, int]
) -> None:
    page = opened(look(address(name, listed), lang=lang, size=size, theme=theme))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("html")).to_have_attribute("lang", lang)
    assert too_wide(page) == []
    if (theme, size) != ("light", PHONE):
        assert serious(page) == []


def test_a_fault_would_be_found(look: Open) -> None:
    """A picture without words and a wide block, put into a page, are seen by the two checks above."""
    page = look("method", lang="en", size=PHONE)
    page.evaluate(
        """() => document.querySelector('[data-testid=stMainBlockContainer]')
              .insertAdjacentHTML('beforeend', '<img src="data:,"><div style="width:900px;height:9px"></div>')"""
    )
    assert any(fault.startswith("image-alt") for fault in serious(page))
    assert too_wide(page)
