"""Before I enter: the fifteen items as data, ticks to and from an address, what is missing, the text to send."""

from __future__ import annotations

import csv
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizewatch.announcement import GROUPS, NONE, as_text, items, joined, read, terms
from prizewatch.i18n import LANGUAGES, language
from prizewatch.vocabulary import REFERENCE, codes

STATED = [one.code for one in items("stated", "en")]
SIGNS = [one.code for one in items("warning", "en")]


def test_the_fifteen_items_of_the_order_and_the_signs_are_there() -> None:
    assert len(STATED) == len(set(STATED)) == 15
    assert {one.group for one in items("stated", "en")} == set(GROUPS)
    assert SIGNS == ["pay_first", "data_asked", "must_share", "rules_change", "above_cap", "no_identity"]
    assert "rules_page" in [one.code for one in items("save", "en")]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["stated", "warning", "save"])
def test_every_item_is_told_in_its_language_with_day_and_source(kind: str, lang: str) -> None:
    told_of = items(kind, lang)  # type: ignore[arg-type]
    assert len(told_of) > 3
    for one in told_of:
        told = [one.name, one.why, *([] if kind == "save" else [one.save])]
        assert all(bool(re.search(r"[\u4e00-\u9fff]", words)) == (lang == "zh-CN") for words in told), told
        assert one.sources
        assert one.checked_on.year == 2026


def test_no_item_grades_or_accuses() -> None:
    with (REFERENCE / "announcement.csv").open(encoding="utf-8", newline="") as file:
        words = " ".join(" ".join(row.values()) for row in csv.DictReader(file))
    assert not re.search(r"骗子|scammer|\btrusted|可信|评分|score|您", words)


@given(st.sets(st.sampled_from(STATED)), st.sets(st.sampled_from(SIGNS)), st.sampled_from(codes("lottery_tool")))
def test_a_check_is_the_same_from_its_address(has: set[str], seen: set[str], tool: str) -> None:
    check = read(joined("stated", has), joined("warning", seen), tool)
    assert (check.has, check.seen, check.tool) == (has, seen, tool)
    assert check.read == bool(has)
    missing = {one.code for one in check.missing("zh-CN")}
    assert missing == (set(STATED) - has if has else set())
    assert [one.code for one in check.warnings("en")] == [code for code in SIGNS if code in seen]


@given(st.text(), st.text(), st.text())
def test_an_odd_address_is_no_check(has: str, seen: str, tool: str) -> None:
    check = read(has, seen, tool)
    assert check.has <= set(STATED)
    assert check.seen <= set(SIGNS)
    assert check.tool in ("", *codes("lottery_tool"))


def test_nothing_is_missing_before_the_announcement_was_read() -> None:
    assert read().missing("en") == ()
    assert len(read(NONE).missing("en")) == 15
    assert read(",".join(STATED)).missing("en") == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dates_only_where_a_rule_of_the_tool_is_known(lang: str) -> None:
    _ = language(lang)
    told = terms("weibo_lottery", _)
    assert [re.findall(r"\d+", line) for line in told] == [["5"], ["30"], ["7"]]
    assert len(terms("xhs_lottery", _)) == 1
    assert terms("choujiang_zhushou", _) == terms("", _) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_to_send_says_what_is_missing_and_what_to_save(lang: str) -> None:
    _ = language(lang)
    check = read("prize_name", "pay_first", "weibo_lottery")
    text = as_text(check, _, organizer="测试小店", link="https://x.example/before?has=prize_name")
    for one in (*check.missing(lang), *check.warnings(lang), *items("save", lang)):
        assert one.name in text
    assert "测试小店" in text
    assert text.endswith("https://x.example/before?has=prize_name")
    assert not re.search(r"[{}]|before\.|None", text)
    named = next(one.name for one in items("stated", lang) if one.code == "prize_name")
    assert f"· {named}{_('before.colon')}" not in text
    bare = as_text(read(",".join(STATED)), _)
    assert _("before.result.complete") in bare
    assert _("before.result.missing") not in bare
