"""Accounts and sessions: who gets in, for how long, how often one may try, and what of it is kept."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from prizewatch import access, accounts, audit, passphrases, refusals, sessions, tickets
from prizewatch.access import TERMINAL, Actor
from prizewatch.errors import NotAllowed, UnusableInput
from prizewatch.store import Register
from tests.at_the_desk import PASSPHRASE, person
from tests.conftest import NOW, settings_for

MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A register with Anna, an admin, whose passphrase was hashed once for all tests here."""
    path = tmp_path_factory.mktemp("accounts") / "register.duckdb"
    with Register.open(None, settings_for(path), now=NOW) as register:
        accounts.add(register, TERMINAL, "Anna", "admin", NOW, passphrase=PASSPHRASE)
        yield register


def test_there_is_no_account_until_somebody_makes_one(register: Register) -> None:
    assert accounts.listed(register) == []
    assert isinstance(sessions.sign_in(register, "admin", "admin", "1.1.1.1", NOW), sessions.Refused)


def test_name_and_passphrase_open_a_session_and_neither_is_asked_to_the_letter_of_its_case(kept: Register) -> None:
    token = sessions.sign_in(kept, " ANNA ", PASSPHRASE, "10.0.0.1", NOW)
    assert isinstance(token, str)
    assert sessions.signed_in(kept, token, NOW) == Actor("Anna", "admin")
    assert isinstance(sessions.sign_in(kept, "Anna", PASSPHRASE.upper(), "10.0.0.1", NOW), sessions.Refused)


def test_no_passphrase_token_or_ticket_lies_in_the_register(kept: Register) -> None:
    token = sessions.sign_in(kept, "Anna", PASSPHRASE, "10.0.0.2", NOW)
    ticket = tickets.invite(kept, TERMINAL, "Anna", NOW)
    with kept.read() as cur:
        names = [row[0] for row in cur.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE schema_name IN ('log', 'desk', 'meta')"
        ).fetchall()]  # fmt: skip
        everything = "\n".join(str(cur.execute(f"FROM {name}").fetchall()) for name in names)
    assert "$argon2id$" in everything
    for secret in (PASSPHRASE, str(token), ticket, "10.0.0.2"):
        assert secret not in everything


def test_a_session_ends_after_an_hour_of_silence_and_after_twelve_hours_of_work(register: Register) -> None:
    token = person(register, "Bo", "moderator", NOW)
    assert sessions.signed_in(register, token, NOW + 59 * MINUTE) is not None
    assert sessions.signed_in(register, token, NOW + 118 * MINUTE) is not None, "a sign of life was noted"
    assert sessions.signed_in(register, token, NOW + 178 * MINUTE) is None
    busy = person(register, "Bo", "moderator", NOW)
    for minutes in range(30, 720, 30):
        assert sessions.signed_in(register, busy, NOW + minutes * MINUTE) is not None
    assert sessions.signed_in(register, busy, NOW + 720 * MINUTE) is None


def test_a_role_holds_at_once_and_a_disabled_account_is_signed_out_at_once(register: Register) -> None:
    token = person(register, "Bo", "moderator", NOW)
    accounts.set_role(register, TERMINAL, "bo", "admin", NOW)
    assert sessions.signed_in(register, token, NOW) == Actor("Bo", "admin")
    accounts.disable(register, TERMINAL, "Bo", NOW)
    assert sessions.signed_in(register, token, NOW) is None
    accounts.enable(register, TERMINAL, "Bo", NOW)
    assert sessions.signed_in(register, token, NOW) is None, "the old session stays closed"


def test_a_disabled_account_gets_the_answer_of_a_wrong_passphrase(kept: Register) -> None:
    wrong = sessions.sign_in(kept, "Anna", "not the passphrase", "10.0.0.3", NOW)
    accounts.disable(kept, TERMINAL, "Anna", NOW)
    disabled = sessions.sign_in(kept, "Anna", PASSPHRASE, "10.0.0.3", NOW)
    accounts.enable(kept, TERMINAL, "Anna", NOW)
    nobody = sessions.sign_in(kept, "nobody", PASSPHRASE, "10.0.0.3", NOW)
    assert wrong == disabled == nobody == sessions.Refused()


