import pytest

from classifier import Posting
from classifier.advice import MOST, advice_for
from classifier.reference import read_table

ASEAN = {"ID", "MY", "PH", "TH", "VN", "SG", "MM", "KH", "LA", "BN", "TL"}


def test_every_country_is_covered():
    assert {row["country"] for row in read_table("help")} >= ASEAN | {"CN", "IN", "KE"}


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_readers_country_comes_first(model, lure, language):
    (assessment,) = model.assess([lure])
    advice = advice_for(lure, assessment, language)
    assert [item.country for item in advice][:2] == ["ID", "KH"]
    assert len(advice) <= MOST
    assert all(item.check and item.call for item in advice)


def test_a_thai_reader_is_sent_to_thai_offices(model):
    posting = Posting(description="รับแอดมินเว็บพนัน ปอยเปต เงินเดือน 40,000 ไม่ต้องมีวุฒิ ไม่มีประสบการณ์ก็ได้ มีรถรับส่งข้ามแดน ที่พักฟรี ทักไลน์")
    (assessment,) = model.assess([posting])
    assert assessment.band != "low"
    assert advice_for(posting, assessment, "en")[0].country == "TH"


def test_no_advice_for_an_unflagged_ad(model, honest):
    (assessment,) = model.assess([honest])
    assert advice_for(honest, assessment, "id") == []
