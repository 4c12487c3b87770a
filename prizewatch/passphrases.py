"""Passphrases: an argon2 hash of each is kept, and two are made or compared at a time at most."""

from __future__ import annotations

import secrets
import threading
from functools import cache

import argon2

from .errors import UnusableInput
from .identity import normalise

LEAST_CHARACTERS, MOST_CHARACTERS = 12, 200

_at_work = threading.BoundedSemaphore(2)  # hashing takes 64 MB and a core each time
_hasher = argon2.PasswordHasher()


def hashed(passphrase: str) -> str:
    """The argon2 hash of a passphrase. Raises `UnusableInput` for one that is too short or too long."""
    if not LEAST_CHARACTERS <= len(normalise(passphrase)) <= MOST_CHARACTERS:
        raise UnusableInput("errors.account.passphrase", least=LEAST_CHARACTERS, most=MOST_CHARACTERS)
    with _at_work:
        return _hasher.hash(normalise(passphrase))


def match(kept: str | None, passphrase: str) -> bool:
    """Whether a passphrase is the one whose hash is kept; None, kept of nobody, takes as long and never is."""
    nobodys = _nobodys_hash()  # made at the first try, whoever's that is
    text = normalise(passphrase[: 2 * MOST_CHARACTERS])
    with _at_work:
        try:
            return _hasher.verify(kept or nobodys, text) and kept is not None
        except argon2.exceptions.VerificationError:
            return False


@cache
def _nobodys_hash() -> str:
    """What a name without an account is compared with."""
    return _hasher.hash(secrets.token_urlsafe(16))