def test_a_name_nobody_has_takes_as_long_as_a_wrong_passphrase(kept: Register) -> None:
    def seconds(name: str) -> float:
        begun = time.perf_counter()
        sessions.sign_in(kept, name, "not the passphrase", "10.0.1.1", NOW + timedelta(hours=2))
        return time.perf_counter() - begun

    seconds("warm-up")
    there, nobody = zip(*((seconds("Anna"), seconds("nobody at all")) for _ in range(5)), strict=True)
    assert statistics.median(nobody) > 0.5 * statistics.median(there)
    assert statistics.median(there) > 0.5 * statistics.median(nobody)


def test_tries_are_slowed_by_name_and_by_network_and_the_right_passphrase_waits_too(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW, passphrase=PASSPHRASE)
    assert isinstance(sessions.sign_in(register, "Anna", PASSPHRASE, "10.1.1.1", NOW), str), "and does not count"
    for _n in range(sessions.TRIES_BY_NAME):
        assert sessions.sign_in(register, "anna", "wrong", "10.1.1.1", NOW) == sessions.Refused()
    slowed = sessions.sign_in(register, "Anna", PASSPHRASE, "10.1.1.1", NOW)
    assert isinstance(slowed, sessions.Refused)
    assert slowed.seconds == 600
    assert isinstance(sessions.sign_in(register, "Anna", PASSPHRASE, "10.1.1.1", NOW + 11 * MINUTE), str)
    for n in range(sessions.TRIES_BY_NETWORK):
        sessions._networks.note(register, "10.9.9.9", NOW + n * timedelta(seconds=1))
    slowed = sessions.sign_in(register, "somebody else", "wrong", "10.9.9.9", NOW + MINUTE)
    assert isinstance(slowed, sessions.Refused)
    assert slowed.seconds > 0


def test_one_network_shuts_the_owner_of_a_name_out_of_itself_only(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW, passphrase=PASSPHRASE)
    for _n in range(sessions.TRIES_BY_NAME):
        assert sessions.sign_in(register, "Anna", "wrong", "10.7.7.7", NOW) == sessions.Refused()
    slowed = sessions.sign_in(register, "Anna", PASSPHRASE, "10.7.7.7", NOW)
    assert isinstance(slowed, sessions.Refused)
    assert slowed.seconds > 0
    assert isinstance(sessions.sign_in(register, "Anna", PASSPHRASE, "10.1.1.1", NOW), str)


def test_tries_for_one_name_from_many_networks_are_slowed_in_the_end(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW, passphrase=PASSPHRASE)
    for _n in range(sessions.TRIES_OF_ALL - 1):
        sessions._all.note(register, "anna", NOW)
    assert sessions.sign_in(register, "Anna", "wrong", "10.6.0.1", NOW) == sessions.Refused(), "the last one"
    slowed = sessions.sign_in(register, "Anna", PASSPHRASE, "10.6.0.2", NOW)
    assert isinstance(slowed, sessions.Refused)
    assert slowed.seconds == 600


def test_a_slowed_network_shuts_nobody_else_out(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW, passphrase=PASSPHRASE)
    for n in range(sessions.TRIES_BY_NETWORK):
        sessions._networks.note(register, "10.8.8.8", NOW + n * timedelta(seconds=1))
    for _ in range(sessions.TRIES_BY_NAME):
        slowed = sessions.sign_in(register, "Anna", "wrong", "10.8.8.8", NOW + MINUTE)
        assert isinstance(slowed, sessions.Refused)
        assert slowed.seconds > 0
    assert isinstance(sessions.sign_in(register, "Anna", PASSPHRASE, "10.1.1.1", NOW + MINUTE), str)


def test_an_invitation_that_was_never_made_waits_for_no_hash(register: Register) -> None:
    with ThreadPoolExecutor(1) as other, passphrases._at_work, passphrases._at_work:  # no hash can be made meanwhile
        made_up = other.submit(tickets.choose_passphrase, register, "x" * 43, PASSPHRASE, NOW)
        assert made_up.result(timeout=10) is None


def test_who_chose_a_passphrase_leaves_no_other_invitation_open(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW)
    lost, sent_again = (tickets.invite(register, TERMINAL, "Anna", NOW) for _ in range(2))
    assert tickets.choose_passphrase(register, sent_again, PASSPHRASE, NOW)
    assert tickets.choose_passphrase(register, lost, "the passphrase of a finder", NOW) is None


@pytest.mark.parametrize("name", sorted(accounts.NOBODY))
def test_no_account_is_called_like_what_is_no_person(name: str, register: Register) -> None:
    with pytest.raises(UnusableInput, match=r"errors\.account\.taken"):
        accounts.add(register, TERMINAL, name.title(), "moderator", NOW)


