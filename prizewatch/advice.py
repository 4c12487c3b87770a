"""What to do: the advice of `data/reference/advice.csv`, by kind of organizer and stage. The words are data."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from .vocabulary import REFERENCE, codes

#: Kinds the advice is written for. Platforms (P) are advised as organizations, the unknown from s5 on as individuals.
GROUPS = ("I", "A", "O", "U")


@dataclass(frozen=True, slots=True)
class Advice:
    """One step: what to do, what proof to keep, where, and what to expect."""

    group: str
    stage: str
    do: str
    evidence: str
    where: str
    expect: str


@cache
def _table() -> dict[tuple[str, str], dict[str, str]]:
    with (REFERENCE / "advice.csv").open(encoding="utf-8-sig", newline="") as file:
        return {(row["organizer_group"], row["stage"]): row for row in csv.DictReader(file)}


def step(group: str, stage: str, lang: str) -> Advice | None:
    """The advice for one group at one stage; None where there is nothing to do at that stage."""
    asked = "O" if group == "P" else group
    row = _table().get((asked, stage))
    if row is None and asked == "U":
        row = _table().get(("I", stage))
    if row is None:
        return None
    end = "zh" if lang.startswith("zh") else "en"
    return Advice(asked, stage, row[f"do_{end}"], row[f"evidence_{end}"], row[f"where_{end}"], row[f"expect_{end}"])


def ladder(group: str, lang: str) -> list[Advice]:
    """All steps for a group, in order."""
    return [found for stage in codes("stage") if (found := step(group, stage, lang))]
