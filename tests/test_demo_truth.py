"""A truth about platforms planted in a whole demo register, and found again from what its log holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from pipelines.demo import make_demo
from pipelines.demo_world import Answers
from prizewatch import fits, stats
from prizewatch.store import Register
from tests.conftest import NOW, settings_for

BASE = -1.0
FILED = """
    SELECT dispute_id, organizer_id, reporter_key, draw_id, min(reported_at)::DATE FROM log.filing
    GROUP BY ALL"""
ANSWERED = """
    SELECT dispute_id, platform_action <> 'none_known' FROM log.stage_event
    WHERE stage IN ('s3_lottery_platform', 's4_host_platform') AND closed_on IS NOT NULL
      AND platform_action <> 'unknown'
    ORDER BY stage_event_id"""


def counted(register: Register) -> tuple[list[int], list[int], list[str]]:
    """Distinct reporters before, action and organizer of every answer, in plain Python over the log."""
    with register.read() as cur:
        filed = {row[0]: row[1:] for row in cur.execute(FILED).fetchall()}
        acted = cur.execute(ANSWERED).fetchall()
    filings = [stats.Filing(organizer, on, reporter, draw) for organizer, reporter, draw, on in filed.values()]
    exposures = stats.prior_counts(filings, [(filed[dispute][0], filed[dispute][3]) for dispute, _ in acted])
    organizers = [str(filed[dispute][0]) for dispute, _ in acted]
    return [exposure.reporters for exposure in exposures], [int(did) for _, did in acted], organizers


@pytest.mark.slow
@pytest.mark.parametrize("planted", [0.0, 0.4])
def test_what_platforms_do_is_found_in_the_log_as_planted(planted: float, tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    make_demo(path, settings_for(path), 4000, now=NOW, answers=Answers(BASE, planted, told=(0.9, 0.9)))
    with Register.open(path, settings_for(path), now=NOW) as register:
        before, acted, organizer = counted(register)
        fits.refresh(register, NOW)
        shown = fits.dose_response(register, "reporters")
    assert len(acted) > 600
    slope = stats.dose_response(np.array(before), np.array(acted), np.array(organizer), seed=1)
    assert shown is not None
    for found in (slope, shown[0]):
        assert found.low <= planted <= found.high
        assert found.verdict == ("more" if planted else "unclear")
        assert found.intercept == pytest.approx(BASE, abs=0.3)