@pytest.mark.parametrize("name", ["", " ", "a" * 41, "a:b", "a\x00b"])
def test_a_name_nobody_could_read_is_none(name: str, register: Register) -> None:
    with pytest.raises(UnusableInput, match=r"errors\.account\.name"):
        accounts.add(register, TERMINAL, name, "moderator", NOW)


def test_what_is_taken_unknown_or_too_short_is_told(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW, oidc_subject="sub-1")
    for wrong, key in (
        (lambda: accounts.add(register, TERMINAL, "anna", "admin", NOW), "taken"),
        (lambda: accounts.add(register, TERMINAL, "Terminal", "admin", NOW), "taken"),
        (lambda: accounts.add(register, TERMINAL, "Bo", "admin", NOW, oidc_subject="sub-1"), "subject_taken"),
        (lambda: accounts.add(register, TERMINAL, "Bo", "owner", NOW), "role"),
        (lambda: accounts.add(register, TERMINAL, "Bo", "admin", NOW, passphrase=PASSPHRASE[:11]), "passphrase"),
        (lambda: accounts.set_role(register, TERMINAL, "Bo", "admin", NOW), "unknown"),
        (lambda: tickets.invite(register, TERMINAL, "Bo", NOW), "unknown"),
    ):
        with pytest.raises(UnusableInput, match=rf"errors\.account\.{key} "):
            wrong()
    assert [account.name for account in accounts.listed(register)] == ["Anna"]


def test_an_invitation_is_good_once_for_a_day_and_sets_the_passphrase(register: Register) -> None:
    accounts.add(register, TERMINAL, "Bo", "moderator", NOW)
    ticket = tickets.invite(register, TERMINAL, "Bo", NOW)
    assert tickets.redeem(register, ticket, NOW) is None, "it is no way into a session by itself"
    with pytest.raises(UnusableInput):
        tickets.choose_passphrase(register, ticket, "too short", NOW)
    token = tickets.choose_passphrase(register, ticket, PASSPHRASE, NOW)
    assert token is not None
    assert sessions.signed_in(register, token, NOW) == Actor("Bo", "moderator")
    assert tickets.choose_passphrase(register, ticket, "another passphrase", NOW) is None
    assert isinstance(sessions.sign_in(register, "Bo", PASSPHRASE, "1.1.1.1", NOW), str)
    late = tickets.invite(register, TERMINAL, "Bo", NOW)
    assert tickets.choose_passphrase(register, late, PASSPHRASE, NOW + timedelta(hours=24)) is None


def test_a_subject_of_the_provider_needs_to_be_on_the_list_and_to_have_just_signed_in(register: Register) -> None:
    accounts.add(register, TERMINAL, "Chi", "moderator", NOW, oidc_subject="sub-7")
    assert tickets.for_subject(register, "sub-8", NOW, NOW) is None
    assert tickets.for_subject(register, "sub-7", NOW - 11 * MINUTE, NOW) is None
    ticket = tickets.for_subject(register, "sub-7", NOW - MINUTE, NOW)
    assert ticket is not None
    assert tickets.redeem(register, ticket, NOW + timedelta(seconds=60)) is None, "good for less than a minute"
    ticket = tickets.for_subject(register, "sub-7", NOW, NOW)
    assert ticket is not None
    token = tickets.redeem(register, ticket, NOW)
    assert token is not None
    assert sessions.signed_in(register, token, NOW) == Actor("Chi", "moderator")
    assert tickets.redeem(register, ticket, NOW) is None
    assert isinstance(sessions.sign_in(register, "Chi", "", "1.1.1.1", NOW), sessions.Refused)
    accounts.disable(register, TERMINAL, "Chi", NOW)
    assert tickets.for_subject(register, "sub-7", NOW, NOW) is None


def test_signing_out_ends_the_session_everywhere_it_is_open(register: Register) -> None:
    token = person(register, "Bo", "moderator", NOW)
    sessions.sign_out(register, token, NOW)
    assert sessions.signed_in(register, token, NOW) is None
    sessions.sign_out(register, "no token of anybody", NOW)


