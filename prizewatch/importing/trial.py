"""A spreadsheet or Parquet file of others, read once in a process of its own before the site reads it.

A few bytes of such a file can ask for all memory there is (one cell in the last corner of a sheet, a page of zeros
packed a thousandfold), and the libraries then end the whole process. Here only the trial ends. CSV is read in pieces
and needs none.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path

from ..errors import PrizewatchError, UnusableInput
from .decode import EXCEL, PARQUET, chunks, look

MEMORY = 2 * 1024**3  # bytes of address space, several times what an honest file of the desk's 20 MB takes
SECONDS = 60  # of one core


def attempt(path: Path, sheet: str = "") -> None:
    """Raises `UnusableInput` for a file that takes too much memory or time. Whatever else is wrong with it is told by
    whoever reads it next.
    """
    if path.suffix.lower() not in EXCEL | PARQUET:
        return
    command = [sys.executable, "-m", __name__, str(path), sheet]
    home = Path(__file__).parents[2]
    try:
        done = subprocess.run(  # noqa: S603  our own command
            command, cwd=home, stdin=subprocess.DEVNULL, capture_output=True, timeout=3 * SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise UnusableInput("errors.import.bomb", path=path) from None
    if done.returncode:
        raise UnusableInput("errors.import.bomb", path=path)


def _limit() -> None:
    """Less memory and time for this process, where the system can say so."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for kind, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _read(path: Path, sheet: str) -> None:
    with contextlib.suppress(PrizewatchError):
        for _ in chunks(look(path, sheet=sheet)):
            pass


if __name__ == "__main__":
    _limit()
    _read(Path(sys.argv[1]), sys.argv[2])
