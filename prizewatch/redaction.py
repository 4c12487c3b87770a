"""Personal data in free text: what is masked before anything is stored, and names, which only a person can judge.

The shapes are in `redaction_shapes`. A text is looked at through its disguises: full-width digits, unseen characters,
numbers written as words. What is found is masked in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from . import redaction_shapes as shapes

MASK = "■■■"
KINDS = tuple(dict.fromkeys(kind for kind, _ in (*shapes.SHAPES, *shapes.NUMBERS)))
_SHAPES = tuple((kind, re.compile(shape)) for kind, shape in shapes.SHAPES)
_NUMBERS = tuple((kind, re.compile(shape)) for kind, shape in shapes.NUMBERS)
_NAMES = tuple(re.compile(shape) for shape in shapes.NAMES)
_NUMERALS = str.maketrans(shapes.NUMERALS)
_BEFORE_AN_ADDRESS = re.compile(
    r".*(?:在|到|有|填|登记|寄往|送往|给|往|是|为|址|了|去|把|的|住|出|“|我|按|求|供|系|上写着)(?=[\u4e00-\u9fff])"
)
_LOOK_BACK = 14  # characters before a number in which a word says what it is


class Span(NamedTuple):
    """A piece of a text: [start, end), and what kind of personal data it seems to be."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text before and after: `spans` are masked in `masked`, `names` are only flagged. Places are in `text`."""

    text: str
    masked: str
    spans: tuple[Span, ...]
    names: tuple[Span, ...]


class _Narrow(dict[int, str]):
    """Character -> its narrow form where that is one character too; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        narrow = unicodedata.normalize("NFKC", char)
        if len(narrow) == 3 and narrow[0] == "(" and narrow[1].isdigit():  # ⑴
            narrow = narrow[1]
        return self.setdefault(code, narrow if len(narrow) == 1 else char)


_narrow = _Narrow()


def seen_through(text: str) -> tuple[str, list[int] | range]:
    """The text without its disguises, and for each character its place in the text as written."""
    if text.isascii():
        return text, range(len(text))
    places = [n for n, char in enumerate(text) if not shapes.UNSEEN.match(char)]
    return "".join([text[n] for n in places]).translate(_narrow), places


def _found(view: str, company: bool) -> list[Span]:
    """Spans of one pass over a view, also where digits are written as words."""
    spans = []
    for kind, shape in _SHAPES:
        if kind == "reg_no" and company:
            continue
        for match in shape.finditer(view):
            start, end = match.span("it" if "it" in shape.groupindex else 0)
            if kind == "address":
                start += len(told.group()) if (told := _BEFORE_AN_ADDRESS.match(view[start:end])) else 0
            spans.append(Span(start, end, kind))
    digits = view if view.isascii() else view.translate(_NUMERALS)
    for kind, shape in _NUMBERS:
        for text in (view, digits) if digits != view else (view,):
            for match in shape.finditer(text):
                start, end = match.span("it" if "it" in shape.groupindex else 0)
                if kind in ("card", "id_number") and _of_a_matter(view, start, end):
                    continue
                spans.append(Span(start, end, kind))
    return spans


def _of_a_matter(view: str, start: int, end: int) -> bool:
    """Whether a long number is one of an order, a parcel, a product."""
    number = re.sub("[^0-9]", "", view[start:end])
    if len(number) == 13 and number.startswith("69"):  # EAN-13
        return True
    return bool(shapes.OF_A_MATTER.search(view[max(0, start - _LOOK_BACK) : start])) and not _luhn(number)


def _luhn(number: str) -> bool:
    """The check digit of bank cards, ISO/IEC 7812."""
    digits = [int(d) for d in reversed(number)]
    return sum(digits[::2]) % 10 == -sum(sum(divmod(2 * d, 10)) for d in digits[1::2]) % 10


def marked(text: str, *, company: bool = False) -> Marked:
    """The text with personal data masked, and where it was. `company`: its registration number is public, and stays."""
    view, places = seen_through(text)
    spans: list[Span] = []
    while new := _found(view, company):  # what one mask uncovers, the next pass finds
        spans += new
        chars = list(view)
        for start, end, _ in new:
            chars[start:end] = "■" * (end - start)
        view = "".join(chars)
    names = [Span(*m.span("it"), "name") for shape in _NAMES for m in shape.finditer(view)]
    own = [_in_text(span, places) for span in _apart(spans)]
    out, at = [], 0
    for start, end, _ in own:
        out += [text[at:start], MASK]
        at = end
    return Marked(text, "".join(out) + text[at:], tuple(own), tuple(_in_text(s, places) for s in _apart(names)))


def _in_text(span: Span, places: list[int] | range) -> Span:
    """With the unseen characters that hang on its end."""
    end = places[span.end] if span.end < len(places) else places[-1] + 1
    return Span(places[span.start], end, span.kind)


def _apart(spans: list[Span]) -> list[Span]:
    """Overlapping spans made one, of the kind that was found first."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if out and span.start < out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end), out[-1].kind)
        else:
            out.append(span)
    return out


def personal_data(text: str) -> tuple[str, ...]:
    """The kinds of personal data that seem to be in the text; `name` is only a guess."""
    found = marked(text)
    return tuple(dict.fromkeys(span.kind for span in (*found.spans, *found.names)))
