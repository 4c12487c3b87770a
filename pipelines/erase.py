"""`erase`: one report, on a person's legal request; or (--retention) all that was kept long enough."""

from __future__ import annotations

import argparse
import shutil
from datetime import datetime
from pathlib import Path
from uuid import UUID

from prizewatch import erasure
from prizewatch.access import TERMINAL
from prizewatch.errors import UnusableInput
from prizewatch.settings import Settings

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Erases, and says what is left."""
    _ = terminal.words(args)
    database = Path(args.database)
    anew = database.with_name(database.name + ".anew")
    anew.unlink(missing_ok=True)
    with existing(database, settings, now, files=True) as register:
        if args.retention:
            stones = erasure.retain(register, now)
        elif args.receipt:
            stones = [erasure.by_receipt(register, TERMINAL, args.receipt, args.ground, now, kept=args.keep_figures)]
        else:
            dispute = _dispute(args.dispute)
            stones = [erasure.erase_dispute(register, TERMINAL, dispute, args.ground, now, kept=args.keep_figures)]
        register.write_anew(anew)  # what the desk erased while the site ran goes out of the file, too
    shutil.copymode(database, anew)
    anew.replace(database)
    rows, files = (sum(getattr(stone, name) for stone in stones) for name in ("rows_erased", "files_erased"))
    said = _("cli.erase.done", len(stones), reports=_.number(len(stones)), rows=_.number(rows), files=_.number(files))
    left = [_("cli.erase.left")] if rows or files else []
    terminal.tell(args, [said, *left], {"reports": len(stones), "rows": rows, "files": files})
    return 0


def _dispute(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise UnusableInput("errors.erasure.unknown") from error
