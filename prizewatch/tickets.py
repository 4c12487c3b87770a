"""Links that are good once: into a session after a sign-in at an identity provider, and to choose a passphrase."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from . import audit, identity, passphrases, refusals, sessions
from .access import Actor, require
from .accounts import Cursor, carry_out, found
from .audit import Entry
from .errors import UnusableInput
from .store import Register

TICKET_LASTS = timedelta(seconds=60)
INVITATION_LASTS = timedelta(hours=24)
FRESH = timedelta(minutes=10)  # how old a sign-in at a provider may be when it is brought here


def for_subject(register: Register, oidc_subject: str, signed_in_at: datetime, now: datetime) -> str | None:
    """A ticket into a session for who has just signed in at the identity provider; None for anybody not on the list.

    A sign-in of some time ago gets none either: the browser keeps it for a month, a session here lasts a day at most.
    """
    if not timedelta(minutes=-1) <= now - signed_in_at <= FRESH:
        return None
    with register.read() as cur:
        rows = cur.execute(
            "SELECT account_key, account, disabled_at FROM desk.account WHERE oidc_subject = ?", [oidc_subject]
        ).fetchall()
    key, shown, disabled_at = rows[0] if rows else ("", "", None)
    if not rows or disabled_at is not None:
        refusals.note(register, shown, "disabled" if rows else "provider", now)
        return None
    return _make(register, str(key), "session", now + TICKET_LASTS, now)


def invite(register: Register, by: Actor, name: str, now: datetime) -> str:
    """A ticket to choose a passphrase with, good for a day. Raises `NotAllowed`; `UnusableInput` where there is no such
    account.
    """
    require(by, "account.manage")
    with register.read() as cur:
        account = found(cur, name)
    if account is None:
        raise UnusableInput("errors.account.unknown", name=name)
    audit.note(register, by, "account.invite", "account", None, now, account[1])
    return _make(register, account[0], "passphrase", now + INVITATION_LASTS, now)


def redeem(register: Register, ticket: str, now: datetime) -> str | None:
    """The token of a session for a ticket, which is used up by it; None for one that is not good (any more)."""
    taken = _take(register, ticket, "session", now)
    return sessions.begin(register, *taken, now, "oidc") if taken else None


def choose_passphrase(register: Register, ticket: str, passphrase: str, now: datetime) -> str | None:
    """Set the passphrase of who was invited and sign them in; None for a ticket that is not good (any more).

    Every other invitation of theirs goes with it. Raises `UnusableInput` for a passphrase that is too short; the ticket
    stays good then.
    """
    if not _is_good(register, ticket, "passphrase", now):  # hashing is dear: for nobody who only says to be invited
        return None
    secret = passphrases.hashed(passphrase)
    taken = _take(register, ticket, "passphrase", now)
    if taken is None:
        return None
    key, actor = taken

    def write(cur: Cursor) -> None:
        cur.execute("UPDATE desk.account SET passphrase_hash = ? WHERE account_key = ?", [secret, key])
        cur.execute("DELETE FROM desk.session WHERE account_key = ?", [key])
        cur.execute("DELETE FROM desk.ticket WHERE account_key = ?", [key])
        audit.append(cur, register.key, [Entry(actor, "account.passphrase", "account", None, now, actor.name)])

    carry_out(register, write)
    return sessions.begin(register, key, actor, now, "invitation")


def _make(register: Register, account_key: str, good_for: str, until: datetime, now: datetime) -> str:
    ticket = secrets.token_urlsafe(32)

    def write(cur: Cursor) -> None:
        cur.execute("DELETE FROM desk.ticket WHERE good_until <= ?", [now])
        row = [identity.keyed(register.key, "desk-ticket", good_for, ticket), account_key, good_for, until]
        cur.execute("INSERT INTO desk.ticket VALUES (?, ?, ?, ?)", row)

    carry_out(register, write)
    return ticket


def _is_good(register: Register, ticket: str, good_for: str, now: datetime) -> bool:
    """Whether a ticket would be taken; it is not used up."""
    key = identity.keyed(register.key, "desk-ticket", good_for, ticket)
    with register.read() as cur:
        rows = cur.execute("SELECT 1 FROM desk.ticket WHERE ticket_key = ? AND good_until > ?", [key, now]).fetchall()
    return bool(rows)


def _take(register: Register, ticket: str, good_for: str, now: datetime) -> tuple[str, Actor] | None:
    """Use a ticket up. The account it was for, if that may still sign in."""
    key = identity.keyed(register.key, "desk-ticket", good_for, ticket)
    taken: list[tuple[str, Actor]] = []

    def write(cur: Cursor) -> None:
        rows = cur.execute(
            "SELECT a.account_key, a.account, a.role FROM desk.ticket t JOIN desk.account a USING (account_key)"
            " WHERE t.ticket_key = ? AND t.good_until > ? AND a.disabled_at IS NULL",
            [key, now],
        ).fetchall()
        cur.execute("DELETE FROM desk.ticket WHERE ticket_key = ?", [key])
        taken.extend((str(account), Actor(name, role)) for account, name, role in rows)

    carry_out(register, write)
    return taken[0] if taken else None
