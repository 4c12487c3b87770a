"""Canaries in what is said when something is wrong: errors over HTTP, errors of commands, what both write to the log.

What is right is read in test_privacy, test_package, test_api_data, test_api_organizers, test_casefile_consent; what a
browser gets and what the site writes to its log meanwhile in e2e/test_canaries.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from pipelines.__main__ import main
from prizewatch import identity
from prizewatch.api_schema import document
from prizewatch.errors import RegisterBusy
from prizewatch.store import Register
from tests.canaries import WORDS, found_in
from tests.conftest import NOW, settings_for
from tests.log_by_hand import rows_of
from tests.programs import Program, report, request
from tests.test_import_wide import SAMPLES, wide

V1 = "/api/v1"
#: Kinds of organizers; the first is listed without its name, the others are not there.
KINDS = ("masked", "once", "person", "rich", "gone", *("reject", "remove", "hold", "merge", "ask"))
HANDLES = tuple(f"canary_{kind}_handle" for kind in KINDS)
LANGS = ({"Accept-Language": "en"}, {"Accept-Language": "zh-CN"})


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Whatever a test does, nothing of it stands in the log."""
    caplog.set_level(logging.DEBUG)
    yield
    lines = [record.getMessage() for record in caplog.get_records("call")]
    assert [line for line in lines if found_in(line)] == []


def keys_of(register: Register) -> list[str]:
    """Every number and key a hidden row has, as somebody might ask for it."""
    columns = "dispute_id, draw_id, organizer_id, event_id, receipt_hash, reporter_key"
    rows = rows_of(register, f"SELECT {columns} FROM log.filing")
    return sorted({str(value) for row in rows for value in row.values() if isinstance(value, str | UUID)})


def test_no_wrong_address_tells_of_what_is_hidden(canaries: Register) -> None:
    program, nobody = Program(lambda: canaries), "ZZZZ-ZZZZ"
    hidden = [identity.public_code(identity.organizer_id(canaries.key, "wechat", handle)) for handle in HANDLES[1:]]
    keys = keys_of(canaries)
    assert len(keys) > 100
    for lang in LANGS:
        absent = program.ask("GET", f"{V1}/organizers/{nobody}", headers=lang)
        for name in (*hidden, *keys[::15], *HANDLES[:2], WORDS["reporter"]):
            said = program.ask("GET", f"{V1}/organizers/{name}", headers=lang)
            assert (said.status_code, said.content) == (404, absent.content), name
            for path in (f"releases/{name}/release.zip", f"datasets/{name}.csv", f"reports/{name}"):
                told = program.ask("GET", f"{V1}/{path}", headers=lang)
                assert (told.status_code, found_in(told.content)) == (404, []), path
                assert name not in told.text
    for query in ("limit=canary", "q=" + "canary" * 20, "type=canary", "canary=1", "sort=canary", "offset=canary"):
        told = program.ask("GET", f"{V1}/organizers?{query}")
        assert (told.status_code, found_in(told.content.replace(b"canary=1", b""))) == (400, []), query


def test_a_report_like_a_hidden_one_is_answered_as_any_other(canaries: Register) -> None:
    """Whoever knows the account and the draw of a hidden report learns nothing by filing the like, right or wrong."""
    program, answers = Program(lambda: canaries), {}
    for handle in ("never_seen_before", *HANDLES):
        for name, change in {
            "right": {},
            "wrong": {"dispute_reason": "moon", "draw_time": "2031-01-01T00:00:00"},
        }.items():
            one = report(handle.removesuffix("_handle"), **change) | {"organizer_handle": handle}
            told = program.file(request(one), key=f"key-{name}-{handle}")
            said = json.loads(told.content)
            for receipt in said.get("receipts", ()):
                receipt.pop("code")
            assert found_in(json.dumps(said).replace(handle, "")) == [], (handle, name)
            answers.setdefault(name, set()).add((told.status_code, json.dumps(said)))
    assert {name: len(different) for name, different in answers.items()} == {"right": 1, "wrong": 1}
    assert {status for status, _ in answers["right"] | answers["wrong"]} == {201, 422}


