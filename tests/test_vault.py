"""The vault: files under their fingerprints, for the owner's eyes only, there after a kill."""

from __future__ import annotations

import gc
import os
import signal
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from prizewatch import vault
from prizewatch.evidence import StoredEvidence
from prizewatch.store import Register
from tests.conftest import NOW, ROOT, settings_for

CONTENT = b"what a capture shows"
PRINT = sha256(CONTENT).hexdigest()
FILE = StoredEvidence(PRINT, "image/png", len(CONTENT), CONTENT)


@pytest.fixture
def on_disk(tmp_path):
    path = tmp_path / "register.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as register:
        yield register


def test_a_file_is_kept_beside_the_register_for_its_owner_only(on_disk: Register, tmp_path) -> None:
    assert not vault.holds(on_disk, PRINT)
    vault.keep(on_disk, FILE)
    vault.keep(on_disk, FILE)
    assert vault.holds(on_disk, PRINT)
    assert vault.holds(on_disk, PRINT.upper())
    (path,) = [p for p in (tmp_path / "register.duckdb.files").rglob("*") if p.is_file()]
    assert path.read_bytes() == CONTENT
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (path.parent, path.parent.parent)} == {0o700}


def test_a_file_kept_again_is_young_again(on_disk: Register) -> None:
    vault.keep(on_disk, FILE)
    path = vault.folder(on_disk) / PRINT[:2] / PRINT
    os.utime(path, (0, 0))
    assert [at.year for _, at in vault.kept(on_disk)] == [1970]
    vault.keep(on_disk, FILE)
    [(name, at)] = vault.kept(on_disk)
    assert name == PRINT
    assert abs(at - datetime.now(UTC).replace(tzinfo=None)).total_seconds() < 60


def test_an_erased_file_is_gone_once(on_disk: Register) -> None:
    vault.keep(on_disk, FILE)
    assert vault.erase(on_disk, PRINT)
    assert not vault.erase(on_disk, PRINT)
    assert not vault.holds(on_disk, PRINT)


@pytest.mark.parametrize("name", ["", "..", "../register.duckdb", "x" * 64, PRINT[:63], f"{PRINT}/..", f"{PRINT}\n"])
def test_what_is_no_fingerprint_leads_nowhere(on_disk: Register, name: str) -> None:
    assert not vault.holds(on_disk, name)
    assert not vault.erase(on_disk, name)
    assert on_disk.path is not None
    assert on_disk.path.exists()


def test_the_files_of_a_register_in_memory_go_with_it() -> None:
    register = Register.open(None, settings_for(ROOT / "none"), now=NOW)
    vault.keep(register, FILE)
    place = vault.folder(register)
    assert vault.holds(register, PRINT)
    register.close()
    del register
    gc.collect()
    assert not place.exists()


def test_a_kept_file_survives_a_kill(tmp_path) -> None:
    script = f"""
import os, signal
from pathlib import Path
from prizewatch import vault
from prizewatch.store import Register
from tests.conftest import NOW, settings_for
from tests.test_vault import FILE
path = Path({str(tmp_path / "register.duckdb")!r})
vault.keep(Register.open(path, settings_for(path), now=NOW), FILE)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    path = tmp_path / "register.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as register:
        assert vault.holds(register, PRINT)
        assert (vault.folder(register) / PRINT[:2] / PRINT).read_bytes() == CONTENT


def test_a_file_kept_again_since_it_was_found_old_is_not_erased(on_disk: Register) -> None:
    """Between the daily step's look and its erasing, somebody puts the same file in again."""
    vault.keep(on_disk, FILE)
    ((name, kept_at),) = vault.kept(on_disk)
    assert not vault.erase(on_disk, name, kept_before=kept_at - timedelta(seconds=1))
    assert vault.holds(on_disk, name)
    assert vault.erase(on_disk, name, kept_before=kept_at)
