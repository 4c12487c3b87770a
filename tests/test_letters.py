"""Letters: every field missing and present, alone and together; no sentence without its field, no gap."""

from __future__ import annotations

import re
from datetime import date, datetime
from string import Formatter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prizewatch.i18n import catalogue, language
from prizewatch.letters import BODY, DERIVED, LETTERS, Letter, facts_of, rests_on, write, write_all, written_in
from prizewatch.vocabulary import codes, label

ZONE = ZoneInfo("Asia/Shanghai")
LANGS = ("zh-CN", "en")
FULL: dict[str, object] = {
    "draw_title": "中秋送灯笼",
    "draw_time": datetime(2026, 8, 31, 17, 0),  # 1 September in Shanghai
    "host_platform": "weibo",
    "lottery_tool": "weibo_lottery",
    "organizer_type": "online_shop",
    "organizer_display": "测试小店",
    "organizer_handle": "test_shop_9",
    "win_notice_on": date(2026, 9, 2),
    "prize_kind": "goods",
    "prize_value": "60001.50",
    "currency": "CNY",
    "value_basis": "market",
    "conditions": "repost:yes:yes;follow_account:yes:unclear;purchase:no:yes",
    "claim_made_on": date(2026, 9, 3),
    "data_given": "phone;address",
    "first_try_on": date(2026, 9, 4),
    "last_try_on": date(2026, 9, 9),
    "tries_count": 3,
    "dispute_reason": "unstated_condition",
    "stated_before_entry": "no",
    "refused_on": date(2026, 9, 10),
    "refusal_mode": "explicit",
    "refusal_text": "没关注满\n一个月不算",
    "amount_paid": "19.90",
    "reply_by": date(2026, 12, 5),
    "today": date(2026, 11, 25),
    "events": [
        {"stage": "s2_organizer", "outcome": "promised", "entered_on": "2026-09-03", "promised_on": "2026-09-20"},
        {"stage": "s3_lottery_platform", "outcome": "rejected", "entered_on": "2026-09-21", "case_ref": "W-77"},
        {"stage": "s4_host_platform", "outcome": "skipped", "entered_on": "2026-09-28"},
    ],
    "evidence": [{"kind": "rules_page"}, {"kind": "chat_refusal"}, {"kind": "other"}, {"kind": "rules_page"}],
}
#: The same with another tool or ground, so that every sentence is said by one of them.
MINI = {**FULL, "lottery_tool": "choujiang_zhushou", "host_platform": "wechat", "dispute_reason": "declared_void"}
BARE = {"conditions": "none_stated", "dispute_reason": "prize_changed", "tries_count": 2}


def letters(fields: dict[str, object], lang: str) -> list[Letter]:
    return write_all(fields, language(lang), zone=ZONE)


def read(letter: Letter) -> str:
    """The letter in the reader's own language."""
    return letter.meaning or letter.text


def without(fields: dict[str, object], *names: str) -> dict[str, object]:
    return {name: value for name, value in fields.items() if name not in names}


#: A draw abroad: the platform's people are written to in English.
AWAY = {**FULL, "host_platform": "instagram", "lottery_tool": "third_party_picker"}


def check(letter: Letter, fields: dict[str, object], lang: str) -> None:
    """No sentence without its fields, no placeholder, no code, no gap."""
    for sentence in letter.said:
        assert sentence[1], sentence
        missing = {name for name in rests_on(sentence) if not fields.get(name)}
        if sentence[0] == "report.changed" and fields.get("dispute_reason") == "prize_changed":
            missing.discard("stated_before_entry")
        assert not missing, (letter.name, sentence)
    assert bool(letter.meaning) == (letter.lang != lang)
    for text in filter(None, (letter.text, letter.meaning)):
        assert not re.search(r"[{}]|\bNone\b|\bnan\b|unknown|\bs\d_|  |：。|: \.|“”|、、|,,", text), text
        lines = text.split("\n")
        assert len(lines) == len(letter.said) + 2
        assert all(line.strip() for line in lines)
        for code in ("online_shop", "weibo_lottery", "choujiang_zhushou", "unstated_condition", "rules_page", "repost"):
            assert code not in text
    if letter.short:
        assert len(letter.short) < len(letter.text) / 1.5
        whole = letter.text.split("\n")
        cut = [line for line in whole if line in letter.short]
        assert "".join(cut).replace(" ", "") == letter.short.replace(" ", "")  # nothing but sentences of the whole


@pytest.mark.parametrize("lang", LANGS)
def test_a_full_report_says_everything_in_all_letters(lang: str) -> None:
    _ = language(lang)
    by_name = {letter.name: letter for letter in letters(FULL, lang)} | {
        letter.name: letter for letter in letters(MINI, lang) if letter.name == "host_mini_program"
    }
    assert tuple(sorted(by_name)) == tuple(sorted(LETTERS))
    for letter in by_name.values():
        check(letter, FULL, lang)
        for words in ("中秋送灯笼", _.day(date(2026, 9, 1)), _.day(date(2026, 9, 2)), _.money(60001.5), "3"):
            assert words in read(letter), (letter.name, words)
        assert letter.title
        assert letter.note
    assert label("stage_outcome", "rejected", lang) in read(by_name["host_account"])
    assert "W-77" in by_name["report_12315"].text
    assert _.day(date(2026, 10, 2)) in read(by_name["lottery_tool"])  # 30 days by the tool's rule
    assert "54" in by_name["lottery_tool"].text  # days over
    assert "没关注满 一个月不算" in by_name["lottery_tool"].text
    assert label("condition_kind", "follow_account", lang) not in read(by_name["report_12315"]).split("\n")[8]


