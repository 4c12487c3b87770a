"""The JSON of a stranger, read strictly: what two readers could understand differently is not understood at all."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

DEPTH = 16  # levels of nesting; a report has five
DIGITS = 40  # characters of a number; the longest field needs twelve
EXPONENT = 400  # powers of ten a number may be away from one; more could fill the memory when it is written out
_SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):
    """`what` is wrong: encoding, json, twice, number or deep. Says nothing of the text itself."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def read(body: bytes) -> Any:
    """The value of a JSON text in UTF-8. Numbers come as `int` or `Decimal`, a whole number always as `int`.

    Raises `Unreadable` for anything else: a name given twice, NaN, numbers beyond all sense, half characters, depth.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unreadable("encoding") from None
    try:
        value = json.loads(
            text, object_pairs_hook=_once, parse_int=_number, parse_float=_number, parse_constant=_no_number
        )
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable("json") from None
    except RecursionError:
        raise Unreadable("deep") from None
    _look_through(value)
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("twice")
    return found


def _number(text: str) -> int | Decimal:
    number = Decimal(text) if len(text) <= DIGITS else None
    if number is None or abs(number.adjusted()) > EXPONENT:
        raise Unreadable("number")
    return int(number) if number == number.to_integral_value() else number


def _no_number(text: str) -> None:
    raise Unreadable("number")


def _look_through(value: Any) -> None:
    """No text with half a character, which no file could hold, and no more levels than sense needs."""
    waiting = [(value, 0)]
    while waiting:
        item, level = waiting.pop()
        if level > DEPTH:
            raise Unreadable("deep")
        if isinstance(item, str) and _SURROGATE.search(item):
            raise Unreadable("encoding")
        if isinstance(item, dict):
            waiting += [(part, level + 1) for pair in item.items() for part in pair]
        elif isinstance(item, list):
            waiting += [(part, level + 1) for part in item]
