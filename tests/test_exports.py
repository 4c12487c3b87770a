"""The files that leave the register, byte by byte.

`python -m tests.test_exports` writes the golden files anew; read the difference before you commit it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from prizewatch import crosstables, datasets, exports, queries
from prizewatch.i18n import LANGUAGES, language
from prizewatch.package import ZIP, fingerprint
from tests.handed_out import packed
from tests.marts_by_hand import Marts, example

GOLDEN = Path(__file__).parent / "golden"
TABLES = tuple(f"datasets/{name}.csv" for name in datasets.NAMES)
#: What has golden bytes: the tables, and all that is read beside them. SHA256SUMS stands for Parquet.
FILES = (*TABLES, "README.md", "METHOD.md", "LICENSE.txt", "CITATION.cff", "datapackage.json", "SHA256SUMS")
# What spreadsheets, Excel and others, begin a formula with.
PAYLOADS = (
    "=cmd|' /C notepad'!'A1'",
    "=10+20+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u3000=1+1",
    "＝1+1",
    '=HYPERLINK("http://example.com","x")',
)
# What Excel and LibreOffice set for China turn into a day, a time or another number.
NUMBERS = ("7-11", "12/25", "3-4", "10+", "00123", "1e5", "3:30", "50%", "￥100", "1,000", "12月25日", "1" * 16)
PLAIN = ('逗号,引号"和\n换行', "普通名字", "emoji 🎁", "a;b|c", "<5", "618", "2026-06-18", "7-Eleven", "3天")


@pytest.fixture(scope="module")
def register() -> Iterator[Marts]:
    made = example()
    yield made
    made.close()


@pytest.fixture(scope="module")
def files(register: Marts) -> dict[str, bytes]:
    return packed(register)


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_files_of_the_contract_in_its_order(files: dict[str, bytes]) -> None:
    everything = {f"datasets/{name}.{kind}" for name in datasets.NAMES for kind in ("csv", "parquet", "json")}
    assert len(datasets.NAMES) == 10
    assert set(files) == everything | set(FILES) | {"release.zip", "CC-BY-4.0.txt"}


@pytest.mark.parametrize("name", FILES)
def test_golden_bytes(name: str, files: dict[str, bytes]) -> None:
    assert files[name] == (GOLDEN / Path(name).name).read_bytes()


def test_the_zip_of_this_register_is_the_same_on_every_machine(files: dict[str, bytes]) -> None:
    """Parquet included. What changed the tables changes it too: `python -m tests.test_exports` writes it anew."""
    assert f"{fingerprint(files[ZIP])}\n" == (GOLDEN / f"{ZIP}.sha256").read_text("ascii")


def test_the_same_register_gives_the_same_bytes_again(files: dict[str, bytes]) -> None:
    again = example()
    assert packed(again) == files
    again.close()


@pytest.mark.parametrize("name", TABLES)
def test_the_form_of_every_csv(name: str, files: dict[str, bytes]) -> None:
    content = files[name]
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == len(rows(content))
    table = rows(content)
    assert len({len(row) for row in table}) == 1
    assert len(set(table[0])) == len(table[0])
    for head in table[0]:
        assert not (head.endswith("_zh") and f"{head[:-3]}_en" not in table[0])
    for row in table[1:]:
        for head, cell in zip(table[0], row, strict=True):
            if head.endswith("_on") or head == "month":
                assert re.fullmatch(r"(\d{4}-\d\d-\d\d)?", cell)
            if head.endswith("_n"):
                assert re.fullmatch(r"\d*", cell)
            assert cell.lower() not in ("nan", "none", "<na>", "nat")


@pytest.mark.parametrize("name", TABLES)
def test_hidden_counts_have_a_marker_and_an_empty_number(name: str, files: dict[str, bytes]) -> None:
    table = rows(files[name])
    heads = {head: i for i, head in enumerate(table[0])}
    for head in [h for h in heads if f"{h}_n" in heads]:
        pairs = [(row[heads[head]], row[heads[f"{head}_n"]]) for row in table[1:]]
        assert all(number == ("" if text in ("<5", "…") else text) for text, number in pairs)
        assert not {text for text, _ in pairs} & {"1", "2", "3", "4"}
    if "organizers" not in name and "time" not in name and "platform" not in name:
        assert b"<5" in files[name] or "…".encode() in files[name], "the example has something to hide"


def test_a_share_stands_only_beside_the_counts_it_rests_on(files: dict[str, bytes]) -> None:
    """What METHOD.md says of hidden numbers: good and all of every share are in its row, and make it."""
    rests_on = {
        "resolution_by_type_and_stage": {
            "rate": ("relief_any", "decided"), "full_rate": ("relief_full", "decided"),
            "action_rate": ("action_taken", "action_known"), "strict": ("relief_any", "reached"),
        },
        "reasons": {"rate": ("resolved", "decided")},
        "platform_action": {"action_rate": ("acted", "known")},
    }  # fmt: skip
    for name, shares in rests_on.items():
        for row in csv.DictReader(io.StringIO(files[f"datasets/{name}.csv"].decode("utf-8-sig"), newline="")):
            for share, (good, every) in shares.items():
                told = row[f"{good}_n"], row[f"{every}_n"]
                if row[share]:
                    assert row[share] == f"{int(told[0]) / int(told[1]):.4f}", (name, share, row)


def test_the_files_hold_what_the_pages_show(register: Marts, files: dict[str, bytes]) -> None:
    for name, frame in {
        "resolution_by_type_and_stage.csv": pd.concat(
            [queries.resolution(register), queries.resolution(register, "type")]
        ),
        "reasons.csv": queries.reasons(register).rename(columns={"row": "group"}),
        "repeat_organizers.csv": queries.repeat_organizers(register),
        "organizers.csv": queries.search_organizers(register, size=1000).frame.sort_values("public_code"),
    }.items():
        table = rows(files[f"datasets/{name}"])
        heads = {head: i for i, head in enumerate(table[0])}
        assert len(table) - 1 == len(frame)
        for column in (
            "reached",
            "relief_any",
            "sanction_only",
            "disputes",
            "decided",
            "k_ind",
            "public_code",
            "stage",
        ):
            if column in frame and column in heads:
                assert [row[heads[column]] for row in table[1:]] == frame[column].astype(str).tolist(), (name, column)
        if "rate" in frame:
            shown = ["" if pd.isna(rate) else f"{rate:.4f}" for rate in frame["rate"]]
            assert [row[heads["rate"]] for row in table[1:]] == shown
    monthly = rows(files["datasets/monthly.csv"])
    all_rows = [row for row in monthly[1:] if row[1] == crosstables.ALL]
    assert [row[4] for row in all_rows] == queries.monthly(register)["disputes"].tolist()


def test_no_cell_can_begin_a_formula(files: dict[str, bytes]) -> None:
    for name in TABLES:
        for row in rows(files[name]):
            for cell in row:
                assert not cell.lstrip(" \u3000").startswith(
                    ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
                ), cell


@pytest.mark.parametrize("payload", [*PAYLOADS, *NUMBERS])
def test_names_like_formulas_numbers_and_days_are_defused_and_stay_readable(payload: str) -> None:
    register = Marts()
    register.organizer("x", payload)
    content = exports.csv_bytes(datasets.dataset(register, "organizers"))
    assert rows(content)[1][1] == f"'{payload}"
    register.close()


@pytest.mark.parametrize("name", PLAIN)
def test_harmless_names_arrive_as_they_are(name: str) -> None:
    register = Marts()
    register.organizer("x", name)
    content = exports.csv_bytes(datasets.dataset(register, "organizers"))
    assert rows(content)[1][1] == name
    register.close()


def test_accounts_of_natural_persons_leave_coded(files: dict[str, bytes]) -> None:
    """3-model.md 3.7: on the screen the account's name, in the file only its code."""
    register = example()
    on_screen = queries.search_organizers(register).frame["name"].dropna().tolist()
    assert "大咖抽奖君" in on_screen
    for name, content in files.items():
        assert "大咖抽奖君".encode() not in content, name
    assert "幸运商城" in files["datasets/organizers.csv"].decode("utf-8")
    register.close()


