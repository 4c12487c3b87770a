"""An import that an admin starts at the desk: one at a time, in a thread of its own, while the site goes on.

Small chunks, each a transaction the figures follow at once, so that nobody's report waits long behind them. The files
are gone when it ends; what was rejected is kept in memory until the next import or for an hour.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from .. import audit, fits
from ..access import Actor, require
from ..errors import PrizewatchError, UnusableInput
from ..store import Register
from .bring_in import Tally, check_register, import_files
from .decode import look
from .mapping import read_mapping
from .rejects import Rejects
from .trial import attempt

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE  # of all files together; more goes by the command line
MOST_FILES = 10
CHUNK = 1_000
KEPT = timedelta(hours=1)
log = logging.getLogger("prizewatch")


@dataclass
class Job:
    """One import. `read` of `size` bytes; `tally` and `rejects` once it ended, or `problem` (key, values) why not."""

    actor: str
    mark: str  # of its files and mapping: only what was tried may be imported
    names: tuple[str, ...]
    dry_run: bool
    begun: datetime
    size: int
    read: int = 0
    tally: Tally | None = None
    rejects: bytes = b""
    problem: tuple[str, dict[str, Any]] | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def share(self) -> float:
        """How far it is, from 0 to 1."""
        return min(1.0, self.read / self.size) if self.size else 0.0


File = tuple[str, bytes]
_jobs: WeakKeyDictionary[Register, Job] = WeakKeyDictionary()
_lock = threading.Lock()


def last(register: Register, now: datetime) -> Job | None:
    """The import that runs, or the one that ran last, for an hour."""
    with _lock:
        job = _jobs.get(register)
        if job is not None and job.ended.is_set() and now - job.begun > KEPT:
            del _jobs[register]
            return None
        return job


def mark_of(files: Sequence[File], mapping: File) -> str:
    """A fingerprint of what is to be imported."""
    digest = sha256()
    for name, content in (*files, mapping):
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def start(
    register: Register, actor: Actor, files: Sequence[File], mapping: File, now: datetime, *, dry_run: bool
) -> Job:
    """Begin an import. A real one takes only what was tried before by a dry run.

    Raises `NotAllowed`; `UnusableInput` for no or too large files, one that runs, or one that was not tried.
    """
    require(actor, "import.run")
    size = sum(len(content) for _, content in files)
    if not files or not mapping[1]:
        raise UnusableInput("errors.import.no_file")
    if size > MOST_BYTES or len(files) > MOST_FILES or len(mapping[1]) > MEGABYTE:
        raise UnusableInput("errors.import.too_large", most=MOST_BYTES // MEGABYTE, files=MOST_FILES)
    job = Job(actor.name, mark_of(files, mapping), tuple(name for name, _ in files), dry_run, now, size)
    with _lock:
        before = _jobs.get(register)
        if before is not None and not before.ended.is_set():
            raise UnusableInput("errors.import.running", name=before.actor)
        tried = before is not None and before.mark == job.mark and before.dry_run and before.tally is not None
        if not dry_run and not tried:
            raise UnusableInput("errors.import.not_tried")
        _jobs[register] = job
    audit.note(register, actor, "import.run", "file", None, now, "dry run" if dry_run else job.mark[:12])
    work = (register, job, tuple(files), mapping, now)
    threading.Thread(target=_run, args=work, name="prizewatch-import", daemon=True).start()
    return job


def _run(register: Register, job: Job, files: Sequence[File], mapping: File, now: datetime) -> None:
    folder = Path(tempfile.mkdtemp(prefix="prizewatch-import-"))
    try:
        _import(register, job, folder, files, mapping, now)
    except PrizewatchError as error:
        told = {name: value.name if isinstance(value, Path) else value for name, value in error.values.items()}
        job.problem = (error.key, told)
    except Exception as error:  # its words may hold rows of the file
        log.error("An import failed: %s", type(error).__name__)
        job.problem = ("errors.import.failed", {})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        job.ended.set()


def _import(register: Register, job: Job, folder: Path, files: Sequence[File], mapping: File, now: datetime) -> None:
    def put(number: int, name: str, content: bytes) -> Path:
        place = folder / str(number)
        place.mkdir()
        path = place / (Path(name.replace("\\", "/")).name or "file")
        path.write_bytes(content)
        return path

    rules = read_mapping(put(0, *mapping))
    check_register(register, rules, Path(mapping[0]))
    paths = [put(number, *file) for number, file in enumerate(files, 1)]
    for path in paths:
        attempt(path, rules.sheet)
    sources = [look(path, delimiter=rules.delimiter, sheet=rules.sheet) for path in paths]
    for source in sources:
        rules.check_columns(source.path, source.columns)
    job.size = sum(source.size for source in sources)
    rejects = Rejects(folder / "rejects.csv", dict.fromkeys(c for s in sources for c in s.columns), always=False)

    def progress(done: int) -> None:
        job.read += done

    tally = import_files(
        register, rules, sources, rejects, now, dry_run=job.dry_run, progress=progress, chunk_rows=CHUNK,
        count_later=False, scratch=False,
    )  # fmt: skip
    written = rejects.finish()
    job.rejects = written.read_bytes() if written else b""
    if tally.accepted and not job.dry_run:
        fits.refresh(register, now)
    tally.by_rule = Counter(dict(tally.by_rule.most_common()))
    job.tally = tally
