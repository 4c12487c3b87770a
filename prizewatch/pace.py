"""How often one network, or whatever else is counted by (a name, a report), may try something: a sliding window per
register, kept in memory.

One process owns a register, so it sees every try; a restart forgives them.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from .identity import network_of


class Pace:
    """At most so many tries of a network within `window`."""

    def __init__(self, window: timedelta = timedelta(minutes=10)) -> None:
        self.window = window
        self._tries: WeakKeyDictionary[object, dict[str, deque[datetime]]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def take(self, register: object, address: str, most: int, now: datetime) -> int:
        """Use up one try: 0 if there was one left, else the seconds until there is. `most` 0: no limit."""
        with self._lock:
            wait = self._wait(register, address, most, now)
            if wait == 0 and most:
                self._times(register, address, now).append(now)
            return wait

    def wait(self, register: object, address: str, most: int, now: datetime) -> int:
        """The seconds until a try is left, 0 if one is, without using it up."""
        with self._lock:
            return self._wait(register, address, most, now)

    def note(self, register: object, address: str, now: datetime) -> None:
        """Use up a try that turned out to count."""
        with self._lock:
            self._times(register, address, now).append(now)

    def give_back(self, register: object, address: str, now: datetime) -> None:
        """A try that was taken turned out not to count."""
        with self._lock:
            times = self._times(register, address, now)
            if times:
                times.pop()

    def _wait(self, register: object, address: str, most: int, now: datetime) -> int:
        times = self._times(register, address, now)
        if most == 0 or len(times) < most:
            return 0
        return max(1, math.ceil((times[-most] + self.window - now).total_seconds()))

    def _times(self, register: object, address: str, now: datetime) -> deque[datetime]:
        """The tries of a network within the window; networks that fell silent are forgotten."""
        networks = self._tries.setdefault(register, {})
        for silent in [name for name, times in networks.items() if not times or times[-1] <= now - self.window]:
            del networks[silent]
        times = networks.setdefault(network_of(address), deque())
        while times and times[0] <= now - self.window:
            times.popleft()
        return times
