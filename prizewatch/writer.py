"""The one writer: a thread with a queue and group commit.

Everything that waits for the same handler goes into one transaction and is acknowledged after its commit; a commit
costs a disk flush, so many submitters share one. Where a group fails, each item is tried alone and only the bad
one is told so.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import duckdb

Handler = Callable[[duckdb.DuckDBPyConnection, list[Any]], list[Any]]
#: The most items of one transaction: enough to share the flush, few enough that nobody waits long.
GROUP = 256


class Writer:
    """Runs handlers on its own cursor, one transaction after the other.

    `before_commit` is called inside each transaction after the handler, `after_commit` with its answer once durable.
    """

    def __init__(
        self,
        cur: duckdb.DuckDBPyConnection,
        before_commit: Callable[[duckdb.DuckDBPyConnection], Any],
        after_commit: Callable[[Any], None],
    ) -> None:
        self._cur = cur
        self._before_commit = before_commit
        self._after_commit = after_commit
        self._waiting: deque[tuple[Handler, Any, Future[Any]]] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="prizewatch-writer", daemon=True)
        self._thread.start()

    def submit(self, handler: Handler, item: Any) -> Any:
        """Hand in one item and wait until it is durable. Raises what its own transaction raised."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a handler may not write through the register: it is already inside a transaction")
        future: Future[Any] = Future()
        with self._wake:
            if self._closing:
                raise RuntimeError("the register is closed")
            self._waiting.append((handler, item, future))
            self._wake.notify()
        return future.result()

    def close(self) -> None:
        """Finish what waits, then stop."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self._thread.join()
        self._cur.close()

    def _next_group(self) -> list[tuple[Handler, Any, Future[Any]]]:
        """The oldest item and all that wait for the same handler; the others keep their order. Empty: closed."""
        with self._wake:
            while not self._waiting and not self._closing:
                self._wake.wait()
            if not self._waiting:
                return []
            handler = self._waiting[0][0]
            group: list[tuple[Handler, Any, Future[Any]]] = []
            rest: deque[tuple[Handler, Any, Future[Any]]] = deque()
            for entry in self._waiting:
                (group if entry[0] == handler and len(group) < GROUP else rest).append(entry)
            self._waiting = rest
            return group

    def _run(self) -> None:
        while group := self._next_group():
            try:
                self._settle(group, self._commit([item for _, item, _ in group], group[0][0]))
            except BaseException as error:
                if len(group) == 1:
                    group[0][2].set_exception(error)
                    continue
                for entry in group:
                    try:
                        self._settle([entry], self._commit([entry[1]], entry[0]))
                    except BaseException as own:
                        entry[2].set_exception(own)

    def _commit(self, items: list[Any], handler: Handler) -> list[Any]:
        self._cur.begin()
        try:
            answers = handler(self._cur, items)
            if len(answers) != len(items):
                raise RuntimeError(f"handler gave {len(answers)} answers to {len(items)} items")
            state = self._before_commit(self._cur)
        except BaseException:
            self._roll_back()
            raise
        try:
            self._cur.commit()
        except BaseException:
            self._roll_back()
            raise
        self._after_commit(state)
        return answers

    def _roll_back(self) -> None:
        with contextlib.suppress(duckdb.Error):  # the error itself may have ended the transaction
            self._cur.rollback()

    @staticmethod
    def _settle(group: list[tuple[Handler, Any, Future[Any]]], answers: list[Any]) -> None:
        for (_, _, future), answer in zip(group, answers, strict=True):
            future.set_result(answer)
