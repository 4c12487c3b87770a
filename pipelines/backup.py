"""`backup` and `restore`: a whole copy of a register while nobody else holds it. The key is no part of it.

Files of evidence and the releases lie in folders beside the register, so they go into folders beside the backup: a
release that was handed out keeps its number and its bytes.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from prizewatch import past, vault
from prizewatch.errors import UnusableInput
from prizewatch.i18n import Language
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
    with existing(database, settings, now, files=True) as register:
        version = str(register.version())
        size = _put(out, register.write_anew)  # held all the while, so nobody can write
        files, releases = _copy_files(database, out), _copy_releases(database, out)
    lines = [_("cli.backup.done", path=out, mb=_.number(round(size / 1e6, 1)))]
    lines += _beside(_, out, files, releases)
    if not settings.secret_key:
        lines.append(_("cli.backup.key", path=key_path(database)))
    terminal.tell(
        args,
        lines,
        {"file": str(out), "bytes": size, "files": files, "releases": releases, "version": version, "holds_key": False},
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
    files, releases = _copy_files(source, database), _copy_releases(source, database)
    version = None
    try:
        if keyed:
            with existing(database, settings, now) as register:
                version = str(register.version())
    except BaseException:
        database.unlink(missing_ok=True)
        raise
    lines = [_("cli.restore.done", path=database), *_beside(_, database, files, releases)]
    if not keyed:
        lines.append(_("cli.restore.key", path=key_path(database)))
    result = {"file": str(database), "files": files, "releases": releases, "version": version, "key_found": keyed}
    terminal.tell(args, lines, result)
    return 0


def _beside(_: Language, path: Path, files: int, releases: int) -> list[str]:
    """What else belongs to a copy, and where it is."""
    lines = [_("cli.backup.files", files, path=vault.beside(path))] if files else []
    return lines + ([_("cli.backup.releases", releases, path=past.beside(path))] if releases else [])


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


def _copy_releases(source: Path, target: Path) -> int:
    """Copies the releases beside one file to beside another, whole ones only. Returns how many there are."""
    whole = [place for place in past.beside(source).glob("*") if place.name.isdecimal()]
    for place in whole:
        for path in sorted(p for p in place.rglob("*") if p.is_file()):
            copied = past.beside(target) / path.relative_to(past.beside(source))
            if not copied.exists():
                _copy(path, copied)
                shutil.copymode(path, copied)
    return len(whole)


def _copy(source: Path, target: Path) -> int:
    return _put(target, lambda part: shutil.copyfile(source, part))


def _put(target: Path, write: Callable[[Path], object]) -> int:
    """Writes under another name first, so that a half copy is never met; on the disk before it takes its name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        write(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        _refuse_existing(target)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return target.stat().st_size
