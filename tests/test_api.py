import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from classifier.api import create_app
from classifier.settings import Settings
from tests.conftest import HONEST, LURE


def assert_problem(answer, status, text):
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert text in body["detail"]
    assert "Traceback" not in answer.text
    return body


def test_one_posting(client, model):
    answer = client.post("/v1/assess", json={"id": "a1", "description": LURE})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["id"], body["model"]) == ("a1", model.version)
    assert body["risk"] > 0.5
    assert sum(body["probabilities"].values()) == pytest.approx(1)
    for reason in body["reasons"]:
        assert LURE[reason["start"] : reason["end"]] == reason["quote"]


def test_a_batch_keeps_its_order(client):
    postings = [{"id": str(i), "description": LURE if i % 2 else HONEST} for i in range(20)]
    found = client.post("/v1/assess/batch", json={"postings": postings}).json()["assessments"]
    assert [a["id"] for a in found] == [str(i) for i in range(20)]
    assert all((a["risk"] > 0.5) == (int(a["id"]) % 2 == 1) for a in found)


def test_the_api_and_the_library_agree(client, model, lure):
    body = client.post("/v1/assess", json={"description": LURE}).json()
    assert body == json.loads(json.dumps(model.assess([lure])[0].to_dict()))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "title or description must have content"),
        ({"title": "  "}, "title or description must have content"),
        ({"title": ["x"]}, "title: Input should be a valid string"),
        ({"title": "x" * 2001}, "title: String should have at most 2000 characters"),
        ([], "body"),
        ("text", "body"),
    ],
)
def test_what_is_no_posting_is_named(client, body, text):
    assert_problem(client.post("/v1/assess", json=body), 422, text)


def test_broken_json_is_named(client):
    assert_problem(client.post("/v1/assess", content=b'{"title": ', headers={"content-type": "application/json"}), 422, "JSON")


def test_invalid_utf8_is_refused(client):
    answer = client.post("/v1/assess", content=b'{"title": "\xff"}', headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("announce", [True, False])
def test_five_megabytes_are_too_much(client, announce):
    body = json.dumps({"description": "x" * 5_000_000}).encode()
    content = body if announce else iter([body[i : i + 65536] for i in range(0, len(body), 65536)])
    answer = client.post("/v1/assess", content=content, headers={"content-type": "application/json"})
    assert_problem(answer, 413, "larger than 1,000,000 bytes")


def test_a_bad_posting_in_a_batch_is_named_by_its_place(client):
    body = assert_problem(client.post("/v1/assess/batch", json={"postings": [{"title": "a"}, {"title": ""}]}), 422, "postings.1")
    assert body["errors"][0]["field"] == "postings.1.description"


def test_too_many_postings(client):
    answer = client.post("/v1/assess/batch", json={"postings": [{"title": "a"}] * 1001})
    assert_problem(answer, 413, "1001 given, at most 1000")


def test_unknown_paths_and_methods_are_problems(client):
    assert_problem(client.get("/v1/nothing"), 404, "Not Found")
    assert_problem(client.get("/v1/assess"), 405, "Method Not Allowed")


def test_the_model_describes_itself(client, model):
    body = client.get("/v1/model").json()
    assert body["version"] == model.version
    assert body["bands"] == dict(model.thresholds)
    assert body["metrics"]["test"]["metrics"]["average_precision"]["value"] > 0.5
    assert body["card"].startswith("# Model card")


def test_ready_only_with_a_model():
    app = create_app(Settings())
    with_out_lifespan = TestClient(app)
    assert with_out_lifespan.get("/healthz").status_code == 200
    assert_problem(with_out_lifespan.get("/readyz"), 503, "not loaded")
    assert_problem(with_out_lifespan.post("/v1/assess", json={"title": "x"}), 503, "not loaded")


def test_live_and_ready(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_requests_side_by_side_get_their_own_answers(client):
    def ask(i):
        return client.post("/v1/assess", json={"id": str(i), "description": f"{LURE} {i}"}).json()["id"]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(64))) == [str(i) for i in range(64)]


def test_an_unexpected_error_says_nothing_of_the_inside(model, monkeypatch):
    app = create_app(Settings())
    with TestClient(app, raise_server_exceptions=False) as client:
        monkeypatch.setattr(type(app.state.holder.model), "assess", lambda *a, **k: 1 / 0)
        assert_problem(client.post("/v1/assess", json={"title": "x"}), 500, "could not be answered")


def test_the_openapi_document_has_an_example(client):
    schema = client.get("/openapi.json").json()
    assert schema["components"]["schemas"]["PostingIn"]["examples"]
