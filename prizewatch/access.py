"""Who may do what: roles and their permissions, and nothing else. Pure, so that it can be read and tested as a table.

Whoever is not signed in, or whose account is disabled, is `None` here: a stranger, who may do nothing of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .errors import NotAllowed

ROLES = ("moderator", "admin")
_BOTH = frozenset(ROLES)
_ADMIN = frozenset({"admin"})

#: Action -> the roles that may do it.
PERMISSIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "desk.see": _BOTH,
        "report.read": _BOTH,
        "evidence.open": _BOTH,
        "report.decide": _BOTH,
        "organizer.name": _BOTH,
        "organizer.merge": _BOTH,
        "reply.decide": _BOTH,
        "notice.decide": _BOTH,
        "alarm.decide": _BOTH,
        "casefile.make": _BOTH,
        "import.run": _ADMIN,
        "erase": _ADMIN,
        "audit.read": _ADMIN,
        "account.manage": _ADMIN,
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `name` stands in log.moderation.actor and in the audit; a name is never given to a second person."""

    name: str
    role: str


#: Who acts where no account is asked: the command line, whose user holds the register's file anyway.
TERMINAL = Actor("terminal", "admin")


def may(actor: Actor | None, action: str) -> bool:
    """Whether somebody may do it. Raises `KeyError` for an action nobody has named: a mistake of the program."""
    roles = PERMISSIONS[action]
    return actor is not None and actor.role in roles


def require(actor: Actor | None, action: str) -> None:
    """Raises `NotAllowed` unless they may."""
    if not may(actor, action):
        raise NotAllowed("errors.not_allowed")
