"""How the data routes of the running site bear 32 programs at once, against its health route under the same load."""

from __future__ import annotations

import http.client
import itertools
import json
import statistics
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from prizewatch.datasets import NAMES
from scripts.server import Server

from .measures import Pair

AT_ONCE, REQUESTS, WARM = 32, 10_000, 200
Question = tuple[str, dict[str, str], int]  # path, headers, the status it should have


def questions(server: Server) -> list[Question]:
    """What programs ask: every table in every form, packed, in parts and unchanged, and organizers."""

    def ask(path: str) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request("GET", path)
        response = connection.getresponse()
        return response, response.read()

    tables = [f"/api/v1/datasets/{name}.{kind}" for name in NAMES for kind in ("csv", "parquet", "json")]
    tag = ask(tables[0])[0].headers["etag"]
    listed = json.loads(ask("/api/v1/organizers?limit=20")[1])["organizers"]
    found = [f"/api/v1/organizers/{one['public_code']}" for one in listed]
    return [
        *((path, headers, 200) for path in tables for headers in ({}, {"Accept-Encoding": "gzip"})),
        *((tables[0], {"If-None-Match": tag}, 304) for _ in range(20)),
        *((f"/api/v1/datasets/monthly.json?offset={n}&limit=10", {}, 200) for n in range(0, 100, 10)),
        *((path, {"Accept-Encoding": "gzip"}, 200) for path in found),
        *((f"/api/v1/organizers?offset={n}", {}, 200) for n in range(0, 100, 10)),
        ("/api/v1/datasets", {}, 200), ("/api/v1/releases", {}, 200), ("/api/v1/datapackage.json", {}, 200),
        ("/api/v1/organizers/ZZZZ-ZZZZ", {}, 404), (tables[0], {"Range": "bytes=0-99"}, 206),
    ]  # fmt: skip


def crowd(port: int, asked: Sequence[Question], requests: int) -> list[float]:
    """Seconds of each request, 32 at once over connections that are kept. Raises on any answer but the one expected."""
    turn = itertools.cycle(asked)
    waits: list[float] = []
    lock, left = threading.Lock(), iter(range(requests))

    def program() -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
            while True:
                with lock:
                    if next(left, None) is None:
                        return
                    path, headers, status = next(turn)
                began = time.perf_counter()
                connection.request("GET", path, headers=headers)
                response = connection.getresponse()
                response.read()
                waits.append(time.perf_counter() - began)
                if response.status != status:
                    raise RuntimeError(f"{path}: {response.status}, not {status}")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(program) for _ in range(AT_ONCE)]:
            done.result()
    return waits


def data_routes(database: Path) -> Pair:
    """p95 of 10,000 requests over the data routes, and p95 of the health route, both with 32 at once."""
    with Server(database) as server:
        asked, health = questions(server), [("/api/v1/health", {}, 200)]
        crowd(server.port, asked, WARM)
        # Both in turn, so that a busy machine slows both.
        rounds = [
            (crowd(server.port, asked, REQUESTS // 5), crowd(server.port, health, REQUESTS // 10)) for _ in range(5)
        ]
    ours, floor = (list(itertools.chain.from_iterable(parts)) for parts in zip(*rounds, strict=True))
    assert len(ours) == REQUESTS
    return statistics.quantiles(ours, n=20)[-1], statistics.quantiles(floor, n=20)[-1]
