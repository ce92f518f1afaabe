import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from classifier import Posting
from classifier.api.page_marks import pieces_of
from classifier.api.page_steps import COUNTRIES, STEPS
from classifier.api.page_text import HEADLINES, MAX_AD, TEXTS
from classifier.api.page_view import linked, view_of
from classifier.api.queue_text import QUEUE_TEXTS
from classifier.reference import read_table
from classifier.schema import TEXT_FIELDS, Assessment, Review
from classifier.store import Store
from tests.conftest import HONEST, LURE
from tests.page_app import SAME, SCAM, page_app

LIMIT = 60_000
OLD_MEDIA = "application/x-www-form-urlencoded"
SHORT_LURES = (
    "Butuh CS online di Kamboja, gaji 15 juta, tiket ditanggung, tele @hrd_contoh",
    "Butuh CS di Kamboja, gaji 15 juta, tele @hrd_contoh",
    "Kerja di Kamboja, gaji 12 juta, tiket ditanggung",
    "Kerja di Kamboja, gaji 12 juta",
)
"""Too little said for `review`, but not for doubt; which of them a model doubts is its own affair."""


class Page(HTMLParser):
    """Elements and their text, and a check that every element is closed in order."""

    VOID = frozenset("meta input link br hr img path".split())

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.texts = [], [], []
        self.feed(html)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.texts.append((len(self.tags) - 1, ""))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open and self.open.pop() == tag, f"</{tag}>"

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def plain(html):
    """What a person reads, in one line."""
    html = re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", html)
    html = re.sub(r'(?s)<span class="no[^>]*>.*?\d</span>', "", html)
    text = re.sub(r"<[^>]*>", "", html)
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&#34;", '"'), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return " ".join(text.split())


@pytest.fixture(scope="module")
def web(model):
    return TestClient(page_app(model), base_url="http://localhost", headers=SAME)


@pytest.fixture
def store(tmp_path):
    with Store.open(str(tmp_path / "reviews.sqlite3")) as store:
        yield store


@pytest.fixture
def kept(model, store):
    return TestClient(page_app(model, store), base_url="http://localhost", headers=SAME)


def ask(client, ad, **more):
    return client.post("/", data={"ad": ad, "lang": "id"} | more)


def test_the_texts_are_complete_in_both_languages():
    for table in (TEXTS, HEADLINES, STEPS, QUEUE_TEXTS):
        assert table["id"].keys() == table["en"].keys()
    assert QUEUE_TEXTS["id"]["fields"].keys() == QUEUE_TEXTS["en"]["fields"].keys() == set(TEXT_FIELDS)
    assert len(TEXTS["id"]["signs"]) == len(TEXTS["en"]["signs"])
    assert COUNTRIES.keys() == {row["country"] for row in read_table("help")}
    for name in TEXTS["id"]:
        assert set(re.findall(r"{\w+}", str(TEXTS["id"][name]))) == set(re.findall(r"{\w+}", str(TEXTS["en"][name]))), name


def test_the_empty_page(web):
    answer = web.get("/?lang=id")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    found = Page(answer.text)
    assert found.all("html") == [{"lang": "id"}]
    assert {"for": "ad"} in found.all("label")
    assert {"for": "file"} in found.all("label")
    assert "Tanda-tanda yang perlu diwaspadai" in answer.text
    assert len(answer.content) < 25_000


def test_head_has_no_body(web):
    answer = web.head("/")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize("path", ["/", "/?lang=en"])
def test_one_request_and_nothing_from_outside(web, path):
    text = web.get(path).text
    found = Page(text)
    assert not [a for tag, a in found.tags if tag in {"link", "img", "iframe", "object", "embed", "source"} or "src" in a]
    assert not re.search(r"url\(|@import|@font-face|https?://", text)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("ms-MY", "id"),
        ("jv", "id"),
        ("su;q=0.9, fr;q=0.2", "id"),
        ("in", "id"),
        ("en-GB,en;q=0.9,id;q=0.1", "en"),
        ("th,en;q=0.5", "en"),
        ("id;q=0.1, en;q=0.2", "en"),
        ("", "en"),
        ("*;q=0.5, ;;;,id;q=x", "en"),
        ("en;q=0, id;q=0.5", "id"),
    ],
)
def test_the_language_follows_the_browser(model, header, language):
    answer = TestClient(page_app(model)).get("/", headers={"accept-language": header})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert "set-cookie" not in answer.headers


