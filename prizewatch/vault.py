"""Files of evidence on disk: beside the register, outside anything a visitor is handed, for its owner's eyes only.

The log keeps a file's fingerprint; the content lies under that fingerprint in `<register>.files/` (folders 0700, files
0600). A register in memory keeps its files in a temporary folder that goes with it.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256 as digest
from pathlib import Path
from uuid import UUID

import duckdb

from . import evidence
from .beside import Beside
from .pace import Pace
from .store import Register

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_home = Beside("files")
#: Where the files of a register lie, by its path and by itself; the folder need not be there yet.
beside, folder = _home.path, _home.folder
_lock = threading.Lock()
_uploads = Pace(timedelta(hours=24))


def uploads_wait(register: Register, network: str, now: datetime) -> int:
    """Use up one of the files a network may send a day: 0 if one was left, else the seconds until there is."""
    return _uploads.take(register, network, register.settings.uploads_per_day, now)


def keep(register: Register, stored: evidence.StoredEvidence) -> None:
    """Keep a clean file; on the disk when this returns. The same file twice is one file, as young as the last time."""
    place = folder(register)
    with _lock:
        os.utime(evidence.save(place, stored))


def holds(register: Register, sha256: str) -> bool:
    """Whether a file with this fingerprint is kept."""
    path = _place(register, sha256)
    return path is not None and path.is_file()


def intact(register: Register, sha256: str) -> bool:
    """Whether a file is kept and still is what its fingerprint says."""
    path = _place(register, sha256)
    return path is not None and path.is_file() and digest(path.read_bytes()).hexdigest() == path.name


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of evidence as it lies here, and a report that rests on it."""

    content: bytes
    media_type: str
    dispute_id: UUID


def on_file(register: Register, sha256: str) -> Kept | None:
    """A file that a report of the log names and that still is what its fingerprint says; None for any other."""
    if not intact(register, sha256):
        return None
    with register.read() as cur:
        rows = cur.execute(
            "SELECT dispute_id, media_type FROM log.evidence WHERE sha256 = ? AND media_type IS NOT NULL"
            " ORDER BY recorded_at DESC LIMIT 1",
            [sha256.lower()],
        ).fetchall()
    path = _place(register, sha256)
    if not rows or path is None or rows[0][1] not in evidence.MEDIA_TYPES:
        return None
    return Kept(path.read_bytes(), rows[0][1], rows[0][0])


def own_files(cur: duckdb.DuckDBPyConnection, dispute: UUID) -> list[str]:
    """Fingerprints of the files of a report that no other report and no draft speaks of."""
    mine = cur.execute("SELECT DISTINCT lower(sha256) FROM log.evidence WHERE dispute_id = ?", [dispute]).fetchall()
    elsewhere = "SELECT DISTINCT lower(sha256) FROM log.evidence WHERE dispute_id <> ? AND sha256 IS NOT NULL"
    others = {row[0] for row in cur.execute(elsewhere, [dispute]).fetchall()}
    drafted = "\n".join(row[0] for row in cur.execute("SELECT answers FROM desk.draft").fetchall())
    return sorted(
        name for (name,) in mine if name and _FINGERPRINT.fullmatch(name) and name not in others and name not in drafted
    )


def erase(register: Register, sha256: str, *, kept_before: datetime | None = None) -> bool:
    """Remove a file, unless it was kept again since `kept_before` (UTC). Returns whether it was removed."""
    path = _place(register, sha256)
    with _lock:  # `keep` makes a file young under the same lock
        if path is None or not path.is_file() or (kept_before is not None and _kept_at(path) > kept_before):
            return False
        path.unlink(missing_ok=True)
        return True


def _kept_at(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)


def kept(register: Register) -> Iterator[tuple[str, datetime]]:
    """Every file, and what a stop half-way through writing left behind: its name and when it was kept (UTC)."""
    place = folder(register)
    for path in sorted(place.glob("??/*")) if place.is_dir() else ():
        yield path.name, _kept_at(path)


def erase_unfinished(register: Register, name: str) -> None:
    """Remove what was left of a file whose writing was cut off (its name begins with a dot)."""
    if name.startswith(".") and _FINGERPRINT.match(name[1:]):
        (folder(register) / name[1:3] / name).unlink(missing_ok=True)


def _place(register: Register, sha256: str) -> Path | None:
    """Where a file would lie; None for what is no fingerprint, so that no path can be asked for."""
    name = sha256.lower()
    return folder(register) / name[:2] / name if _FINGERPRINT.fullmatch(name) else None
