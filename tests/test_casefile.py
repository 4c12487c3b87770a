"""Case files: what stands in one, that every assertion has its row, that the same data give the same bytes."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from uuid import UUID

import pytest

from prizewatch import casefile, casefile_facts, casefile_letters
from prizewatch.casefile_html import linked
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from tests.casefiles import (
    BRACKET,
    PROOF,
    SHOP,
    everything,
    file,
    made,
    pointed_at,
    publish,
    rows_of_page,
    shop_id,
    text_of,
)
from tests.conftest import settings_for
from tests.intake_rows_by_hand import NOW, S1
from tests.log_by_hand import decision, organizer, put, reply, rows_of
from tests.reporter import Reporter
from tests.reporter import file as kept

DISPUTES = "SELECT dispute_id FROM mart.dispute ORDER BY draw_on"
NAMES = [
    "README.txt", "SHA256SUMS", "case-file.en.html", "case-file.en.pdf", "case-file.zh-CN.html",
    "case-file.zh-CN.pdf", "evidence.csv", "labels.csv",
    "letters/host_platform.zh-CN.txt", "letters/lottery_tool.zh-CN.txt", "letters/report_12315.zh-CN.txt",
    "reports.csv", "steps.csv",
]  # fmt: skip


@pytest.fixture(scope="module")
def shop() -> Iterator[Register]:
    """Four people, four draws, one named and reviewed shop. Read only."""
    from pathlib import Path

    with Register.open(None, settings_for(Path("unused")), now=NOW) as register:
        file(register)
        yield register


def test_a_case_file_has_its_pages_letters_tables_and_fingerprints(shop: Register) -> None:
    found = made(shop)
    assert sorted(found.files) == NAMES
    assert (found.disputes, found.reporters, found.draws) == (4, 4, 4)
    sums = dict(line.split("  ")[::-1] for line in found.files["SHA256SUMS"].decode().splitlines())
    assert sums == {n: sha256(c).hexdigest() for n, c in found.files.items() if n != "SHA256SUMS"}
    with zipfile.ZipFile(io.BytesIO(found.zip_bytes())) as read:
        assert {n: read.read(n) for n in read.namelist()} == found.files
        assert {info.date_time for info in read.infolist()} == {(2026, 8, 20, 0, 0, 0)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_cover_says_who_how_many_how_much_and_what_is_asked(shop: Register, lang: str) -> None:
    _, page = language(lang), made(shop).html_bytes(lang).decode()
    cover = text_of(page.split("</header>")[0])
    assert "案卷小店" in cover
    assert SHOP in cover
    for said in (_.money(406), _.money(101.5), _.day(NOW.date())):  # 100 + 101 + 102 + 103, their median
        assert said in cover
    for key in ("standing", "asked", "minute"):
        assert _(f"casefile.{key}") in cover
    for name in ("lottery_tool", "host_platform", "report_12315"):
        assert _(f"casefile.letter.title.{name}") in cover


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_row_that_is_pointed_at_exists(shop: Register, lang: str) -> None:
    found = made(shop)
    page = found.html_bytes(lang).decode()
    rows = rows_of_page(page)
    assert len(pointed_at(text_of(page).replace(" ", "").replace(",", ", "))) > 10
    assert set(re.findall(r"href='#([^']+)'", page)) <= rows
    assert pointed_at(everything(found)) <= rows
    assert {"D1", "D4", "D1-S2", "D4-E2", "L1", "C1", "P1", "P6"} <= rows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_point_of_the_cover_and_every_fact_of_a_letter_names_its_rows(shop: Register, lang: str) -> None:
    found = made(shop)
    minute = found.html_bytes(lang).decode().split("</header>")[0].split("<ul>")[1].split("</ul>")[0]
    points = [re.sub("<[^>]+>", "", point) for point in minute.split("</li>") if point.strip()]
    assert len(points) >= 6
    assert [point for point in points if not BRACKET.search(point)] == []
    letter = found.files["letters/lottery_tool.zh-CN.txt"].decode().splitlines()
    zh = language("zh-CN")
    plain = {
        zh("casefile.letter.to.lottery_tool", tool="抽奖助手（小程序）"),
        zh("casefile.ask.verify"),
        zh("casefile.letter.standing"),
        zh("casefile.register"),
        zh("casefile.letter.sign"),
    }
    without = [line for line in letter if not BRACKET.search(line) and line not in plain]
    assert without == [zh("casefile.ask.answer", by="2026年8月27日")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_letter_says_how_much_of_its_proof_lies_in_the_register(shop: Register, lang: str) -> None:
    """Proof that is only listed is not passed off as files."""
    _ = language(lang)
    case = casefile.read(shop, shop_id(shop))
    assert case is not None
    (letter,) = [one for one in casefile_letters.write_all(case, (), _) if one.name == "lottery_tool"]
    said = _("casefile.letter.proof", n="4", rows="[D1–D4]", all="8", held="0")
    assert said in (letter.meaning or letter.lines)
    assert "0" in said.replace("[D1–D4]", "")


def test_the_steps_and_terms_are_those_of_the_reports(shop: Register) -> None:
    found = made(shop)
    steps = list(csv.DictReader(io.StringIO(found.files["steps.csv"].decode("utf-8-sig"))))
    assert [(s["row"], s["stage"], s["outcome"]) for s in steps[:3]] == [
        ("D1-S1", "s2_organizer", "refused"), ("D1-S2", "s3_lottery_platform", "no_response"),
        ("D1-S3", "s4_host_platform", "rejected"),
    ]  # fmt: skip
    case = casefile.read(shop, shop_id(shop))
    assert case is not None
    clocks = casefile_facts.clocks(case, shop.settings.time_zone)
    assert [(c.rule, c.about, c.days, c.rows, c.first.isoformat()) for c in clocks] == [
        ("ship_by_usual", "", 30, "[D1–D4]", "2026-05-31"),
        ("wait_over", "s3_lottery_platform", 7, "[D1-S2, D2-S2, D3-S2, D4-S2]", "2026-06-14"),
    ]


def test_the_same_data_give_the_same_bytes_and_the_same_rows_in_any_order_of_filing(
    shop: Register, register: Register
) -> None:
    assert made(shop).zip_bytes() == made(shop).zip_bytes()
    file(register, last_first=True)
    assert made(register).zip_bytes() == made(shop).zip_bytes()


def test_below_the_level_or_below_two_people_there_is_none(register: Register) -> None:
    file(register, 2)  # two draws, two people: watch
    assert casefile.make(register, shop_id(register), NOW) is None
    assert casefile.reachable(register) == []
    assert casefile.make(register, UUID(int=7), NOW) is None


def test_two_people_of_one_draw_make_a_case_file_of_that_draw(register: Register) -> None:
    file(register, 2, draw_ref="one and the same")
    draw = rows_of(register, "SELECT DISTINCT draw_id FROM mart.dispute")[0]["draw_id"]
    found = made(register, draw)
    assert (found.disputes, found.draws) == (2, 1)
    # below `watch` nothing of the organizer is public: no name, no totals
    said = everything(found)
    assert "案卷小店" not in said
    assert SHOP not in said
    assert "id='P1'" not in said
    assert found.code in said


def test_an_individual_has_no_case_file_not_even_by_draw(register: Register) -> None:
    person = {"organizer_type": "individual", "legal_nature": "natural_person", "organizer_display": None}
    file(register, 4, draw_ref="one and the same", **person)
    draw = rows_of(register, "SELECT DISTINCT draw_id FROM mart.dispute")[0]["draw_id"]
    assert casefile.make(register, draw, NOW) is None
    assert casefile.make(register, shop_id(register), NOW) is None


def test_a_report_without_dates_events_or_value_is_told_as_such(register: Register) -> None:
    open_ends = {
        "claim_made_on": None,
        "refused_on": None,
        "prize_value": None,
        "currency": None,
        "value_unknown": "true",
    }
    open_ends |= {"value_basis": None, "dispute_reason": "not_shipped", "refusal_mode": "silent", "refusal_text": None}
    open_ends |= {"conditions": "none_stated", "stated_before_entry": None}
    file(register, 3, events=[S1 | {"entered_on": "2026-06-02"}], evidence=[PROOF[0]], **open_ends)
    put(register, moderation=[decision(i, "set_level", reason_code="V2") for i in ids(register)])
    found = made(register)
    for lang in LANGUAGES:
        _, page = language(lang), found.html_bytes(lang).decode()
        for key in ("nothing_tried", "conditions.none"):
            assert _(f"casefile.{key}") in text_of(page)
        assert "None" not in page
        assert "NaT" not in page
    assert found.files["steps.csv"].decode().count("\r\n") == 1


def ids(register: Register) -> list[UUID]:
    return [row["dispute_id"] for row in rows_of(register, "SELECT dispute_id FROM mart.dispute")]


def test_two_hundred_reports_are_quick_and_whole(register: Register) -> None:
    file(register, 200)
    found = made(register)
    assert (found.disputes, found.reporters) == (200, 200)
    page = found.html_bytes("en").decode()
    assert pointed_at(everything(found)) <= rows_of_page(page)
    assert "[D1–D200]" in found.files["letters/host_platform.zh-CN.txt"].decode()
    assert len(page) < 2_000_000


def test_names_and_words_are_no_markup_and_no_formula(register: Register) -> None:
    told = {"narrative": "<img src=x onerror=alert(1)> =cmd() [D99] and so on", "consent_narrative": "true"}
    told["draw_title"] = '=HYPERLINK("http://x") <script>'
    file(register, 3, **told)
    publish(register)
    shop = shop_id(register)
    evil = "=1+1<script>alert(1)</script>"
    later = [organizer(shop, handle=SHOP, display_name=evil)]
    put(register, organizer=later, moderation=[decision(shop, "name", kind="organizer")])
    found = made(register)
    for lang in LANGUAGES:
        page = found.html_bytes(lang).decode()
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert "href='#D99'" not in page
    for name in ("reports.csv", "steps.csv", "evidence.csv"):
        cells = [cell for row in csv.reader(io.StringIO(found.files[name].decode("utf-8-sig"))) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_words_stand_in_it_only_with_their_own_consent_and_masked(register: Register) -> None:
    told = {"narrative": "我打了他的电话 16012345678 也没有人接，一直没有寄出来", "draw_title": "独一无二的抽奖"}
    file(register, 3, **told, consent_narrative="false")
    publish(register)
    assert "没有人接" not in everything(made(register))
    assert "独一无二" not in everything(made(register))
    file(register, 3, **told, consent_narrative="true", organizer_handle="gh_other_shop")
    publish(register)
    said = everything(made(register, shop_id(register, "gh_other_shop")))
    assert "没有人接" in said
    assert "独一无二" in said
    assert "16012345678" not in said


def test_the_planted_organizer_that_paid_nobody_has_one_quickly_and_it_says_that_it_is_invented(demo: Register) -> None:
    planted = [one for one in casefile.reachable(demo) if one.level == "pervasive" and one.draws == 10]
    began = time.perf_counter()
    found = made(demo, planted[0].organizer_id)
    assert time.perf_counter() - began < 5
    assert (found.disputes, found.reporters, found.draws) == (10, 10, 10)
    case = casefile.read(demo, planted[0].organizer_id)
    assert case is not None
    known = casefile_letters.known(case, language("zh-CN"))
    assert re.fullmatch(
        r"已知这个发起者办过 10 场抽奖（.+，2026年.+日），其中 10 场有两类证据齐全的记录 \[P6\]。", known
    )
    assert known.partition(" [")[0] in found.html_bytes("zh-CN").decode().split("</header>")[0]
    assert [
        name for name in found.files if name.startswith("letters/") and known not in found.files[name].decode()
    ] == []
    page = found.html_bytes("en").decode()
    now = re.findall(r"<tr id='o-(D\d+)'>.*?\(<span class='day'>([-\d]+)</span>\)</td></tr>", page)
    gave_up = language("en")("casefile.line.gave_up")
    ends = re.findall(rf"<tr id='t-([-\d]+)'>(?:(?!</tr>).)*?{gave_up} \[<a href='#(D\d+)'", page)
    assert len(now) == 10
    assert ends
    assert not [ref for day, ref in ends if dict(now)[ref] < day], "stopped later than the last there is to say"
    for lang in LANGUAGES:
        said = language(lang)("casefile.invented")
        assert said in found.html_bytes(lang).decode().split("</header>")[0]
    letters = [content.decode() for name, content in found.files.items() if name.startswith("letters/")]
    assert letters
    assert all(letter.startswith(language("zh-CN")("casefile.invented")) for letter in letters)


def test_what_the_organizer_answered_stands_beside_the_report_once_it_is_public(register: Register) -> None:
    file(register, 3)
    answered, silent = (row["dispute_id"] for row in rows_of(register, DISPUTES)[:2])
    told = [reply(shop_id(register), "contests", answered) | {"words": "我们已经核对过名单"}]
    told += [reply(shop_id(register), "contests", silent, published=False) | {"words": "还没有人看过"}]
    put(register, reply=told)
    page = made(register).html_bytes("zh-CN").decode()
    assert page.count("我们已经核对过名单") == 1
    assert "还没有人看过" not in page


def test_files_come_only_for_moderators_and_only_where_they_are_intact(register: Register) -> None:
    people = [
        Reporter(
            register, f"file {n}", organizer_handle=SHOP, organizer_display="案卷小店", draw_ref=f"draw {n}",
            consent_case_file="true",
            evidence=[kept(register, "win_page", "screen_recording", f"picture {n}".encode()),
                      kept(register, "chat_refusal", "screen_recording", f"chat {n}".encode())],
        )
        for n in range(3)
    ]  # fmt: skip
    assert len(people) == 3
    put(register, moderation=[decision(shop_id(register), "review", kind="organizer")])
    open_copy, desk_copy = made(register), made(register, with_files=True)
    assert not any(name.startswith("evidence/") for name in open_copy.files)
    pictures = {name: c for name, c in desk_copy.files.items() if name.startswith("evidence/")}
    assert sorted(pictures) == [f"evidence/D{n}-E{k}.png" for n in (1, 2, 3) for k in (1, 2)]
    index = {r["row"]: r for r in csv.DictReader(io.StringIO(desk_copy.files["evidence.csv"].decode("utf-8-sig")))}
    for name, content in pictures.items():
        row = index[name.removeprefix("evidence/").removesuffix(".png")]
        assert (row["sha256"], row["file_held"]) == (sha256(content).hexdigest(), "true")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ""),
        (["D1"], "[D1]"),
        (["D1", "D2"], "[D1, D2]"),
        (["D1", "D2", "D3", "D5", "D6-S1", "D6-S2", "L9", "L10", "L11"], "[D1–D3, D5, D6-S1, D6-S2, L9–L11]"),
    ],
)
def test_runs_of_rows_are_drawn_together(rows: list[str], said: str) -> None:
    assert casefile_facts.refs(rows) == said


def test_only_rows_in_brackets_become_links() -> None:
    assert linked("D1 <b> [D1–D3]") == "D1 &lt;b&gt; [<a href='#D1'>D1</a>–<a href='#D3'>D3</a>]"