def test_the_language_is_remembered(model):
    client = TestClient(page_app(model), headers={"accept-language": "id"})
    answer = client.get("/?lang=en")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="id">' in client.get("/?lang=id").text
    assert '<html lang="id">' in client.get("/?lang=xx").text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_lure_without_javascript(web, lang):
    answer = ask(web, LURE, lang=lang)
    assert answer.status_code == 200
    read = plain(answer.text)
    headline, meaning = HEADLINES[lang]["high", "overseas_lure"]
    assert headline in read and meaning in read
    assert re.sub(r"\s+", " ", LURE) in read
    assert TEXTS[lang]["do_title"] in read
    assert "0800-1000" in read and "siskop2mi.bp2mi.go.id" in read
    assert '<mark class="against">' in answer.text
    found = Page(answer.text)
    assert len([a for a in found.all("div") if a.get("class") == "ad"]) == 1
    assert not re.search(r"\d\s?%|(?<!\d)0\.\d", read)
    assert len(answer.content) < 40_000


def test_each_marked_number_has_its_reason(web):
    text = ask(web, LURE).text
    marked = set(re.findall(r"</span>(\d+)</span>", text))
    listed = set(re.findall(r'<span class="no (?:against|for)">(\d+)</span>', text))
    assert marked == listed and len(listed) >= 4


def test_an_honest_ad_is_not_called_proven(web):
    read = plain(ask(web, HONEST).text)
    assert "Ini bukan bukti bahwa iklannya jujur." in read
    assert TEXTS["id"]["legend_for"] in read
    assert TEXTS["id"]["unsure_title"] in read


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("label", ["overseas_lure", "job_scam"])
def test_an_ad_in_doubt_is_not_told_that_nothing_was_found(lang, label):
    other = "job_scam" if label == "overseas_lure" else "overseas_lure"
    for risk, doubtful in ((0.5, True), (0.94, True), (0.49, False)):
        found = Assessment("", risk, "low", "legit", {"legit": 1 - risk, label: risk * 0.9, other: risk * 0.1}, "id")
        view = view_of(Posting(description=SHORT_LURES[0]), found, lang)
        assert found.is_doubtful == doubtful and view.band == "low" and view.tone == ("review" if doubtful else "low")
        assert (view.headline, view.meaning) == HEADLINES[lang]["low", label if doubtful else ""]
        assert view.steps == STEPS[lang][("review", label) if doubtful else ("low", "")]
    for band in ("review", "high"):
        assert not Assessment("", 0.99, band, label, {"legit": 0.01, label: 0.99, other: 0.0}, "id").is_doubtful


def test_the_page_says_that_it_is_in_doubt(web, model):
    doubtful = [found.is_doubtful for found in model.assess([Posting(description=ad) for ad in SHORT_LURES])]
    text = ask(web, SHORT_LURES[doubtful.index(True)]).text
    assert HEADLINES["id"]["low", "overseas_lure"][0] in plain(text) and 'class="verdict review"' in text
    assert TEXTS["id"]["unsure_title"] not in plain(text)


def test_a_job_scam_is_told_not_to_pay(web):
    read = plain(ask(web, SCAM).text)
    assert "penipuan kerja" in read and "Jangan bayar" in read


@pytest.mark.parametrize("ad", ["", "   \n\t ", "\x00\x00"])
def test_an_empty_ad_is_named(web, ad):
    answer = ask(web, ad)
    assert answer.status_code == 422
    found = Page(answer.text)
    assert {"href": "#ad", "id": "ad-error"} in found.all("a")
    assert TEXTS["id"]["error_empty"] in plain(answer.text)
    box = next(a for a in found.all("textarea") if a["id"] == "ad")
    assert box["aria-invalid"] == "true" and box["aria-describedby"].startswith("ad-error ")
    assert "Ada yang perlu dibetulkan" in re.search("<title>(.*)</title>", answer.text)[1]


