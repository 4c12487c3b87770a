"""The demo register through the real door and the real marts: nothing rejected, the same for the same seed, and planted
cases end in the public state they should."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipelines import demo_pictures, demo_tables, demo_world
from pipelines.__main__ import main
from pipelines.check import check
from pipelines.demo import invent, make_demo
from pipelines.demo_names import handle
from pipelines.demo_text import moment_of_cut
from prizewatch import identity, intake, queries, vault
from prizewatch.errors import UnusableInput
from prizewatch.store import Kind, Register
from tests.conftest import NOW, settings_for

LOG = ("filing", "stage_event", "evidence", "organizer", "draw_count", "moderation", "reply")


def ask(register: Register, sql: str, values: Any = None) -> list[tuple[Any, ...]]:
    with register.read() as cur:
        return cur.execute(sql, values).fetchall()


def log_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """A fingerprint of every log table of a register."""
    with Register.open(path, settings_for(path), now=NOW) as register:
        return {t: ask(register, f"SELECT count(*), bit_xor(hash(t)) FROM log.{t} t") for t in LOG}


def planted(register: Register, number: int, former: bool = False) -> str:
    """The id of a planted organizer."""
    host = list(demo_world.PLANTED.values())[number][2]
    return str(identity.organizer_id(register.key, host, handle(number, former)))


def organizer(register: Register, number: int) -> dict[str, Any]:
    with register.read() as cur:
        frame = cur.execute("SELECT * FROM mart.organizer WHERE organizer_id = ?", [planted(register, number)]).df()
    assert len(frame) == 1
    return {str(k): v for k, v in frame.iloc[0].items()}


@pytest.mark.parametrize(("seed", "disputes"), [(1, 100), (2, 700), (5, 700), (2**40, 400)])
def test_nothing_is_rejected_and_all_fits_together_whatever_the_seed(seed: int, disputes: int, tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    receipt = make_demo(path, settings_for(path), disputes, seed=seed, now=NOW)
    assert receipt.errors == []
    assert (receipt.read, receipt.accepted, receipt.known, receipt.rejected) == (disputes, disputes, 0, 0)
    with Register.open(path, settings_for(path), now=NOW) as register:
        assert check(register, NOW) == []


def test_reports_that_wait_have_pictures_that_open_each_its_own(tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    make_demo(path, settings_for(path), 700, now=NOW)
    with Register.open(path, settings_for(path), now=NOW) as register:
        kept = [name for name, _ in vault.kept(register)]
        sql = """SELECT e.sha256, e.size_bytes FROM log.evidence e JOIN mart.dispute d USING (dispute_id)
                 WHERE e.media_type = 'image/png' AND d.moderation = 'pending'"""
        waiting = ask(register, sql)
        assert waiting
        pictured = ask(register, "SELECT sha256 FROM log.evidence WHERE media_type IS NOT NULL")
        assert sorted(kept) == sorted(sha256 for (sha256,) in pictured)
        for sha256, size in waiting:
            found = vault.on_file(register, sha256)
            assert found is not None
            assert (found.media_type, len(found.content)) == ("image/png", size)
            with Image.open(BytesIO(found.content)) as opened:
                opened.load()
                assert opened.size == (demo_pictures.WIDTH, demo_pictures.HEIGHT)
    drawn = demo_pictures.picture(1, 7, 0, win_page=True).sha256
    assert drawn == "c053098e8abed136e0a62aa0009fcb0e7a85c90191281ccd01df6ca371871ee0", "the same bytes on any machine"


@pytest.mark.slow
def test_nothing_of_a_large_demo_breaks_a_rule(register: Register) -> None:
    teller = invent(25_000, 12, register.settings.time_zone)[0]
    source = intake.Source("demo", trusted=True)
    receipt = intake.check(register, teller.chunk(0, 25_000), source, moment_of_cut(register.settings.time_zone))
    assert receipt.rejected_by_rule() == {}
    assert receipt.accepted == 25_000


def test_the_same_seed_gives_the_same_log_and_another_gives_another(tmp_path: Path) -> None:
    one, two, other = (tmp_path / f"{name}.duckdb" for name in ("one", "two", "other"))
    for path, seed in ((one, 1), (two, 1), (other, 2)):
        make_demo(path, settings_for(path), 300, seed=seed, now=NOW)
    first = log_of(one)
    assert all(rows[0][0] > 0 for rows in first.values())
    assert first == log_of(two)
    different = log_of(other)
    assert [t for t in LOG if first[t] == different[t]] == []


def test_ten_of_ten_is_pervasive_reviewed_and_named(demo: Register) -> None:
    found = organizer(demo, demo_world.TEN_OF_TEN)
    assert (found["level"], found["publication"], bool(found["named"]), bool(found["reviewed"])) == (
        "pervasive", "listed", True, True,
    )  # fmt: skip
    assert (found["draws_known"], found["disputed_draws"], found["k_ind"]) == (10, 10, 10)
    assert (found["resolved_full"], found["resolved_partial"], found["reply"]) == (0, 0, "unreachable")
    profile = queries.organizer(demo, str(found["public_code"]))
    assert profile is not None


def test_two_disputes_in_forty_draws_are_never_more_than_watch(demo: Register) -> None:
    found = organizer(demo, demo_world.FORTY_DRAWS)
    assert (found["level"], found["disputes"], found["draws_known"], found["disputed_draws"]) == ("watch", 2, 40, 2)
    assert found["disputed_draws"] / found["draws_known"] == 0.05
    assert found["reply"] == "accepts"


def test_a_renamed_organizer_keeps_its_record_under_both_names(demo: Register) -> None:
    found = organizer(demo, demo_world.RENAMED)
    assert (found["level"], found["k_ind"], found["disputes"]) == ("repeat", 4, 4)
    former = planted(demo, demo_world.RENAMED, former=True)
    assert ask(demo, "SELECT count(*) FROM log.filing WHERE organizer_id = ?", [former]) == [(2,)]
    assert ask(demo, "SELECT count(*) FROM mart.organizer WHERE organizer_id = ?", [former]) == [(0,)]
    names = ask(
        demo,
        "SELECT kind, count(*) FROM mart.organizer_name WHERE organizer_id = ? GROUP BY kind",
        [found["organizer_id"]],
    )
    assert dict(names) == {"name": 1, "former": 1, "handle": 2}


def test_a_borrowed_name_is_not_blamed(demo: Register) -> None:
    owner = planted(demo, demo_world.IMPERSONATED)
    assert ask(demo, "SELECT count(*) FROM mart.organizer WHERE organizer_id = ?", [owner]) == [(0,)]
    host = list(demo_world.PLANTED.values())[demo_world.IMPERSONATED][2]
    borrower = str(
        identity.organizer_id(demo.key, f"{host} impersonated", handle(demo_world.IMPERSONATED, former=False))
    )
    found = "SELECT level, publication, named, disputes, k_ind FROM mart.organizer WHERE organizer_id = ?"
    assert ask(demo, found, [borrower]) == [("none", "lookup", False, 0, 0)]
    where = "SELECT moderation, count(*) FROM mart.dispute WHERE organizer_id = ? GROUP BY 1"
    assert ask(demo, where, [borrower]) == [("hold_legal", demo_world.IMPERSONATED_REPORTS)]


def test_a_flood_by_a_few_people_is_held_and_moves_no_level(demo: Register) -> None:
    found = organizer(demo, demo_world.BRIGADED)
    assert (found["level"], found["publication"], found["disputes"]) == ("none", "lookup", 0)
    where = (
        "SELECT count(*), count(DISTINCT reporter_key), count(DISTINCT reported_on), min(moderation), max(moderation) "
    )
    flood = ask(demo, f"{where} FROM mart.dispute WHERE organizer_id = ?", [found["organizer_id"]])
    asked = ask(demo, "SELECT count(*) FROM log.filing")[0][0]
    assert flood == [
        (demo_world.brigade(round(asked * 0.96)), demo_world.BRIGADE_PEOPLE, 3, "hold_legal", "hold_legal")
    ]


def test_there_is_moderation_of_every_kind(demo: Register) -> None:
    states = dict(ask(demo, "SELECT moderation, count(*) FROM mart.dispute GROUP BY 1"))
    assert set(states) == {
        "published_masked", "published_named", "merged", "hold_legal", "rejected", "removed", "needs_info", "pending",
    }  # fmt: skip
    assert states["merged"] == round(sum(states.values()) * demo_tables.DUPLICATES)
    actions = {a for (a,) in ask(demo, "SELECT DISTINCT action FROM log.moderation")}
    assert actions >= {
        "publish_masked", "publish_named", "hold", "reject", "remove", "restore", "ask", "merge", "set_level", "review",
        "find_ineligible", "find_eligible", "name", "unname", "invite_reply",
    }  # fmt: skip
    assert {a for (a,) in ask(demo, "SELECT DISTINCT answer FROM log.reply")} == {
        "contests", "accepts", "says_resolved", "unreachable",
    }  # fmt: skip


def test_merged_reports_count_once(demo: Register) -> None:
    pairs = ask(
        demo,
        """SELECT d.in_base, d.draw_id = t.draw_id, d.reporter_key = t.reporter_key
           FROM log.moderation m JOIN mart.dispute d ON d.dispute_id = m.subject_id
           JOIN mart.dispute t ON t.dispute_id = m.related_id WHERE m.action = 'merge'""",
    )
    assert set(pairs) == {(False, True, False)}


def test_its_clocks_stand_and_nothing_happens_after_them(demo: Register) -> None:
    assert (demo.kind, demo.clock_on, demo.as_of(NOW)) == (Kind.DEMO, demo_tables.CUT, demo_tables.CUT)
    latest = """SELECT max(greatest(CAST(reported_at AS DATE), win_notice_on, claim_made_on, refused_on, gave_up_on,
        withdrawn_on, partial_accepted_on, draws_counted_on)) FROM log.filing"""
    events = "SELECT max(greatest(entered_on, closed_on, relief_on)) FROM log.stage_event"
    assert ask(demo, latest)[0][0] <= demo_tables.CUT
    assert ask(demo, events)[0][0] <= demo_tables.CUT
    assert {s for (s,) in ask(demo, "SELECT DISTINCT source FROM log.filing")} == {"demo"}


def test_no_name_of_a_person_is_kept_and_no_public_name_repeats(demo: Register) -> None:
    kept = "SELECT count(*) FROM log.organizer WHERE (handle IS NOT NULL OR display_name IS NOT NULL) AND "
    person = "organizer_type NOT IN ('official_account', 'creator') AND legal_nature IN ('natural_person', 'unknown')"
    assert ask(demo, kept + person) == [(0,)]
    names = ask(demo, "SELECT display_name, count(*) FROM mart.organizer WHERE display_name IS NOT NULL GROUP BY 1")
    assert len(names) > 200
    assert {n for _, n in names} == {1}


@pytest.fixture(scope="module")
def larger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """A demo as large as the one that is made by default."""
    path = tmp_path_factory.mktemp("larger") / "demo.duckdb"
    make_demo(path, settings_for(path), 5000, seed=7, now=NOW)
    with Register.open(path, settings_for(path), now=NOW) as register:
        yield register


@pytest.mark.slow
def test_the_shares_of_states_and_levels_are_as_assumed(larger: Register) -> None:
    total = ask(larger, "SELECT count(*) FROM mart.dispute")[0][0]
    states = {s: n / total for s, n in ask(larger, "SELECT status, count(*) FROM mart.dispute GROUP BY 1")}
    assert states["open"] == pytest.approx(0.18, abs=0.04)
    assert states["lost_to_followup"] == pytest.approx(0.25, abs=0.04)
    assert states["withdrawn"] == pytest.approx(0.03, abs=0.012)
    assert states["closed_ineligible"] == pytest.approx(0.04, abs=0.015)
    relief = ask(
        larger,
        """SELECT avg(CAST(status = 'resolved_full' AS INT)), avg(CAST(status = 'resolved_partial' AS INT))
           FROM mart.dispute d WHERE in_base AND EXISTS (
               FROM mart.dispute_stage s
               WHERE s.dispute_id = d.dispute_id AND s.decided AND s.stage <> 's1_self_check')""",
    )[0]
    assert relief[0] == pytest.approx(0.25, abs=0.05)
    assert relief[1] == pytest.approx(0.08, abs=0.03)


@pytest.mark.slow
def test_pages_have_something_to_show(larger: Register) -> None:
    levels = dict(ask(larger, "SELECT level, count(*) FROM mart.organizer WHERE publication = 'listed' GROUP BY 1"))
    assert 60 <= sum(levels.values()) <= 160
    assert levels["pervasive"] >= 3
    assert levels["repeat"] >= 10
    named = ask(larger, "SELECT count(*) FROM mart.organizer WHERE publication = 'listed' AND named")[0][0]
    assert named >= sum(levels.values()) / 3


@pytest.mark.slow
def test_individuals_pay_least_and_large_institutions_most(larger: Register) -> None:
    rates = dict(
        ask(
            larger,
            """SELECT c.analysis_group, sum(r.relief_full + r.relief_partial) / sum(r.decided) FROM mart.resolution r
               JOIN ref.code c ON c.list = 'organizer_type' AND c.code = r.organizer_type
               WHERE r.stage = 's2_organizer' GROUP BY 1""",
        )
    )
    assert rates["I"] < rates["O-small"] < rates["O-large"]
    assert rates["I"] < rates["A"] < rates["O-large"]


def test_a_register_that_is_there_is_never_overwritten(demo_path: Path) -> None:
    before = demo_path.stat()
    with pytest.raises(UnusableInput) as caught:
        make_demo(demo_path, settings_for(demo_path), 100, now=NOW)
    assert caught.value.key == "errors.file.exists"
    assert (before.st_mtime_ns, before.st_size) == (demo_path.stat().st_mtime_ns, demo_path.stat().st_size)


def test_too_few_disputes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput) as caught:
        make_demo(tmp_path / "demo.duckdb", settings_for(tmp_path), 10, now=NOW)
    assert caught.value.key == "errors.demo.too_few"
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_run_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(done: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "demo.duckdb"
    with pytest.raises(KeyboardInterrupt):
        make_demo(path, settings_for(path, SECRET_KEY=""), 100, now=NOW, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_the_key_lies_beside_the_register_and_outlives_it(tmp_path: Path) -> None:
    path, key = tmp_path / "demo.duckdb", tmp_path / "demo.duckdb.key"
    settings = settings_for(path, SECRET_KEY="")
    make_demo(path, settings, 100, now=NOW)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["demo.duckdb", "demo.duckdb.files", "demo.duckdb.key"]
    assert key.stat().st_mode & 0o077 == 0
    kept = key.read_bytes()
    path.unlink()
    make_demo(path, settings, 100, now=NOW)
    assert key.read_bytes() == kept
    with Register.open(path, settings, now=NOW) as register:
        assert register.version().as_of == demo_tables.CUT


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "demo.duckdb"
    environ = {"PRIZEWATCH_SECRET_KEY": "k" * 40}
    command = ["demo", "--database", str(path), "--disputes", "150", "--seed", "9"]
    assert main([*command, "--json"], environ, NOW) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["read"], said["accepted"], said["known"], said["rejected"], said["rejected_by_rule"]) == (
        150,
        150,
        0,
        0,
        {},
    )
    assert main(command, environ, NOW) == 2
    assert str(path) in capsys.readouterr().err
    shutil.copy(path, tmp_path / "kept.duckdb")
    path.unlink()
    assert main([*command, "--lang", "en"], environ, NOW) == 0
    words = capsys.readouterr().out
    assert "October 31, 2026" in words or "31 Oct" in words or "Oct 31, 2026" in words
    assert "150" in words
