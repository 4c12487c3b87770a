"""Search that forgives: sixteen kinds of hard words, filters, order, pages; and who is never found."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest

from prizewatch import identity, queries, search
from tests.marts_by_hand import KEY, Marts

NAMES = {
    "cqyh_2026": "重庆银行抽奖部",
    "xybk": "幸运百科",
    "dzcj": "大咖抽奖君",
    "hmsh": "華美商行",
    "lv-sheng": "绿生活馆",
    "wangyi": "网易严选福利社",
    "SuperLucky88": "Super Lucky 福利",
    "chengdu_food": "成都美食地图",
    "yinyue": "音乐之声电台",
    "beauty": "小美的美妆铺",
}
HARD = {
    "part of the name": ("抽奖部", "cqyh_2026"),
    "whole name with spaces and signs": (" 幸运·百科 ", "xybk"),
    "pinyin": ("xingyunbaike", "xybk"),
    "pinyin with spaces and capitals": ("Xing Yun Bai Ke", "xybk"),
    "part of the pinyin": ("meishiditu", "chengdu_food"),
    "initials": ("dkcjj", "dzcj"),
    "polyphone as spoken": ("chongqingyinhang", "cqyh_2026"),
    "polyphone read the other way": ("zhongqingyinxing", "cqyh_2026"),
    "initials of a polyphone": ("cqyhcjb", "cqyh_2026"),
    "traditional for simplified": ("網易嚴選", "wangyi"),
    "simplified for traditional": ("华美商行", "hmsh"),
    "full width": ("ＳｕｐｅｒＬｕｃｋｙ", "SuperLucky88"),
    "homophone typo": ("幸孕百科", "xybk"),
    "one wrong letter": ("superlucki88", "SuperLucky88"),
    "one character missing": ("网易严选福社", "wangyi"),
    "one character too many": ("音乐之声的电台", "yinyue"),
    "ü typed as v": ("lvshenghuoguan", "lv-sheng"),
    "handle": ("chengdu_food", "chengdu_food"),
    "part of a handle": ("luc", "SuperLucky88"),
}


@pytest.fixture(scope="module")
def register() -> Iterator[Marts]:
    made = Marts()
    others = random.Random(7)
    letters = "天地人和春夏秋冬东南西北金木水火土日月星辰山川湖海福禄寿喜梅兰竹菊"
    for handle, name in NAMES.items():
        made.organizer(handle, name, disputes=10, last_report_on=date(2026, 8, 1))
    for number in range(300):
        made.organizer(f"shop{number:05}", "".join(others.choices(letters, k=others.randint(3, 6))))
    yield made
    made.close()


def code(handle: str) -> str:
    return identity.public_code(identity.organizer_id(KEY, "wechat", handle))


@pytest.mark.parametrize("kind", HARD)
def test_hard_words_find_the_organizer_first(register: Marts, kind: str) -> None:
    words, handle = HARD[kind]
    found = queries.search_organizers(register, words)
    assert found.total < 30
    assert found.frame["public_code"].iloc[0] == code(handle)


def test_a_public_code_is_found_whole_in_part_and_with_the_letters_people_mistake(register: Marts) -> None:
    whole = code("xybk")
    for words in (whole, whole.lower(), whole.replace("-", ""), whole[:4], whole.replace("0", "O").replace("1", "I")):
        assert whole in queries.search_organizers(register, words).frame["public_code"].tolist(), words


@pytest.mark.parametrize(
    "words", ["完全没有的名字组合", "zzzzqqqq", "%", "_", "'; drop table", "*", "🎁", "\x00", "　"]
)
def test_words_that_fit_nobody_find_nobody_or_everybody_if_blank(register: Marts, words: str) -> None:
    found = queries.search_organizers(register, words)
    assert found.total == (310 if not words.strip() else 0)
    assert list(found.frame.columns) == list(queries.search_organizers(register).frame.columns)


def test_former_names_lead_to_the_organizer_of_today() -> None:
    register = Marts()
    today = register.organizer("now", "新名字商城", "旧日招牌")
    found = queries.search_organizers(register, "旧日招牌").frame
    assert found["public_code"].tolist() == [today]
    assert found["name"].tolist() == ["新名字商城"]
    register.close()


def test_filters_and_their_combination() -> None:
    register = Marts()
    a = register.organizer("a", "甲", organizer_type="creator", host_platform="douyin", level="repeat")
    b = register.organizer("b", "乙", organizer_type="creator", host_platform="weibo", level="watch")
    c = register.organizer("c", "丙", organizer_type="online_shop", host_platform="douyin", level="watch")

    def codes(**filters: object) -> set[str]:
        return set(queries.search_organizers(register, **filters).frame["public_code"])  # type: ignore[arg-type]

    assert codes() == {a, b, c}
    assert codes(types=("creator",)) == {a, b}
    assert codes(platforms=["douyin"]) == {a, c}
    assert codes(levels=("watch",)) == {b, c}
    assert codes(types=("creator",), platforms=("douyin",)) == {a}
    assert codes(types=("creator", "online_shop"), levels=("watch",)) == {b, c}
    assert codes(text="甲", levels=("watch",)) == set()
    register.close()


def test_only_listed_organizers_and_names_only_where_they_may_be_shown() -> None:
    register = Marts()
    register.organizer("hidden", "藏起来的公司", publication="lookup", named=False)
    masked = register.organizer("masked", "戴面具的公司", named=False)
    shown = register.organizer("shown", "具名公司")
    everything = queries.search_organizers(register).frame
    assert set(everything["public_code"]) == {masked, shown}
    assert everything.set_index("public_code")["name"].isna().to_dict() == {masked: True, shown: False}
    assert queries.search_organizers(register, "戴面具的公司").total == 0
    assert queries.search_organizers(register, "masked").total == 0
    assert queries.search_organizers(register, masked).total == 1
    hidden = identity.public_code(identity.organizer_id(KEY, "wechat", "hidden"))
    assert queries.search_organizers(register, hidden).total == 0
    register.close()


def test_pages_hold_everything_once_and_a_page_too_far_is_the_last(register: Marts) -> None:
    pages = [queries.search_organizers(register, page=page, size=100) for page in (1, 2, 3, 4)]
    assert {(p.total, p.pages) for p in pages} == {(310, 4)}
    assert [len(p.frame) for p in pages] == [100, 100, 100, 10]
    assert len({one for p in pages for one in p.frame["public_code"]}) == 310
    beyond = queries.search_organizers(register, page=99, size=100)
    assert beyond.page == 4
    assert beyond.frame.equals(pages[3].frame)


def test_order_and_no_rate_under_ten_decided_ever_decides_it() -> None:
    register = Marts()
    few = {"resolved_full": 9, "closed_unresolved": 0, "disputes": 40}
    register.organizer("few", "九比零", **few)
    register.organizer(
        "half", "五成", resolved_full=5, closed_unresolved=5, disputes=10, last_report_on=date(2026, 1, 1)
    )
    register.organizer(
        "most", "八成", resolved_full=8, closed_unresolved=2, disputes=12, last_report_on=date(2026, 2, 1)
    )

    def names(sort: str) -> list[str]:
        return queries.search_organizers(register, sort=sort).frame["name"].tolist()

    assert names("rate") == ["八成", "五成", "九比零"]
    assert names("disputes") == ["九比零", "八成", "五成"]
    assert names("last_report") == ["九比零", "八成", "五成"]
    assert names("no such order") == names("last_report")
    rates = queries.search_organizers(register).frame.set_index("name")[["rate", "low", "high"]]
    assert rates.loc["九比零"].isna().all()
    assert rates.loc["八成"].round(4).tolist() == [0.8, 0.4902, 0.9433]
    register.close()


def test_names_are_folded_alike_whatever_they_are_written_in() -> None:
    assert search.fold("ＡＢＣ 商·城！") == search.fold("abc商城")
    assert search.fold("臺灣") == search.fold("台湾")
    assert search.fold("★★") == "★★"


def test_long_names_of_polyphones_do_not_multiply() -> None:
    row = search.index_rows([("id", "行行行行行行行行行行", "name", None)])[0]
    assert len(row.pinyin.split()) <= search.READINGS_OF_A_NAME
    assert row.folded == "行" * 10
