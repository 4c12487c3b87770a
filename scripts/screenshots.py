"""The pictures of the READMEs, taken from the running site on a fresh demo register: `make screenshots`.

The demo is the same for the same seed and its clock stands still, so the pictures change only when the site does.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from prizewatch.previews import PICTURE, SIDE

from . import browser
from .server import ROOT, Server

PLACE = ROOT / "docs" / "screenshots"
LANGUAGES = ("en", "zh-CN")
SIZE = {"width": 1200, "height": 860}
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"][data-test-connection-state="CONNECTED"]'


def pipelines(*arguments: str) -> None:
    """One command of the command line."""
    subprocess.run([sys.executable, "-m", "pipelines", *arguments, "--json"], cwd=ROOT, check=True)  # noqa: S603


def take(page: Page, address: str, name: str) -> None:
    """One picture: the page once it stands still."""
    page.goto(address)
    page.wait_for_selector(IDLE, timeout=60_000)
    page.locator("[data-testid=stSkeleton], [data-testid=stSpinner]").first.wait_for(state="detached", timeout=60_000)
    page.wait_for_timeout(1500)  # figures draw themselves after the page has come to rest
    picture = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    picture.save(PLACE / name, optimize=True)
    print(f"{name}: {(PLACE / name).stat().st_size:,} bytes")


def draw_mark(page: Page) -> None:
    """The picture of shared links, from the mark: no letter in it, so no font of this machine either."""
    page.set_viewport_size({"width": SIDE, "height": SIDE})
    style = "html, body { margin: 0; background: #fdfcfa } svg { width: 460px; margin: 70px }"
    page.set_content(f"<style>{style}</style>{PICTURE.with_suffix('.svg').read_text('utf-8')}")
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(64).save(PICTURE, optimize=True)


def main() -> int:
    """Make the demo, start the site, take all pictures."""
    executable = browser.find()
    if executable is None:
        print("No browser to take pictures with.", file=sys.stderr)
        return 1
    PLACE.mkdir(parents=True, exist_ok=True)
    os.environ.pop("PRIZEWATCH_SECRET_KEY", None)
    with tempfile.TemporaryDirectory() as folder:
        register, out = Path(folder) / "demo.duckdb", Path(folder) / "out"
        pipelines("demo", "--database", str(register))
        pipelines("export", "--database", str(register), "--out", str(out))
        with (out / "datasets" / "organizers.csv").open(encoding="utf-8-sig", newline="") as file:
            named = [row for row in csv.DictReader(file) if row["name"]]
        code = max(named, key=lambda row: int(row["disputes"]))["public_code"]
        pages = {"overview": "", "organizer": f"organizer?id={code}", "resolution": "resolution"}
        with Server(register) as site, sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=executable, args=list(browser.ARGS))
            draw_mark(opened.new_page())
            for lang in LANGUAGES:
                context = opened.new_context(locale=lang, viewport=SIZE, reduced_motion="reduce")  # type: ignore[arg-type]
                page = context.new_page()
                for name, path in pages.items():
                    joint = "&" if "?" in path else "?"
                    take(page, f"{site.url}/{path}{joint}lang={lang}", f"{name}.{lang}.png")
                context.close()
            opened.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
