"""Pictures for the evidence of a demo: what a win page and a chat look like from afar, marked as invented.

Drawn from numbers and written without compression, so that the bytes, and with them the fingerprints in the log, are
the same on every machine.
"""

from __future__ import annotations

import io
from hashlib import sha256

import numpy as np
import numpy.typing as npt
from PIL import Image

from prizewatch.evidence import StoredEvidence

WIDTH, HEIGHT = 180, 320
GROUND, PAPER, COLOUR, INK = range(4)
#: Red, green and blue of each.
WIN_PAGE = ((250, 236, 215), (255, 255, 255), (198, 62, 48), (70, 60, 56))
CHAT = ((237, 237, 237), (255, 255, 255), (149, 220, 110), (60, 62, 64))
#: DEMO, seven rows of dots.
MARK = ("1110011111010001011110", "1001010000011011010010", "1001010000010101010010", "1001011110010001010010",
        "1001010000010001010010", "1001010000010001010010", "1110011111010001011110")  # fmt: skip
DOT = 3

Pixels = npt.NDArray[np.uint8]


def picture(seed: int, report: int, number: int, *, win_page: bool) -> StoredEvidence:
    """The picture of one item of evidence of a report: another one for every report and item."""
    rng = np.random.default_rng([seed, 10, report, number])
    pixels = np.full((HEIGHT, WIDTH), GROUND, np.uint8)
    (_win_page if win_page else _chat)(pixels, rng)
    _mark(pixels)
    pixels[-1, :20] = [(report * 8 + number) >> 2 * place & 3 for place in range(20)]  # no two are alike
    content = _png(pixels, WIN_PAGE if win_page else CHAT)
    return StoredEvidence(sha256(content).hexdigest(), "image/png", len(content), content, pixels=(WIDTH, HEIGHT))


def _lines(pixels: Pixels, rng: np.random.Generator, top: int, left: int, width: int, number: int) -> None:
    """Lines of writing, too far away to be read."""
    for line in range(number):
        length = width if line + 1 < number else int(rng.integers(width // 3, width))
        pixels[top + 10 * line : top + 10 * line + 4, left : left + length] = INK


def _win_page(pixels: Pixels, rng: np.random.Generator) -> None:
    pixels[:90] = COLOUR
    pixels[50:150, 20:160] = PAPER
    rows, columns = np.ogrid[:HEIGHT, :WIDTH]
    pixels[(rows - 85) ** 2 + (columns - 90) ** 2 < 24**2] = COLOUR  # the prize
    _lines(pixels, rng, 120, 40, 100, 2)
    _lines(pixels, rng, 175, 20, 140, int(rng.integers(3, 8)))
    pixels[262:286, 30:150] = COLOUR


def _chat(pixels: Pixels, rng: np.random.Generator) -> None:
    pixels[:24] = PAPER
    _lines(pixels, rng, 10, 70, 40, 1)
    top = 38
    while top < 250:
        own, lines = bool(rng.integers(0, 2)), int(rng.integers(1, 4))
        width = int(rng.integers(50, 110))
        left = WIDTH - 12 - width if own else 12
        pixels[top : top + 10 * lines + 10, left : left + width] = COLOUR if own else PAPER
        _lines(pixels, rng, top + 8, left + 8, width - 16, lines)
        top += 10 * lines + 24


def _mark(pixels: Pixels) -> None:
    dots = np.array([[dot == "1" for dot in row] for row in MARK]).repeat(DOT, 0).repeat(DOT, 1)
    height, width = dots.shape
    left, top = (WIDTH - width) // 2, HEIGHT - height - 6
    pixels[top : top + height, left : left + width][dots] = INK


def _png(pixels: Pixels, colours: tuple[tuple[int, int, int], ...]) -> bytes:
    image, file = Image.fromarray(pixels, "P"), io.BytesIO()
    image.putpalette(bytes(np.ravel(colours).tolist()))
    image.save(file, "PNG", bits=2, compress_level=0)
    return file.getvalue()
