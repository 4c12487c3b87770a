"""Personal data in free text: found in every disguise the model names, and everyday words left alone.

The lines are in tests/redaction: those marked `held_out` were written before the shapes, and never looked at since.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prizewatch.redaction import KINDS, marked, personal_data
from scripts import redaction_figures
from scripts.redaction_figures import lines

POSITIVE = [row for row in lines("positive") if row["part"] == "tuning"]
NEGATIVE = [row for row in lines("negative") if row["part"] == "tuning"]


def test_there_are_enough_lines_of_every_kind() -> None:
    for part, least in (("tuning", 200), ("held_out", 90)):
        for name in ("positive", "negative"):
            assert sum(row["part"] == part for row in lines(name)) >= least
    assert {row["kind"] for row in lines("positive")} == {*KINDS, "name"}


@pytest.mark.parametrize("row", POSITIVE, ids=lambda row: row["kind"])
def test_what_is_personal_is_masked_and_the_rest_kept(row: dict[str, str]) -> None:
    found = marked(row["text"])
    assert found.masked == row["masked"]
    assert found.text == row["text"]
    assert bool(found.names) == (row["kind"] == "name")


@pytest.mark.parametrize("row", NEGATIVE, ids=lambda row: row["kind"])
def test_everyday_words_are_left_alone(row: dict[str, str]) -> None:
    assert personal_data(row["text"]) == ()
    assert marked(row["text"]).masked == row["text"]


def test_the_planted_rows_of_the_narratives_are_found_and_no_other() -> None:
    kinds = {"bank_card": "card", "wechat_id": "wechat", "payment_account": "email", "qq_number": "qq"}
    for row in lines("narratives"):
        planted = [kinds.get(kind, kind) for kind in row["pii_kinds"].split(";") if kind]
        assert sorted(personal_data(row["narrative_zh"])) == sorted(planted), row["id"]


def test_figures_are_as_published() -> None:
    """data/README.md shows this table; what is published is what is measured."""
    text = (Path(__file__).parent.parent / "data" / "README.md").read_text("utf-8")
    for line in redaction_figures.table():
        assert line in text
    for figure in redaction_figures.measure():
        assert figure.found >= 0.9 * figure.lines, figure


def test_places_are_those_of_the_text_as_written() -> None:
    found = marked("电话 1\u200b60\u200b12345678\u200b，我叫张小三")
    assert [found.text[s.start : s.end] for s in found.spans] == ["1\u200b60\u200b12345678\u200b"]
    assert [(found.text[s.start : s.end], s.kind) for s in found.names] == [("张小三", "name")]
    assert found.masked == "电话 ■■■，我叫张小三"


def test_the_number_of_a_company_is_public() -> None:
    words = "营业执照 91350100M000100Y43 的公司"
    assert marked(words).masked == "营业执照 ■■■ 的公司"
    assert marked(words, company=True).masked == words


def test_a_card_is_masked_even_after_the_word_order_number() -> None:
    assert marked("订单号 4000000000000002").masked == "订单号 ■■■"  # its check digit is that of a card
    assert marked("订单号 4000000000000003").masked == "订单号 4000000000000003"


PIECES = st.sampled_from(
    [
        *"0123456789零一二幺洞①１ -.·()（）@＠aVvxQ加微信号：:路号栋室市省县村叫张三某■\u200b\ufe0f",
        "16012345678", "wxid_", "QQ", "http://", "at", "dot", "com", "6222", "1990",
    ]
)  # fmt: skip


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=40).map("".join)))
@settings(max_examples=500, deadline=None)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = marked(text)
    assert once.text == text
    again = marked(once.masked)
    assert (again.masked, again.spans) == (once.masked, ())


LONG = [
    "1",
    "1 ",
    "a",
    "a.",
    "a@",
    "市",
    "市区",
    "路1",
    "省市",
    "Q",
    "微信号：",
    "加V",
    "叫张",
    "www.",
    "(",
    "0-",
    "62 ",
    "一",
    "A ",
    "a at ",
    "中心A座",
    "■",
    "6",
]


@pytest.mark.parametrize("piece", LONG)
def test_no_text_takes_long(piece: str) -> None:
    """A thousand characters of the worst kind. Without bounds these take minutes; the limit is far from any machine."""

    @given(st.just(piece), st.sampled_from(["", "!", "x", "1", "号"]))
    @settings(max_examples=5, deadline=4000)
    def look(part: str, end: str) -> None:
        assert marked((part * 1000)[:999] + end) is not None

    look()
