import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import indicators, phrases
from classifier.compact import compact
from classifier.phrase_table import phrase_table
from classifier.prefix_hashes import PrefixHashes
from classifier.reference import read_table
from classifier.text import fold, normalise

LANGUAGES = ("id", "en", "ms", "tl", "th", "vi", "zh", "my", "km", "lo", "hi")


def found(text, company=False):
    return indicators.find(text, company)


def quotes(text, name):
    return [text[a:b] for a, b in found(text)[name]]


EXAMPLES = [
    ("travel_paid", "Tiket pesawat ditanggung perusahaan"),
    ("travel_paid", "free ticket and visa"),
    ("travel_paid", "包机票,办护照"),
    ("travel_paid", "bao vé máy bay khứ hồi"),
    ("no_experience", "tanpa pengalaman juga boleh"),
    ("no_experience", "ไม่ต้องมีประสบการณ์"),
    ("no_experience", "không cần kinh nghiệm"),
    ("destination_named", "kerja di Sihanoukville"),
    ("destination_named", "工作地点:西港园区"),
    ("destination_named", "ทำงานที่ปอยเปต"),
    ("country_of_compounds_named", "penempatan Kamboja"),
    ("country_of_compounds_named", "kerja di k4mb0ja"),
    ("country_of_compounds_named", "penempatan K A M B O J A"),
    ("placement_country_named", "lowongan pabrik di Taiwan"),
    ("chat_contact", "minat hubungi via Telegram"),
    ("fee_asked", "bayar biaya pendaftaran dulu"),
    ("identity_asked", "kirim foto KTP dan selfie"),
    ("code_words", "admin judi online"),
    ("code_words", "诚招狗推"),
    ("paid_tasks", "like and follow tasks"),
    ("work_papers", "medical check up dan kontrak kerja"),
    ("abroad", "kerja ke luar negeri"),
    ("permit_named", "P3MI resmi, SIPPMI No. 115/BP2MI/2024"),
    ("permit_mentioned", "agen resmi P3MI"),
    ("pay_far_above_wage", "gaji Rp 45.000.000 per bulan"),
    ("pay_ordinary", "gaji Rp 4.500.000 per bulan"),
    ("disguised_text", "g4ji besar"),
    ("state_firm_free_mail", "Rekrutmen Pertamina, kirim ke rekrutmen.contoh@gmail.com"),
    ("foreign_contact_number", "Lowongan di Taiwan, hubungi +855 96 00000 12"),
    ("news_warning", "polisi menangkap perekrut, korban dipulangkan"),
]


@pytest.mark.parametrize(("name", "text"), EXAMPLES)
def test_a_sign_is_found(name, text):
    assert name in found(text), found(text)


ABSENT = [
    ("fee_asked", "tidak dipungut biaya apapun"),
    ("country_of_compounds_named", "toko bunga di Sleman"),
    ("destination_named", "ខ្ញុំរស់នៅក្រុងព្រះសីហនុ"),
    ("chat_only", "kirim CV ke kantor atau WhatsApp, datang langsung ke kantor"),
    ("no_permit_abroad", "toko roti di Klaten mencari kasir"),
    ("employer_unnamed", "PT Maju Jaya mencari staf"),
    ("disguised_text", "gaji 7jt, shift 2x, usd 500, b2b, P3MI"),
    ("foreign_contact_number", "Toko di Klaten, hubungi +62 812 00000 17"),
]


@pytest.mark.parametrize(("name", "text"), ABSENT)
def test_what_is_no_sign_is_not_found(name, text):
    assert name not in found(text), found(text)[name]


def test_spans_point_at_the_words():
    assert quotes("Info: tiket dan VISA, ditanggung kantor.", "travel_paid")[0] == "VISA, ditanggung"
    assert quotes("Kerja di K\u200bamb\u043eja ya", "country_of_compounds_named") == ["K\u200bamb\u043eja"]


def test_a_thing_left_out_has_no_span():
    assert found("kerja di luar negeri")["no_permit_abroad"] == []
    assert found("kerja di luar negeri")["employer_unnamed"] == []


def test_an_employer_field_counts():
    assert "employer_unnamed" not in found("staf gudang", company=True)


def test_the_table_tells_people_everything():
    table = indicators.indicators()
    assert len(table) >= 25
    for indicator in table.values():
        assert all(indicator.title[lang].strip() and indicator.sentence[lang].strip() for lang in ("id", "en")), indicator.id
        assert len(indicator.source) > 5, indicator.id
        assert re.match(r"20[12]\d", indicator.year), indicator.id


