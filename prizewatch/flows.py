"""The ladder as a way: how many reach each rung, how they leave it, and how soon somebody answers.

Frames and pairs are as in `queries`, which re-exports these.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import crosstables, disclosure, vocabulary
from .frames import SHARE, TEXT, Columns, Register, ask, paired, shaped

FLOW: Columns = {"group": TEXT, "stage": TEXT, **paired("reached", *crosstables.FLOW)}
FIRST_RESPONSE: Columns = {
    "stage": TEXT,
    "response_kind": TEXT,
    **paired("n"),
    **dict.fromkeys(("median_hours", "quarter_hours", "three_quarter_hours"), SHARE),
}


def ladder_flow(register: Register) -> pd.DataFrame:
    """How disputes leave each rung they reach: group ("all" first), stage; pairs reached = relief + sanctioned (and
    nothing paid) + gave_up + still_open + went_on (to another rung).

    Each dispute leaves the ladder once: where its relief is credited, else at the furthest rung it reached. Relief that
    is credited to no rung counts at the furthest one here. Rungs that nobody of a group reached have zeros.
    """
    marked = crosstables.ladder(register)
    keys = [key for key in marked.rows if key[0] == "flow"]
    frame = marked.frame(keys, ("reached", *crosstables.FLOW))
    return shaped(frame.assign(group=[key[1] for key in keys], stage=[key[2] for key in keys]), FLOW)


def first_response(register: Register) -> pd.DataFrame:
    """Hours until somebody answered, automatic and human answers apart: stage, response_kind, pair n (events), the
    median and the quartiles in hours, NaN under ten events. Rows for what occurs.
    """
    with register.read() as cur:
        raw = ask(cur, "first_response")
    kinds = vocabulary.codes("response_kind")
    rows = [(stage, kind) for stage in vocabulary.codes("stage") for kind in kinds]
    on_file = dict(iter(raw.groupby(["stage", "response_kind"])))
    rows = [key for key in rows if key in on_file]
    table = disclosure.Table()
    sizes = [int(on_file[key]["n"].sum()) for key in rows]
    for size in sizes:
        table.cell(size)
    text, number = disclosure.pair(sizes, table.marks())
    frame = pd.DataFrame({"n": text, "n_n": number}).assign(
        stage=[stage for stage, _ in rows], response_kind=[kind for _, kind in rows]
    )
    for name, share in (("quarter_hours", 0.25), ("median_hours", 0.5), ("three_quarter_hours", 0.75)):
        frame[name] = [
            _quantile(on_file[key], share) if size >= disclosure.RATE_FROM else float("nan")
            for key, size in zip(rows, sizes, strict=True)
        ]
    return shaped(frame, FIRST_RESPONSE)


def _quantile(counts: pd.DataFrame, share: float) -> float:
    """Quantile of hours given as counts; between two of them in the middle."""
    upto = counts["n"].cumsum().to_numpy()
    place = share * (upto[-1] - 1)
    hours = counts["hours"].to_numpy(dtype=float)
    low, high = (hours[np.searchsorted(upto, at, side="right")] for at in (np.floor(place), np.ceil(place)))
    return float(low + (high - low) * (place - np.floor(place)))
