"""The words around an amount of money, and the regexes made of them: what it is paid for, what makes it pay or a fee, and what is
counted or timed and is no money.

Contains no logic of its own. Everything is as it stands in normalised text; every regex is linear (see `salary_patterns`).
"""

from __future__ import annotations

import re

from classifier.patterns import pattern
from classifier.salary_patterns import any_of


def _words(words: str) -> list[str]:
    """Words of a list, "_" for a space."""
    return [word.replace("_", " ") for word in words.split()]


def _anywhere(words: list[str], whole_words: list[str]) -> re.Pattern[str]:
    """A regex that looks for words; the second ones not within others of Latin letters.

    Every branch begins with a letter, and so the search passes over all others.
    """
    groups: dict[str, list[str]] = {}
    for word in words:
        groups.setdefault(word[0], []).append(re.escape(word[1:]))
    for word in whole_words:
        groups.setdefault(word[0], []).append(rf"(?<![a-z].){re.escape(word[1:])}(?![a-z])")
    return pattern("|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in groups.items()))


PERCENT = pattern(" ?(?:%|percent|persen|porsiyento|phan tram|เปอร์เซ็น|ເປີເຊັນ|ရာခိုင်|ភាគរយ|प्रतिशत|[:/][0-9]|[x×][0-9])")
COUNTED = pattern(
    " ?(?:(?:orang|org|karyawan|pekerja|pelamar|pengikut|peserta|anggota|members?|users?|people|persons?|workers?|staff|followers?|"
    "subscribers?|subs|views?|likes?|clients?|customers?|nasabah|pelanggan|pengguna|units?|pcs|buah|kata|words?|langkah|steps?|km|kg|cm|"
    "mm|ml|meters?|m2|gram|tons?|nguoi|ban|nhan vien|cong nhan|khach|san pham|don|chu|lan|kali|x|times|judul|halaman|pages?|titles?|"
    "posts?|slots?|vacancies|positions?|katao|tao|seats?|rooms?|beds?|resolution|resolusi|videos?|tv|mah|mb|gb|volts?|watts?|rpm|run)"
    "(?![a-z])|คน|ท่าน|อัตรา|ตำแหน่ง|ครั้ง|ชิ้น|รูป|กิโล|เมตร|ซม|ຄົນ|ຕຳແໜ່ງ|ຊຸດ|ໜ່ວຍ|ယောက်|ဦး(?!စွာ)|ကြိမ်|ခု|ပုံ|စု|នាក់|ដង|लोग|लोगों|पद|"
    "人|名|位|号|號|个|個|次|件|家|份|张|字|公里|公斤|米|粉|单|單|套|台)"
)
"""What is counted or measured, and so is not money."""
TIMED = pattern(
    " ?(?:(?:tahun|thn|th|years?|yrs?|yo|tuoi|hari|days?|jam|hours?|hrs?|menit|minutes?|mins?|minggu|weeks?|bulan|bln|months?|phut|gio|ngay|"
    "nam|thang|oras|araw|buwan|taon|am|pm|wib|ke atas)(?![a-z])|ปี|วัน|เดือน|ชั่วโมง|ชม|นาที|น[.]|ປີ|ວັນ|ມື້|ເດືອນ|ຊົ່ວໂມງ|ຊມ|ນາທີ|"
    "နှစ်|ရက်|နာရီ|မိနစ်|ឆ្នាំ|ថ្ងៃ|ម៉ោង|នាទី|ខែ|साल|वर्ष|घंटे|दिन|मिनट|उम्र|岁|歲|小时|小時|分钟|分鐘|天|年|月|日)"
)
"""Ages, dates and working hours."""

_PAY = _words(
    "gaji gji wages earning salary salaries honorarium penghasilan pendapatan kompensasi remunerasi pokok tunjangan luong "
    "เงินเดือน รายได้ ค่าจ้าง ค่าแรง ค่าตอบแทน รายรับ ฐานเงิน 薪 工资 工資 收入 待遇 月入 日结 日結 片酬 补贴 လစာ ဝင်ငွေ လုပ်ခ လုပ်အားခ "
    "နေ့တွက် ប្រាក់ខែ បៀវត្ស ឈ្នួល ចំណូល ເງິນເດືອນ ລາຍຮັບ ລາຍໄດ້ ຄ່າແຮງ ຄ່າຈ້າງ ຖານເງິນ वेतन तनख्वाह तनख़्वाह सैलरी पगार "
    "मानदेय पारिश्रमिक कमाई আয় বেতন 💰 💵 💸 💴 💲"
)
_WHOLE_PAY = _words(
    "gj sal lg pay paid pays paying base basic basic: earn wage get honor luong vetan kita sweldo suweldo sahod tro_cap "
    "thu_nhap upah income stipend package compensation remuneration allowance ctc thp"
)
PAY = _anywhere(_PAY, _WHOLE_PAY)
PAY_AFTER = pattern(
    r" ?\+ ?(?:komisi|kms|kom|bonus|insentif|incentive|commission|comm|ot|overtime|service|svc|tips?|lembur|hoa hong|thuong|%|hh|pf|"
    "提成|奖金|獎金|绩效|超时|加班|คอม|โบนัส|ค่า|ทิป|โอที|ຄອມ|ໂບນັດ|ທິບ|ကော်မရှင်|ဘောနပ်|កម្រៃ|រង្វាន់|कमीशन|इंसेंटिव|भत्ता)|提成| k\\+"
)
_FEE = _words(
    "biaya deposit jaminan uang_muka admin potong denda tebus sewa bonus hadiah sign-on joining ค่าสมัคร ค่าธรรมเนียม "
    "ค่าประกัน มัดจำ ค่าอบรม ค่าเช่า ค่าหัว ปรับ โบนัส ค่าเซ็น 押金 保证金 保證金 费 費 定金 奖金 介绍人 စပေါ် အာမခံကြေး ဝန်ဆောင်ခ ဗီဇာကြေး "
    "ဆုကြေး ကြေး កក់ សេវា រង្វាន់ ຄ່າທຳນຽມ ມັດຈຳ ຄ່າປະກັນ ຄ່າຫົວ ໂບນັດ ค่านายหน้า शुल्क फीस फ़ीस जमा बोनस"
)
_WHOLE_FEE = _words(
    "dp fee fees fine phi coc ky_quy dat_coc rent pay_rs charge deduct refundable kiraya bayad_sa penalty thuong phat bond"
)
FEE = _anywhere(_FEE, _WHOLE_FEE)
"""Money that is paid once, or by the worker."""

_WORDS = {
    "hour": "jam hour hr hrs gio h oras ghanta ghante ชั่วโมง ชม ຊົ່ວໂມງ ຊມ နာရီ ម៉ោង 小时 小時 钟头 時 घंटा घंटे",
    "day": "hari hr_kerja day ngay araw din dihadi shift วัน ວັນ ມື້ ရက် နေ့ ថ្ងៃ 天 日 班 दिन",
    "week": "minggu mgg week wk tuan linggo saptaah hafte สัปดาห์ อาทิตย์ ອາທິດ ပတ် သပတ်တစ် សប្តាហ៍ អាទិត្យ 周 週 星期 礼拜 सप्ताह हफ़्ते हफ्ते",
    "month": "bulan bln bl month mo mth thang th t buwan maah mahine mahina m เดือน ด. ເດືອນ လ ខែ 月 माह महीने महीना",
    "year": "tahun thn year yr annum nam taon saal ปี ປີ နှစ် ឆ្នាំ 年 साल वर्ष",
}
_LEADS = _words(
    "/~ per~ a_ an_ each_ every_ kada_ bawat_ isang_ moi_ mot_ hang_ /1~ 1_ one_ tiap_ setiap_ kanggo_ prati_ har_ dalam_ "
    "ต่อ~ หนึ่ง 1 ຕໍ່~ ຕໍ່1~ ក្នុងមួយ~ ក្នុង1~ មួយ~ တစ် 每 一个 一個 每个 一 प्रति~ हर_ /"
)
"""What stands between an amount and its period, "~" for a space or none."""
_ALONE = {
    "hour": "hourly perjam sejam घंटा घंटे ghanta ghante",
    "day": "daily harian sehari perhari dihadi araw-araw per_diem रोज़ रोज रोज़ दैनिक प्रतिदिन दिहाड़ी",
    "week": "weekly mingguan seminggu perminggu lingguhan साप्ताहिक",
    "month": "monthly bulanan sebulan perbulan pm p.m. p.m pcm per_mensem mahina mahine maheena mahena buwanan thang လစဉ် मासिक महीना महीने ប្រចាំខែ ຕໍ່ເດືອນ",
    "year": "yearly annually annual per_annum p.a. p.a pa tahunan setahun pertahun saalana सालाना वार्षिक",
}
_FILLERS = _words(
    "gross nett net neto bersih kotor clean malinis cash tunai take_home all_in keatas ke_atas pataas tro_len up plus basic an lang flat "
    "fixed tetap pokok baht ขึ้นไป ไทย ຂຶ້ນໄປ လောက် ခန့် 以上 左右 起 上下 से_ऊपर तक tak fix + ,- .- ,00 .00 /- only นะ"
)


def _period_words(words: dict[str, str]) -> str:
    return "|".join(f"(?P<{period}>{any_of(_words(some))})" for period, some in words.items())


_FILLER = f"(?: ?(?:{'|'.join(map(re.escape, _FILLERS))})){{0,2}}"
_LEAD = f" ?[(]?(?:{'|'.join(' ?'.join(map(re.escape, lead.split('~'))) for lead in _LEADS)})"
_PIECE = "(?P<once>/(?=[^\\W\\d_])| per (?=[a-z])| (?:kada|bawat) (?=[a-z])| ?每| ?ต่อ| ?ຕໍ່)"
PERIOD_AFTER = pattern(
    rf"{_FILLER}(?:{_LEAD}(?:{_period_words(_WORDS)})| ?[(]?(?:{_period_words(_ALONE).replace('(?P<', '(?P<x')})|{_PIECE})"
)
"""What the amount is paid for; a group named `once` for a piece of work, `x...` for words that need no "per"."""
_BEFORE = {
    "hour": "per_jam /jam perjam sejam hourly per_hour an_hour theo_gio moi_gio mot_gio/ kada_oras bawat_oras ชั่วโมงละ ชม.ละ ชม._ละ "
    "ຊົ່ວໂມງລະ တစ်နာရီ មួយម៉ោង 时薪 時薪 每小时 每小時 一小时 一小時 小时工 प्रति_घंटा",
    "day": "per_hari sehari perhari harian daily per_day a_day moi_ngay mot_ngay luong_ngay ngay kada_araw arawan araw-araw "
    "bawat_araw วันละ รายวัน ມື້ລະ ວັນລະ ລາຍວັນ တစ်ရက် တစ်နေ့ နေ့စား မួយថ្ងៃ 日薪 日结 日結 日入 一天 每天 单日 單日 日赚 दैनिक प्रतिदिन "
    "दिहाड़ी रोज़ रोज",
    "week": "per_minggu seminggu mingguan weekly per_week a_week every_week moi_tuan hang_tuan mot_tuan kada_linggo lingguhan "
    "สัปดาห์ละ อาทิตย์ละ รายสัปดาห์ ອາທິດລະ တစ်ပတ် មួយសប្តាហ៍ មួយអាទិត្យ 周薪 週薪 每周 每週 一周 साप्ताहिक",
    "month": "per_bulan sebulan perbulan bulanan monthly per_month a_month every_month moi_thang hang_thang mot_thang luong_thang "
    "kada_buwan buwanan buwan-buwan mahine mahina เดือนละ เงินเดือน รายเดือน ເງິນເດືອນ ເດືອນລະ တစ်လ လစဉ် လစာ ប្រាក់ខែ មួយខែ "
    "បៀវត្ស 月薪 月入 每月 月收入 月工资 一个月 底薪 मासिक प्रति_माह महीने महीना",
    "year": "per_tahun setahun tahunan yearly annual annually per_year a_year moi_nam ปีละ ປີລະ တစ်နှစ် មួយឆ្នាំ 年薪 每年 年收入 सालाना वार्षिक",
}
PERIODS_BEFORE = {word: period for period, words in _BEFORE.items() for word in _words(words)}
"""Words for a period that stand before the amount."""
PERIOD_BEFORE = pattern(any_of(PERIODS_BEFORE))

REACH = 28
"""Characters before an amount in which a word for pay, a fee or a period belongs to it."""
WORDS_BEFORE = (*_PAY, *_WHOLE_PAY, *_FEE, *_WHOLE_FEE, *PERIODS_BEFORE)
"""All that is looked for before an amount by PAY, FEE and PERIOD_BEFORE."""
WORDS_AFTER = (
    *_FILLERS,
    *(lead.rstrip("~") for lead in _LEADS),
    *(word for words in _ALONE.values() for word in _words(words)),
    *_words("per_ 每 ต่อ ຕໍ່ + 提成 k+"),
)
"""What PERIOD_AFTER and PAY_AFTER begin with, perhaps behind a space and a bracket."""
