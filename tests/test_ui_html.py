"""Tables and numbers as HTML: escaped, readable as a table, and never more than the numbers say."""

from __future__ import annotations

import math
from html.parser import HTMLParser

from prizewatch.i18n import language
from prizewatch.ui_html import Cell, Column, Row, count, digits, facts, known, rate_cell, table

_ = language("en")
ATTACK = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"


class Tags(HTMLParser):
    """The tags and attributes a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.values: list[tuple[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += attrs


def test_whatever_is_in_a_cell_is_text_and_no_tag() -> None:
    cell = Cell(ATTACK, note=ATTACK, href=f"organizer?id={ATTACK}", badge=ATTACK, badge_kind=ATTACK)
    seen = Tags(
        table([Column(ATTACK), Column(ATTACK)], [Row([cell, ATTACK])], ATTACK) + facts([(ATTACK, ATTACK, ATTACK)])
    )
    assert not {"script", "img"} & set(seen.tags)
    assert "onerror" not in {name for name, _value in seen.values}
    assert ("href", f"organizer?id={ATTACK}") in seen.values


def test_a_table_keeps_its_roles_for_the_card_layout() -> None:
    html = table(
        [Column("Name"), Column("Disputes", numeric=True)], [Row(["a", "1"]), Row(["b", "2"], grey=True)], "All"
    )
    seen = Tags(html)
    roles = [value for name, value in seen.values if name == "role"]
    assert roles.count("row") == 3
    assert roles.count("rowheader") == 2
    assert roles.count("cell") == 2
    assert ("data-label", "Disputes") in seen.values
    assert "<caption>All</caption>" in html


def test_no_rate_is_said_or_drawn_without_one() -> None:
    few = rate_cell(_, "3", "7", math.nan, math.nan, math.nan)
    assert (few.text, few.note, few.span) == ("3 of 7", "", None)
    enough = rate_cell(_, "354", "539", 0.657, 0.6157, 0.6956)
    assert (enough.text, enough.note) == ("354 of 539", "66% (62–70%)")
    assert enough.span == (0.6157, 0.657, 0.6956)
    assert not known(None)


def test_hidden_counts_stay_hidden_and_thousands_are_set_apart() -> None:
    assert [digits(_, text) for text in ("12345", "<5", "…", "0")] == ["12,345", "<5", "…", "0"]
    assert (count(_, None), count(_, None, "<5"), count(_, 4243)) == ("…", "<5", "4,243")


def test_an_interval_never_leaves_its_track() -> None:
    html = Cell("x", span=(-0.2, 0.5, 1.3)).html()
    assert "left:0.0%;width:100.0%" in html
