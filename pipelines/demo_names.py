"""Invented names, handles, titles and stories for the demo. Syllables put together by number: no real firm is meant."""

from __future__ import annotations

_SPELLED = (
    "栀zhi 屿yu 岚lan 澄cheng 渡du 禾he 鹿lu 笙sheng 槿jin 沐mu 榆yu 棠tang 溪xi 砚yan 苒ran 珞luo 霁ji 皎jiao "
    "杳yao 朵duo 穗sui 芷zhi 汀ting 崖ya 麓lu 萤ying 泊bo 蓝lan 桐tong 柚you 梨li 舟zhou 阙que 隅yu 笺jian 蔻kou "
    "绯fei "
)
#: Characters for names with their pinyin, for handles.
SYLLABLES = tuple((word[0], word[1:]) for word in _SPELLED.split())
NAMES = len(SYLLABLES) * (len(SYLLABLES) - 1) * (len(SYLLABLES) - 2)
SUFFIXES = {
    "online_shop": ("优品旗舰店", "生活馆", "直播间", "小铺", "严选店", "数码店", "母婴馆", "零食铺"),
    "brand_company": ("科技", "食品", "家居", "美妆", "文创", "饮品", "服饰", "乐器"),
    "factory_shop": ("工厂店", "源头厂货", "家纺厂店", "鞋服厂店"),
    "official_account": ("日报", "生活圈", "福利社", "读书会", "美食地图", "亲子说", "攻略", "影音志"),
    "creator": ("同学", "的日常", "爱测评", "厨房", "撸猫记", "手作", "游戏解说", "旅行笔记"),
    "other_institution": ("商场", "协会", "读书社", "活动中心"),
    "platform_self": ("抽奖官方", "活动小秘书"),
    "micro_seller": ("微店", "好物铺"),
    "daigou": ("代购", "海淘小屋"),
    "individual": ("", ""),
    "unknown": ("", ""),
}
ABROAD_SUFFIXES = ("Studio", "Goods", "Daily", "Closet", "Lab", "Bakes")

TITLES = tuple(
    f"{when}{what}{how}"
    for when in ("新春", "520", "618", "七夕", "双十一", "跨年", "周年庆", "开业", "粉丝破万", "周末")
    for what in ("宠粉", "福利", "好物", "红包", "锦鲤", "盲盒")
    for how in ("抽奖", "大抽奖", "转发抽奖", "直播福袋")
)
TITLES_ABROAD = ("Spring giveaway", "Holiday giveaway", "10k followers giveaway", "Launch giveaway", "Weekend giveaway")

_OPENINGS = (
    "我参加了这场抽奖并按要求转发和关注，开奖页面显示我中了奖。",
    "开奖当天小程序通知我中奖，我马上截图并联系了主办方。",
    "中奖后我按页面提示填了收货信息，客服一开始说会安排。", "我和朋友都参加了活动，名单公布后我在中奖名单里。",
    "我是老粉丝，活动规则当时写得很清楚，我都做到了。",
)  # fmt: skip
_ENDINGS = {
    "not_shipped": ("过了约定的时间还是没有发货，问了几次都说在排队。", "说好一个月内寄出，到现在没有物流单号。"),
    "no_response": ("之后发了好几次消息，一直没有人回复。", "电话和私信都试过，没有任何答复。"),
    "unstated_condition": ("兑奖时才说要先加好友满一个月，活动页上没有这一条。", "领奖时多出一个当初没有写的条件。"),
    "blocked_after_address": ("我把地址发过去以后就被拉黑了。", "提交信息的第二天发现被移出了群。"),
    "pay_to_claim": ("对方要求先付运费和手续费才肯发奖。", "客服说要先下单购物才能领奖。"),
    "prize_changed": ("收到的东西和页面上展示的不是同一款。", "奖品换成了便宜得多的小样。"),
    "declared_void": ("对方说这次活动作废，没有给出依据。", "只回了一句名单不算数。"),
}
_ANY_ENDING = ("双方说法不一，希望有人帮忙核对。", "我保留了页面和聊天记录，等待处理结果。")
NARRATIVES_ABROAD = (
    "I won this giveaway and followed every stated step, but the prize has not arrived and messages stay unread.",
    "The account announced me as the winner, asked for my details and then stopped answering.",
)
#: A story with an invented phone number from a range nobody is given, and one with a word of abuse: both are held.
WITH_PHONE = "中奖后对方让我打16000000000这个电话联系，打了很多次都没有人接听。"
WITH_INSULT = "中奖后一直不发货，问就拉黑，这个主办方真是不要脸，希望大家都知道。"

REFUSALS = {
    "explicit": ("这次活动作废了", "名单有误，不能兑奖", "你不符合条件，不予发放", "活动已经结束，不再补发"),
    "blocked": ("",),
    "silent": ("",),
    "conditional": ("先付运费再发", "满足新条件后再给你", "要先下单才能领"),
    "reduced": ("只能给你换成小样", "奖品发完了，给一张优惠券"),
}
REFUSALS_ABROAD = {
    "explicit": ("This draw is void.", "You are not eligible."),
    "blocked": ("",),
    "silent": ("",),
    "conditional": ("Pay the shipping first.",),
    "reduced": ("We can only send a sample.",),
}
OTHER_REASON = "主办方说负责人已经离职，没有人接手这场活动"


def narratives(reason: str) -> tuple[str, ...]:
    """Stories for a reason of dispute."""
    return tuple(opening + ending for opening in _OPENINGS for ending in _ENDINGS.get(reason, _ANY_ENDING))


def _mixed(number: int) -> tuple[int, int, int]:
    """Three different syllables for a number; different numbers below NAMES give different names."""
    size = len(SYLLABLES)
    scattered = (number + 1) * 20_011 % NAMES
    first, rest = scattered % size, scattered // size
    second, third = rest % (size - 1), rest // (size - 1)
    second += second >= first
    for taken in sorted((first, second)):
        third += third >= taken
    return first, second, third


def name(number: int, organizer_type: str, abroad: bool) -> str:
    """The display name of an organizer, by its number. Repeats itself only after many thousands."""
    again, within = divmod(number, NAMES)
    syllables = [SYLLABLES[k] for k in _mixed(within)]
    if abroad:
        return f"{''.join(s[1] for s in syllables).title()} {ABROAD_SUFFIXES[number % len(ABROAD_SUFFIXES)]}" + _more(
            again
        )
    suffixes = SUFFIXES[organizer_type]
    return "".join(s[0] for s in syllables) + suffixes[number // 7 % len(suffixes)] + _more(again)


def _more(again: int) -> str:
    return f" {again + 1}" if again else ""


def handle(number: int, former: bool = False) -> str:
    """The handle of an organizer, unlike any other's; `demo_` says what it is."""
    spelled = "".join(SYLLABLES[k][1] for k in _mixed(number % NAMES))
    return f"demo_{spelled}_{number}{'_old' if former else ''}"
