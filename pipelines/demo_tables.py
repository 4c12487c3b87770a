"""Parameters of the demo register: assumptions, not measurements. No source gives refusals by kind of organizer.

Shares are percentages, times are days (median, sigma of the logarithm), money is yuan.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from prizewatch import vocabulary

#: First day of a draw, and the day all clocks of a demo register stand at.
START, CUT = date(2023, 11, 1), date(2026, 10, 31)

#: Reports by type of organizer, and how many reports an organizer of this type has on average.
TYPES = {
    "individual": (26, 1.25), "micro_seller": (16, 1.6), "official_account": (16, 2.2), "creator": (14, 2.2),
    "online_shop": (8, 3.2), "brand_company": (6, 3.6), "daigou": (5, 1.6), "factory_shop": (5, 2.2),
    "other_institution": (2, 2.5), "platform_self": (1, 8.0), "unknown": (1, 1.0),
}  # fmt: skip
#: Few organizers have many reports: Pareto weights with this exponent.
PARETO = 2.2
#: Of the reports about an organizer, how many are about another draw than the one before.
NEW_DRAW = 0.68

REASONS = {
    "not_shipped": 21, "no_response": 16, "unstated_condition": 10, "blocked_after_address": 9, "pay_to_claim": 8,
    "prize_changed": 8, "declared_void": 7, "eligibility_disputed": 5, "deadline_missed": 3, "organizer_error": 3,
    "draw_cancelled": 2, "out_of_stock": 2, "account_gone": 2, "unreasonable_claim_terms": 1.5, "forged_evidence": 0.8,
    "rigged_winner": 0.7, "impersonation": 0.5, "other": 0.5,
}  # fmt: skip
#: Groups in the order of the columns of RELIEF. P is reckoned as O-large, U as I.
GROUPS = ("I", "A", "O-small", "O-large")
GROUP_OF = {"P": "O-large", "U": "I"}
TILTS = {
    "I": {"declared_void": 1.8, "no_response": 1.4, "blocked_after_address": 1.7},
    "A": {"not_shipped": 1.4, "account_gone": 2.2},
    "O-small": {"unstated_condition": 1.7, "pay_to_claim": 1.8},
    "O-large": {"not_shipped": 1.4, "organizer_error": 2.2, "prize_changed": 1.7},
}

#: Prize kind: share, median value, sigma of ln.
PRIZES = {
    "goods": (62, 99, 1.0), "cash_transfer": (9, 120, 1.2), "red_packet": (8, 9, 0.9), "virtual_goods": (7, 25, 0.7),
    "coupon": (5, 20, 0.9), "service_experience": (4, 220, 0.8), "account_item": (2, 60, 0.8),
    "long_term_promise": (1, 800, 1.0), "travel": (0.7, 1800, 0.6), "points": (0.8, 15, 0.8),
    "vehicle_or_use_right": (0.3, 15_000, 0.9), "other": (0.2, 60, 1.0),
}  # fmt: skip
#: Lucky or price-like amounts that values heap on, the share that does, and the share of values nobody knows.
LUCKY = (5.20, 6.66, 8.88, 13.14, 52, 66, 88, 99, 100, 199, 299, 520, 666, 888, 999, 1314, 1888, 5200)
HEAPED, VALUE_UNKNOWN = 0.4, 0.08

#: Full, partial, sanction without relief in % of decided, by stage and group.
RELIEF = {
    2: ((6, 3, 0), (18, 6, 0), (14, 8, 0), (45, 10, 0)),
    3: ((7, 2, 0), (15, 5, 0), (14, 6, 0), (28, 8, 0)),
    4: ((3, 1, 15), (12, 4, 22), (6, 3, 12), (12, 5, 6)),
    5: ((3, 2, 0), (15, 10, 0), (12, 10, 0), (40, 20, 0)),
    6: ((2, 1, 0), (15, 10, 10), (18, 12, 6), (35, 20, 10)),
    7: ((2, 2, 0), (3, 2, 0), (3, 2, 0), (3, 2, 0)),
    8: ((20, 25, 0), (25, 30, 0), (25, 30, 0), (35, 30, 0)),
}
SELF_DISQUALIFIED = 0.04
#: Of the unresolved: to the lottery tool; past it to the platform; to the platform without one; from tool to platform.
TO_TOOL, JUMP, TO_PLATFORM_WITHOUT_TOOL, TO_PLATFORM = 0.45, 0.03, 0.2, 0.42
#: Share of all reports that reach a stage, by group. The police: of those who paid to claim, and of the rest.
REACH = {5: (0.01, 0.05, 0.03, 0.08), 6: (0.02, 0.08, 0.05, 0.12), 8: (0.015, 0.015, 0.015, 0.015)}
POLICE_PAID, POLICE_ELSE = 0.25, 0.005
#: What a winner gave the organizer; the verification code alone is a ground to go to the police.
DATA_GIVEN = ("name;phone", "phone", "name;phone;code", "name;phone;address")
#: Days from entry to decision.
DURATION = {3: (5, 0.7), 4: (3, 0.8), 5: (15, 0.6), 6: (50, 0.35), 7: (12, 0.7), 8: (90, 0.4)}
CLAIM_LAG, ANSWER_LAG, SILENCE, REPORT_LAG, PAID_LAG = (1, 0.8), (2, 0.9), 7, (12, 0.9), (16, 0.9)

#: Left undecided at a stage: of young and of old reports; how many of the old undecided ones moved again lately; how
#: many who got nothing vanish instead of saying that they gave up. Tuned to 18 % open and 25 % lost at the cut.
UNDECIDED_YOUNG, UNDECIDED_OLD, STIRRED, VANISH = 0.26, 0.235, 0.29, 0.24
WITHDRAWN, DUPLICATES, RENAMED = 0.046, 0.04, 0.06
LEVELS = {"V0": 12, "V1": 38, "V2": 44, "V3": 5, "V4": 1}
ACTION_UNKNOWN = 0.45
#: The thesis, planted: the log-odds of an action by the platform, and how they grow with the reports that came before.
ACTION_BASE, ACTION_GROWTH = -2.9, 0.75

HOSTS = {
    "individual": {"wechat": 50, "qq": 20, "weibo": 15, "xiaohongshu": 10, "douyin": 5},
    "official_account": {"wechat": 100},
    "creator": {
        "weibo": 25, "douyin": 25, "xiaohongshu": 16, "bilibili": 12, "kuaishou": 8, "wechat_channels": 7,
        "instagram": 4, "tiktok": 3,
    },
    "micro_seller": {"wechat": 90, "qq": 10},
    "daigou": {"wechat": 70, "xiaohongshu": 20, "instagram": 10},
    "factory_shop": {"wechat": 50, "douyin": 30, "kuaishou": 20},
    "online_shop": {"taobao": 35, "douyin": 35, "wechat_channels": 15, "kuaishou": 15},
    "brand_company": {"weibo": 30, "wechat": 30, "xiaohongshu": 15, "douyin": 15, "offline": 10},
    "other_institution": {"wechat": 60, "offline": 30, "weibo": 10},
    "platform_self": {"weibo": 40, "douyin": 30, "alipay": 30},
    "unknown": {"wechat": 60, "qq": 20, "weibo": 20},
}  # fmt: skip
TOOLS = {
    "wechat": {"choujiang_zhushou": 62, "other_miniprogram": 15, "group_manual": 13, "h5_wheel": 10},
    "qq": {"qq_tool": 50, "choujiang_zhushou": 25, "group_manual": 25},
    "weibo": {"weibo_lottery": 80, "manual_pick": 20},
    "douyin": {"douyin_fudai": 80, "manual_pick": 20},
    "kuaishou": {"kuaishou_fudai": 90, "manual_pick": 10},
    "wechat_channels": {"channels_fudai": 100},
    "xiaohongshu": {"xhs_lottery": 70, "manual_pick": 30},
    "bilibili": {"bili_interactive": 60, "bili_tianxuan": 40},
    "taobao": {"taobao_live_draw": 80, "h5_wheel": 20},
    "alipay": {"other_miniprogram": 100},
    "instagram": {"third_party_picker": 50, "manual_pick": 50},
    "tiktok": {"third_party_picker": 30, "manual_pick": 70},
    "offline": {"instant_win": 60, "h5_wheel": 40},
}
NATURES = {
    "individual": {"natural_person": 100},
    "official_account": {"company": 50, "sole_proprietor": 10, "natural_person": 25, "unknown": 15},
    "creator": {"natural_person": 55, "company": 20, "unknown": 20, "sole_proprietor": 5},
    "micro_seller": {"natural_person": 75, "unknown": 12, "sole_proprietor": 13},
    "daigou": {"natural_person": 80, "unknown": 10, "sole_proprietor": 10},
    "factory_shop": {"company": 50, "sole_proprietor": 35, "unknown": 15},
    "online_shop": {"company": 60, "sole_proprietor": 40},
    "brand_company": {"company": 100},
    "other_institution": {"public_body": 60, "company": 40},
    "platform_self": {"company": 100},
    "unknown": {"unknown": 100},
}
NO_TOOL = ("group_manual", "manual_pick", "none_unknown")
ABROAD = ("instagram", "tiktok")

#: Peaks of the year: day, height, width. Spring Festival, 520, 618, Qixi, Double 11, Christmas to New Year.
PEAKS = (
    *((date(y, m, d), 1.6, 7) for y, m, d in ((2024, 2, 10), (2025, 1, 29), (2026, 2, 17))),
    *((date(y, 5, 20), 1.2, 3) for y in (2024, 2025, 2026)),
    *((date(y, 6, 18), 1.4, 5) for y in (2024, 2025, 2026)),
    *((date(y, m, d), 0.9, 3) for y, m, d in ((2024, 8, 10), (2025, 8, 29), (2026, 8, 19))),
    *((date(y, 11, 11), 1.8, 5) for y in (2023, 2024, 2025)),
    *((date(y, 12, 29), 1.1, 5) for y in (2023, 2024, 2025)),
)
#: Growth of the register a year, as the logarithm.
GROWTH = 0.9
#: Days after which two thirds of the reports of a draw are in.
REPORTED_AFTER = 24


def index(name: str) -> dict[str, int]:
    """code -> its number in the code list."""
    return {code: n for n, code in enumerate(vocabulary.codes(name))}


def day(on: date) -> int:
    """A day as its number since 1970, which is what numpy's dates count."""
    return (on - date(1970, 1, 1)).days


def group_numbers() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each organizer type its number in GROUPS."""
    groups = [vocabulary.analysis_group(code) for code in vocabulary.codes("organizer_type")]
    return np.array([GROUPS.index(GROUP_OF.get(g, g)) for g in groups])


def season() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """The chance of each day from START to CUT to hold a draw."""
    days = np.arange(day(START), day(CUT) + 1)
    weight = np.ones(len(days))
    for peak, height, width in PEAKS:
        weight += height * np.exp(-0.5 * ((days - day(peak)) / width) ** 2)
    weight *= np.exp(GROWTH * (days - days[0]) / 365)
    weight *= 1 - np.exp((days - days[-1]) / REPORTED_AFTER)  # of the latest draws most reports are still to come
    chances: np.ndarray[tuple[int], np.dtype[np.float64]] = weight / weight.sum()
    return chances
