"""The package others work with: a validator, a spreadsheet and three parsers read it; any machine makes its bytes."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import duckdb
import frictionless
import pandas as pd
import pyarrow.parquet as pq
import pytest

from prizewatch import api_data, datasets, intake, package, releases
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from tests.canaries import found_in, plant
from tests.conftest import NOW, ROOT, settings_for
from tests.handed_out import handed_out
from tests.marts_by_hand import example


@pytest.fixture(scope="module")
def made() -> Iterator[list[datasets.Dataset]]:
    """The tables of the register behind the golden files: it holds a name that is a formula, Chinese, days and `<5`."""
    register = example()
    yield datasets.datasets(register)
    register.close()


@pytest.fixture(scope="module")
def files(made: list[datasets.Dataset]) -> dict[str, bytes]:
    return package.files(made, package.Edition(1, made[0].as_of, "1", "live"))


@pytest.fixture(scope="module")
def folder(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip, unpacked."""
    place = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(io.BytesIO(files[package.ZIP])) as archive:
        archive.extractall(place)
    return place


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_frictionless_finds_nothing_wrong(folder: Path) -> None:
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["code", "message"])
    assert len(report.tasks) == 2 * len(datasets.NAMES)


def test_frictionless_would_find_a_wrong_cell(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "bent")
    table = tmp_path / "bent" / "datasets" / "monthly.csv"
    table.write_bytes(table.read_bytes().replace(b"2025-08-01", b"2025-13-01", 1))
    assert not frictionless.validate(str(tmp_path / "bent" / "datapackage.json")).valid


def test_every_fingerprint_is_that_of_its_file(folder: Path, files: dict[str, bytes]) -> None:
    told = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text("utf-8").splitlines())
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert {
        name: hashlib.sha256(content).hexdigest() for name, content in there.items() if name != "SHA256SUMS"
    } == told
    beside = {name for name in files if name.endswith(".json") and name != package.DESCRIPTOR}
    assert set(there) == set(files) - beside - {package.ZIP}
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
    assert {one["path"]: one["hash"] for one in described} == {
        name: f"sha256:{told[name]}" for name in told if name.startswith("datasets/")
    }


def test_a_citation_names_the_data_and_says_when_they_are_invented(made: list[datasets.Dataset], folder: Path) -> None:
    cited = (folder / "CITATION.cff").read_text("utf-8")
    for lang in LANGUAGES:
        assert language(lang)("exports.title") in cited
        assert language(lang)("exports.title") in language(lang)("downloads.cite.text"), "as the page cites it"
    assert "abstract:" not in cited
    demo = package.files(made, package.Edition(1, made[0].as_of, "1", "demo"))
    with zipfile.ZipFile(io.BytesIO(demo[package.ZIP])) as archive:
        cited = archive.read("CITATION.cff").decode()
    assert f'abstract: "{language("en")("exports.readme.demo").strip("*")}"' in cited


