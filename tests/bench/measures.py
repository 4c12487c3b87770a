"""What `make bench` measures: each function gives (ours, floor) in seconds, taken in turn in one run, so that the
ratio holds on a noisy machine."""

from __future__ import annotations

import csv
import gc
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import duckdb
from streamlit.testing.v1 import AppTest

from prizewatch import crosstables, edge, intake, queries
from prizewatch.intake import Batch, Source
from prizewatch.settings import PROJECT
from prizewatch.store import Register
from tests.intake_rows_by_hand import Rows

FORM = Source("form", trusted=False)
SAMPLE = PROJECT / "data" / "samples" / "nyc_mediated_2018.csv"
Pair = tuple[float, float]


def timed(work: Callable[[], object]) -> float:
    """Seconds one call takes."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ours: Callable[[], object], floor: Callable[[], object], times: int = 15) -> Pair:
    """Medians of two works done in turn, after one of each that is not counted."""
    ours(), floor()
    pairs = [(timed(ours), timed(floor)) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def page(register: Register, name: str, *, missed: bool) -> Pair:
    """Server time of one page's script against an empty page. `missed`: nothing is kept from before."""
    edge.serve(lambda: register)
    app = AppTest.from_file(str(PROJECT / "pages" / "shell.py"), default_timeout=300)
    app.query_params["lang"] = "zh-CN"
    app.run()
    if name == "organizer":
        listed = queries.search_organizers(register, sort="disputes").frame
        app.query_params["id"] = str(listed["public_code"].iloc[0])
    if name != "overview":
        app.switch_page(f"{name}.py")
    empty = AppTest.from_string("import streamlit as st\nst.title('empty')", default_timeout=60)

    def ours() -> None:
        if missed:
            edge.kept().clear()
            crosstables._made.clear()
        app.run()
        if app.exception:
            raise RuntimeError(f"{name}: {app.exception[0].value}")

    return in_turn(ours, empty.run, times=5 if missed else 11)


def report(n: int) -> Batch:
    """A report nobody filed before."""
    change = {
        "network": f"10.0.{n % 200}.{n % 250}",
        "organizer_handle": f"gh_bench_{n % 500}",
        "event_id": str(uuid4()),
    }
    return Rows().add(str(uuid4()), change).batch()


def submission(register: Register, folder: Path) -> Pair:
    """One durable submission through every rule, marts and data version included, against a bare one-row commit."""
    bare = duckdb.connect(str(folder / f"bare_{uuid4()}.duckdb"))
    bare.execute("CREATE TABLE t (id UUID, n BIGINT)")
    moment, count = edge.now(), iter(range(10**9))

    def ours() -> None:
        if intake.accept(register, report(next(count)), FORM, moment).accepted != 1:
            raise RuntimeError("the benchmark's own report was not accepted")

    pair = in_turn(ours, lambda: bare.execute("INSERT INTO t VALUES (?, 1)", [uuid4()]), times=41)
    bare.close()
    return pair


def crowd(register: Register, people: int = 32, each: int = 8) -> Pair:
    """Of 32 people who submit at once: seconds a submission altogether, and the p95 that one of them waits."""
    moment = edge.now()
    batches = [[report(person * each + turn) for turn in range(each)] for person in range(people)]
    waits: list[float] = []

    def person(mine: list[Batch]) -> None:
        for batch in mine:
            began = time.perf_counter()
            intake.accept(register, batch, FORM, moment)
            waits.append(time.perf_counter() - began)

    start = time.perf_counter()
    with ThreadPoolExecutor(people) as pool:
        list(pool.map(person, batches))
    return (time.perf_counter() - start) / (people * each), statistics.quantiles(waits, n=20)[-1]


def rebuild(register: Register) -> Pair:
    """All marts anew from the log, against one scan of the columns it reads."""

    def scan() -> None:
        with register.read() as cur:
            for table in ("filing", "stage_event", "evidence", "organizer"):
                cur.execute(f"SELECT bit_xor(hash(t)) FROM log.{table} t").fetchall()

    return in_turn(lambda: register.rebuild(edge.now()), scan, times=3)


def search(register: Register) -> Pair:
    """Search by name, over all listed names, against a plain scan of the same table."""
    with register.read() as cur:
        names = [
            n for (n,) in cur.execute("SELECT name FROM mart.organizer_name ORDER BY hash(name) LIMIT 8").fetchall()
        ]

        def plain() -> None:
            for name in names:
                cur.execute("SELECT count(*) FROM mart.organizer_name WHERE contains(name, ?)", [name[:2]]).fetchall()

        def ours() -> None:
            for name in names:
                queries.search_organizers(register, name[:2])

        return in_turn(ours, plain, times=5)


def numbered_sample(path: Path, rows: int) -> None:
    """A file of the New York sample's shape: its rows again and again, each business numbered, so that all differ."""
    with SAMPLE.open(encoding="utf-8-sig", newline="") as file:
        head, *records = list(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(head)
        for n in range(rows):
            record = records[n % len(records)]
            out.writerow([f"{record[0] or 'NAMELESS'} {n // len(records)}", *record[1:]])


def imported(folder: Path, rows: int, run: Callable[[list[str]], int]) -> Pair:
    """An import of a CSV file (decoded, every rule, logged, folded, marts) against reading all its columns as text."""
    path, database = folder / f"sample_{rows}.csv", folder / f"import_{rows}.duckdb"
    numbered_sample(path, rows)
    command = [
        "import",
        str(path),
        "--mapping",
        str(SAMPLE.with_suffix(".toml")),
        "--database",
        str(database),
        "--json",
    ]
    start = time.perf_counter()
    if run(command) != 0:
        raise RuntimeError("the benchmark's import failed")
    ours = time.perf_counter() - start
    bare = duckdb.connect(str(folder / f"read_{rows}.duckdb"))
    start = time.perf_counter()
    bare.execute(f"CREATE TABLE t AS SELECT * FROM read_csv('{path}', all_varchar = true)")
    floor = time.perf_counter() - start
    bare.close()
    return ours, floor
