"""The real site on a free port of this machine, for the browser tests and the screenshots."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).resolve().parent.parent


class Server:
    """`streamlit run app.py` on a register, as a context manager. `log` is everything the process wrote."""

    def __init__(self, database: Path, **variables: str) -> None:
        self.database = database
        self.log_path = database.with_suffix(".log")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("PRIZEWATCH_", "STREAMLIT_"))
        }
        given = {f"PRIZEWATCH_{name}": value for name, value in variables.items()}
        self.environ = {**clean, "PYTHONUTF8": "1", "PRIZEWATCH_DATABASE": str(database), **given}

    @property
    def log(self) -> str:
        return self.log_path.read_text("utf-8", "replace")

    def __enter__(self) -> Server:
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={self.port}"]
        with self.log_path.open("ab") as out:
            self.process = subprocess.Popen(  # noqa: S603  our own command
                command, cwd=ROOT, env=self.environ, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            self._wait(seconds=120)
        except BaseException:
            self.process.kill()
            raise
        return self

    def _wait(self, seconds: int) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the site stopped at once:\n{self.log}")
            try:
                with urllib.request.urlopen(f"{self.url}/api/v1/health", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the site did not start in {seconds} seconds:\n{self.log}")

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)
