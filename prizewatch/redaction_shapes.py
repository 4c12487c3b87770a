"""The shapes of personal data, as data: regular expressions over a text seen through its disguises (`redaction`).

Shapes, not proofs: an id number is masked on its shape whatever its check digit says. Every repetition has an upper bound
and no two that can match the same follow each other, so that no text takes long. A group named `it` is what is masked;
the words that tell what it is stay.
"""

from __future__ import annotations

import re

#: Digits as they are said on the telephone, and as numbers are written on cheques.
NUMERALS = dict(zip("零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖幺洞两拐勾", "0012345678912345678910279", strict=True))
#: Characters nobody sees, or that only change how the one before them looks.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20e3\u3164\ufe00-\ufe0f\ufeff]"
)

_G = r"[ \t.,·•_~/()\-–—‐‑−\u3000]{0,3}"  # what may stand between the digits of a number
_G1 = r"[ .·_\-–—]?"
_TLD = r"(?:com|cn|net|org|edu|gov|io|me|top|cc|vip|xyz|tv|co|info|app|site|online|shop|ltd)"
_IS = r"[ \t]{0,2}(?:号码|帐号|账号|号|群号|群|id|ID|ld)?[ \t]{0,2}(?:[是为：:=,☞→>❤♥(（]|就是){0,2}[ \t]{0,2}"
_TOKEN = r"(?P<it>[A-Za-z](?=[-A-Za-z]{0,18}[_0-9])[-_0-9A-Za-z]{4,19}|(?<![0-9])[0-9]{6,12}(?![0-9]))"
_ANY_TOKEN = r"(?P<it>[A-Za-z][-_0-9A-Za-z]{5,19})"
_CALL = r"(?:微 ?信|威信|薇信|徽信|维信|卫星号|[vV] ?信|wei ?信|weixin|wechat|微x|[vw] ?x|薇)"
_ADD = r"(?:加我?|➕|\+|扫码加|我的|扫|搜)"
_N = r"[0-9零〇一二三四五六七八九十百]"
_UNIT = rf"(?:{_N}{{1,5}}|[A-Z])(?:号院|号楼|栋|幢|座|期|单元|号|弄|室|层|楼|组|户)|之[一二三]|[东西南北中]户|(?<=[号栋幢座元楼])[0-9]{{3,4}}"
_MORE = rf"(?:{_UNIT}|[\u4e00-\u9fff]{{2,8}}(?={_N}{{1,5}}(?:号楼|栋|幢|座)|[A-Z]座|[A-Z]栋)){{0,6}}"
_NOT_A_NUMBER = r"(?!开奖|公布|抽|发|才|晚|早|上午|下午|前|后|那天|中奖|截止|结束|开始|推文|管理|楼梯)"

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施洪季庞樊兰殷倪葛牛单"
)