def test_the_licence_is_there_word_by_word_and_named_everywhere(folder: Path) -> None:
    """The text is that of npm's caniuse-lite and of Debian's libuv1, which agree: legalcode.txt of Creative Commons."""
    whole = (folder / "CC-BY-4.0.txt").read_bytes()
    assert hashlib.sha256(whole).hexdigest() == "fd3a263fe19ed8faa9068b43abaebafc02c77897b0c6fc09abc04bb592e5f16e"
    notice = (folder / "LICENSE.txt").read_text("utf-8")
    described = json.loads((folder / "datapackage.json").read_text("utf-8"))["licenses"]
    for said in (notice, json.dumps(described), (folder / "CITATION.cff").read_text("utf-8")):
        assert "CC-BY-4.0" in said
    assert notice.startswith("SPDX-License-Identifier: CC-BY-4.0\nhttps://creativecommons.org/licenses/by/4.0/\n")
    assert described[0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    for lang in LANGUAGES:
        assert "CC-BY-4.0.txt" in language(lang)("exports.licence.text")
        assert "CC-BY-4.0.txt" in language(lang)("exports.readme.beside")


def test_every_column_is_in_the_dictionary_and_the_other_way_round(folder: Path) -> None:
    fields = {
        one["name"]: [field["name"] for field in one["schema"]["fields"]]
        for one in json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"]
        if "schema" in one
    }
    assert tuple(fields) == datasets.NAMES
    readme = (folder / "README.md").read_text("utf-8")
    for name, columns in fields.items():
        assert rows(folder / "datasets" / f"{name}.csv")[0] == columns
        assert pq.read_schema(folder / "datasets" / f"{name}.parquet").names == columns
        for code in LANGUAGES:
            title = language(code)(f"exports.{name}.title")
            part = readme.split(f"## {name}.csv: {title}\n")[1].split("\n#")[0]
            told = [line.split("`")[1] for line in part.splitlines() if line.startswith("| `")]
            assert told == columns


@pytest.mark.parametrize("name", datasets.NAMES)
def test_three_parsers_parquet_and_json_agree_cell_by_cell(name: str, folder: Path, files: dict[str, bytes]) -> None:
    path = folder / "datasets" / f"{name}.csv"
    head, *body = rows(path)
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    assert (frame.columns.tolist(), frame.to_numpy().tolist()) == (head, body)
    read = f"FROM read_csv('{path}', all_varchar = true, nullstr = '\x01', header = true)"
    assert [list(row) for row in duckdb.execute(read).fetchall()] == body
    table = pq.read_table(path.with_suffix(".parquet"))
    raw = json.loads(files[f"datasets/{name}.json"])
    assert raw["total"] == len(body)
    assert [{k: str(v) for k, v in row.items()} for row in raw["rows"]] == [
        {k: str(v) for k, v in row.items()} for row in table.to_pylist()
    ]
    for line, row in zip(body, table.to_pylist(), strict=True):
        assert [cell.removeprefix("'") for cell in line] == [_text(value) for value in row.values()]


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    return "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this machine")
def test_a_spreadsheet_opens_the_csv_and_gives_it_back_as_text(folder: Path, tmp_path: Path) -> None:
    """One set for China, which takes 3-4 for a day of March."""
    names = ("organizers", "monthly", "platform_action", "repeat_organizers", "moderation")
    # Read as UTF-8 (76), in Chinese (2052), every column guessed; written as UTF-8, cells as they are shown.
    read, write = (f"Text - txt - csv (StarCalc):44,34,76,1,,{end}" for end in ("2052,false,true", "0,false,true"))
    office = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    sources = [str(folder / "datasets" / f"{name}.csv") for name in names]
    for step in (
        ["ods", f"--infilter={read}", "--outdir", str(tmp_path), *sources],
        [f"csv:{write}", "--outdir", str(tmp_path), *(str(tmp_path / f"{name}.ods") for name in names)],
    ):
        subprocess.run([*office, *step], check=True, capture_output=True)
    everything = ""
    for name in names:
        back, wanted = rows(tmp_path / f"{name}.csv"), rows(folder / "datasets" / f"{name}.csv")
        assert back[0] == wanted[0]
        assert len(back) == len(wanted)
        # Shares come back without their last noughts; all else cell by cell.
        same = [i for i, head in enumerate(wanted[0]) if not any("." in line[i] for line in wanted[1:])]
        assert len(same) >= 6
        for got, line in zip(back[1:], wanted[1:], strict=True):
            assert [got[i].removeprefix("'") for i in same] == [line[i].removeprefix("'") for i in same]
        everything += "\n".join(",".join(line) for line in back)
    for text in ("=cmd|' /C calc'!A0", "<5", "…", "3-4", "10+", "2025-08-01", "幸运商城"):
        assert text in everything


SAME = """
import sys
from tests.conftest import NOW, settings_for
from pathlib import Path
from prizewatch import releases
from prizewatch.store import Register
path = Path(sys.argv[1])
with Register.open(path, settings_for(path), now=NOW) as register:
    print(releases.make(register, NOW).sha256["release.zip"])
"""


