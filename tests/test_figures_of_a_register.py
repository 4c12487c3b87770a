"""The new figures on registers of every kind, against what plain Python says, and over the life of a register."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prizewatch import crosstables, fits, foresight, queries, stats
from prizewatch.store import Register
from prizewatch.vocabulary import codes
from tests.conftest import NOW, settings_for
from tests.log_by_hand import both_proofs, event, everything, filing, put, rows_of, uid

PAIRS = {"1", "2", "3", "4"}


def frames(register: Any) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every question there is, with the frames of its answer."""
    for by in ("group", "type", *crosstables.CUTS):
        yield f"resolution {by}", queries.resolution(register, by)
    for group in ("all", *codes("analysis_group")):
        for stage in ("", "s2_organizer", "s3_lottery_platform", "s8_court"):
            timed = queries.time_to(register, group, stage)
            yield from ((f"time {group} {stage}", frame) for frame in (timed.curves, timed.at_risk, timed.states))
        drawn = queries.funnel(register, group)
        yield from ((f"funnel {group}", frame) for frame in (drawn.points, drawn.limits))
    for count in ("reporters", "draws"):
        yield f"platforms {count}", queries.platform_response(register, count).bins
    for ask in (queries.ladder_flow, queries.first_response, queries.monthly, queries.seasons, queries.disproportion,
                queries.repeat_organizers):  # fmt: skip
        yield ask.__name__, ask(register)
    for kind in ("individual", "creator", "platform_self"):
        for stage in codes("stage"):
            queries.advisor(register, kind, stage, "V2")
    for code in queries.search_organizers(register, size=5).frame["public_code"]:
        profile = queries.organizer(register, code)
        yield from ((code, frame) for frame in (profile.stages, profile.reasons, profile.months, profile.recent))


def one_dispute(register: Register) -> None:
    id_ = uid("one")
    put(
        register, filing=[filing(id_)], evidence=both_proofs(id_),
        stage_event=[event(id_, 1, "s1", "passed"), event(id_, 2, "s3", "rejected", first_response_hours=3)],
    )  # fmt: skip


@pytest.mark.parametrize("which", ["demo", "reference", "empty", "one"])
def test_every_question_answers_on_every_kind_of_register_and_says_no_small_number(
    which: str, request: pytest.FixtureRequest
) -> None:
    register = request.getfixturevalue(which if which in ("demo", "reference") else "register")
    if which == "one":
        one_dispute(register)
    rows = 0
    for name, frame in frames(register):
        rows += len(frame)
        for pair in [str(c) for c in frame.columns if f"{c}_n" in frame.columns]:
            assert not set(frame[pair].dropna()) & PAIRS, (name, pair)
    assert rows > 0 or which == "empty"


def test_what_a_register_does_not_have_is_absent(reference: Register) -> None:
    flow = queries.ladder_flow(reference)
    groups = set(queries.resolution(reference)["row"])
    assert set(flow["group"]) == {"all", *groups}
    assert groups < set(codes("analysis_group"))
    assert len(queries.platform_response(reference).bins) == 0
    assert queries.platform_response(reference).verdict == "no_evidence"


def test_exposure_is_what_plain_python_counts_before_each_filing(demo: Register) -> None:
    base = rows_of(demo, "SELECT organizer_id, reported_at, reporter_key, draw_id FROM mart.dispute WHERE in_base")
    answers = rows_of(demo, "SELECT * FROM mart.answer")
    filings = [stats.Filing(*row.values()) for row in base]
    expected = stats.prior_counts(filings, [(a["organizer_id"], a["filed_at"]) for a in answers])
    assert [(a["exposure_reporters"], a["exposure_draws"]) for a in answers] == [tuple(e) for e in expected]
    assert max(e.reporters for e in expected) > 5
    totals = {row["organizer_id"]: set() for row in base}
    for row in base:
        totals[row["organizer_id"]].add(row["reporter_key"])
    assert any(a["exposure_reporters"] < len(totals[a["organizer_id"]]) - 1 for a in answers), "not the totals"


