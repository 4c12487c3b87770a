"""What the register does with what it gets, in numbers for everybody: what came in and what became of it, how soon a
person decided, alarms, erasures, corrections of figures, and the rules it has worked by.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb

from . import schema
from .settings import DATA
from .store import Register

PACKAGE = Path(__file__).parent
#: What decides what counts and what is shown. Their fingerprint is the version of the rules.
RULES = (
    *(PACKAGE / "sql" / folder for folder in ("rules", "core", "marts", "brigading")),
    *(PACKAGE / f"{name}.py" for name in ("rules", "intake_screens", "intake_bursts", "disclosure", "organizers")),
    DATA / "reference",
)


@cache
def rules_fingerprint() -> str:
    """Of the files of the rules as they are now; changes whenever one of them does."""
    files = [file for path in RULES for file in (sorted(path.iterdir()) if path.is_dir() else [path]) if file.is_file()]
    return schema.fingerprint(*files)[:16]


def note_rules(register: Register, now: datetime) -> bool:
    """Write down that the register works by other rules than before. Returns whether it does."""
    return register.write(_note_rules, now)


def _note_rules(cur: duckdb.DuckDBPyConnection, moments: list[datetime]) -> list[bool]:
    last = cur.execute("SELECT fingerprint FROM meta.rules ORDER BY seen_at DESC LIMIT 1").fetchall()
    new = not last or last[0][0] != rules_fingerprint()
    if new:
        cur.execute("INSERT INTO meta.rules VALUES (?, ?)", [rules_fingerprint(), moments[0]])
    return [new] + [False] * (len(moments) - 1)
