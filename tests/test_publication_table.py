"""The publication rules of the model (3.7) as a table: kind of organizer x verification x level x surface.

One small register holds an organizer of every combination; a surface is one function: what it shows of an organizer.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any, NamedTuple

import pytest

from prizewatch import api_organizers, casefile, exports, previews, queries
from prizewatch.datasets import dataset
from prizewatch.i18n import language
from prizewatch.identity import organizer_id, public_code
from prizewatch.profile import OrganizerProfile
from prizewatch.store import Kind, Register
from prizewatch.vocabulary import analysis_group
from tests.conftest import NOW, settings_for
from tests.log_by_hand import decision, draw_count, evidence, filing, organizer, put, uid

DAY = date(2026, 9, 1)
#: Kind of organizer: type, legal nature.
KINDS = {
    "company": ("online_shop", "company"),
    "public body": ("other_institution", "public_body"),
    "sole proprietor": ("factory_shop", "sole_proprietor"),
    "registered micro-seller": ("micro_seller", "sole_proprietor"),
    "account of a company": ("official_account", "company"),
    "account of a person": ("creator", "natural_person"),
    "account of nobody knows whom": ("official_account", "unknown"),
    "individual": ("individual", "natural_person"),
    "individual said to be a company": ("individual", "company"),
    "micro-seller": ("micro_seller", "natural_person"),
    "daigou": ("daigou", "natural_person"),
    "shop of nobody knows whom": ("online_shop", "unknown"),
    "platform of nobody knows whom": ("platform_self", "unknown"),
}
LEVELS_OF_PROOF = ("V0", "V1", "V2")
Key = tuple[str, str, str]  # kind, proof, case
Row = dict[str, Any]


class Case(NamedTuple):
    """How much is on file: draws, each by a person of its own; looked at by a moderator or not; draws known."""

    draws: int
    reviewed: bool = False
    known: int = 0


CASES = {
    "none": Case(1, True),
    "watch": Case(2),
    "three not reviewed": Case(3),
    "repeat": Case(3, True),
    "pervasive": Case(3, True, 6),
}


class Seen(NamedTuple):
    """What a surface shows: is it there, under which name (None: coded), at which level."""

    there: bool
    name: str | None = None
    level: str | None = None


def group(kind: str) -> str:
    """The column of the model's table."""
    of, nature = KINDS[kind]
    if analysis_group(of) == "I":
        return "person"
    if nature in ("company", "public_body", "sole_proprietor"):
        return "business"
    return "account" if analysis_group(of) == "A" else "person"


def expected(kind: str, proof: str, case: str) -> Seen:
    """The model's table. The name is one a moderator decided to show."""
    draws, reviewed, known = CASES[case]
    counts = draws if proof >= "V2" else 0  # below both proofs nothing moves a level or a name
    level = "watch" if counts >= 2 else "none"
    if counts >= 3 and reviewed:
        level = "pervasive" if known else "repeat"
    browsable = {"business": level != "none", "account": level in ("repeat", "pervasive"), "person": False}
    if not browsable[group(kind)]:
        return Seen(False)
    return Seen(True, name(kind, proof, case), level)


def coded(seen: Seen, kind: str) -> Seen:
    """Files that leave: accounts that no company runs are coded."""
    return seen if group(kind) == "business" else seen._replace(name=None)


def handle(kind: str, proof: str, case: str) -> str:
    return f"gh {kind} {proof} {case}"


_numbers = {key: n for n, key in enumerate(product(KINDS, LEVELS_OF_PROOF, CASES))}


def name(kind: str, proof: str, case: str) -> str:
    return f"Canary{_numbers[kind, proof, case]:03d}x"


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    where = settings_for(tmp_path_factory.mktemp("table") / "r.duckdb", LOOKUPS_PER_10_MIN="0")
    with Register.open(None, where, kind=Kind.DEMO, clock_on=NOW.date(), now=NOW) as opened:
        batch: dict[str, list[dict[str, object]]] = {
            t: [] for t in ("filing", "evidence", "organizer", "moderation", "draw_count")
        }
        for kind, proof, case in product(KINDS, LEVELS_OF_PROOF, CASES):
            one = organizer_id(opened.key, "wechat", handle(kind, proof, case))
            of, nature = KINDS[kind]
            traits = {"organizer_type": of, "legal_nature": nature, "host_platform": "wechat"}
            batch["organizer"].append(organizer(one, display_name=name(kind, proof, case), seen_on=DAY, **traits))
            for n in range(CASES[case].draws):
                report = uid(kind, proof, case, n)
                at = NOW - timedelta(days=40 + n)
                batch["filing"].append(filing(
                    report, organizer_id=one, draw_id=uid("draw", report), reporter_key=f"r {report}", reported_at=at,
                    consent_case_file=True, claim_made_on=DAY, win_notice_on=DAY,
                    draw_time=at - timedelta(days=3), **traits,
                ))  # fmt: skip
                shown = {"V0": (), "V1": ("win_page",)}.get(proof, ("win_page", "chat_refusal"))
                batch["evidence"] += [evidence(report, what) for what in shown]
            batch["moderation"].append(decision(one, "name", kind="organizer"))
            if CASES[case].reviewed:
                batch["moderation"].append(decision(one, "review", kind="organizer"))
            if CASES[case].known:
                batch["draw_count"].append(draw_count(one, CASES[case].known, NOW.date()))
        put(opened, **batch)
        yield opened


def code(register: Register, key: Key) -> str:
    return public_code(organizer_id(register.key, "wechat", handle(*key)))


def text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


# ── surfaces: what each shows of an organizer ─────────────────────────────────────────────────────────────────────


