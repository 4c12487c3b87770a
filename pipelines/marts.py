"""`marts`: makes every table the pages ask anew from the log."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from prizewatch import fits
from prizewatch.errors import UnusableInput
from prizewatch.settings import Settings
from prizewatch.store import Register

from . import terminal


def existing(path: Path, settings: Settings, now: datetime, *, files: bool = False) -> Register:
    """Opens a register that must be there; `files` as in `Register.open`. Raises `UnusableInput` if it is not."""
    if not path.is_file():
        raise UnusableInput("errors.file.missing", path=path)
    return Register.open(path, settings, now=now, files=files)


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Rebuilds the marts of a register."""
    _ = terminal.words(args)
    with existing(Path(args.database), settings, now) as register:
        version = register.rebuild(now)
        fits.refresh(register, now)
        with register.read() as cur:
            disputes = int(cur.execute("SELECT count(*) FROM mart.dispute").fetchall()[0][0])
            organizers = int(cur.execute("SELECT count(*) FROM mart.organizer").fetchall()[0][0])
    rows = [
        (_("cli.marts.disputes"), _.number(disputes)),
        (_("cli.marts.organizers"), _.number(organizers)),
        (_("cli.marts.as_of"), _.day(version.as_of)),
    ]
    result = {
        "disputes": disputes,
        "organizers": organizers,
        "as_of": version.as_of.isoformat(),
        "version": str(version),
    }
    terminal.tell(args, terminal.table(rows), result)
    return 0
