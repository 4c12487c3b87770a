"""What became of the reports of each month: counted, waiting, held, rejected, removed, or left out of the count."""

from __future__ import annotations

import pandas as pd

from . import crosstables
from .crosstables import ALL
from .frames import DAY, Columns, Register, ask, paired, shaped
from .marked import Marked

#: Every report received is one of these.
STATES = ("published", "waiting", "held", "rejected", "removed", "left_out")
MODERATION: Columns = {"month": DAY, **paired("received", *STATES)}


def moderation(register: Register) -> pd.DataFrame:
    """month of the report (every month from the first to the last); pairs received = published (counted in the other
    tables) + waiting + held + rejected + removed + left_out (duplicates, withdrawn, not eligible).
    """
    marked = crosstables.once(register, "moderation", _moderation)
    keys = list(marked.rows)
    frame = marked.frame(keys, ("received", *STATES))
    return shaped(frame.assign(month=[key[1] for key in keys]), MODERATION)


def _moderation(register: Register) -> Marked:
    with register.read() as cur:
        raw = ask(cur, "moderation")
    history, marked = crosstables.history(register), Marked()
    if raw.empty:
        return marked.close(register, "moderation")
    counts = raw.set_index("month")
    for month in pd.date_range(raw["month"].min(), raw["month"].max(), freq="MS"):
        row = {name: int(counts[name].get(month, 0)) for name in ("received", *STATES)}
        # The months of the reports say how many are published; what they hide is not said here either.
        told = history.value(("month", ALL, month), "disputes")
        key = ("moderation", month)
        marked.add(key, row, silent=("published",) if told is None else ())
        marked.inside(key, "received", STATES)
        marked.known(told, [marked.rows[key]["published"]])
    return marked.close(register, "moderation")
