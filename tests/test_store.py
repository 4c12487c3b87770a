"""The register's file: one process, one writer, durable when acknowledged, its key beside it, its form by number."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from prizewatch import settings as settings_module
from prizewatch.errors import KeyMissing, RegisterBusy, UnusableInput
from prizewatch.i18n import LANGUAGES, language
from prizewatch.store import DataVersion, Kind, Register, append, next_commit
from tests.conftest import NOW, ROOT, settings_for
from tests.log_by_hand import event, everything, filing, put, put_rows, rows_of, uid


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "register.duckdb"


def opened(path: Path, **more) -> Register:
    return Register.open(path, settings_for(path), now=NOW, **more)


def keyless(path: Path) -> settings_module.Settings:
    return settings_module.read({"PRIZEWATCH_DATABASE": str(path)})


def disputes(register: Register) -> int:
    return rows_of(register, "SELECT count(*) AS n FROM mart.dispute")[0]["n"]


def test_a_register_is_kept(path: Path) -> None:
    with opened(path, kind=Kind.DEMO, clock_on=date(2026, 10, 31), title="Demo") as register:
        put(register, filing=[filing(uid(1))])
        assert register.version() == DataVersion(1, date(2026, 10, 31))
        before = everything(register)
    with opened(path) as register:
        assert (register.kind, register.clock_on, str(register.version())) == (
            Kind.DEMO,
            date(2026, 10, 31),
            "1-2026-10-31",
        )
        assert everything(register) == before


def test_the_day_changes_at_midnight_in_the_registers_zone(register: Register) -> None:
    assert register.as_of(datetime(2026, 11, 25, 15, 59)) == date(2026, 11, 25)
    assert register.as_of(datetime(2026, 11, 25, 16, 0)) == date(2026, 11, 26)
    put(register, filing=[filing(uid(1), reported_at=datetime(2026, 11, 20))])
    assert register.advance(datetime(2026, 11, 25, 16, 0)).as_of == date(2026, 11, 26)


def test_a_commit_on_a_new_day_moves_the_clock_of_a_live_register(register: Register) -> None:
    later = datetime(2027, 5, 1)
    put(register, filing=[filing(uid(1), reported_at=datetime(2026, 11, 20))])

    def handler(cur, items):
        append(cur, "filing", rows(uid(2), next_commit(cur, "test", later)))
        return items

    register.write(handler, None)
    assert register.version() == DataVersion(2, date(2027, 5, 1))
    assert {r["status"] for r in rows_of(register, "SELECT status FROM mart.dispute")} == {"lost_to_followup"}


def rows(dispute, commit: int):
    from tests.log_by_hand import _arrow

    return _arrow([filing(dispute)]).append_column("commit_no", [[commit]])


def test_only_one_process_holds_a_register(path: Path) -> None:
    with opened(path):
        with pytest.raises(RegisterBusy):
            opened(path)
        code = (
            "import sys\n"
            "from tests.conftest import NOW, settings_for\n"
            "from pathlib import Path\nfrom prizewatch.store import Register\n"
            "from prizewatch.errors import RegisterBusy\n"
            "path = Path(sys.argv[1])\n"
            "try:\n    Register.open(path, settings_for(path), now=NOW)\n"
            "except RegisterBusy as error:\n    sys.exit(error.exit_code)\n"
        )
        done = subprocess.run([sys.executable, "-c", code, str(path)], cwd=ROOT, check=False, timeout=120)
        assert done.returncode == 3
    opened(path).close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be looked at" * 200, b"x"])
def test_a_file_that_is_no_register_is_left_alone(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UnusableInput):
        opened(path)
    assert path.read_bytes() == content


def test_somebody_elses_database_is_left_alone(path: Path) -> None:
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE mine (a INT)")
    with pytest.raises(UnusableInput, match="foreign"):
        opened(path)
    with duckdb.connect(str(path)) as other:
        assert [r[0] for r in other.execute("SELECT table_name FROM duckdb_tables()").fetchall()] == ["mine"]


def test_a_register_stays_of_its_kind(path: Path) -> None:
    opened(path, kind=Kind.REFERENCE).close()
    with pytest.raises(UnusableInput, match="kind"):
        opened(path, kind=Kind.LIVE)


def test_a_bad_item_fails_alone(register: Register) -> None:
    """A group that is sure to be one: the writer is held while the others queue up."""
    gate, sizes = threading.Event(), []

    def hold(cur, items):
        gate.wait(30)
        return items

    def handler(cur, items):
        sizes.append(len(items))
        return put_rows(cur, items)

    bad = filing(uid("bad"))
    bad["organizer_id"] = None  # NOT NULL in the log
    batches = [{"filing": [filing(uid(n))]} for n in range(4)] + [{"filing": [bad]}]
    answers: dict[int, object] = {}

    def run(at: int, work, item) -> None:
        try:
            answers[at] = register.write(work, item)
        except duckdb.Error as error:
            answers[at] = error

    threads = [threading.Thread(target=run, args=(-1, hold, None))]
    threads[0].start()
    time.sleep(0.1)
    for at, batch in enumerate(batches):
        threads.append(threading.Thread(target=run, args=(at, handler, batch)))
        threads[-1].start()
    time.sleep(0.3)
    gate.set()
    for thread in threads:
        thread.join(30)
    assert sizes == [5, 1, 1, 1, 1, 1]
    assert isinstance(answers[4], duckdb.ConstraintException)
    assert sorted(answers[n] for n in range(4)) == [1, 2, 3, 4]
    assert disputes(register) == 4


def test_waiting_items_share_a_transaction_and_none_is_lost(register: Register) -> None:
    groups = []

    def handler(cur, items):
        groups.append(len(items))
        return put_rows(cur, items)

    threads = [threading.Thread(target=register.write, args=(handler, {"filing": [filing(uid(n))]})) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sum(groups) == 24
    assert len(groups) < 24
    assert (disputes(register), register.version().commit_no) == (24, 24)


def test_a_failed_write_leaves_nothing(register: Register) -> None:
    before = everything(register)

    def handler(cur, items):
        put_rows(cur, items)
        raise ArithmeticError("after writing")

    with pytest.raises(ArithmeticError):
        register.write(handler, {"filing": [filing(uid(1))]})
    assert everything(register) == before
    assert rows_of(register, "SELECT * FROM log.filing") == []
    put(register, filing=[filing(uid(1))])
    assert disputes(register) == 1


def test_a_handler_must_answer_every_item(register: Register) -> None:
    with pytest.raises(RuntimeError, match="0 answers to 1"):
        register.write(lambda cur, items: [], "item")


def test_a_closed_register_takes_nothing(settings) -> None:
    register = Register.open(None, settings, now=NOW)
    register.close()
    register.close()
    with pytest.raises(RuntimeError, match="closed"):
        put(register, filing=[])


def test_readers_see_whole_commits_only(register: Register) -> None:
    """While one thread writes pairs, another never sees a mart that disagrees with its dispute table."""
    stop, wrong = threading.Event(), []

    def look() -> None:
        sql = """SELECT (SELECT count(*) FROM mart.dispute) AS a,
        (SELECT coalesce(sum(disputes), 0)::BIGINT FROM mart.month) AS b"""
        while not stop.is_set():
            row = rows_of(register, sql)[0]
            if row["a"] != row["b"] or row["a"] % 2:
                wrong.append(row)

    thread = threading.Thread(target=look)
    thread.start()
    for n in range(12):
        put(register, filing=[filing(uid(n, 0)), filing(uid(n, 1))])
    stop.set()
    thread.join(30)
    assert wrong == []
    assert disputes(register) == 24


WRITER = """
import os, sys
from pathlib import Path
from tests.conftest import NOW, settings_for
from tests.log_by_hand import filing, event, both_proofs, uid, put_rows
from prizewatch import writer
from prizewatch.store import Register
path, when = Path(sys.argv[1]), sys.argv[2]
register = Register.open(path, settings_for(path), now=NOW)
def handler(cur, items):
    if when == "before" and items[0]["filing"][0]["reporter_key"] == "last":
        put_rows(cur, items)
        print("inside", flush=True)
        sys.stdin.read()
    return put_rows(cur, items)
