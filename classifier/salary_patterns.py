"""The words that money is written in: number words, currencies, periods, and the regexes made of them.

Contains no logic of its own. Everything is as it stands in normalised text (see `text.py`): lower case, no Latin accents,
digits 0-9. The rates are in `reference/currencies.csv`; there "-x" is a name that only follows the amount, "x-" one that
only stands before it, "_" is a space, and where several currencies share a name the first row is its plain reading.

Every regex is linear: it starts at a character that it always consumes, each part after it is optional and bounded, or
possessive, so that nothing is ever scanned twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from classifier.patterns import pattern
from classifier.reference import read_table

PERIODS = ("hour", "day", "week", "month", "year", "once")
MONTHS = {"hour": 208.0, "day": 26.0, "week": 52 / 12, "month": 1.0, "year": 1 / 12, "once": 1.0}
"""Periods in a month: 26 days of eight hours, the six-day week that most of these ads mean."""


def _units(table: str) -> dict[str, tuple[float, str]]:
    """`currency multiplier words...` a line; "-" for a multiplier that no currency owns."""
    units: dict[str, tuple[float, str]] = {}
    for line in table.strip().splitlines():
        currency, value, *words = line.split()
        units.update({word.replace("_", " "): (float(value), currency.strip("-")) for word in words})
    return units


UNITS = _units("""
IDR 1e6 jutaan jutan juta jtan jt jeti yuta
IDR 1e3 ribuan ribu rban rb rbu rebu ewu
IDR 1e5 ratus_ribu ratusan_ribu
IDR 1e4 puluh_ribu puluhan_ribu
IDR 1e7 puluh_juta puluhan_juta
VND 1e6 trieu tr chai cu
VND 1e3 ngan nghin ngin
VND 1e5 lit
PHP 1e3 libo libong
INR 1e5 lakhs lakh lacs lac lpa लाख
INR 1e7 crore करोड़ करोड़
INR 1e3 hazar hazaar hajar hajaar हज़ार हज़ार हजार
THB 1e6 ล้าน
THB 1e5 แสน
THB 1e4 หมื่น
THB 1e3 พัน
LAK 1e6 ລ້ານ ລ
LAK 1e5 ແສນ
LAK 1e4 ໝື່ນ ຫມື່ນ
LAK 1e3 ພັນ
MMK 1e6 သန်း
MMK 1e5 သိန်း သိန္း သိန်
MMK 1e4 သောင်း ေသာင္း
MMK 1e3 ထောင် ေထာင္
KHR 1e6 លាន
KHR 1e5 សែន
KHR 1e4 ម៉ឺន មុឺន ម៊ឺន
KHR 1e3 ពាន់
CNY 1e4 万 萬 w
CNY 1e3 千 仟
KRW 1e4 만
BDT 1e3 হাজার
- 1e2 百 ร้อย ຮ້ອຍ ရာ រយ सौ
- 1e3 k ka thousand
- 1e6 million mil mn m
- 1e5 l
""")
WEAK_UNITS = frozenset(
    "k ka w thousand million mil mn m l lit cu chai hajar 百 ร้อย ຮ້ອຍ ရာ រយ सौ 千 仟 พัน ພັນ ထောင် ေထာင္ ພັນ ពាន់ ລ".split()
)
"""Units that also count other things, or are other words: only with a currency, a period, a word for pay or a known locale."""
LONE_UNITS = frozenset("m l mil mn 百".split())
"""Units that need a currency beside them."""
AMBIGUOUS = frozenset("p n r sh php mop tk sr qr ks dh br kd lak u d do te bath pound pounds kuai nt".split())
"""Names of currencies that are other words too: only with a hundred or more."""
SAME_UNITS = {
    "IDR": frozenset({"MYR", "BND"}),
    "INR": frozenset({"NPR", "BDT", "PKR", "LKR"}),
    "CNY": frozenset({"TWD", "HKD", "MOP", "MYR", "SGD", "JPY"}),
}  # fmt: skip
"""Whose ads also count in a currency's units."""
SMALL_UNITS = frozenset({"IDR", "VND", "MMK", "LAK", "KHR"})
"""Currencies of which a thousand buys nothing: "gaji 1.500" is dollars."""

