"""The ladder of 3-model.md 3.4, cell by cell and outcome by outcome."""

from __future__ import annotations

import pytest

from prizewatch import settings
from prizewatch.intake import check
from prizewatch.next_step import is_fraud
from prizewatch.store import Kind, Register
from prizewatch.vocabulary import codes
from tests.intake_rows_by_hand import FORM, IMPORT, MEDIATED, NOW, RECORD, S1, S2, Rows, attempt

STAGES = codes("stage")
FRAUD = {"data_given": "phone;code"}

# The table as it is printed there: yes, again, skip (over rungs left out with a
# reason), fraud (only with a fraud ground), "" no.
TABLE = {
    #      s1  s2       s3       s4       s5       s6       s7       s8
    "s1": ["", "yes",   "skip",  "skip",  "",      "",      "fraud", ""],
    "s2": ["", "again", "yes",   "skip",  "yes",   "yes",   "fraud", "yes"],
    "s3": ["", "again", "again", "yes",   "yes",   "yes",   "fraud", "yes"],
    "s4": ["", "again", "again", "other", "yes",   "yes",   "fraud", "yes"],
    "s5": ["", "again", "",      "",      "again", "yes",   "fraud", "yes"],
    "s6": ["", "again", "",      "",      "yes",   "again", "fraud", "yes"],
    "s7": ["", "again", "",      "yes",   "",      "yes",   "",      "yes"],
    "s8": ["", "again", "",      "",      "yes",   "",      "",      ""],
}  # fmt: skip

# A way to every stage, the last event of which is decided without relief.
WAY = {
    "s1": [S1],
    "s2": [S1, S2],
    "s3": [S1, S2, attempt(STAGES[2], "rejected", "2026-06-10")],
    "s4": [S1, S2, attempt(STAGES[2], "rejected", "2026-06-10"), attempt(STAGES[3], "rejected", "2026-06-20")],
    "s5": [S1, S2, attempt(STAGES[4], "rejected", "2026-06-10")],
    "s6": [S1, S2, attempt(STAGES[5], "rejected", "2026-06-10")],
    "s7": [S1, S2, attempt(STAGES[6], "rejected", "2026-06-10")],
    "s8": [S1, S2, attempt(STAGES[7], "rejected", "2026-06-10")],
}
OUTCOMES = {
    "s1": "passed self_disqualified unknown",
    "s2": "pending promised no_response refused relief_full relief_partial withdrawn unknown skipped",
    "s3": "pending promised no_response rejected referred relief_full relief_partial sanction_only "
    "withdrawn unknown skipped",
    "s4": "pending promised no_response rejected referred relief_full relief_partial sanction_only "
    "withdrawn unknown skipped",
    "s5": "pending promised no_response rejected referred relief_full relief_partial withdrawn unknown skipped",
    "s6": "pending promised no_response rejected referred relief_full relief_partial sanction_only "
    "withdrawn unknown skipped",
    "s7": "pending rejected referred relief_full relief_partial sanction_only unknown skipped",
    "s8": "pending rejected relief_full relief_partial withdrawn unknown skipped",
}


def problems(register: Register, rows: Rows) -> dict[str, set[str]]:
    """row -> codes of its errors."""
    found: dict[str, set[str]] = {d["row"]: set() for d in rows.disputes}
    for problem in check(register, rows.batch(), FORM, NOW).errors:
        found[problem.row].add(problem.code)
    return found


def next_step(to: str, outcome: str = "pending", **more: str) -> dict[str, str]:
    stage = STAGES[int(to[1]) - 1]
    return attempt(stage, "unknown" if to == "s1" else outcome, "2026-08-01", **more)


def test_every_cell_of_the_table(still: Register) -> None:
    rows, expected = Rows(), {}
    for start, cells in TABLE.items():
        for number, cell in enumerate(cells, 1):
            to, name = f"s{number}", f"{start}-s{number}"
            other = {"target_entity": "official_account"} if to == "s4" else {}
            # A second step of the same kind is about the same target, and the first of them must be over.
            rows.add(name, FRAUD, events=[*WAY[start], next_step(to, **other)])
            expected[name] = {
                "yes": set(),
                "again": set(),
                "other": set(),
                "fraud": set(),
                "skip": {"ladder.skip_reason"},
                "": {"ladder.transition"},
            }[cell]
    found = problems(still, rows)
    assert {k: v for k, v in found.items() if v != expected[k]} == {}
    assert len(found) == 64


