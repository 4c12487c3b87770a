"""Folders beside a register: what belongs to it and is no row. Those of a register in memory go with it."""

from __future__ import annotations

import shutil
import tempfile
import threading
import weakref
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary


class Beside:
    """The folder `<register>.<name>` of each register."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._temporary: WeakKeyDictionary[Any, Path] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def path(self, register_path: Path) -> Path:
        """Where it lies for a register in a file."""
        return register_path.with_name(f"{register_path.name}.{self._name}")

    def folder(self, register: Any) -> Path:
        """That of an open register; it need not be there yet."""
        if register.path is not None:
            return self.path(register.path)
        with self._lock:
            if register not in self._temporary:
                made = Path(tempfile.mkdtemp(prefix=f"prizewatch-{self._name}-"))
                weakref.finalize(register, shutil.rmtree, made, ignore_errors=True)
                self._temporary[register] = made
            return self._temporary[register]
