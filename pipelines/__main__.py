"""The command line: `python -m pipelines <command>`.

Exit 0 done, 1 `check` found problems, 2 unusable input, 3 register busy or of a newer version.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

from prizewatch import settings as settings_module
from prizewatch.errors import PrizewatchError
from prizewatch.i18n import LANGUAGES, Language, guess, language

#: Command -> (module, function).
COMMANDS = {
    "demo": ("demo", "run"),
    "import": ("imports", "run"),
    "marts": ("marts", "run"),
    "advisor": ("advisor", "run"),
    "daily": ("daily", "run"),
    "export": ("export", "run"),
    "erase": ("erase", "run"),
    "casefile": ("casefile", "run"),
    "check": ("check", "run"),
    "moderator": ("moderator", "run"),
    "backup": ("backup", "run"),
    "restore": ("backup", "run_restore"),
}


class _Parser(argparse.ArgumentParser):
    """A parser whose complaints are sentences in the reader's language."""

    words: Language

    def error(self, message: str) -> NoReturn:
        _ = self.words
        usage = self.format_usage().partition(": ")[2].strip()
        self.exit(2, f"{_('cli.usage', usage=usage)}\n{_('cli.wrong', detail=message)}\n")


def parser(_: Language) -> argparse.ArgumentParser:
    """The parser with its help in a language."""

    def made(maker: Any, *name: str, **kwargs: Any) -> _Parser:
        one: _Parser = maker(*name, add_help=False, **kwargs)
        one.words = _
        one._positionals.title, one._optionals.title = _("cli.title.positional"), _("cli.title.options")
        one.add_argument("-h", "--help", action="help", help=_("cli.help"))
        return one

    top = made(_Parser, prog="python -m pipelines", description=_("cli.description"))
    commands = top.add_subparsers(dest="command", metavar=_("cli.command"), required=True, title=_("cli.commands"))

    def command(name: str) -> argparse.ArgumentParser:
        one = made(commands.add_parser, name, help=_(f"cli.{name}.about"), description=_(f"cli.{name}.about"))
        one.add_argument("--lang", choices=LANGUAGES, default=_.code, help=_("cli.lang"))
        one.add_argument("--json", action="store_true", help=_("cli.json"))
        return one

    demo = command("demo")
    demo.add_argument("--disputes", type=int, default=5000, help=_("cli.demo.disputes"))
    demo.add_argument("--seed", type=int, default=1, help=_("cli.demo.seed"))
    imports = command("import")
    imports.add_argument("files", nargs="+", metavar="FILE", help=_("cli.import.files"))
    imports.add_argument("--mapping", required=True, metavar="MAPPING.toml", help=_("cli.import.mapping"))
    imports.add_argument("--rejects", metavar="PATH", help=_("cli.import.rejects_to"))
    imports.add_argument("--dry-run", action="store_true", help=_("cli.import.dry_run_about"))
    command("marts")
    command("advisor")
    command("daily")
    command("export").add_argument("--out", required=True, metavar="DIR", help=_("cli.export.out"))
    erase = command("erase")
    which = erase.add_mutually_exclusive_group(required=True)
    which.add_argument("--receipt", metavar="CODE", help=_("cli.erase.receipt"))
    which.add_argument("--dispute", metavar="ID", help=_("cli.erase.dispute"))
    which.add_argument("--retention", action="store_true", help=_("cli.erase.retention"))
    erase.add_argument(
        "--ground", default="request", choices=("request", "third_party", "court_order"), help=_("cli.erase.ground")
    )
    erase.add_argument("--keep-figures", action="store_true", help=_("cli.erase.keep_figures"))
    casefile = command("casefile")
    casefile.add_argument("--organizer", required=True, metavar="CODE", help=_("cli.casefile.organizer"))
    casefile.add_argument("--out", required=True, metavar="DIR", help=_("cli.casefile.out"))
    casefile.add_argument("--evidence", action="store_true", help=_("cli.casefile.evidence"))
    command("check")
    moderator = command("moderator")
    actions = ("add", "list", "disable", "enable", "role", "passphrase", "oidc")
    moderator.add_argument("action", choices=actions, help=_("cli.moderator.action"))
    moderator.add_argument("name", nargs="?", metavar="NAME", help=_("cli.moderator.name"))
    moderator.add_argument("--role", choices=("moderator", "admin"), help=_("cli.moderator.role"))
    moderator.add_argument("--subject", metavar="SUBJECT", help=_("cli.moderator.subject"))
    command("backup").add_argument("--out", required=True, metavar="FILE", help=_("cli.backup.out"))
    command("restore").add_argument("file", metavar="FILE", help=_("cli.restore.file"))
    for one in commands.choices.values():
        one.add_argument("--database", required=True, metavar="PATH", help=_("cli.database"))
    return top


def chosen_language(arguments: Sequence[str], environ: Mapping[str, str]) -> Language:
    """--lang wherever it stands, else LC_ALL, LC_MESSAGES, LANG."""
    for at, argument in enumerate(arguments):
        asked = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        asked = arguments[at + 1] if argument == "--lang" and at + 1 < len(arguments) else asked
        if asked in LANGUAGES:
            return language(asked)
    locale = next((environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environ.get(name)), None)
    return language(guess(locale))


def sentence(_: Language, error: PrizewatchError) -> str:
    """An error in words."""
    return _(error.key, **error.values)


def main(arguments: Sequence[str], environ: Mapping[str, str], now: datetime) -> int:
    """Runs one command. Returns its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    _ = chosen_language(arguments, environ)
    args = parser(_).parse_args(arguments)
    module, function = COMMANDS[args.command]
    try:
        settings = replace(settings_module.read(environ), database=Path(args.database))
        return int(getattr(importlib.import_module(f"pipelines.{module}"), function)(args, settings, now))
    except PrizewatchError as error:
        print(sentence(_, error), file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(_("errors.os", path=error.filename or "", detail=error.strerror or str(error)), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(_("cli.stopped"), file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ, datetime.now(UTC).replace(tzinfo=None)))