CJK_DIGITS = {c: float(i) for i, c in enumerate("零一二三四五六七八九")} | {"两": 2.0, "兩": 2.0, "几": 3.0}
CJK_POWERS = {"十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "萬": 1e4}

_SPELLED = """
0.5 setengah
1 satu mot one isa isang หนึ่ง ໜຶ່ງ ຫນຶ່ງ ນຶ່ງ တစ် មួយ एक ek se
2 dua hai two dalawa dalawang สอง ยี่ ສອງ နှစ် ពីរ दो do
3 tiga ba three tatlo tatlong สาม ສາມ သုံး បី तीन teen
4 empat bon four apat สี่ ສີ່ လေး បួន चार char chaar
5 lima nam lam five limang ห้า ຫ້າ ငါး ប្រាំ पाँच पांच paanch panch
6 enam sau six anim หก ຫົກ ခြောက် ប្រាំមួយ छह छः chhah
7 tujuh bay seven pito pitong เจ็ด ເຈັດ ခုနစ် ខွនှစ် ប្រាំពីរ सात saat
8 delapan lapan tam eight walo walong แปด ແປດ ရှစ် ប្រាំបី आठ aath
9 sembilan chin nine siyam เก้า ເກົ້າ ကိုး ប្រាំបួន नौ nau
10 sepuluh ten sampu sampung दस das
11 sebelas eleven labing-isa ग्यारह
12 twelve labindalawa labindalawang बारह barah
15 fifteen labinlima labinlimang पंद्रह पन्द्रह pandrah
18 eighteen labingwalo labingwalong अठारह
20 twenty dalawampu dalawampung ชาว ຊາວ ម្ភៃ बीस bees
25 पच्चीस pachees pachchees
30 thirty tatlumpu tatlumpung សាមសិប तीस tees
35 पैंतीस
40 forty apatnapu apatnapung សែសិប चालीस chalis
50 fifty limampu limampung ហាសិប पचास pachas
60 sixty साठ
80 eighty अस्सी
1.5 डेढ़ डेढ़ dedh
2.5 ढाई dhai
"""
SPELLED = {word: float(line.split()[0]) for line in _SPELLED.strip().splitlines() for word in line.split()[1:]}
TENS = {"puluh": 10.0, "muoi": 10.0, "สิบ": 10.0, "ສິບ": 10.0, "ဆယ်": 10.0, "ဆယ့်": 10.0, "ដប់": 10.0, "belas": 10.0}
HUNDREDS = {"ratus": 100.0, "tram": 100.0, "hundred": 100.0, "daang": 100.0, "ร้อย": 100.0, "ຮ້ອຍ": 100.0, "ရာ": 100.0, "រយ": 100.0, "सौ": 100.0}  # fmt: skip
SPELLED_UNITS = frozenset(
    "juta ribu trieu nghin ngan thousand million lakh libo hazar ล้าน แสน หมื่น พัน ລ້ານ ແສນ ໝື່ນ ພັນ သိန်း သောင်း ထောင် "
    "លាន ម៉ឺន ពាន់ រយ लाख हज़ार हज़ार हजार".split()
)


@cache
def currency_rates() -> dict[str, float]:
    """Units of each currency to one US dollar."""
    return {row["code"]: float(row["per_usd"]) for row in read_table("currencies")}


@cache
def _names() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    before: dict[str, tuple[str, ...]] = {}
    after: dict[str, tuple[str, ...]] = {}
    for row in read_table("currencies"):
        for written in [row["code"].lower(), *row["names"].split()]:
            name = written.strip("-").replace("_", " ")
            for side, other in ((before, written.startswith("-")), (after, written.endswith("-"))):
                if not other and row["code"] not in side.get(name, ()):
                    side[name] = (*side.get(name, ()), row["code"])
    return before, after


NAMES_BEFORE, NAMES_AFTER = _names()
UNITS_BEFORE = ("သိန်း", "သိန္း", "သောင်း", "ေသာင္း")
"""Burmese round sums put the unit first."""


UNMARKED = ("บ", "ລ")
"""Single letters of scripts that do not mark where a word ends."""


def any_of(words: Iterable[str]) -> str:
    """A regex for any of the words, the longest first, tried only where the first character fits."""
    groups: dict[str, list[str]] = {}
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        edge = "(?![a-z])" if word[-1].isascii() and word[-1].isalpha() else ""
        edge = "(?![\u0e01-\u0eff])" if word in UNMARKED else edge
        groups.setdefault(word[0], []).append(re.escape(word[1:]) + edge)
    return "(?:" + "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in groups.items()) + ")"


