"""The browser of the tests: find one, or get one. `find()` is asked by the tests, the command is run by `make test`.

In this order: the one named by CHROMIUM; a Chromium or Chrome of the system; Playwright's own, where it can be
downloaded; Debian's `chromium` package, where apt-get works. A browser counts only if it starts. Without any, the
browser tests are left out and this says so; with CI=true (or --required) that is a failure.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
#: --no-sandbox: root (as in a container) cannot use the sandbox, and the pages visited are our own.
ARGS = ("--no-sandbox",)


def starts(executable: str) -> bool:
    """Whether this browser really comes up here (a snap stub or a missing library would not)."""
    try:
        with sync_playwright() as playwright:
            playwright.chromium.launch(executable_path=executable, args=list(ARGS), timeout=60_000).close()
    except Error:
        return False
    return True


def find() -> str | None:
    """Path of a browser that starts, or None."""
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    named = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES), *PLACES, own]
    here = [name for name in dict.fromkeys(named) if name and Path(name).exists()]
    return next((name for name in here if starts(name)), None)


def attempt(*command: str, seconds: int) -> None:
    """Run one set-up command; where it cannot work, the next way is tried."""
    print("+", *command, file=sys.stderr, flush=True)
    try:
        subprocess.run(command, timeout=seconds, check=False, stdin=subprocess.DEVNULL, stdout=sys.stderr)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)


def get() -> str | None:
    """Get a browser: Playwright's own, else Debian's."""
    attempt(sys.executable, "-m", "playwright", "install", "chromium", seconds=600)
    found = find()
    apt = shutil.which("apt-get")
    if found is None and apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        fonts = "fonts-noto-cjk"  # without it Chinese words are boxes
        attempt(apt, "update", "-qq", seconds=300)
        attempt(apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", fonts, seconds=900)
        found = find()
    return found


def main(args: list[str]) -> int:
    """0 when there is a browser, or when one may be missing."""
    found = find() or get()
    if found:
        print(f"Browser for the tests: {found}")
        return 0
    line = "*" * 100
    print(
        f"\n{line}\nNO BROWSER was found and none could be installed: the browser tests (tests/e2e) CANNOT RUN.\n"
        f"Install Chromium or Chrome, or name one: make test CHROMIUM=/path/to/chromium\n{line}\n",
        file=sys.stderr,
    )
    return 1 if "--required" in args or os.environ.get("CI", "").lower() in ("1", "true") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
