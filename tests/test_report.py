import json
import re
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from classifier import Posting
from classifier.campaign_signatures import signatures
from classifier.campaigns import find_campaigns
from classifier.report import TOP, write_report
from classifier.report_view import Segment, safe_link, segments, visible
from classifier.scan_output import beside_row, output_row
from tests.conftest import HONEST, LURE

HOSTILE = (
    "<script>alert(1)</script>", '"><img src=x onerror="alert(2)">', "' onmouseover='alert(3)", "javascript:alert(4)",
    "</style><b>", "{{ 7*7 }}", "<!--", "]]>", "&lt;script&gt;", "\u202eevil\u202c", "nul\x00", "\x1b[31m", "\ud800",
    "</title></section>",
)  # fmt: skip


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def row(number=0, risk=0.9, **more):
    band = "high" if risk > 0.8 else "review" if risk > 0.4 else "low"
    base = {"id": f"p{number}", "risk": risk, "band": band, "label": "overseas_lure", "language": "id", "campaign": None,
            "title": "CS", "source": "grup", "url": "", "reasons": [], "model": "m1"}  # fmt: skip
    return base | more


def written(tmp_path, rows, **more):
    path = tmp_path / "report.html"
    write_report(rows, path, title=more.pop("title", "Scan"), **more)
    html = path.read_text("utf-8")
    return html, Page(html)


def test_a_scan_of_the_model(model, tmp_path):
    postings = [
        Posting(title="CS Sihanoukville", description=LURE, posted_at="2025-03-04", source="grup", url="https://board.example/1"),
        Posting(title="CS Sihanoukville", description=f"{LURE} Segera", posted_at="2025-03-20", source="grup b"),
        Posting(title="Kasir", description=HONEST, posted_at="2025-03-05"),
    ]
    found = model.assess(postings, explain="all")
    campaigns = find_campaigns(signatures(postings), risks=[a.risk for a in found])
    rows = []
    for number, (posting, assessment) in enumerate(zip(postings, found, strict=True)):
        fields = {name: getattr(posting, name) for name in ("description", "contact", "posted_at", "key")}
        rows.append(
            output_row(posting, assessment) | beside_row(posting, assessment) | {"campaign": campaigns.id_of(number)} | fields
        )
    html, page = written(
        tmp_path, rows, campaigns=campaigns.ranked(10), summary={"rejected": 4}, generated=datetime(2026, 8, 24, tzinfo=UTC)
    )
    text = " ".join(" ".join(page.text).split())
    assert "rejected rows 4" in text
    assert f"{campaigns.ids[0]} 2" in text
    assert "2025-03-04 – 2025-03-20" in text
    assert "Made 2026-08-24 00:00 UTC" in text
    marks = [attributes for tag, attributes in page.tags if tag == "mark" and "title" in attributes]
    assert any(m["class"] == "against" and m["title"] for m in marks)
    assert {"href": "https://board.example/1", "rel": "noopener noreferrer nofollow", "target": "_blank"} in [
        a for t, a in page.tags if t == "a"
    ]
    assert html.count("<rect") >= 3


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(tmp_path, text):
    names = (
        "id",
        "label",
        "language",
        "campaign",
        "title",
        "source",
        "url",
        "description",
        "contact",
        "posted_at",
        "company",
        "location",
        "salary",
    )
    reason = {"kind": "indicator", "indicator": text, "field": "description", "start": 0, "end": len(text), "quote": text,
              "weight": 1.0, "message": text}  # fmt: skip
    place = reason | {"indicator": "destination_named"}
    hostile = row(**dict.fromkeys(names, text), reasons=[reason, place])
    (campaign,) = find_campaigns(
        signatures([Posting(description=f"{LURE} {k}", source=text, contact=f"@budi_{text}_88") for k in range(2)])
    )
    _, clean = written(tmp_path, [row(**dict.fromkeys(names, "x"), reasons=[])], campaigns=[campaign])
    html, page = written(tmp_path, [hostile], title=text, generated=text, campaigns=[campaign])
    allowed = {tag for tag, _ in clean.tags} | {"mark", "span", "table", "td", "th", "tr", "thead", "tbody", "div"}
    assert {tag for tag, _ in page.tags} <= allowed
    assert not {"script", "img", "iframe", "object", "link", "form", "base"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on") or name == "style"]
    assert all(a["href"].startswith("#") for tag, a in page.tags if tag == "a")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", html)
    assert "49" not in page.text


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//evil.example", "https://", "http://[", "https://a b", "https://a\u202e.example",
            "\thttps://a.example/\n\"onx", "ftp://a.example", "vbscript:x", "https://a.example/'x", "a.example/x", "", None, 5]
)  # fmt: skip
def test_what_becomes_no_link(url):
    assert safe_link(url) is None


