"""The oracle of the level rule: a maximum matching of draws to reporters, in plain Python."""

from __future__ import annotations

from typing import Any


def matching(edges: set[tuple[Any, Any]]) -> int:
    """Size of the maximum matching of draws to reporters, by augmenting paths."""
    partner: dict[Any, Any] = {}

    def place(draw: Any, tried: set[Any]) -> bool:
        for other, reporter in edges:
            if other == draw and reporter not in tried:
                tried.add(reporter)
                if reporter not in partner or place(partner[reporter], tried):
                    partner[reporter] = draw
                    return True
        return False

    return sum(place(draw, set()) for draw in {d for d, _ in edges})
