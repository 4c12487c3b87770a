"""`make bench`: ratios of one run, never single times. `--small` measures 10 thousand disputes only.

python -m tests.bench [--small] [--disputes N ...] [--http] [--campaigns] [--coverage [--seeds N] [--write]]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import os
import sys
import tempfile
from pathlib import Path

from pipelines.__main__ import main as pipelines
from pipelines.demo import make_demo
from prizewatch import edge, sitemap
from prizewatch import settings as settings_module
from prizewatch.store import Register

from .. import campaign
from . import coverage, http_routes, measures

#: Ratio a figure should stay under (see the project's performance targets).
PAGE_KEPT, PAGE_MISSED, SUBMISSION, CROWD, IMPORT, REBUILD, SEARCH = 3.0, 6.0, 25.0, 1.0, 4.0, 15.0, 8.0
#: How much slower the large register may be than the small one: pages and submissions.
GROWTH = 1.3
CROWD_P95 = 0.05  # seconds
DATA_ROUTES = 4.0  # a file is opened, read and sent; the health route says one word

Ratios = dict[str, float]


def line(what: str, size: int, pair: measures.Pair, target: float) -> float:
    """One row of the table: the ratio, and the two times it is made of. Returns our time."""
    ours, floor = pair
    ratio = ours / floor
    verdict = "met" if ratio <= target else "missed"
    times = f"{ours * 1e3:10.2f} ms / {floor * 1e3:8.2f} ms"
    print(f"{what:<44}{size:>10,}{ratio:>9.1f}x  target {target:>4.3g}x  {verdict:<7}{times}", flush=True)
    return ours


def quietly(arguments: list[str]) -> int:
    """A command without its words."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        return pipelines(arguments, os.environ, edge.now())


def measure(size: int, folder: Path) -> Ratios:
    """All rows for one size of register. Returns the times that should not grow with it."""
    took: Ratios = {}
    settings = settings_module.read(os.environ)
    database = folder / f"demo_{size}.duckdb"
    make_demo(database, settings, disputes=size, now=edge.now())
    with Register.open(database, settings, now=edge.now()) as register:
        for name in sitemap.PAGES:
            what = f"page {name}"
            took[what] = line(f"{what} / empty page", size, measures.page(register, name, missed=False), PAGE_KEPT)
        for name in sitemap.PAGES:
            line(
                f"page {name}, nothing kept / empty page", size, measures.page(register, name, missed=True), PAGE_MISSED
            )
        line("search a name / scan the names", size, measures.search(register), SEARCH)
        line("rebuild of all marts / scan", size, measures.rebuild(register), REBUILD)
        one = measures.submission(register, folder)
        took["one submission"] = line("one submission / bare commit", size, one, SUBMISSION)
        each, p95 = measures.crowd(register)
        line("one of 32 at once / bare commit", size, (each, one[1]), CROWD)
        line("p95 of 32 at once / 50 ms", size, (p95, CROWD_P95), 1.0)
    data_routes(size, database)
    line("import of a CSV / read_csv", size, measures.imported(folder, size, quietly), IMPORT)
    return took


def print_campaigns() -> None:
    """The cost curve of simulated campaigns against an honest organizer."""
    with tempfile.TemporaryDirectory() as folder:
        for row in campaign.curve(Path(folder)):
            print(row, flush=True)


def data_routes(size: int, database: Path) -> None:
    """10,000 requests over HTTP; ends the run if one of them fails."""
    line("p95 of 32 data requests at once / health", size, http_routes.data_routes(database), DATA_ROUTES)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--small", action="store_true", help="10 thousand disputes only")
    parser.add_argument("--disputes", type=int, nargs="*", help="other sizes")
    parser.add_argument("--http", action="store_true", help="only: 10,000 requests to the data routes")
    parser.add_argument("--coverage", action="store_true", help="only: how often intervals hold a planted truth")
    parser.add_argument("--seeds", type=int, default=200, help="simulated worlds for --coverage")
    parser.add_argument("--write", action="store_true", help="--coverage: publish what was measured")
    parser.add_argument("--campaigns", action="store_true", help="only: what a false campaign costs, level by level")
    arguments = parser.parse_args()
    if arguments.coverage:
        return coverage.main(arguments.seeds, arguments.write)
    logging.disable(logging.WARNING)
    if arguments.campaigns:
        return print_campaigns()
    sizes = arguments.disputes or ([10_000] if arguments.small else [10_000, 1_000_000])
    print(f"{'what':<44}{'disputes':>10}{'ratio':>10}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        if arguments.http:
            make_demo(Path(folder, "http.duckdb"), settings_module.read(os.environ), disputes=sizes[0], now=edge.now())
            return data_routes(sizes[0], Path(folder, "http.duckdb"))
        took = {size: measure(size, Path(folder)) for size in sizes}
    for size in sizes[1:]:
        for what, seconds in took[size].items():
            line(f"{what} / the same at {sizes[0]:,}", size, (seconds, took[sizes[0]][what]), GROWTH)
    print_campaigns()


if __name__ == "__main__":
    sys.exit(main())