@cache
def _profile(register: Register, code_: str) -> OrganizerProfile | None:
    return queries.organizer(register, code_)


@cache
def _table(register: Register, which: str) -> dict[str, Row]:
    """Rows of a whole table by public code."""
    if which == "browse":
        rows = queries.search_organizers(register, size=1000).frame.to_dict("records")
    elif which == "levels":
        rows = queries.repeat_organizers(register).to_dict("records")
    elif which == "api":
        body = api_organizers.found(register, ("", (), (), (), 0, 1000, "last_report"))
        rows = json.loads(body.plain)["organizers"]
    else:
        made = exports.csv_bytes(dataset(register, which)).decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(made)))
    return {str(row["public_code"]): row for row in rows}


def _listed(register: Register, which: str, key: Key) -> Seen:
    return _row(_table(register, which).get(code(register, key)))


def page(register: Register, key: Key) -> Seen:
    found = _profile(register, code(register, key))
    return Seen(True, found.name, found.level) if found else Seen(False)


def browse(register: Register, key: Key) -> Seen:
    return _listed(register, "browse", key)


def levels(register: Register, key: Key) -> Seen:
    return _listed(register, "levels", key)


def csv_file(register: Register, key: Key) -> Seen:
    return _listed(register, "organizers", key)


def csv_of_levels(register: Register, key: Key) -> Seen:
    return _listed(register, "repeat_organizers", key)


def api_list(register: Register, key: Key) -> Seen:
    return _listed(register, "api", key)


def api_one(register: Register, key: Key) -> Seen:
    body = api_organizers.profile(register, code(register, key))
    return _row(json.loads(body.plain) if body else None)


def search_by_code(register: Register, key: Key) -> Seen:
    frame = queries.search_organizers(register, code(register, key)).frame
    return _row(next((r for r in frame.to_dict("records") if r["public_code"] == code(register, key)), None))


def search_by_name(register: Register, key: Key) -> Seen:
    frame = queries.search_organizers(register, name(*key)).frame
    return _row(next((r for r in frame.to_dict("records") if r["name"] == name(*key)), None))


def link_preview(register: Register, key: Key) -> Seen:
    given = {"id": code(register, key)}
    head = previews.head(register, language("en"), "organizer", given, "https://x", lambda c: _profile(register, c))
    told = name(*key) in repr(head)
    return Seen(told, name(*key) if told else None)


def _row(row: Row | None) -> Seen:
    return Seen(True, text(row["name"]), text(row["level"])) if row else Seen(False)


Surface = Callable[[Register, Key], Seen]
#: Surfaces on which a name may stand where the model shows one, and those that leave, where some accounts are coded.
SHOWN: tuple[Surface, ...] = (page, browse, levels, api_list, api_one)
LEAVE: tuple[Surface, ...] = (csv_file, csv_of_levels)


@pytest.mark.parametrize("surface", [*SHOWN, *LEAVE], ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_who_is_shown_where_and_how(register: Register, kind: str, surface: Surface) -> None:
    for proof, case in product(LEVELS_OF_PROOF, CASES):
        wanted = expected(kind, proof, case)
        if surface in LEAVE:
            wanted = coded(wanted, kind)
        assert surface(register, (kind, proof, case)) == wanted, (proof, case)


@pytest.mark.parametrize("kind", KINDS)
def test_a_code_is_found_only_where_it_is_shown(register: Register, kind: str) -> None:
    for proof, case in (*product(("V2",), CASES), ("V1", "pervasive")):
        assert search_by_code(register, (kind, proof, case)) == expected(kind, proof, case), (proof, case)


@pytest.mark.parametrize("surface", [search_by_name, link_preview], ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_a_name_is_found_only_where_it_is_shown(register: Register, kind: str, surface: Surface) -> None:
    for proof, case in (*product(("V2",), CASES), ("V1", "pervasive")):
        wanted = expected(kind, proof, case)
        found = surface(register, (kind, proof, case))
        assert (found.there, found.name) == (wanted.there, wanted.name), (proof, case)


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_file_is_made_of_whom_a_level_is_shown(register: Register, kind: str) -> None:
    """From `repeat` on, of people who agreed to it; all have here."""
    for proof, case in product(LEVELS_OF_PROOF, CASES):
        wanted = expected(kind, proof, case).level in ("repeat", "pervasive")
        one = organizer_id(register.key, "wechat", handle(kind, proof, case))
        assert bool(casefile.reachable(register, one)) == wanted, (proof, case)


@pytest.mark.parametrize("kind", KINDS)
def test_the_exact_look_up_says_yes_from_two_people_on_and_nothing_else(register: Register, kind: str) -> None:
    for proof, case in product(LEVELS_OF_PROOF, CASES):
        people = CASES[case].draws
        enough = people >= 2 and (proof >= "V2" or analysis_group(KINDS[kind][0]) != "I")
        said = queries.lookup_handle(register, handle(kind, proof, case), "wechat", NOW, "somebody")
        assert said == ("reports_exist" if enough else "nothing_to_say"), (proof, case)


def test_every_column_of_the_model_has_kinds_and_every_answer_occurs() -> None:
    """A table of nothing but no would prove little."""
    assert {group(kind) for kind in KINDS} == {"business", "account", "person"}
    seen = {(group(k), expected(k, p, c).level) for k, p, c in product(KINDS, LEVELS_OF_PROOF, CASES)}
    assert seen == {
        ("business", None), ("business", "watch"), ("business", "repeat"), ("business", "pervasive"),
        ("account", None), ("account", "repeat"), ("account", "pervasive"), ("person", None),
    }  # fmt: skip
