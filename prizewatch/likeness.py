"""How alike two texts are: the share of their three-character pieces that they have in common (domain model 3.6).

Text alone proves nothing, letters come from templates: what is alike is looked at by a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

SIZE = 3
ALIKE = 0.8
#: Shorter texts are alike by chance.
LEAST = 20
_SIGNS = re.compile(r"[\W_]+")


def pieces(text: str) -> frozenset[str]:
    """Its runs of three characters, without signs, spaces, case and width."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
    return frozenset(plain[n : n + SIZE] for n in range(len(plain) - SIZE + 1)) if len(plain) >= LEAST else frozenset()


def jaccard(a: frozenset[str], b: frozenset[str]) -> float:
    """Pieces in both over pieces in either; 0 where one has none."""
    return len(a & b) / len(a | b) if a and b else 0.0


def alike(text: str | None, others: Sequence[str | None]) -> list[float]:
    """How alike a text is to each of the others, between 0 and 1."""
    mine = pieces(text or "")
    return [jaccard(mine, pieces(other or "")) for other in others]
