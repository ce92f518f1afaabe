"""Encodings of the region are found by trial; a feed reads the same in each of them."""

import pytest

from classifier import Posting, read_postings
from classifier.readers._encoding import encoding_of

SIMPLIFIED = (
    "职位名称,工作地点,描述\n"
    "客服专员,柬埔寨西港,包吃包住，月薪一万二，无需经验。会打字就可以，公司报销机票。\n"
    "司机,北京,要求有驾驶证；五年以上经验。\n"
)
TRADITIONAL = (
    "職位名稱,地點,描述\n"
    "客服人員,臺北市,高薪誠徵，無經驗可，公司提供住宿與機票，請加電話聯絡。\n"
    "廚師,香港,需要三年以上經驗，週休二日。\n"
)
JAPANESE = (
    "title,location,description\n"
    "営業スタッフ,東京都,経験者を優遇します。給与は月三十万円から、交通費を支給します。\n"
    "調理師,大阪,レストランでの調理の仕事です。\n"
)
THAI = "ตำแหน่ง,สถานที่,รายละเอียด\nพนักงานบริการลูกค้า,ปอยเปต,รายได้ดี มีที่พักและอาหารฟรี ไม่ต้องมีประสบการณ์\nคนขับรถ,กรุงเทพ,ทำงานจันทร์ถึงศุกร์\n"
FRENCH = (
    "title,location,description\n"
    "Employé d’hôtel,Genève,Accueil des clients – expérience exigée\n"
    "Cuisinière,Orléans,Préparation des repas à l'école\n"
)
CASES = [
    (SIMPLIFIED, "gb18030"),
    (TRADITIONAL, "big5"),
    (JAPANESE, "shift_jis"),
    (THAI, "cp874"),
    (FRENCH, "cp1252"),
    (SIMPLIFIED, "utf-16"),
    (THAI, "utf-8-sig"),
]


@pytest.mark.parametrize(("text", "encoding"), CASES, ids=[f"{i}-{encoding}" for i, (_, encoding) in enumerate(CASES)])
def test_a_table_reads_the_same_in_its_code_page(tmp_path, text, encoding):
    feed = tmp_path / "feed"
    feed.write_bytes(text.encode(encoding))
    plain = tmp_path / "plain"
    plain.write_text(text, "utf-8")
    records = list(read_postings(feed))
    assert records == list(read_postings(plain))
    assert len(records) == 2 and all(isinstance(r, Posting) and r.title and r.location for r in records)


@pytest.mark.parametrize(("text", "encoding"), CASES[:5], ids=[encoding for _, encoding in CASES[:5]])
def test_json_lines_and_plain_text_too(tmp_path, text, encoding):
    line = text.splitlines()[1].replace(",", " ")
    (tmp_path / "a").write_bytes(f'{{"title": "{line}"}}\n{{"title": "{line} 2"}}\n'.encode(encoding))
    (tmp_path / "b").write_bytes(f"{line}\n\n{line} 2\n".encode(encoding))
    assert [r.title for r in read_postings(tmp_path / "a")] == [line, f"{line} 2"]
    assert [r.description for r in read_postings(tmp_path / "b")] == [line, f"{line} 2"]


def test_a_page_may_declare_its_encoding(tmp_path):
    feed = tmp_path / "feed"
    feed.write_bytes('<?xml version="1.0" encoding="GBK"?><jobs><job><name>客服</name></job></jobs>'.encode("gbk"))
    assert [r.title for r in read_postings(feed)] == ["客服"]


def test_a_few_broken_bytes_do_not_change_the_encoding():
    good = "title,description\n" + "Kedai kopi,Melayani tamu – ramah\n" * 50
    assert encoding_of(good.encode() + b"Caf\xe9,x\n") == "utf-8"


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 64, b"\x7fELF\x02\x01\x01" + b"\0" * 900, b"\x89PNG\r\n\x1a\n" + bytes(range(256))]
)
def test_binary_content_has_no_encoding(content):
    assert encoding_of(content) is None


def test_one_character_never_splits_between_chunks(tmp_path):
    feed = tmp_path / "feed"
    feed.write_bytes(("title\n" + "客服专员，月薪一万二。\n" * 30_000).encode("gb18030"))
    titles = {r.title for r in read_postings(feed)}
    assert titles == {"客服专员，月薪一万二。"}
