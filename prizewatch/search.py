"""Search that forgives: what a name is folded to, how it sounds, and what a visitor's words are looked up as.

A name finds itself by any part of it, by pinyin and initials (all readings of a polyphone), in traditional or
simplified characters, in full width or half; with one typo by likeness (Jaro-Winkler over name and pinyin, in
sql/queries/search.sql).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import islice, product
from typing import Any, NamedTuple
from uuid import UUID

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin, pinyin

SIMPLIFIED = OpenCC("t2s")

#: Readings kept of one polyphone, and of one name: rare readings of long names would else multiply without end.
READINGS_OF_A_CHARACTER = 3
READINGS_OF_A_NAME = 12
_LETTERS: Any = list  # how letters and digits among characters "sound": each for itself


class NameRow(NamedTuple):
    """One row of mart.organizer_name, in the order of its columns."""

    organizer_id: UUID | str
    name: str
    kind: str  # name, handle, former
    folded: str
    pinyin: str
    initials: str
    seen_on: date | None


def fold(text: str) -> str:
    """NFKC, simplified, casefolded, only letters and digits: what two spellings of one name have in common."""
    plain = SIMPLIFIED.convert(unicodedata.normalize("NFKC", text)).casefold()
    kept = "".join(c for c in unicodedata.normalize("NFKC", plain) if unicodedata.category(c)[0] in "LN")
    return kept or "".join(plain.split())


@lru_cache(maxsize=50_000)
def sounds(folded: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All readings of a folded name and their initials, likeliest first. Letters and digits stand for themselves."""
    likely = lazy_pinyin(folded, style=Style.NORMAL, errors=_LETTERS)
    ways = [likely, *islice(product(*_readings(folded)), READINGS_OF_A_NAME)]
    whole = dict.fromkeys("".join(way) for way in ways)
    first = dict.fromkeys("".join(syllable[:1] for syllable in way) for way in ways)
    return tuple(islice(whole, READINGS_OF_A_NAME)), tuple(islice(first, READINGS_OF_A_NAME))


def _readings(folded: str) -> list[list[str]]:
    return [
        list(dict.fromkeys(pinyin(c, style=Style.NORMAL, heteronym=True, errors=_LETTERS)[0]))[:READINGS_OF_A_CHARACTER]
        for c in folded
    ]


def index_rows(names: Iterable[tuple[UUID | str, str, str, date | None]]) -> list[NameRow]:
    """Rows of mart.organizer_name for (organizer_id, name, kind, seen_on); kind is name, handle or former.

    Give it names of listed and named organizers only: what is in the index can be found by anybody.
    """
    rows = []
    for organizer_id, name, kind, seen_on in names:
        folded = fold(name)
        whole, first = sounds(folded)
        rows.append(NameRow(organizer_id, name, kind, folded, " ".join(whole), " ".join(first), seen_on))
    return rows


class Words(NamedTuple):
    """A visitor's words, as the index knows names. All empty: nothing was asked for."""

    folded: str
    pinyin: str
    code: str


def words(text: str) -> Words:
    """What to look for. `code` is set where the words may be a public code or a part of one."""
    folded = fold(text[:80]) if text.strip() else ""
    if not folded:
        return Words("", "", "")
    code = folded.upper().translate(str.maketrans("OIL", "011"))
    return Words(folded, sounds(folded)[0][0], code if code.isascii() and 4 <= len(code) <= 8 else "")
