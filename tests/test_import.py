"""Imports: real files whose figures are counted again by plain csv code, and made ones that break in every way."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from conftest import NOW, settings_for

from pipelines import decode, imports
from pipelines.__main__ import main
from pipelines.check import check
from pipelines.mapping import read_mapping
from pipelines.rejects import Rejects
from prizewatch.settings import Settings
from prizewatch.store import Kind, Register

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
ENVIRON = {"PRIZEWATCH_SECRET_KEY": "0123456789abcdef" * 4, "LANG": "en_GB.UTF-8"}

FULL = {"SPF", "GDR", "GEX", "GRS", "CRC", "ACJ"}
PART = {"AMT", "BLR", "SCR", "Cash Amount - Consumer Restitution from Escrow"}
NONE = {"NSA", "NSP", "CIN", "ATS", "RTH", "RTO", "RMF", "NVR", "ULV", "OOB"}
STOPPED = {"CWC", "CTA", "NCR", "ULC"}


def run(capsys: pytest.CaptureFixture[str], *arguments: object, now: datetime = NOW, code: int = 0) -> dict[str, Any]:
    """A command with --json: its one object."""
    assert main([*map(str, arguments), "--json"], ENVIRON, now) == code
    out = capsys.readouterr().out
    return dict(json.loads(out)) if out else {}


def raw_rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(file)]


def american(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def imported(settings: Settings, name: str, rejects: Path | None = None) -> tuple[Register, imports.Tally]:
    mapping = read_mapping(SAMPLES / f"{name}.toml")
    register = Register.open(None, settings, kind=mapping.kind, clock_on=mapping.clock_on, now=NOW)
    writer = Rejects(rejects, decode.look(SAMPLES / f"{name}.csv").columns, always=False)
    tally = imports.import_files(
        register, mapping, [decode.look(SAMPLES / f"{name}.csv")], writer, NOW, chunk_rows=1500
    )
    writer.finish()
    return register, tally


def counted(register: Register, sql: str) -> dict[Any, int]:
    with register.read() as cur:
        return {row[0]: row[-1] for row in cur.execute(sql).fetchall()}


@pytest.fixture(scope="module")
def new_york(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, imports.Tally, Path]]:
    folder = tmp_path_factory.mktemp("nyc")
    register, tally = imported(settings_for(folder / "x.duckdb"), "nyc_mediated_2018", folder / "rejects.csv")
    yield register, tally, folder / "rejects.csv"
    register.close()


@pytest.fixture(scope="module")
def cfpb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, imports.Tally]]:
    register, tally = imported(settings_for(tmp_path_factory.mktemp("cfpb") / "x.duckdb"), "cfpb_sample")
    yield register, tally
    register.close()


def folded(name: str) -> str:
    """A name as organizers are told apart: spaces and capitals make no other."""
    return " ".join(name.split()).casefold()


def named(register: Register) -> Counter[str]:
    """Disputes of each organizer that is named; each name is one organizer."""
    rows = counted(register, "SELECT display_name, sum(disputes)::BIGINT FROM mart.organizer WHERE named GROUP BY 1")
    names = Counter({folded(name): n for name, n in rows.items()})
    assert (
        len(names) == len(rows) == sum(counted(register, "SELECT 1, count(*) FROM mart.organizer WHERE named").values())
    )
    return names


def nyc_right() -> list[dict[str, str]]:
    return [
        r
        for r in raw_rows("nyc_mediated_2018.csv")
        if american(r["Mediation Close Date"]) >= american(r["Mediation Start Date"])
    ]


def nyc_code(row: dict[str, str]) -> str:
    result = row["Complaint Result"]
    return result if result in PART else result.rpartition(" - ")[2]


def test_new_york_read_is_accepted_known_and_rejected(new_york: tuple[Register, imports.Tally, Path]) -> None:
    _, tally, rejects = new_york
    assert (tally.read, tally.accepted, tally.known, tally.rejected) == (4495, 4491, 0, 4)
    assert tally.by_rule["event.closed_on.before_entered"] == 4
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))
    lines = (SAMPLES / "nyc_mediated_2018.csv").read_text("utf-8").split("\n")
    assert [lines[int(row["prizewatch_line"]) - 1] for row in told] == [row["prizewatch_raw"] for row in told]
    assert {american(r["Mediation Close Date"]) < american(r["Mediation Start Date"]) for r in told} == {True}


def test_new_york_totals_are_those_of_the_raw_file(new_york: tuple[Register, imports.Tally, Path]) -> None:
    register, _, _ = new_york
    right = nyc_right()
    assert len(right) == 4491
    codes = Counter(nyc_code(row) for row in right)
    assert set(codes) == FULL | PART | NONE | STOPPED

    def total(which: set[str]) -> int:
        return sum(codes[code] for code in which)

    status = counted(register, "SELECT status, count(*) FROM mart.dispute GROUP BY 1")
    assert status == {
        "resolved_full": total(FULL),
        "resolved_partial": total(PART),
        "closed_unresolved": total(NONE),
        "open": total(STOPPED),
    }
    # Satisfied are just those who got relief, the file's own column says, and one who was not asked.
    satisfied = Counter(r["Satisfaction"] for r in right)
    assert satisfied == {"Yes": 2427, "No": 1402, "NA": 661, "": 1}
    assert status["resolved_full"] + status["resolved_partial"] == satisfied["Yes"] + satisfied[""]
    asked = "SELECT 1, count(*) FROM log.filing WHERE partial_accepted_on IS NOT NULL"
    assert counted(register, asked) == {1: sum(r["Satisfaction"] == "Yes" and nyc_code(r) in PART for r in right)}
    resolution = "SELECT stage, {0} FROM mart.resolution"
    assert counted(register, resolution.format("sum(reached)::BIGINT") + " GROUP BY 1") == {"s5_mediation": 4491}
    decided = counted(register, resolution.format("sum(decided)::BIGINT") + " GROUP BY 1")
    assert decided == {"s5_mediation": total(FULL) + total(PART) + total(NONE)}


def test_new_york_money_months_and_organizers(new_york: tuple[Register, imports.Tally, Path]) -> None:
    register, _, _ = new_york
    right = nyc_right()
    cents = sum(round(float(r["Restitution"]) * 100) for r in right if nyc_code(r) in FULL | PART)
    assert counted(register, "SELECT 1, sum(relief_cents)::BIGINT FROM mart.dispute") == {1: cents}
    months = Counter(american(r["Mediation Start Date"]).replace(day=1) for r in right)
    assert counted(register, "SELECT month, sum(disputes)::BIGINT FROM mart.month GROUP BY 1") == months
    names = Counter(folded(r["Business Name"]) for r in right)
    nameless = names.pop("")
    assert nameless == 151
    assert named(register) == names
    alone = counted(
        register, "SELECT disputes, count(*) FROM mart.organizer WHERE organizer_type = 'unknown' GROUP BY 1"
    )
    assert alone == {1: nameless}  # never pooled
    assert counted(register, "SELECT kind, 1 FROM meta.register") == {"reference": 1}
    assert register.as_of(NOW) == date(2016, 4, 28) == max(american(r["Mediation Close Date"]) for r in right)


def test_cfpb_totals_are_those_of_the_raw_file(cfpb: tuple[Register, imports.Tally]) -> None:
    register, tally = cfpb
    assert (tally.read, tally.accepted, tally.known, tally.rejected) == (3186, 3169, 11, 6)
    assert tally.by_rule == {"mapping.date_order": 6}
    once = {tuple(row.items()): row for row in raw_rows("cfpb_sample.csv")}.values()
    right = [r for r in once if american(r["Date sent to company"]) >= american(r["Date received"])]
    assert len(right) == 3169
    response = Counter(r["Company response to consumer"] for r in right)
    relief = [r for r in right if "relief" in r["Company response to consumer"]]
    outcomes = counted(register, "SELECT outcome, count(*) FROM log.stage_event GROUP BY 1")
    assert outcomes == {
        "relief_partial": len(relief),
        "rejected": response["Closed with explanation"] + response["Closed"],
        "no_response": response["Untimely response"],
        "pending": response["In progress"],
    }
    assert counted(register, "SELECT status, count(*) FROM mart.dispute GROUP BY 1") == {
        "resolved_partial": len(relief),
        "closed_unresolved": outcomes["rejected"] + outcomes["no_response"],
        "open": response["In progress"],
    }
    companies = Counter(folded(r["Company"]) for r in right)
    assert named(register) == companies


@pytest.mark.parametrize("name", ["new_york", "cfpb"])
def test_everything_fits_together_after_an_import(name: str, request: pytest.FixtureRequest) -> None:
    assert check(request.getfixturevalue(name)[0], NOW) == []


def test_the_same_file_twice_adds_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, database = "cfpb_sample", tmp_path / "r.duckdb"
    arguments = ("import", SAMPLES / f"{name}.csv", "--mapping", SAMPLES / f"{name}.toml", "--database", database)
    first = run(capsys, *arguments)
    assert (first["accepted"], first["known"]) == (3169, 11)
    second = run(capsys, *arguments)
    assert (second["read"], second["accepted"], second["known"], second["rejected"]) == (3186, 0, 3180, 6)
    assert second["version"] == first["version"]


# Our own flat layout, with rules of a live register.

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