def test_every_sentence_can_be_said() -> None:
    cases = [FULL, {**MINI, **BARE}, {**MINI, "dispute_reason": "unstated_condition"}]
    for base in (FULL, MINI):
        cases += [without(base, name) for name in FULL]
        cases += [without(base, "prize_value", "first_try_on")]
    said = {(letter.name, one) for case in cases for letter in letters(case, "en") for one in letter.said}
    never = {(name, one) for name, rows in BODY.items() for row in rows for one in row} - said
    assert not never


@pytest.mark.parametrize("field", FULL)
@pytest.mark.parametrize("lang", LANGS)
def test_a_missing_field_takes_its_sentences_with_it(field: str, lang: str) -> None:
    for base in (FULL, MINI):
        short = without(base, field)
        for letter in letters(short, lang):
            check(letter, short, lang)
            assert not any(field in rests_on(one) for one in letter.said)
    expected = [letter.text for letter in letters(without(FULL, field), lang)]
    for empty in ([], None) if field in ("events", "evidence") else ("", None):
        assert [letter.text for letter in letters({**FULL, field: empty}, lang)] == expected


#: What a letter shows of a field, found by eye in the words: it must not be there once the field is gone.
TRACES = {
    "draw_title": ["灯笼"],
    "organizer_display": ["测试小店"],
    "organizer_handle": ["test_shop_9"],
    "refusal_text": ["一个月"],
    "prize_value": ["60,001.5"],
    "currency": ["60,001.5", "19.9"],
    "amount_paid": ["19.9"],
    "draw_time": ["9月1日", " on 1 Sep"],
    "win_notice_on": ["9月2日", "2 Sep", "10月2日", "2 Oct"],
    "claim_made_on": ["9月3日", "3 Sep"],
    "first_try_on": ["9月4日", "4 Sep"],
    "last_try_on": ["9月9日", "9 Sep"],
    "refused_on": ["9月10日", "10 Sep"],
    "reply_by": ["12月5日", "5 Dec"],
    "today": ["54"],
    "events": ["9月20日", "20 Sep", "W-77", "9月21日", "21 Sep"],
    "host_platform": ["平台：微博", "platform: Weibo"],
    "refusal_mode": ["明说", "Explicit"],
    "value_basis": [label("value_basis", "market", "zh-CN"), label("value_basis", "market", "en")],
    "data_given": [label("data_given", "address", "zh-CN"), label("data_given", "address", "en")],
    "evidence": ["规则页", "Rules page"],
    "stated_before_entry": ["没有公布", "not shown"],
}


@pytest.mark.parametrize("field", TRACES)
def test_no_trace_of_a_field_that_was_not_given(field: str) -> None:
    full = "\n".join(letter.text + letter.meaning for lang in LANGS for letter in letters(FULL, lang))
    short = "\n".join(letter.text + letter.meaning for lang in LANGS for letter in letters(without(FULL, field), lang))
    for trace in TRACES[field]:
        assert trace in full, trace
        assert trace not in short, trace


@pytest.mark.parametrize("field", FULL)
def test_one_field_alone(field: str) -> None:
    only = {field: FULL[field]}
    for lang in LANGS:
        for letter in letters(only, lang):
            check(letter, only, lang)
            assert all(rests_on(one) == {field} for one in letter.said)


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_given_nothing_written(lang: str) -> None:
    assert letters({}, lang) == []
    vague = dict.fromkeys(["host_platform", "lottery_tool", "organizer_type", "refusal_mode"], "unknown")
    assert letters({**vague, "lottery_tool": "none_unknown", "conditions": "other:yes:yes"}, lang) == []


@given(st.sets(st.sampled_from(sorted(FULL))), st.sampled_from(["FULL", "MINI", "AWAY"]), st.sampled_from(LANGS))
def test_any_part_of_a_report(given_fields: set[str], base: str, lang: str) -> None:
    fields = {
        name: value for name, value in {"FULL": FULL, "MINI": MINI, "AWAY": AWAY}[base].items() if name in given_fields
    }
    for letter in letters(fields, lang):
        check(letter, fields, lang)


@pytest.mark.parametrize("fact", DERIVED)
def test_a_made_fact_needs_each_of_its_fields(fact: str) -> None:
    base = {"no_conditions": BARE, "unpaid": MINI}.get(fact, FULL)
    assert fact in facts_of(base, language("en"), ZONE)
    for field in DERIVED[fact]:
        assert fact not in facts_of(without(base, field), language("en"), ZONE), field


