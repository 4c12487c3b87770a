"""What to do: the advice of `data/reference/advice.csv`, by kind of organizer and stage. The words are data.

Every row says on which day it was last gone through and what it rests on (tags of `data/reference/source.csv`): rules
and laws change, and most were read in copies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from .vocabulary import reference_rows

#: Kinds the advice is written for. Platforms (P) are advised as organizations, the unknown from s5 on as individuals.
GROUPS = ("I", "A", "O", "U")


@dataclass(frozen=True, slots=True)
class Source:
    """What a piece of advice rests on. `read_as`: official, copy (of the text) or second_hand."""

    tag: str
    name: str
    read_as: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One step: what to do, what proof to keep, where, and what to expect; the day it was checked, and its sources."""

    group: str
    stage: str
    do: str
    evidence: str
    where: str
    expect: str
    checked_on: date
    sources: tuple[Source, ...]


@cache
def _table() -> dict[tuple[str, str], dict[str, str]]:
    return {(row["organizer_group"], row["stage"]): row for row in reference_rows("advice")}


@cache
def _sources() -> dict[str, dict[str, str]]:
    return {row["tag"]: row for row in reference_rows("source")}


def sources(tags: str, lang: str) -> tuple[Source, ...]:
    """Tags joined by ;, as sources named in a language. Raises `KeyError` for an unknown tag."""
    found = [_sources()[tag] for tag in tags.split("; ") if tag]
    end = "zh" if lang.startswith("zh") else "en"
    return tuple(Source(row["tag"], row[end], row["read_as"]) for row in found)


def step(group: str, stage: str, lang: str) -> Advice | None:
    """The advice for one group at one stage; None where there is nothing to do at that stage."""
    asked = "O" if group == "P" else group
    row = _table().get((asked, stage))
    if row is None and asked == "U":
        row = _table().get(("I", stage))
    if row is None:
        return None
    end = "zh" if lang.startswith("zh") else "en"
    return Advice(
        asked,
        stage,
        row[f"do_{end}"],
        row[f"evidence_{end}"],
        row[f"where_{end}"],
        row[f"expect_{end}"],
        date.fromisoformat(row["checked_on"]),
        sources(row["sources"], lang),
    )
