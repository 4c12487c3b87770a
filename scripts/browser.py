"""Find a browser for the tests, or get one: the system's, else Playwright's own, else Debian's.

Prints the path. Without any: says so loudly, and fails where CI is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
)


def installed() -> str | None:
    """A browser that is there already: `CHROMIUM`, one on the path, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    found = found or next((place for place in PLACES if Path(place).exists()), None)
    return found or _playwrights()


def _playwrights() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def _run(*command: str) -> bool:
    print("+", *command, file=sys.stderr, flush=True)
    try:
        return subprocess.run(command, stdout=sys.stderr, timeout=900).returncode == 0  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False


def fetch() -> str | None:
    """Get one: Debian's package where we may install it, Playwright's download elsewhere."""
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        fonts = "fonts-noto-cjk"  # Chinese text without these is boxes
        if _run(apt, "update", "-qq") and _run(apt, "install", "-y", "-qq", "--no-install-recommends", "chromium", fonts):
            return installed()
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    return installed()


if __name__ == "__main__":
    path = installed() or fetch()
    if path:
        print(path)
    else:
        print(
            "\n*** NO BROWSER: the browser tests cannot run. Install Chromium or Chrome, or set CHROMIUM to its path. ***\n",
            file=sys.stderr,
        )
        sys.exit(1 if os.environ.get("CI") else 0)
