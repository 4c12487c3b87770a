"""Imports: real files whose figures are counted again by plain csv code, and made ones that break in every way."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.__main__ import main
from pipelines.check import check
from prizewatch.importing import bring_in as imports
from prizewatch.importing import decode
from prizewatch.importing.mapping import read_mapping
from prizewatch.importing.rejects import Rejects
from prizewatch.settings import Settings
from prizewatch.store import Register
from tests.conftest import NOW, settings_for

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
