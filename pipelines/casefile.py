"""`casefile`: the case file of one organizer as a zip, as pages and as PDF."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from prizewatch import audit, casefile
from prizewatch.access import TERMINAL
from prizewatch.errors import UnusableInput
from prizewatch.i18n import LANGUAGES
from prizewatch.settings import Settings

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Writes them into a folder; each takes its name only when it is whole."""
    _ = terminal.words(args)
    folder = terminal.folder(args.out)
    with existing(Path(args.database), settings, now) as register:
        organizer = casefile.organizer_of(register, args.organizer)
        made = casefile.make(register, organizer, now, with_files=args.evidence) if organizer else None
        if made is not None and organizer is not None:
            detail = "files" if args.evidence else "zip"
            audit.note(register, TERMINAL, "casefile.make", "organizer", organizer, now, detail)
    if made is None:
        raise UnusableInput("errors.casefile.none", code=args.organizer)
    written = {made.name: made.zip_bytes()}
    plain = made.name.removesuffix(".zip")
    written |= {f"{plain}.{lang}.html": made.html_bytes(lang) for lang in LANGUAGES}
    written |= {f"{plain}.{lang}.pdf": made.pdf_bytes(lang) for lang in LANGUAGES}
    for name, content in written.items():
        terminal.put(folder / name, content)
    numbers = {"disputes": made.disputes, "reporters": made.reporters, "draws": made.draws}
    said = _("cli.casefile.holds", **{name: _.number(number) for name, number in numbers.items()})
    terminal.tell(args, [_("cli.casefile.written", path=folder), said, *written], {"files": [*written], **numbers})
    return 0
