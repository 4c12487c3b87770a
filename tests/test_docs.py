"""Documents tell the truth: settings, commands, columns, pages, dependencies, licences, and the size of the rooms."""

from __future__ import annotations

import argparse
import importlib.metadata
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from pipelines.__main__ import parser
from prizewatch import datasets, exports, sitemap
from prizewatch.i18n import language
from prizewatch.settings import VARIABLES
from prizewatch.store import Register
from scripts.data_dictionary import dictionary, log_columns, log_meaning
from tests.handed_out import packed

ROOT = Path(__file__).resolve().parent.parent
READMES = {"en": ROOT / "README.md", "zh-CN": ROOT / "README.zh-CN.md"}
DOCUMENTS = [
    *READMES.values(),
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "data" / "samples" / "README.md",
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
MEGABYTE = 1_000_000


def tracked() -> list[Path]:
    """Files under version control; where there is no git, everything a release would hold."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode == 0 and done.stdout:
        return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    made = (".venv", "__pycache__", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis")
    return [path for path in ROOT.rglob("*") if path.is_file() and not set(path.relative_to(ROOT).parts) & set(made)]


def cells(text: str, first: str) -> list[str]:
    """The cells of the table row whose first cell is `first`."""
    for line in text.splitlines():
        row = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if row and row[0] == first:
            return row
    return []


def options(one: argparse.ArgumentParser) -> set[str]:
    """The names of a command's options, without --help."""
    return {name for action in one._actions for name in action.option_strings if name.startswith("--")} - {"--help"}


def commands() -> dict[str, argparse.ArgumentParser]:
    top = parser(language("en"))
    return next(a for a in top._actions if isinstance(a, argparse._SubParsersAction)).choices


@pytest.mark.parametrize("lang", READMES)
def test_every_setting_stands_in_the_readme_with_default_and_meaning(lang: str) -> None:
    text = READMES[lang].read_text("utf-8")
    for variable in VARIABLES:
        row = cells(text, f"`PRIZEWATCH_{variable.name}`")
        assert row, variable.name
        assert row[1] == (f"`{variable.default}`" if variable.default else ""), variable.name
        if lang == "en":
            assert row[2] == variable.meaning
        else:
            assert re.search(r"[\u4e00-\u9fff]{4}", row[2]), variable.name
    told = set(re.findall(r"`PRIZEWATCH_(\w+)`", text))
    assert told == {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("lang", READMES)
def test_every_command_and_option_stands_in_the_readme(lang: str) -> None:
    text = READMES[lang].read_text("utf-8")
    shared = {"--json", "--lang"}
    for name, one in commands().items():
        rows = [line for line in text.splitlines() if line.startswith(f"| `{name} ")]
        assert len(rows) == 1, name
        assert set(re.findall(r"--[a-z-]+", rows[0])) | shared == options(one), name
    for option in shared:
        assert f"`{option}" in text


@pytest.mark.parametrize("lang", READMES)
def test_every_page_stands_in_the_readme_by_its_name(lang: str) -> None:
    text, _ = READMES[lang].read_text("utf-8"), language(lang)
    for page in sitemap.PAGES:
        assert cells(text, _(f"shell.nav.{page}")), page


def test_both_readmes_say_the_same_commands_and_show_the_same_pictures() -> None:
    blocks = {
        lang: re.findall(r"```\w+\n(.*?)```", path.read_text("utf-8"), re.DOTALL) for lang, path in READMES.items()
    }
    assert len(blocks["en"]) >= 4
    same = {lang: [re.sub(r'PRIZEWATCH_OPERATOR="[^"]+"', "", b) for b in found] for lang, found in blocks.items()}
    assert same["en"] == same["zh-CN"]
    pictures = {lang: re.findall(r"screenshots/([\w-]+)\.", path.read_text("utf-8")) for lang, path in READMES.items()}
    assert len(pictures["en"]) >= 3
    assert pictures["en"] == pictures["zh-CN"]


def test_every_make_command_is_written_down_and_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    told = set(re.findall(r"`make ([a-z]+)", "".join(path.read_text("utf-8") for path in DOCUMENTS)))
    assert told == targets, "every command in a document, every command of a document in the Makefile"
    ci = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert {"make check", "make test"} <= set(ci)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_pictures_of_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", path.read_text("utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_pictures_are_light() -> None:
    pictures = list((ROOT / "docs" / "screenshots").glob("*.png"))
    assert pictures
    assert {path.name: path.stat().st_size for path in pictures if path.stat().st_size > 250_000} == {}


def test_the_data_dictionary_is_the_codes_own() -> None:
    assert (ROOT / "data" / "README.md").read_text("utf-8") == dictionary(), "run: make dictionary"


def test_every_column_of_the_log_has_a_class_and_a_meaning(register: Register) -> None:
    with register.read() as cur:
        there = cur.execute(
            """SELECT schema_name || '.' || table_name, column_name
               FROM duckdb_columns() WHERE schema_name IN ('log', 'meta')"""
        ).fetchall()
    described = {(table, column) for table, columns in log_columns().items() for column, _ in columns}
    assert described >= {(table, column) for table, column in there}
    for table, column in there:
        privacy, meaning = log_meaning(table, column)
        assert privacy in ("public", "restricted", "secret")
        assert meaning.endswith((".", "?"))


def test_every_column_of_every_file_is_explained_in_both_languages(register: Register) -> None:
    readme = packed(register)["README.md"].decode("utf-8")
    text = (ROOT / "data" / "README.md").read_text("utf-8")
    for data in datasets.datasets(register):
        head = exports.csv_bytes(data).decode("utf-8-sig").splitlines()[0].split(",")
        assert head == [column.name for column in data.columns]
        part = text.split(f"### {data.file}\n")[1].split("\n##")[0]
        for column in data.columns:
            assert cells(part, f"`{column.name}`"), column.name
            for lang in READMES:
                assert f"| `{column.name}` | {language(lang)(column.key)} |" in readme


def test_the_changelog_knows_this_version_or_what_comes() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    entries = re.findall(r"^## \[([^\]]+)\]", text, re.MULTILINE)
    assert entries
    assert entries[0] in ("Unreleased", PROJECT["project"]["version"])


def test_each_dependency_has_its_line_of_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    for requirement in wanted:
        line = next(line for line in text.splitlines() if line.strip().startswith(f'"{requirement}"'))
        assert re.search(r"#\s+\S+(\s+\S+)?", line), requirement


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==([\w.]+)", path.read_text("utf-8"), re.MULTILINE))


def test_the_locks_hold_every_dependency_with_hashes_and_agree() -> None:
    run, dev = pins(ROOT / "requirements.lock"), pins(ROOT / "requirements-dev.lock")

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[<>=!~ \[;]", requirement)[0] for requirement in requirements}

    assert names(PROJECT["project"]["dependencies"]) <= set(run)
    assert names(PROJECT["dependency-groups"]["dev"]) <= set(dev)
    assert run.items() <= dev.items()
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        assert "://" not in text
        assert "--find-links" not in text
        entries = re.split(r"^(?=[a-z0-9][\w.-]*==)", text, flags=re.MULTILINE)[1:]
        assert all("--hash=sha256:" in entry for entry in entries)


def test_what_runs_the_register_may_be_used_under_apache() -> None:
    """No licence that would reach over to this program's own code."""
    missing = []
    for name in pins(ROOT / "requirements.lock"):
        try:
            data = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:  # locked for another system or another Python
            continue
        classes = [c for c in data.get_all("Classifier") or [] if c.startswith("License")]
        words = " ".join([data["License-Expression"] or "", (data["License"] or "")[:100], *classes])
        if not words.strip():
            missing.append(name)
        copyleft = re.search(
            r"(?<!L)\bA?GPL|General Public License(?! \(LGPL)", words.replace("Lesser General Public License", "LGPL")
        )
        assert not copyleft, (name, words)
    assert missing == []


def test_our_own_licence_and_those_of_the_samples_are_told() -> None:
    assert PROJECT["project"]["license"] == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")[:200]
    samples = (ROOT / "data" / "samples" / "README.md").read_text("utf-8")
    for path in (ROOT / "data" / "samples").glob("*.csv"):
        assert path.name in samples
    assert re.search(r"public domain|NYC Open Data", samples)


def test_rooms_stay_small_and_have_names() -> None:
    limits = {"pages": 150, "prizewatch": 400, "pipelines": 400, "tests": 400, "scripts": 400}
    for path in tracked():
        relative = path.relative_to(ROOT)
        if path.suffix == ".py":
            assert path.stem not in ("utils", "util", "common", "helpers", "misc"), relative
            lines = len(path.read_text("utf-8").splitlines())
            assert lines <= limits.get(relative.parts[0], 400), (relative, lines)
        if path.suffix == ".sql":
            assert len(path.read_text("utf-8").splitlines()) <= 400, relative


def test_every_room_of_the_register_is_on_the_map_once() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    told = re.findall(r"`([\w/]+)`", text.split("### Rooms of `prizewatch/` by topic")[1].split("\n## ")[0])
    there = {path.stem for path in (ROOT / "prizewatch").glob("*.py")} - {"__init__"}
    assert sorted(told) == sorted(there | {"stats/", "importing/"})


def test_nothing_big_and_nothing_made_is_tracked() -> None:
    files = tracked()
    assert {path.relative_to(ROOT).as_posix() for path in files if path.stat().st_size > MEGABYTE} == set()
    made = (".duckdb", ".key", ".wal", ".pyc", ".parquet", ".log")
    assert [path.name for path in files if path.name.endswith(made)] == []
    assert "uv.lock" not in {path.name for path in files}


def test_no_address_of_an_index_and_no_path_of_a_machine_is_tracked() -> None:
    index = re.compile(r"https?://[^ \"']+/(simple|packages)/")
    machine = re.compile(r"(?<![\w.])/(root|work|home/\w+|Users/\w+|opt/\w+)/(?!\.\.\.)")
    found = []
    for path in tracked():
        if path.suffix in (".png", ".gz", ".xlsx", ".csv", ".svg"):
            continue
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if index.search(line) or machine.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert found == []
