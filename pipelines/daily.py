"""`daily`: clocks go on, what was kept for a while only is erased. The app does the same by itself while it runs."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from prizewatch import daily
from prizewatch.settings import Settings

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Does what is due in a register."""
    _ = terminal.words(args)
    with existing(Path(args.database), settings, now) as register:
        done = daily.run(register, now)
    counts = {name: _.number(getattr(done, name)) for name in ("moved", "drafts", "originals", "files", "retained")}
    terminal.tell(args, [_("cli.daily.done", day=_.day(done.as_of), **counts)], done.result())
    return 0