def complaint(n: int, at: datetime, **given: Any) -> dict[str, list[dict[str, Any]]]:
    id_ = uid("complaint", n)
    return {
        "filing": [filing(id_, reporter_key=f"r{n}", draw_id=uid("draw", n), reported_at=at, **given)],
        "stage_event": [event(id_, 1, "s1", "passed"), event(id_, 2, "s3", "rejected", platform_action="none_known")],
    }


def test_the_first_complaint_has_none_before_it_however_many_follow(register: Register) -> None:
    start = datetime(2026, 3, 3, 4)
    for n in (2, 0, 1):  # in no order
        put(register, **complaint(n, start + timedelta(days=n)))
    put(register, **complaint(3, start, screen="insult"))  # held: not on file for anybody
    found = rows_of(register, "SELECT exposure_reporters AS n FROM mart.answer ORDER BY filed_at")
    assert [row["n"] for row in found] == [0, 1, 2]
    bins = {row["reporters"]: row["events"] for row in rows_of(register, "SELECT reporters, events FROM mart.exposure")}
    assert bins == {"0": 1, "1": 1, "2": 1}


#: Marts by organizer, and those by cell: what of a row says whom it is about.
OWN = ("dispute", "dispute_stage", "answer", "organizer", "organizer_stage", "organizer_reason", "organizer_month")


