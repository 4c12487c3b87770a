"""Disclosure by attack on all tables at once: who reads months, ladder, ways out and every cut side by side must not
narrow a hidden count.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from prizewatch import advisor, crosstables
from prizewatch.crosstables import ACTION, ALL, FLOW, HISTORY, LADDER
from prizewatch.disclosure import FEW, SHOWN, WITHHELD, Table
from prizewatch.marked import PLATFORMS, Marked
from tests.marts_by_hand import Marts
from tests.test_disclosure import worked_out

KINDS = ("individual", "creator", "online_shop", "brand_company")
MONTHS = (date(2026, 1, 1), date(2026, 2, 1))
TOOLS = ("weibo_lottery", "manual_pick")
STAGES = ("s1_self_check", "s3_lottery_platform")
#: How a dispute ended: status as the months count it, how it left, and what the ladder says of its last rung.
ENDS = ("full", "partial", "sanctioned", "gave_up", "open")
#: So many disputes of one kind, month, tool, number of rungs and end. All lots stay below EXACT_BELOW, where each
#: table is masked exactly. From there to some eighty reports a few sums together can narrow a "<5" to two values.
disputes = st.tuples(
    st.sampled_from(KINDS), st.sampled_from(MONTHS), st.sampled_from(TOOLS), st.integers(1, 2), st.sampled_from(ENDS),
    st.integers(1, 3),
)  # fmt: skip
Lot = tuple[str, date, str, int, str, int]


def counted(lots: list[Lot]) -> Marts:
    """A register whose marts hold these disputes, each in every table it belongs to."""
    register = Marts()
    outcomes = {"full": 0, "partial": 1, "sanctioned": 2, "gave_up": 2, "open": 3}
    rungs: dict[str, Counter[tuple[str, ...]]] = {"organizer_type": Counter(), "value": Counter()}
    flow: Counter[tuple[str, str, str]] = Counter()
    for kind, month, tool, height, end, n in lots:
        counts = [0, 0, 0, 0]
        counts[outcomes[end]] = n
        register.reports(kind, month, "not_shipped" if tool == TOOLS[0] else "other", *counts)
        for place, stage in enumerate(STAGES[:height], start=1):
            last = place == height
            what = ["reached"]
            what += ["decided"] if not last or end != "open" else []
            what += {"full": ["relief_full"], "partial": ["relief_partial"], "sanctioned": ["sanction_only"]}.get(
                end if last else "", []
            )
            if stage == STAGES[1]:
                what += ["action_known"] + (["action_taken"] if end == "sanctioned" else [])
            for by, row in (("organizer_type", kind), ("value", tool)):
                for name in what:
                    rungs[by][row, stage, name] += n
            left = {"full": "relief", "partial": "relief", "open": "still_open"}.get(end, end)
            flow[kind, stage, left if last else "went_on"] += n
    for by, table in (("organizer_type", "resolution"), ("value", "cut")):
        for row, stage in sorted({key[:2] for key in rungs[by]}):
            values = {name: rungs[by][row, stage, name] for name in crosstables.RAW}
            more = {"cut": "tool"} if table == "cut" else {}
            register.insert(table, **{by: row}, stage=stage, **values, **more)
    for kind, stage in sorted({key[:2] for key in flow}):
        register.insert("flow", organizer_type=kind, stage=stage, **{name: flow[kind, stage, name] for name in FLOW})
    return register


def side_by_side(register: Marts) -> tuple[Table, list[str]]:
    """One table of all cells, with the sums that hold between the tables."""
    history, ladder, cut = (
        crosstables.history(register), crosstables.ladder(register), crosstables.cut(register, "tool")
    )  # fmt: skip
    joint, marks = Table(), []
    start: dict[int, int] = {}
    for marked in (history, ladder, cut):
        start[id(marked)] = len(joint.counts)
        # What a table was only told of is an assumption of its masking, not something a reader sees.
        told = [cell for cell, dear in enumerate(marked.table.dear) if dear == float("inf")]
        for cell, (value, printed) in enumerate(zip(marked.table.counts, marked.table.printed, strict=True)):
            joint.cell(value, printed=printed and cell not in told)
        marks += [WITHHELD if cell in told else mark for cell, mark in enumerate(marked.marks)]
        for members in marked.table.sums:
            joint.sums.append(tuple(cell + start[id(marked)] for cell in members))

    def at(marked: Marked, key: tuple[object, ...], name: str) -> int:
        return marked.rows[key][name] + start[id(marked)]

    for stage in crosstables.vocabulary.codes("stage"):
        whole = (ALL, ALL, stage)
        for name in (*LADDER, *(ACTION if stage in PLATFORMS else ())):
            if name != "no_relief":
                joint.sum(at(ladder, whole, name), [at(cut, ("tool", tool, stage), name) for tool in TOOLS
                                                    if ("tool", tool, stage) in cut.rows])  # fmt: skip
    ends = {"resolved": ("relief",), "closed": ("sanctioned", "gave_up"), "undecided": ("still_open",)}
    for _, group, _ in [key for key in ladder.rows if key[0] == "flow" and key[2] == STAGES[0]]:
        key = ("total",) if group == ALL else ("group", group)
        for end, names in ends.items():
            joint.sum(
                at(history, key, end),
                [at(ladder, ("flow", group, s), name) for s in crosstables.vocabulary.codes("stage") for name in names],
            )
        rung = (ALL, ALL, STAGES[0]) if group == ALL else ("group", group, STAGES[0])
        joint.sum(at(history, key, "disputes"), [at(ladder, rung, "reached")])  # all begin at the first rung
    # The rows of groups in the history are printed nowhere; a reader has to work them out.
    for key, cells in history.rows.items():
        if key[0] in ("group", "reason total"):
            for name in set(cells) & set(HISTORY):
                marks[cells[name] + start[id(history)]] = WITHHELD
                joint.printed[cells[name] + start[id(history)]] = False
    return joint, marks


@pytest.mark.slow
@settings(max_examples=3, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate))
@given(st.lists(disputes, min_size=1, max_size=8))
@example([("individual", MONTHS[0], TOOLS[0], 2, "full", 3), ("creator", MONTHS[0], TOOLS[1], 2, "full", 20)])
@example(
    [
        ("creator", MONTHS[0], TOOLS[1], 2, "gave_up", 3),
        ("individual", MONTHS[0], TOOLS[0], 2, "sanctioned", 1),
        ("individual", MONTHS[1], TOOLS[0], 2, "partial", 1),
        ("creator", MONTHS[1], TOOLS[1], 2, "partial", 3),
    ]
)
@example([("creator", MONTHS[0], TOOLS[0], 1, "gave_up", 2), ("creator", MONTHS[1], TOOLS[1], 1, "sanctioned", 30)])
def test_no_hidden_cell_can_be_worked_out_from_all_tables_together(lots: list[Lot]) -> None:
    register = counted(lots)
    joint, marks = side_by_side(register)
    # That nothing is nothing, one table may say for another.
    assert [found for found in worked_out(joint, marks) if joint.counts[found[0]]] == []
    register.close()


def test_the_attack_would_see_a_table_that_was_masked_alone() -> None:
    """Two tables that each hide enough of their own, and give each other away by their common total."""
    table = Table()
    total = table.cell(23, printed=False)
    shown, hidden, more, rest = (table.cell(n) for n in (20, 3, 13, 10))
    table.sum(total, [shown, hidden])
    table.sum(total, [more, rest])
    assert worked_out(table, [WITHHELD, SHOWN, FEW, SHOWN, SHOWN])
    assert not worked_out(table, [WITHHELD, SHOWN, FEW, WITHHELD, SHOWN])


steps = st.tuples(
    st.sampled_from(KINDS),
    st.sampled_from(("V0", "V2")),
    st.sampled_from(STAGES),
    st.integers(0, 12),
    st.integers(0, 6),
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.lists(steps, min_size=1, max_size=8, unique_by=lambda s: s[:3]))
def test_what_the_advisor_says_of_cells_betrays_none(rows: list[tuple[str, str, str, int, int]]) -> None:
    register = Marts()
    for kind, level, stage, none, relief in rows:
        register.insert(
            "advice", organizer_type=kind, came_from="s1_self_check", stage=stage, verification=level,
            decided=none + relief, relief=relief,
        )  # fmt: skip
    marked = crosstables.once(register, "advice", advisor._marked)
    if sum(row[3] + row[4] for row in rows):
        assert worked_out(marked.table, marked.marks) == []
    register.close()


def test_a_crowd_that_asks_for_one_table_has_it_made_once() -> None:
    register, made = Marts(), []

    def slow(_: object) -> str:
        made.append(register.version())
        time.sleep(0.2)
        return "the table"

    with ThreadPoolExecutor(8) as crowd:
        given = list(crowd.map(lambda _: crosstables.once(register, "slow", slow), range(8)))
    assert (given, len(made)) == (["the table"] * 8, 1)
    register.close()


def test_a_type_that_a_listed_organizer_tells_of_is_not_called_few() -> None:
    """Four disputes of a type, three of them those of one organizer that stands in public: "<5" would leave two."""
    said = {}
    for listed in (False, True):
        register = Marts()
        register.rung("creator", STAGES[0], 40, 30, 12)
        register.rung("official_account", STAGES[0], 4, 0, 0)
        register.rung("brand_company", STAGES[0], 50, 40, 20)
        if listed:
            register.organizer("gh_one", "One", organizer_type="official_account", disputes=3)
        ladder = crosstables.ladder(register)
        said[listed] = ladder.marks[ladder.rows["type", "official_account", STAGES[0]]["reached"]]
        register.close()
    assert said == {False: FEW, True: WITHHELD}
