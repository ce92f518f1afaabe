import random
from dataclasses import replace

import numpy as np
import pytest

from classifier import Posting
from classifier.campaign_contacts import contacts_of, link_of_posting
from classifier.campaign_signatures import BINS, ROW, Signatures, SignatureWriter, day_of, signatures
from classifier.campaigns import COMMON_COUNT, find_campaigns, near_duplicate_groups
from classifier.errors import FeedError
from tests.benchmarks.campaigns import noticed, pairwise, planted, quality
from tests.conftest import HONEST, LURE

SCRIPTS = {
    "id": "Dibutuhkan staf gudang di Surabaya, shift pagi dan malam, bersedia lembur pada akhir pekan.",
    "zh": "本公司诚聘仓库管理员两名，要求吃苦耐劳，包吃包住，工作地点在深圳龙岗区，有意者请电话联系。",
    "th": "รับสมัครพนักงานคลังสินค้า ทำงานกะเช้าและกะดึก มีที่พักและอาหารให้ฟรี สนใจติดต่อที่สำนักงาน",
    "km": "ជ្រើសរើសបុគ្គលិកឃ្លាំង ធ្វើការវេនព្រឹក និងវេនយប់ មានកន្លែងស្នាក់នៅ និងអាហារដោយឥតគិតថ្លៃ",
    "my": "ဂိုဒေါင်ဝန်ထမ်း အလိုရှိသည် မနက်ပိုင်းနှင့်ညပိုင်း အလုပ်ချိန် နေစရာနှင့်အစားအသောက် အခမဲ့ပေးသည်",
    "lo": "ຮັບສະໝັກພະນັກງານສາງ ເຮັດວຽກກະເຊົ້າ ແລະ ກະກາງຄືນ ມີທີ່ພັກ ແລະ ອາຫານໃຫ້ຟຣີ",
    "hi": "गोदाम कर्मचारी की आवश्यकता है, सुबह और रात की पाली, रहना और खाना कंपनी की ओर से मुफ्त",
    "ar": "مطلوب موظفو مستودع للعمل في الوردية الصباحية والليلية مع سكن وطعام مجاني على حساب الشركة",
    "ru": "Требуются работники склада в утреннюю и ночную смену, жильё и питание за счёт компании.",
    "ko": "창고 직원을 모집합니다 아침과 야간 교대 근무 숙소와 식사를 무료로 제공합니다 연락 주세요",
}


def of(*texts, **more):
    return [Posting(description=text, **more) for text in texts]


def ids_of(postings, **more):
    found = find_campaigns(signatures(postings), **more)
    return [found.id_of(row) for row in range(len(postings))]


def test_planted_rewrites_are_found(corpus):
    feed = planted(corpus)
    precision, recall, _ = quality(feed.postings, feed.families, similar=0.5, contacts=True)
    assert precision >= 0.98
    assert recall >= 0.9


def test_the_corpus_is_no_campaign(corpus):
    found = find_campaigns(signatures([row.posting for row in corpus]))
    assert sum(campaign.size for campaign in found) < 0.02 * len(corpus)


def test_a_notice_under_many_postings_joins_few(corpus):
    feed = noticed(corpus)
    found = find_campaigns(signatures(feed.postings))
    assert sum(campaign.size for campaign in found) < 200  # of 600


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_has_shingles(script):
    text = SCRIPTS[script]
    others = [other for name, other in SCRIPTS.items() if name != script]
    first, second, *rest = ids_of(of(text, f"🔥 {text} 😀", *others))
    assert first is not None
    assert first == second
    assert rest == [None] * len(others)


def test_other_pay_and_another_number_stay_in_the_campaign():
    ids = ids_of(of(f"{LURE} 0812-3456-7890", LURE.replace("12-16", "25-30") + " 0857-1111-2222", HONEST))
    assert ids[0] == ids[1] is not None
    assert ids[2] is None


@pytest.mark.parametrize("text", ["a", ".", "🔥", "loker", "12345", "\u200b.", "\ud800"])
def test_texts_that_say_nothing_are_not_alike(text):
    assert ids_of(of(text, text)) == [None, None]


def test_an_empty_feed():
    found = find_campaigns(signatures([]), risks=[])
    assert len(found) == 0
    assert list(found) == found.ranked(5) == []


def test_ids_stay_when_the_feed_grows():
    old = [replace(p, posted_at="2025-03-01") for p in of(LURE, f"{LURE} Segera!", HONEST, HONEST.upper())]
    new = [replace(p, posted_at="2025-04-01") for p in of(f"Halo kak, {LURE}", f"{HONEST} Terima kasih", SCRIPTS["th"])]
    before = ids_of(old)
    assert len(set(before)) == 2
    assert ids_of(old + new)[:4] == before
    assert ids_of(new + old)[3:] == before
    assert ids_of(old + new)[4:] == [before[0], before[2], None]


