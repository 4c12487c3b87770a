"""`demo`: an invented register, deterministic by seed, through the same door as everything else."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from prizewatch import evidence, fits, intake, schema, vault
from prizewatch.errors import UnusableInput
from prizewatch.evidence import StoredEvidence
from prizewatch.intake import Problem, Receipt
from prizewatch.settings import Settings
from prizewatch.store import Kind, Register

from . import demo_tables as tables
from . import terminal
from .demo_desk import sit
from .demo_ladder import make_ladder
from .demo_story import Columns, duplicates, make_story
from .demo_text import Teller, moment_of_cut
from .demo_world import Answers, Ints, World, make_world

SOURCE = intake.Source("demo", trusted=True)
CHUNK = 50_000
DISPUTES, SEED = 5000, 1
FEWEST = 100  # the planted cases alone are some forty

Progress = Callable[[int], object]


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """The command: makes a demo register in a file that does not exist yet."""
    _ = terminal.words(args)
    path = Path(args.database)
    with terminal.progress(args.disputes, _("demo.progress"), unit="") as bar:
        receipt = make_demo(path, settings, args.disputes, seed=args.seed, now=now, progress=bar.update)
    result = {
        "read": receipt.read, "accepted": receipt.accepted, "known": receipt.known, "rejected": receipt.rejected,
        "rejected_by_rule": receipt.rejected_by_rule(), "seed": args.seed, "clock_on": tables.CUT.isoformat(),
    }  # fmt: skip
    lines = [_("demo.made", path=path, day=_.day(tables.CUT))]
    lines += terminal.table(
        [
            (_(f"cli.import.{name}"), _.number(int(str(result[name]))))
            for name in ("read", "accepted", "known", "rejected")
        ]
    )
    terminal.tell(args, lines, result)
    return 0


def make_demo(
    path: Path,
    settings: Settings,
    disputes: int = DISPUTES,
    *,
    seed: int = SEED,
    now: datetime,
    progress: Progress | None = None,
    answers: Answers | None = None,
) -> Receipt:
    """Makes a demo register with so many disputes. The file appears when it is whole: a stopped run leaves nothing.

    The same seed and key give the same log. `answers` plants another truth about platforms. Raises `UnusableInput` if
    the file is there already.
    """
    if path.exists():
        raise UnusableInput("errors.file.exists", path=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f"{path.name}.{os.getpid()}.making")
    key, making_key = schema.key_path(path), schema.key_path(making)
    try:
        if key.exists():  # the register was thrown away, its key was not
            shutil.copy2(key, making_key)
        receipt, pictures = _fill(making, settings, disputes, seed, now, progress or (lambda _: None), answers)
        if making_key.exists():
            os.replace(making_key, key)
        for drawn in pictures:
            evidence.save(vault.beside(path), drawn)
        os.replace(making, path)
    finally:
        for left in (making, making_key, making.with_name(making.name + ".wal")):
            left.unlink(missing_ok=True)
    return receipt


def _fill(
    path: Path,
    settings: Settings,
    disputes: int,
    seed: int,
    now: datetime,
    progress: Progress,
    answers: Answers | None,
) -> tuple[Receipt, list[StoredEvidence]]:
    teller, story, source_of = invent(disputes, seed, settings.time_zone, answers)
    then = moment_of_cut(settings.time_zone)
    ids: list[str] = []
    total = Receipt(0, 0, 0, 0, [])
    with Register.open(path, settings, kind=Kind.DEMO, clock_on=tables.CUT, now=now) as register:
        with register.counting_later():
            for first in range(0, teller.world.size, CHUNK):
                last = min(first + CHUNK, teller.world.size)
                receipt = intake.accept(register, teller.chunk(first, last), SOURCE, then)
                ids += [receipt.ids.get(str(n), "") for n in range(first, last)]
                total = _added(total, receipt)
                progress(last - first)
        sit(register, teller, story, ids, source_of, then)
        fits.refresh(register, now)
    return total, teller.pictures


def _added(total: Receipt, one: Receipt) -> Receipt:
    problems: list[Problem] = [*total.problems, *one.errors]
    return Receipt(
        total.read + one.read,
        total.accepted + one.accepted,
        total.known + one.known,
        total.rejected + one.rejected,
        problems,
    )


def invent(disputes: int, seed: int, zone: ZoneInfo, answers: Answers | None = None) -> tuple[Teller, Columns, Ints]:
    """All reports of a demo as a teller of batches, their story, and what each duplicate (the last of them) repeats."""
    if disputes < FEWEST:
        raise UnusableInput("errors.demo.too_few", least=FEWEST)
    second = round(disputes * tables.DUPLICATES)
    world = make_world(seed, disputes - second, answers)
    story = make_story(world)
    events, ends = make_ladder(world, story)
    story |= ends
    rng = np.random.default_rng([seed, 5])
    source_of = duplicates(world, story, rng, second)
    world, story, events = _repeat(world, story, events, source_of, rng)
    return Teller(world, story, events, zone), story, source_of


def _repeat(
    world: World, story: Columns, events: Columns, source_of: Ints, rng: np.random.Generator
) -> tuple[World, Columns, Columns]:
    """Appends the duplicates: the same matter under another reporter, a few days later."""
    size, count = world.size, len(source_of)
    story = {name: np.concatenate([column, column[source_of]]) for name, column in story.items()}
    story["reported"][size:] += rng.integers(1, 9, count)
    story["words"][size:] = rng.integers(0, 1 << 30, count)
    for name in ("withdrawn_on", "withdraw_reason"):
        story[name][size:] = -1
    start = np.searchsorted(events["n"], source_of)
    length = np.searchsorted(events["n"], source_of, side="right") - start
    place = np.repeat(start, length) + np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    copied = {name: column[place] for name, column in events.items()}
    copied["n"] = np.repeat(size + np.arange(count), length)
    events = {name: np.concatenate([column, copied[name]]) for name, column in events.items()}
    return (
        replace(
            world,
            of_organizer=np.r_[world.of_organizer, world.of_organizer[source_of]],
            of_draw=np.r_[world.of_draw, world.of_draw[source_of]],
            prize_no=np.r_[world.prize_no, world.prize_no[source_of]],
            reporter=np.r_[world.reporter, world.reporter.max() + 1 + np.arange(count)],
        ),
        story,
        events,
    )
