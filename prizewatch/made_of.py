"""What anything kept of a register was made of: its data, its fits, and what the latest release told of it."""

from __future__ import annotations

from . import fits, past
from .store import Register


def stamp(register: Register) -> str:
    """As long as it stays the same, so does every figure. A release changes what is hidden, not the data."""
    return f"{register.version()} {fits.stamp(register)} {past.stamp(register)}"
