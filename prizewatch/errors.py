"""Everything that can go wrong and that a person should read as a sentence.

A `PrizewatchError` carries a message key of the catalogues (`locales/*/errors.po`) and its values, never a finished
sentence, so that the page, the command line and HTTP each say it in their reader's language.
"""

from __future__ import annotations


class PrizewatchError(Exception):
    """Root of all errors that are shown without a traceback.

    `key` is a message of the catalogues, `values` fill its placeholders, `exit_code` is what a command returns.
    """

    exit_code = 2

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values


class UnusableInput(PrizewatchError):
    """A file, mapping, setting or argument that cannot be used; nothing was written."""


class RegisterBusy(PrizewatchError):
    """Another process holds the register's file."""

    exit_code = 3


class RegisterTooNew(PrizewatchError):
    """The register was written by a newer version of this program."""

    exit_code = 3


class KeyMissing(PrizewatchError):
    """The register holds keyed rows, but its key file is gone: a new key would break every match."""

    exit_code = 3


class NotAllowed(PrizewatchError):
    """Nobody is signed in, or their role may not do this."""
