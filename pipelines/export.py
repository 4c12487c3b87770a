"""`export`: the files of the latest release, the same bytes as the download page and HTTP give."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from prizewatch import package, releases
from prizewatch.settings import Settings

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Makes a release if one is due and writes its files into a folder; each takes its name only when it is whole."""
    _ = terminal.words(args)
    folder = terminal.folder(args.out)
    with existing(Path(args.database), settings, now) as register:
        release = releases.make(register, now)
    for name in release.sha256:
        terminal.put(folder / name, (release.folder / name).read_bytes())
    rows = {package.path(name, "csv"): number for name, number in release.rows.items()}
    told = [(name, _("cli.export.rows", rows[name]) if name in rows else "", "") for name in release.sha256]
    said = _("cli.export.written", path=folder, number=release.number, day=_.day(release.as_of))
    result = {"release": release.number, "version": str(release.version), "files": rows, "sha256": release.sha256}
    terminal.tell(args, [said, *terminal.table(told)], result)
    return 0
