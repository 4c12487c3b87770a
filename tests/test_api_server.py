"""The API of the running site: many at once file what they should and no more, and what was acknowledged is there
when the process is killed.
"""

from __future__ import annotations

import http.client
import json
import threading
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from prizewatch import api_filing, edge, identity
from prizewatch.store import Register
from scripts.server import Server
from tests.conftest import settings_for
from tests.programs import REPORTS, report, request

KEY = {"SECRET_KEY": "0123456789abcdef" * 4}
DISTINCT, TIMES = 20, 5


def post(server: Server, name: str) -> tuple[int, dict[str, Any]]:
    """Files the report of that name, each time by the same key."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "application/json", "Idempotency-Key": f"key-of-{name}"}
    try:
        connection.request("POST", REPORTS, json.dumps(request(report(name))), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def fetch(server: Server, path: str) -> dict[str, str]:
    """The headers of an answer that is 200."""
    with urllib.request.urlopen(f"{server.url}{path}", timeout=60) as response:
        assert response.status == 200
        return {name.lower(): value for name, value in response.headers.items()}


def at_once(send: Callable[[str], Any]) -> list[tuple[str, Any]]:
    """100 threads: each of 20 reports five times, all let go in one moment."""
    names = [f"r{n % DISTINCT}" for n in range(DISTINCT * TIMES)]
    start = threading.Barrier(len(names))

    def one(name: str) -> tuple[str, Any]:
        start.wait(60)
        return name, send(name)

    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(one, names))


def receipts_on_file(path: Path) -> list[str]:
    """The receipt hashes of a closed register, opened again as the site would."""
    with Register.open(path, settings_for(path), now=edge.now()) as register, register.read() as cur:
        assert cur.execute("SELECT count(*) - count(DISTINCT dispute_id) FROM log.filing").fetchall() == [(0,)]
        return [row[0] for row in cur.execute("SELECT receipt_hash FROM log.filing").fetchall()]


def hashed(codes: set[str]) -> set[str]:
    return {identity.receipt_hash(KEY["SECRET_KEY"].encode(), code) for code in codes}


def test_a_hundred_threads_file_twenty_reports(tmp_path: Path) -> None:
    path = tmp_path / "threads.duckdb"
    with Register.open(path, settings_for(path), now=edge.now()) as register:
        answers = at_once(
            lambda name: api_filing.file(register, request(report(name)), f"key-of-{name}", "10.0.0.1", edge.now())
        )
    assert [filed.faults for _, filed in answers if filed.errors] == []
    assert sum(1 - filed.known for _, filed in answers) == DISTINCT
    codes = {(name, *filed.codes) for name, filed in answers}
    assert len(codes) == DISTINCT
    assert sorted(receipts_on_file(path)) == sorted(hashed({code for _, code in codes}))


def test_a_hundred_requests_file_twenty_reports_and_large_ones_none(tmp_path: Path) -> None:
    path = tmp_path / "site.duckdb"
    with Server(path, **KEY) as server:
        answers = at_once(lambda name: post(server, name))
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.putrequest("POST", REPORTS)
        for name, value in (("Content-Type", "application/json"), ("Idempotency-Key", "k" * 8)):
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(10**12))
        connection.endheaders(b"{")
        assert connection.getresponse().status == 413, "told before it has come"
        connection.close()
        page, document = (fetch(server, path) for path in ("/", "/api/v1/openapi.json"))
    assert "pw_device=" in page.get("set-cookie", "")
    assert "set-cookie" not in document
    assert document["x-content-type-options"] == "nosniff"
    statuses = [status for _, (status, _) in answers]
    assert (statuses.count(201), statuses.count(200)) == (DISTINCT, DISTINCT * (TIMES - 1))
    codes = {(name, said["receipts"][0]["code"]) for name, (_, said) in answers}
    assert len(codes) == DISTINCT
    assert sorted(receipts_on_file(path)) == sorted(hashed({code for _, code in codes}))
    for name, code in codes:
        assert f"{name}@example.org" not in server.log
        assert code not in server.log


@pytest.mark.slow
def test_what_was_acknowledged_is_there_after_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "killed.duckdb"
    acknowledged: dict[str, str] = {}
    enough = threading.Event()

    def keep_filing(worker: int) -> None:
        for n in range(200):
            name = f"w{worker}n{n}"
            try:
                status, said = post(server, name)
            except (OSError, http.client.HTTPException):
                return
            assert status == 201, said
            acknowledged[name] = said["receipts"][0]["code"]
            if len(acknowledged) >= 25:
                enough.set()

    with Server(path, REPORTS_PER_DAY="0", **KEY) as server:
        with ThreadPoolExecutor(8) as pool:
            filing = [pool.submit(keep_filing, worker) for worker in range(8)]
            try:
                assert enough.wait(60)
            finally:
                server.process.kill()
        assert [one.exception() for one in filing if one.exception()] == []
    on_file = receipts_on_file(path)
    assert len(on_file) == len(set(on_file))
    assert hashed(set(acknowledged.values())) <= set(on_file)
    assert len(on_file) - len(acknowledged) <= 8, "at most one a worker was on file and not yet acknowledged"
    with Register.open(path, settings_for(path, REPORTS_PER_DAY="0"), now=edge.now()) as register:
        for name, code in list(acknowledged.items())[-3:]:
            again = api_filing.file(register, request(report(name)), f"key-of-{name}", "127.0.0.1", edge.now())
            assert (again.codes, again.known) == ([code], 1)
