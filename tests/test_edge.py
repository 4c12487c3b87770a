"""The edge of the running site: the register it serves, and what its log says of one that cannot be opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from prizewatch import edge
from prizewatch.errors import RegisterBusy, UnusableInput
from prizewatch.store import Register
from tests.conftest import NOW, settings_for

pytestmark = pytest.mark.usefixtures("nothing_served")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where the register lies that the site would serve."""
    path = tmp_path / "register.duckdb"
    edge.serve(lambda: opened(path))
    yield path
    edge.close()


def opened(path: Path) -> Register:
    return Register.open(path, settings_for(path), now=NOW)


def asked_while_busy(path: Path, times: int = 3) -> None:
    """The site is asked again and again while somebody else holds the register."""
    with opened(path):
        for _ in range(times):
            with pytest.raises(RegisterBusy):
                edge.register()


def test_a_busy_register_is_said_once_until_it_is_free_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked_while_busy(path)
    (said,) = caplog.messages
    assert str(path) in said
    edge.register().close()
    edge.close()
    asked_while_busy(path)
    assert caplog.messages == [said, said], "it was free in between"


def test_another_reason_is_said_at_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    asked_while_busy(path)
    path.unlink()
    path.write_bytes(b"not a database, but long enough to be looked at" * 200)
    for _ in range(2):
        with pytest.raises(UnusableInput):
            edge.register()
    assert len(caplog.messages) == 2
    assert caplog.messages[0] != caplog.messages[1]


def test_asking_whether_it_is_open_opens_nothing(path: Path) -> None:
    assert edge.opened() is None
    assert not path.exists()
    register = edge.register()
    assert edge.opened() is register
    edge.close()
    assert edge.opened() is None
