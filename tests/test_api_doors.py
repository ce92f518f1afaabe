"""Keys, roles, rates, headers."""

import base64

import pytest
from fastapi.testclient import TestClient

from classifier import SettingsError
from classifier.api import create_app
from classifier.api.doors import Buckets, role_for
from classifier.settings import Settings
from tests.conftest import HONEST
from tests.service import KEYS, hashed

AD = {"description": HONEST}


def guarded(**settings):
    return TestClient(create_app(Settings(api_keys=hashed(), **settings)))


@pytest.fixture(scope="module")
def locked():
    with guarded(rate_per_minute=1_000_000, rate_burst=1_000_000) as client:
        yield client


def bearer(role):
    return {"Authorization": f"Bearer {KEYS[role]}"}


def test_without_a_key_nothing_is_told(locked):
    for method, path in (("POST", "/v1/assess"), ("GET", "/v1/model"), ("GET", "/metrics"), ("GET", "/nowhere"), ("GET", "/")):
        answer = locked.request(method, path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Bearer realm="classifier"')
        assert answer.headers["content-type"] == "application/problem+json"
    assert locked.get("/healthz").status_code == locked.get("/readyz").status_code == 200


def test_a_browser_is_asked_for_a_name_and_the_key(locked):
    answer = locked.get("/", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, 'Basic realm="classifier"')


@pytest.mark.parametrize(
    "headers",
    [
        bearer("score"),
        {"X-API-Key": KEYS["score"]},
        {"Authorization": "basic " + base64.b64encode(f"Ibu Ani:{KEYS['score']}".encode()).decode()},
    ],
)
def test_three_ways_to_show_a_key(locked, headers):
    assert locked.post("/v1/assess", json=AD, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "given", ["Bearer wrong", "Bearer", "Basic !!!", "Basic " + base64.b64encode(b"\xff:\xff").decode(), "Digest s-key", ""]
)
def test_what_is_no_key(locked, given):
    assert locked.post("/v1/assess", json=AD, headers={"Authorization": given}).status_code == 401


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("score", "/v1/model", 200),
        ("score", "/v1/reviews", 403),
        ("review", "/v1/model", 200),
        ("admin", "/v1/model", 200),
    ],
)
def test_roles(locked, role, path, status):
    answer = locked.get(path, headers=bearer(role))
    assert answer.status_code == status


def test_only_an_admin_loads_a_model(locked):
    assert locked.post("/v1/model/reload", headers=bearer("review")).status_code == 403
    assert locked.post("/v1/model/reload", headers=bearer("admin")).status_code == 200


def test_what_is_not_listed_needs_a_key():
    settings = Settings(api_keys=hashed())
    assert role_for("/anything/new", settings) == role_for("/", settings) == "score"
    public = Settings(api_keys=hashed(), public_page=True)
    assert role_for("/", public) is role_for("/page/wrong", public) is None
    assert role_for("/v1/assess", public) == "score"


def test_the_public_page_may_be_open():
    with guarded(public_page=True) as client:
        assert client.get("/").status_code != 401
        assert client.get("/v1/model").status_code == 401


def test_a_key_has_a_rate():
    with guarded(rate_per_minute=60, rate_burst=3) as client:
        statuses = [client.get("/v1/model", headers=bearer("score")).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        answer = client.get("/v1/model", headers=bearer("score"))
        assert answer.headers["retry-after"] == "1"
        assert client.get("/v1/model", headers=bearer("review")).status_code == 200, "another key has its own"
        assert client.get("/readyz").status_code == 200


def test_guessing_keys_has_a_rate_too():
    with guarded(rate_per_minute=60, rate_burst=3) as client:
        statuses = [client.get("/v1/model", headers={"X-API-Key": str(i)}).status_code for i in range(4)]
        assert statuses == [401, 401, 401, 429]


def test_buckets_fill_again():
    buckets = Buckets(per_minute=60, burst=2)
    assert [buckets.wait("a", now=0.0) for _ in range(3)] == [0.0, 0.0, 1.0]
    assert buckets.wait("a", now=0.5) == pytest.approx(0.5)
    assert buckets.wait("a", now=1.0) == 0.0
    assert buckets.wait("a", now=1.0) == 1.0


def test_buckets_forget():
    buckets = Buckets(per_minute=60, burst=1)
    for number in range(20_000):
        buckets.wait(str(number), now=0.0)
    assert len(buckets._buckets) == 10_000


def test_the_service_refuses_an_open_address_without_keys():
    with pytest.raises(SettingsError, match="CLASSIFIER_API_KEYS"):
        create_app(Settings(host="0.0.0.0"))


@pytest.mark.parametrize(("base", "host"), [("http://192.0.2.4", "192.0.2.4"), ("http://testserver", "evil.example:8000")])
def test_without_keys_only_this_machine_is_answered(base, host):
    with TestClient(create_app(Settings()), base_url=base) as client:
        assert client.get("/healthz", headers={"Host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_this_machine_has_several_names(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_another_site_may_not_send_forms(client):
    answer = client.post("/v1/assess", json=AD, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.post("/v1/assess", json=AD, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_headers_of_every_answer(client):
    answers = [client.get("/healthz"), client.get("/nowhere"), client.post("/v1/assess", json={}), client.get("/docs")]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["x-request-id"]
    assert "script-src" not in answers[0].headers["content-security-policy"]
    assert "'sha256-" in answers[3].headers["content-security-policy"]


def test_no_cross_origin_requests(client):
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert client.options("/v1/assess", headers=asked).status_code == 405


def test_openapi_names_keys_and_roles(locked, client):
    document = locked.get("/openapi.json").json()
    assert document["paths"]["/v1/assess"]["post"]["security"] == [{"bearer": []}, {"header": []}]
    assert "role `admin`" in document["paths"]["/v1/model/reload"]["post"]["description"]
    assert "security" not in document["paths"]["/healthz"]["get"]
    assert "security" not in client.get("/openapi.json").json()["paths"]["/v1/assess"]["post"]
