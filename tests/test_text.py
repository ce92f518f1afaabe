import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import BOUNDARY, fold, normalise

DISGUISES = [
    ("Gaji BESAR", "gaji besar"),
    ("Ｇａｊｉ ７ juta", "gaji 7 juta"),
    ("g\u200baji so\u00adft", "gaji soft"),
    ("K\u0430mb\u043ej\u0430", "kamboja"),
    ("g4ji k4mb0ja c4sin0 p3ru54h44n", "gaji kamboja casino perusahaan"),
    ("K A M B O J A", "kamboja"),
    ("t.e.l.e", "tele"),
    ("k-a-m-b-o-j-a", "kamboja"),
    ("柬 埔 寨 西 港", "柬埔寨西港"),
    ("gajiiiiii mauuu", "gaji mau"),
    ("𝐆𝐚𝐣𝐢 𝓰𝓪𝓳𝓲", "gaji gaji"),
    ("🅺🅰🅼🅱🅾🅹🅰", "kamboja"),
    ("🇰🇦🇲🇧🇴🇯🇦", "kamboja"),
    ("7️⃣ juta", "7 juta"),
    ("๑๒,๐๐๐ ១០០ ၅၀၀ ໑໐", "12,000 100 500 10"),
    ("Đồng Nai, lương cao", "dong nai, luong cao"),
    ("ﬁne ⑩", "fine 10"),
    ("Gaji<br>7 juta<br/>bonus", "gaji\n7 juta\nbonus"),
    ('<p class="x">G<b>a</b>ji</P>', "\ngaji\n"),
    ("নয়‍া বড়ো क़", "নয়া বড়ো क़"),
    ("الأجْرُ عـــالٍ کی", "الاجر عال كي"),
    ("R&amp;D&nbsp;staff &#36;900", "r&d staff $900"),
    ('<a href="https://t.me/x">chat</a>', '<a href="https://t.me/x">chat'),
]


@pytest.mark.parametrize(("given_text", "read_as"), DISGUISES)
def test_disguises_are_undone(given_text, read_as):
    assert normalise(given_text).text == read_as


@pytest.mark.parametrize(
    "text",
    [
        "rp7jt",
        "usd2k",
        "b2b",
        "5 s.d. 7",
        "🇰🇭 🇹🇭",
        "เงินเดือน",
        "အလုပ်",
        "ការងារ",
        "3d2n",
        "hr@kerja.example",
        "10000000",
        "<kamboja>",
        "a < b > c",
        "r&d;",
    ],
)
def test_what_is_no_disguise_is_left_alone(text):
    assert normalise(text).text == text


def test_spans_point_into_the_text_as_it_was_given():
    text = "Lowongan di K A\u200b M B O J A, g4ji"
    found = normalise(text)
    start = found.text.index("kamboja")
    a, b = found.span(start, start + len("kamboja"))
    assert text[a:b] == "K A\u200b M B O J A"


@given(st.text(max_size=200))
def test_every_character_keeps_its_place(text):
    found = normalise(text)
    assert len(found.origin) == len(found.text) + 1
    assert all(a <= b for a, b in zip(found.origin, found.origin[1:], strict=False))
    for i in range(len(found.text)):
        a, b = found.span(i, i + 1)
        assert 0 <= a < b <= len(text)


@given(st.lists(st.text(max_size=60), max_size=6))
def test_a_text_reads_the_same_whatever_its_neighbours(texts):
    codes = fold(texts).codes
    together = codes.tobytes().decode("utf-32-le", "surrogatepass")
    assert together == "".join(normalise(t).text + chr(BOUNDARY) for t in texts)
