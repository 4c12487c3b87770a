"""Words in two languages: gettext catalogues (`locales/<lang>/*.po`), and Babel for dates, numbers and money.

A message is asked for by its key (`_("overview.title")`), so that Chinese and English are written side by side and
neither is a translation of the other. A key without words is an error here, not a blank on the screen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent

LANGUAGES = ("zh-CN", "en")
LOCALES = Path(__file__).parent / "locales"


@cache
def catalogue(lang: str) -> dict[str, str | tuple[str, ...]]:
    """All messages of one language: key -> words, or (one, many) where the number matters."""
    messages: dict[str, str | tuple[str, ...]] = {}
    for path in sorted((LOCALES / lang.replace("-", "_")).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                key = message.id[0] if isinstance(message.id, tuple) else message.id
                if not key:
                    continue
                if key in messages:
                    raise ValueError(f"{path.name}: {key} stands twice")
                words = message.string
                messages[str(key)] = tuple(words) if isinstance(words, tuple | list) else str(words)
    return messages


def guess(browser_locale: str | None) -> str:
    """The language to begin with: Chinese unless the browser plainly asks for another."""
    return "zh-CN" if not browser_locale or browser_locale.lower().startswith("zh") else "en"


def preferred(accept_language: str) -> str:
    """The language a header Accept-Language wants most; Chinese where it wants nothing we can read."""
    wanted: list[tuple[float, int, str]] = []
    for at, part in enumerate(accept_language.split(",")[:20]):
        tag, _, rest = part.strip().partition(";")
        if re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", tag) and (share := weight(rest)):
            wanted.append((-share, at, tag))
    return guess(min(wanted)[2] if wanted else None)


def weight(text: str) -> float:
    """The q among the parameters of one entry of an Accept header; 1 where none is given."""
    found = re.search(r"(?:^|;)\s*q\s*=\s*([01](?:\.\d{1,3})?)\s*(?:;|$)", text)
    return float(found[1]) if found else 1.0


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code, sep="-")


@dataclass(frozen=True, slots=True)
class Language:
    """One reader's language: words by key, and numbers and dates as that reader writes them."""

    code: str

    @property
    def locale(self) -> Locale:
        """Babel's rules for numbers, days and plurals."""
        return _locale(self.code)

    @property
    def zh(self) -> bool:
        """Whether it is Chinese."""
        return self.code.startswith("zh")

    def __call__(self, key: str, n: int | None = None, /, **values: object) -> str:
        """The words for `key`, placeholders `{name}` filled. `n` picks singular or plural and fills `{n}`.

        Raises `KeyError` for a key without words.
        """
        words = catalogue(self.code)[key]
        if isinstance(words, tuple):
            words = words[0] if n == 1 or len(words) == 1 else words[-1]
        if n is not None:
            values.setdefault("n", self.number(n))
        return words.format(**values) if values else words

    def joined(self, *sentences: str) -> str:
        """Sentences in a row; Chinese has no space between them. Empty ones are left out."""
        return ("" if self.zh else " ").join(filter(None, sentences))

    def has(self, key: str) -> bool:
        """Whether there are words for `key`."""
        return key in catalogue(self.code)

    def number(self, value: float) -> str:
        """1,234 or 1,234.5"""
        return str(format_decimal(value, locale=self.locale))

    def percent(self, share: float, digits: int = 0) -> str:
        """A share between 0 and 1 as 43 % (English) or 43% (Chinese)."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return str(format_percent(share, pattern, locale=self.locale))

    def money(self, value: float, currency: str = "CNY") -> str:
        """¥1,314.00, as the locale writes it."""
        return str(format_currency(value, currency, locale=self.locale))

    def day(self, value: date | datetime) -> str:
        """31 Oct 2026 or 2026年10月31日"""
        return str(format_date(value, "y年M月d日" if self.zh else "d MMM y", locale=self.locale))

    def month(self, value: date) -> str:
        """Oct 2026 or 2026年10月"""
        return f"{value.year}年{value.month}月" if self.zh else str(format_skeleton("yMMM", value, locale=self.locale))


@dataclass(frozen=True, slots=True)
class NeutralLanguage(Language):
    """The words of a reference register: complaint records, no prize draws. `<key>.reference` stands in for `<key>`."""

    def __call__(self, key: str, n: int | None = None, /, **values: object) -> str:
        own = f"{key}.reference"
        return Language.__call__(self, own if self.has(own) else key, n, **values)


def language(code: str | None) -> Language:
    """The language for a code from an address or a setting; an unknown code is Chinese."""
    return Language(code if code in LANGUAGES else "zh-CN")
