"""What was worked out is kept, as long as there is room: by size, not by number, the longest unused goes first.

A visitor chooses much of what is kept (filters, codes, words), so what each asks for may be large or many.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

ROOM = 128 * 1024 * 1024  # bytes
UNKNOWN = 1024 * 1024  # of what cannot be measured


class Kept:
    """Values by key, up to `room` bytes together. One key is worked out once, also where many ask at a time."""

    def __init__(self, room: int = ROOM) -> None:
        self.room = room
        self.size = 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value kept under `key`, or what `make` gives, kept from then on; not what alone fills the room."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key][0]
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._values:
                    return self._values[key][0]
            try:
                value = make()
                self._put(key, value, _bytes(value))
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return value

    def _put(self, key: Hashable, value: Any, size: int) -> None:
        with self._lock:
            if size > self.room or key in self._values:
                return
            self._values[key] = (value, size)
            self.size += size
            while self.size > self.room:
                _, (_, gone) = self._values.popitem(last=False)
                self.size -= gone

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._values)


def _bytes(value: Any) -> int:
    """About how much room a value takes: what it takes written down."""
    try:
        return len(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
    except (pickle.PicklingError, TypeError, AttributeError):
        return UNKNOWN
