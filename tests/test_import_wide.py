"""Imports of our own flat layout: every file kind and encoding, rejects to mend, dry runs, and what cannot be used."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from pipelines.__main__ import main
from prizewatch.importing import bring_in as imports
from prizewatch.importing import decode
from prizewatch.importing.mapping import read_mapping
from prizewatch.importing.rejects import Rejects
from prizewatch.settings import Settings
from prizewatch.store import Kind, Register
from tests.conftest import NOW, settings_for
from tests.test_import import ENVIRON, SAMPLES, counted, run

WIDE: dict[str, str] = {
    "report_no": "1", "report_lang": "zh", "reported_at": "2026-10-01 08:00:00", "reporter": "someone@example.org",
    "is_first_hand": "true", "relation": "winner", "organizer_type": "online_shop", "legal_nature": "company",
    "organizer_handle": "shop-1", "organizer_display": "好运小店", "host_platform": "douyin",
    "lottery_tool": "douyin_fudai",
    "draw_title": "十月福袋", "draw_time": "2026-09-01 12:00:00", "win_notice_on": "2026-09-01", "prize_kind": "goods",
    "prize_value": "199.00", "currency": "CNY", "value_basis": "stated", "conditions": "follow_account:yes:yes",
    "claim_made_on": "2026-09-02", "refused_on": "2026-09-03", "dispute_reason": "out_of_stock",
    "refusal_mode": "explicit",
    "refusal_text": "没有了", "consent_publish": "true", "truth_statement": "true",
    "s1_on": "2026-09-02", "s1_outcome": "passed", "s2_on": "2026-09-02", "s2_closed_on": "2026-09-03",
    "s2_outcome": "refused",
    "s2_target_entity": "organizer", "e1_kind": "win_page", "e1_form": "screenshot",
    "e2_kind": "chat_refusal", "e2_form": "screenshot",
}  # fmt: skip


def wide(path: Path, *changes: dict[str, str], encoding: str = "utf-8") -> Path:
    rows = [{**WIDE, "report_no": str(n), "reporter": f"r{n}", **change} for n, change in enumerate(changes, 1)]
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(WIDE))
        writer.writeheader()
        writer.writerows(rows)
    return path


def import_wide(capsys: pytest.CaptureFixture[str], file: Path, *more: object, code: int = 0) -> dict[str, Any]:
    return run(
        capsys, "import", file, "--mapping", SAMPLES / "prizewatch_wide.toml",
        "--database", file.parent / "w.duckdb", *more, code=code,
    )  # fmt: skip


def opened(folder: Path) -> Register:
    return Register.open(folder / "w.duckdb", settings_for(folder / "w.duckdb"), now=NOW)


def test_wide_rows_become_disputes_with_their_events_and_evidence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    only_s1 = dict.fromkeys(("s2_on", "s2_closed_on", "s2_outcome", "s2_target_entity", "claim_made_on"), "")
    file = wide(tmp_path / "w.csv", {}, {}, only_s1)
    done = import_wide(capsys, file)
    assert (done["accepted"], done["rejected_by_rule"]) == (3, {})
    with opened(tmp_path) as register:
        assert register.kind is Kind.LIVE
        stages = counted(register, "SELECT stage, count(*) FROM log.stage_event GROUP BY 1")
        assert stages == {"s1_self_check": 3, "s2_organizer": 2}
        assert counted(register, "SELECT kind, count(*) FROM log.evidence GROUP BY 1") == {
            "win_page": 3,
            "chat_refusal": 3,
        }
        assert counted(register, "SELECT DISTINCT reported_at, 1 FROM log.filing") == {datetime(2026, 10, 1, 8): 1}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_encodings_come_to_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str) -> None:
    assert import_wide(capsys, wide(tmp_path / "a.csv", {}))["accepted"] == 1
    again = import_wide(capsys, wide(tmp_path / "b.csv", {}, encoding=encoding))
    assert (again["accepted"], again["known"]) == (0, 1)
    with opened(tmp_path) as register:
        assert counted(register, "SELECT display_name, 1 FROM log.organizer") == {"好运小店": 1}


def test_excel_and_parquet_come_to_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = wide(tmp_path / "a.csv", {}, {})
    assert import_wide(capsys, file)["accepted"] == 2
    pq.write_table(pyarrow.csv.read_csv(file), tmp_path / "a.parquet")  # with days and numbers as such
    assert import_wide(capsys, tmp_path / "a.parquet")["known"] == 2
    book = openpyxl.Workbook()
    with file.open(newline="") as text:
        for row in csv.reader(text):
            book.active.append([date.fromisoformat(c) if len(c) == 10 and c[4:8:3] == "--" else c for c in row])
    book.save(tmp_path / "a.xlsx")
    assert import_wide(capsys, tmp_path / "a.xlsx")["known"] == 2


def test_rejects_can_be_mended_and_handed_in_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = wide(
        tmp_path / "w.csv",
        {},
        {"organizer_type": "shop"},
        {"refused_on": "2026-08-01", "prize_value": "a lot"},
        {"draw_title": "=cmd|' /C calc'!A0", "refused_on": "not a day"},
    )
    with file.open("a") as end:
        end.write("5,too,short\n")
    rejects = tmp_path / "bad.csv"
    done = import_wide(capsys, file, "--rejects", rejects)
    assert (done["read"], done["accepted"], done["known"], done["rejected"]) == (5, 1, 0, 4)
    assert done["rejects"] == str(rejects)
    assert {"organizer_type.code", "refused_on.before_win", "prize_value.type", "refused_on.type", "row.width"} <= set(
        done["rejected_by_rule"]
    )
    content = rejects.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    with rejects.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.DictReader(text)
        rows, header = list(reader), list(reader.fieldnames or [])
    assert [row["prizewatch_line"] for row in rows] == ["3", "4", "5", "6"]
    assert not [cell for row in rows for cell in row.values() if cell.startswith("=")]
    assert rows[-1]["prizewatch_raw"] == "5,too,short"
    assert "a lot" in rows[1]["prizewatch_value"]

    unmended = import_wide(capsys, rejects, "--rejects", tmp_path / "still.csv")
    assert (unmended["read"], unmended["accepted"], unmended["rejected"]) == (4, 0, 4)
    assert unmended["rejected_by_rule"] == done["rejected_by_rule"]

    mended = [
        {"organizer_type": "online_shop"},
        {"refused_on": "2026-09-03", "prize_value": "99"},
        {"refused_on": "2026-09-03"},
    ]
    for row, change in zip(rows, mended, strict=False):
        row.update(change)
    rows[3].update({**WIDE, "report_no": "5", "reporter": "r5"})
    with rejects.open("w", encoding="utf-8-sig", newline="") as text:
        writer = csv.DictWriter(text, header)
        writer.writeheader()
        writer.writerows(rows)
    again = import_wide(capsys, rejects)
    assert (again["read"], again["accepted"], again["known"], again["rejected"]) == (4, 4, 0, 0)
    assert again["rejects"] is None
    with opened(tmp_path) as register:
        assert "=cmd|' /C calc'!A0" in counted(register, "SELECT draw_title, 1 FROM log.filing")
    assert import_wide(capsys, file, "--rejects", tmp_path / "x.csv")["known"] == 4


def test_a_raw_line_of_the_wrong_width_may_be_mended_where_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wide(tmp_path / "w.csv", {})
    header, row = file.read_text().splitlines()
    file.write_text(f"{header}\n{row},surplus\n")
    rejects = tmp_path / "bad.csv"
    assert import_wide(capsys, file, "--rejects", rejects)["rejected_by_rule"] == {"row.width": 1}
    rejects.write_text(rejects.read_text("utf-8-sig").replace(",surplus", ""), "utf-8-sig")
    assert import_wide(capsys, rejects)["accepted"] == 1


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = wide(tmp_path / "w.csv", {}, {}, {"report_no": "1"}, {"refused_on": "2026-08-01"})
    trial = import_wide(capsys, file, "--dry-run", "--rejects", tmp_path / "bad.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["w.csv"]
    done = import_wide(capsys, file, "--rejects", tmp_path / "bad.csv")
    names = ("read", "accepted", "known", "rejected", "rejected_by_rule")
    assert [trial[n] for n in names] == [done[n] for n in names]
    assert (done["accepted"], done["known"], done["rejected"]) == (2, 1, 1)
    more = wide(tmp_path / "more.csv", {}, {}, {}, {"report_no": "3"})
    trial = import_wide(capsys, more, "--dry-run")
    assert (trial["accepted"], trial["known"], trial["version"]) == (1, 3, done["version"])
    assert import_wide(capsys, more)["accepted"] == 1


def test_a_dry_run_knows_rows_of_earlier_chunks(tmp_path: Path, settings: Settings) -> None:
    file = wide(tmp_path / "w.csv", {}, {"report_no": "1"}, {}, {"report_no": "1"})
    mapping, source = read_mapping(SAMPLES / "prizewatch_wide.toml"), decode.look(file)
    with Register.open(settings.database, settings, now=NOW) as register:
        nothing = Rejects(None, (), always=False)
        tally = imports.import_files(register, mapping, [source], nothing, NOW, dry_run=True, chunk_rows=1)
        assert (tally.accepted, tally.known) == (2, 2)
        assert register.version().commit_no == 0


def test_several_files_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, two = (
        wide(tmp_path / "1.csv", {}),
        wide(tmp_path / "2.csv", {"report_no": "7", "reporter": "x", "refused_on": "2026-08-01"}, {}),
    )
    done = run(
        capsys, "import", one, two, "--mapping", SAMPLES / "prizewatch_wide.toml", "--database", tmp_path / "w.duckdb",
        "--rejects", tmp_path / "bad.csv",
    )  # fmt: skip
    assert (done["read"], done["accepted"], done["rejected"]) == (3, 2, 1)
    with (tmp_path / "bad.csv").open(encoding="utf-8-sig", newline="") as text:
        assert [(r["prizewatch_file"], r["prizewatch_line"]) for r in csv.DictReader(text)] == [("2.csv", "2")]


# What cannot be used: a sentence, nothing written.


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"report\n1\n", "lacks columns that the mapping needs: report_no"),
        (b"", "is empty"),
        (b"report_no,\xff\xff\n", "neither UTF-8 nor GB18030"),
    ],
)
def test_unusable_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str) -> None:
    good, bad = wide(tmp_path / "good.csv", {}), tmp_path / "bad.csv"
    bad.write_bytes(content)
    arguments = ["import", str(good), str(bad), "--mapping", str(SAMPLES / "prizewatch_wide.toml")]
    assert main([*arguments, "--database", str(tmp_path / "w.duckdb"), "--json"], ENVIRON, NOW) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.csv", "good.csv"]


def test_a_reference_mapping_is_refused_by_a_live_register_and_by_another_clock(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_wide(capsys, wide(tmp_path / "w.csv", {}))
    sample = ["import", str(SAMPLES / "cfpb_sample.csv"), "--mapping", str(SAMPLES / "cfpb_sample.toml"), "--database"]
    assert main([*sample, str(tmp_path / "w.duckdb")], ENVIRON, NOW) == 2
    assert "is a register of kind live" in capsys.readouterr().err
    other = tmp_path / "o.duckdb"
    Register.open(other, settings_for(other), kind=Kind.REFERENCE, clock_on=date(2016, 4, 28), now=NOW).close()
    assert main([*sample, str(other)], ENVIRON, NOW) == 2
    assert "clock" in capsys.readouterr().err
    with Register.open(other, settings_for(other), now=NOW) as register:
        assert register.version().commit_no == 0


def test_rejects_never_overwrite_the_file_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = wide(tmp_path / "w.csv", {"refused_on": "2026-08-01"})
    import_wide(capsys, file, "--rejects", file, code=2)
    first = import_wide(capsys, file)["rejects"]
    second = import_wide(capsys, Path(first))["rejects"]
    assert first != second
    assert Path(first).exists()


def test_a_busy_register_is_exit_3(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = wide(tmp_path / "w.csv", {})
    import_wide(capsys, file)
    with opened(tmp_path):
        import_wide(capsys, file, code=3)
