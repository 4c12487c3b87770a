"""Disclosure by attack on what is handed out: all files of a release, and two releases with ten new reports between
them, read side by side by somebody who does the sums (`reader`).
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from prizewatch import apart, past, releases
from prizewatch.datasets import cross_tables
from prizewatch.intake import accept
from prizewatch.store import Register
from tests.conftest import NOW, settings_for
from tests.intake_rows_by_hand import IMPORT, S1, Rows, attempt
from tests.log_by_hand import decision, put
from tests.reader import Reader, grown, read

KINDS = {
    "online_shop": "company", "brand_company": "company", "creator": "natural_person", "individual": "natural_person",
    "micro_seller": "natural_person",
}  # fmt: skip
TOOLS = ("choujiang_zhushou", "weibo_lottery", "douyin_fudai")
REASONS = ("unstated_condition", "not_shipped", "declared_void")
WAYS = (
    [], [], [("s2_organizer", "refused")], [("s2_organizer", "relief_full")], [("s2_organizer", "relief_partial")],
    [("s2_organizer", "refused"), ("s3_lottery_platform", "rejected")],
    [("s2_organizer", "refused"), ("s3_lottery_platform", "relief_full")],
)  # fmt: skip


def file(register: Register, chance: random.Random, names: range) -> None:
    """Reports at random: of some kinds of organizer, tools, reasons, months and ways."""
    rows = Rows()
    for n in names:
        kind, month, way = chance.choice(list(KINDS)), chance.choice((6, 7, 8)), chance.choice(WAYS)
        handle = f"gh_{kind}_{chance.randint(1, 9)}"
        change = {
            "organizer_type": kind, "legal_nature": KINDS[kind], "organizer_handle": handle,
            "organizer_display": f"The shop {handle}", "draw_ref": f"draw {n}",
            "lottery_tool": chance.choice(TOOLS), "dispute_reason": chance.choice(REASONS),
            "reported_at": f"2026-{month + 1:02}-{chance.randint(1, 28):02} 04:00:00",
        }  # fmt: skip
        if way and way[-1][1].startswith("relief"):
            change["credited_stage"] = way[-1][0]
        events = [attempt(stage, outcome, f"2026-06-{10 + i:02}") for i, (stage, outcome) in enumerate(way)]
        proof = [{"kind": kind, "form": "screenshot"} for kind in ("win_page", "chat_refusal")]
        rows.add(f"r{n}", change, events=[S1, *events], evidence=proof)
    receipt = accept(register, rows.batch(), IMPORT, NOW)
    assert not receipt.errors, {(p.field, p.code) for p in receipt.errors}


def told(*made: releases.Release) -> Reader:
    """A reader of these releases, of which the later holds what the earlier held."""
    reader = Reader()
    for release in made:
        read(reader, str(release.number), release.folder)
    if len(made) == 2:
        grown(reader, *(str(release.number) for release in made))
    return reader


@pytest.fixture(params=[(31, 1), (45, 2), (90, 7), (120, 3)], ids=lambda of: f"{of[0]} reports")
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[releases.Release]]:
    """Two releases of a register, ten reports apart."""
    size, seed = request.param
    chance = random.Random(seed)
    with Register.open(None, settings_for(tmp_path / "register.duckdb"), now=NOW) as register:
        file(register, chance, range(size))
        first = releases.make(register, NOW)
        file(register, chance, range(size, size + 10))
        cross_tables(register)  # somebody has looked at the pages meanwhile
        second = releases.make(register, NOW + timedelta(days=1))
        assert (first.number, second.number) == (1, 2)
        pages, kept = cross_tables(register), past.of(register)
        assert kept
        assert {n: pages[n].marks for n in pages} == {n: kept.tables[n].marks for n in pages}, (
            "pages hide what files hide"
        )
        yield [first, second]


def test_no_hidden_number_of_a_small_register_can_be_worked_out(two: list[releases.Release]) -> None:
    for made in ([two[0]], [two[1]], two):
        reader = told(*made)
        assert len(reader.hidden) > 100, "there must be something to hide"
        assert [found for found in reader.narrowed() if not unmoved(reader, *found)] == []


def rates(release: releases.Release, name: str) -> set[tuple[str, ...]]:
    """The rows of a file, by their codes, that have a rate."""
    rows = releases.rows(release, name, 0, 10_000)
    codes = list(rows[0])[: list(rows[0]).index("reached")]
    return {tuple(str(row[code]) for code in codes) for row in rows if row["rate"] is not None}


def unmoved(reader: Reader, key: tuple[str, ...], mark: str, least: float, most: float) -> bool:
    """Whether the other release shows this number openly, and nobody can tell that it is another one now."""
    other = ("2" if key[0] == "1" else "1", *key[1:])
    if mark == "<5" or other not in reader.at or other in reader.hidden:
        return False
    cell = reader.at[other]
    return reader.low[cell] == reader.high[cell] and least - 1e-6 <= reader.low[cell] <= most + 1e-6


def test_no_hidden_number_of_the_demo_can_be_worked_out(demo: Register) -> None:
    reader = told(releases.current(demo, NOW))
    assert len(reader.hidden) > 300
    assert any(key[0] == "listed" for key in reader.at), "organizers tell of their type and group"
    assert reader.narrowed() == []


def test_a_release_waits_if_no_hiding_helps(
    register: Register, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No register is known where that is so: here nothing more may be hidden."""
    caplog.set_level("INFO", "prizewatch.releases")
    chance = random.Random(4)
    file(register, chance, range(60))
    with register.read() as cur:
        found = cur.execute("SELECT min(organizer_id) FROM mart.organizer WHERE publication = 'listed'").fetchone()
    assert found is not None
    put(register, moderation=[decision(found[0], "name", kind="organizer")])
    first = releases.make(register, NOW)
    assert first.names
    file(register, chance, range(60, 70))
    with monkeypatch.context() as patched:
        patched.setattr(apart, "ROUNDS", 0)
        for day in (1, 1, 2):  # nothing has come since: it is not tried again
            assert releases.make(register, NOW + timedelta(days=day)) == first
        assert len(caplog.records) == 1
        put(register, moderation=[decision(found[0], "unname", kind="organizer")])
        made = releases.make(register, NOW + timedelta(days=2))
        assert (made.number, releases.all(register)) == (2, [made]), "a name that is taken back does not wait"
    file(register, chance, range(70, 80))
    assert releases.make(register, NOW + timedelta(days=3)).number == 3


def test_two_releases_of_the_demo_tell_nothing_when_compared(demo_path: Path, tmp_path: Path) -> None:
    """Its tables hang together in blocks of thousands of cells, of which a release looks at every one."""
    path = Path(shutil.copy(demo_path, tmp_path / "demo.duckdb"))
    with Register.open(path, settings_for(path), now=NOW) as register:
        first = releases.make(register, NOW)
        file(register, random.Random(5), range(9000, 9010))
        second = releases.make(register, NOW + timedelta(days=1))
    assert second.number == 2
    reader = told(first, second)
    assert sum(key[0] == "2" for key in reader.hidden) > 1500
    for name, before, now in (("resolution_by_type_and_stage", 8, 5), ("resolution_by_tool", 6, 5)):
        assert len(rates(first, name)) >= before, name
        assert len(rates(first, name) & rates(second, name)) >= now, f"{name} stays of use"
    assert [found for found in reader.narrowed() if not unmoved(reader, *found)] == []
