"""Pairs of organizers, labelled by hand: are they one? All invented. Each side: host, handle, name, registration number."""

from __future__ import annotations

from typing import NamedTuple


class Side(NamedTuple):
    host: str
    handle: str = ""
    name: str = ""
    reg_no: str = ""
    borrowed: bool = False


class Pair(NamedTuple):
    why: str
    one: Side
    other: Side
    same: bool


def _pairs(same: bool, *rows: tuple[str, Side, Side]) -> list[Pair]:
    return [Pair(why, one, other, same) for why, one, other in rows]


W, B, D, T, X = "wechat", "weibo", "douyin", "taobao", "xiaohongshu"
REG = "91110108MA01ABCD{}X"
S = Side
PAIRS = [
    *_pairs(
        True,
        ("renamed, same registration", S(W, "gh_aa71", "晨光好物", REG.format(1)), S(W, "gh_bb82", "暮色优选", REG.format(1))),
        ("two platforms, same registration", S(T, "chenxi_tm", "晨曦家居", REG.format(2)), S(D, "cx_live", "晨曦直播间", REG.format(2))),
        ("registration in small letters", S(T, "qinghe", "清禾茶", REG.format(3)), S(B, "qinghe_tea", "清禾茶业", REG.format(3).lower())),
        ("registration in full width", S(T, "luming", "鹿鸣书店", REG.format(4)), S(W, "gh_luming", "鹿鸣", "".join(chr(ord(c) + 65248) for c in REG.format(4)))),
        ("zero for the letter o", S(W, "moonshop", "月亮小铺"), S(W, "m00nshop", "月亮小铺")),
        ("one for the letter l", S(W, "lilyhome", "百合家"), S(W, "1ilyhome", "百合之家居")),
        ("rn for m", S(D, "rnango_fresh", "芒果鲜"), S(D, "mango_fresh", "芒果鲜生")),
        ("Cyrillic letters in the handle", S(B, "ореn_day", "开放日"), S(B, "open_day", "开放日官方")),
        ("Greek letter in the handle", S(B, "νova_shop", "新星店"), S(B, "vova_shop", "新星小店")),
        ("full width handle", S(X, "ｐｅｔｉｔ＿ｃａｆｅ１", "小咖啡馆一"), S(X, "petit_cafel", "小咖啡馆")),
        ("capital I for l", S(W, "hIllside88", "山坡"), S(W, "hlllside88", "山坡果园")),
        ("simplified and traditional", S(W, "", "宝岛手作铺"), S(W, "", "寶島手作鋪")),
        ("suffix flagship store", S(T, "", "云朵家纺"), S(T, "", "云朵家纺旗舰店")),
        ("suffix official", S(B, "", "山野露营"), S(B, "", "山野露营官方")),
        ("suffix official flagship", S(T, "", "拾光相机"), S(T, "", "拾光相机官方旗舰店")),
        ("company words", S(T, "", "禾木家具有限公司"), S(T, "", "禾木家具")),
        ("full width name", S(D, "", "ＡＢＣ潮玩社"), S(D, "", "ABC潮玩社")),
        ("spaces and dots in a name", S(B, "", "小 鹿 · 文创社"), S(B, "", "小鹿文创社")),
        ("same sound, wrong characters", S(W, "", "糖果物语"), S(W, "", "糖果物雨")),
        ("same sound, two wrong", S(W, "", "青柠美妆铺"), S(W, "", "清柠美装铺")),
        ("one character left out", S(D, "", "海风渔港生鲜"), S(D, "", "海风渔港鲜")),
        ("one letter changed in a latin name", S("instagram", "", "Sunny Bakery"), S("instagram", "", "Suny Bakery")),
        ("letters swapped", S("facebook", "", "Orchid Garden"), S("facebook", "", "Orchid Gadren")),
        ("emoji in the name", S(X, "", "奶油泡芙店🎉"), S(X, "", "奶油泡芙店")),
        ("close name, close handle", S(B, "huayu_store", "花屿花艺"), S(B, "huayu", "花屿花艺官方")),
        ("close name, a slip in the handle", S(D, "xingchenkids", "星辰童装"), S(D, "xingchenkid", "星辰童装店")),
        ("close name, underscore in the handle", S(W, "tea_house_cn", "茶舍小院"), S(W, "teahousecn", "茶舍小院官方")),
        ("same handle on two platforms, close name", S(B, "muzi_draws", "木子抽奖"), S(D, "muzi_draws", "木子抽奖官方")),
        ("same handle with @ elsewhere", S("x", "@kite_gifts", "风筝礼品"), S("instagram", "kite_gifts", "风筝礼品店")),
        ("same brand, other characters for one", S(T, "", "帮宝适家"), S(T, "", "帮宝适佳")),
        ("traditional handle owner, one slip", S(W, "longmenbook", "龍門書局"), S(W, "longmenbooks", "龙门书局")),
        ("branch named twice alike", S(T, "", "麦田烘焙（人民路店）"), S(T, "", "麦田烘焙(人民路店)")),
        ("renamed beyond likeness, nothing else on file", S(W, "gh_7713", "橙子优品"), S(W, "gh_9920", "蓝鲸生活")),
        ("initials for the name", S(D, "", "美丽人生俱乐部"), S(D, "", "MLRS俱乐部")),
    ),
    *_pairs(
        False,
        ("chain, two cities", S(T, "hdl_bj", "海底捞（北京王府井店）"), S(T, "hdl_sh", "海底捞（上海南京路店）")),
        ("chain without brackets", S(T, "", "蜜雪冰城北京站店"), S(T, "", "蜜雪冰城南京站店")),
        ("chain, same name, other handles", S(W, "luckin_bj01", "小蓝杯咖啡"), S(W, "kfc_sh_team", "小蓝杯咖啡")),
        ("chain, only the district differs", S(D, "", "小龙坎朝阳店"), S(D, "", "小龙坎海淀店")),
        ("provinces one character apart", S(B, "", "湖南卫视抽奖"), S(B, "", "湖北卫视抽奖")),
        ("rivers one character apart", S(B, "", "江苏文旅抽奖"), S(B, "", "江西文旅抽奖")),
        ("directions", S(W, "", "城东菜市场"), S(W, "", "城西菜市场")),
        ("numbered groups", S("qq", "", "福利群1群"), S("qq", "", "福利群2群")),
        ("numbered shops in characters", S(T, "", "老王烤鸭一店"), S(T, "", "老王烤鸭二店")),
        ("numbered handles", S(W, "fuli2021", "福利社"), S(W, "fuli2022", "福利社之家")),
        ("years in the name", S(B, "", "2024新年抽奖"), S(B, "", "2025新年抽奖")),
        ("new and old", S(W, "", "新东方书店铺"), S(W, "", "老东方书店铺")),
        ("big and small", S(D, "", "大白兔周边"), S(D, "", "小白兔周边")),
        ("brother and sister of one name", S(X, "", "李家大姐手作"), S(X, "", "李家二姐手作")),
        ("same name, two registrations", S(T, "", "阳光超市", REG.format(5)), S(T, "", "阳光超市", REG.format(6))),
        ("same name and look, two registrations", S(T, "sun0", "阳光百货", REG.format(7)), S(T, "suno", "阳光百货", REG.format(8))),
        ("same name, two platforms", S(T, "youxuan_a", "优选好物社"), S(D, "haowu_b", "优选好物社")),
        ("same name on two platforms, no handle", S(T, "", "每日生鲜社"), S(B, "", "每日生鲜社")),
        ("impersonator with the very handle", S(W, "gh_real01", "正品会"), S(W, "gh_real01", "正品会", borrowed=True)),
        ("impersonator with a look-alike", S(W, "xiaorni_gift", "小咪礼物", borrowed=True), S(W, "xiaomi_gift", "小咪礼物")),
        ("impersonator with a close name", S(D, "", "官方橘子汽水", borrowed=True), S(D, "", "橘子汽水")),
        ("impersonator of a university", S(B, "pku_draw", "北辰大学", borrowed=True), S(B, "", "北辰大学")),
        ("two short names", S(W, "", "小米"), S(W, "", "小蜜")),
        ("short latin names", S("x", "", "ABC"), S("x", "", "ABD")),
        ("one character differs, other sound", S(W, "", "海鲜食集铺"), S(W, "", "海鲜美集铺")),
        ("two shops of one street", S(T, "", "南锣鼓巷奶酪"), S(T, "", "南锣鼓巷奶茶")),
        ("generic names with other handles", S(W, "fuli_home", "福利中心站"), S(W, "choujiang66", "福利中心站")),
        ("handles that share a city ending", S(W, "tea_bj", "茶百香"), S(W, "tea_sh", "茶百香")),
        ("same handle, two platforms, other name", S(B, "sunshine", "阳光乐队"), S(D, "sunshine", "晴天烘焙")),
        ("same kind of handle", S(W, "gh_1234567890ab", "城市周末"), S(W, "gh_1234567891ab", "乡村早晨")),
        ("mother company and daughter", S(T, "", "星河集团", REG.format(9)), S(T, "", "星河集团", REG.format(0))),
        ("sizes in latin", S("instagram", "", "Cafe No 1 Draws"), S("instagram", "", "Cafe No 2 Draws")),
        ("men's and women's wear", S(T, "", "衣品天城男装"), S(T, "", "衣品天城女装")),
        ("letters of sections", S("qq", "", "抽奖互助甲组"), S("qq", "", "抽奖互助乙组")),
        ("a look-alike nobody has reported as borrowed", S(B, "paypa1_cn", "贝宝之友"), S(B, "paypal_cn", "贝宝")),
    ),
]  # fmt: skip
