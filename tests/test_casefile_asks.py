"""What a case file asks for, and of whom: only for prizes that are still owed, and from somebody who exists."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from prizewatch import identity
from prizewatch.i18n import language
from prizewatch.store import Register
from tests.casefiles import LADDER, PROOF, SHOP, file, made, shop_id
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW, S1, S2, attempt
from tests.log_by_hand import decision, draw_count, organizer, put

S3 = "s3_lottery_platform"
ZH = language("zh-CN")
PARTIAL = [S1, S2, attempt("s3_lottery_platform", "relief_partial", "2026-06-07", closed_on="2026-06-07")]


def letters(register: Register, subject: UUID | None = None) -> dict[str, str]:
    found = made(register, subject).files.items()
    return {name: content.decode() for name, content in found if name.startswith("letters/")}


def test_a_part_that_was_accepted_is_told_and_not_asked_for_again(register: Register) -> None:
    file(register, 3)
    file(register, 1, events=PARTIAL, start=3, partial_accepted_on="2026-06-08", credited_stage=S3)
    found = made(register)
    claims = list(csv.DictReader(io.StringIO(found.files["reports.csv"].decode("utf-8-sig"))))
    (part,) = [row["row"] for row in claims if row["status"] == "resolved_partial"]
    told = ZH("casefile.partial", n="1", rows=f"[{part}]")
    page = found.html_bytes("zh-CN").decode()
    assert told.split("[")[0] in page.split("</header>")[0]
    for letter in letters(register).values():
        assert told in letter
        asked = [line for line in letter.splitlines() if line.startswith(("请要求", "查实后", "请核查是否"))]
        assert asked
        assert [line for line in asked if part in line or f"D1–{part}" in line or "D1–D4" in line] == []


def test_public_totals_never_stand_without_what_was_paid(register: Register) -> None:
    paid = [S1, S2, attempt("s3_lottery_platform", "relief_full", "2026-06-07", closed_on="2026-06-07")]
    file(register, 3)
    file(register, 1, events=paid, start=3, credited_stage=S3)
    numbers: dict[str, Any] = {"m": "4", "k": "4", "n": "4", "s": "1", "day": "2026年8月20日"}
    for letter in letters(register).values():
        assert ZH("casefile.public", **numbers) in letter


def test_where_there_is_no_platform_none_is_written_to(register: Register) -> None:
    file(register, 3, host_platform="offline", lottery_tool="h5_wheel", organizer_type="online_shop", events=[S1, S2],
         **{"legal_nature": "company"})  # fmt: skip
    shop = identity.organizer_id(register.key, "offline", SHOP)
    put(register, organizer=[organizer(shop, handle=SHOP)], moderation=[decision(shop, "review", kind="organizer")])
    assert list(letters(register, shop)) == ["letters/lottery_tool.zh-CN.txt", "letters/report_12315.zh-CN.txt"]


def test_who_was_answered_by_a_person_is_not_told_to_be_without_an_answer(register: Register) -> None:
    silent = attempt("s3_lottery_platform", "no_response", "2026-06-07", closed_on="2026-06-20")
    file(register, 3, events=[S1, S2, silent])
    said = made(register).html_bytes("en").decode()
    wait = language("en")("casefile.clock.wait_over", about="§", days="7", n="3", first="14 Jun 2026", rows="§")
    assert wait.split("§")[1] in said
    with Register.open(None, settings_for(Path("unused")), now=NOW) as other:
        file(other, 3, events=[S1, S2, silent | {"response_kind": "human"}])
        assert wait.split("§")[1] not in made(other).html_bytes("en").decode()


def test_12315_is_asked_about_every_reason(register: Register) -> None:
    for n, reason in enumerate(("pay_to_claim", "eligibility_disputed", "prize_changed")):
        file(register, 1, start=n, dispute_reason=reason)
    (letter,) = [text for name, text in letters(register).items() if "12315" in name]
    assert ZH("casefile.ask.unredeemed", rows="[D1, D2]") in letter
    assert ZH("casefile.ask.changed", rows="[D3]") in letter


def test_a_letter_says_who_it_is_for_and_what_register_it_comes_from(tmp_path: Path) -> None:
    settings = replace(settings_for(tmp_path / "r.duckdb"), public_url="https://prizewatch.example")
    with Register.open(None, settings, now=NOW) as register:
        file(register, 3, events=LADDER)
        for name, letter in letters(register).items():
            assert letter.splitlines()[0].startswith("致")
            assert "兑奖观察（https://prizewatch.example）" in letter, name
        assert "https://prizewatch.example" in made(register).html_bytes("en").decode()


def test_a_number_of_draws_that_the_reports_refute_is_not_told(register: Register) -> None:
    file(register, 6)
    shop = shop_id(register)
    put(register, draw_count=[draw_count(shop, 6, NOW.date())])
    assert "已知这个发起者办过 6 场" in made(register).html_bytes("zh-CN").decode()
    put(register, draw_count=[draw_count(shop, 5, NOW.date())])
    assert "已知这个发起者办过" not in made(register).html_bytes("zh-CN").decode()


def test_the_tables_have_the_days_of_the_page_and_labels_for_their_codes(register: Register) -> None:
    file(register, 3, gave_up_on="2026-07-01")
    found = made(register)

    def table(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(found.files[name].decode("utf-8-sig"))))

    assert {row["gave_up_on"] for row in table("reports.csv")} == {"2026-07-01"}
    known = {(row["column"], row["code"]) for row in table("labels.csv")}
    for name in ("reports.csv", "steps.csv", "evidence.csv"):
        for row in table(name):
            coded = {n: v for n, v in row.items() if n in {column for column, _code in known} and n != "conditions"}
            assert coded
            assert [(n, v) for n, v in coded.items() if v and not set(_each(n, v)) <= known] == []
    assert SHOP not in found.files["labels.csv"].decode()


def _each(name: str, value: str) -> list[tuple[str, str]]:
    return [(name, code) for code in value.split(";")]


def test_proof_that_was_named_and_came_as_a_file_later_is_one_item(register: Register) -> None:
    seal = "ab" * 32
    file(register, 3, evidence=[*PROOF, {"kind": "win_page", "form": "screenshot", "sha256": seal}])
    items = list(csv.DictReader(io.StringIO(made(register).files["evidence.csv"].decode("utf-8-sig"))))
    assert len(items) == 6
    assert [row["sha256"] for row in items if row["kind"] == "win_page"] == [seal] * 3
