"""The fold, on the fixtures of the domain model and on the rules that a fixture does not reach."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from prizewatch.store import Kind, Register
from tests.conftest import settings_for
from tests.log_by_hand import (
    DAY,
    both_proofs,
    clock_at,
    decision,
    draw_count,
    event,
    evidence,
    filing,
    organizer,
    put,
    reply,
    rows_of,
    uid,
)  # fmt: skip

NOW = datetime(2026, 3, 20, 4)
D, ORG = uid("d"), uid("organizer")


@pytest.fixture
def register(tmp_path) -> Iterator[Register]:
    with Register.open(
        None, settings_for(tmp_path / "r.duckdb"), kind=Kind.DEMO, clock_on=NOW.date(), now=NOW
    ) as opened:
        yield opened


def one(register: Register, dispute=D):
    return rows_of(register, "SELECT * FROM mart.dispute WHERE dispute_id = ?", [dispute])[0]


def org(register: Register, organizer_id=ORG):
    return rows_of(register, "SELECT * FROM mart.organizer WHERE organizer_id = ?", [organizer_id])[0]


GAVE_UP = date(2026, 3, 10)
#: The worked fixture of the domain model, 3.5: dispute, type, events, what the filing adds, expected status.
WORKED = [
    ("d1", "individual", "s1 passed, s2 refused, s3 rejected, s4 no_response", {"gave_up_on": GAVE_UP},
    "closed_unresolved"),
    ("d2", "individual", "s1 passed, s2 relief_full", {"credited_stage": "s2_organizer"}, "resolved_full"),
    ("d3", "official_account", "s1 passed, s2 no_response, s3 pending", {}, "open"),
    ("d4", "creator", "s1 passed, s2 refused, s3 relief_partial", {"partial_accepted_on": GAVE_UP}, "resolved_partial"),
    ("d5", "brand_company", "s1 passed, s2 refused, s3 skipped, s6 relief_full", {}, "resolved_full"),
    ("d6", "online_shop", "s1 self_disqualified", {}, "closed_ineligible"),
    ("d7", "individual", "s1 passed, s2 promised", {}, "open"),
    ("d8", "official_account", "s1 passed, s2 refused, s3 skipped, s4 sanction_only", {"gave_up_on": GAVE_UP},
    "closed_unresolved"),
]  # fmt: skip


def test_worked_fixture_gives_the_values_of_the_model(register: Register) -> None:
    filings, events = [], []
    for name, kind, ladder, more, _ in WORKED:
        filings.append(filing(uid(name), organizer_type=kind, organizer_id=uid("of", name), **more))
        for seq, rung in enumerate(ladder.split(", "), 1):
            events.append(event(uid(name), seq, *rung.split()))
    put(register, filing=filings, stage_event=events)

    status = {r["dispute_id"]: r["status"] for r in rows_of(register, "SELECT * FROM mart.dispute")}
    assert status == {uid(name): expected for name, _, _, _, expected in WORKED}
    total = rows_of(register, "SELECT count(*) FILTER (in_base) AS n FROM mart.dispute")[0]
    assert total["n"] == 7
    stages = rows_of(
        register,
        """SELECT stage[:2] AS s, sum(reached)::BIGINT AS reached, sum(decided)::BIGINT AS decided,
        sum(relief_full)::BIGINT AS f,
        sum(relief_partial)::BIGINT AS p, sum(sanction_only)::BIGINT AS sanction
        FROM mart.resolution GROUP BY stage ORDER BY s""",
    )
    assert [tuple(r.values()) for r in stages] == [
        ("s1", 7, 0, 0, 0, 0),
        ("s2", 7, 6, 1, 0, 0),
        ("s3", 3, 2, 0, 1, 0),
        ("s4", 2, 2, 0, 0, 1),
        ("s6", 1, 1, 1, 0, 0),
    ]
    overall = rows_of(
        register, "SELECT sum(resolved_full)::BIGINT AS f, sum(resolved_partial)::BIGINT AS p FROM mart.month"
    )[0]
    assert overall == {"f": 2, "p": 1}


@pytest.mark.parametrize(
    ("draws", "k_ind", "reporters", "level"),
    [
        ({"A": ["r1", "r2"], "B": ["r3"], "C": ["r1"]}, 3, 3, "repeat"),
        ({"A": ["r1", "r2", "r3", "r4", "r5"], "B": ["r1"], "C": ["r1"]}, 2, 5, "watch"),
        ({"A": ["r1"], "B": ["r1"], "C": ["r1"]}, 1, 1, "none"),
    ],
    ids=["X", "Y", "Z"],
)
def test_repeat_fixture(
    register: Register, draws: dict[str, list[str]], k_ind: int, reporters: int, level: str
) -> None:
    pairs = [(draw, reporter) for draw, people in draws.items() for reporter in people]
    rows = [filing(uid(p), draw_id=uid(p[0]), reporter_key=p[1]) for p in pairs]
    put(register, filing=rows, evidence=[e for p in pairs for e in both_proofs(uid(p))])
    before = org(register)
    assert (before["k_ind"], before["level_reporters"]) == (k_ind, reporters)
    assert before["level"] == ("watch" if level == "repeat" else level)  # nobody has looked at it yet
    put(register, moderation=[decision(ORG, "review", kind="organizer")])
    assert org(register)["level"] == level


def test_pervasive_needs_half_of_at_least_five_known_draws(register: Register) -> None:
    put(
        register,
        filing=[filing(uid(n), draw_id=uid("draw", n)) for n in range(3)],
        evidence=[e for n in range(3) for e in both_proofs(uid(n))],
        moderation=[decision(ORG, "review", kind="organizer")],
        draw_count=[draw_count(ORG, 7, DAY)],
    )
    assert org(register)["level"] == "repeat"
    put(register, draw_count=[draw_count(ORG, 6, DAY + timedelta(1))])
    assert (org(register)["level"], org(register)["disputed_draws"]) == ("pervasive", 3)
    put(register, draw_count=[draw_count(ORG, 4, DAY + timedelta(2))])
    assert org(register)["level"] == "repeat"
    put(register, draw_count=[draw_count(ORG, 2, DAY + timedelta(3))])  # three of them are on file
    found = org(register)
    assert [found[n] for n in ("draws_known", "draws_source", "draws_counted_on", "disputed_draws")] == [None] * 3 + [3]


@pytest.mark.parametrize(
    ("kind", "nature", "reviewed", "publication"),
    [
        ("brand_company", "company", False, "listed"),
        ("official_account", "company", False, "listed"),
        ("official_account", "natural_person", False, "lookup"),
        ("official_account", "unknown", True, "listed"),
        ("micro_seller", "natural_person", True, "lookup"),
        ("micro_seller", "sole_proprietor", False, "listed"),
        ("brand_company", "unknown", True, "lookup"),
        ("individual", "company", True, "lookup"),
        ("individual", "natural_person", True, "lookup"),
    ],
)
def test_who_may_be_listed(register: Register, kind: str, nature: str, reviewed: bool, publication: str) -> None:
    put(
        register,
        filing=[filing(uid(n), draw_id=uid("draw", n), organizer_type=kind, legal_nature=nature) for n in range(3)],
        evidence=[e for n in range(3) for e in both_proofs(uid(n))],
        organizer=[organizer(ORG, organizer_type=kind, legal_nature=nature, display_name="甲", seen_on=DAY)],
    )
    if reviewed:
        put(register, moderation=[decision(ORG, "review", kind="organizer")])
    found = org(register)
    assert found["publication"] == publication
    assert (found["level"] == "none") == (publication == "lookup")
    assert not found["named"]
    put(register, moderation=[decision(ORG, "name", kind="organizer")])
    assert org(register)["named"] == (publication == "listed")
    assert bool(rows_of(register, "SELECT * FROM mart.organizer_name")) == (publication == "listed")


def test_only_a_merged_or_split_organizer_moves_its_disputes(register: Register) -> None:
    a, b = uid("a"), uid("b")
    put(register, filing=[filing(D, organizer_id=a), filing(uid("e"), organizer_id=b)])
    put(register, organizer=[organizer(a, "merged", into_id=b)])
    assert one(register)["organizer_id"] == b
    assert [(r["organizer_id"], r["disputes"]) for r in rows_of(register, "SELECT * FROM mart.organizer")] == [(b, 2)]
    put(register, organizer=[organizer(b, "merged", into_id=a)])  # a circle: passed over
    assert one(register)["organizer_id"] == b
    put(register, organizer=[organizer(a, "split")])
    assert one(register)["organizer_id"] == a


def test_screens_hold_and_moderators_decide(register: Register) -> None:
    put(register, filing=[filing(D, screen="insult")])
    assert (one(register)["moderation"], one(register)["in_base"]) == ("pending", False)
    for action, expected in [
        ("publish_masked", "published_masked"), ("publish_named", "published_named"), ("hold", "hold_legal"),
        ("restore", "published_named"), ("ask", "needs_info"), ("reject", "rejected"), ("remove", "removed"),
    ]:  # fmt: skip
        put(register, moderation=[decision(D, action)])
        assert one(register)["moderation"] == expected


@pytest.mark.parametrize(
    ("reason", "status", "moderation", "counted"),
    [
        ("mistake", "withdrawn", "published_named", False),
        ("privacy", "withdrawn", "published_named", False),
        ("settled", "open", "published_named", True),
        ("pressured", "open", "published_masked", True),
    ],
)
def test_withdrawal(register: Register, reason: str, status: str, moderation: str, counted: bool) -> None:
    put(register, filing=[filing(D)], moderation=[decision(D, "publish_named")])
    put(register, filing=[filing(D, version=2, withdrawn_on=DAY, withdraw_reason=reason)])
    assert (one(register)["status"], one(register)["moderation"], one(register)["in_base"]) == (
        status,
        moderation,
        counted,
    )


def test_an_overdue_promise_becomes_no_response_by_the_clock(register: Register) -> None:
    put(register, filing=[filing(D)], stage_event=[event(D, 1, "s2", "promised", promised_on=date(2026, 3, 10))])
    assert one(register)["next_clock_on"] == date(2026, 3, 25)
    stage = "SELECT decided FROM mart.dispute_stage"
    clock_at(register, date(2026, 3, 24))
    assert rows_of(register, stage) == [{"decided": False}]
    clock_at(register, date(2026, 3, 25))
    assert rows_of(register, stage) == [{"decided": True}]


def test_lost_after_ninety_days_and_found_again(register: Register) -> None:
    put(register, filing=[filing(D)])
    assert one(register)["last_update_on"] == date(2026, 3, 3)
    clock_at(register, date(2026, 6, 1))
    assert one(register)["status"] == "open"
    clock_at(register, date(2026, 6, 2))
    assert one(register)["status"] == "lost_to_followup"
    put(register, stage_event=[event(D, 1, "s2", "pending", entered_on=date(2026, 6, 1))])
    assert one(register)["status"] == "open"


def test_the_first_report_dates_the_month_in_the_registers_zone(register: Register) -> None:
    put(register, filing=[filing(D, reported_at=datetime(2026, 2, 28, 16, 30))])
    put(register, filing=[filing(D, version=2, reported_at=datetime(2026, 3, 5))])
    assert (one(register)["reported_on"], one(register)["month"]) == (date(2026, 3, 1), date(2026, 3, 1))


def test_partial_relief_is_the_end_only_when_accepted(register: Register) -> None:
    relief = event(D, 1, "s2", "relief_partial", relief_on=date(2026, 3, 4), relief_value=Decimal("40.50"))
    put(register, filing=[filing(D)], stage_event=[relief])
    assert (one(register)["status"], one(register)["relief_cents"]) == ("open", 4050)
    put(register, filing=[filing(D, version=2, partial_accepted_on=date(2026, 3, 5))])
    assert one(register)["status"] == "resolved_partial"
    put(register, stage_event=[event(D, 2, "s3", "pending", entered_on=date(2026, 3, 9))])
    assert one(register)["status"] == "open"
    put(register, filing=[filing(D, version=3, partial_accepted_on=date(2026, 3, 5), gave_up_on=date(2026, 3, 12))])
    assert one(register)["status"] == "resolved_partial"


def test_giving_up_ends_until_a_new_step(register: Register) -> None:
    put(register, filing=[filing(D, gave_up_on=date(2026, 3, 5))], stage_event=[event(D, 1, "s2", "refused")])
    assert one(register)["status"] == "closed_unresolved"
    put(register, stage_event=[event(D, 2, "s3", "pending", entered_on=date(2026, 3, 6))])
    assert one(register)["status"] == "open"


def test_all_routes_ended_without_relief(register: Register) -> None:
    rungs = [event(D, n, f"s{n}", "rejected" if n > 3 else "refused") for n in range(2, 8)]
    put(register, filing=[filing(D)], stage_event=rungs)
    assert one(register)["status"] == "open"
    put(register, stage_event=[event(D, 8, "s8", "skipped")])
    assert one(register)["status"] == "closed_unresolved"


def test_a_moderator_reopens(register: Register) -> None:
    put(register, filing=[filing(D)], stage_event=[event(D, 1, "s2", "relief_full")])
    assert one(register)["status"] == "resolved_full"
    put(register, moderation=[decision(D, "reopen")])
    assert (one(register)["status"], one(register)["credited_stage"]) == ("open", None)
    put(register, stage_event=[event(D, 2, "s3", "relief_full")])
    assert one(register)["credited_stage"] == "s3_lottery_platform"
    put(register, moderation=[decision(D, "find_ineligible")])
    assert one(register)["status"] == "closed_ineligible"
    put(register, moderation=[decision(D, "find_eligible")])
    assert one(register)["status"] == "resolved_full"


def test_levels_of_proof(register: Register) -> None:
    put(register, filing=[filing(D)])
    assert one(register)["verification"] == "V0"
    put(register, evidence=[evidence(D, "win_page", "screenshot")])
    assert one(register)["verification"] == "V1"
    put(register, evidence=[evidence(D, "chat_refusal", "screenshot")])
    assert one(register)["verification"] == "V2"
    put(register, reply=[reply(ORG, "contests")])  # a word against all reports is shown, and proves nothing of any
    assert one(register)["verification"] == "V2"
    put(register, reply=[reply(ORG, "contests", D, on=DAY + timedelta(1))])
    assert one(register)["verification"] == "V1"
    put(register, evidence=[evidence(D, "chat_refusal", "screen_recording")])
    assert one(register)["verification"] == "V2"
    put(register, moderation=[decision(D, "set_level", reason_code="V4")])
    assert one(register)["verification"] == "V4"


@pytest.mark.parametrize("source", ["form", "api", "import"])
def test_a_tick_without_a_file_proves_one_side_at_most(register: Register, source: str) -> None:
    put(register, filing=[filing(D, source=source)], evidence=both_proofs(D))
    assert one(register)["verification"] == ("V2" if source == "import" else "V1")
    put(register, evidence=[evidence(D, "win_page", "screenshot", sha256="ab" * 32)])
    assert one(register)["verification"] == ("V2" if source == "import" else "V1")
    put(register, evidence=[evidence(D, "chat_refusal", "screenshot", sha256="cd" * 32)])
    assert one(register)["verification"] == "V2"
    put(register, reply=[reply(ORG, "contests", D)])  # screenshots alone, and the recordings were only ticked
    assert one(register)["verification"] == ("V2" if source == "import" else "V1")


def test_what_is_said_after_a_moderators_decision_is_looked_at_again(register: Register) -> None:
    put(register, filing=[filing(D, screen="insult")])
    put(register, moderation=[decision(D, "publish_named")])
    put(register, filing=[filing(D, version=2)])
    assert one(register)["moderation"] == "published_named"
    put(register, filing=[filing(D, version=3, screen="relief_undone")])
    assert (one(register)["moderation"], one(register)["in_base"]) == ("pending", False)
    put(register, moderation=[decision(D, "restore")])
    assert one(register)["moderation"] == "published_named"


def test_what_the_organizer_calls_resolved_counts_for_no_level_after_two_silent_weeks(register: Register) -> None:
    put(
        register,
        filing=[filing(D)],
        evidence=both_proofs(D),
        reply=[reply(ORG, "says_resolved", D, on=date(2026, 3, 10))],
    )
    assert (one(register)["counts_for_level"], one(register)["next_clock_on"]) == (True, date(2026, 3, 25))
    clock_at(register, date(2026, 3, 25))
    assert (one(register)["counts_for_level"], one(register)["status"]) == (False, "open")
    put(register, stage_event=[event(D, 1, "s2", "pending", entered_on=date(2026, 3, 20))])
    assert one(register)["counts_for_level"]


def test_a_duplicate_hands_over_its_claim_and_its_furthest_stage(register: Register) -> None:
    twin = uid("twin")
    put(register, filing=[filing(D)], stage_event=[event(D, 1, "s2", "refused")])
    put(register, filing=[filing(twin, claim_made_on=date(2026, 3, 1))], stage_event=[event(twin, 1, "s6", "pending")])
    put(register, moderation=[decision(twin, "merge", related_id=D)])
    assert (one(register)["claim_on"], one(register)["furthest_stage"]) == (date(2026, 3, 1), "s6_regulator")
    assert (one(register, twin)["moderation"], one(register, twin)["in_base"]) == ("merged", False)
    put(register, evidence=both_proofs(D))  # only the survivor is touched; it keeps what it was handed
    assert (one(register)["claim_on"], one(register)["furthest_stage"]) == (date(2026, 3, 1), "s6_regulator")
    put(register, moderation=[decision(twin, "publish_masked")])
    assert (one(register)["claim_on"], one(register)["furthest_stage"]) == (DAY, "s2_organizer")


def test_ambiguous_relief_is_a_row_of_its_own(register: Register) -> None:
    put(register, filing=[filing(D, credited_stage="ambiguous")], stage_event=[event(D, 1, "s2", "relief_full")])
    assert rows_of(register, "SELECT stage, reached, relief_full FROM mart.resolution ORDER BY stage") == [
        {"stage": "ambiguous", "reached": 0, "relief_full": 1},
        {"stage": "s2_organizer", "reached": 1, "relief_full": 0},
    ]


def test_relief_within_thirty_days_is_no_step_towards_a_level(register: Register) -> None:
    for n, (day, counts) in enumerate([(date(2026, 4, 1), False), (date(2026, 4, 2), True)]):
        id_ = uid(n)
        put(
            register,
            filing=[filing(id_)],
            evidence=both_proofs(id_),
            stage_event=[event(id_, 1, "s2", "relief_full", relief_on=day)],
        )
        assert one(register, id_)["counts_for_level"] is counts


def test_a_reference_register_ends_with_its_records(tmp_path) -> None:
    with Register.open(
        None, settings_for(tmp_path / "r"), kind=Kind.REFERENCE, clock_on=date(2017, 1, 1), now=NOW
    ) as register:
        put(
            register,
            filing=[
                filing(D, claim_made_on=None, draw_time=None, win_notice_on=None, reported_at=datetime(2015, 5, 1)),
                filing(uid(2)),
            ],
            stage_event=[
                event(D, 1, "s5", "rejected"),
                event(uid(2), 1, "s5", "relief_partial"),
                event(uid(2), 2, "s6", "pending"),
            ],
            organizer=[organizer(ORG, display_name="Acme", seen_on=DAY)],
        )
        assert (one(register)["status"], one(register)["verification"]) == ("closed_unresolved", "V2")
        assert one(register, uid(2))["status"] == "open"  # never lost, and not accepted while something is pending
        assert org(register)["publication"] == "lookup"
        put(register, moderation=[decision(ORG, "name", kind="organizer")])
        assert (org(register)["publication"], org(register)["named"], org(register)["reviewed"]) == (
            "listed",
            True,
            True,
        )
        put(register, stage_event=[event(uid(2), 2, "s6", "rejected", version=2)])
        assert one(register, uid(2))["status"] == "resolved_partial"
