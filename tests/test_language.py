import pytest

from classifier.language import UNKNOWN, detect


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
