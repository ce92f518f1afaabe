"""Both pages in real Chromium: what people see, by keyboard, without JavaScript, and what axe finds."""

import os
from pathlib import Path

import pytest

from classifier import Posting
from classifier.api.page_text import HEADLINES, TEXTS
from classifier.api.queue_text import QUEUE_TEXTS
from classifier.store import Store
from tests.conftest import HONEST, LURE
from tests.page_app import KEY, KEYS, SCAM, page_app, served

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SCREENS = os.environ.get("CLASSIFIER_SCREENS")
ARGUMENTS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
SIZES = {"phone": (360, 740), "desktop": (1280, 900)}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
LOOKS = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]

if not CHROMIUM.exists():
    pytest.skip(f"missing browser: {CHROMIUM} (apt-get install chromium)", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="missing package: playwright")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="missing package: axe-playwright-python")


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(str(tmp_path_factory.mktemp("queue") / "reviews.sqlite3")) as store:
        yield store


@pytest.fixture(scope="module")
def address(model, store):
    with served(page_app(model, store, KEYS)) as address:
        yield address


@pytest.fixture
def fill_queue(model, store):
    def fill(name):
        postings = [
            Posting(title="CS online", location="Kamboja", description=f"{LURE} {name} {i}", source="feed") for i in range(4)
        ]
        store.add_assessments(zip(postings, model.assess(postings), strict=True))

    return fill


