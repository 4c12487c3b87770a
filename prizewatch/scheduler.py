"""What the running site does by itself: once an hour the daily step, after new reports the fits to all of them, and
then a release of the tables, where one is due.

One after the other in a worker thread. The moment is passed in, so that tests need not wait; what fails is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import anyio

from . import daily, fits, releases
from .store import DataVersion, Register

log = logging.getLogger("prizewatch.scheduler")
DAILY_EVERY = timedelta(hours=1)
QUIET = timedelta(seconds=30)  # fits wait until nobody has filed for so long ...
AT_LATEST = timedelta(minutes=10)  # ... but not longer than this
AGAIN = timedelta(minutes=5)  # after a failure
TICK = 5.0  # seconds between looks at the clock


@dataclass(slots=True)
class Scheduler:
    """Does what is due. `open_register` may raise: then everything is tried again later."""

    open_register: Callable[[], Register]
    clock: Callable[[], datetime]
    _daily_at: datetime | None = None
    _fitted: DataVersion | None = None
    _seen: DataVersion | None = None
    _moved_at: datetime | None = None  # when the version seen last came up
    _behind_at: datetime | None = None  # since when the fits are behind
    _looked: tuple[DataVersion, date] | None = None  # what a release was last thought of for
    _not_before: dict[str, datetime] = field(default_factory=dict)

    def step(self) -> list[str]:
        """Whatever is due now, by name. Never raises: errors go to the log, without what was worked on."""
        now = self.clock()
        jobs = (("daily", self._daily), ("fits", self._fits), ("release", self._release))
        return [name for name, job in jobs if self._tried(name, job, now)]

    def _tried(self, name: str, job: Callable[[datetime], bool], now: datetime) -> bool:
        if now < self._not_before.get(name, now):
            return False
        try:
            return job(now)
        except Exception as error:  # its words may hold what somebody wrote
            log.error("%s failed and is tried again: %s", name, type(error).__name__)
            self._not_before[name] = now + AGAIN
            return False

    def _daily(self, now: datetime) -> bool:
        register = self.open_register()
        last = self._daily_at
        if last and now - last < DAILY_EVERY and register.day_of(now) == register.day_of(last):
            return False
        daily.run(register, now)
        self._daily_at = now
        return True

    def _fits(self, now: datetime) -> bool:
        register = self.open_register()
        version = register.version()
        if version == self._fitted:
            self._behind_at = None
            return False
        if version != self._seen or self._moved_at is None:
            self._seen, self._moved_at = version, now
        self._behind_at = self._behind_at or now
        if now - self._moved_at < QUIET and now - self._behind_at < AT_LATEST:
            return False
        fits.refresh(register, now)
        self._fitted, self._behind_at = version, None
        return True

    def _release(self, now: datetime) -> bool:
        register = self.open_register()
        looked = (register.version(), register.day_of(now))
        if looked == self._looked or register.version() != self._fitted:
            return False
        before = releases.latest(register)
        made = releases.make(register, now)
        self._looked = looked
        return made != before

    async def run(self) -> None:
        """Steps until it is cancelled; a step that has begun is finished first."""
        while True:
            await anyio.sleep(TICK)
            await anyio.to_thread.run_sync(self.step)
