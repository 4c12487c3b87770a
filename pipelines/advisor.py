"""`advisor`: forecasts of the next-step advisor against what came, on a split by time."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

from prizewatch.foresight import judge
from prizewatch.settings import Settings

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Prints skill, coverage and calibration of the advisor on a register. Exit code 0 whatever they are."""
    _ = terminal.words(args)
    with existing(Path(args.database), settings, now) as register:
        found = judge(register)
    figures = {name: None if value != value else round(value, 4) for name, value in (
        ("brier_skill", found.brier_skill), ("coverage", found.coverage), ("slope", found.slope))}  # fmt: skip
    counts = {name: getattr(found, name) for name in ("learned", "judged", "abstained", "intervals")}
    if found.split is None or found.judged == 0:
        lines = [_("cli.advisor.nothing")]
    else:
        lines = [_("cli.advisor.split", day=_.day(found.split))]
        lines += terminal.table(
            [(_(f"cli.advisor.{name}"), _.number(value)) for name, value in counts.items()]
            + [(_(f"cli.advisor.{name}"), "" if value is None else f"{value:.3f}") for name, value in figures.items()]
        )
        lines.append(_("cli.advisor.holds") if found.holds else _("cli.advisor.fails"))
    split = found.split.isoformat() if found.split else None
    terminal.tell(args, lines, {"split": split, **counts, **figures, "holds": found.holds})
    return 0