def test_an_empty_register_gives_heads_without_rows() -> None:
    empty = Marts()
    made = packed(empty)
    for name in TABLES:
        assert len(rows(made[name])) == 1
        assert rows(made[name])[0] == rows((GOLDEN / Path(name).name).read_bytes())[0]
    empty.close()


def test_every_column_and_file_has_its_words_in_both_languages(register: Marts, files: dict[str, bytes]) -> None:
    readme = files["README.md"].decode("utf-8")
    for data in datasets.datasets(register):
        for code in LANGUAGES:
            _ = language(code)
            assert _(data.title_key)
            assert _(data.about_key)
            assert f"{data.file}: {_(data.title_key)}" in readme
            for column in data.columns:
                assert f"| `{column.name}` | {_(column.key)} |" in readme
        assert data.rows == len(rows(files[f"datasets/{data.file}"])) - 1


def test_labels_stand_beside_every_code(files: dict[str, bytes]) -> None:
    table = rows(files["datasets/organizers.csv"])
    row = dict(zip(table[0], next(r for r in table if "幸运商城" in r), strict=True))
    assert (row["organizer_type"], row["organizer_type_zh"]) == ("online_shop", "网店/直播间商家")
    assert (row["level"], row["level_zh"], row["level_en"]) == ("repeat", "多次", "Repeat")


if __name__ == "__main__":
    made = example()
    for name, content in packed(made).items():
        if name in FILES:
            (GOLDEN / Path(name).name).write_bytes(content)
        elif name == ZIP:
            (GOLDEN / f"{ZIP}.sha256").write_text(f"{fingerprint(content)}\n", "ascii")
    made.close()