def test_rungs_left_out_need_a_skipped_event_each(still: Register) -> None:
    skip = {s: attempt(STAGES[int(s[1]) - 1], "skipped", "2026-06-06") for s in ("s2", "s3")}
    rows = Rows()
    rows.add("s1-s3", events=[S1, skip["s2"], next_step("s3")])
    rows.add("s1-s4", events=[S1, skip["s2"], skip["s3"], next_step("s4")])
    rows.add("s2-s4", events=[S1, S2, skip["s3"], next_step("s4")])
    rows.add("s1-s4 only s3", events=[S1, skip["s3"], next_step("s4")])
    rows.add("skipped too late", events=[S1, S2, next_step("s4"), skip["s3"]])
    found = problems(still, rows)
    assert [k for k, v in found.items() if v] == ["s1-s4 only s3", "skipped too late"]
    assert found["s1-s4 only s3"] == found["skipped too late"] == {"ladder.skip_reason"}


def test_police_only_with_a_ground_and_said_so(still: Register) -> None:
    rows = Rows()
    for name, change in {
        "no ground": {},
        "pay_to_claim": {"dispute_reason": "pay_to_claim"},
        "impersonation": {"dispute_reason": "impersonation"},
        "rigged": {"dispute_reason": "rigged_winner"},
        "money": {"amount_paid": "5"},
        "data": {"data_given": "name;id_copy"},
        "an address to send to": {"data_given": "name;phone;address"},
    }.items():
        rows.add(name, change, events=[S1, S2, next_step("s7")])
    rows.add("not said", FRAUD, events=[S1, S2, next_step("s7", skip_reason="")])
    rows.add(
        "said at a skipped rung",
        FRAUD,
        events=[
            S1,
            S2,
            attempt(STAGES[2], "skipped", "2026-06-06", skip_reason="direct_fraud"),
            next_step("s7", skip_reason=""),
        ],
    )
    found = {k: v for k, v in problems(still, rows).items() if v}
    assert found == {
        "no ground": {"ladder.fraud_only"},
        "an address to send to": {"ladder.fraud_only"},
        "not said": {"ladder.direct_fraud"},
    }


@pytest.mark.parametrize("amount", ["", "5"])
@pytest.mark.parametrize("reason", codes("dispute_reason"))
def test_the_door_and_the_advice_mean_the_same_by_fraud(still: Register, reason: str, amount: str) -> None:
    rows, expected = Rows(), {}
    for given in ("", "name", "name;phone;address", *codes("data_given"), "phone;bank"):
        key = f"given {given}"
        change = {"dispute_reason": reason, "amount_paid": amount, "data_given": given}
        rows.add(key, change, events=[S1, S2, next_step("s7")])
        expected[key] = is_fraud(reason, amount_paid=float(amount or 0), data_given=given.split(";"))
    found = {key: not ({"ladder.fraud_only"} & codes) for key, codes in problems(still, rows).items()}
    assert found == expected


@pytest.mark.parametrize("outcome", codes("stage_outcome"))
def test_outcomes_allowed_stage_by_stage(still: Register, outcome: str) -> None:
    rows, expected = Rows(), {}
    part = {"relief": "partial_value", "relief_value": "10"} if outcome == "relief_partial" else {}
    for number, stage in enumerate(STAGES, 1):
        way = {"s1": [], "s2": WAY["s1"], "s3": WAY["s2"], "s4": WAY["s3"]}.get(f"s{number}", WAY["s2"])
        change: dict[str, str] = dict(FRAUD)
        if outcome.startswith("relief"):
            change["credited_stage"] = stage
        if outcome == "self_disqualified":
            change["conditions"] = "repost:yes:no"
        rows.add(stage, change, events=[*way, attempt(stage, outcome, "2026-06-30", **part)])
        allowed = outcome in OUTCOMES[f"s{number}"].split()
        expected[stage] = set() if allowed else {"ladder.outcome_not_allowed"}
    assert problems(still, rows) == expected


