"""What pages keep has a bound in bytes, whoever asks for however much."""

from __future__ import annotations

import threading
import time

from prizewatch.keeping import UNKNOWN, Kept


def test_the_longest_unused_goes_when_there_is_no_room() -> None:
    kept = Kept(room=10_000)
    for n in range(3):
        kept.get(n, lambda: b"x" * 3000)
    kept.get(0, lambda: b"made again")  # used: stays
    kept.get(3, lambda: b"x" * 3000)
    assert [kept.get(n, lambda: "gone") for n in (0, 1, 2)] == [b"x" * 3000, "gone", b"x" * 3000]
    assert kept.size <= kept.room


def test_many_large_answers_stay_within_the_room() -> None:
    kept = Kept(room=100_000)
    for n in range(500):
        assert kept.get(n, lambda: b"x" * 20_000) == b"x" * 20_000
    assert kept.size <= kept.room
    assert len(kept) == 4


def test_what_alone_fills_the_room_is_given_and_not_kept() -> None:
    kept = Kept(room=1000)
    assert kept.get("a", lambda: b"x" * 5000) == b"x" * 5000
    assert (len(kept), kept.size) == (0, 0)


def test_one_key_is_worked_out_once_by_all_who_ask() -> None:
    kept, made = Kept(), []

    def make() -> str:
        made.append(1)
        time.sleep(0.05)
        return "done"

    threads = [threading.Thread(target=kept.get, args=("a", make)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert kept.get("b", lambda: threading.Lock()) is not None  # nothing that can be written down
    assert kept.size > UNKNOWN
    kept.clear()
    assert len(kept) == 0


def test_a_failure_is_not_kept() -> None:
    kept = Kept()
    for _ in range(2):
        try:
            kept.get("a", lambda: 1 / 0)
        except ZeroDivisionError:
            continue
    assert kept.get("a", lambda: 1.0) == 1.0