def test_a_new_stage_event_touches_its_organizer_its_cells_and_its_month_only(demo_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(demo_path, path)
    with Register.open(path, settings_for(path), now=NOW) as register:
        # Somebody with an open report at a platform, and an organizer that others have reported too.
        of = rows_of(
            register,
            "SELECT d.dispute_id, d.organizer_id, d.organizer_type, d.month FROM mart.dispute d "
            "JOIN mart.organizer o ON o.organizer_id = d.organizer_id AND o.disputes > 3 "
            "WHERE d.in_base AND d.status = 'open' AND d.furthest_stage < 's6' ORDER BY d.dispute_id LIMIT 1",
        )[0]
        before, columns = everything(register), {}
        for name in before:
            columns[name] = [row["column_name"] for row in rows_of(register, f"DESCRIBE mart.{name}")]
        put(register, stage_event=[event(of["dispute_id"], 40, "s6", "rejected", entered_on=register.clock_on)])
        after = everything(register)
    changed = {name: set(before[name]) ^ set(after[name]) for name in before if before[name] != after[name]}
    assert {"dispute", "dispute_stage", "flow", "cut", "time", "resolution", "advice"} <= changed.keys()
    for name, rows in changed.items():
        for values in rows:
            row = dict(zip(columns[name], values, strict=True))
            if name in OWN:
                assert row["organizer_id"] == of["organizer_id"], name
            assert row.get("organizer_type", of["organizer_type"]) == of["organizer_type"] or name == "organizer", name
            assert row.get("month", of["month"]) == of["month"], name
    assert len(changed["dispute"]) == 2
    assert len(changed["flow"]) <= 4


def test_flow_closes_at_every_rung_and_every_dispute_leaves_once(demo: Register) -> None:
    rows = rows_of(
        demo,
        "SELECT f.*, r.reached FROM mart.flow f JOIN mart.resolution r USING (organizer_type, stage)",
    )
    assert rows
    for row in rows:
        assert row["reached"] == sum(row[name] for name in crosstables.FLOW)
    left = sum(row[name] for row in rows for name in crosstables.FLOW if name != "went_on")
    base = rows_of(
        demo,
        "SELECT count(DISTINCT dispute_id) AS n FROM mart.dispute_stage JOIN mart.dispute USING (dispute_id) "
        "WHERE in_base AND reached",
    )
    assert left == base[0]["n"]


def test_fits_are_made_once_a_data_version_and_outlive_a_rebuild(register: Register) -> None:
    assert fits.latest(register, "prior.O-large") is None
    one_dispute(register)
    made = fits.refresh(register, NOW)
    assert {"prior.O-large", "dose_response.draws", "advice", "reasons"} <= set(made)
    assert fits.refresh(register, NOW) == []
    register.rebuild(NOW)
    held = fits.latest(register, "dose_response.reporters")
    assert (held.commit_no, held.as_of, held.made_at) == (*vars_of(register), NOW)
    assert held.seed == fits.SEED
    assert held.settings == {"draws": fits.DRAWS}
    put(register, **complaint(1, datetime(2026, 3, 9, 4)))
    assert fits.latest(register, "advice").commit_no < register.version().commit_no, "the newest there is"
    before = fits.stamp(register)
    assert len(fits.refresh(register, NOW)) == len(made)
    assert fits.stamp(register) != before, "what a page keeps of an older fit is not shown as the new one's"


def vars_of(register: Register) -> tuple[int, date]:
    version = register.version()
    return version.commit_no, version.as_of


def test_a_fit_of_the_same_register_is_the_same_fit(demo: Register, demo_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(demo_path, path)
    with Register.open(path, settings_for(path), now=NOW) as register:
        register.write(forget, None)
        fits.refresh(register, NOW)
        for name in ("prior.A", "dose_response.reporters", "reasons"):
            assert fits.latest(register, name).result == fits.latest(demo, name).result


def forget(cur: Any, items: list[None]) -> list[None]:
    cur.execute("DELETE FROM core.fit")
    return items


def test_a_demo_comes_with_its_fits(demo: Register) -> None:
    assert fits.prior(demo, "A") is not None
    assert fits.prior(demo, "I") is None, "nothing is fitted to private individuals"
    slope, day = fits.dose_response(demo, "reporters")
    assert day == demo.version().as_of
    assert slope.n > 0


@pytest.mark.slow
def test_the_advisor_holds_on_a_split_by_time(tmp_path: Path) -> None:
    from pipelines.demo import make_demo

    path = tmp_path / "demo.duckdb"
    make_demo(path, settings_for(path), disputes=6000, now=NOW)
    with Register.open(path, settings_for(path), now=NOW) as register:
        judged = foresight.judge(register)
    assert judged.learned > 500
    assert judged.judged > 500
    assert judged.brier_skill > 0
    assert 0.85 <= judged.coverage <= 0.95
    assert 0.8 <= judged.slope <= 1.2
    assert judged.holds


def test_nothing_to_judge_is_said_and_not_raised(register: Register) -> None:
    assert foresight.judge(register).split is None
    one_dispute(register)
    assert not foresight.judge(register).holds


def test_reasons_are_shrunken_by_the_fit_that_is_kept(demo: Register, demo_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "copy.duckdb"
    shutil.copy(demo_path, path)
    with Register.open(path, settings_for(path), now=NOW) as register:
        kept = queries.disproportion(register)
        register.write(forget, None)
        fits._stamps.pop(register, None)
        afresh = queries.disproportion(register)
        pd.testing.assert_frame_equal(kept, afresh, rtol=1e-3)
        shrink = json.dumps({"a1": 1e4, "b1": 1e4, "a2": 1e4, "b2": 1e4, "p": 1.0})
        register.write(keep, ("reasons.groups", *vars_of(register), fits.SEED, "{}", shrink, NOW + timedelta(hours=1)))
        fits._stamps.pop(register, None)
        drawn_in = queries.disproportion(register)["ebgm"].dropna()
        assert ((drawn_in - 1).abs() < 0.05).all(), "a prior that is sure of 1 leaves nothing else"
        assert ((kept["ebgm"].dropna() - 1).abs() > 0.1).any()


def keep(cur: Any, rows: list[tuple[Any, ...]]) -> list[None]:
    for row in rows:
        cur.execute("INSERT INTO core.fit VALUES (?, ?, ?, ?, ?, ?, ?)", list(row))
    return [None] * len(rows)
