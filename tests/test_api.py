"""The same door for programs: what is filed, what is refused and in which words, and that it happens once."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from prizewatch import daily, identity
from prizewatch.api_schema import EXAMPLE, MOST_BYTES
from prizewatch.errors import RegisterBusy
from prizewatch.settings import Settings
from prizewatch.store import Register
from tests.conftest import NOW, settings_for
from tests.programs import REPORTS, Program, report, request


@pytest.fixture
def program(register: Register) -> Program:
    return Program(lambda: register)


@pytest.fixture(scope="module")
def still(house: Path) -> Iterator[Program]:
    """A program whose every request is refused: its register stays empty."""
    with Register.open(None, settings_for(house / "still.duckdb"), now=NOW) as register:
        yield Program(lambda: register)
        assert on_file(register) == [(0,)]


def on_file(register: Register, what: str = "count(*)", table: str = "log.filing") -> list[tuple[Any, ...]]:
    with register.read() as cur:
        return cur.execute(f"SELECT {what} FROM {table} ORDER BY ALL").fetchall()


def problems(response: Any) -> dict[str, str]:
    """pointer -> code"""
    return {p["pointer"]: p["code"] for p in response.json()["problems"]}


def test_the_example_is_filed_and_its_receipt_opens_it(program: Program, register: Register) -> None:
    response = program.file(EXAMPLE)
    said = response.json()
    assert (response.status_code, said["filed"], said["known"], said["warnings"]) == (201, 1, 0, [])
    code = said["receipts"][0]["code"]
    assert said["receipts"] == [{"report": 0, "code": code, "status_url": "/mine"}]
    columns = "receipt_hash, source, CAST(draw_time AS VARCHAR), conditions, prize_value, network_key"
    (filing,) = on_file(register, columns)
    network = identity.keyed(register.key, "network", "testclient")
    assert filing == (
        identity.receipt_hash(register.key, code), "api", "2026-06-01 12:00:00", "repost:yes:yes", 199, network,
    )  # fmt: skip
    assert on_file(register, "seq, stage, outcome", "log.stage_event") == [
        (1, "s1_self_check", "passed"),
        (2, "s2_organizer", "refused"),
    ]
    assert on_file(register, "kind", "log.evidence") == [("win_page",)]
    assert {n: response.headers[n] for n in ("cache-control", "x-content-type-options", "content-type")} == {
        "cache-control": "no-store", "x-content-type-options": "nosniff", "content-type": "application/json",
    }  # fmt: skip
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_every_kind_of_value_arrives_as_it_was_meant(program: Program, register: Register) -> None:
    mine = report(
        prize_value=88.5, conditions=[], reasons_secondary=["blocked_after_address", "not_shipped"], winners_count=3.0,
        draw_time="2026-06-01T12:00:00Z", paid=False,
    )  # fmt: skip
    response = program.file(request(mine))
    assert response.status_code == 201, response.json()
    columns = "prize_value, conditions, reasons_secondary, winners_count, CAST(draw_time AS VARCHAR), paid"
    assert [tuple(map(str, row)) for row in on_file(register, columns)] == [
        ("88.50", "none_stated", "blocked_after_address;not_shipped", "3", "2026-06-01 12:00:00", "False")
    ]


def test_sent_again_it_is_known_and_gets_the_same_receipts(program: Program, register: Register) -> None:
    body = request(report("a"), report("b"))
    first, again = program.file(body), program.file(json.dumps(body, indent=3, sort_keys=True).encode())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "known": 2}
    assert on_file(register) == [(2,)]
    assert program.file(body, key="key-00000002").status_code == 201


def test_a_key_that_was_used_for_other_words_is_refused(program: Program, register: Register) -> None:
    assert program.file(request(report("a"))).status_code == 201
    response = program.file(request(report("b")))
    assert (response.status_code, response.json()["error"]) == (409, "key_used")
    assert on_file(register) == [(1,)]


def test_a_forgotten_key_never_opens_what_somebody_else_filed(program: Program, register: Register) -> None:
    first = program.file(request(report("a"))).json()["receipts"][0]["code"]
    assert on_file(register, table="desk.request") == [(1,)]
    daily.run(register, NOW + timedelta(days=29))
    assert on_file(register, table="desk.request") == [(1,)]
    daily.run(register, NOW + timedelta(days=31))
    assert on_file(register, table="desk.request") == [(0,)]
    other = program.file(request(report("b")))
    assert other.status_code == 201
    assert other.json()["receipts"][0]["code"] != first
    again = program.file(request(report("a")), key="key-00000001")
    assert again.status_code == 409
    assert on_file(register) == [(2,)]


def test_nothing_of_a_request_is_filed_when_one_report_is_wrong(program: Program, register: Register) -> None:
    response = program.file(request(report("a"), report("b", refusal_mode="rude"), report("c", draw_time=None)))
    assert (response.status_code, response.json()["error"]) == (422, "rules")
    assert problems(response) == {
        "/reports/1/refusal_mode": "refusal_mode.code", "/reports/2/draw_time": "draw_time.required",
    }  # fmt: skip
    assert (on_file(register), on_file(register, table="desk.request")) == ([(0,)], [(0,)])
    late = program.file(request(report("a"), report("b", refused_on="2027-01-01")))
    assert problems(late) == {"/reports/1/refused_on": "refused_on.future"}
    assert on_file(register) == [(0,)]
    assert program.file(request(report("a"), report("b"))).status_code == 201, "a key is used up by what is filed"


BROKEN = [
    ({"prize_value": "many"}, "/reports/0/prize_value", "prize_value.type"),
    ({"prize_value": "10.005"}, "/reports/0/prize_value", "prize_value.type"),
    ({"prize_value": 10.005}, "/reports/0/prize_value", "prize_value.type"),
    ({"prize_value": 10**8}, "/reports/0/prize_value", "prize_value.too_high"),
    ({"prize_value": -1}, "/reports/0/prize_value", "prize_value.not_above_zero"),
    ({"amount_paid": -1e200, "paid": True}, "/reports/0/amount_paid", "amount_paid.below_zero"),
    ({"prize_value": 1e-300}, "/reports/0/prize_value", "prize_value.not_above_zero"),
    ({"prize_value": None}, "/reports/0/prize_value", "prize_value.required"),
    ({"reporter": None}, "/reports/0/reporter", "reporter.required"),
    ({"reporter": "   "}, "/reports/0/reporter", "reporter.required"),
    ({"is_first_hand": "true"}, "/reports/0/is_first_hand", "is_first_hand.type"),
    ({"is_first_hand": False}, "/reports/0/is_first_hand", "is_first_hand.must_be_true"),
    ({"refused_on": "05.06.2026"}, "/reports/0/refused_on", "refused_on.type"),
    ({"refused_on": "2026-06-31"}, "/reports/0/refused_on", "refused_on.type"),
    ({"draw_time": "2026-06-01 20:00"}, "/reports/0/draw_time", "draw_time.type"),
    ({"draw_time": 20260601}, "/reports/0/draw_time", "draw_time.type"),
    ({"draw_time": "0001-01-01T00:00:00+14:00"}, "/reports/0/draw_time", "draw_time.too_old"),
    ({"draw_time": "2027-01-01T00:00:00Z"}, "/reports/0/draw_time", "draw_time.future"),
    ({"winners_count": 1.5}, "/reports/0/winners_count", "winners_count.type"),
    ({"winners_count": 0}, "/reports/0/winners_count", "winners_count.too_low"),
    ({"narrative": "too short"}, "/reports/0/narrative", "narrative.too_short"),
    ({"narrative": "x" * 1001}, "/reports/0/narrative", "narrative.too_long"),
    ({"organizer_type": 5}, "/reports/0/organizer_type", "organizer_type.code"),
    ({"reasons_secondary": ["rumour"]}, "/reports/0/reasons_secondary/0", "reasons_secondary.code"),
    ({"reasons_secondary": "not_shipped"}, "/reports/0/reasons_secondary", "reasons_secondary.code"),
    ({"conditions": [{"kind": "none_stated", "stated": "yes", "met": "yes"}]}, "/reports/0/conditions/0/kind",
     "conditions.code"),
    ({"stage_events": []}, "/reports/0/stage_events", "stage_events.required"),
    ({"stage_events": None}, "/reports/0/stage_events", "stage_events.required"),
    ({"stage_events": [{"stage": "s1_self_check", "entered_on": "2026-06-02", "outcome": "won"}]},
     "/reports/0/stage_events/0/outcome", "event.outcome.code"),
    ({"evidence": [{"kind": "win_page", "form": "screenshot"}, {"kind": "rumour", "form": "screenshot"}]},
     "/reports/0/evidence/1/kind", "evidence.kind.code"),
    ({"evidence": [{"kind": "win_page"}, {"kind": 5, "form": "screenshot"}]}, "/reports/0/evidence/1/kind",
     "evidence.kind.code"),
    ({"currency": "XQX"}, "/reports/0/currency", "currency.code"),
    ({"network": "10.0.0.1"}, "/reports/0/network", "shape.unknown"),
    ({"reported_at": "2026-01-01T00:00:00Z"}, "/reports/0/reported_at", "shape.unknown"),
    ({"trap": "x"}, "/reports/0/trap", "shape.unknown"),
    ({"evidence": [{"kind": "win_page", "form": "screenshot", "sha256": "a1" * 32}]}, "/reports/0/evidence/0/sha256",
     "shape.unknown"),
    ({"a/b~c": 1}, "/reports/0/a~1b~0c", "shape.unknown"),
    ({"reporter": 5}, "/reports/0/reporter", "shape.type"),
    ({"evidence": {}}, "/reports/0/evidence", "shape.type"),
    ({"reasons_secondary": ["not_shipped", "not_shipped"]}, "/reports/0/reasons_secondary", "shape.twice"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "pointer", "code"), BROKEN, ids=[f"{c}-{n}" for n, (_, _, c) in enumerate(BROKEN)])
def test_each_problem_is_told_where_it_is(still: Program, change: Any, pointer: str, code: str) -> None:
    response = still.file(request(report(**change)))
    assert response.status_code == 422
    found = response.json()["problems"]
    assert problems(response).items() >= {pointer: code}.items()
    problem = found[[p["pointer"] for p in found].index(pointer)]
    assert len({p["pointer"] for p in found}) == len(found)
    assert problem["severity"] == "error"
    assert re.search(r"[a-z]{3}.*\.$", problem["message"])


def test_all_problems_come_at_once_each_once(still: Program) -> None:
    first = report(refusal_mode="rude", refused_on="2027-01-01", prize_value="100.001")
    second = report(stage_events=[{"stage": "s2_organizer", "entered_on": "2026-06-02", "outcome": "refused"}])
    found = problems(still.file(request(first, second)))
    assert found.items() >= {
        "/reports/0/refusal_mode": "refusal_mode.code", "/reports/0/refused_on": "refused_on.future",
        "/reports/0/prize_value": "prize_value.type",
        "/reports/1/stage_events/0/target_entity": "event.target_entity.required",
    }.items()  # fmt: skip


@pytest.mark.parametrize("body", [[], {}, {"reports": []}, {"reports": {}}, {"reports": [1]}, {"report": []}, "x", 5])
def test_another_shape_is_told_not_guessed(still: Program, body: Any) -> None:
    response = still.file(json.dumps(body).encode())
    assert response.status_code == 422
    assert {code.split(".")[0] for code in problems(response).values()} == {"shape"}


def test_at_most_twenty_reports_come_in_one_request(program: Program, register: Register) -> None:
    many = [report(f"r{n}") for n in range(21)]
    assert problems(program.file(request(*many))) == {"/reports": "shape.too_many"}
    assert program.file(request(*many[:20])).status_code == 201
    assert on_file(register) == [(20,)]


def test_a_secret_is_never_said_back(still: Program, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "canary-secret-" + "x" * 200
    answers = [
        still.file(request(report(reporter=secret, organizer_handle=secret))),
        still.file(request(report(reporter="canary-secret", winners_count="canary-secret"[:0] or 1.5))),
        still.file(request(report(reporter=["canary-secret"]))),
        still.file(b'{"reports": ["canary-secret", NaN]}'),
        still.file(request(report(reporter="canary-secret", **{"canary_field": "canary-secret"}))),
    ]
    assert {a.status_code for a in answers} == {422, 400}
    for text in [*(a.text for a in answers), caplog.text]:
        assert "canary-secret" not in text
    told = still.file(request(report(refusal_mode="rude"))).json()["problems"][0]
    assert told["value"] == "rude"


def test_the_sentence_is_in_the_language_asked_for(still: Program) -> None:
    bent = request(report(prize_value="many"))
    english = still.file(bent, lang="fr;q=0.2, en-GB;q=0.9, zh;q=0.5")
    assert english.headers["content-language"] == "en"
    assert english.json()["problems"][0]["message"].startswith("“Prize value”") or "must be an amount" in english.text
    for lang in ("zh-CN", "zh-TW,en;q=0.1", "", ";;q=x"):
        chinese = still.file(bent, lang=lang)
        assert chinese.headers["content-language"] == "zh-CN"
        assert re.search(r"[\u4e00-\u9fff]", chinese.json()["message"] + chinese.json()["problems"][0]["message"])


UNREADABLE = [
    (b"", "json"), (b"{", "json"), (b'{"reports": [],}', "json"), (b"\xef\xbb\xbf{}", "json"), (b"\xff{}", "encoding"),
    ('{"reports": "中"}'.encode("gb18030"), "encoding"), (b'{"reports": [], "reports": []}', "twice"),
    (b'{"reports": NaN}', "number"), (b'{"reports": -Infinity}', "number"),
    (b'{"reports": 1e999999999}', "number"), (b'{"reports": 1e-999999999}', "number"),
    (b'{"reports": 1' + b"0" * 5000 + b"}", "number"), (b"[" * 100_000, "deep"), (b"[" * 20 + b"]" * 20, "deep"),
    (b'{"reports": ["\\ud800"]}', "encoding"), (b'{"\\udfff": 1}', "encoding"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "error"), UNREADABLE, ids=[f"{e}-{n}" for n, (_, e) in enumerate(UNREADABLE)])
def test_what_cannot_be_read_is_refused_with_a_sentence(still: Program, body: bytes, error: str) -> None:
    response = still.file(body)
    assert (response.status_code, response.json()["error"], response.json()["problems"]) == (400, error, [])
    assert response.json()["message"].endswith(".")


@pytest.mark.parametrize(
    ("headers", "status", "error"),
    [
        ({"Content_Type": "text/plain"}, 415, "unsupported_type"),
        ({"Content_Type": ""}, 415, "unsupported_type"),
        ({"Content_Encoding": "gzip"}, 415, "unsupported_type"),
        ({"Content_Type": "application/json; charset=gbk"}, 400, "encoding"),
        ({"Content_Type": "application/json; charset=UTF-8"}, 201, None),
        ({"Idempotency_Key": ""}, 400, "key_missing"),
        ({"Idempotency_Key": "short"}, 400, "key_missing"),
        ({"Idempotency_Key": "k" * 201}, 400, "key_missing"),
        ({"Idempotency_Key": "with a blank"}, 400, "key_missing"),
    ],
)
def test_headers_are_asked_for(program: Program, headers: dict[str, str], status: int, error: str | None) -> None:
    response = program.file(json.dumps(EXAMPLE).encode(), **headers)
    assert (response.status_code, response.json().get("error")) == (status, error)


def test_too_much_is_refused_while_it_is_still_coming(program: Program) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            read.append(1)
            assert sum(read) * 1024 <= 2 * MOST_BYTES
            yield b" " * 1024

    headers = {"Idempotency-Key": "key-00000001", "Content-Type": "application/json"}
    response = program.ask("POST", data=endless(), headers=headers)
    assert (response.status_code, response.json()["error"]) == (413, "too_large")
    assert program.file(json.dumps(EXAMPLE).encode().ljust(MOST_BYTES)).status_code == 201


def test_other_methods_and_addresses_are_told(still: Program) -> None:
    for method in ("GET", "PUT", "DELETE", "PATCH", "OPTIONS"):
        response = still.ask(method)
        assert (response.status_code, response.headers["allow"]) == (405, "POST")
        assert response.json()["error"] == "method_not_allowed"
    assert still.ask("POST", "/api/v1/openapi.json").headers["allow"] == "GET, HEAD, OPTIONS"
    for path in ("/api/typo", "/api/v1/reports/", "/api/v2/reports"):
        assert (still.ask("GET", path).status_code, still.ask("POST", path).json()["error"]) == (404, "not_found")


def test_too_many_from_one_network_wait_as_long_as_it_says(settings: Settings) -> None:
    few = settings_for(settings.database, REPORTS_PER_DAY="2")
    with Register.open(None, few, now=NOW) as register:
        program = Program(lambda: register)
        assert program.file(request(report("a"), report("b"))).status_code == 201
        response = program.file(request(report("c")), key="key-00000002")
        assert (response.status_code, response.json()["error"]) == (429, "too_many")
        assert 0 < int(response.headers["retry-after"]) <= 86_400
        assert [p["code"] for p in response.json()["problems"]] == ["network.too_many"]
        assert on_file(register) == [(2,)]
        assert program.file(request(report("a"), report("b"))).status_code == 200, "what is on file is no new report"


def test_a_busy_register_asks_to_come_again() -> None:
    def busy() -> Register:
        raise RegisterBusy("errors.register.busy", path="somewhere")

    program = Program(busy)
    response = program.file(EXAMPLE)
    assert (response.status_code, response.json()["error"], response.headers["retry-after"]) == (503, "busy", "5")
    assert "somewhere" not in response.text
    health = program.ask("GET", "/api/v1/health")
    assert (health.status_code, health.json()["status"]) == (503, "busy")


def test_what_fails_inside_is_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Register:
        raise RuntimeError("canary-words")

    response = Program(broken).file(EXAMPLE)
    assert (response.status_code, response.json()["error"]) == (500, "failed")
    assert "RuntimeError" in caplog.text
    assert "canary-words" not in response.text + caplog.text


def test_health_says_the_data_version(program: Program, register: Register) -> None:
    response = program.ask("GET", "/api/v1/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok", "version": str(register.version())})
    assert program.ask("GET", REPORTS).status_code == 405
