"""A week of reports that wait for a moderator, filed by the form of many people, for tests of the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from prizewatch import intake
from prizewatch.store import Register
from tests.intake_rows_by_hand import FORM, S1, S2, Rows

#: What holds a report, in turn: a change of an ordinary one.
HELD = (
    {"dispute_reason": "rigged_winner"}, {"winner_age": "12", "relation": "guardian"}, {"prize_value": "88000"},
    {"refusal_text": "你这个骗子，别来了", "narrative": "我在直播间中了奖，客服王小明说名单里没有我，一直没有发货。"},
    {"narrative": "活动页写着每人一份，中奖页还在。客服电话13800138000打过三次，都说再等等。", "keep_words": "true"},
)  # fmt: skip
SHOPS = 40


def fill(register: Register, number: int, now: datetime, days: int = 7) -> list[str]:
    """Files so many held reports over the last days; returns the ids of their disputes, in order."""
    ids: list[str] = []
    for day in range(days):
        at = now - timedelta(days=days - 1 - day, hours=1)
        rows = Rows()
        for n in range(day, number, days):
            drawn = (at - timedelta(days=30 + n % 20)).date().isoformat()
            asked, refused = ((at - timedelta(days=back)).date().isoformat() for back in (25, 20))
            change = {
                "organizer_handle": f"gh_week_{n % SHOPS}", "organizer_display": f"好物小店{n % SHOPS}",
                "report_lang": "en" if n % 5 == 4 else "zh", "draw_time": f"{drawn} 02:00:00", "win_notice_on": drawn,
                "claim_made_on": asked, "refused_on": refused, "network": f"192.0.2.{n}", "device": f"device {n}",
            }  # fmt: skip
            events = [{**S1, "entered_on": asked}, {**S2, "entered_on": asked, "closed_on": refused}]
            proof = [{"kind": "win_page", "form": "screenshot"}, {"kind": "chat_refusal", "form": "screenshot"}]
            rows.add(f"week {n}", change | HELD[n % len(HELD)], events=events, evidence=proof)
        receipt = intake.accept(register, rows.batch(), FORM, at)
        assert not receipt.rejected, receipt.problems[:3]
        ids += receipt.ids.values()
    return ids
