"""What is to be done every day: clocks go on, and what was kept for a while only is erased when its time is over.

Doing it twice does no more than doing it once; a day left out is made up by the next.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import duckdb

from . import erasure, notices, transparency, vault
from .revision import REOPEN
from .statements import statement
from .store import Register
from .story import take_back_id

GRACE = timedelta(days=1)  # a file is kept before the report or the draft that names it
_FINGERPRINT = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


@dataclass(frozen=True, slots=True)
class Done:
    """The day the clocks stand at, and how many disputes moved by them, drafts, originals and files were erased;
    reports whose time was over and that count on as numbers only (`retained`).
    """

    as_of: date
    moved: int
    drafts: int
    originals: int
    files: int
    retained: int = 0

    def result(self) -> dict[str, Any]:
        """For machines."""
        return asdict(self) | {"as_of": self.as_of.isoformat()}


def run(register: Register, now: datetime) -> Done:
    """Let the clocks go on to `now` (UTC), lost_to_followup included; erase what is kept for a while only."""
    with register.read() as cur:
        due = "SELECT count(*) FROM mart.dispute WHERE next_clock_on <= ?"
        moved = int(cur.execute(due, [register.as_of(now)]).fetchall()[0][0])
    version = register.advance(now)
    notices.clear(register, now)
    drafts, originals = register.write(_clear_desk, now)
    retained = len(erasure.retain(register, now))
    transparency.note_rules(register, now)
    return Done(version.as_of, moved, drafts, originals, _erase_files(register, now), retained)


def _clear_desk(cur: duckdb.DuckDBPyConnection, moments: list[datetime]) -> list[tuple[int, int]]:
    """Drafts, originals, keys of requests and of erased reports whose time is over."""
    counts = []
    for now in moments:
        gone = []
        for table in ("draft", "original", "request", "erased"):
            done = cur.execute(f"DELETE FROM desk.{table} WHERE erase_at <= ?", [now])
            gone.append(int(done.fetchall()[0][0]))
        counts.append((gone[0], gone[1]))
    return counts


def _erase_files(register: Register, now: datetime) -> int:
    """Files nobody speaks of any more: of drafts that ended, of reports taken back or withdrawn for good."""
    needed = _needed(register, now)
    erased = 0
    for name, kept_at in list(vault.kept(register)):
        if name in needed or now - kept_at < GRACE:
            continue
        if name.startswith("."):
            vault.erase_unfinished(register, name)
        erased += vault.erase(register, name, kept_before=now - GRACE) or name.startswith(".")
    return erased


def _needed(register: Register, now: datetime) -> set[str]:
    with register.read() as cur:
        drafts = cur.execute("SELECT answers FROM desk.draft").fetchall()
    return {name for (answers,) in drafts for name in _FINGERPRINT.findall(answers)} | files_on_file(register, now)


def files_on_file(register: Register, now: datetime, *, received: bool = False) -> set[str]:
    """Fingerprints of the files that reports rest on, those taken back or withdrawn for good left out; `received`: only
    those that came in here.
    """
    with register.read() as cur:
        rows = cur.execute(statement("daily/files")).fetchall()
    needed = set()
    for sha256, dispute, latest, withdrawn_on, reason, here in rows:
        gone = False
        if withdrawn_on is not None and reason not in ("settled", "pressured"):
            for_good = register.day_of(now) - withdrawn_on > REOPEN
            gone = for_good or UUID(str(latest)) == take_back_id(register.key, UUID(str(dispute)))
        if not gone and (here or not received):
            needed.add(sha256)
    return needed
