"""Words that judge, threaten or hunt a person instead of telling what happened. They are turned back with a kind sentence.

What the other side said may be told: words in quotation marks after a word of saying, and what was said to the reporter
("he called me a liar"), pass. Ordinary words of complaint (cheated, fraud, blocked, report them) are nobody's insult.
"""

from __future__ import annotations

import re

from .redaction import seen_through

_THEM = "(?:他|她|它|丫|这个?人|那个?人|对方|他们|她们|这家|老板|主播|博主|群主|客服|卖家|店家)"
_ALL = "(?:大家|各位|兄弟们|姐妹们|朋友们|家人们|网友们|所有人|一起|都去|都来|组团|快去|轮流)"
_HER = "(?:him|her|them)"
_HIS = "(?:his|her|their)"

SHAPES = {
    "harassment": (
        f"人肉(?:搜索|他|她|出来|一下|开|$|[，。！!])|打爆{_THEM}?|呼死{_THEM}|轰炸{_THEM}|{_ALL}[^。！？!?；]{{0,12}}(?:打爆|轰炸|骂|围攻|围堵|骚扰|上门|堵|打电话给?{_THEM}|打{_THEM})"
        f"|骚扰(?:到)?(?:{_THEM}|死)|(?:扒|挂|曝光|公布|贴)(?:出)?{_THEM}(?:的)?(?:全家|家人|住址|地址|电话|手机|身份|照片|单位|孩子)"
        f"|去{_THEM}(?:家|单位|公司|学校)(?:里|门口)?(?:闹|堵|泼|砸|骂)|给{_THEM}(?:打骚扰|寄花圈|寄恐)"
        f"|(?:everyone|everybody|all of you|let us all|let's all|please all|guys)[^.!?]{{0,20}}(?:call|text|message|spam|harass|flood|e-?mail|visit|find) {_HER}"
        f"|(?:call|text|message|phone) {_HER} (?:at|on) [+(]?[0-9■]|(?:spam|harass|doxx?|flood|hunt down|swat) {_HER}|blow up {_HIS} phone"
        f"|(?:go|turn up|show up)(?: all)? (?:to|at) {_HIS} (?:home|house|door|office)|find out where (?:he|she|they) lives?"
    ),
    "threat": (
        "弄死|整死|砍死|捅死|烧死|打死(?:他|她|你|这|那)(?!们?也不|们?都不)|杀(?:了|死)?(?:他|她|你|全家)|杀他全家|不得好死|收尸"
        "|上门(?:找|堵|打|砸|揍|收拾|教训|泼|闹)|打断(?:他|她|你)|废了(?:他|她|你)|砍(?:了)?(?:他|她|你)|揍(?:他|她|你|死)|收拾(?:他|她|你)(?:全家|一顿)"
        "|放(?:他|她|你)的?血|(?:烧|砸|炸)(?:了|掉)?(?:他|她|你)(?:的|家)|小心(?:你|他|她)的?(?:全家|狗命|命|孩子|家人)|(?:你|他|她)(?:给我)?等着(?:瞧|吧|死|挨)|让(?:他|她|你)(?:全家|付出代价|吃不了)"
        f"|(?:kill|murder|stab|shoot|hurt|beat up|burn down|come for|come after) (?:you|him|her|them|{_HIS} (?:house|shop|family))|beat {_HER} up"
        f"|break (?:{_HIS}|your) (?:legs?|arms?|neck|bones)|(?:you|he|she|they)(?:'ll| will) (?:regret (?:it|this)|pay for this)|watch (?:your|{_HIS}) back"
    ),
    "insult": (
        "骗子(?!们?的说法)|诈骗犯|死全家|全家死|去死(?!活|掉|不)|王八(?:蛋|羔子)|混蛋|混账|畜生|人渣|败类|垃圾(?:人|东西|玩意|骗|货|公司老板)|不要脸|臭不要脸"
        "|[傻煞沙][逼比屄叉缺笔b]|傻(?:x|×|\\*)|脑残|贱人|贱货|婊|狗东西|狗日|狗屎|狗娘|(?:他|你|特|去)妈的(?!妈|手机|账号|帐号|微信|号|钱|名|奖)|(?<![\u4e00-\u9fff])妈的|草泥马|操你|滚蛋|没教养|下三滥|老赖皮|无赖"
        "|(?<![a-z])(?:cnm|nmsl|tmd|sb)(?![a-z])"
        "|(?<![a-z])(?:scammers?|fraudsters?|bastards?|assholes?|idiots?|scumbags?|scum|crooks?|morons?|bitch(?:es)?|retards?|fuck(?:ing|ers?|ed)?|motherfuckers?|piece of (?:shit|crap|trash))(?![a-z])"
    ),
}
_SHAPES = {kind: re.compile(shape, re.I) for kind, shape in SHAPES.items()}
#: What somebody else said: in quotation marks after a word of saying that is not the reporter's own.
_QUOTED = re.compile(
    r"(?<!我)(?<!我想)(?<!只想)(?<!I )(?:说|骂|回|称|讲|喊|发|写|威胁|回复|留言|声称|said|says|wrote|called|calls|replied|told|threatened)"
    r"[^“”\"「」『』。！？!?.]{0,12}(?:“[^”]{0,200}”|\"[^\"]{0,200}\"|「[^」]{0,200}」|『[^』]{0,200}』)",
    re.I,
)
#: What was said of or to the reporter.
_AT_ME = re.compile(
    r"(?:骂|说|叫|喊|称|污蔑|诬陷|威胁)(?:我|咱|我们|俺)(?:们)?[^，。！？；,!?;]{0,12}"
    r"|(?:called|calls|calling|named) (?:me|us) (?:an? )?[a-z]{1,20}(?: [a-z]{1,20})?"
    r"|(?:threatened|threatens) (?:to )?[a-z]{1,12} (?:me|us)",
    re.I,
)
_BETWEEN = re.compile(r"(?<=[\u4e00-\u9fff])[ \t*.·_\-]{1,3}(?=[\u4e00-\u9fff])")


def unkind(text: str, *, quotes: bool = False) -> str:
    """The gravest kind of `rules.UNKIND` in the text, or nothing. `quotes`: the whole text is what the other side said, so that only
    a call to harass is the reporter's own.
    """
    view = _BETWEEN.sub("", seen_through(text)[0])
    if not any(shape.search(view) for shape in _SHAPES.values()):
        return ""
    if quotes:
        return "harassment" if _SHAPES["harassment"].search(view) else ""
    told = _AT_ME.sub(" ", _QUOTED.sub(" ", view))
    return next((kind for kind, shape in _SHAPES.items() if shape.search(told)), "")


def insulting(text: str) -> bool:
    """Whether any word of the lists is in the text, quoted or not."""
    view = _BETWEEN.sub("", seen_through(text)[0])
    return any(shape.search(view) for shape in _SHAPES.values())
