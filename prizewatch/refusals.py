"""Sign-ins that failed, in the audit: whose account was tried and why it was refused, never what was typed.

A name nobody has may be a passphrase in the wrong field, so it is not kept. A flood of tries makes no flood of entries:
of one account, and of all names that are nobody's together, so many are noted in an hour; the last says that more may
have come.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import audit
from .access import Actor
from .pace import Pace
from .store import Register

NOTED = 10  # an hour, of one account
#: Who has not shown who they are.
NOBODY = Actor("", "")

_noted = Pace(timedelta(hours=1))


def note(register: Register, account: str, why: str, now: datetime) -> None:
    """Note a refused sign-in. `account`: the name of a known one, else empty; `why`: a code (passphrase, disabled,
    slowed, name, provider).
    """
    if _noted.take(register, account, NOTED, now):
        return
    more = "; more_not_listed" if _noted.wait(register, account, NOTED, now) else ""
    audit.note(register, NOBODY, "sign_in.failed", "account", None, now, f"{account or '–'}: {why}{more}")
