"""The real site in a real browser. Two sites a run: a demo register to walk through, and one full of canaries."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from scripts import browser as browsers
from scripts.server import ROOT, Server
from tests.e2e.window import SECOND, Windows

HERE = Path(__file__).parent
#: Enough for listed organizers of each kind, quick to make.
DISPUTES = "1500"

expect.set_options(timeout=20 * SECOND)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = browsers.find()
    if path is None:
        told = "no browser: `make test` says how to get one"
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(told)
        pytest.skip(told)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(browsers.ARGS))
        yield opened
        opened.close()


def run_pipelines(*arguments: str) -> str:
    """One command of the command line, as a person would run it."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PRIZEWATCH_")}
    command = [sys.executable, "-m", "pipelines", *arguments]
    environ["PYTHONUTF8"] = "1"
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def running(database: Path, **variables: str) -> Iterator[Server]:
    """The site on a register; nothing it does may end in a traceback."""
    with Server(database, **variables) as server:
        yield server
    assert "Traceback" not in server.log, server.log[-5000:]


def copied(register: Path, name: str) -> Path:
    """A copy of a closed register with its key."""
    copy = register.with_name(name)
    for ending in ("", ".key"):
        if Path(f"{register}{ending}").exists():
            shutil.copy2(f"{register}{ending}", f"{copy}{ending}")
    return copy


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo register, made by the command."""
    path = tmp_path_factory.mktemp("e2e") / "demo.duckdb"
    run_pipelines("demo", "--database", str(path), "--disputes", DISPUTES)
    return path


@pytest.fixture(scope="session")
def exported(demo_file: Path) -> Path:
    """What `pipelines export` makes of it, before anybody reports anything."""
    out = demo_file.with_name("exported")
    run_pipelines("export", "--database", str(demo_file), "--out", str(out))
    return out


@pytest.fixture(scope="session")
def site(demo_file: Path, exported: Path) -> Iterator[Server]:
    """The site on a copy of the demo register; reports may be filed here."""
    no_limits = {"REPORTS_PER_DAY": "0", "REPORTS_PER_DEVICE_PER_DAY": "0", "LEAST_SECONDS": "0"}
    with running(copied(demo_file, "site.duckdb"), OPERATOR="E2E", CONTACT="e2e@example.org", **no_limits) as server:
        yield server


@pytest.fixture(scope="session")
def listed(exported: Path) -> dict[str, str]:
    """The named organizer with the most reports: its row of organizers.csv."""
    with (exported / "datasets" / "organizers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["name"]]
    return max(rows, key=lambda row: int(row["disputes"]))


@pytest.fixture
def look(browser: Browser, site: Server) -> Iterator[Windows]:
    """Opens pages of the site: that of the demo, or the one a module has of its own under this name."""
    with Windows(browser, site) as windows:
        yield windows
