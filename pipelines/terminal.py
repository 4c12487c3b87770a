"""What a command says: a table for people or one JSON object, and a progress bar on a terminal."""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from prizewatch.errors import UnusableInput
from prizewatch.i18n import Language, language


def words(args: argparse.Namespace) -> Language:
    """The language of a command."""
    return language(getattr(args, "lang", None))


def tell(args: argparse.Namespace, lines: Iterable[str], result: dict[str, Any]) -> None:
    """Ends a command: its lines for people or, with --json, its result as one object and nothing else."""
    text = json.dumps(result, ensure_ascii=False, default=str) if getattr(args, "json", False) else "\n".join(lines)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def progress(total: int, label: str, unit: str = "B") -> tqdm[Any]:
    """A progress bar on standard error, silent where that is no terminal."""
    scale = unit == "B"
    return tqdm(
        total=total,
        desc=label,
        unit=unit,
        unit_scale=scale,
        file=sys.stderr,
        disable=not sys.stderr.isatty(),
        leave=False,
    )


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns: the first to the left, a second of numbers to the right. Chinese characters take two places."""
    if not rows:
        return []
    widths = [max(_width(row[i]) for row in rows) for i in range(2)]
    out = []
    for row in rows:
        left = row[0] + " " * (widths[0] - _width(row[0]))
        right = " " * (widths[1] - _width(row[1])) + row[1]
        out.append("  ".join(("", left, right, *row[2:])).rstrip())
    return out


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def folder(out: str) -> Path:
    """Where files are to be written. Raises `UnusableInput` where something else has that name."""
    place = Path(out)
    if place.exists() and not place.is_dir():
        raise UnusableInput("errors.export.not_a_folder", path=place)
    return place


def put(path: Path, content: bytes) -> None:
    """Write a file, its folder too; it takes its name only when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    part.replace(path)
