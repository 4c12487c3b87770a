"""`import`: files of any size through the one door, by a mapping; what was not taken goes to a rejects file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from prizewatch import fits
from prizewatch.errors import UnusableInput
from prizewatch.i18n import Language
from prizewatch.importing.bring_in import Tally, check_register, import_files, rule_words
from prizewatch.importing.decode import look
from prizewatch.importing.mapping import Mapping, read_mapping
from prizewatch.importing.rejects import Rejects
from prizewatch.importing.rows import Source
from prizewatch.settings import Settings
from prizewatch.store import Register

from . import terminal


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Imports files. Everything that can be found wrong with them is found before the first row is written."""
    _ = terminal.words(args)
    mapping = read_mapping(Path(args.mapping))
    sources = [look(Path(name), delimiter=mapping.delimiter, sheet=mapping.sheet) for name in args.files]
    for source in sources:
        mapping.check_columns(source.path, source.columns)
    database = Path(args.database)
    rejects_path = None if args.dry_run else _rejects_path(args.rejects, database, sources)
    columns = dict.fromkeys(name for source in sources for name in source.columns)
    with _open(database, mapping, settings, now, dry_run=args.dry_run) as register:
        rejects = Rejects(rejects_path, columns, always=args.rejects is not None)
        try:
            with terminal.progress(sum(source.size for source in sources), _("cli.import.progress")) as bar:
                tally = import_files(
                    register, mapping, sources, rejects, now, dry_run=args.dry_run, progress=bar.update
                )
            written = rejects.finish()
        except BaseException:
            rejects.give_up()
            raise
        if not args.dry_run:
            fits.refresh(register, now)
        version = str(register.version())
    result = {**tally.result(), "rejects": written and str(written), "dry_run": args.dry_run, "version": version}
    terminal.tell(args, _summary(_, tally, written, dry_run=args.dry_run), result)
    return 0


def _open(database: Path, mapping: Mapping, settings: Settings, now: datetime, *, dry_run: bool) -> Register:
    """The register the rows belong to; made if it does not exist. A dry run of a new one happens in memory."""
    if not database.exists():
        where = None if dry_run else database
        return Register.open(
            where, settings, kind=mapping.kind, clock_on=mapping.clock_on, title=mapping.title or None, now=now
        )
    register = Register.open(database, settings, now=now)
    try:
        check_register(register, mapping, database)
    except UnusableInput:
        register.close()
        raise
    return register


def _rejects_path(asked: str | None, database: Path, sources: list[Source]) -> Path:
    """Where rejects go: as asked, else beside the register under a name that is free."""
    if asked is not None:
        path = Path(asked)
        if any(path.resolve() == source.path.resolve() for source in sources):
            raise UnusableInput("errors.import.rejects_is_input", path=path)
        return path
    return next(path for path in _names(database) if not path.exists())


def _names(database: Path) -> Iterator[Path]:
    yield database.with_name(f"{database.name}.rejects.csv")
    n = 1
    while n := n + 1:
        yield database.with_name(f"{database.name}.rejects-{n}.csv")


def _summary(_: Language, tally: Tally, written: Path | None, *, dry_run: bool) -> list[str]:
    rows = [
        (_(f"cli.import.{name}"), _.number(getattr(tally, name))) for name in ("read", "accepted", "known", "rejected")
    ]
    lines = [_("cli.import.dry_run")] if dry_run else []
    lines += terminal.table(rows)
    if tally.by_rule:
        lines += [_("cli.import.by_rule")]
        lines += terminal.table([(rule, _.number(n), rule_words(_, rule)) for rule, n in tally.by_rule.most_common()])
    if written:
        lines += [_("cli.import.rejects", path=written)]
    return lines
