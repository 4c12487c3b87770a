"""Accounts of moderators and admins: who there is, what they may do, how they prove who they are.

A local account has a passphrase, of which an argon2 hash is kept; an account of an identity provider (OIDC) has the
subject the provider knows it by. Both have their role here. There is no account until the command line makes one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from . import audit, identity, passphrases
from .access import ROLES, Actor, require
from .audit import Entry
from .errors import UnusableInput
from .store import Register

MOST_NAME = 40
NOBODY = frozenset({"terminal", "clock", "organizer", "reporter"})  # stand as actors in the log without being a person

Cursor = duckdb.DuckDBPyConnection
Change = Callable[[Cursor], None]


@dataclass(frozen=True, slots=True)
class Account:
    """One account, without its secrets. `has_passphrase`: may sign in here; `oidc_subject`: or at the provider."""

    name: str
    role: str
    has_passphrase: bool
    oidc_subject: str | None
    added_at: datetime
    added_by: str
    disabled_at: datetime | None


def key_of(name: str) -> str:
    """An account's name as it is compared: Anna and ANNA are one."""
    return identity.normalise(name).casefold()


def listed(register: Register) -> list[Account]:
    """All accounts by name, disabled ones too."""
    with register.read() as cur:
        rows = cur.execute(
            "SELECT account, role, passphrase_hash IS NOT NULL, oidc_subject, added_at, added_by, disabled_at"
            " FROM desk.account ORDER BY account_key"
        ).fetchall()
    return [Account(*row) for row in rows]


def add(
    register: Register,
    by: Actor,
    name: str,
    role: str,
    now: datetime,
    *,
    passphrase: str | None = None,
    oidc_subject: str | None = None,
) -> None:
    """Make an account. Without passphrase and subject nobody can sign in until an invitation (`tickets`) was used.

    Raises `NotAllowed`; `UnusableInput` for a name or subject that is taken, an unknown role, a passphrase that is too
    short.
    """
    require(by, "account.manage")
    shown = identity.normalise(name)
    if not 0 < len(shown) <= MOST_NAME or not shown.isprintable() or ":" in shown:
        raise UnusableInput("errors.account.name", most=MOST_NAME)
    _known_role(role)
    subject = identity.normalise(oidc_subject) if oidc_subject else None
    secret = passphrases.hashed(passphrase) if passphrase is not None else None

    def write(cur: Cursor) -> None:
        if found(cur, shown) or key_of(shown) in NOBODY:
            raise UnusableInput("errors.account.taken", name=shown)
        _free_subject(cur, subject)
        row = [key_of(shown), shown, role, secret, subject, now, by.name, None]
        cur.execute("INSERT INTO desk.account VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        audit.append(cur, register.key, [Entry(by, "account.add", "account", None, now, f"{shown}: {role}")])

    carry_out(register, write)


def set_role(register: Register, by: Actor, name: str, role: str, now: datetime) -> None:
    """Give an account another role; it holds from the next thing they do. Raises `UnusableInput` if there is none."""
    _known_role(role)
    _change(register, by, name, now, "account.role", "UPDATE desk.account SET role = ? WHERE account_key = ?", role)


def set_passphrase(register: Register, by: Actor, name: str, passphrase: str, now: datetime) -> None:
    """Give an account another passphrase; who is signed in with the old one is signed out."""
    sql = "UPDATE desk.account SET passphrase_hash = ? WHERE account_key = ?"
    _change(
        register, by, name, now, "account.passphrase", sql, passphrases.hashed(passphrase), signs_out=True, told=False
    )


def set_subject(register: Register, by: Actor, name: str, oidc_subject: str, now: datetime) -> None:
    """Let an account sign in at the identity provider, where it has this subject."""
    subject = identity.normalise(oidc_subject)
    sql = "UPDATE desk.account SET oidc_subject = ? WHERE account_key = ?"
    _change(register, by, name, now, "account.subject", sql, subject, free_subject=subject, told=False)


def disable(register: Register, by: Actor, name: str, now: datetime) -> None:
    """Close an account: it is signed out at once and can do nothing more. Its decisions stay."""
    sql = "UPDATE desk.account SET disabled_at = ? WHERE account_key = ?"
    _change(register, by, name, now, "account.disable", sql, now, signs_out=True, told=False)


def enable(register: Register, by: Actor, name: str, now: datetime) -> None:
    """Open a disabled account again."""
    sql = "UPDATE desk.account SET disabled_at = ? WHERE account_key = ?"
    _change(register, by, name, now, "account.enable", sql, None, told=False)


def _known_role(role: str) -> None:
    if role not in ROLES:
        raise UnusableInput("errors.account.role", role=role, roles=", ".join(ROLES))


def _change(
    register: Register,
    by: Actor,
    name: str,
    now: datetime,
    action: str,
    sql: str,
    value: object,
    *,
    signs_out: bool = False,
    free_subject: str | None = None,
    told: bool = True,
) -> None:
    require(by, "account.manage")

    def write(cur: Cursor) -> None:
        account = found(cur, name)
        if account is None:
            raise UnusableInput("errors.account.unknown", name=name)
        _free_subject(cur, free_subject)
        key, shown = account
        cur.execute(sql, [value, key])
        if signs_out:
            cur.execute("DELETE FROM desk.session WHERE account_key = ?", [key])
            cur.execute("DELETE FROM desk.ticket WHERE account_key = ?", [key])
        detail = f"{shown}: {value}" if told else shown
        audit.append(cur, register.key, [Entry(by, action, "account", None, now, detail)])

    carry_out(register, write)


def found(cur: Cursor, name: str) -> tuple[str, str] | None:
    """The key and the shown name of an account, however its name was typed."""
    rows = cur.execute("SELECT account_key, account FROM desk.account WHERE account_key = ?", [key_of(name)]).fetchall()
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def _free_subject(cur: Cursor, subject: str | None) -> None:
    if subject and cur.execute("SELECT 1 FROM desk.account WHERE oidc_subject = ?", [subject]).fetchall():
        raise UnusableInput("errors.account.subject_taken", subject=subject)


def carry_out(register: Register, write: Change) -> None:
    """Have the writer do this, in a transaction."""
    register.write(_in_turn, write)


def _in_turn(cur: Cursor, writes: list[Change]) -> list[None]:
    """A handler for changes that are functions of the cursor: one after the other, in one transaction."""
    for write in writes:
        write(cur)
    return [None] * len(writes)
