"""What the log of the running site tells of an error: its kind and the lines it came through, never its words.

The words of an error may be those of a report: DuckDB says which value it could not read, Python which one it missed.
Our own log lines name the kind only; Streamlit and uvicorn log whatever a page or a route lets through, and Python
prints what a thread lets through.
"""

from __future__ import annotations

import logging
import threading
import traceback
from typing import Any

log = logging.getLogger("prizewatch")


def told(error: BaseException | None) -> str:
    """The error, and what it came from, without a word of theirs: frames (file, line, code) and the kind."""
    parts: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        parts += [*traceback.format_tb(error.__traceback__), f"{type(error).__module__}.{type(error).__name__}\n"]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "".join(parts).rstrip("\n")


class Record(logging.LogRecord):
    """A line of the log whose error is told without its words."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        if self.exc_info:
            self.exc_text = told(self.exc_info[1])
            self.exc_info = None


def thread_failed(failed: threading.ExceptHookArgs) -> None:
    """A thread ended by an error that nobody caught. Python would print the error with its words."""
    if failed.exc_type is not SystemExit and failed.exc_value is not None:
        log.error("A thread failed: %s", failed.thread.name if failed.thread else "?", exc_info=failed.exc_value)


def install() -> None:
    """From now on, for every logger and every thread of this process; doing it twice does no more."""
    logging.setLogRecordFactory(Record)
    threading.excepthook = thread_failed
