"""What the register does with what it gets, in numbers for everybody: what came in and what became of it, how soon a
person decided, alarms, erasures, corrections of figures, and the rules it has worked by.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from . import brigading, disclosure, moderated, schema
from .frames import DAY, TEXT, Columns, ask, each, paired, shaped
from .marked import Marked
from .settings import DATA
from .store import Register
from .vocabulary import codes

PACKAGE = Path(__file__).parent
#: What decides what counts and what is shown. Their fingerprint is the version of the rules.
RULE_ROOMS = (
    "rules", "intake_screens", "intake_bursts", "disclosure", "marked", "onlooker", "crosstables", "organizers",
)  # fmt: skip
RULES = (
    *(PACKAGE / "sql" / folder for folder in ("rules", "core", "marts", "brigading")),
    *(PACKAGE / f"{name}.py" for name in RULE_ROOMS),
    DATA / "reference",
)


@cache
def rules_fingerprint() -> str:
    """Of the files of the rules as they are now; changes whenever one of them does."""
    files = [file for path in RULES for file in (sorted(path.iterdir()) if path.is_dir() else [path]) if file.is_file()]
    return schema.fingerprint(*files)[:16]


def note_rules(register: Register, now: datetime) -> bool:
    """Write down that the register works by other rules than before. Returns whether it does."""
    return register.write(_note_rules, now)


def _note_rules(cur: duckdb.DuckDBPyConnection, moments: list[datetime]) -> list[bool]:
    last = cur.execute("SELECT fingerprint FROM meta.rules ORDER BY in_use_at DESC LIMIT 1").fetchall()
    new = not last or last[0][0] != rules_fingerprint()
    if new:
        cur.execute("INSERT INTO meta.rules VALUES (?, ?)", [rules_fingerprint(), moments[0]])
    return [new] + [False] * (len(moments) - 1)


#: What is counted by month.
KINDS = ("published", "masked", "ask", "hold", "reject", "remove", "merge", "named", "correction", "alarm", "erased")
ACTIVITY: Columns = {"month": DAY, **paired(*KINDS)}
REASONS: Columns = {"action": TEXT, "reason": TEXT, **paired("n")}
#: What became of a notice.
OUTCOMES = ("waiting", "stays", "hidden", "restored", "removed", "corrected", "withdrawn")
NOTICES: Columns = {"ground": TEXT, **paired("received", *OUTCOMES)}
#: A median needs so many.
TIMED_FROM = disclosure.RATE_FROM


@dataclass(frozen=True, slots=True)
class Transparency:
    """months: what became of the reports of each month (`moderated.moderation`). activity: month, then a pair a kind of
    KINDS, what was done in that month; totals: kind -> count, None where it is hidden. reasons: action (ask, hold,
    reject, remove), reason (code of moderation_reason, empty where none was given), pair n. notices: ground, then
    pairs of received and what became of them (OUTCOMES). hours: the median from
    coming in to the first decision of a person, of `decided` reports that waited for one; NaN under ten. open_alarms:
    how many organizers' reports are being checked now. rules: fingerprint, in use since (UTC), the newest first.
    """

    months: pd.DataFrame
    activity: pd.DataFrame
    totals: dict[str, int | None]
    reasons: pd.DataFrame
    notices: pd.DataFrame
    hours: float
    decided: int | None
    open_alarms: int
    rules: list[tuple[str, datetime]]


def counts(register: Register) -> Transparency:
    """Everything the transparency page shows; what is small is hidden, together with what would tell it."""
    with register.read() as cur:
        raw, why, objected = ask(cur, "activity"), ask(cur, "activity_reasons"), ask(cur, "notices")
        hours = ask(cur, "first_decision")["hours"].to_numpy(dtype=float)
        rules = cur.execute("SELECT fingerprint, in_use_at FROM meta.rules ORDER BY in_use_at DESC").fetchall()
    activity = _activity(raw)
    keys = [key for key in activity.rows if key[0] == "month"]
    frame = activity.frame(keys, KINDS).assign(month=[key[1] for key in keys])
    enough = hours.size >= TIMED_FROM
    return Transparency(
        months=moderated.moderation(register),
        activity=shaped(frame, ACTIVITY),
        totals={kind: activity.value(("total",), kind) for kind in KINDS},
        reasons=_reasons(why),
        notices=_notices(objected),
        hours=float(np.median(hours)) if enough else math.nan,
        decided=int(hours.size) if enough else None,
        open_alarms=len(brigading.alarms(register)),
        rules=[(str(fingerprint), seen_at) for fingerprint, seen_at in rules],
    )


def _activity(raw: pd.DataFrame) -> Marked:
    """Every month from the first to the last, and all of them together. What was published is masked, or (not printed,
    but hidden where it is small) named.
    """
    marked = Marked()
    counted = {(row.month, row.kind): int(row.n) for row in each(raw)}
    counted |= {
        (month, "by_name"): n - counted.get((month, "masked"), 0)
        for (month, kind), n in counted.items() if kind == "published"
    }  # fmt: skip
    kinds = (*KINDS, "by_name")
    months = list(pd.date_range(raw["month"].min(), raw["month"].max(), freq="MS")) if len(raw) else []
    for month in months:
        marked.add(("month", month), {kind: counted.get((month, kind), 0) for kind in kinds}, silent=("by_name",))
    whole = {kind: sum(counted.get((month, kind), 0) for month in months) for kind in kinds}
    marked.add(("total",), whole, silent=("by_name",), dear=8.0)
    for key in marked.rows:
        marked.inside(key, "published", ("masked", "by_name"))
    for kind in kinds:
        marked.sum(kind, ("total",), [("month", month) for month in months])
    return marked.close()


def _reasons(raw: pd.DataFrame) -> pd.DataFrame:
    marked = Marked()
    for row in each(raw):
        marked.add((row.action, row.reason), {"n": int(row.n)})
    for action in dict.fromkeys(raw["action"]):
        parts = [key for key in marked.rows if key[0] == action]
        marked.add((action,), {"n": sum(int(row.n) for row in each(raw) if row.action == action)}, dear=8.0)
        marked.sum("n", (action,), parts)
    marked.close()
    keys = [key for key in marked.rows if len(key) == 2]
    frame = marked.frame(keys, ("n",)).assign(action=[k[0] for k in keys], reason=[k[1] for k in keys])
    return shaped(frame, REASONS)


def _notices(raw: pd.DataFrame) -> pd.DataFrame:
    marked = Marked()
    counted = {(row.ground, row.outcome): int(row.n) for row in each(raw)}
    grounds = [ground for ground in codes("notice_ground") if any(of == ground for of, _ in counted)]
    for ground in grounds:
        became = {outcome: counted.get((ground, outcome), 0) for outcome in OUTCOMES}
        marked.add((ground,), {"received": sum(became.values()), **became})
        marked.inside((ground,), "received", OUTCOMES)
    marked.close()
    frame = marked.frame([(ground,) for ground in grounds], ("received", *OUTCOMES))
    return shaped(frame.assign(ground=grounds), NOTICES)