for n in range(40):
    last = n == 39
    d = uid("killed", n)
    batch = {"filing": [filing(d, reporter_key="last" if last else str(n))],
             "stage_event": [event(d, 1, "s2", "refused")], "evidence": both_proofs(d)}
    register.write(handler, batch)
    print(n, flush=True)
print("inside", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(("when", "kept"), [("before", 39), ("after", 40)])
def test_killed_before_or_after_the_commit(path: Path, when: str, kept: int) -> None:
    """What was acknowledged is there after kill -9, what was not is not, and the marts are right at once."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), when],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    acknowledged = 0
    for line in process.stdout:
        if line.strip() == "inside":
            break
        acknowledged += 1
    os.kill(process.pid, signal.SIGKILL)
    process.wait(30)
    process.stdout.close()
    process.stdin.close()
    assert acknowledged == kept
    with opened(path) as register:
        assert (disputes(register), register.version().commit_no) == (kept, kept)
        found = everything(register)
        register.rebuild(NOW)
        assert everything(register) == found


def test_the_key_is_made_once_and_only_the_owner_reads_it(path: Path) -> None:
    with Register.open(path, keyless(path), now=NOW) as register:
        key = register.key
    file = path.with_name("register.duckdb.key")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key) == 32
    with Register.open(path, keyless(path), now=NOW) as register:
        assert register.key == key
        put(register, filing=[filing(uid(1))])
    assert key not in path.read_bytes()
    assert key.hex().encode() not in path.read_bytes()


def test_a_lost_key_is_never_replaced_while_there_are_reports(path: Path) -> None:
    with Register.open(path, keyless(path), now=NOW) as register:
        put(register, filing=[filing(uid(1))])
    file = path.with_name("register.duckdb.key")
    words = file.read_text()
    file.unlink()
    with pytest.raises(KeyMissing):
        Register.open(path, keyless(path), now=NOW)
    assert not file.exists()
    file.write_text("00" * 32)
    with pytest.raises(KeyMissing, match="wrong"):
        Register.open(path, keyless(path), now=NOW)
    file.write_text(words)
    Register.open(path, keyless(path), now=NOW).close()


def test_a_lost_key_of_an_empty_register_is_made_anew(path: Path) -> None:
    Register.open(path, keyless(path), now=NOW).close()
    key = path.with_name("register.duckdb.key")
    lost = key.read_bytes()
    key.unlink()
    Register.open(path, keyless(path), now=NOW).close()
    assert key.read_bytes() != lost


def test_sql_of_the_app_reaches_no_other_file(register: Register, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n")
    with register.read() as cur, pytest.raises(duckdb.PermissionException):
        cur.execute("SELECT * FROM read_csv(?)", [str(tmp_path / "secret.csv")])


def test_old_marts_are_made_anew_when_the_program_counts_differently(path: Path) -> None:
    with opened(path) as register:
        put(register, filing=[filing(uid(1))], stage_event=[event(uid(1), 1, "s2", "refused")])
        right = everything(register)
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0"}) as other:
        other.execute("UPDATE core.installed SET hash = 'older' WHERE name = 'core'")
        other.execute("DROP TABLE mart.month")
        other.execute("UPDATE mart.organizer SET disputes = 99")
    with opened(path) as register:
        assert everything(register) == right


def test_a_log_filled_from_outside_is_caught_up_with(path: Path) -> None:
    with opened(path) as register:
        put(register, filing=[filing(uid(1))])
    with duckdb.connect(str(path), config={"storage_compatibility_version": "v1.5.0"}) as other:
        other.begin()
        put_rows(other, [{"filing": [filing(uid(2))]}])
        other.commit()
    with opened(path) as register:
        assert (disputes(register), register.version().commit_no) == (2, 2)


def test_every_refusal_has_its_sentence_in_both_languages() -> None:
    values = {"path": "x", "seen": 3, "known": 2, "kind": "live", "wanted": "demo"}
    names = ("busy", "too_new", "too_new_file", "unreadable", "foreign", "kind")
    for code in LANGUAGES:
        for key in [*(f"errors.register.{n}" for n in names), "errors.key.missing", "errors.key.wrong"]:
            assert language(code)(key, **values)


def test_an_import_counts_once_at_its_end(register: Register) -> None:
    with register.counting_later():
        for n in (1, 2, 3):
            put(register, filing=[filing(uid(n))])
            assert (disputes(register), register.version().commit_no) == (0, 0)
    assert (disputes(register), register.version().commit_no) == (3, 3)
    before = everything(register)
    register.rebuild(NOW)
    assert everything(register) == before


def test_an_import_that_fails_counts_what_it_wrote(register: Register) -> None:
    def stumble() -> None:
        with register.counting_later():
            put(register, filing=[filing(uid(1))])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stumble()
    assert (disputes(register), register.version().commit_no) == (1, 1)


def test_an_import_that_was_killed_is_counted_at_the_next_opening(path: Path) -> None:
    with opened(path) as register:
        register._later = True
        put(register, filing=[filing(uid(1))])
    with opened(path) as register:
        assert (disputes(register), register.version().commit_no) == (1, 1)
