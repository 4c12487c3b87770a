"""Accounts of moderators and admins, and who is signed in.

A local account has a passphrase, of which an argon2 hash is kept; an account of an identity provider (OIDC) has the
subject the provider knows it by. Both have their role here. There is no account until the command line makes one.

A wrong name, a wrong passphrase and a disabled account get one answer, after the same work. Tries are slowed per
network, per name from one network, and, far higher, per name: one stranger shuts no owner out. A session ends 12 hours
after it began, or after 60 minutes without a sign of life.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb

from . import audit, identity, passphrases, refusals
from .access import ROLES, Actor, require
from .audit import Entry
from .errors import UnusableInput
from .pace import Pace
from .store import Register

LASTS = timedelta(hours=12)
IDLE = timedelta(minutes=60)
SEEN_EVERY = timedelta(minutes=1)  # a sign of life is written down no oftener
MOST_NAME = 40
#: In ten minutes: of a network; of it for one name; of all networks for one name (a passphrase stands 200 tries, and it
#: takes twenty networks at once to use them up).
TRIES_BY_NETWORK, TRIES_BY_NAME, TRIES_OF_ALL = 30, 10, 200
TICKET_LASTS = timedelta(seconds=60)
INVITATION_LASTS = timedelta(hours=24)
NOBODY = frozenset({"terminal", "clock", "organizer", "reporter"})  # stand as actors in the log without being a person
FRESH = timedelta(minutes=10)  # how old a sign-in at a provider may be when it is brought here

_networks, _names, _all = Pace(), Pace(), Pace()

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


@dataclass(frozen=True, slots=True)
class Refused:
    """Not signed in. Says nothing of why, but for `seconds`: 0, or how long to wait after too many tries."""

    seconds: int = 0


def key_of(name: str) -> str:
    """An account's name as it is compared: Anna and ANNA are one."""
    return identity.normalise(name).casefold()


