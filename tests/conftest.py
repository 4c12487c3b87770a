"""What tests share: settings, and registers that are real DuckDB, each made once and copied where a test writes.

`register` is empty and in memory (`still` for a whole module); `demo` is a small demo register for reading; `reference`
is the New York register; `canaries` the one of `tests/canaries.py`; `empty` and `full` are marts filled by hand.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from prizewatch import settings as settings_module
from prizewatch.settings import Settings

if TYPE_CHECKING:
    from prizewatch.store import Register
    from tests.marts_by_hand import Marts
    from tests.reporter import Reporter

#: The hour all tests live in (UTC), unless a test needs another.
NOW = datetime(2026, 11, 25, 4, 0)
ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "data" / "samples"
DEMO_DISPUTES = 1500

# A busy machine is no failing property; a failing one prints how to see it again.
hypothesis_settings.register_profile(
    "house", deadline=None, max_examples=40, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

# Nothing of the machine's own settings reaches a test, and no test writes into the house's data folder.
for name in [name for name in os.environ if name.startswith("PRIZEWATCH_")]:
    del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser comes last: while it is open it holds the event loop, and what is quick to fail should fail first."""
    items.sort(key=lambda item: "e2e" in item.path.parts)


def settings_for(database: Path, **variables: str) -> Settings:
    """Settings as the environment would give them: `settings_for(path, OPERATOR="A name")`.

    One thread: a register of a few rows is the quicker for it, and the tests share the machine among themselves.
    """
    given = {"DATABASE": str(database), "SECRET_KEY": "0123456789abcdef" * 4, "THREADS": "1", **variables}
    return settings_module.read({f"PRIZEWATCH_{name}": value for name, value in given.items()})


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for the registers that are made once."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Defaults, a fixed key, and a register path that does not exist yet."""
    return settings_for(tmp_path / "register.duckdb")


@pytest.fixture
def now(request: pytest.FixtureRequest) -> datetime:
    """The hour the test's module lives in: its own `NOW`, if it has one."""
    return getattr(request.module, "NOW", NOW)


@pytest.fixture
def register(settings: Settings, now: datetime) -> Iterator[Register]:
    """An empty live register in memory."""
    from prizewatch.store import Register

    with Register.open(None, settings, now=now) as opened:
        yield opened


@pytest.fixture(scope="module")
def still(request: pytest.FixtureRequest, house: Path) -> Iterator[Register]:
    """An empty live register in memory for all tests of a module: none of them moves its clock."""
    from prizewatch.store import Register

    with Register.open(None, settings_for(house / "still.duckdb"), now=getattr(request.module, "NOW", NOW)) as opened:
        yield opened


@pytest.fixture
def me(register: Register) -> Reporter:
    """Somebody with one report on file there."""
    from tests.reporter import Reporter

    return Reporter(register)


@pytest.fixture
def today(register: Register) -> date:
    """The day of a page that shows the register."""
    from prizewatch import edge

    edge.serve(lambda: register)
    return edge.today()


@pytest.fixture
def nothing_served() -> Iterator[None]:
    """No register stays served to pages after the test."""
    from prizewatch import edge

    yield
    edge.serve(_none)


def _none() -> Register:
    raise RuntimeError("no register is served")


@pytest.fixture
def empty() -> Iterator[Marts]:
    """Marts without a row, to be filled by hand."""
    from tests.marts_by_hand import Marts

    made = Marts()
    yield made
    made.close()


@pytest.fixture(scope="module")
def full() -> Iterator[Marts]:
    """The example register of `marts_by_hand`, for reading."""
    from tests.marts_by_hand import example

    made = example()
    yield made
    made.close()


@pytest.fixture(scope="session")
def demo_path(house: Path) -> Path:
    """The file of a small demo register (closed): copy it to write, or open `demo` to read."""
    from pipelines.demo import make_demo

    path = house / "demo.duckdb"
    make_demo(path, settings_for(path), disputes=DEMO_DISPUTES, now=NOW)
    return path


@pytest.fixture(scope="session")
def demo(demo_path: Path) -> Iterator[Register]:
    """A small demo register, open for reading. Whoever writes takes a copy of `demo_path`."""
    from prizewatch.store import Register

    with Register.open(demo_path, settings_for(demo_path), now=NOW) as opened:
        yield opened


@pytest.fixture(scope="session")
def canaries_path(house: Path) -> Path:
    """The file of the register of canaries (closed)."""
    from prizewatch.store import Register
    from tests import canaries
    from tests.intake_rows_by_hand import NOW as PLANTED

    path = house / "canaries.duckdb"
    with Register.open(path, settings_for(path), now=PLANTED) as register:
        canaries.plant(register)
    return path


@pytest.fixture(scope="module")
def canaries(canaries_path: Path, request: pytest.FixtureRequest) -> Iterator[Register]:
    """A module's own copy of the register of canaries, without releases. Reports and look-ups are not limited."""
    from prizewatch.store import Register

    path = canaries_path.with_name(f"canaries_{request.module.__name__.rpartition('.')[2]}.duckdb")
    shutil.copy(canaries_path, path)
    free = {"LOOKUPS_PER_10_MIN": "0", "REPORTS_PER_DAY": "0", "REPORTS_PER_DEVICE_PER_DAY": "0"}
    with Register.open(path, settings_for(path, **free), now=getattr(request.module, "NOW", NOW)) as opened:
        yield opened


@pytest.fixture(scope="session")
def reference_path(house: Path) -> Path:
    """The file of a reference register with the New York mediated complaints of `data/samples` (closed)."""
    from pipelines.__main__ import main

    path = house / "reference.duckdb"
    mapping = next(SAMPLES.glob("nyc*.toml"))
    source = next(p for p in SAMPLES.glob("nyc*") if p.suffix in (".csv", ".gz"))
    environ = {"PRIZEWATCH_SECRET_KEY": settings_for(path).secret_key}
    done = main(["import", str(source), "--mapping", str(mapping), "--database", str(path), "--json"], environ, NOW)
    assert done == 0
    return path


@pytest.fixture(scope="session")
def reference(reference_path: Path) -> Iterator[Register]:
    """The New York register, open for reading."""
    from prizewatch.store import Kind, Register

    with Register.open(reference_path, settings_for(reference_path), now=NOW) as opened:
        assert opened.kind is Kind.REFERENCE
        yield opened
