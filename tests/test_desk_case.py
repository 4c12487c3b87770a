"""A report at the desk, in words: what is to be told apart can be told apart, and days are those of the register."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from prizewatch import intake, queue, ui_case
from prizewatch.access import Actor
from prizewatch.duties import Duty
from prizewatch.i18n import language
from prizewatch.store import Register
from tests.busy_desk import fill
from tests.conftest import settings_for
from tests.intake_rows_by_hand import IMPORT, NOW, Rows

ANN = Actor("ann", "moderator")
NO_LIMITS = {"LEAST_SECONDS": "0", "REPORTS_PER_DAY": "0", "REPORTS_PER_DEVICE_PER_DAY": "0", "SECRET_KEY": ""}


def test_what_a_report_may_be_merged_into_has_a_name_of_its_own(tmp_path: Path) -> None:
    """Two of a day and with the same reasons would be one choice, and the last of them be taken."""
    path = tmp_path / "register.duckdb"
    with Register.open(path, settings_for(path, **NO_LIMITS), now=NOW) as register:
        ids = fill(register, 300, NOW)
        for dispute in ids[:20]:
            case = queue.case(register, ANN, UUID(dispute), NOW)
            found = ui_case.matter(language("en"), case, "").others
            if len({(one.reported_on, one.why) for one in case.similar}) < len(case.similar):
                assert len({words for _id, words in found}) == len(found)
                return
    raise AssertionError("no two alike")


def test_what_happened_late_in_the_evening_is_of_the_next_day_where_the_register_stands(tmp_path: Path) -> None:
    path = tmp_path / "register.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as register:
        late = NOW.replace(hour=17, minute=0)  # 01:00 in Shanghai
        row = {
            "what": "decision", "action": "undo", "reason_code": "", "sentence": None, "actor": "ann", "second": None,
            "undone": False, "moment": late,
        }  # fmt: skip
        said = ui_case.happened(language("en"), register, row)
        assert language("en").day(late.date() + timedelta(days=1)) in said


def test_a_draw_late_in_the_evening_is_of_the_next_day_where_the_register_stands(tmp_path: Path) -> None:
    path = tmp_path / "register.duckdb"
    with Register.open(path, settings_for(path, **NO_LIMITS), now=NOW) as register:
        said = {"draw_time": "2026-06-01 17:00:00", "win_notice_on": "2026-06-02"}  # 01:00 of the second in Shanghai
        receipt = intake.accept(register, Rows().add("late", said).batch(), IMPORT, NOW)
        case = queue.case(register, ANN, UUID(receipt.ids["late"]), NOW)
        duty = Duty("new", "dispute", case.dispute_id, NOW, None, ())
        page = ui_case.document(language("en"), register, case, duty)
        assert language("en").day(date(2026, 6, 2)) in page
        assert language("en").day(date(2026, 6, 1)) not in page
