"""Personal data and insults in free text: a screen that holds a report for a person, and masks for what is shown.

Shapes, not proofs: an id number is masked on its shape whatever its check digit says. The screen sees through
full-width digits, invisible characters and phone numbers written in Chinese numerals.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u2060\ufeff]")
_NUMERALS = str.maketrans("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺", "001234567891234567891")
_GAP = r"[ \-.·—_]{0,2}"

#: kind -> shape. Tried in this order: the longer and surer before the shorter.
PATTERNS: dict[str, re.Pattern[str]] = {
    "email": re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    "link": re.compile(r"(?:https?://|www\.)[^\s,;，。；、）)]+", re.I),
    "reg_no": re.compile(
        r"(?<![0-9A-Za-z])(?=[0-9A-Z]*[A-Z])[159][1239][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}(?![0-9A-Za-z])"
    ),
    "id_number": re.compile(
        r"(?<!\d)[1-9]\d{5}[ -]?(?:(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx]|\d{9})(?![0-9A-Za-z])"
    ),
    "card": re.compile(r"(?<!\d)[2-6]\d{3}(?:[ -]?\d{4}){2}(?:[ -]?\d{1,7})(?!\d)"),
    "phone": re.compile(rf"(?<!\d)(?:\+?86{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}(?!\d)"),
    "wechat": re.compile(
        r"wxid_[0-9A-Za-z_-]+"
        r"|(?:(?:微信|威信|薇信|v信|weixin|wechat|vx|wx)(?:号|id)?)[ ：:是为=，,]{0,4}[A-Za-z][-_0-9A-Za-z]{5,19}"
        r"|加[vV](?:信)?[ ：:]{0,2}[A-Za-z0-9][-_0-9A-Za-z]{5,19}",
        re.I,
    ),
    "qq": re.compile(
        r"(?:QQ|扣扣|企鹅)(?:号|群)?[ ：:是为=，,]{0,4}[1-9]\d{4,11}(?!\d)|(?:找|加|联系)[ ：:]?[1-9]\d{7,11}(?!\d)",
        re.I,
    ),
    "plate": re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
        r"[A-HJ-NP-Z][ ·.]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
    ),
    "address": re.compile(
        r"(?:[\u4e00-\u9fff]{2,8}(?:省|市|自治区)[\u4e00-\u9fff]{1,8}(?:市|区|县|州)[\u4e00-\u9fff0-9]{0,16}(?:路|街|道|巷|弄|镇|村|小区)"
        r"[\u4e00-\u9fff0-9-]{0,12})"
        r"|[\u4e00-\u9fff]{2,10}(?:路|街|大道|巷|弄|小区|花园|公寓)\d{1,5}(?:号|弄|栋|幢|座)[\u4e00-\u9fff0-9-]{0,12}"
        r"|\d{1,4}(?:栋|幢|号楼)(?:\d{1,2}单元)?\d{1,4}(?:室|号|房)?"
    ),
}

#: Only a person can tell a name from a word: held for review, never masked by itself.
_NAME = re.compile(
    r"(?:我叫|他叫|她叫|名叫|本名|真名|姓名(?:是|：|:)?|名字(?:是|叫))"
    r"(?![\u4e00-\u9fff]?某)([王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤][\u4e00-\u9fff]{1,3})"
)

#: Words that judge a person instead of telling what happened.
INSULTS = (
    "骗子", "诈骗犯", "骗钱", "死全家", "全家死", "去死", "王八", "混蛋", "畜生", "人渣",
    "垃圾人", "不要脸", "傻逼", "煞笔", "傻叉", "贱人", "狗东西", "狗日", "妈的", "他妈",
    "滚蛋", "曝光他全家", "人肉", "打爆他电话", "轰炸他",
    "scammer", "fraudster", "bastard", "asshole", "idiot", "scumbag", "crook", "fuck",
)  # fmt: skip
_INSULT = re.compile("|".join(map(re.escape, INSULTS)), re.I)
_MASK = "■■■"


class _Narrow(dict[int, str]):
    """Character -> its narrow form where that is one character too; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        narrow = unicodedata.normalize("NFKC", char)
        return self.setdefault(code, narrow if len(narrow) == 1 else char)


_narrow = _Narrow()


def _plain(text: str) -> str:
    """One character for one: full-width digits and letters narrow, so that places in both texts agree."""
    return text if text.isascii() else text.translate(_narrow)


def redact(text: str) -> str:
    """The text with personal data masked. Invisible characters are dropped first: they are only there to hide."""
    text = _INVISIBLE.sub("", text)
    places: list[tuple[int, int]] = []
    narrow = _plain(text)
    for pattern in PATTERNS.values():
        places += [match.span() for match in pattern.finditer(narrow)]
    places += [match.span() for match in PATTERNS["phone"].finditer(narrow.translate(_NUMERALS))]
    out, at = [], 0
    for start, end in sorted(places):
        if end <= at:
            continue
        if start >= at:
            out.append(text[at:start] + _MASK)
        at = end
    return "".join(out) + text[at:]


def personal_data(text: str) -> tuple[str, ...]:
    """The kinds of personal data that seem to be in the text."""
    return _personal_data(_seen_through(text))


def insulting(text: str) -> bool:
    """Whether the text holds a word of the insult list."""
    return _INSULT.search(_seen_through(text)) is not None


def screen(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The screens a report's free texts do not pass: `personal_data`, `insult`."""
    narrow = [_seen_through(text) for text in texts]
    found = []
    if any(_personal_data(text) for text in narrow):
        found.append("personal_data")
    if any(_INSULT.search(text) for text in narrow):
        found.append("insult")
    return tuple(found)


def _seen_through(text: str) -> str:
    return _plain(text if text.isascii() else _INVISIBLE.sub("", text))


def _personal_data(narrow: str) -> tuple[str, ...]:
    kinds = [kind for kind, pattern in PATTERNS.items() if pattern.search(narrow)]
    if narrow.isascii():
        return tuple(kinds)
    if "phone" not in kinds and PATTERNS["phone"].search(narrow.translate(_NUMERALS)):
        kinds.append("phone")
    if _NAME.search(narrow):
        kinds.append("name")
    return tuple(kinds)
