"""How it went for others, in words: with its n, its range and its basis; abstaining where there is too little."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date

import pytest

from prizewatch import advice
from prizewatch.advisor import NextStep
from prizewatch.i18n import LANGUAGES, language
from prizewatch.ui_advice import as_of, how_it_went, sentences
from prizewatch.vocabulary import REFERENCE, codes

TOLD = NextStep("s3_lottery_platform", 12, 40, 0.31, 0.22, 0.41, "cell", 9.0)
NOT = float("nan")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("basis", ["cell", "group", "stage", "all"])
def test_the_result_comes_with_n_range_days_basis_and_the_caution(basis: str, lang: str) -> None:
    _ = language(lang)
    first, days, rests, caution = sentences(_, replace(TOLD, basis=basis))
    assert {"40", "12", "31", "22", "41"} == set(re.findall(r"\d+", first))
    assert "9" in days
    assert rests == _(f"advice.others.basis.{basis}")
    here = _("advice.others.k_of_n.here", k="12", n="40", share="§").partition("§")[0]
    assert first.startswith(here) is (basis != "all")  # all steps together are not "this step"
    assert caution == _("advice.others.caution")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "found", [None, replace(TOLD, k=None, n=None, share=NOT, low=NOT, high=NOT, basis="none", median_days=None)]
)
def test_where_there_is_too_little_it_abstains_in_words(found: NextStep | None, lang: str) -> None:
    _ = language(lang)
    told = sentences(_, found)
    assert told[0] == _("advice.others.none")
    assert "%" not in " ".join(told)
    assert not re.search("None|nan", how_it_went(_, found))


def test_without_a_median_no_days_are_told() -> None:
    _ = language("en")
    assert any("day" in line for line in sentences(_, TOLD))
    assert not any("day" in line for line in sentences(_, replace(TOLD, median_days=None)))


def test_every_row_of_the_advice_has_its_day_and_known_sources() -> None:
    with (REFERENCE / "source.csv").open(encoding="utf-8", newline="") as file:
        known = {row["tag"]: row for row in csv.DictReader(file)}
    assert {row["read_as"] for row in known.values()} <= {"official", "copy", "second_hand"}
    used: set[str] = set()
    for name in ("advice", "announcement"):
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert date(2026, 1, 1) < date.fromisoformat(row["checked_on"]) <= date(2026, 12, 31)
                assert row["sources"]
                used |= set(row["sources"].split("; "))
    with (REFERENCE / "tool_rules.csv").open(encoding="utf-8", newline="") as file:  # cited by case files
        used |= {tag for row in csv.DictReader(file) for tag in row["source"].split("; ") if tag}
    assert used == set(known)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_day_and_the_sources_stand_under_the_advice(lang: str) -> None:
    _ = language(lang)
    told = advice.step("O", "s6_regulator", lang)
    assert told
    line = as_of(_, told)
    assert _.day(told.checked_on) in line
    assert all(one.name in line for one in told.sources)


def test_the_advice_on_12315_puts_the_report_first_and_names_no_time_of_the_replaced_procedure() -> None:
    for group in ("I", "A", "O"):
        told = advice.step(group, "s6_regulator", "zh-CN")
        assert told
        assert "举报" in told.do
        assert not re.search(r"七个工作日|45|四十五|一到两个月|五个工作日", told.do + told.expect)
    for group in ("A", "O"):
        told = advice.step(group, "s6_regulator", "zh-CN")
        assert told
        assert told.do.index("举报") < told.do.index("投诉")
        assert "121" in told.expect


def test_the_police_are_for_what_was_taken() -> None:
    for group in ("I", "A", "O"):
        told = advice.step(group, "s7_police", "en")
        assert told
        assert re.search(r"\bpa(id|yment)\b", told.do)
        assert "code" in told.do
    assert codes("stage")[6] == "s7_police"
