"""Canaries: words planted where nobody but the register may read them, and a search for them in all that leaves it.

`canaries.py` plants them through the only door; queries, files and log lines are read.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from prizewatch import queries
from prizewatch.store import Register
from tests.canaries import AMOUNTS, WORDS, plant, spellings
from tests.conftest import settings_for
from tests.handed_out import handed_out
from tests.intake_rows_by_hand import NOW


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Register, str]]:
    """A register of canaries, and everything that was logged while it was made."""
    lines: list[str] = []
    listener = logging.Handler()
    listener.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(listener)
    path: Path = tmp_path_factory.mktemp("canaries") / "register.duckdb"
    with Register.open(None, settings_for(path), now=NOW) as register:
        receipt = plant(register)
        yield register, "\n".join([*lines, repr(receipt)])
    logging.getLogger().removeHandler(listener)


def told(register: Register) -> dict[str, str]:
    """Everything the queries and files say, as text."""
    said: dict[str, str] = {
        name: content.decode("utf-8", "replace") for name, content in handed_out(register, NOW).items()
    }
    frames = {
        "monthly": queries.monthly(register),
        **{f"monthly {group}": queries.monthly(register, group) for group in ("I", "A", "O-large")},
        **{f"resolution {by}": queries.resolution(register, by) for by in ("group", "type")},  # type: ignore[arg-type]
        **{f"reasons {by}": queries.reasons(register, by) for by in ("group", "type")},  # type: ignore[arg-type]
        "repeat": queries.repeat_organizers(register),
        "search": queries.search_organizers(register, size=1000).frame,
    }
    for name, frame in frames.items():
        said[name] = frame.to_csv()
    for code in frames["search"]["public_code"]:
        profile = queries.organizer(register, code)
        for field in dataclasses.fields(profile):
            value = getattr(profile, field.name)
            said[f"profile {code} {field.name}"] = value.to_csv() if isinstance(value, pd.DataFrame) else repr(value)
    said["overview"] = repr(queries.overview(register))
    said["rules"] = repr(queries.rules_tables(register))
    return said


def test_no_canary_is_in_any_frame_or_file(canaries: tuple[Register, str]) -> None:
    said = told(canaries[0])
    assert any("Visible Shop" in text for text in said.values()), (
        "the named organizer must be there, or this proves nothing"
    )
    for where, text in said.items():
        assert "canary" not in text.casefold(), where
        assert WORDS["network"] not in text, where
        assert [name for name, amount in AMOUNTS.items() for way in spellings(amount) if way in text] == [], where


def test_no_canary_is_in_any_log_line_or_receipt(canaries: tuple[Register, str]) -> None:
    assert "canary" not in canaries[1].casefold()
    assert [name for name, amount in AMOUNTS.items() for way in spellings(amount) if way in canaries[1]] == []


def test_no_key_of_a_person_leaves(canaries: tuple[Register, str]) -> None:
    register = canaries[0]
    with register.read() as cur:
        keys = cur.execute(
            "SELECT DISTINCT unnest([reporter_key, network_key, CAST(dispute_id AS VARCHAR), CAST(draw_id AS VARCHAR)])"
            " FROM log.filing"
        ).fetchall()
    everything = "\n".join(told(register).values())
    assert len(keys) > 50
    for (key,) in keys:
        assert key is None or key not in everything


def test_only_published_disputes_are_counted(canaries: tuple[Register, str]) -> None:
    """named 6, sealed 1, pressed to withdraw 1, masked 4, once 1, person 4; none pending, asked about, rejected,
    removed, held, merged or withdrawn.
    """
    assert queries.overview(canaries[0]).disputes == 17


def test_only_the_named_and_the_masked_organizer_are_listed(canaries: tuple[Register, str]) -> None:
    frame = queries.search_organizers(canaries[0]).frame
    assert len(frame) == 2
    assert frame["name"].dropna().tolist() == ["Visible Shop"]
    assert "individual" not in set(frame["organizer_type"])


@pytest.mark.parametrize(
    "words",
    ["Canary", "canary_person_handle", "Canary Masked Ltd", "canary_masked_handle", "Canary Rich", "canaryr", "kanary"],
)
def test_search_finds_no_canary(canaries: tuple[Register, str], words: str) -> None:
    assert queries.search_organizers(canaries[0], words).total == 0


def test_the_exact_handle_answer_says_yes_for_two_people_and_else_one_and_the_same(
    canaries: tuple[Register, str],
) -> None:
    def ask(handle: str, network: str) -> str:
        return str(queries.lookup_handle(canaries[0], handle, "wechat", NOW, network))

    assert (
        ask("canary_person_handle", "a")
        == ask("canary_masked_handle", "a")
        == ask("gh_namedshop", "a")
        == "reports_exist"
    )
    kinds = ("once", "rich", "reject", "remove", "hold", "merge", "ask", "gone")
    answers = {ask(f"canary_{kind}_handle", kind) for kind in kinds}
    assert answers == {ask("nobody_ever_reported_this", "b")} == {"nothing_to_say"}
