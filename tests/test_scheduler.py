"""What the running site does by itself, and when: daily step, fits, releases; the clock is a list of moments."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import anyio
import pytest

from prizewatch import fits, releases, scheduler
from prizewatch.errors import RegisterBusy
from prizewatch.intake import accept
from prizewatch.scheduler import AGAIN, DAILY_EVERY, QUIET, Scheduler
from prizewatch.store import Register
from tests.intake_rows_by_hand import FORM, NOW, Rows


class Clock:
    """A clock that is put forward by hand."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def on(self, by: timedelta) -> None:
        self.now += by


SECOND = timedelta(seconds=1)


def file(register: Register, name: str, clock: Clock) -> None:
    assert accept(register, Rows().add(name).batch(), FORM, clock()).accepted == 1


def draft(register: Register, erase_at: datetime) -> None:
    with register.read() as cur:
        cur.execute("INSERT INTO desk.draft VALUES ('k', uuid(), ?, ?, '{}')", [NOW, erase_at])


def drafts(register: Register) -> int:
    with register.read() as cur:
        return int(cur.execute("SELECT count(*) FROM desk.draft").fetchall()[0][0])


def test_the_daily_step_comes_soon_then_once_an_hour(register: Register) -> None:
    clock = Clock()
    at_work = Scheduler(lambda: register, clock)
    draft(register, NOW)
    assert "daily" in at_work.step()
    assert drafts(register) == 0
    clock.on(DAILY_EVERY - SECOND)
    assert "daily" not in at_work.step()
    clock.on(SECOND)
    assert "daily" in at_work.step()


def test_the_daily_step_comes_with_the_new_day_of_the_register(register: Register) -> None:
    clock = Clock(datetime(2026, 8, 20, 15, 59))  # a minute to midnight in Shanghai
    at_work = Scheduler(lambda: register, clock)
    at_work.step()
    before = register.version().as_of
    clock.on(59 * SECOND)
    assert "daily" not in at_work.step()
    clock.on(SECOND)
    assert "daily" in at_work.step()
    assert register.version().as_of == before + timedelta(days=1)


def test_fits_wait_until_it_is_quiet_and_come_once_a_version(register: Register) -> None:
    clock = Clock()
    at_work = Scheduler(lambda: register, clock)
    at_work.step()
    file(register, "a", clock)
    assert at_work.step() == []
    clock.on(QUIET - SECOND)
    file(register, "b", clock)
    assert at_work.step() == []
    clock.on(QUIET - SECOND)
    assert at_work.step() == []
    clock.on(SECOND)
    assert at_work.step() == ["fits", "release"]
    fitted = fits.latest(register, "advice")
    assert fitted
    assert fitted.commit_no == register.version().commit_no == 2
    clock.on(QUIET)
    assert at_work.step() == []


def test_fits_come_at_last_where_it_is_never_quiet(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "AT_LATEST", QUIET * 2)
    clock = Clock()
    at_work = Scheduler(lambda: register, clock)
    at_work.step()
    done: list[tuple[timedelta, list[str]]] = []
    for n in range(6):
        file(register, f"r{n}", clock)
        done.append((clock() - NOW, at_work.step()))
        clock.on(QUIET / 2)
    assert [passed for passed, names in done if "fits" in names] == [QUIET * 2]


def test_a_release_follows_the_fits_once_a_day_where_there_is_enough_news(register: Register) -> None:
    clock = Clock()
    at_work = Scheduler(lambda: register, clock)

    def settled() -> list[str]:
        at_work.step()
        clock.on(QUIET)
        return [name for name in at_work.step() if name != "daily"]

    def filed(*names: str) -> None:
        for name in names:
            file(register, name, clock)

    filed("a")
    assert settled() == ["fits", "release"]
    filed("b", "c", "d", "e", "f")
    assert settled() == ["fits"], "one a day"
    clock.on(timedelta(days=1))
    assert settled()[-1:] == ["release"], "the next day what has come"
    clock.on(timedelta(days=1))
    filed("g", "h", "i", "j")
    assert "release" not in settled(), "four reports wait"
    filed("k")
    assert "release" in settled()
    assert [release.number for release in releases.all(register)] == [1, 2, 3]


def test_what_fails_is_tried_again_and_tells_the_log_no_content(
    register: Register, caplog: pytest.LogCaptureFixture
) -> None:
    clock, answers = Clock(), [RegisterBusy("errors.register.busy", path="canary")] * 2

    def opened() -> Register:
        if answers:
            raise answers.pop()
        return register

    at_work = Scheduler(opened, clock)
    with caplog.at_level(logging.ERROR):
        assert at_work.step() == []
    assert [record.getMessage() for record in caplog.records] == [
        "daily failed and is tried again: RegisterBusy", "fits failed and is tried again: RegisterBusy",
    ]  # fmt: skip
    assert "canary" not in caplog.text
    clock.on(AGAIN - SECOND)
    assert at_work.step() == []
    clock.on(SECOND)
    assert at_work.step() == ["daily"]


def test_it_runs_beside_the_site_and_stops_with_it(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "TICK", 0.01)
    draft(register, NOW)

    async def site() -> None:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Scheduler(lambda: register, Clock()).run)
            with anyio.fail_after(10):
                while await anyio.to_thread.run_sync(drafts, register):
                    await anyio.sleep(0.01)
            tasks.cancel_scope.cancel()

    anyio.run(site)
    assert drafts(register) == 0
