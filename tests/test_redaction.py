"""Personal data in free text: found in every disguise the model names, and everyday words left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizewatch.redaction import PATTERNS, insulting, personal_data, redact, screen

FOUND = [
    ("打 16012345678 找他", "phone"),
    ("160-1234-5678", "phone"),
    ("１６０１２３４５６７８", "phone"),
    ("+86 160 1234 5678", "phone"),
    ("一六零一二三四五六七八", "phone"),
    ("160\u200b1234\u200b5678", "phone"),
    ("电话幺六〇幺二三四五六七八", "phone"),
    ("身份证 990101199001011239", "id_number"),
    ("99010119900101123X", "id_number"),
    ("990101900101123", "id_number"),
    ("卡号 6222 0000 0000 0000 000", "card"),
    ("4000000000000002", "card"),
    ("写信 a.b+c@example.com 。", "email"),
    ("ｄｅｍｏ＠example．com", "email"),
    ("wxid_demo123456", "wechat"),
    ("微信号：demo_wx_01", "wechat"),
    ("加我vx demo12345", "wechat"),
    ("weixin=demo-abc1", "wechat"),
    ("QQ 12345678", "qq"),
    ("扣扣群：123456789", "qq"),
    ("管理员让找999999999999这个号", "qq"),
    ("车牌 粤B·12345", "plate"),
    ("京AD12345", "plate"),
    ("住在广东省广州市天河区示例路12号", "address"),
    ("示例花园3栋2单元501室", "address"),
    ("https://example.org/u/12345", "link"),
    ("91350100M000100Y43", "reg_no"),
    ("我叫张小三", "name"),
    ("姓名：王五", "name"),
    ("他叫李四海", "name"),
]
LEFT_ALONE = [
    "我中了 1314 元，2026-06-01 开奖，10 月 31 日才回复。",
    "奖品价值 50000 元，共 961 人参加，抽 50 人。",
    "他说作废，叫我别再问了。",
    "我在微信群里问了三次。",
    "微信小程序抽奖助手",
    "转发到朋友圈并保留 24 小时",
    "第 3 步投诉编号见附件",
    "张某说不发了",
    "名叫王某的人",
    "QQ群里的人都没收到",
]


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_found(text: str, kind: str) -> None:
    assert kind in personal_data(text)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text: str) -> None:
    assert personal_data(text) == ()
    assert redact(text) == text


@pytest.mark.parametrize(("text", "kind"), [f for f in FOUND if f[1] != "name"])
def test_masked_and_the_rest_kept(text: str, kind: str) -> None:
    masked = redact(f"前文，{text}，后文")
    assert "■" in masked
    assert masked.startswith("前文，")
    assert masked.endswith("，后文")
    assert personal_data(masked) == ()


@given(st.text(max_size=60))
def test_any_text_can_be_masked_and_masking_twice_changes_nothing(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


def test_insults() -> None:
    assert insulting("这个骗　子".replace("\u3000", ""))
    assert insulting("What a SCAMMER")
    assert not insulting("对方不发货，也不回复")
    assert screen(("加 wxid_demo12345", "骗子")) == ("personal_data", "insult")
    assert screen(("没有回复",)) == ()


def test_every_shape_is_tested() -> None:
    assert {kind for _, kind in FOUND} == {*PATTERNS, "name"}
