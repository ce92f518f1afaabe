import re

import pytest
from fastapi.testclient import TestClient

from classifier import Posting, StoreError
from classifier.api import queue
from classifier.api.queue_text import QUEUE_TEXTS
from classifier.store import Store
from tests.conftest import HONEST, LURE
from tests.page_app import KEY, KEYS, SAME, page_app

ID = QUEUE_TEXTS["id"]
POSTINGS = [Posting(description=f"{LURE} nomor {i}", source="telegram.jsonl", url="https://t.me/contoh") for i in range(3)]
POSTINGS.append(Posting(title="Kasir", description=HONEST, company="Toko Jaya", source="feed.csv"))


@pytest.fixture
def store(tmp_path, model):
    with Store.open(str(tmp_path / "reviews.sqlite3")) as store:
        store.add_assessments(zip(POSTINGS, model.assess(POSTINGS), strict=True))
        yield store


def client_of(model, store, keys="", **headers):
    headers = {"accept-language": "id", **SAME, **headers}
    return TestClient(page_app(model, store, keys), base_url="http://localhost", headers=headers)


@pytest.fixture
def open_queue(model, store):
    return client_of(model, store)


def key_shown(html):
    return re.search('name="posting" value="([0-9a-f]{16})"', html)[1]


def test_the_riskiest_comes_first(open_queue, store):
    answer = open_queue.get("/queue")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert key_shown(answer.text) == store.queue(1)[0].posting.key
    assert "4 iklan menunggu" in answer.text
    assert "<a " not in answer.text[answer.text.index("<article") :]
    assert len(answer.content) < 60_000


@pytest.mark.parametrize("verdict", ["legit", "overseas_lure", "job_scam"])
def test_a_verdict_is_kept_and_the_next_one_shown(open_queue, store, model, verdict):
    first = key_shown(open_queue.get("/queue").text)
    answer = open_queue.post("/queue", data={"posting": first, "do": verdict})
    assert answer.history[0].status_code == 303
    assert key_shown(answer.text) != first
    assert "3 iklan menunggu" in answer.text and ID["undo"] in answer.text
    (review,) = store.reviews()
    assert (review.posting.key, review.verdict, review.reviewer, review.model) == (first, verdict, "reviewer", model.version)


def test_all_can_be_reviewed(open_queue, store):
    for _ in POSTINGS:
        text = open_queue.post("/queue", data={"posting": key_shown(open_queue.get("/queue").text), "do": "legit"}).text
    assert ID["empty"] in text and ID["undo"] in text
    assert not store.queue()


def test_skipped_ones_come_again(open_queue):
    seen = [key_shown(open_queue.get("/queue").text)]
    url = "/queue"
    for _ in POSTINGS:
        answer = open_queue.post(url, data={"posting": seen[-1], "do": "skip"})
        url = str(answer.url)
        if "posting" in answer.text and "<article" in answer.text:
            seen.append(key_shown(answer.text))
    assert len(set(seen)) == 4
    assert ID["skipped_all"] in answer.text


def test_undo_shows_the_posting_again_and_the_later_verdict_wins(open_queue, store):
    first = key_shown(open_queue.get("/queue").text)
    after = open_queue.post("/queue?skip=0", data={"posting": first, "do": "legit"})
    again = open_queue.post(str(after.url), data={"posting": key_shown(after.text), "do": "undo"})
    assert key_shown(again.text) == first
    assert ID["again"] in again.text and f"{ID['was']}: {ID['verdicts']['legit']}" in again.text
    open_queue.post(str(again.url), data={"posting": first, "do": "overseas_lure"})
    assert [r.verdict for r in store.reviews()] == ["legit", "overseas_lure"]
    assert [row.label for row in store.labelled()] == ["overseas_lure"]


def test_leaving_the_posting_shown_again_keeps_its_verdict(open_queue, store):
    first = key_shown(open_queue.get("/queue").text)
    open_queue.post("/queue", data={"posting": first, "do": "legit"})
    answer = open_queue.post("/queue?again=1", data={"posting": first, "do": "skip"})
    assert str(answer.url).endswith("/queue") and len(store.reviews()) == 1


def test_what_another_reviewer_took_is_told(open_queue, store):
    answer = open_queue.post("/queue", data={"posting": "0" * 16, "do": "legit"})
    assert ID["gone"] in answer.text
    assert not store.reviews()


