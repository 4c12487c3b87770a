"""Who is signed in at the desk: a session is a random token in a cookie, of which the register keeps a keyed hash.

A wrong name, a wrong passphrase and a disabled account get one answer, after the same work. Tries are slowed per
network, per name from one network, and, far higher, per name: one stranger shuts no owner out. A session ends 12 hours
after it began, or after 60 minutes without a sign of life.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from . import audit, identity, passphrases, refusals
from .access import Actor
from .accounts import MOST_NAME, Cursor, carry_out, key_of
from .audit import Entry
from .pace import Pace
from .store import Register

LASTS = timedelta(hours=12)
IDLE = timedelta(minutes=60)
SEEN_EVERY = timedelta(minutes=1)  # a sign of life is written down no oftener
#: In ten minutes: of a network; of it for one name; of all networks for one name (a passphrase stands 200 tries, and it
#: takes twenty networks at once to use them up).
TRIES_BY_NETWORK, TRIES_BY_NAME, TRIES_OF_ALL = 30, 10, 200

_networks, _names, _all = Pace(), Pace(), Pace()


@dataclass(frozen=True, slots=True)
class Refused:
    """Not signed in. Says nothing of why, but for `seconds`: 0, or how long to wait after too many tries."""

    seconds: int = 0


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
    return begin(register, key, Actor(shown, role), now, "passphrase")


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

    carry_out(register, write)


def begin(register: Register, account_key: str, actor: Actor, now: datetime, how: str) -> str:
    """The token of a new session. `how` they proved who they are, for the journal."""
    token = secrets.token_urlsafe(32)

    def write(cur: Cursor) -> None:
        cur.execute("DELETE FROM desk.session WHERE opened_at <= ? OR seen_at <= ?", [now - LASTS, now - IDLE])
        row = [identity.keyed(register.key, "desk-session", token), account_key, now, now]
        cur.execute("INSERT INTO desk.session VALUES (?, ?, ?, ?)", row)
        audit.append(cur, register.key, [Entry(actor, "sign_in", "account", None, now, how)])

    carry_out(register, write)
    return token


def _touch(cur: Cursor, items: list[tuple[str, datetime]]) -> list[None]:
    for key, now in dict(items).items():
        cur.execute("UPDATE desk.session SET seen_at = ? WHERE session_key = ? AND seen_at < ?", [now, key, now])
    return [None] * len(items)
