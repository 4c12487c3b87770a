"""Figures in the browser: picture and numbers can be taken home, in the reader's language; nothing is cut off."""

from __future__ import annotations

import csv

import pytest

from prizewatch.i18n import language
from tests.e2e.window import DESK, PHONE, Open, idle, saved

#: Address of a page -> figures that it shows at the least.
PAGES = {
    "": 1,
    "resolution": 1,
    "resolution?view=forest&stage=s3_lottery_platform": 1,
    "ladder": 1,
    "time": 2,
    "platforms": 2,
    "trends": 2,
}

#: Words of a plot that lie outside of its picture, and words that lie on each other.
CUT = """plot => {
  const box = plot.getBoundingClientRect(), faults = [];
  const words = [...plot.querySelectorAll('.xtick text, .ytick text, .annotation text, .legendtext, .xtitle')]
      .filter(e => e.textContent.trim()).map(e => [e.textContent, e.getBoundingClientRect()]);
  words.forEach(([text, r], i) => {
    if (r.left < box.left - 1 || r.right > box.right + 1 || r.top < box.top - 1 || r.bottom > box.bottom + 1)
      faults.push(`cut: ${text}`);
    for (const [other, o] of words.slice(i + 1))
      if (r.left < o.right - 1 && o.left < r.right - 1 && r.top < o.bottom - 2 && o.top < r.bottom - 2)
        faults.push(`${text} on ${other}`);
  });
  return faults;
}"""


@pytest.mark.parametrize(("lang", "size"), [("zh-CN", PHONE), ("en", PHONE), ("en", DESK)], ids=["zh", "en", "desk"])
@pytest.mark.parametrize("address", PAGES)
def test_no_label_is_cut_off_or_lies_on_another(look: Open, address: str, lang: str, size: dict[str, int]) -> None:
    page = look(address, lang=lang, size=size)
    plots = page.locator(".js-plotly-plot")
    assert plots.count() >= PAGES[address]
    faults = [fault for number in range(plots.count()) for fault in plots.nth(number).evaluate(CUT)]
    assert faults == []


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_figure_is_saved_as_a_picture_by_a_button_in_the_readers_language(look: Open, lang: str) -> None:
    _ = language(lang)
    page = look("ladder", lang=lang)
    buttons = page.locator(".js-plotly-plot .modebar-btn")
    assert [button.get_attribute("data-title") for button in buttons.all()] == [_("figures.save")]
    page.locator(".js-plotly-plot").first.hover()
    with page.expect_download() as waiting:
        buttons.first.click()
    assert waiting.value.suggested_filename.endswith(".svg")
    drawn = waiting.value.path().read_text("utf-8")
    assert drawn.lstrip().startswith("<svg")
    assert _("figures.way.went_on") in drawn


def test_the_numbers_of_a_figure_are_downloaded_as_they_are_drawn(look: Open) -> None:
    page = look("ladder?group=A", lang="en")
    page.get_by_test_id("stExpander").locator("summary").first.click()
    idle(page)
    with saved(page.locator(".st-key-csv-flow button")).path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["group"] for row in rows} == {"A"}
    shown = page.locator(".pw-table tbody tr")
    assert shown.count() == len(rows)
    assert [row["reached"].lstrip("'") for row in rows] == [
        cell.inner_text().replace(",", "").splitlines()[-1] for cell in page.locator(".pw-table td:nth-child(2)").all()
    ]