@pytest.mark.parametrize("lang", LANGS)
def test_the_words_ask_for_no_more_than_their_sentence_needs(lang: str) -> None:
    sentences = {one for rows in BODY.values() for row in rows for one in row}
    for key, needs in sentences:
        words = str(catalogue(lang)[f"letters.{key}"])
        assert {name for _text, name, _spec, _conv in Formatter().parse(words) if name} <= set(needs), key
    used = {f"letters.{key}" for key, _needs in sentences}
    used |= {f"letters.{part}.{name}" for part in ("title", "note") for name in LETTERS}
    used |= {f"letters.{key}" for key in ("greeting", "closing", "comma", "semicolon", "day_over")}
    used |= {"letters.earlier.plain", "letters.earlier.numbered"}
    used |= {"letters.count", "letters.short", "letters.meaning"}
    assert used == {key for key in catalogue(lang) if key.startswith("letters.")}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", ["dispute_reason", "refusal_mode", "prize_kind", "host_platform", "lottery_tool"])
def test_every_code_of_a_list_can_be_written(name: str, lang: str) -> None:
    for code in codes(name):
        fields = {**FULL, name: code}
        for letter in letters(fields, lang):
            assert not re.search(r"[{}]|unknown|: \.|：。", letter.text)


def test_a_change_of_terms_is_only_claimed_where_it_was_reported() -> None:
    def said(**fields: object) -> set[str]:
        letter = write("report_12315", {**FULL, **fields}, language("en"), zone=ZONE)
        assert letter
        return {
            one[0] for one in letter.said if one[0] in ("report.changed", "report.unpaid", "report.cap", "not_stated")
        }

    assert said() == {"report.changed", "report.cap", "not_stated"}
    assert said(stated_before_entry="unclear", prize_value="50000") == set()
    assert said(stated_before_entry="yes", currency="USD") == set()
    assert said(dispute_reason="prize_changed", prize_value=None) == {"report.changed"}
    assert said(dispute_reason="not_shipped", prize_value=None) == {"report.unpaid"}
    assert said(dispute_reason="rigged_winner", prize_value=None) == set()


def test_only_letters_that_have_an_addressee() -> None:
    assert [one.name for one in letters(FULL, "en")] == ["organizer", "lottery_tool", "host_account", "report_12315"]
    assert [one.name for one in letters(MINI, "en")] == list(LETTERS)
    by_hand = [one.name for one in letters({**FULL, "lottery_tool": "manual_pick"}, "en")]
    assert by_hand == ["organizer", "host_account", "report_12315"]


def test_no_letter_once_the_prize_came() -> None:
    assert letters({**FULL, "events": [{"stage": "s2_organizer", "outcome": "relief_full"}]}, "en") == []


def test_braces_and_line_ends_in_words_stay_words() -> None:
    odd = {**FULL, "draw_title": "{prize_value}\r\n{0}", "refusal_text": "{x}"}
    text = letters(odd, "en")[1].text
    assert "“{prize_value} {0}”" in text
    assert "“{x}”" in text


def test_the_report_to_12315_says_why_it_is_no_complaint() -> None:
    letter = write("report_12315", FULL, language("zh-CN"), zone=ZONE)
    assert letter
    assert letter.note.startswith("请填“举报”，不填“投诉”")
    assert "骗" not in letter.text


def test_a_letter_is_in_the_language_of_who_reads_it() -> None:
    chinese, english = ("zh-CN",) * 2, ("en", "en")
    for lang in LANGS:
        there = {letter.name: letter.lang for letter in letters(FULL, lang) + letters(MINI, lang)}
        assert set(there.values()) == {"zh-CN"}
        away = {letter.name: letter.lang for letter in letters(AWAY, lang)}
        assert away == {"organizer": lang, "lottery_tool": "en", "host_account": "en", "report_12315": "zh-CN"}
    assert [written_in("report_12315", host, "en") for host in ("instagram", "weibo")] == list(chinese)
    assert [written_in("host_account", host, "zh-CN") for host in ("youtube", "x")] == list(english)


def test_a_short_letter_is_there_where_a_text_field_is_small() -> None:
    by_name = {letter.name: letter for letter in letters(FULL, "zh-CN")}
    assert {name for name, letter in by_name.items() if letter.short} == {"lottery_tool", "host_account"}
    short = by_name["lottery_tool"].short
    assert len(short) < 250
    assert "请核实这期抽奖" in short
    assert "19.90" not in short
    few = {"draw_title": "灯笼", "dispute_reason": "not_shipped"}
    assert all(not letter.short for letter in letters(few, "zh-CN"))


def test_overdue_is_said_only_after_the_day() -> None:
    for today, said in ((date(2026, 10, 2), False), (date(2026, 10, 3), True)):
        assert ("ship_by" in facts_of({**FULL, "today": today}, language("en"), ZONE)) == said


def test_only_stated_and_met_conditions_are_claimed_as_met() -> None:
    for lang in LANGS:
        facts = facts_of({"conditions": "repost:yes:yes;follow_account:yes:no;purchase:no:yes"}, language(lang), ZONE)
        assert facts["conditions_met"] == label("condition_kind", "repost", lang)