def test_every_concept_and_composite_is_in_the_table():
    concepts = {row["concept"] for row in read_table("phrases")}
    assert concepts - {"not_abroad"} <= set(indicators.names())
    assert set(indicators.COMPOSITES) <= set(indicators.names())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_has_phrases_in_every_language(language):
    concepts = {row["concept"] for row in read_table("phrases")}
    assert {row["concept"] for row in read_table("phrases") if row["language"] == language} == concepts


@pytest.mark.parametrize("table", ["places", "permits", "help", "wages", "currencies", "calling_codes", "indicators"])
def test_every_fact_has_its_source_and_year(table):
    rows = read_table(table)
    assert rows
    for row in rows:
        assert row["source"].strip(), row
        assert re.match(r"(19|20)\d\d", row["year"]), row


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=80).filter(str.strip), min_size=1, max_size=5))
def test_columns_do_not_depend_on_the_neighbours(texts):
    texts = [*texts, "Tiket ditanggung, kerja di Kamboja"]
    together = indicators.columns(texts, [False] * len(texts))
    alone = np.vstack([indicators.columns([t], [False]) for t in texts])
    assert np.array_equal(together, alone)


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=60), st.sampled_from([text for _, text in EXAMPLES]), st.text(max_size=60))
def test_spans_lie_in_the_text(before, middle, after):
    text = f"{before} {middle} {after}"
    for spans in found(text).values():
        assert all(0 <= a < b <= len(text) for a, b in spans)


HOSTILE = {
    "words": "a ",
    "digits": "1",
    "zero-width joiners": "\u200d",
    "brackets": "([{",
    "pay": "rp 1.000 juta ",
    "phrases": "tiket ditanggung ",
    "free": "free ",
    "leet": "a4",
    "single letters": "a.",
    "flags": "\U0001f1f0",
    "plus": "+855 ",
}


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_length_on_hostile_text(piece):
    def seconds(characters):
        text = piece * (characters // len(piece))
        best = 9.0
        for _ in range(2):
            started = time.perf_counter()
            indicators.columns([text], [False])
            best = min(best, time.perf_counter() - started)
        return best

    seconds(1000)
    assert seconds(800_000) < 40 * max(seconds(100_000), 0.01)  # 8 in proportion, 64 if it were quadratic


def test_phrases_keep_to_their_document():
    batch = compact(fold(["tiket pesawat", "ditanggung kantor"]))
    names = phrases.concepts()
    assert "travel_paid" not in {names[c] for c in phrases.find(PrefixHashes.of(batch)).concepts}


def test_no_part_stands_on_both_sides_of_a_phrase():
    """It would pair with itself, or not, by chance."""
    table = phrase_table()
    for part in range(len(table.parts["first_use"]) - 1):
        uses = table.parts["uses"][table.parts["first_use"][part] : table.parts["first_use"][part + 1]]
        sides = np.unique(uses[uses & 3 > 0])
        assert len(np.unique(sides >> 2)) == len(sides), part


def test_no_part_of_a_phrase_is_a_single_latin_letter():
    """Drawn-out letters are read as one: a phrase like "sss" would be found in every "'s"."""
    alone = [row for row in read_table("phrases") if "…" not in row["phrase"]]
    texts = [part for row in alone for part in row["phrase"].split("/")]
    assert not [text for text in texts if normalise(text).text.strip(" ").isascii() and len(normalise(text).text.strip()) < 2]


@pytest.mark.parametrize(
    ("text", "journey"),
    [
        ("Facility manager for our stores in Makati. Customer service experience, degree required.", False),
        ("Digital marketing executive in Ho Chi Minh City, HMO and bonus", False),
        ("Digital marketing executive in Manila, air ticket and visa paid, Kenyans only", True),
        ("Data entry in Sihanoukville, 900 USD", True),
        ("Data entry in Phnom Penh, 900 USD", True),
        ("Customer service, Dubai or Bangkok office", True),
        ("Support team in Makati for our customers in the United Kingdom and Australia, performance reviews", False),
        ("Lập trình viên. Phúc lợi: du lịch nước ngoài, laptop", False),
        ("Lập trình viên làm việc ở nước ngoài", True),
        ("Sales lead for overseas clients, Cebu", False),
        ("外贸业务员，开发海外客户，厦门", False),
        ("海外客服，月薪两万", True),
    ],
)
def test_a_named_city_is_a_journey_only_for_those_who_would_travel(text, journey):
    assert ("no_permit_abroad" in indicators.find(text, True)) == journey


@pytest.mark.parametrize(("text", "pay"), [("公司注册资金2000万元，诚聘电话销售", False), ("柬埔寨客服，月薪20万元", True)])
def test_a_sum_without_a_period_that_no_wage_reaches_is_no_pay(text, pay):
    assert ("pay_far_above_wage" in indicators.find(text, True)) == pay
