"""The next step: advice for every type at every rung, and the rungs a dispute is sent past."""

from __future__ import annotations

import csv
import re

import pytest

from prizewatch.next_step import advice_at, fraud_grounds, is_fraud, next_stage, next_step
from prizewatch.vocabulary import REFERENCE, code_lists, codes

S1, S2, S3, S4, S5, S6, S7, S8 = codes("stage")


@pytest.mark.parametrize("kind", codes("organizer_type"))
@pytest.mark.parametrize("stage", codes("stage"))
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_every_type_has_advice_at_every_stage(kind: str, stage: str, lang: str) -> None:
    found = advice_at(kind, stage, lang)
    assert all(words.strip() for words in (found.do, found.evidence, found.where, found.expect))
    for words in (found.do, found.evidence, found.where, found.expect):
        # a term of the law may stand beside its translation, in brackets
        plain = re.sub(r"\([\u4e00-\u9fff]+\)", "", words)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in plain) == (lang == "zh-CN"), words


def test_each_row_of_the_table_is_the_advice_of_its_group() -> None:
    kinds = {entry.group: code for code, entry in code_lists()["organizer_type"].items()}
    with (REFERENCE / "advice.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 28
    for row in rows:
        assert advice_at(kinds[row["organizer_group"]], row["stage"], "en").do == row["do_en"]


def test_a_platform_is_advised_as_an_organization_and_an_unknown_one_late_as_an_individual() -> None:
    for stage in codes("stage"):
        assert advice_at("platform_self", stage, "en").do == advice_at("brand_company", stage, "en").do
    for stage in (S5, S6, S7, S8):
        assert advice_at("unknown", stage, "en").do == advice_at("individual", stage, "en").do
    for stage in (S1, S2, S3, S4):
        assert advice_at("unknown", stage, "en").do != advice_at("individual", stage, "en").do


@pytest.mark.parametrize(
    ("done", "tool", "fraud", "expected"),
    [
        ([], "", False, S1),
        ([S1], "", False, S2),
        ([S1, S2], "choujiang_zhushou", False, S3),
        ([S1, S2], "group_manual", False, S4),
        ([S1, S2], "manual_pick", False, S4),
        ([S1, S2, S3, S4], "", False, S5),
        ([S1, S2, S4, S6], "", False, S8),
        ([S1, S2, S3, S4, S5, S6, S8], "", False, None),
        ([], "", True, S1),
        ([S1], "", True, S7),
        ([S1, S2, S3], "", True, S7),
        ([S1, S7], "", True, S4),
        ([S1, S4, S7], "", True, S6),
        ([S1, S4, S6, S7], "", True, S8),
        ([S1, S4, S6, S7, S8], "", True, None),
    ],
)
def test_the_rung_that_comes_next(done: list[str], tool: str, fraud: bool, expected: str | None) -> None:
    assert next_stage("individual", done, lottery_tool=tool, fraud=fraud) == expected


def test_a_platform_that_ran_its_own_draw_is_not_asked_twice() -> None:
    assert next_stage("platform_self", [S1, S2], lottery_tool="weibo_lottery") == S4
    assert next_stage("creator", [S1, S2], lottery_tool="weibo_lottery") == S3


def test_the_next_rung_is_always_allowed_by_the_transitions() -> None:
    with (REFERENCE / "transition.csv").open(encoding="utf-8", newline="") as file:
        allowed = {(row["from_stage"], row["to_stage"]) for row in csv.DictReader(file)}
    for kind in codes("organizer_type"):
        for tool in codes("lottery_tool"):
            for fraud in (False, True):
                done: list[str] = []
                while (stage := next_stage(kind, done, lottery_tool=tool, fraud=fraud)) is not None:
                    assert any((rung, stage) in allowed for rung in done or ["start"]), (kind, tool, done, stage)
                    assert fraud or stage != S7
                    done.append(stage)
                assert done[-1] == S8


def test_fraud_means_that_something_was_taken() -> None:
    assert is_fraud("pay_to_claim")
    assert is_fraud("not_shipped", amount_paid=19.9)
    assert is_fraud("not_shipped", data_given=["address", "id_copy"])
    assert not is_fraud("not_shipped", amount_paid=0, data_given=["name", "phone", "address"])


def test_every_ground_of_fraud_is_a_code_of_its_list() -> None:
    assert {field for field, _code in fraud_grounds()} == {"dispute_reason", "data_given"}
    assert all(code in codes(field) for field, code in fraud_grounds())


def test_the_words_of_the_next_step() -> None:
    found = next_step("creator", [S1, S2], "zh-CN")
    assert found is not None
    assert found.stage == S3
    assert found.do.startswith("投诉这期活动")
    assert next_step("creator", codes("stage"), "zh-CN") is None


def test_unknown_codes_are_refused() -> None:
    with pytest.raises(KeyError):
        advice_at("individual", "s9_moon", "en")
    with pytest.raises(KeyError):
        next_stage("individual", ["s9_moon"])
    with pytest.raises(KeyError):
        next_step("martian", [], "en")