GLUED = tuple("usd usdt php thb baht rm vnd idr sgd aed inr jpy krw twd rupiah dong do u d te won yen peso".split())
"""Currencies that may stand right behind a unit."""
_LATIN_UNITS = "|".join(sorted((u for u in UNITS if u.isascii()), key=len, reverse=True))
_OTHER_UNITS = "|".join(sorted((u for u in UNITS if not u.isascii()), key=len, reverse=True))
_NOT_UNITS = "ရာခိုင်|พันธ|[千仟][克瓦米卡]|百分|ລ(?!້ານ)[\u0e81-\u0eff]"
_UNIT = rf"(?:(?:{_LATIN_UNITS})(?:(?![a-z])|(?={any_of(GLUED)}))|(?!{_NOT_UNITS})(?:{_OTHER_UNITS}))"
_NOT_COUNTED = "(?![个個天月年周週日小位名人])"
_NUMBER = (
    r"[0-9一二两兩三四五六七八九十几](?:(?<=[0-9])(?:[0-9]{0,2}(?: 000| [0-9]{3} [0-9]{3})(?![0-9.,])|[0-9]*+(?:[.,][0-9]++)*+)|"
    rf"(?<![0-9])[一二三四五六七八九十]{{0,2}}[百千万萬](?:[一二两兩三四五六七八九]{_NOT_COUNTED}|[零百千十]){{0,5}})"
)
_HALF = "ခွဲ|ครึ่ง|ເຄິ່ງ|កន្លះ|半|(?: ruoi)"
SIDE = pattern(
    rf"(?P<number>{_NUMBER})(?: ?(?P<unit>{_UNIT})(?: ?(?P<more>[0-9]{{1,3}}+) ?(?P<less>{_UNIT})|"
    rf"(?P<rest>[0-9]{{1,3}}+(?![.,][0-9])|[一二三四五六七八九]{_NOT_COUNTED}|{_HALF}))?)?"
)
"""A number with its units."""
DASHES = "-–—~−"
TO_WORDS = (
    *DASHES,
    "up to",
    *"to sd s/d s.d sampai smp hingga hgg den toi hanggang until till se से ถึง ຫາ ເຖິງ မှ ကနေ ដល់ ទៅ 至 到".split(),
)
"""What stands between the ends of a range."""
_TO = f"[{DASHES}]{{1,2}}|s[./]?d[.]?(?![a-z])|" + "|".join(
    word + ("(?![a-z])" if word in ("to", "se") else "") for word in TO_WORDS[len(DASHES) :]
)
BETWEEN = pattern(
    rf"(?:,-)? {{0,2}}(?:{_TO}) {{0,2}}([^0-9\n]{{0,{max(map(len, NAMES_BEFORE)) + 2}}}?)(?=[0-9一二两兩三四五六七八九十几])"
)
"""The middle of a range, with what may be the currency before its second end."""


SPELLED_WORD = pattern(any_of([*SPELLED, *TENS, *HUNDREDS]))
SPELLED_BEFORE = pattern(f"(?:{SPELLED_WORD.pattern}[ -]?){{1,5}}$")
SPELLED_UNIT = pattern("|".join(map(re.escape, sorted(SPELLED_UNITS))))
SPELLED_AFTER = pattern(
    f" ?(?:(?P<hundreds>(?:{SPELLED_WORD.pattern}[ -]?){{1,3}}?{any_of(HUNDREDS)})|"
    f"(?P<words>(?:{SPELLED_WORD.pattern}[ -]?){{1,4}}?)(?P<unit>{any_of(SPELLED_UNITS)}))"
)