# ── accounts ───────────────────────────────────────────────────────────────────────────────────────────────────────


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
    """Make an account. Without passphrase and subject nobody can sign in until an invitation was used (`invite`).

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
        if _found(cur, shown) or key_of(shown) in NOBODY:
            raise UnusableInput("errors.account.taken", name=shown)
        _free_subject(cur, subject)
        row = [key_of(shown), shown, role, secret, subject, now, by.name, None]
        cur.execute("INSERT INTO desk.account VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        audit.append(cur, register.key, [Entry(by, "account.add", "account", None, now, f"{shown}: {role}")])

    _carry_out(register, write)


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
        found = _found(cur, name)
        if found is None:
            raise UnusableInput("errors.account.unknown", name=name)
        _free_subject(cur, free_subject)
        key, shown = found
        cur.execute(sql, [value, key])
        if signs_out:
            cur.execute("DELETE FROM desk.session WHERE account_key = ?", [key])
            cur.execute("DELETE FROM desk.ticket WHERE account_key = ?", [key])
        detail = f"{shown}: {value}" if told else shown
        audit.append(cur, register.key, [Entry(by, action, "account", None, now, detail)])

    _carry_out(register, write)


def _found(cur: Cursor, name: str) -> tuple[str, str] | None:
    found = cur.execute("SELECT account_key, account FROM desk.account WHERE account_key = ?", [key_of(name)])
    rows = found.fetchall()
    return (str(rows[0][0]), str(rows[0][1])) if rows else None


def _free_subject(cur: Cursor, subject: str | None) -> None:
    if subject and cur.execute("SELECT 1 FROM desk.account WHERE oidc_subject = ?", [subject]).fetchall():
        raise UnusableInput("errors.account.subject_taken", subject=subject)


# ── signing in ─────────────────────────────────────────────────────────────────────────────────────────────────────


def sign_in(register: Register, name: str, passphrase: str, network: str, now: datetime) -> str | Refused:
    """The token of a new session, or that it is refused. `network` is an address; it is not kept."""
    key = key_of(name[: 4 * MOST_NAME])
    own = f"{key} {identity.network_of(network)}"
    limits = ((_networks, network, TRIES_BY_NETWORK), (_names, own, TRIES_BY_NAME), (_all, key, TRIES_OF_ALL))
    # One after the other: who is slowed uses up nothing of what others share.
    wait = next((wait for pace, of, most in limits if (wait := pace.take(register, of, most, now))), 0)
    with register.read() as cur:
        rows = cur.execute(
            "SELECT account, role, passphrase_hash, disabled_at FROM desk.account WHERE account_key = ?", [key]
        ).fetchall()
    shown, role, secret, disabled_at = rows[0] if rows else ("", "", None, None)
    if wait:
        refusals.note(register, shown, "slowed", now)
        return Refused(wait)
    if not passphrases.match(secret, passphrase) or disabled_at is not None:
        refusals.note(register, shown, "disabled" if disabled_at else "passphrase" if rows else "name", now)
        return Refused()
    for pace, of, _most in limits:
        pace.give_back(register, of, now)
    return _open_session(register, key, Actor(shown, role), now, "passphrase")


def signed_in(register: Register, token: str, now: datetime) -> Actor | None:
    """Who holds this session, with the role they have now; None where it ended, or the account was disabled.

    Asked at every run of a page, in every callback, download and route. Notes a sign of life once a minute.
    """
    if not token:
        return None
    key = identity.keyed(register.key, "desk-session", token)
    with register.read() as cur:
        rows = cur.execute(
            "SELECT a.account, a.role, a.disabled_at, s.opened_at, s.seen_at"
            " FROM desk.session s JOIN desk.account a USING (account_key) WHERE s.session_key = ?",
            [key],
        ).fetchall()
    if not rows:
        return None
    name, role, disabled_at, opened_at, seen_at = rows[0]
    if disabled_at is not None or now - opened_at >= LASTS or now - seen_at >= IDLE:
        return None
    if now - seen_at >= SEEN_EVERY:
        register.write(_touch, (key, now))
    return Actor(name, role)


def sign_out(register: Register, token: str, now: datetime) -> None:
    """End a session; one that is none is no error."""
    actor = signed_in(register, token, now)
    key = identity.keyed(register.key, "desk-session", token)

    def write(cur: Cursor) -> None:
        cur.execute("DELETE FROM desk.session WHERE session_key = ?", [key])
        if actor is not None:
            audit.append(cur, register.key, [Entry(actor, "sign_out", "account", None, now)])

    _carry_out(register, write)


def _open_session(register: Register, account_key: str, actor: Actor, now: datetime, how: str) -> str:
    token = secrets.token_urlsafe(32)

    def write(cur: Cursor) -> None:
        cur.execute("DELETE FROM desk.session WHERE opened_at <= ? OR seen_at <= ?", [now - LASTS, now - IDLE])
        row = [identity.keyed(register.key, "desk-session", token), account_key, now, now]
        cur.execute("INSERT INTO desk.session VALUES (?, ?, ?, ?)", row)
        audit.append(cur, register.key, [Entry(actor, "sign_in", "account", None, now, how)])

    _carry_out(register, write)
    return token


def _touch(cur: Cursor, items: list[tuple[str, datetime]]) -> list[None]:
    for key, now in dict(items).items():
        cur.execute("UPDATE desk.session SET seen_at = ? WHERE session_key = ? AND seen_at < ?", [now, key, now])
    return [None] * len(items)


# ── tickets: links that are good once ──────────────────────────────────────────────────────────────────────────────


def ticket_for_subject(register: Register, oidc_subject: str, signed_in_at: datetime, now: datetime) -> str | None:
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
    return _ticket(register, str(key), "session", now + TICKET_LASTS, now)


def invite(register: Register, by: Actor, name: str, now: datetime) -> str:
    """A ticket to choose a passphrase with, good for a day. Raises `NotAllowed`; `UnusableInput` where there is no such
    account.
    """
    require(by, "account.manage")
    with register.read() as cur:
        found = _found(cur, name)
    if found is None:
        raise UnusableInput("errors.account.unknown", name=name)
    audit.note(register, by, "account.invite", "account", None, now, found[1])
    return _ticket(register, found[0], "passphrase", now + INVITATION_LASTS, now)


def redeem(register: Register, ticket: str, now: datetime) -> str | None:
    """The token of a session for a ticket, which is used up by it; None for one that is not good (any more)."""
    found = _take_ticket(register, ticket, "session", now)
    return _open_session(register, *found, now, "oidc") if found else None


def choose_passphrase(register: Register, ticket: str, passphrase: str, now: datetime) -> str | None:
    """Set the passphrase of who was invited and sign them in; None for a ticket that is not good (any more).

    Every other invitation of theirs goes with it. Raises `UnusableInput` for a passphrase that is too short; the ticket
    stays good then.
    """
    if not _is_good(register, ticket, "passphrase", now):  # hashing is dear: for nobody who only says to be invited
        return None
    secret = passphrases.hashed(passphrase)
    found = _take_ticket(register, ticket, "passphrase", now)
    if found is None:
        return None
    key, actor = found

    def write(cur: Cursor) -> None:
        cur.execute("UPDATE desk.account SET passphrase_hash = ? WHERE account_key = ?", [secret, key])
        cur.execute("DELETE FROM desk.session WHERE account_key = ?", [key])
        cur.execute("DELETE FROM desk.ticket WHERE account_key = ?", [key])
        audit.append(cur, register.key, [Entry(actor, "account.passphrase", "account", None, now, actor.name)])

    _carry_out(register, write)
    return _open_session(register, key, actor, now, "invitation")


def _ticket(register: Register, account_key: str, good_for: str, until: datetime, now: datetime) -> str:
    ticket = secrets.token_urlsafe(32)

    def write(cur: Cursor) -> None:
        cur.execute("DELETE FROM desk.ticket WHERE good_until <= ?", [now])
        row = [identity.keyed(register.key, "desk-ticket", good_for, ticket), account_key, good_for, until]
        cur.execute("INSERT INTO desk.ticket VALUES (?, ?, ?, ?)", row)

    _carry_out(register, write)
    return ticket


def _is_good(register: Register, ticket: str, good_for: str, now: datetime) -> bool:
    """Whether a ticket would be taken; it is not used up."""
    key = identity.keyed(register.key, "desk-ticket", good_for, ticket)
    with register.read() as cur:
        found = cur.execute("SELECT 1 FROM desk.ticket WHERE ticket_key = ? AND good_until > ?", [key, now]).fetchall()
    return bool(found)


def _take_ticket(register: Register, ticket: str, good_for: str, now: datetime) -> tuple[str, Actor] | None:
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

    _carry_out(register, write)
    return taken[0] if taken else None


def _carry_out(register: Register, write: Change) -> None:
    register.write(_in_turn, write)


def _in_turn(cur: Cursor, writes: list[Change]) -> list[None]:
    """A handler for changes that are functions of the cursor: one after the other, in one transaction."""
    for write in writes:
        write(cur)
    return [None] * len(writes)