@pytest.mark.parametrize(
    "query", ["skip=x", "skip=-1", "skip=99999999999", "again=7", "again=%F0", "skip=1&again=0", "last=٣", "lang=%00"]
)
def test_odd_addresses_are_answered(open_queue, query):
    assert open_queue.get(f"/queue?{query}").status_code == 200


@pytest.mark.parametrize("do", ["", "nonsense", "undo", "skip"])
def test_no_other_deed_writes(open_queue, store, do):
    assert open_queue.post("/queue", data={"posting": POSTINGS[0].key, "do": do}).status_code == 200
    assert not store.reviews()


def test_nothing_without_a_key(model, store):
    client = client_of(model, store, KEYS)
    text = client.get("/queue").text
    assert ID["key_title"] in text and "<article" not in text
    answer = client.post("/queue", data={"posting": POSTINGS[0].key, "do": "legit"})
    assert answer.status_code == 403 and "<article" not in answer.text
    assert not store.reviews()


@pytest.mark.parametrize("key", ["", "wrong", "only-scores", "x" * 5000, "\u20ac", f"{KEY} "])
def test_a_wrong_key(model, store, key):
    answer = client_of(model, store, KEYS).post("/queue", data={"do": "key", "key": key})
    assert answer.status_code == 403
    assert ID["key_wrong"] in answer.text and 'aria-invalid="true"' in answer.text
    assert "set-cookie" not in answer.headers
    assert KEY not in answer.text


def test_the_key_is_kept_in_a_strict_cookie(model, store):
    client = client_of(model, store, KEYS)
    answer = client.post("/queue", data={"do": "key", "key": KEY}, follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert answer.status_code == 303
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/queue"))
    assert "max-age" not in cookie and "secure" not in cookie
    text = client.get("/queue").text
    assert client.post("/queue", data={"posting": key_shown(text), "do": "legit"}).status_code == 200
    assert store.reviews()[0].reviewer.startswith("key ")
    assert ID["leave"] in text
    assert ID["key_title"] in client.post("/queue", data={"do": "leave"}).text
    assert ID["key_title"] in client.get("/queue").text


def test_over_https_the_cookie_is_secure(model, store):
    client = TestClient(page_app(model, store, KEYS), base_url="https://localhost", headers=SAME)
    answer = client.post("/queue", data={"do": "key", "key": KEY}, follow_redirects=False)
    assert "secure" in answer.headers["set-cookie"].lower()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}])
def test_only_this_page_may_post(model, store, headers):
    client = TestClient(page_app(model, store), base_url="http://localhost")
    assert client.post("/queue", data={"posting": POSTINGS[0].key, "do": "legit"}, headers=headers).status_code == 403
    assert not store.reviews()


def test_without_a_store_or_model(model, store):
    assert client_of(model, None).get("/queue").status_code == 503
    assert ID["store_failed"] in client_of(model, None).post("/queue", data={"do": "legit"}).text
    assert client_of(None, store).get("/queue").status_code == 503


def test_a_store_that_fails_is_told(open_queue, monkeypatch):
    first = key_shown(open_queue.get("/queue").text)

    def broken(self, *a, **k):
        raise StoreError("db", "secret detail")

    monkeypatch.setattr(Store, "add_review", broken)
    answer = open_queue.post("/queue", data={"posting": first, "do": "legit"})
    assert answer.status_code == 503
    assert ID["store_failed"] in answer.text and "secret" not in answer.text


def test_a_huge_hostile_posting(model, store):
    bad = Posting(
        title="<script>alert(1)</script>", company="\"><b>'" * 9000, description=(LURE + "<&\u202e>") * 3000, url="javascript:x"
    )
    store.add_assessments(zip([bad], model.assess([bad]), strict=True))
    client = client_of(model, store)
    answers = [client.get(f"/queue?skip={skip}") for skip in range(len(POSTINGS) + 1)]
    for answer in answers:
        assert answer.status_code == 200 and len(answer.content) < 60_000
        assert "<script>alert" not in answer.text and 'href="javascript' not in answer.text
    assert bad.key in [key_shown(answer.text) for answer in answers]
    client.post("/queue", data={"posting": bad.key, "do": "job_scam"})
    assert store.reviews()[0].posting == bad


def test_the_page_looks_only_so_far_down(model, store, monkeypatch):
    monkeypatch.setattr(queue, "LOOK_AT", 2)
    client = client_of(model, store)
    assert "2 iklan lebih menunggu" in client.get("/queue").text
    assert client.get("/queue?skip=3").status_code == 200
