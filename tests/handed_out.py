"""What leaves a register: every file of a release, by its path."""

from __future__ import annotations

from datetime import datetime

from prizewatch import package, releases
from prizewatch.datasets import datasets
from prizewatch.frames import Register as Readable
from prizewatch.store import Register


def handed_out(register: Register, now: datetime) -> dict[str, bytes]:
    """The latest release, made if one is due."""
    release = releases.make(register, now)
    files = {p.relative_to(release.folder).as_posix(): p for p in release.folder.rglob("*") if p.is_file()}
    return {name: path.read_bytes() for name, path in sorted(files.items())}


def packed(register: Readable) -> dict[str, bytes]:
    """The first release of a register that is none of the store's."""
    as_of = register.version().as_of
    return package.files(datasets(register), package.Edition(1, as_of, f"1-{as_of}", "live"))