def test_known_ids_are_taken_up():
    old = of(LURE, f"{LURE} Segera!", HONEST, HONEST.upper())
    known = {p.key: "c-old" if LURE in p.description else "c-shop" for p in old}
    assert ids_of([*of(f"A {LURE}"), *old], known=known) == ["c-old", "c-old", "c-old", "c-shop", "c-shop"]
    assert ids_of(of(LURE, f"{LURE} x"), known={"not a key": "c1"}) == ids_of(of(LURE, f"{LURE} x"))


def test_one_known_id_is_not_given_twice():
    postings = of(LURE, f"{LURE} Segera!", f"{LURE} Ayo!", HONEST, HONEST.upper())
    ids = ids_of(postings, known={p.key: "c-one" for p in postings})
    assert ids[:3] == ["c-one"] * 3
    assert ids[3] == ids[4] not in (None, "c-one")


def test_an_id_that_another_group_holds_is_not_made_again():
    postings = of(LURE, f"{LURE} Segera!", f"{LURE} Ayo!", HONEST, HONEST.upper())
    natural = ids_of(postings)[3]
    ids = ids_of(postings, known={postings[0].key: natural})
    assert ids[0] == natural
    assert ids[3] == ids[4] != natural


WAYS = {
    "number": (
        "Hub 0812-3456-7890",
        "WA +62 812 3456 7890",
        "wa.me/6281234567890?text=halo",
        "６２８１２３４５６７８９０",
        "(0812) 3456.7890",
    ),
    "handle": ("telegram @Budi_HRD88", "https://t.me/budi_hrd88", "tele: budi_hrd88", "@budi_hrd88!"),
    "mail": ("kirim ke hrd01@maju.example", "Email: HRD01@Maju.Example."),
    "link": ("https://form.example/lamar?utm_source=ig", "form.example/lamar/", "www.form.example/lamar#a"),
    "Singapore": ("+65 9123 4567", "6591234567", "call 9123 4567"),
    "Thailand": ("โทร 081-234-5678", "+66 81 234 5678", "0066812345678"),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_contact_in_all_ways_of_writing_it(way):
    assert {tuple(c.identity for c in found) for found in contacts_of(WAYS[way])} == {(contacts_of(WAYS[way][:1])[0][0].identity,)}
    texts = [text + " " + ways for text, ways in zip(list(SCRIPTS.values()), WAYS[way], strict=False)]
    ids = ids_of([*of(*texts), *of(LURE)])
    assert len(set(ids[:-1])) == 1
    assert ids[0] is not None
    assert ids[-1] is None


@pytest.mark.parametrize(
    "text",
    [
        "gaji 12.000.000 - 16.000.000", "USD 2500-3000, 3000 - 3500", "08.00-17.00", "2025-04-13", "13-04-2025",
        "tahun 2019-2025", "20250413",
        "facebook.com", "https://t.me/", "bit.ly", "wa.me", "and/or staff/cashier 24/7", "@Bayu ya kak", "@ 5 pm",
        "gaji @Rp500.000", "line leader",
        "CV SUBJECT LINE: POSITION", "0000-0000-0000", "", "@",
    ],
)  # fmt: skip
def test_what_is_no_contact(text):
    assert contacts_of([text]) == [[]]


def test_contacts_show_what_was_written():
    (found,) = contacts_of(["Telegram @Budi_HRD88, WA +62 812 3456 7890"])
    assert [c.shown for c in found] == ["@Budi_HRD88", "+62 812 3456 7890"] or [c.shown for c in found][::-1] == [
        "@Budi_HRD88",
        "+62 812 3456 7890",
    ]


def test_the_address_of_a_posting_is_a_contact_unless_it_is_a_place():
    assert link_of_posting("https://forms.example/a?ref=1").identity == "forms.example/a"
    for url in (
        "https://t.me/loker_grup/123",
        "https://www.facebook.com/groups/1",
        "https://board.example",
        "javascript:alert(1)",
        "",
        "\x00",
    ):
        assert link_of_posting(url) is None
    assert len(set(ids_of([*of(SCRIPTS["id"], SCRIPTS["th"], url="https://forms.example/a")]))) == 1


def test_a_contact_that_everybody_has_joins_nothing():
    texts = [f"{random.Random(k).choices('abcdefghijklmnop ', k=80)}" for k in range(COMMON_COUNT + 1)]
    assert set(ids_of(of(*texts, contact="@papan_iklan_01"))) == {None}
    assert len(set(ids_of(of(*texts[1:], contact="@papan_iklan_01")))) == 1


def test_what_a_campaign_tells():
    days = ("2025-03-09", "", "Sat, 01 Mar 2025 10:00:00 +0700")
    postings = [
        Posting(description=text, posted_at=day, source=source, contact="@budi_hrd88")
        for text, day, source in zip((LURE, f"{LURE} Segera", SCRIPTS["zh"]), days, ("grup a", "grup a", ""), strict=True)
    ]
    (campaign,) = find_campaigns(signatures(postings), risks=[0.9, 0.6, 0.3])
    assert campaign.id == f"c{postings[2].key}"
    assert (campaign.size, campaign.first, campaign.last) == (3, "2025-03-01", "2025-03-09")
    assert campaign.sources == {"grup a": 2, "": 1}
    assert campaign.contacts == {"@budi_hrd88": 3, "@hrd_contoh": 2}
    assert campaign.typical in (postings[0].key, postings[1].key)
    assert campaign.risk == pytest.approx(0.6)


def test_campaigns_are_ranked_by_the_risk_in_them():
    found = find_campaigns(signatures(of(HONEST, HONEST.upper(), f"{HONEST} ya", LURE, f"{LURE} x")), risks=[0, 0, 0, 0.9, 0.9])
    assert [c.size for c in found] == [3, 2]
    assert [c.size for c in found.ranked(2)] == [2, 3]
    with pytest.raises(IndexError):
        found[2]


def test_a_signature_does_not_depend_on_its_neighbours(corpus):
    postings = [row.posting for row in corpus[::40]]
    whole = signatures(postings)
    parts = Signatures.join([signatures(postings[:7]), signatures([]), signatures(postings[7:8]), signatures(postings[8:])])
    for name in ("rows", "contacts", "names"):
        assert getattr(whole, name).tobytes() == getattr(parts, name).tobytes()


def test_similarity_is_estimated_without_bias():
    random_words = random.Random(5)
    words = ["".join(random_words.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(4000)]
    for shared in (0.3, 0.5, 0.8):
        estimates = []
        for k in range(40):
            own = words[k * 100 : k * 100 + 100]
            n = round(100 * 2 * shared / (1 + shared))
            rows = signatures(of(" ".join(own), " ".join([*own[:n], *reversed(words[2000 - 100 + n : 2000])]))).rows["bins"]
            estimates.append((rows[0] == rows[1]).mean())
        assert np.mean(estimates) == pytest.approx(shared, abs=0.05)


def test_signatures_on_disk_go_on_after_a_stop(corpus, tmp_path):
    postings = [row.posting for row in corpus[::30]]
    writer = SignatureWriter(tmp_path / "s")
    writer.append(signatures(postings[:50]))
    writer.append(signatures(postings[50:80]))
    writer.close()
    with (tmp_path / "s" / "rows.bin").open("ab") as torn:
        torn.write(b"half a row")
    with (tmp_path / "s" / "names.bin").open("ab") as torn:
        torn.write(b"half")
    writer = SignatureWriter(tmp_path / "s", count=50)
    writer.append(signatures(postings[50:]))
    writer.close()
    read, whole = Signatures.read(tmp_path / "s"), signatures(postings)
    assert read.rows.tobytes() == whole.rows.tobytes()
    assert read.contacts.tobytes() == whole.contacts.tobytes()
    assert read.names["hash"].tolist() == whole.names["hash"].tolist()
    assert len(Signatures.read(tmp_path / "s", 20).contacts) == len(signatures(postings[:20]).contacts)
    with pytest.raises(FeedError, match="cannot be read"):
        Signatures.read(tmp_path / "nothing")


def test_a_row_has_the_documented_size():
    assert ROW.itemsize == 32 + 2 * BINS


@pytest.mark.parametrize(
    "text, day", [("2025-03-01", 739311), ("2025-03-01T10:00:00Z", 739311), ("yesterday", 0), ("", 0), ("Sat, 99 Mar", 0)]
)
def test_days(text, day):
    assert day_of(text) == day


def test_near_duplicates_of_training_texts():
    assert near_duplicate_groups([HONEST, LURE, "", f"{LURE} Segera", "", HONEST.upper()]).tolist() == [0, 1, 2, 1, 4, 0]
    assert near_duplicate_groups([]).tolist() == []


def test_pairwise_figures():
    assert pairwise(["a", "a", None, "b", "b"], ["x", "x", "x", "y", "z"]) == (0.5, pytest.approx(1 / 3))


@pytest.mark.parametrize("pay", ["gaji 12000-15000 baht", "WA 18000 - 25000", "月薪10000-14000"])
def test_a_range_of_pay_is_no_telephone_number(pay):
    assert contacts_of([pay]) == [[]]