@pytest.fixture
def open_page(browser, address):
    """A page in a fresh browser profile; at the end, nothing may have gone wrong in it."""
    contexts, troubles, expected = [], [], ["status of 4"]

    def open_page(path="/", size="phone", scheme="light", expect=(), **options):
        expected.extend(expect)
        width, height = SIZES[size]
        options = {"locale": "id-ID", "reduced_motion": "reduce", **options}
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on(
            "console",
            lambda m: troubles.append(m.text) if m.type == "error" and not any(told in m.text for told in expected) else None,
        )
        page.on("pageerror", lambda e: troubles.append(str(e)))
        page.on("request", lambda r: troubles.append(r.url) if not r.url.startswith(address) else None)
        page.goto(address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles


def ask(page, ad):
    page.fill("#ad", ad)
    page.click("#submit")
    page.wait_for_selector("#verdict")


def sign_in(page):
    page.fill("#key", KEY)
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdicts")


def look(page, name):
    """axe, nothing wider than the screen, everything to press large enough; and a picture, where one is asked for."""
    if SCREENS:
        page.screenshot(path=str(Path(SCREENS) / f"{name}.png"), full_page=True)
    found = axe.Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert not found.response["violations"], found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    small = page.evaluate(
        """[...document.querySelectorAll('a, button, summary, input:not([type=hidden]), textarea, .choice')]
        .filter(e => e.checkVisibility() && !e.matches('.choice input, .skip'))
        .map(e => [e.outerHTML.slice(0, 80), Math.max(...[...e.getClientRects()].map(r => r.height))]).filter(e => e[1] < 44)"""
    )
    assert not small


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_public_page_for_everyone(open_page, size, scheme):
    page = open_page(size=size, scheme=scheme)
    look(page, f"empty-{size}-{scheme}")
    for name, ad in (("lure", LURE), ("scam", SCAM), ("honest", HONEST)):
        page = open_page(size=size, scheme=scheme, locale="en-GB" if name == "scam" else "id-ID")
        ask(page, ad)
        look(page, f"{name}-{size}-{scheme}")
        for summary in page.query_selector_all("summary"):
            summary.click()
        look(page, f"{name}-open-{size}-{scheme}")
    page.fill("#ad", "")
    page.click("#submit")
    page.wait_for_selector("#error-summary")
    look(page, f"error-{size}-{scheme}")


@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_reviewers_page_for_everyone(open_page, fill_queue, size, scheme):
    fill_queue(f"{size} {scheme}")
    page = open_page("/queue", size=size, scheme=scheme)
    look(page, f"key-{size}-{scheme}")
    sign_in(page)
    look(page, f"queue-{size}-{scheme}")
    page.keyboard.press("2")
    page.wait_for_url("**last=*")
    page.click("summary")
    look(page, f"queue-open-{size}-{scheme}")


def test_one_request_opens_the_page(open_page, browser, address):
    context = browser.new_context()
    page = context.new_page()
    requests = []
    page.on("request", lambda r: requests.append(r.url))
    page.goto(address, wait_until="networkidle")
    context.close()
    assert requests == [f"{address}/"]


def test_the_answer_is_swapped_in(open_page, address):
    page = open_page()
    ask(page, LURE)
    assert page.url == f"{address}/"
    assert page.inner_text("#verdict") == HEADLINES["id"]["high", "overseas_lure"][0]
    assert page.evaluate("document.activeElement.id") == "verdict"
    assert page.inner_text("#status") == TEXTS["id"]["ready"]
    assert page.evaluate("document.querySelector('#status').getAttribute('role')") == "status"
    assert page.title().startswith(HEADLINES["id"]["high", "overseas_lure"][0])
    assert page.input_value("#ad") == LURE
    assert page.locator("#verdict").is_visible() and page.locator("#verdict").bounding_box()["y"] < 740
    ask(page, HONEST)
    page.wait_for_selector(".verdict.low")


def test_marks_differ_without_colour(open_page):
    page = open_page()
    ask(page, f"{SCAM} Libur hari Minggu, gaji UMK, kontrak kerja, lamaran diantar langsung ke toko.")
    styles = page.evaluate(
        "['against', 'for'].map(c => document.querySelector(`mark.${c}`)).map(m => m && getComputedStyle(m).borderBottomStyle)"
    )
    assert styles == ["solid", "dotted"]


def test_by_keyboard_alone(open_page):
    page = open_page()

    def focused():
        return page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()")

    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(focused())
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", seen[-1]
        if seen[-1] == "ad":
            break
    assert seen == [TEXTS["id"]["skip_link"], "Bahasa Indonesia", "English", "ad"]
    page.keyboard.type(SCAM)
    for wanted in ("file", "submit"):
        page.keyboard.press("Tab")
        assert focused() == wanted
    page.keyboard.press("Enter")
    page.wait_for_selector("#verdict")
    assert focused() == "verdict"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.wrong summary')"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.evaluate("document.activeElement.value") == "legit"
    page.keyboard.press("Tab")
    page.keyboard.type("toko tetangga saya")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#told")
    assert focused() == "told"
    assert page.inner_text("#told") == TEXTS["id"]["thanks"]


def test_control_and_enter_send(open_page):
    page = open_page()
    page.fill("#ad", LURE)
    page.press("#ad", "Control+Enter")
    page.wait_for_selector("#verdict")


def test_a_correction_is_kept(open_page, store):
    page = open_page()
    ad = f"{LURE}\n\nBaris dua & <b>tiga</b>"
    ask(page, ad)
    page.click(".wrong summary")
    page.click(".wrong button")
    page.wait_for_selector("#wrong-error")
    page.check("input[value=job_scam]")
    page.fill("#note", "catatan")
    page.click(".wrong button")
    page.wait_for_selector("#told")
    review = store.reviews(limit=1000)[-1]
    assert (review.posting.description, review.verdict, review.note) == (ad, "job_scam", "catatan")


def test_an_empty_ad_is_led_back_to_the_box(open_page):
    page = open_page()
    page.click("#submit")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert TEXTS["id"]["error_empty"] in page.inner_text("#error-summary")
    page.click("#error-summary a")
    assert page.evaluate("document.activeElement.id") == "ad"
    assert page.get_attribute("#ad", "aria-invalid") == "true"
    ask(page, HONEST)
    assert not page.query_selector("#error-summary")
    assert page.get_attribute("#ad", "aria-invalid") is None


def test_the_count_follows_and_a_too_long_ad_stays(open_page):
    page = open_page()
    page.fill("#ad", "kerja\ndi sini 🔥")
    assert page.inner_text("#ad-count") == "15 dari 20.000 huruf"
    page.fill("#ad", "x" * 20_001)
    assert page.inner_text("#ad-count") == "20.001 dari 20.000 huruf"
    page.click("#submit")
    assert "20.001" in page.inner_text("#error-summary")
    assert len(page.input_value("#ad")) == 20_001


def test_a_lost_connection_keeps_the_ad(open_page):
    page = open_page(expect=["net::ERR_FAILED"])
    page.fill("#ad", LURE)
    page.route("**/*", lambda route: route.abort())
    page.click("#submit")
    page.wait_for_selector("#error-summary")
    assert TEXTS["id"]["error_network"] in page.inner_text("#error-summary")
    assert page.input_value("#ad") == LURE
    page.unroute("**/*")
    page.click("#submit")
    page.wait_for_selector("#verdict")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_chosen(open_page, encoding):
    page = open_page()
    text = "Kasir toko, gaji UMK – 招聘 🔥"
    page.set_input_files("#file", {"name": "iklan.txt", "mimeType": "text/plain", "buffer": text.encode(encoding)})
    page.wait_for_function("document.querySelector('#ad').value !== ''")
    assert page.input_value("#ad") == text
    page.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": b"\x89PNG\0"})
    page.wait_for_selector("#error-summary")
    assert TEXTS["id"]["error_file"] in page.inner_text("#error-summary")


def test_a_file_is_dropped(open_page):
    page = open_page()
    page.evaluate(
        """text => {const d = new DataTransfer(); d.items.add(new File([text], 'iklan.txt', {type: 'text/plain'}));
        for (const name of ['dragenter', 'dragover', 'drop'])
          document.querySelector('#ad').dispatchEvent(new DragEvent(name, {dataTransfer: d, bubbles: true, cancelable: true}));}""",
        LURE,
    )
    page.wait_for_function("document.querySelector('#ad').value !== ''")
    assert page.input_value("#ad") == LURE


def test_nothing_in_a_hostile_ad_runs(open_page):
    page = open_page()
    page.evaluate("window.ran = 0")
    ask(page, f"{LURE} <img src=x onerror=ran=1><script>ran=1</script></textarea><svg onload=ran=1><a href=//evil.example>x</a>")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") == 0
    assert not page.query_selector("#answer img, #answer script, #answer a[href*=evil]")


def test_without_javascript(open_page, store):
    page = open_page(java_script_enabled=False)
    assert not page.is_visible("#ad-count")
    ask(page, LURE)
    assert page.inner_text("#verdict") == HEADLINES["id"]["high", "overseas_lure"][0]
    assert page.locator("#verdict").bounding_box()["y"] < 400
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    assert page.inner_text("#verdict") == HEADLINES["en"]["high", "overseas_lure"][0]
    page.click(".wrong summary")
    page.check("input[value=legit]")
    page.click(".wrong button")
    assert page.inner_text("#told") == TEXTS["en"]["thanks"]
    assert store.reviews(limit=1000)[-1].posting.description == LURE
    page.click("text=Bahasa Indonesia")
    page.wait_for_selector("html[lang=id]")
    page.click(".afresh a")
    assert page.input_value("#ad") == ""
    page.set_input_files("#file", {"name": "iklan.txt", "mimeType": "text/plain", "buffer": SCAM.encode()})
    page.click("#submit")
    assert HEADLINES["id"]["high", "job_scam"][1] in page.inner_text(".verdict") or page.is_visible(".verdict.review")
    page.fill("#ad", " ")
    page.click("#submit")
    assert TEXTS["id"]["error_empty"] in page.inner_text("#error-summary")


def test_the_language_switch_keeps_the_ad(open_page, address):
    page = open_page()
    assert page.get_attribute("html", "lang") == "id"
    page.click("text=English")
    page.wait_for_selector("html[lang=en]")
    page.goto(address)
    assert page.get_attribute("html", "lang") == "en"
    ask(page, LURE)
    page.click("text=Bahasa Indonesia")
    page.wait_for_selector("html[lang=id]")
    assert page.inner_text("#verdict") == HEADLINES["id"]["high", "overseas_lure"][0]
    assert page.input_value("#ad") == LURE


def test_larger_text_and_narrow_screens_reflow(open_page):
    page = open_page()
    page.set_viewport_size({"width": 320, "height": 640})
    ask(page, f"{LURE} {'x' * 300} https://{'y' * 200}.example")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.add_style_tag  # noqa: B018  (a style of the tester's own is refused by the policy)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_one_key_a_verdict(open_page, fill_queue, store):
    fill_queue("keys")
    before = len(store.reviews(limit=1000))
    page = open_page("/queue", size="desktop")
    sign_in(page)
    shown = page.input_value("input[name=posting]")
    page.keyboard.press("s")
    page.wait_for_url("**skip=1*")
    assert page.input_value("input[name=posting]") != shown
    for key in "12":
        was = page.url
        page.keyboard.press(key)
        page.wait_for_url(lambda url, was=was: url != was)
    page.keyboard.press("u")
    page.wait_for_url("**again=*")
    assert QUEUE_TEXTS["id"]["verdicts"]["overseas_lure"] in page.inner_text("main .status")
    page.keyboard.press("3")
    page.wait_for_url("**last=*")
    assert [r.verdict for r in store.reviews(limit=1000)][before:] == ["legit", "overseas_lure", "job_scam"]
    page.uncheck("#keys")
    url = page.url
    page.keyboard.press("1")
    page.wait_for_timeout(200)
    assert page.url == url and len(store.reviews(limit=1000)) == before + 3


def test_the_queue_without_javascript(open_page, fill_queue, store):
    fill_queue("plain")
    page = open_page("/queue", java_script_enabled=False)
    sign_in(page)
    before = len(store.reviews(limit=1000))
    page.click("button[value=job_scam]")
    page.wait_for_selector("button[value=undo]")
    assert len(store.reviews(limit=1000)) == before + 1
    page.click("button[value=undo]")
    page.wait_for_url("**again=*")
    page.click("button[value=leave]")
    page.wait_for_selector("#key")
