"""How it went for others, in words: with its n, its range and its basis; abstaining where there is too little."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from datetime import date

import pytest

from prizewatch import advice
from prizewatch.i18n import LANGUAGES, language
from prizewatch.ui_advice import as_of, how_it_went, sentences
from prizewatch.vocabulary import REFERENCE, codes


@dataclass(frozen=True)
class Advised:
    k: int | None = 12
    n: int | None = 40
    share: float = 0.31
    low: float = 0.22
    high: float = 0.41
    basis: str = "cell"
    median_days: float | None = 9.0


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("basis", ["cell", "stage", "all"])
def test_the_result_comes_with_n_range_days_basis_and_the_caution(basis: str, lang: str) -> None:
    _ = language(lang)
    first, days, rests, caution = sentences(_, Advised(basis=basis))
    assert {"40", "12", "31", "22", "41"} == set(re.findall(r"\d+", first))
    assert "9" in days
    assert rests == _(f"advice.others.basis.{basis}")
    assert caution == _("advice.others.caution")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "found",
    [None, Advised(basis="none"), Advised(n=9), Advised(share=float("nan")), Advised(n=None, k=None)],
)
def test_where_there_is_too_little_it_abstains_in_words(found: Advised | None, lang: str) -> None:
    _ = language(lang)
    told = sentences(_, found)
    assert told[0] == _("advice.others.none")
    assert "%" not in " ".join(told)
    assert "None" not in how_it_went(_, found)


@pytest.mark.parametrize("k", [None, 1, 4])
def test_a_small_count_of_others_is_not_told(k: int | None) -> None:
    first = sentences(language("en"), Advised(k=k))[0]
    assert "a few" in first
    assert set(re.findall(r"\d+", first)) == {"40", "31", "22", "41"}
    assert "0 got" in sentences(language("en"), Advised(k=0))[0]
    assert "5 got" in sentences(language("en"), Advised(k=5))[0]


def test_without_a_median_no_days_are_told() -> None:
    _ = language("en")
    for none in (None, float("nan")):
        assert not any("day" in line for line in sentences(_, replace(Advised(), median_days=none)))


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