@pytest.mark.parametrize(("outcome", "credit"), [("relief_full", "s2_organizer"), ("self_disqualified", None)])
def test_nothing_follows_the_end(still: Register, outcome: str, credit: str | None) -> None:
    end = [S1, attempt(STAGES[1], outcome, "2026-06-03")] if credit else [attempt(STAGES[0], outcome, "2026-06-03")]
    change = {"credited_stage": credit, "conditions": "repost:yes:no"} | FRAUD
    rows = Rows()
    for number in range(2, 9):
        rows.add(f"s{number}", change, events=[*end, next_step(f"s{number}")])
    assert set(map(frozenset, problems(still, rows).values())) == {frozenset({"ladder.ended"})}


def test_open_steps_side_by_side(still: Register) -> None:
    """s3 beside s4, and anything from s4 on; and a step may come from any of those that are open."""
    s3, s4 = attempt(STAGES[2], "pending", "2026-06-10"), attempt(STAGES[3], "pending", "2026-06-11")
    account = s4 | {"target_entity": "official_account"}
    rows = Rows()
    rows.add(
        "side by side",
        events=[
            S1,
            S2,
            s3,
            s4,
            account,
            attempt(STAGES[4], "pending", "2026-06-12"),
            attempt(STAGES[5], "pending", "2026-06-12"),
        ],
    )
    rows.add(
        "from an open s4 back to s3",
        events=[
            S1,
            S2,
            s3 | {"outcome": "rejected", "platform_action": "unknown"},
            s4,
            s3 | {"entered_on": "2026-06-13"},
        ],
    )
    rows.add(
        "not past a decided s5",
        events=[
            S1,
            S2,
            s3,
            s4,
            attempt(STAGES[4], "rejected", "2026-06-12"),
            s3 | {"entered_on": "2026-06-13", "target_entity": "mini_program"},
        ],
    )
    rows.add("twice open", events=[S1, S2, s3, s4, s4 | {"entered_on": "2026-06-13"}])
    found = {k: v for k, v in problems(still, rows).items() if v}
    assert found.keys() == {"not past a decided s5", "twice open"}
    assert found["not past a decided s5"] == {"ladder.transition"}
    assert "ladder.open_twice" in found["twice open"]


def warned(register: Register, *events: dict[str, str]) -> bool:
    receipt = check(register, Rows().add("one", events=list(events)).batch(), FORM, NOW)
    assert receipt.accepted == 1, receipt.errors
    return "ladder.early" in {p.code for p in receipt.warnings}


def test_an_early_jump_is_a_warning_only(still: Register) -> None:
    open_s2 = S2 | {"outcome": "pending", "closed_on": ""}
    assert warned(still, S1, open_s2, attempt(STAGES[2], "pending", "2026-06-08"))
    assert not warned(still, S1, open_s2, attempt(STAGES[2], "pending", "2026-06-09"))  # seven days are over
    assert not warned(still, S1, S2, attempt(STAGES[2], "pending", "2026-06-05"))  # refused: nothing to wait for
    assert warned(still, S1, S2, attempt(STAGES[2], "pending", "2026-06-04"))  # the refusal came a day later
    s3 = attempt(STAGES[2], "pending", "2026-06-10")
    assert not warned(still, S1, S2, s3, attempt(STAGES[3], "pending", "2026-06-10"))
    assert warned(still, S1, S2, s3, attempt(STAGES[4], "pending", "2026-06-10"))


def test_a_public_record_may_start_at_any_rung() -> None:
    with Register.open(None, settings.read({}), kind=Kind.REFERENCE, now=NOW) as register:
        rows = Rows()
        for number, stage in enumerate(STAGES[1:], 2):
            rows.add(f"s{number}", events=[MEDIATED | {"stage": stage, "outcome": "pending"}], base=RECORD)
        rows.add("ended", events=[MEDIATED | {"outcome": "relief_full"}, MEDIATED], base=RECORD)
        rows.add("none", events=[], base=RECORD)
        receipt = check(register, rows.batch(), IMPORT, NOW)
        assert {(p.row, p.code) for p in receipt.problems} == {("ended", "ladder.ended")}
