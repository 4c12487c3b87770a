"""`moderator`: accounts of the desk, for when no app runs. A passphrase is asked for, never given as an argument."""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from prizewatch import accounts, passphrases
from prizewatch.access import TERMINAL
from prizewatch.errors import UnusableInput
from prizewatch.i18n import Language
from prizewatch.settings import Settings
from prizewatch.store import Register

from . import terminal
from .marts import existing


def run(args: argparse.Namespace, settings: Settings, now: datetime) -> int:
    """Makes, lists and changes accounts."""
    _ = terminal.words(args)
    if args.action != "list" and not args.name:
        raise UnusableInput("errors.account.no_name")
    if args.action in ("role", "oidc") and not (args.role if args.action == "role" else args.subject):
        raise UnusableInput("errors.account.no_role" if args.action == "role" else "errors.account.no_subject")
    with existing(Path(args.database), settings, now) as register:
        if args.action != "list":
            _change(_, register, args, now)
        listed = accounts.listed(register)
    terminal.tell(args, _lines(_, listed), {"accounts": [_result(account) for account in listed]})
    return 0


def _change(_: Language, register: Register, args: argparse.Namespace, now: datetime) -> None:
    name = str(args.name)
    there = accounts.key_of(name) in {accounts.key_of(account.name) for account in accounts.listed(register)}
    if args.action == "add":
        role = args.role or "moderator"
        if there:  # before a passphrase is asked for in vain
            raise UnusableInput("errors.account.taken", name=name)
        accounts.add(register, TERMINAL, name, role, now, passphrase=asked(_))
    elif args.action == "oidc" and not there:
        accounts.add(register, TERMINAL, name, args.role or "moderator", now, oidc_subject=args.subject)
    elif not there:
        raise UnusableInput("errors.account.unknown", name=name)
    elif args.action == "oidc":
        accounts.set_subject(register, TERMINAL, name, args.subject, now)
    elif args.action == "role":
        accounts.set_role(register, TERMINAL, name, args.role, now)
    elif args.action == "passphrase":
        accounts.set_passphrase(register, TERMINAL, name, asked(_), now)
    elif args.action == "disable":
        accounts.disable(register, TERMINAL, name, now)
    else:
        accounts.enable(register, TERMINAL, name, now)


def asked(_: Language) -> str:
    """A passphrase, typed twice unseen; where standard input is no terminal, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(_("cli.moderator.passphrase", least=passphrases.LEAST_CHARACTERS) + " ")
    if first != getpass.getpass(_("cli.moderator.again") + " "):
        raise UnusableInput("errors.account.differ")
    return first


def _result(account: accounts.Account) -> dict[str, Any]:
    return {
        "name": account.name, "role": account.role, "passphrase": account.has_passphrase,
        "oidc_subject": account.oidc_subject, "added_at": account.added_at, "added_by": account.added_by,
        "disabled_at": account.disabled_at,
    }  # fmt: skip


def _lines(_: Language, listed: list[accounts.Account]) -> list[str]:
    rows = []
    for account in listed:
        ways = [_("cli.moderator.by_passphrase")] if account.has_passphrase else []
        ways += [f"OIDC {account.oidc_subject}"] if account.oidc_subject else []
        way = _("cli.moderator.disabled") if account.disabled_at else "; ".join(ways) or _("cli.moderator.no_way")
        rows.append((account.name, _(f"access.role.{account.role}"), way))
    return terminal.table(rows) or [_("cli.moderator.nobody")]