def asked() -> list[tuple[str, str]]:
    """Every method and address of the document, filled in."""
    given = {"{code}": "ZZZZ-ZZZZ", "{number}": "1", "{name}": "organizers"}
    found = []
    for path, methods in document()["paths"].items():
        for name, value in given.items():
            path = path.replace(name, value)
        query = "?host_platform=wechat&handle=x" if path.endswith("lookup") else ""
        found += [(method.upper(), f"{path}{query}") for method in methods if method in ("get", "post")]
    return found


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("Canary narrative"), 500), (RegisterBusy("errors.busy", path="canary"), 503)]
)
def test_whatever_fails_inside_is_a_sentence_at_every_address(error: Exception, status: int) -> None:
    def broken() -> Register:
        raise error

    program, addresses = Program(broken), asked()
    assert len(addresses) == 20
    for method, path in addresses:
        told = program.file(request(report())) if method == "POST" else program.ask(method, path, headers=LANGS[0])
        if path == f"{V1}/health":
            assert told.status_code in (500, 503)
            assert found_in(told.content) == []
            continue
        assert (told.status_code, found_in(told.content)) == (status, []), path
        assert told.json()["message"].endswith("."), path
        assert told.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("command", "exits"),
    [
        ("marts", 0), ("advisor", 0), ("daily", 0), ("check", None), ("export --out OUT", 0), ("export --out FILE", 2),
        *((f"casefile --organizer {code} --out OUT", 2) for code in ("MASKED", "PERSON", "canary_person_handle")),
        ("erase --dispute canary", 2), ("erase --receipt CANARY-CANARY", 2), ("moderator list", 0),
        ("backup --out FILE", 2), ("demo", 2), ("restore FILE", 2), ("restore COPY", 2),
    ],
)  # fmt: skip
def test_no_command_says_anything_of_them(
    command: str, exits: int | None, canaries_path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(canaries_path, path)
    settings = settings_for(path)
    taken = tmp_path / "taken"
    taken.write_text("in the way")
    with Register.open(path, settings, now=NOW) as register:
        codes = {
            kind: identity.public_code(identity.organizer_id(register.key, "wechat", f"canary_{kind.lower()}_handle"))
            for kind in ("MASKED", "PERSON")
        }
    words = {"OUT": str(tmp_path / "out"), "FILE": str(taken), "COPY": str(canaries_path), **codes}
    arguments = [words.get(word, word) for word in command.split()]
    environ = {"PRIZEWATCH_SECRET_KEY": settings.secret_key}
    for extra in ([], ["--json"], ["--lang", "en"]):
        try:
            done: Any = main([*arguments, *extra, "--database", str(path)], environ, NOW)
        except SystemExit as stop:
            done = stop.code
        assert exits is None or done == exits, (command, extra)
    said = capfd.readouterr()
    given = [word for word in arguments if "canary" in word.casefold()]
    told = said.out + said.err
    for word in (str(tmp_path), str(path), *given):
        told = told.replace(word, "")
    assert found_in(told) == []


@pytest.mark.parametrize("extra", [[], ["--json"]])
def test_a_file_that_is_read_in_and_a_register_that_is_brought_back_are_not_quoted(
    extra: list[str], canaries_path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """What was refused stands in the file of rejects, and nowhere else."""
    columns = {"draw_title": WORDS["draw_title"], "refusal_text": WORDS["refusal_text"], "reporter": WORDS["reporter"]}
    faults = ({"claim_made_on": "canary day"}, {"organizer_type": "canary kind"}, {"prize_value": "-7002.02"}, {})
    file, rejects, path = wide(tmp_path / "w.csv", *({**columns, **one} for one in faults)), tmp_path / "r.csv", "w.db"
    environ = {"PRIZEWATCH_SECRET_KEY": settings_for(tmp_path / path).secret_key}
    mapping = str(SAMPLES / "prizewatch_wide.toml")
    read = ["import", str(file), "--mapping", mapping, "--rejects", str(rejects), "--database", str(tmp_path / path)]
    assert main([*read, *extra], environ, NOW) == 0
    back = ["restore", str(canaries_path), "--database", str(tmp_path / "back.duckdb")]
    assert main([*back, *extra], environ, NOW) == 0
    assert len(rejects.read_text("utf-8-sig").splitlines()) == 4, "three rows and their head"
    assert found_in(rejects.read_bytes()) != []
    said = capfd.readouterr()
    told = (said.out + said.err).replace(str(tmp_path), "").replace(str(canaries_path), "")
    assert told
    assert found_in(told) == []


def test_the_search_for_canaries_finds_them_as_they_are_written() -> None:
    assert found_in("nothing") == found_in(b"\xff\x00") == []
    assert found_in("a CANARY here") == found_in(b"Canary") == ["canary"]
    assert found_in(f"from {WORDS['network']}") == [WORDS["network"]]
    assert found_in("¥7,002.02") == found_in("7002.02") == ["rejected"]
