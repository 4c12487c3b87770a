"""What each role may do, where it is done: every function that acts for somebody asks what they may, whatever screen,
route or command calls it; and every button of the desk asks again who pressed.

The roles are written by hand. A function that is added without a line here fails, as does a button that asks nobody.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

import prizewatch
from prizewatch import (
    accounts,
    brigading,
    erasure,
    erasure_requests,
    kin_files,
    kinship,
    later_names,
    moderation,
    notices,
    queue,
    replying,
    rulings,
    tickets,
)
from prizewatch.access import PERMISSIONS, Actor
from prizewatch.errors import NotAllowed, PrizewatchError
from prizewatch.importing import jobs
from prizewatch.moderation import Decision
from prizewatch.store import Register
from tests.conftest import NOW, ROOT, settings_for
from tests.sources import PACKAGE

BOTH, ADMIN = frozenset({"moderator", "admin"}), frozenset({"admin"})
#: Whoever is not of the desk has no role; `visitor` is a name for that.
WHO = ("visitor", "moderator", "admin")
#: What may be done, by hand, and by whom.
ROLES = {
    "desk.see": BOTH, "report.read": BOTH, "evidence.open": BOTH, "report.decide": BOTH, "organizer.name": BOTH,
    "organizer.merge": BOTH, "reply.decide": BOTH, "notice.decide": BOTH, "alarm.decide": BOTH, "casefile.make": BOTH,
    "import.run": ADMIN, "erase": ADMIN, "audit.read": ADMIN, "account.manage": ADMIN,
}  # fmt: skip

NONE = UUID(int=1)
Does = Callable[[Register, Actor], object]
#: Function -> who may call it, and a call about what is not there: who may is told so, who may not learns nothing.
DOORS: dict[str, tuple[frozenset[str], Does]] = {
    "accounts.add": (ADMIN, lambda r, a: accounts.add(r, a, "", "moderator", NOW)),
    "accounts.set_role": (ADMIN, lambda r, a: accounts.set_role(r, a, "nobody", "admin", NOW)),
    "accounts.set_passphrase": (ADMIN, lambda r, a: accounts.set_passphrase(r, a, "nobody", "long enough, too", NOW)),
    "accounts.set_subject": (ADMIN, lambda r, a: accounts.set_subject(r, a, "nobody", "sub", NOW)),
    "accounts.disable": (ADMIN, lambda r, a: accounts.disable(r, a, "nobody", NOW)),
    "accounts.enable": (ADMIN, lambda r, a: accounts.enable(r, a, "nobody", NOW)),
    "tickets.invite": (ADMIN, lambda r, a: tickets.invite(r, a, "nobody", NOW)),
    "brigading.decide": (BOTH, lambda r, a: brigading.decide(r, a, NONE, "reject", NOW)),
    "erasure.erase_dispute": (ADMIN, lambda r, a: erasure.erase_dispute(r, a, NONE, "legal_request", NOW)),
    "erasure.by_receipt": (ADMIN, lambda r, a: erasure.by_receipt(r, a, "K0K0K", "legal_request", NOW)),
    "erasure_requests.carry_out": (ADMIN, lambda r, a: erasure_requests.carry_out(r, a, NONE, NOW)),
    "erasure_requests.decline": (ADMIN, lambda r, a: erasure_requests.decline(r, a, NONE, "No.", NOW)),
    "importing.jobs.start": (ADMIN, lambda r, a: jobs.start(r, a, [], ("", b""), NOW, dry_run=True)),
    "kin_files.described": (BOTH, lambda r, a: kin_files.described(r, a, [NONE])),
    "kin_files.find": (BOTH, lambda r, a: kin_files.find(r, a, "shop")),
    "kin_files.reports_of": (BOTH, lambda r, a: kin_files.reports_of(r, a, NONE)),
    "kinship.merge": (BOTH, lambda r, a: kinship.merge(r, a, NONE, UUID(int=2), "other", "One.", uuid4(), NOW)),
    "kinship.split": (BOTH, lambda r, a: kinship.split(r, a, NONE, "mistake", "Two.", uuid4(), NOW)),
    "kin_files.kept_apart": (BOTH, lambda r, a: kin_files.kept_apart(r, a, NONE)),
    "kinship.keep_apart": (
        BOTH,
        lambda r, a: kinship.keep_apart(r, a, NONE, UUID(int=2), "other", "Two.", uuid4(), NOW),
    ),
    "kinship.move": (BOTH, lambda r, a: kinship.move(r, a, NONE, "Elsewhere.", uuid4(), NOW)),
    "later_names.of": (BOTH, lambda r, a: later_names.of(r, a, NONE)),
    "moderation.decide": (BOTH, lambda r, a: moderation.decide(r, a, a_decision("dispute", "hold"), NOW)),
    "moderation.decide_all": (BOTH, lambda r, a: moderation.decide_all(r, a, [a_decision("dispute", "hold")], NOW)),
    "moderation.confirm": (BOTH, lambda r, a: moderation.confirm(r, a, NONE, NOW)),
    "moderation.decline": (BOTH, lambda r, a: moderation.decline(r, a, NONE, "No.", NOW)),
    "moderation.undo": (BOTH, lambda r, a: moderation.undo(r, a, NONE, NOW)),
    "notices.case": (BOTH, lambda r, a: notices.case(r, a, NONE, NOW)),
    "notices.decide": (BOTH, lambda r, a: notices.decide(r, a, [NONE], "keep", "shown", "No.", [], uuid4(), NOW)),
    "queue.case": (BOTH, lambda r, a: queue.case(r, a, NONE, NOW)),
    "queue.briefs": (BOTH, lambda r, a: queue.briefs(r, a, [NONE], NOW)),
    "queue.organizer_case": (BOTH, lambda r, a: queue.organizer_case(r, a, NONE, NOW)),
    "replying.invite": (BOTH, lambda r, a: replying.invite(r, a, NONE, NOW)),
    "replying.revoke": (BOTH, lambda r, a: replying.revoke(r, a, NONE, NONE, NOW)),
    "replying.answers": (BOTH, lambda r, a: replying.answers(r, a)),
    "replying.decide": (BOTH, lambda r, a: replying.decide(r, a, NONE, "refuse", NOW)),
}
#: Functions with somebody in their hands that do nothing for them: the table itself, who is noted, whose queue it is.
#: Beside these: who begins a session has just proved who they are (`sessions`, `tickets`).
ASK_NOBODY = {"access.may", "access.require", "audit.note", "queue.waiting", "sessions.begin"}


def a_decision(kind: str, action: str) -> Decision:
    reason = rulings.RULES[kind][action].reasons[0]
    return Decision(uuid4(), kind, NONE, action, reason, "Why.", related_id=UUID(int=2))


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    path = tmp_path_factory.mktemp("doors") / "register.duckdb"
    with Register.open(path, settings_for(path), now=NOW) as opened:
        yield opened


def let_in(does: Does, register: Register, who: str) -> bool:
    """Whether somebody of this role gets past the door. What is said behind it does not matter here."""
    try:
        does(register, Actor("x", who))
    except NotAllowed:
        return False
    except (PrizewatchError, LookupError):
        pass
    return True


def test_the_roles_are_those_that_are_written_here() -> None:
    assert dict(PERMISSIONS) == ROLES


def acting() -> set[str]:
    """Every public function outside the screens that is given somebody to act for."""
    found = set()
    for module in pkgutil.walk_packages(prizewatch.__path__, "prizewatch."):
        name = module.name.removeprefix("prizewatch.")
        if name.startswith("ui"):
            continue
        for function, value in vars(importlib.import_module(module.name)).items():
            own = inspect.isfunction(value) and value.__module__ == module.name and not function.startswith("_")
            if own and any("Actor" in str(p.annotation) for p in inspect.signature(value).parameters.values()):
                found.add(f"{name}.{function}")
    return found


def test_every_function_that_acts_for_somebody_stands_in_the_table() -> None:
    assert acting() - ASK_NOBODY == set(DOORS)


def test_a_session_begins_only_where_somebody_has_just_proved_who_they_are() -> None:
    makers = {path.stem for path in PACKAGE if re.search(r"\bsessions( import|\.begin)\b", path.read_text("utf-8"))}
    assert makers == {"tickets"}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("door", DOORS)
def test_a_function_lets_in_whom_the_table_says(door: str, who: str, register: Register) -> None:
    allowed, does = DOORS[door]
    assert let_in(does, register, who) == (who in allowed)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(("kind", "action"), [(k, a) for k, rules in rulings.RULES.items() for a in rules])
def test_each_decision_is_taken_by_whom_its_rule_says(kind: str, action: str, who: str, register: Register) -> None:
    allowed = ROLES[rulings.RULES[kind][action].permission]
    one = a_decision(kind, action)
    assert let_in(lambda r, a: moderation.decide(r, a, one, NOW), register, who) == (who in allowed)


# ── buttons ────────────────────────────────────────────────────────────────────────────────────────────────────────

#: What a button may call without asking: it moves the reader, and neither reads nor writes the register.
MOVES = {"ui_decide.go", "go", "_to_invite", "st.login"}


def desk_rooms() -> set[Path]:
    """The files the pages of the desk are made of: whatever asks who is there, or is given them."""
    rooms = {path for path in (ROOT / "prizewatch").glob("ui*.py") if "ui_desk" in path.read_text("utf-8")}
    return rooms | set((ROOT / "pages").glob("desk*.py"))


def unguarded(source: str) -> list[str]:
    """Calls that a press sets off without asking who pressed."""
    tree = ast.parse(source)
    guards = {"ui_desk.guarded"} | {  # and what this file makes of it
        node.name for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return)
        and ast.unparse(node.body[-1]).startswith("return ui_desk.guarded(")
    }  # fmt: skip
    calls = [
        keyword.value for node in ast.walk(tree) if isinstance(node, ast.Call) for keyword in node.keywords
        if keyword.arg in ("on_click", "on_change") and not isinstance(keyword.value, ast.Constant)
    ]  # fmt: skip
    asks = [isinstance(call, ast.Call) and ast.unparse(call.func) in guards for call in calls]
    told = [ast.unparse(call) for call in calls]
    return [call for call, ok in zip(told, asks, strict=True) if not ok and call not in MOVES]


@pytest.mark.parametrize("room", sorted(desk_rooms()), ids=lambda path: path.stem)
def test_every_button_of_the_desk_asks_again_who_pressed(room: Path) -> None:
    assert unguarded(room.read_text("utf-8")) == []


def test_a_button_that_asks_nobody_would_be_found() -> None:
    assert unguarded("st.button('x', on_click=publish)\nst.button('y', on_click='ignore')") == ["publish"]
    assert unguarded("st.button('x', on_click=ui_desk.guarded('erase', publish))") == []