def test_what_was_done_to_accounts_stands_in_the_audit(register: Register) -> None:
    accounts.add(register, TERMINAL, "Bo", "moderator", NOW)
    accounts.set_role(register, Actor("Anna", "admin"), "Bo", "admin", NOW)
    accounts.disable(register, Actor("Anna", "admin"), "Bo", NOW)
    seen = audit.entries(register)[["actor", "action", "detail"]].to_numpy().tolist()
    assert seen == [
        ["Anna", "account.disable", "Bo"],
        ["Anna", "account.role", "Bo: admin"],
        ["terminal", "account.add", "Bo: moderator"],
    ]


def _refused(register: Register) -> list[str]:
    frame = audit.entries(register, action="sign_in.failed")
    assert set(frame["actor"]) <= {""}
    return list(frame["detail"])


def test_a_failed_sign_in_stands_in_the_audit_without_what_was_typed(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW, passphrase=PASSPHRASE)
    accounts.add(register, TERMINAL, "Bo", "moderator", NOW, oidc_subject="sub-7")
    sessions.sign_in(register, " ANNA ", "not the passphrase", "10.4.0.1", NOW)
    sessions.sign_in(register, PASSPHRASE, "Anna", "10.4.0.1", NOW + MINUTE)  # typed into the wrong field
    accounts.disable(register, TERMINAL, "Anna", NOW)
    sessions.sign_in(register, "anna", PASSPHRASE, "10.4.0.1", NOW + 2 * MINUTE)
    assert tickets.for_subject(register, "sub-of-nobody", NOW, NOW + 3 * MINUTE) is None
    accounts.disable(register, TERMINAL, "Bo", NOW)
    assert tickets.for_subject(register, "sub-7", NOW, NOW + 4 * MINUTE) is None
    assert _refused(register) == ["Bo: disabled", "–: provider", "Anna: disabled", "–: name", "Anna: passphrase"]
    told = audit.export_csv(register).decode()
    for typed in (PASSPHRASE, "not the passphrase", "10.4.0.1", "sub-of-nobody"):
        assert typed not in told
    with register.read() as cur:
        assert audit.broken(cur, register.key) == 0


def test_a_flood_of_failed_sign_ins_is_no_flood_of_entries_and_hides_no_other_account(register: Register) -> None:
    accounts.add(register, TERMINAL, "Anna", "admin", NOW)
    for n in range(2 * sessions.TRIES_BY_NETWORK):  # the later ones are slowed: nothing is hashed for them
        sessions.sign_in(register, f"nobody-{n}", "wrong", "10.5.0.1", NOW + n * timedelta(seconds=1))
    noted = _refused(register)
    assert len(noted) == refusals.NOTED
    assert [why for why in noted if why.endswith("more_not_listed")] == noted[:1], (
        "the last says that more may have come"
    )
    sessions.sign_in(register, "Anna", "wrong", "10.5.0.2", NOW + MINUTE)
    assert _refused(register)[0] == "Anna: passphrase"
    sessions.sign_in(register, "nobody again", "wrong", "10.5.0.3", NOW + 2 * timedelta(hours=1))
    assert _refused(register)[0] == "–: name", "an hour later it is noted again"


def test_accounts_are_no_news_of_the_figures(register: Register) -> None:
    before = register.version()
    person(register, "Bo", "moderator", NOW)
    assert register.version() == before


# ── the table of roles ─────────────────────────────────────────────────────────────────────────────────────────────

#: Action -> may a moderator, may an admin. Written by hand: it is the decision, `access` carries it out.
TABLE = {
    "desk.see": (True, True),
    "report.read": (True, True),
    "evidence.open": (True, True),
    "report.decide": (True, True),
    "organizer.name": (True, True),
    "organizer.merge": (True, True),
    "reply.decide": (True, True),
    "notice.decide": (True, True),
    "alarm.decide": (True, True),
    "casefile.make": (True, True),
    "import.run": (False, True),
    "erase": (False, True),
    "audit.read": (False, True),
    "account.manage": (False, True),
}


def test_the_table_of_roles_names_every_action() -> None:
    assert set(access.PERMISSIONS) == set(TABLE)


@pytest.mark.parametrize("action", TABLE)
def test_each_role_may_do_what_the_table_says_and_a_stranger_nothing(action: str) -> None:
    people = {"moderator": TABLE[action][0], "admin": TABLE[action][1], "visitor": False, "": False}
    for role, allowed in people.items():
        assert access.may(Actor("somebody", role), action) is allowed
    assert access.may(None, action) is False
    with pytest.raises(NotAllowed):
        access.require(None, action)


def test_an_action_nobody_named_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        access.may(Actor("Anna", "admin"), "everything")
