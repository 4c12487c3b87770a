"""`export`: the five aggregated files and the README of their columns, the same bytes as the download buttons give."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from prizewatch import exports
from prizewatch.errors import UnusableInput
from prizewatch.settings import Settings

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Writes the files into a folder; each takes its name only when it is whole."""
    _ = terminal.words(args)
    folder = Path(args.out)
    if folder.exists() and not folder.is_dir():
        raise UnusableInput("errors.export.not_a_folder", path=folder)
    with existing(Path(args.database), settings, now) as register:
        files = exports.files(register)
        rows = {data.file: data.rows for data in exports.datasets(register)}
        version = str(register.version())
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        part = folder / f"{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)
    told = [(name, _("cli.export.rows", rows[name]) if name in rows else "", "") for name in files]
    terminal.tell(
        args, [_("cli.export.written", path=folder), *terminal.table(told)], {"files": rows, "version": version}
    )
    return 0
