"""What became of the reports of each month: counted, waiting, held, rejected, removed, or left out of the count."""

from __future__ import annotations

import pandas as pd

from . import crosstables
from .crosstables import STATES
from .frames import DAY, Columns, Register, paired, shaped

MODERATION: Columns = {"month": DAY, **paired("received", *STATES)}


def moderation(register: Register) -> pd.DataFrame:
    """month of the report (every month from the first to the last); pairs received = published (counted in the other
    tables) + waiting + held + rejected + removed + left_out (duplicates, withdrawn, not eligible).
    """
    marked = crosstables.history(register)
    keys = [key for key in marked.rows if key[0] == "moderation"]
    frame = marked.frame(keys, ("received", *STATES))
    return shaped(frame.assign(month=[key[1] for key in keys]), MODERATION)