def test_web_addresses_become_links():
    assert safe_link(" https://a.example/x?y=1#z ") == "https://a.example/x?y=1#z"
    assert safe_link("http://a.example") == "http://a.example"


def test_nothing_is_loaded_and_the_policy_knows_the_style(tmp_path):
    html, page = written(tmp_path, [row()])
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert not [a for _, a in page.tags if "src" in a or "srcset" in a]
    assert "url(" not in style
    assert "@import" not in style
    assert "@media print" in style
    assert "prefers-color-scheme:dark" in style


def test_an_empty_scan(tmp_path):
    _, page = written(tmp_path, [])
    assert "No posting has a date" in " ".join(page.text)


def test_the_riskiest_come_first_whatever_the_order(tmp_path):
    risks = [(k * 37 % 1000) / 1000 for k in range(1000)]
    _, page = written(tmp_path, (row(k, risk, title=f"T{risk:.3f}") for k, risk in enumerate(risks)))
    titles = [text for text in page.text if re.fullmatch(r"T0\.\d{3}", text)]
    assert titles == [f"T{risk:.3f}" for risk in sorted(risks, reverse=True)[:TOP]]


def test_reasons_may_be_json_text(tmp_path):
    reason = {
        "kind": "words",
        "indicator": None,
        "field": "title",
        "start": 0,
        "end": 2,
        "quote": "CS",
        "weight": 2.0,
        "message": "Words.",
    }
    _, page = written(tmp_path, [row(reasons=json.dumps([reason]))])
    assert {"class": "against", "title": "Words."} in [a for t, a in page.tags if t == "mark"]


def test_a_long_text_is_cut_around_its_marks(tmp_path):
    text = "kata " * 2000 + "tiket ditanggung" + " kata" * 2000
    reason = {"kind": "indicator", "indicator": "travel_paid", "field": "description", "start": 10_000, "end": 10_016,
              "quote": "tiket ditanggung", "weight": 2.0, "message": "The ad pays the journey."}  # fmt: skip
    html, _ = written(tmp_path, [row(description=text, reasons=[reason])])
    assert ">tiket ditanggung</mark>" in html
    assert html.count("kata") < 150


def test_bars_of_the_weeks(tmp_path):
    rows = [row(k, 0.9, posted_at=f"2025-0{1 + k % 9}-10") for k in range(90)] + [
        row(posted_at="1999-01-01"),
        row(posted_at="soon"),
    ]
    html, page = written(tmp_path, rows)
    assert "91 of 92 postings have a date" in " ".join(" ".join(page.text).split())
    heights = [float(a["height"]) for t, a in page.tags if t == "rect" and a.get("width") == "8"]
    assert max(heights) == 100
    assert len(heights) <= 52
    assert "1999" not in html.split('id="top"')[0]


def test_segments_keep_the_text_and_overlaps():
    text = "gaji besar\x00 tanpa syarat"
    found = segments(
        text, [(0, 10, 2.0, "pay"), (5, 10, -0.5, "words"), (12, 17, -1.0, "calm"), (3, 99, 1.0, "broken"), (4, 4, 1, "none")]
    )
    assert "".join(s.text for s in found) == visible(text)
    assert found[0] == Segment("gaji ", "against", "pay")
    assert found[1] == Segment("besar", "against", "pay · words")
    assert [s.direction for s in found] == ["against", "against", "", "for", ""]


def test_a_report_that_fails_leaves_no_page(tmp_path):
    with pytest.raises(KeyError):
        write_report([{}], tmp_path / "r.html", title="x")
    assert not list(tmp_path.iterdir())


def test_places_are_counted_in_the_text_of_flagged_postings_not_in_their_reasons(tmp_path):
    rows = [row(1, description="Butuh CS di Poipet"), row(2, risk=0.1, description="Kasir di Bavet"), row(3, location="Dubai")]
    html, *_ = written(tmp_path, rows)
    places = html.partition('id="places"')[2].partition('id="contacts"')[0]
    assert "Poipet" in places and "hand-over city" in places and "Bavet" not in places
