"""The edge of the running site: which register it serves, the settings it was started with, and the clock.

Screens and routes ask here; every other room is given what it needs.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime

from .errors import PrizewatchError
from .i18n import Language
from .keeping import Kept
from .settings import Settings
from .store import Register

log = logging.getLogger("prizewatch")


class _Served:
    """The one register of this process, opened at the first need; a failure is tried again at the next."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.open: Callable[[], Register] | None = None
        self.register: Register | None = None
        self.said = ""  # in the log, of why it cannot be opened
        self.kept = Kept()


_served = _Served()


def serve(opener: Callable[[], Register]) -> None:
    """Say how the register is opened. Closes nothing; forgets everything kept of another one."""
    with _served.lock:
        _served.open, _served.register, _served.said = opener, None, ""
    _served.kept.clear()


def register() -> Register:
    """The register. Raises `PrizewatchError` where it cannot be opened now (busy, newer, key gone)."""
    with _served.lock:
        if _served.register is None:
            if _served.open is None:
                raise RuntimeError("edge.serve was not called: start the site with `streamlit run app.py`")
            try:
                _served.register = _served.open()
            except PrizewatchError as error:
                why = Language("en")(error.key, **error.values)
                if why != _served.said:  # every request and every look at the health tries again: it is said once
                    log.error("%s", why)
                    _served.said = why
                raise
            _served.said = ""
        return _served.register


def opened() -> Register | None:
    """The register where it is open already; asking opens nothing."""
    return _served.register


def close() -> None:
    """Close the register, if it is open."""
    with _served.lock:
        was, _served.register = _served.register, None
    if was is not None:
        was.close()


def kept() -> Kept:
    """What was worked out over the register that is served."""
    return _served.kept


def settings() -> Settings:
    """The settings this process was started with."""
    return register().settings


def now() -> datetime:
    """This moment in UTC, without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def today() -> date:
    """The reader's last possible day: today in the register's time zone."""
    return datetime.now(settings().time_zone).date()
