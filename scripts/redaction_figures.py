"""How well personal data is found: precision and recall over the lines in tests/redaction, for data/README.md.

`held_out` lines were written before the shapes and not used to mend them.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from prizewatch.redaction import KINDS, Marked, marked

LINES = Path(__file__).resolve().parent.parent / "tests" / "redaction"


@dataclass(slots=True)
class Figure:
    """Of one kind and part: lines that hold it, lines where it was found, and lines masked exactly as wanted."""

    kind: str
    part: str
    lines: int = 0
    found: int = 0
    exact: int = 0
    wrongly: int = 0  # lines without it where it was seen


def lines(name: str) -> list[dict[str, str]]:
    """The lines of a file there, `positive` or `negative`, as rows."""
    with (LINES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _kinds(found: Marked) -> set[str]:
    return {span.kind for span in (*found.spans, *found.names)}


def measure() -> list[Figure]:
    """Figures by kind and part."""
    figures = {(k, p): Figure(k, p) for p in ("tuning", "held_out") for k in (*KINDS, "name")}
    for row in (*lines("positive"), *(r | {"kind": "", "masked": r["text"]} for r in lines("negative"))):
        found = marked(row["text"])
        seen = _kinds(found)
        if row["kind"]:
            figure = figures[row["kind"], row["part"]]
            figure.lines += 1
            figure.found += bool(found.names) if row["kind"] == "name" else bool(found.spans)
            figure.exact += found.masked == row["masked"]
            # Which kind of number it was taken for does not matter to who is protected; another thing masked does.
            figure.wrongly += found.masked != row["masked"]
        else:
            for kind in seen:
                figures[kind, row["part"]].wrongly += 1
    return list(figures.values())


def table() -> list[str]:
    """The table of data/README.md."""
    lines = [
        "| kind | lines | recall | masked exactly | precision | held out | recall | masked exactly | precision |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    by = {(f.kind, f.part): f for f in measure()}
    for kind in (*KINDS, "name"):
        cells = [kind]
        for part in ("tuning", "held_out"):
            f = by[kind, part]
            precision = f.found / (f.found + f.wrongly) if f.found else 0.0
            cells += [str(f.lines), f"{f.found / f.lines:.1%}", f"{f.exact / f.lines:.1%}", f"{precision:.1%}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


if __name__ == "__main__":
    print("\n".join(table()))
