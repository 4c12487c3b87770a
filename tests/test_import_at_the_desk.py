"""Importing at the desk: a try writes nothing, the same files then come in, nobody waits, and nobody else may."""

from __future__ import annotations

import csv
import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from prizewatch import audit
from prizewatch.access import Actor
from prizewatch.errors import NotAllowed, UnusableInput
from prizewatch.importing import jobs, trial
from prizewatch.store import Register
from tests.conftest import SAMPLES, settings_for
from tests.intake_rows_by_hand import DISPUTE, NOW
from tests.reporter import Reporter

ADA, BO = Actor("ada", "admin"), Actor("bo", "moderator")
MAPPING = """
[source]
name = "test"
row_key = ["row"]

[dispute]
same_names = true

[[events]]
stage = { value = "s1_self_check" }
entered_on = "claim_made_on"
outcome = { value = "passed" }
"""


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    path = tmp_path_factory.mktemp("import") / "register.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as opened:
        yield opened


def rows(number: int, first: int = 0, **spoiled: str) -> bytes:
    """A CSV file of so many reports, the last of them spoiled."""
    out = io.StringIO()
    writer = csv.DictWriter(out, ["row", *DISPUTE], lineterminator="\n")
    writer.writeheader()
    for n in range(first, first + number):
        row = {**DISPUTE, "row": str(n), "reporter": f"{n}@example.org", "organizer_handle": f"gh_{n % 50}"}
        writer.writerow(row | (spoiled if n == first + number - 1 else {}))
    return out.getvalue().encode()


def done(register: Register, job: jobs.Job) -> jobs.Job:
    assert job.ended.wait(120)
    assert job.problem is None, job.problem
    return job


def on_file(register: Register) -> int:
    with register.read() as cur:
        return int(cur.execute("SELECT count(*) FROM log.filing").fetchall()[0][0])


def test_a_try_writes_nothing_and_then_the_same_files_come_in_once(register: Register) -> None:
    files, mapping = [("rows.csv", rows(30, prize_kind="no such kind"))], ("map.toml", MAPPING.encode())
    before = register.version()
    tried = done(register, jobs.start(register, ADA, files, mapping, NOW, dry_run=True))
    assert tried.tally is not None
    assert (tried.tally.read, tried.tally.accepted, tried.tally.rejected) == (30, 29, 1)
    assert (register.version(), on_file(register)) == (before, 0)
    rejected = tried.rejects.decode("utf-8-sig").splitlines()
    assert len(rejected) == 2
    assert "no such kind" in rejected[1]
    real = done(register, jobs.start(register, ADA, files, mapping, NOW, dry_run=False))
    assert real.tally is not None
    assert (real.tally.accepted, real.share) == (29, 1.0)
    assert on_file(register) == 29
    again = done(register, jobs.start(register, ADA, files, mapping, NOW, dry_run=True))
    assert again.tally is not None
    assert (again.tally.accepted, again.tally.known) == (0, 29)
    noted = audit.entries(register, action="import.run")["detail"].tolist()
    assert noted == ["dry run", real.mark[:12], "dry run"]


def test_only_what_was_tried_may_be_imported(register: Register) -> None:
    mapping = ("map.toml", MAPPING.encode())
    done(register, jobs.start(register, ADA, [("a.csv", rows(2, 500))], mapping, NOW, dry_run=True))
    with pytest.raises(UnusableInput, match=r"errors\.import\.not_tried"):
        jobs.start(register, ADA, [("a.csv", rows(3, 500))], mapping, NOW, dry_run=False)


def test_nobody_but_an_admin_imports(register: Register) -> None:
    for actor in (BO, Actor("x", "visitor")):
        with pytest.raises(NotAllowed):
            jobs.start(register, actor, [("a.csv", b"a")], ("m", b"m"), NOW, dry_run=True)


@pytest.mark.parametrize(
    ("files", "mapping", "key"),
    [
        ([], b"x", "no_file"),
        ([("a.csv", b"a")], b"", "no_file"),
        ([("a.csv", b"a" * (jobs.MOST_BYTES + 1))], b"x", "too_large"),
        ([("a.csv", b"a")] * (jobs.MOST_FILES + 1), b"x", "too_large"),
    ],
    ids=["no file", "no mapping", "too large", "too many"],
)
def test_what_cannot_be_begun_is_told(
    files: list[tuple[str, bytes]], mapping: bytes, key: str, register: Register
) -> None:
    with pytest.raises(UnusableInput, match=rf"errors\.import\.{key}"):
        jobs.start(register, ADA, files, ("map.toml", mapping), NOW, dry_run=True)