#: (kind, shape): the longer and surer before the shorter. `numerals`: also looked for where digits are written as words.
SHAPES: tuple[tuple[str, str], ...] = (
    ("link", r"(?i:h[tx]{2}ps?|ftp|weixin)[ ]?[:：][ ]?//[^\s,;，。；、）)\u4e00-\u9fff■]{1,300}"),
    ("link", r"(?<![A-Za-z0-9@.])(?i:www)\.[^\s,;，。；、）)\u4e00-\u9fff■]{1,300}"),
    ("link", rf"(?<![A-Za-z0-9@.\-])(?:[A-Za-z0-9][A-Za-z0-9\-]{{0,40}}\.){{1,4}}{_TLD}/[^\s,;，。；、）)\u4e00-\u9fff■]{{1,300}}"),
    ("email", r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64} ?@ ?[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}"),
    (
        "email",
        r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64} ?(?:[\[({<#_] ?at ?[\])}>#_]|艾特) ?"
        rf"[A-Za-z0-9\-]{{1,63}} ?(?:\.|[\[({{<] ?dot ?[\])}}>]|点| dot ){{1,3}} ?{_TLD}(?![A-Za-z])",
    ),
    (
        "email",
        rf"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{{1,64}} at [A-Za-z0-9\-]{{1,63}} dot {_TLD}(?![A-Za-z])",
    ),
    ("reg_no", r"(?<![0-9A-Za-z])(?=[0-9A-Z]{0,17}[A-Z])(?![0-9]{6}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{4}X)[159][1239][0-9]{6}[0-9A-HJ-NP-RTUW-Y]{10}(?![0-9A-Za-z])"),
    ("id_number", r"护照(?:号码|号)?[ ：:是为]{0,3}(?P<it>[A-Z]{1,2}[0-9]{7,8})(?![0-9A-Za-z])"),
    ("plate", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ·.]?"
              r"(?=[A-HJ-NP-Z]{0,3}[0-9][A-HJ-NP-Z]{0,3}[0-9])[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"),
    ("wechat", r"(?<![A-Za-z0-9])(?P<it>wxid_[0-9A-Za-z_\-]{1,30})"),
    ("wechat", rf"(?i:(?<![A-Za-z]){_CALL}{_IS}){_TOKEN}"),
    ("wechat", rf"(?i:{_ADD}[ ]?(?:[vV薇威徽维](?:[信xX])?|微){_IS}){_TOKEN}"),
    ("wechat", rf"(?i:(?<![A-Za-z])[vV][：:]){_TOKEN}"),
    ("wechat", rf"(?i:(?:微信|[vV]信|威信|薇信|徽信|维信|(?<![A-Za-z])vx|(?<![A-Za-z])wx|weixin)(?:号|id)[ ]?(?:[是为：:=]|叫){{0,2}}[ ]?|(?:微信|[vV]信|vx)[：:][ ]?){_ANY_TOKEN}"),
    (
        "address",
        r"[\u4e00-\u9fff]{1,7}(?:省|市|自治区)[\u4e00-\u9fff]{1,7}(?:市|区|县|州)[\u4e00-\u9fff]{1,16}(?:路|街道|街|镇|乡|小区|社区|村)(?![\u4e00-\u9fff]{0,1}(?:步行街|上的|办))"
        rf"{_MORE}",
    ),
    ("address", rf"[\u4e00-\u9fff]{{1,8}}(?:[路街巷村]|大道|胡同|小区|花园|公寓|家园|[^苑]苑|新村|大院|社区|大厦|中心)(?:[东西南北中]段)?{_N}{{1,5}}(?:-[0-9]{{1,4}})?(?:号院|号楼|号|弄|栋|幢|座|组){_NOT_A_NUMBER}{_MORE}"),
    ("address", rf"[\u4e00-\u9fff]{{2,8}}(?:市|区|县)[\u4e00-\u9fff]{{1,8}}道{_N}{{1,5}}号{_MORE}"),
    ("address", rf"[\u4e00-\u9fff]{{2,8}}(?:大厦|公寓|中心|花园|小区|广场|科技园|苑)[A-Z](?:座|栋)[0-9]{{0,4}}室?{_MORE}"),
    ("address", r"(?<![0-9A-Za-z])[0-9]{1,4}(?:栋|幢|号楼)(?:[0-9]{1,2}单元)?[0-9]{1,4}(?:室|号|房)?(?:[东西]户)?"),
    ("address", r"(?<![0-9A-Za-z])(?:No\. ?)?[0-9]{1,5} [A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){0,3} (?:Road|Rd|Street|St|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd)(?![A-Za-z])"),
)  # fmt: skip

#: Numbers by shape; looked for also where the digits are written as words.
NUMBERS: tuple[tuple[str, str], ...] = (
    ("id_number", rf"(?<![0-9])[1-9](?:{_G1}[0-9]){{5}}{_G1}(?:1{_G1}[89]|2{_G1}0)(?:{_G1}[0-9]){{2}}{_G1}(?:0{_G1}[1-9]|1{_G1}[0-2]){_G1}(?:0{_G1}[1-9]|[12]{_G1}[0-9]|3{_G1}[01])(?:{_G1}[0-9]){{3}}{_G1}[0-9Xx](?![0-9A-Za-z])"),
    ("id_number", rf"(?<![0-9])[1-9](?:{_G1}[0-9]){{5}}{_G1}[0-9]{_G1}[0-9]{_G1}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:{_G1}[0-9]){{3}}(?![0-9A-Za-z])"),
    ("card", rf"(?<![0-9])[2-6][0-9]{{3}}(?:{_G1}[0-9]{{4}}){{2}}(?:{_G1}[0-9]{{1,4}}){{1,2}}(?![0-9])"),
    ("card", r"(?<![0-9])3[47][0-9]{2}[ -][0-9]{6}[ -][0-9]{5}(?![0-9])"),
    ("phone", rf"(?<![0-9])(?:\((?=[+0-9]{{2,6}}\)))?(?:(?:\+|00)?86{_G})?1{_G}[3-9](?:{_G}[0-9]){{9}}(?![0-9])"),
    ("phone", r"(?<![0-9.])\(?0(?:10|2[0-9]|[3-9][0-9]{2})\)?[ \-]{0,2}[2-8][0-9]{2,3}[ \-]?[0-9]{4}(?![0-9])"),
    ("qq", r"(?i:(?:(?<![A-Za-z])Q ?Q|扣扣|企鹅|球球|蔻蔻|(?<![A-Za-z])Q号|加Q|(?<![A-Za-z])Q(?=[:：]))(?:号码|号|群号|群)?[ ：:是为=,]{0,4})(?P<it>[1-9][0-9]{4,11}|[1-9][0-9]{2,3}(?: [0-9]{3,4}){1,2})(?![0-9])"),
    ("qq", r"扣(?P<it>[1-9][0-9]{4,11})(?![0-9元块分])"),
    ("qq", r"(?<![增追添])(?:找|加|联系)[ ：:]?(?P<it>[1-9][0-9]{7,11})(?![0-9元块万次人份])"),
)  # fmt: skip

#: Words after which a long number is one of a matter, not of a person: masked only where its check digit says card.
OF_A_MATTER = re.compile(
    r"(?:订单号|单号|编号|工单号|流水号|受理号|物流单号|快递号|条码|票号|退款单|序列号|案件号|运单号|order no\.?|case no\.?|ISBN)[ ：:是为]{0,3}$",
    re.I,
)

#: Only a person can tell a name from a word: after a telling word it is flagged for one, never masked by itself.
_NO_NAME = "马上|于是|方便|何[时能人必不况以等种处]|金额|白领|周围|常客|方案|任何|万一|程序|范围|高价|石头|江湖|龙头|毛巾|单独|牛奶|温馨|向|严|武"
NAMES: tuple[str, ...] = (
    r"(?:我|他|她|人|老板|店主|群主|主播|客服|对方|卖家|博主|发起人|朋友|同事|同学|真名|本名|名字|名)叫(?:做)?"
    rf"(?P<it>(?!{_NO_NAME})(?:欧阳|司马|上官|诸葛|[{SURNAMES}])(?!某)[\u4e00-\u9fff]{{1,2}})",
    r"(?:姓名|名字|真名|本名|收件人|收货人|联系人|户名|户主)[ ]{0,2}(?:是|为|：|:|叫|\s)[ ]{0,2}"
    rf"(?P<it>(?!{_NO_NAME})(?:欧阳|司马|上官|诸葛|[{SURNAMES}])(?!某)[\u4e00-\u9fff]{{1,2}})",
    r"(?:小编|编辑|版主|楼主|群主|团长|店主|店员|老板|主播|博主|客服|业务员|经办人|负责人)"  # a title, and at once a name of three
    rf"(?P<it>(?!{_NO_NAME})(?:(?:欧阳|司马|上官|诸葛)[\u4e00-\u9fff]|[{SURNAMES}](?!某)[\u4e00-\u9fff][\u4e00-\u9fff])(?<![地得着了过])"
    r"(?=[^\u4e00-\u9fff]|$|让|叫|说|把|加|拉黑|联系|回复|发来|收))",
    r"(?i:(?<![A-Za-z])(?:my|his|her) name is) (?P<it>[A-Z][a-z]{1,20}(?: [A-Z][a-z]{1,20}){1,2})",
)
