"""The pages of a case file as PDF, set in Chinese type by Typst: the same words as the HTML, the same bytes everywhere.

Each in a process of its own: Typst keeps half a gigabyte of what it has set, and only the end of that gives it back.
Neither fonts of the machine nor the clock nor the network have a say; the day written into the PDF is that of the data.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the process that sets type starts without what makes pages
    from .casefile_html import Page

SECONDS = 120
FONT = "Noto Sans SC"
REGIONS = {"zh-CN": ("zh", "cn"), "en": ("en", "gb")}
STYLE = Path(__file__).parent / "assets" / "case-file.typ"
#: What XML cannot hold. Such a character stands for nothing anybody can read.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def typeset(pages: Sequence[Page], as_of: date) -> list[bytes]:
    """One PDF a page, in their order. Raises RuntimeError where Typst could not do it, without any of its words."""
    with ThreadPoolExecutor() as each:
        return list(each.map(lambda page: _apart(page, as_of), pages))


def _apart(page: Page, as_of: date) -> bytes:
    lang, region = REGIONS[page.lang]
    body = "<body>" + _NO_XML.sub("\ufffd", page.body) + "</body>"
    said = {"title": page.title, "foot": page.foot, "body": body, "lang": lang, "region": region, "font": FONT}
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, "-m", __name__, as_of.isoformat()], cwd=Path(__file__).parents[1],
        input=json.dumps(said).encode(), capture_output=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"the case file was not typeset: {done.returncode}")
    return done.stdout


def _set(said: dict[str, str], as_of: date) -> bytes:
    import typst  # here only: no other process is to hold it

    return typst.compile(
        str(STYLE), sys_inputs=said, timestamp=datetime.combine(as_of, time(), UTC),
        font_paths=[str(files("pylopdf_fonts_zh_cn"))], ignore_system_fonts=True,
    )  # fmt: skip


if __name__ == "__main__":
    sys.stdout.buffer.write(_set(json.load(sys.stdin), date.fromisoformat(sys.argv[1])))
