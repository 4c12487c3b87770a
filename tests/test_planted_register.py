"""Truths planted into a register through its door are found again by what the pages ask: waits, rates, silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from math import ceil

import numpy as np
import pytest

from prizewatch import fits, intake, queries, stats
from prizewatch.frames import ask
from prizewatch.store import Register
from tests import planted
from tests.conftest import settings_for
from tests.intake_rows_by_hand import IMPORT, NOW, Rows

PEOPLE = 4000
CLAIMED = date(2025, 9, 1)
WAITS = planted.waits(3, PEOPLE)
SHOPS = planted.group(5, organizers=300)
SILENT = planted.silent(7, people=600)
RELIEF, GAVE_UP, OPEN = 1, 2, 0


def told(rows: Rows, name: str, kind: str, handle: str, ended: int, days: int, outcome: str = "") -> None:
    """One dispute, claimed on the same day as all, that ended so many days later or was last heard of then."""
    day, last = CLAIMED.isoformat(), (CLAIMED + timedelta(days=days)).isoformat()
    event = {"stage": "s2_organizer", "target_entity": "organizer", "entered_on": day, "closed_on": last}
    event["outcome"] = outcome or {RELIEF: "relief_full", GAVE_UP: "refused", OPEN: "no_response"}[ended]
    if event["outcome"] == "unknown":
        del event["closed_on"]
    change = {
        "organizer_type": kind, "organizer_handle": handle, "reported_at": f"{day} 04:00:00",
        "draw_time": f"{day} 02:00:00", "win_notice_on": day, "claim_made_on": day, "refused_on": day,
    }  # fmt: skip
    if ended == RELIEF:
        change["credited_stage"] = "s2_organizer"
        event |= {"relief": "full_prize", "relief_value": "100", "relief_on": last}
    if ended == GAVE_UP and not outcome:
        change["gave_up_on"] = last
    first = {"stage": "s1_self_check", "entered_on": day, "outcome": "passed"}
    rows.add(name, change, events=[first, event])


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    rows = Rows()
    for number, (days, event) in enumerate(zip(WAITS.days, WAITS.events, strict=True)):
        told(rows, f"wait{number}", "official_account", f"gh_wait_{number}", int(event), ceil(days))
    for shop, (k, n) in enumerate(zip(SHOPS.k, SHOPS.n, strict=True)):
        for number in range(n):
            ended = RELIEF if number < k else GAVE_UP
            told(rows, f"shop{shop}-{number}", "online_shop", f"gh_shop_{shop}", ended, 20)
    for number in range(600):
        paid, unpaid = number < SILENT.relief, number < SILENT.relief + SILENT.no_relief
        outcome = "" if paid else "refused" if unpaid else "unknown"
        told(rows, f"quiet{number}", "micro_seller", f"wx_quiet_{number}", RELIEF if paid else OPEN, 20, outcome)
    settings = settings_for(tmp_path_factory.mktemp("planted") / "x")
    with Register.open(None, settings, now=NOW) as opened:
        receipt = intake.accept(opened, rows.batch(), IMPORT, NOW)
        assert receipt.rejected == 0, receipt.rejected_by_rule()
        fits.refresh(opened, NOW)
        yield opened


def test_relief_while_giving_up_competes_is_found_within_two_points_where_one_minus_km_is_far_off(
    register: Register,
) -> None:
    with register.read() as cur:
        raw = ask(cur, "time", stage="")
    raw = raw[raw["organizer_type"] == "official_account"]
    assert int(raw["n"].sum()) == PEOPLE
    days = np.repeat(raw["days"].to_numpy(dtype=float), raw["n"])
    ends = np.repeat(raw["ended"].map({"relief": 1, "gave_up": 2}).fillna(0).to_numpy(dtype=int), raw["n"])
    curve = stats.incidence(days, ends)
    naive = stats.incidence(days, np.where(ends == GAVE_UP, 0, ends))  # who gave up only leaves: 1 - Kaplan-Meier
    for day in (30, 60, 90):
        truth = planted.relief_by(day)
        assert curve.at(day) == pytest.approx(truth, abs=0.02)
        assert naive.at(day) - truth > 0.2
    drawn = queries.time_to(register, "A").curves
    for point in drawn[drawn["event"] == "relief"].itertuples():
        assert point.share == pytest.approx(planted.relief_by(point.day), abs=0.02), point.day
    assert len(drawn) > 12


def test_the_rates_of_a_group_are_found_as_they_were_planted(register: Register) -> None:
    fit = fits.prior(register, "O-large")
    assert fit is not None
    a, b = fit.prior
    assert a / (a + b) == pytest.approx(2 / 7, abs=0.04)
    assert 3.5 < a + b < 14
    raw = SHOPS.k / SHOPS.n
    drawn = np.array([stats.shrunken(int(k), int(n), fit.prior) for k, n in zip(SHOPS.k, SHOPS.n, strict=True)])
    assert np.sqrt(np.mean((drawn - SHOPS.truth) ** 2)) < 0.6 * np.sqrt(np.mean((raw - SHOPS.truth) ** 2))


def test_the_bounds_hold_what_silence_hides_where_the_decided_alone_are_wrong(register: Register) -> None:
    frame = queries.resolution(register, "group")
    cell = frame[(frame["row"] == "O-small") & (frame["stage"] == "s2_organizer")].iloc[0]
    assert cell["reached_n"] == 600
    assert cell["strict"] <= SILENT.truth <= cell["optimistic"]
    assert abs(cell["rate"] - SILENT.truth) > 0.1
