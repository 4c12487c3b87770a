"""The code lists of the domain with both labels, and the tables beside them (`data/reference`): data, so nothing is
coded twice.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import cache

from .settings import DATA

REFERENCE = DATA / "reference"


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list. `group` and `counts_as` are empty where the list has none."""

    list: str
    code: str
    zh: str
    en: str
    definition: str = ""
    group: str = ""
    analysis_group: str = ""
    counts_as: str = ""

    def label(self, lang: str) -> str:
        """Its words in Chinese or in English."""
        return self.zh if lang.startswith("zh") else self.en


@cache
def reference_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `data/reference/<name>.csv` as text, in the order of the file, read once. Nobody may change them."""
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def code_lists() -> dict[str, dict[str, Code]]:
    """list name -> code -> entry, in the order of the file."""
    raw = json.loads((REFERENCE / "code_lists.json").read_text("utf-8"))
    return {name: {row["code"]: Code(list=name, **row) for row in rows} for name, rows in raw.items()}


def codes(name: str) -> tuple[str, ...]:
    """The codes of one list, in order. Raises `KeyError` for an unknown list."""
    return tuple(code_lists()[name])


def label(name: str, code: str, lang: str) -> str:
    """The label of a code in a language. Raises `KeyError` for an unknown list or code."""
    return code_lists()[name][code].label(lang)


def analysis_group(organizer_type: str) -> str:
    """I, A, O-large, O-small, P or U for a type of organizer."""
    return code_lists()["organizer_type"][organizer_type].analysis_group
