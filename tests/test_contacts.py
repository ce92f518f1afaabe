import re

import pytest

from classifier.contacts import free_mail, telephone_countries


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("+855 96 00000 12", ["KH"]),
        ("wa.me/6281200000417", ["ID"]),
        ("0095 9 00000 11 dan +66 2 00000 1", ["MM", "TH"]),
        ("gaji 8550000, 08120000017, 2+2=4", []),
        ("+1 (202) 00000", ["US"]),
    ],
)
def test_numbers_tell_their_country(text, countries):
    assert [
        country for _, _, country in telephone_countries(text, [m.start() for m in re.finditer(r"(?<!\d)\d", text)])
    ] == countries


def test_free_mail_is_told_from_a_firms_own():
    start, end = free_mail("kirim ke hr.contoh@gmail.com ya")
    assert "kirim ke hr.contoh@gmail.com ya"[start:end] == "@gmail.com"
    assert free_mail("kirim ke hr@perusahaan.example") is None
