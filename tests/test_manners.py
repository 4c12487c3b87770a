"""Insults, threats and calls to harass are turned back; complaints, and what the other side said, are not."""

from __future__ import annotations

import pytest

from prizewatch.manners import insulting, unkind
from prizewatch.rules import UNKIND
from scripts.redaction_figures import lines

TURNED_BACK = [
    ("大家一起去打爆他电话", "harassment"),
    ("人肉他", "harassment"),
    ("兄弟们都去轰炸他的评论区", "harassment"),
    ("组团上门堵他", "harassment"),
    ("把他家地址都扒出来，曝光他全家", "harassment"),
    ("Everyone please spam him.", "harassment"),
    ("Call him at 16012345678!", "harassment"),
    ("Let's all go to his house", "harassment"),
    ("再不发货我弄死他", "threat"),
    ("我要上门找他算账", "threat"),
    ("你等着瞧", "threat"),
    ("I will kill him.", "threat"),
    ("They will pay for this", "threat"),
    ("这个骗子不认账", "insult"),
    ("这 个 骗 子", "insult"),
    ("骗\u200b子一个", "insult"),
    ("傻*东西，不要脸", "insult"),
    ("他妈的还我奖品", "insult"),
    ("What a SCAMMER", "insult"),
    ("You idiots", "insult"),
    ("我说“他就是骗子”", "insult"),
]
LET_THROUGH = [
    "对方不发货，也不回复",
    "我感觉被骗了，已经报警",
    "涉嫌诈骗，向平台举报了",
    "大家别再参加他的抽奖了",
    "他骂我骗子，还把我拉黑",
    "他说我不要脸，非要奖品",
    "客服回复：“再闹弄死你”",
    "他威胁我说要上门打我",
    "她说“你这个骗子”，然后退群",
    "打死也不承认",
    "他过去死活不给",
    "我妈的手机号也中了",
    "快递上门取件，又上门退货",
    "用他妈的手机号登记的",
    "他被骗了定金，群里一起投诉",
    "He called me a scammer and blocked me.",
    'The shop said "you idiot" and left.',
    "I tried to call them at the office twice.",
    "This looks like fraud; I reported it to the police.",
    "They threatened to sue me.",
    "The price was crooked on the label",
    "SBOK-1 is the model",
]


@pytest.mark.parametrize(("text", "kind"), TURNED_BACK)
def test_turned_back(text: str, kind: str) -> None:
    assert unkind(text) == kind
    assert insulting(text)
    assert kind in UNKIND


@pytest.mark.parametrize("text", LET_THROUGH)
def test_let_through(text: str) -> None:
    assert unkind(text) == ""


def test_in_words_of_the_other_side_only_a_call_to_harass_is_turned_back() -> None:
    assert unkind("再闹弄死你，死骗子", quotes=True) == ""
    assert unkind("人肉他", quotes=True) == "harassment"


def test_of_the_narratives_only_the_one_that_insults_is_turned_back() -> None:
    assert [row["id"] for row in lines("narratives") if unkind(row["narrative_zh"])] == ["N39"]


def test_everyday_lines_pass() -> None:
    assert [row["text"] for name in ("positive", "negative") for row in lines(name) if unkind(row["text"])] == []