@pytest.mark.parametrize(
    ("file", "mapping", "key"),
    [
        (b"row\n1\n", b"[source", "errors.mapping.toml"),
        (b"", MAPPING.encode(), "errors.file.empty"),
        (b"other\n1\n", MAPPING.encode(), "errors.mapping.columns_missing"),
        (b"row\n1\n", (SAMPLES / "nyc_mediated_2018.toml"), "errors.import.kind"),
    ],
    ids=["no TOML", "empty", "no column", "another register"],
)
def test_what_is_wrong_with_the_files_is_told_by_their_own_names(
    file: bytes, mapping: bytes | Path, key: str, register: Register
) -> None:
    content = mapping.read_bytes() if isinstance(mapping, Path) else mapping
    job = jobs.start(register, ADA, [("../../up/rows.csv", file)], ("map.toml", content), NOW, dry_run=True)
    assert job.ended.wait(60)
    assert job.problem is not None
    found, values = job.problem
    assert found == key
    assert not any("/" in str(value) for name, value in values.items() if name == "path"), values


def test_while_a_large_file_comes_in_reports_are_filed_and_counted_at_once(register: Register) -> None:
    files, mapping = [("rows.csv", rows(8000, 10_000))], ("map.toml", MAPPING.encode())
    done(register, jobs.start(register, ADA, files, mapping, NOW, dry_run=True))
    job = jobs.start(register, ADA, files, mapping, NOW, dry_run=False)
    with pytest.raises(UnusableInput, match=r"errors\.import\.running"):
        jobs.start(register, ADA, files, mapping, NOW, dry_run=True)
    waits = []
    while not job.ended.is_set():
        begun = time.perf_counter()
        me = Reporter(register, f"meanwhile {len(waits)}")
        waits.append(time.perf_counter() - begun)
        with register.read() as cur:
            counted = cur.execute("SELECT count(*) FROM mart.dispute WHERE dispute_id = ?", [me.id]).fetchall()
        assert counted[0][0] == 1
        time.sleep(0.05)
    done(register, job)
    assert job.tally is not None
    assert job.tally.accepted == 8000
    print(f"{len(waits)} reports filed meanwhile, the slowest took {max(waits):.2f} s")
    assert waits
    assert max(waits) < 20


def sheet(corner: str) -> bytes:
    """A workbook with two cells: A1 and the one in this corner."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    inside = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    row = corner.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    leads = "<Relationships xmlns='{}/relationships'><Relationship Id='rId1' Type='{}/{}' Target='{}'/></Relationships>"
    parts = {
        "[Content_Types].xml": f"<Types xmlns='{package}/content-types'/>",
        "_rels/.rels": leads.format(package, inside, "officeDocument", "xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": leads.format(package, inside, "worksheet", "worksheets/sheet1.xml"),
        "xl/workbook.xml": f"<workbook xmlns='{main}' xmlns:r='{inside}'><sheets>"
        "<sheet name='a' sheetId='1' r:id='rId1'/></sheets></workbook>",
        "xl/worksheets/sheet1.xml": f"<worksheet xmlns='{main}'><sheetData><row r='1'><c r='A1' t='inlineStr'>"
        f"<is><t>row</t></is></c></row><row r='{row}'><c r='{corner}'><v>1</v></c></row></sheetData></worksheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in parts.items():
            packed.writestr(name, text)
    return out.getvalue()


@pytest.mark.parametrize("corner", ["XFD10000", "XFD1048576"])
def test_a_small_workbook_that_asks_for_all_memory_ends_only_its_trial(register: Register, corner: str) -> None:
    content = sheet(corner)
    assert len(content) < 2000
    job = jobs.start(register, ADA, [("list.xlsx", content)], ("m.toml", MAPPING.encode()), NOW, dry_run=True)
    assert job.ended.wait(120)
    assert job.problem == ("errors.import.bomb", {"path": "list.xlsx"})


def test_an_honest_workbook_passes_its_trial(tmp_path: Path) -> None:
    path = tmp_path / "honest.xlsx"
    path.write_bytes(sheet("A20000"))
    trial.attempt(path)
