"""A reader with a pencil: knows every file of a release, or of two, what the markers mean and how the tables hang
together, and asks a linear program what is left to guess of each hidden number.

Works on the CSV files alone, so it knows nothing of how they were masked.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csc_array
from scipy.sparse.csgraph import connected_components

from prizewatch.vocabulary import analysis_group

Key = tuple[Any, ...]
FIGURES = (
    "reached", "decided", "undecided", "relief_full", "relief_partial", "relief_any", "sanction_only", "action_known",
    "action_taken",
)  # fmt: skip
PLATFORMS = ("s3_lottery_platform", "s4_host_platform")
FIRST = "s1_self_check"


class Reader:
    """What is known of each number (least, greatest) and which add up."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.at: dict[Key, int] = {}
        self.hidden: dict[Key, str] = {}
        self.sums: list[tuple[int, list[int]]] = []

    def cell(self, key: Key, text: str | None = None) -> int:
        """The number of a cell; `text` is what a file says of it."""
        if key not in self.at:
            self.at[key] = len(self.low)
            self.low.append(0.0)
            self.high.append(np.inf)
        cell = self.at[key]
        if text == "<5":
            self.low[cell], self.high[cell] = max(1.0, self.low[cell]), min(4.0, self.high[cell])
        elif text is not None and text != "…":
            self.low[cell] = self.high[cell] = float(text)
        if text in ("<5", "…"):
            self.hidden[key] = text
        return cell

    def sum(self, total: Key, parts: Iterable[Key]) -> None:
        """A cell is the sum of others."""
        self.sums.append((self.cell(total), [self.cell(part) for part in parts]))

    def narrowed(self, enough: float = 3.0) -> list[tuple[Key, str, float, float]]:
        """Hidden cells of which less is left open than "<5" leaves, with what is left; nothing that is nothing."""
        low, high = np.array(self.low), np.array(self.high)
        signed = [[(total, -1.0), *((part, 1.0) for part in parts)] for total, parts in self.sums]
        entries = [(line, cell, sign) for line, cells in enumerate(signed) for cell, sign in cells]
        row, column, sign = (np.array(part) for part in zip(*entries, strict=True))
        whole = csc_array((sign, (row, column)), shape=(len(self.sums), len(low))).tocsr()
        unknown = np.flatnonzero(low < high)
        system = csc_array(whole[:, unknown])
        rest = -(whole @ np.where(low < high, 0.0, low))
        count, block = connected_components(abs(system.T) @ abs(system), directed=False)
        name = {cell: key for key, cell in self.at.items() if key in self.hidden}
        found = []
        for b in range(count):
            part = np.flatnonzero(block == b)
            asked = [i for i, cell in enumerate(unknown[part]) if cell in name]
            if asked:
                least, most = _ranges(system[:, part], rest, low[unknown[part]], high[unknown[part]], asked, enough)
                for i in asked:
                    if most[i] - least[i] < enough - 1e-6 and most[i] > 1e-6:
                        key = name[int(unknown[part][i])]
                        found.append((key, self.hidden[key], round(least[i], 4), round(most[i], 4)))
        for key, cell in self.at.items():
            if key in self.hidden and low[cell] == high[cell] > 0:
                found.append((key, self.hidden[key], low[cell], high[cell]))
        return found


def _ranges(
    system: csc_array, rest: np.ndarray, low: np.ndarray, high: np.ndarray, asked: list[int], enough: float
) -> tuple[np.ndarray, np.ndarray]:
    rows = np.unique(system.indices)
    sums, total = csc_array(system.tocsr()[rows]), rest[rows]
    bounds = np.column_stack([low, np.minimum(high, 1e5)])
    least, most = np.full(len(low), np.inf), np.full(len(low), -np.inf)

    def push(goal: np.ndarray) -> None:
        end: Any = linprog(goal, A_eq=sums, b_eq=total, bounds=bounds)  # type: ignore[call-overload]
        assert end.status == 0, "what is printed contradicts itself"
        np.minimum(least, end.x, out=least)
        np.maximum(most, end.x, out=most)

    goal = np.zeros(len(low))
    goal[asked] = 1.0
    push(goal)
    push(-goal)
    for i in asked:
        for sign in (1.0, -1.0):
            if most[i] - least[i] < enough - 1e-6:
                goal = np.zeros(len(low))
                goal[i] = sign
                push(goal)
    return least, most


def rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of a release."""
    with (folder / "datasets" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def read(reader: Reader, tag: str, folder: Path) -> None:
    """Everything the files of one release say, and every sum that holds between them."""
    _ladders(reader, tag, folder)
    _history(reader, tag, folder)
    _others(reader, tag, folder)
    _organizers(reader, tag, folder)


def _ladders(reader: Reader, tag: str, folder: Path) -> None:
    for by in ("", "tool", "reason"):
        name = f"resolution_by_{by or 'type_and_stage'}"
        parts: dict[tuple[str, str], list[Key]] = {}
        types: dict[tuple[str, str, str], list[Key]] = {}
        for row in rows(folder, name):
            kind = by or row["by"]
            value = row[{"tool": "lottery_tool", "reason": "dispute_reason"}.get(by, "row")]
            key = (tag, kind, value, row["stage"])
            figures = [f for f in FIGURES if not f.startswith("action") or row["stage"] in PLATFORMS]
            for figure in figures:
                reader.cell((*key, figure), row[figure])
                if kind == "type":
                    types.setdefault((analysis_group(value), row["stage"], figure), []).append((*key, figure))
                else:
                    parts.setdefault((row["stage"], figure), []).append((*key, figure))
            reader.sum((*key, "reached"), [(*key, "decided"), (*key, "undecided")])
            if row["stage"] != "ambiguous":  # relief that is credited to no step
                reader.sum((*key, "decided"), [(*key, "relief_any"), (*key, "sanction_only"), (*key, "no_relief")])
            reader.sum((*key, "relief_any"), [(*key, "relief_full"), (*key, "relief_partial")])
            if row["stage"] in PLATFORMS:
                reader.sum((*key, "action_known"), [(*key, "action_taken"), (*key, "action_none")])
        for (stage, figure), cells in parts.items():
            reader.sum((tag, "all", stage, figure), cells)
        for (group, stage, figure), cells in types.items():
            reader.sum((tag, "group", group, stage, figure), cells)


def _history(reader: Reader, tag: str, folder: Path) -> None:
    """Months and reasons of a group are the same disputes; every dispute begins at the first rung."""
    of_group: dict[tuple[str, str], list[Key]] = {}
    of_month: dict[tuple[str, str], list[Key]] = {}
    for row in rows(folder, "monthly"):
        key = (tag, "month", row["group"], row["month"])
        for figure in ("disputes", "resolved", "closed", "undecided"):
            reader.cell((*key, figure), row[figure])
            of_group.setdefault((row["group"], figure), []).append((*key, figure))
            if row["group"] != "all":
                of_month.setdefault((row["month"], figure), []).append((*key, figure))
        reader.sum((*key, "disputes"), [(*key, "resolved"), (*key, "closed"), (*key, "undecided")])
    for (month, figure), cells in of_month.items():
        reader.sum((tag, "month", "all", month, figure), cells)
    for (group, figure), cells in of_group.items():
        reader.sum((tag, "total", group, figure), cells)
    of_reasons: dict[tuple[str, str], list[Key]] = {}
    of_reason: dict[tuple[str, str], list[Key]] = {}
    for row in rows(folder, "reasons"):
        key = (tag, "reasons", row["group"], row["dispute_reason"])
        for figure in ("disputes", "decided", "resolved"):
            reader.cell((*key, figure), row[figure])
        reader.sum((*key, "disputes"), [(*key, "decided"), (*key, "undecided")])
        reader.sum((*key, "decided"), [(*key, "resolved"), (*key, "closed")])
        for figure in ("disputes", "resolved", "closed", "undecided"):
            of_reasons.setdefault((row["group"], figure), []).append((*key, figure))
            of_reason.setdefault((row["dispute_reason"], figure), []).append((*key, figure))
    for (group, figure), cells in of_reasons.items():
        reader.sum((tag, "total", group, figure), cells)
    stages = {row["stage"] for row in rows(folder, "resolution_by_type_and_stage")}
    for group in {group for group, _ in of_reasons}:
        reader.sum((tag, "total", group, "disputes"), [(tag, "group", group, FIRST, "reached")])
        _resolved(reader, (tag, "total", group), [(tag, "group", group, s, "relief_any") for s in stages])
    stages = {row["stage"] for row in rows(folder, "resolution_by_reason")}
    for reason in {reason for reason, _ in of_reason}:
        for figure in ("disputes", "resolved"):
            reader.sum((tag, "reason total", reason, figure), of_reason[reason, figure])
        reader.sum((tag, "reason total", reason, "disputes"), [(tag, "reason", reason, FIRST, "reached")])
        _resolved(reader, (tag, "reason total", reason), [(tag, "reason", reason, s, "relief_any") for s in stages])


def _resolved(reader: Reader, whole: Key, rungs: list[Key]) -> None:
    """What is resolved had relief at one of the rungs; what is pursued further had so too."""
    reader.sum((*whole, "relief"), rungs)
    reader.sum((*whole, "relief"), [(*whole, "resolved"), (*whole, "pursued")])


def _others(reader: Reader, tag: str, folder: Path) -> None:
    states = ("published", "waiting", "held", "rejected", "removed", "left_out")
    for row in rows(folder, "moderation"):
        key = (tag, "moderation", row["month"])
        for figure in ("received", *states):
            reader.cell((*key, figure), row[figure])
        reader.sum((*key, "received"), [(*key, state) for state in states])
        if (tag, "month", "all", row["month"], "disputes") in reader.at:
            reader.sum((tag, "month", "all", row["month"], "disputes"), [(*key, "published")])
    bins: dict[tuple[str, str], list[Key]] = {}
    for row in rows(folder, "platform_action"):
        key = (tag, "exposure", row["counted_by"], row["bin"])
        for figure in ("events", "acted", "unknown", "known"):
            reader.cell((*key, figure), row[figure])
        reader.sum((*key, "events"), [(*key, "known"), (*key, "unknown")])
        reader.sum((*key, "known"), [(*key, "acted"), (*key, "let_go")])
        for figure in ("events", "acted", "unknown", "known"):
            bins.setdefault((row["counted_by"], figure), []).append((*key, figure))
    for (_, figure), cells in bins.items():
        reader.sum((tag, "exposure", figure), cells)
    for row in rows(folder, "time_to_relief"):
        reader.sum((tag, "time", row["group"]), [(tag, "total", row["group"], "disputes")])
        reader.cell((tag, "time", row["group"]), row["disputes"])


def _organizers(reader: Reader, tag: str, folder: Path) -> None:
    """Organizers stand with exact totals: their type has no fewer disputes."""
    listed: Counter[Key] = Counter()
    for row in rows(folder, "organizers"):
        listed[tag, "type", row["organizer_type"], FIRST, "reached"] += int(row["disputes"])
    for key, n in listed.items():
        if key in reader.at and n <= reader.high[reader.at[key]]:
            reader.sum(key, [("listed", *key), ("not listed", *key)])
            reader.cell(("listed", *key), str(n))


def grown(reader: Reader, before: str, after: str) -> None:
    """Between two releases reports only came: every number is what it was and what came."""
    for key in [key for key in reader.at if key[0] == before]:
        now = (after, *key[1:])
        if now in reader.at:
            reader.sum(now, [key, ("grown", *key[1:])])