def test_a_too_long_ad_is_named_with_its_length(web):
    answer = ask(web, "x" * (MAX_AD + 1))
    assert answer.status_code == 422
    assert "20.001 huruf" in answer.text and "20.000" in answer.text
    assert "20,001 characters" in ask(web, "x" * (MAX_AD + 1), lang="en").text
    assert len(answer.content) < LIMIT
    assert ask(web, "kerja " * (MAX_AD // 6)).status_code == 200


@pytest.mark.parametrize(
    "unit", ["a&b ", "\"'<>&", "<b>\n", "工作 ", "งาน", "🔥", "gaji 15 juta Kamboja\n", "x", "\u202e", "a b ", "&"]
)
def test_every_page_stays_small(web, unit):
    ad = (LURE + "\n" + unit * MAX_AD)[:MAX_AD]
    for part in ("", "1"):
        answer = ask(web, ad, part=part)
        assert answer.status_code == 200
        assert len(answer.content) < LIMIT
        if not part:
            Page(answer.text)


HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</mark></div></main><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)> ' onfocus='alert(1)' autofocus x='",
    "{{ 7*7 }} {% include 'x' %} ${7*7}",
    "</title></style></script><!--",
    "javascript:alert(1) data:text/html,<b>x https://evil.example/?x=1",
    "&lt;b&gt; &#x3c;script&#x3e;",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("part", ["", "1"])
def test_nothing_in_an_ad_is_markup(web, text, part):
    clean = ask(web, "Dicari kasir toko", part=part)
    answer = ask(web, f"{LURE} {text}", part=part)
    assert answer.status_code == 200
    for tag in ("script", "svg", "img", "a", "style"):
        allowed = Page(ask(web, LURE, part=part).text).all(tag)
        assert len(Page(answer.text).all(tag)) == len(allowed), tag
    assert "evil.example" not in " ".join(a.get("href", "") for a in Page(answer.text).all("a"))
    assert " ".join(text.split()) in plain(answer.text)
    assert len(Page(clean.text).tags) > 10


def test_hidden_and_turning_characters_are_shown(web):
    text = ask(web, f"{LURE} aman\u202ekosob\u202c \x07\x1b[31m\u2066x").text
    shown = text[text.index('<div class="ad"') :]
    shown = shown[: shown.index("</div>")]
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", shown)
    assert "\ufffd" in shown
    assert 'dir="auto"' in text


@pytest.mark.parametrize("ad", ["\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe\xfd", b"%00%00kerja", b"kerja%ED%A0%80"])
def test_broken_text_is_answered(web, ad):
    answer = web.post("/", content=b"ad=" + (ad if b"%" in ad else quote(ad).encode()), headers={"content-type": OLD_MEDIA})
    assert answer.status_code in (200, 422)
    assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "text/plain"), (b"{}", "application/json"), (b"--x", "multipart/form-data; boundary=y"), (b"x", "multipart/form-data")],
)
def test_a_body_that_is_no_form_is_an_empty_ad(web, content, kind):
    assert web.post("/", content=content, headers={"content-type": kind}).status_code == 422


@pytest.mark.parametrize(
    "content",
    [
        LURE.encode(),
        b"\xef\xbb\xbf" + LURE.encode(),
        LURE.encode("utf-16"),
        LURE.replace("\n", "\r\n").encode(),
        LURE.encode("cp1252"),
    ],
)
def test_a_text_file(web, content):
    answer = web.post("/", data={"ad": "", "lang": "id"}, files={"file": ("iklan.txt", content, "text/plain")})
    assert answer.status_code == 200
    assert "Kamboja" in plain(answer.text)
    assert HEADLINES["id"]["high", "overseas_lure"][0] in plain(answer.text)


def test_what_is_no_text_file_is_named(web):
    answer = web.post("/", data={"lang": "id"}, files={"file": ("x.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png")})
    assert answer.status_code == 422
    assert TEXTS["id"]["error_file"] in plain(answer.text)
    long = web.post("/", data={"lang": "id"}, files={"file": ("x.txt", b"x" * 500_000, "text/plain")})
    assert long.status_code == 422 and "terlalu panjang" in long.text


def test_the_headers(web):
    first, second = web.get("/"), web.get("/")
    policy = dict(part.split(" ", 1) for part in first.headers["content-security-policy"].split("; "))
    nonce = policy["script-src"].strip("'").removeprefix("nonce-")
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'nonce-{nonce}'",
        "style-src": f"'nonce-{nonce}'",
        "connect-src": "'self'",
        "img-src": "'none'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert len(nonce) >= 20 and nonce not in second.text
    found = Page(first.text)
    assert [a["nonce"] for a in found.all("script") + found.all("style")] == [nonce, nonce]
    assert not [a for _, a in found.tags if "style" in a or any(name.startswith("on") for name in a)]
    assert "max-age" in first.headers["cache-control"] and "private" in first.headers["cache-control"]
    for answer in (ask(web, LURE), ask(web, ""), ask(web, LURE, part="1")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost"}, 200),
        ({}, 200),
    ],
)
def test_only_this_page_may_ask(model, headers, status):
    answer = TestClient(page_app(model), base_url="http://localhost").post("/", data={"ad": LURE}, headers=headers)
    assert answer.status_code == status


def test_without_a_model_the_page_asks_to_wait(model):
    answer = ask(TestClient(page_app(None), headers=SAME), LURE)
    assert answer.status_code == 503 and "belum siap" in answer.text
    assert "Dibutuhkan segera" in answer.text


def test_the_page_keeps_the_ad_for_the_next_try(web):
    for ad in ("Kerja\n\nkasir", "\n\nKerja"):
        text = ask(web, ad).text
        assert f">\n{ad.strip()}</textarea>" in text


