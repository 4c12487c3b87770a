"""`moderator`: accounts made at the terminal; a passphrase is asked for and stands nowhere."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from pipelines.__main__ import main
from prizewatch import accounts, audit, sessions
from prizewatch.access import Actor
from prizewatch.settings import Settings
from prizewatch.store import Register
from tests.at_the_desk import PASSPHRASE
from tests.conftest import NOW


@pytest.fixture
def path(settings: Settings) -> Path:
    """A live register that is there, closed."""
    Register.open(settings.database, settings, now=NOW).close()
    return settings.database


def run(settings: Settings, *arguments: str) -> int:
    environ = {"PRIZEWATCH_SECRET_KEY": settings.secret_key}
    return main(["moderator", *arguments, "--database", str(settings.database), "--lang", "en"], environ, NOW)


def test_an_account_is_made_by_a_passphrase_from_standard_input_and_signs_in(
    path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))
    assert run(settings, "add", "Anna", "--role", "admin") == 0
    assert run(settings, "oidc", "Bo", "--subject", "sub-1") == 0
    assert run(settings, "role", "bo", "--role", "admin") == 0
    assert run(settings, "disable", "Bo") == 0
    said = capsys.readouterr()
    assert PASSPHRASE not in said.out + said.err
    assert run(settings, "list", "--json") == 0
    listed = json.loads(capsys.readouterr().out)["accounts"]
    assert [(one["name"], one["role"], one["passphrase"], one["oidc_subject"]) for one in listed] == [
        ("Anna", "admin", True, None),
        ("Bo", "admin", False, "sub-1"),
    ]
    assert [one["disabled_at"] is None for one in listed] == [True, False]
    with Register.open(path, settings, now=NOW) as register:
        token = sessions.sign_in(register, "Anna", PASSPHRASE, "local", NOW)
        assert isinstance(token, str)
        assert sessions.signed_in(register, token, NOW) == Actor("Anna", "admin")
        assert set(audit.entries(register)["actor"]) == {"terminal", "Anna"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add",), "name of the account is missing"),
        (("add", "Anna"), "at least 12 characters"),
        (("role", "Anna"), "--role"),
        (("oidc", "Anna"), "--subject"),
        (("role", "Anna", "--role", "admin"), "no account with the name Anna"),
        (("disable", "Anna"), "no account with the name Anna"),
    ],
)
def test_what_is_missing_is_told_and_nothing_is_made(
    arguments: tuple[str, ...], said: str, path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("eleven char\n"))
    assert run(settings, *arguments) == 2
    assert said in capsys.readouterr().err
    with Register.open(path, settings, now=NOW) as register:
        assert accounts.listed(register) == []


def test_while_the_site_holds_the_register_the_command_says_so(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with Register.open(settings.database, settings, now=NOW):
        assert run(settings, "list") == 3
    assert str(settings.database) in capsys.readouterr().err


def test_a_passphrase_is_no_argument() -> None:
    from pipelines.__main__ import parser
    from prizewatch.i18n import language

    with pytest.raises(SystemExit):
        parser(language("en")).parse_args(["moderator", "add", "Anna", "--passphrase", "x", "--database", "x"])
