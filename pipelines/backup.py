"""`backup` and `restore`: a whole copy of a register while nobody else holds it. The key is no part of it.

Files of evidence lie in a folder beside the register, so they go into a folder beside the backup.
"""

from __future__ import annotations

import argparse
import os
import shutil
from datetime import datetime
from pathlib import Path

from prizewatch import vault
from prizewatch.errors import UnusableInput
from prizewatch.schema import key_path
from prizewatch.settings import Settings

from . import terminal
from .marts import existing

_MAGIC = b"DUCK"  # at byte 8 of every DuckDB file


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Copies a register into one file that did not exist before."""
    _ = terminal.words(args)
    database, out = Path(args.database), Path(args.out)
    _refuse_existing(out)
    with existing(database, settings, now) as register:
        with register.read() as cur:
            cur.checkpoint()  # what is committed, out of the write-ahead log and into the file
        version = str(register.version())
        size = _copy(database, out)  # still held here, so nobody can write meanwhile
        files = _copy_files(database, out)
    lines = [_("cli.backup.done", path=out, mb=_.number(round(size / 1e6, 1)))]
    if files:
        lines.append(_("cli.backup.files", files, path=vault.beside(out)))
    if not settings.secret_key:
        lines.append(_("cli.backup.key", path=key_path(database)))
    terminal.tell(
        args, lines, {"file": str(out), "bytes": size, "files": files, "version": version, "holds_key": False}
    )
    return 0


def run_restore(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Puts a backup where no register is yet, and opens it to see that it is one."""
    _ = terminal.words(args)
    source, database = Path(args.file), Path(args.database)
    if not source.is_file():
        raise UnusableInput("errors.file.missing", path=source)
    _refuse_existing(database)
    for beside in (database.with_name(database.name + ".wal"),):
        _refuse_existing(beside)
    with source.open("rb") as file:
        if file.read(12)[8:12] != _MAGIC:
            raise UnusableInput("errors.register.unreadable", path=source)
    keyed = bool(settings.secret_key) or key_path(database).exists()
    _copy(source, database)
    files = _copy_files(source, database)
    version = None
    try:
        if keyed:
            with existing(database, settings, now) as register:
                version = str(register.version())
    except BaseException:
        database.unlink(missing_ok=True)
        raise
    lines = [_("cli.restore.done", path=database)]
    if files:
        lines.append(_("cli.backup.files", files, path=vault.beside(database)))
    if not keyed:
        lines.append(_("cli.restore.key", path=key_path(database)))
    terminal.tell(args, lines, {"file": str(database), "files": files, "version": version, "key_found": keyed})
    return 0


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise UnusableInput("errors.file.exists", path=path)


def _copy_files(source: Path, target: Path) -> int:
    """Copies the files of evidence beside one file to beside another. Returns how many there are.

    A file there already has the same fingerprint, so it is the same.
    """
    count = 0
    for path in sorted(vault.beside(source).glob("??/[!.]*")):
        place = vault.beside(target) / path.parent.name / path.name
        place.parent.parent.mkdir(mode=0o700, exist_ok=True)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if not place.exists():
            _copy(path, place)
            place.chmod(0o600)
        count += 1
    return count


def _copy(source: Path, target: Path) -> int:
    """Copies under another name first, so that a half copy is never met; on the disk before it takes its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        with source.open("rb") as read, part.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            write.flush()
            os.fsync(write.fileno())
        _refuse_existing(target)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size
