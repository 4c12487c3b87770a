"""The command line: commands, exit codes, languages, and that a backup is a register again."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipelines.__main__ import COMMANDS, chosen_language, main
from prizewatch import past, releases
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import Register
from tests.conftest import NOW, ROOT, settings_for

ENVIRON = {"PRIZEWATCH_SECRET_KEY": settings_for(Path("x")).secret_key, "LANG": "en_US.UTF-8"}


@pytest.fixture
def database(reference_path: Path, tmp_path: Path) -> Path:
    """A copy of the New York register to work on."""
    return Path(shutil.copy(reference_path, tmp_path / "r.duckdb"))


def run(*arguments: object, code: int = 0, environ: dict[str, str] = ENVIRON) -> None:
    assert main([str(a) for a in arguments], environ, NOW) == code


@pytest.mark.parametrize(
    ("arguments", "environ", "lang"),
    [
        ([], {"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ([], {"LANG": "en_US.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ([], {}, "zh-CN"),
        (["check", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["check", "--lang=zh-CN"], {"LC_ALL": "C"}, "zh-CN"),
    ],
)
def test_the_language_of_the_command_line(arguments: list[str], environ: dict[str, str], lang: str) -> None:
    assert chosen_language(arguments, environ).code == lang


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_in_both_languages(capsys: pytest.CaptureFixture[str], command: str, lang: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help", "--lang", lang] if command else ["--help", f"--lang={lang}"], {}, NOW)
    assert ended.value.code == 0
    about = f"cli.{command}.about" if command else "cli.description"
    assert language(lang)(about) in " ".join(capsys.readouterr().out.split())


def test_wrong_arguments_are_exit_2_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["marts"], ENVIRON, NOW)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert "--database" in told.err
    assert told.out == ""


@pytest.mark.parametrize("command", ["marts", "daily", "check", "export", "backup"])
def test_a_register_that_is_not_there_is_exit_2_and_is_not_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    more = ["--out", str(tmp_path / "out")] if command in ("export", "backup") else []
    run(command, "--database", tmp_path / "none.duckdb", *more, code=2)
    assert "There is no file" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_command_holds_off_while_the_register_is_held(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Register.open(database, settings_for(database), now=NOW):
        for command in (["marts"], ["daily"], ["check"], ["export", "--out", "o"], ["backup", "--out", "b"]):
            run(
                *command[:1],
                "--database",
                database,
                *[a if a == "--out" else tmp_path / a for a in command[1:]],
                code=3,
            )
            told = capsys.readouterr()
            assert "Another program holds the register" in told.err
            assert told.out == ""


def test_a_process_of_its_own_is_held_off_too(database: Path) -> None:
    with Register.open(database, settings_for(database), now=NOW):
        done = subprocess.run(
            [sys.executable, "-m", "pipelines", "check", "--database", str(database), "--lang", "zh-CN"],
            cwd=ROOT,
            env={**ENVIRON, "PATH": "/usr/bin", "PYTHONUTF8": "1"}, capture_output=True, check=False, encoding="utf-8",
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (3, "")
    assert "登记库" in done.stderr


def test_a_register_of_a_newer_version_is_exit_3(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("INSERT INTO meta.migration VALUES (9999, 'from the future', now()::TIMESTAMP)")
    run("check", "--database", database, code=3)
    assert "newer version" in capsys.readouterr().err


def test_what_is_no_register_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "text.duckdb"
    path.write_text("no register " * 1000)
    run("check", "--database", path, code=2)
    assert "cannot be read as a register" in capsys.readouterr().err


def test_export_writes_the_bytes_of_the_buttons(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "out"
    run("export", "--database", database, "--out", out, "--json")
    told = json.loads(capsys.readouterr().out)
    with Register.open(database, settings_for(database), now=NOW) as register:
        release = releases.current(register, NOW)
        assert told["version"] == str(register.version()) == str(release.version)
    written = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert written == {name: (release.folder / name).read_bytes() for name in release.sha256}
    assert {"release.zip", "datapackage.json", "datasets/monthly.csv"} <= set(written)
    assert told["sha256"] == {name: hashlib.sha256(content).hexdigest() for name, content in written.items()}
    assert told["files"]["datasets/monthly.csv"] > 0
    run("export", "--database", database, "--out", database, code=2)


def test_marts_are_made_anew(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("UPDATE mart.month SET disputes = disputes + 1")
        con.execute("DELETE FROM mart.reason")
    run("check", "--database", database, "--json", code=1)
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [(p["code"], p["where"]) for p in problems] == [("mart", "mart.month"), ("mart", "mart.reason")]
    run("check", "--database", database, "--json", code=1)  # looking repaired nothing
    capsys.readouterr()
    run("marts", "--database", database, "--json")
    assert json.loads(capsys.readouterr().out)["disputes"] == 4491
    run("check", "--database", database, "--json")
    assert json.loads(capsys.readouterr().out)["problems"] == []


ONE = "WHERE event_id IN (SELECT event_id FROM log.{0} ORDER BY event_id DESC LIMIT 1)"
BROKEN = {
    ("orphan", "log.stage_event.dispute_id"): "UPDATE log.stage_event SET dispute_id = uuid() "
    + ONE.format("stage_event"),
    ("code", "log.filing.prize_kind"): "UPDATE log.filing SET prize_kind = 'gold' " + ONE.format("filing"),
    ("twice", "log.filing: dispute_id, version"): (
        "UPDATE log.filing SET dispute_id = (SELECT dispute_id FROM log.filing ORDER BY event_id LIMIT 1) "
        + ONE.format("filing")
    ),
    ("orphan", "log.moderation.subject_id"): "UPDATE log.moderation SET subject_id = uuid() "
    + ONE.format("moderation"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_check_finds_what_does_not_fit(
    database: Path, capsys: pytest.CaptureFixture[str], what: tuple[str, str]
) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute(BROKEN[what])
    run("check", "--database", database, "--json", code=1)
    assert what in [(p["code"], p["where"]) for p in json.loads(capsys.readouterr().out)["problems"]]
    for lang in LANGUAGES:
        run("check", "--database", database, "--lang", lang, code=1)
        told = capsys.readouterr().out
        assert what[1] in told
        assert (language(lang)("cli.check.go_back") in told) == (what[0] != "mart"), (
            "what to do, where no command helps"
        )


def test_a_backup_is_the_register_again(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy, again = tmp_path / "backup" / "copy.duckdb", tmp_path / "again.duckdb"
    run("export", "--database", database, "--out", tmp_path / "out")
    capsys.readouterr()
    run("backup", "--database", database, "--out", copy, "--json")
    told = json.loads(capsys.readouterr().out)
    run("restore", copy, "--database", again, "--json")
    restored = json.loads(capsys.readouterr().out)
    assert restored["version"] == told["version"]
    first, same = (past.beside(path) / "1" for path in (database, again))
    files = {p.relative_to(first): p for p in first.rglob("*") if p.is_file()}
    assert told["releases"] == restored["releases"] == 1
    assert len(files) > 10
    for name, path in files.items():
        assert (same / name).read_bytes() == path.read_bytes()
        assert (same / name).stat().st_mode == path.stat().st_mode
    with duckdb.connect(str(database)) as a:
        a.execute(f"ATTACH '{again}' AS b (READ_ONLY)")
        for table in ("log.filing", "log.stage_event", "log.organizer", "mart.dispute"):
            missing = a.execute(f"SELECT count(*) FROM (FROM {table} EXCEPT ALL FROM b.{table})").fetchall()
            assert missing == [(0,)]
    run("check", "--database", again)


def test_nothing_is_overwritten(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there"
    there.write_text("mine")
    run("backup", "--database", database, "--out", there, code=2)
    copy = tmp_path / "copy.duckdb"
    run("backup", "--database", database, "--out", copy)
    run("restore", copy, "--database", there, code=2)
    assert "will not be overwritten" in capsys.readouterr().err
    assert there.read_text() == "mine"
    run("restore", there, "--database", tmp_path / "new.duckdb", code=2)
    assert not (tmp_path / "new.duckdb").exists()


def test_the_key_is_no_part_of_a_backup_and_both_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    environ = {"LANG": "en"}
    sample = ROOT / "data" / "samples" / "cfpb_sample"
    database, copy, again = (tmp_path / name for name in ("a.duckdb", "copy.duckdb", "b.duckdb"))
    run(
        "import",
        sample.with_suffix(".csv"),
        "--mapping",
        sample.with_suffix(".toml"),
        "--database",
        database,
        environ=environ,
    )
    run("backup", "--database", database, "--out", copy, environ=environ)
    assert f"keep {database}.key safe" in capsys.readouterr().out
    assert Path(f"{database}.key").read_bytes().strip() not in copy.read_bytes()
    run("restore", copy, "--database", again, environ=environ)
    assert f"put it at {again}.key" in capsys.readouterr().out
    run("check", "--database", again, code=3, environ=environ)
    shutil.copy(f"{database}.key", f"{again}.key")
    run("check", "--database", again, environ=environ)


def test_a_bad_setting_is_a_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    run("check", "--database", tmp_path / "x", code=2, environ={"PRIZEWATCH_THREADS": "many", "LANG": "en"})
    assert capsys.readouterr().err == "PRIZEWATCH_THREADS must be a whole number, not many.\n"


def test_json_is_the_only_output(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        ["marts"],
        ["check"],
        ["export", "--out", str(tmp_path / "o")],
        ["backup", "--out", str(tmp_path / "b")],
    ):
        run(*command, "--database", database, "--json")
        out = capsys.readouterr().out
        assert out.count("\n") == 1
        assert isinstance(json.loads(out), dict)


def test_every_error_and_rule_has_words() -> None:
    """Every key that the code may say is in both catalogues."""
    wanted: set[str] = set()
    for path in [*(ROOT / "pipelines").glob("*.py"), *(ROOT / "prizewatch").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if re.fullmatch(r"(errors|cli)(\.\w+)+", node.value):
                    wanted.add(node.value)
                if path.parent.name == "pipelines" and re.fullmatch(r"(row|mapping)\.\w+", node.value):
                    wanted.add(f"cli.rule.{node.value}")
    assert len(wanted) > 40
    for lang in LANGUAGES:
        assert [key for key in sorted(wanted) if not language(lang).has(key)] == []
