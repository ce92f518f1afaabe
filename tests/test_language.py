import re
import unicodedata

import pytest

from classifier.language import UNKNOWN, _normal, detect
from classifier.schema import joined_text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Dibutuhkan karyawan toko yang jujur, gaji UMR, hubungi kami", "id"),
        ("Jawatan kosong di kilang, gaji RM1,700, sila hubungi kami sekarang", "ms"),
        ("Naghahanap kami ng tindera, may libreng pagkain po", "tl"),
        ("We are hiring a cashier for our shop", "en"),
        ("Tuyển nhân viên bán hàng, lương 8 triệu", "vi"),
        ("tuyen nhan vien ban hang luong 8 trieu bao an o", "vi"),
        ("รับสมัครพนักงานขาย WhatsApp", "th"),
        ("ຮັບສະໝັກພະນັກງານ", "lo"),
        ("အလုပ်ခေါ်စာ Telegram", "my"),
        ("ជ្រើសរើសបុគ្គលិក", "km"),
        ("招聘客服 Telegram", "zh"),
        ("नौकरी चाहिए", "hi"),
        ("Bhai naukri chahiye to message karo, ghar se kaam hai", "hi"),
        ("", UNKNOWN),
        ("12345 !!!", UNKNOWN),
    ],
)
def test_languages_are_told_apart(text, language):
    assert detect(text) == language


def test_the_corpus_agrees(corpus):
    told = [detect(f"{row.posting.title}\n{row.posting.company}\n{row.posting.description}") == row.language for row in corpus]
    assert sum(told) / len(told) > 0.9


@pytest.mark.parametrize(
    "text",
    [
        "น้ำ ทำงาน",
        "ຊົ່ວໂມງ ທຳ ໜ້າ ໝາກ",
        "招聘，底薪：3万（可谈）！",
        "ｇａｊｉ…",
        "e\u0301té",
        "\u1025\u102e \u1000\u102e",
        "\u0928\u093c \u0915\u093c \u095b",
        "\u09c7\u09be \u0995\u09be \u09df",
        "\u0e33\u0301\u0323",
        "ﬁ ² ㎏",
    ],
)
def test_a_text_is_normalised_as_unicode_says(text, corpus):
    for given in (text, *(joined_text(row.posting) for row in corpus[::5])):
        assert _in_short(_normal(given)) == _in_short(unicodedata.normalize("NFKC", given))


def _in_short(text):
    """How many characters of Hindi, Bengali and Burmese are in a text, and all others."""
    scripts = {"hi": "[\u0900-\u097f]", "bn": "[\u0980-\u09ff]", "my": "[\u1000-\u109f]"}
    return {name: len(re.findall(letters, text)) for name, letters in scripts.items()}, re.sub("|".join(scripts.values()), "", text)
