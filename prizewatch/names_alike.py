"""When two names or two handles may be one and the same: as they look, as they sound, with one slip of the hand.

Pure. Names of chains, branches and numbered shops are what must not be taken for one: a slip changes a character into
one that sounds alike, never a digit or a direction.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from pypinyin import Style, lazy_pinyin

from .identity import fold_handle, normalise
from .search import fold
from .vocabulary import reference_rows

#: What shops and accounts add to their name and leave away again.
ADDED = re.compile(
    r"(?:官方|旗舰店|旗舰|专卖店|专营店|直营店|工厂店|网店|店铺|小店|直播间|公众号|官微|官号|服务号|订阅号|有限责任公司|股份有限公司|有限公司|公司"
    r"|official|flagship|store|shop)+"
)
ADDED_TO_HANDLE = re.compile(r"(?:[._-]|official|flagship|store|shop|mall|service|guanfang|qijian)+")
#: A character that tells one from another: numerals, directions, sizes.
TELLING = frozenset("0123456789〇零一二三四五六七八九十百千甲乙丙丁东南西北中上下左右前后里外新老大小总分男女")
LEAST_NAME = 3  # letters or characters; below, chance makes names alike
LEAST_MISSING = 5
LEAST_HANDLE = 5
_LETTERS: Any = list  # letters and digits "sound" each for itself
_BRANCH = re.compile(r"[(（【\[]([^)）】\]]*)[)）】\]]")


@cache
def _look_alikes() -> tuple[dict[int, str], tuple[tuple[str, str], ...]]:
    rows = [(row["char"], row["looks_like"]) for row in reference_rows("confusables")]
    return {ord(char): like for char, like in rows}, (("rn", "m"), ("vv", "w"))


@lru_cache(maxsize=50_000)
def skeleton(text: str) -> str:
    """What a handle looks like (UTS 39, reduced to characters that look like letters and digits)."""
    table, pairs = _look_alikes()
    out = normalise(normalise(text).translate(table)).casefold().removeprefix("@").translate(table)
    for pair, like in pairs:
        out = out.replace(pair, like)
    return out.strip()


@lru_cache(maxsize=50_000)
def core(name: str) -> tuple[str, str]:
    """A name without what shops add to it, and the branch that stands in brackets; both folded."""
    plain = normalise(name)
    branch = ADDED.sub("", fold("".join(_BRANCH.findall(plain))))
    foreign = {code: like for code, like in _look_alikes()[0].items() if code > 127}  # a digit stays a digit
    whole = fold(_BRANCH.sub("", plain).translate(foreign))
    bare = ADDED.sub("", whole)
    return (bare if len(bare) >= 2 else whole), branch


@lru_cache(maxsize=50_000)
def reading(text: str) -> str:
    """How a folded name sounds, without tones: what an input method would have been given."""
    return " ".join(lazy_pinyin(text, style=Style.NORMAL, errors=_LETTERS))


def without_one(text: str) -> list[str]:
    """The text with one character left out, each way."""
    return [text[:n] + text[n + 1 :] for n in range(len(text))]


def close_names(one: str, other: str) -> bool:
    """Whether two names may be one: the same without what shops add; sounding alike; or one character left out."""
    (a, branch), (b, other_branch) = core(one), core(other)
    if branch != other_branch or min(len(a), len(b)) < LEAST_NAME:
        return False
    if a == b:
        return True
    if len(a) == len(b):
        if a.isascii() and b.isascii():
            return len(a) >= LEAST_HANDLE + 1 and one_slip(a, b)
        differ = [(x, y) for x, y in zip(a, b, strict=True) if x != y]
        alike = all(reading(x) == reading(y) and not {x, y} & TELLING for x, y in differ)
        return alike and len(differ) <= 2
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return len(longer) >= LEAST_MISSING and _left_out(longer, shorter)


def _left_out(longer: str, shorter: str) -> bool:
    return len(longer) == len(shorter) + 1 and any(
        cut == shorter and longer[n] not in TELLING for n, cut in enumerate(without_one(longer))
    )


def one_slip(a: str, b: str) -> bool:
    """One letter changed, two neighbours swapped, or one left out; digits never."""
    if len(a) == len(b):
        at = [n for n, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if any(a[n] in TELLING or b[n] in TELLING for n in at):
            return False
        swapped = any(at == [n, m] and a[n] == b[m] and a[m] == b[n] for n, m in pairwise(at)) and len(at) == 2
        return len(at) == 1 or swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return _left_out(longer, shorter)


def close_handles(one: str, other: str) -> bool:
    """Whether two handles may be one: they look alike, differ by what shops add, or by one slip."""
    a, b = skeleton(one), skeleton(other)
    if a == b:
        return True
    bare = [ADDED_TO_HANDLE.sub("", text) for text in (a, b)]
    if min(map(len, bare)) >= LEAST_HANDLE and bare[0] == bare[1]:
        return True
    a, b = fold_handle(one), fold_handle(other)  # where a digit is a digit
    return min(len(a), len(b)) > LEAST_HANDLE and one_slip(a, b)