def wrong(client, ad=LURE, **more):
    return client.post("/page/wrong", data={"ad": ad, "lang": "id"} | {"posting": Posting(description=ad or "-").key} | more)


@pytest.mark.parametrize("part", ["", "1"])
def test_a_correction_is_kept(kept, store, model, part):
    answer = wrong(kept, verdict="legit", note="<b>toko tetangga</b>\0", part=part)
    assert answer.status_code == 200 and TEXTS["id"]["thanks"] in answer.text
    (review,) = store.reviews()
    assert (review.verdict, review.reviewer, review.note) == ("legit", "page", "<b>toko tetangga</b>")
    assert (review.posting.description, review.posting.source) == (LURE, "page")
    assert review.model == model.version and review.assessment["band"] == "high"


def test_a_correction_waits_for_a_reviewer_and_labels_nothing(kept, store):
    wrong(kept, verdict="legit")
    assert [row.posting.description for row in store.queue()] == [LURE]
    assert not list(store.labelled())
    store.add_review(Review(store.queue()[0].posting, "overseas_lure", "ani"))
    assert [row.label for row in store.labelled()] == ["overseas_lure"]
    assert not store.queue() and not store.disagreements()


def test_a_correction_with_line_ends_as_browsers_send_them(kept, store):
    ad = LURE + "\n\nbaris dua"
    answer = wrong(kept, ad.replace("\n", "\r\n"), verdict="job_scam", posting=Posting(description=ad).key)
    assert answer.status_code == 200
    assert store.reviews()[0].posting.description == ad


def test_a_correction_needs_a_verdict(kept, store):
    for verdict in ("", "nonsense"):
        answer = wrong(kept, verdict=verdict)
        assert answer.status_code == 422 and TEXTS["id"]["error_verdict"] in answer.text
        assert "<details open>" in answer.text
    assert not store.reviews()


def test_a_correction_is_of_the_ad_that_was_assessed(kept, store):
    answer = wrong(kept, verdict="legit", posting=Posting(description="another").key)
    assert answer.status_code == 409 and TEXTS["id"]["error_changed"] in answer.text
    assert wrong(kept, "", verdict="legit", posting="").status_code == 422
    assert not store.reviews()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}, {}])
def test_a_correction_comes_from_this_page(model, store, headers):
    client = TestClient(page_app(model, store), base_url="http://localhost")
    answer = client.post(
        "/page/wrong", data={"ad": LURE, "posting": Posting(description=LURE).key, "verdict": "legit"}, headers=headers
    )
    assert answer.status_code == 403
    assert not store.reviews()


def test_a_store_that_fails_is_told_kindly(web):
    answer = wrong(web, verdict="legit")
    assert answer.status_code == 503
    assert TEXTS["id"]["store_failed"] in answer.text and "secret" not in answer.text


def test_a_reload_after_a_correction_starts_again(web):
    answer = web.get("/page/wrong", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "../")
    text = wrong(web, verdict="legit").text
    assert 'action="../"' in text and 'formaction="../?lang=en"' in text


def test_links_stand_only_in_our_own_advice():
    for row in read_table("help"):
        for name in ("check_en", "check_id", "call_en", "call_id"):
            html = linked(row[name])
            assert plain(html) == row[name]
            for target in re.findall('href="([^"]*)"', html):
                assert re.fullmatch(r"tel:\+?\d{3,15}|mailto:[\w.]+@[\w.]+|https://[\w./-]+\w", target), target
    assert 'href="https://wa.me/628118080141"' in linked("WhatsApp ke 0811-8080-141 atau WhatsApp 0811-8080-141")
    assert linked("<b>110</b>") == '&lt;b&gt;<a href="tel:110">110</a>&lt;/b&gt;'


def test_pieces_are_the_text():
    text = "abcdefghij" * 10
    marks = [(0, 5, 1), (3, 8, 2), (50, 60, 3), (50, 60, 4)]
    pieces = pieces_of(text, marks, {1, 3}, 10_000)
    assert "".join(p.text for p in pieces) == text
    assert [(p.text, p.direction, p.begins) for p in pieces if p.direction][:3] == [
        ("abc", "against", (1,)),
        ("de", "against", (2,)),
        ("fgh", "for", ()),
    ]
    assert next(p for p in pieces if p.begins == (3, 4)).text == text[50:60]


def test_reading_in_indonesian_means_advice_for_indonesia(model):
    posting = Posting(description="Customer service in Myawaddy, Myanmar. USD 3000, no experience, ticket paid. Telegram @x")
    (found,) = model.assess([posting], limit=None)
    assert view_of(posting, found, "id").contacts[0].country == "Indonesia"
    assert "Myanmar" in [c.country for c in view_of(posting, found, "id").contacts]