def test_the_zip_of_the_demo_is_the_same_on_another_machine(demo_path: Path, tmp_path: Path) -> None:
    """Two processes that differ in the order of sets, in time zone, in language and in the day they run."""
    told = set()
    for n, env in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C.UTF-8"},
            {"PYTHONHASHSEED": "77", "TZ": "America/New_York", "LANG": "zh_CN.UTF-8", "LC_ALL": "POSIX"},
        )
    ):
        copy = tmp_path / str(n) / "demo.duckdb"
        copy.parent.mkdir()
        shutil.copy(demo_path, copy)
        done = subprocess.run(
            [sys.executable, "-c", SAME, str(copy)],
            cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.add(done.stdout.strip())
    assert len(told) == 1
    assert len(told.pop()) == 64


def test_no_canary_is_in_any_file(canaries: Register) -> None:
    files = handed_out(canaries, NOW)
    with canaries.read() as cur:
        keys = cur.execute("SELECT DISTINCT reporter_key FROM log.filing").fetchall()
    assert len(files) == 39
    assert any(b"Visible Shop" in content for content in files.values())
    for name, content in files.items():
        assert found_in(content) == [], name
        assert not [key for (key,) in keys if key.encode() in content], name


def test_a_name_that_may_no_longer_be_shown_goes_at_once_and_from_earlier_releases_too(tmp_path: Path) -> None:
    from prizewatch import identity
    from tests.log_by_hand import decision, put

    with Register.open(None, settings_for(tmp_path / "register.duckdb"), now=NOW) as register:
        plant(register)
        first = releases.make(register, NOW)
        assert releases.make(register, NOW) == first
        assert b"Visible Shop" in releases.read(first, "organizers", "csv").read_bytes()
        packed = api_data.opened(first, "datasets/organizers.csv", packed=True).packed
        assert packed is not None
        assert packed.exists()
        named = identity.organizer_id(register.key, "wechat", "gh_namedshop")
        put(register, moderation=[decision(named, "unname", kind="organizer")])
        second = releases.make(register, NOW)
        assert second.number == 2
        assert releases.all(register) == [second]
        assert not first.folder.exists()
        assert not packed.exists()
        assert all(b"Visible Shop" not in content for content in handed_out(register, NOW).values())


def test_a_former_name_stays_in_earlier_releases_as_long_as_its_page_says_it(tmp_path: Path) -> None:
    """Only a name that is taken back goes: from the latest at once, from an earlier one without a new release."""
    from prizewatch import identity, queries
    from tests.canaries import reports
    from tests.intake_rows_by_hand import IMPORT, Rows
    from tests.log_by_hand import decision, organizer, put

    def numbers(day: int) -> list[int]:
        releases.make(register, NOW + timedelta(days=day))
        return [release.number for release in releases.all(register)]

    def says(name: str) -> list[int]:
        found = [r.number for r in releases.all(register) if name in releases.read(r, "organizers", "csv").read_text()]
        assert found == [r.number for r in releases.all(register) if name in {shown for _, shown in r.names}]
        return found

    with Register.open(None, settings_for(tmp_path / "register.duckdb"), now=NOW) as register:
        plant(register)
        assert numbers(0) == [1]
        shop = identity.organizer_id(register.key, "wechat", "gh_namedshop")
        called = {"handle": "gh_namedshop", "seen_on": NOW.date(), "legal_nature": "company"}
        first, later = (
            organizer(shop, display_name=name, **called) | {"event_id": uuid4()}
            for name in ("Visible Shop", "New Name")
        )
        put(register, organizer=[first, later])
        accepted = decision(shop, "accept_name", kind="organizer", related_id=later["event_id"])
        put(register, moderation=[accepted])
        more = Rows()
        reports(more, "news", 5, organizer_handle="gh_news", organizer_display="News Ltd")
        assert intake.accept(register, more.batch(), IMPORT, NOW).rejected == 0
        assert numbers(1) == [1, 2]
        assert (says("Visible Shop"), says("New Name")) == ([1], [2])
        profile = queries.organizer(register, identity.public_code(shop))
        assert profile is not None
        assert "Visible Shop" in set(profile.aliases.query("kind == 'former'")["name"])
        put(register, moderation=[decision(shop, "decline_name", kind="organizer", related_id=first["event_id"])])
        assert numbers(1) == [2], "the name of the first is no longer said anywhere"
        assert (says("Visible Shop"), says("New Name")) == ([], [2])
        put(register, moderation=[
            decision(shop, "decline_name", kind="organizer", related_id=later["event_id"]),
            decision(shop, "accept_name", kind="organizer", related_id=first["event_id"]),
        ])  # fmt: skip
        assert numbers(1) == [3], "a name that was taken back waits for no day"
        assert (says("Visible Shop"), says("New Name")) == ([3], [])


def test_a_page_of_rows_is_that_part_of_the_table_wherever_it_begins(
    demo: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releases, "PIECE_ROWS", 7)
    release = releases.current(demo, NOW)
    whole = pq.read_table(releases.read(release, "monthly", "parquet")).to_pylist()
    assert len(whole) > 30
    for offset, limit in ((0, 5), (5, 7), (6, 20), (len(whole) - 3, 10), (len(whole), 5), (0, len(whole) + 1)):
        assert releases.rows(release, "monthly", offset, limit) == whole[offset : offset + limit]
