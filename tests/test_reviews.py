"""Reviews over HTTP and at the command line."""

import json

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from classifier.api import create_app
from classifier.cli_reviews import reviews
from classifier.labelled import read_labelled
from classifier.settings import Settings
from classifier.store import Store
from tests.conftest import HONEST, LURE

VERDICT = {"posting": {"description": LURE}, "verdict": "overseas_lure", "reviewer": "ani"}


@pytest.fixture
def url(tmp_path):
    return str(tmp_path / "new folder" / "reviews.sqlite3")


@pytest.fixture
def client(url):
    with TestClient(create_app(Settings(store=url))) as client:
        yield client


def test_a_verdict_is_kept(client, model, url):
    assessment = client.post("/v1/assess", json=VERDICT["posting"]).json()
    answer = client.post("/v1/reviews", json={**VERDICT, "note": "sure", "assessment": assessment})
    assert answer.status_code == 201
    body = answer.json()
    assert (body["id"], body["language"], body["model"], body["assessment"]) == (1, "id", model.version, assessment)
    assert client.get("/v1/reviews").json() == {"reviews": [body], "next": None}
    with Store.open(url) as store:
        assert store.reviews()[0].note == "sure"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"verdict": "maybe"}, "verdict"),
        ({"reviewer": ""}, "reviewer"),
        ({"posting": {}}, "description"),
        ({"assessment": {"risk": 2}}, "assessment"),
        ({"note": "x" * 5001}, "note"),
    ],
)
def test_what_is_no_review(client, change, text):
    answer = client.post("/v1/reviews", json={**VERDICT, **change})
    assert answer.status_code == 422
    assert text in answer.json()["detail"]


def test_paging_and_filters(client):
    for number in range(7):
        posting = {"description": f"{HONEST} {number}"}
        client.post("/v1/reviews", json={"posting": posting, "verdict": "legit", "reviewer": "ab"[number % 2]})
    first = client.get("/v1/reviews?limit=4").json()
    second = client.get(f"/v1/reviews?limit=4&after={first['next']}").json()
    assert (len(first["reviews"]), len(second["reviews"]), second["next"]) == (4, 3, None)
    assert len(client.get("/v1/reviews?reviewer=a&verdict=legit&language=id").json()["reviews"]) == 4
    assert client.get("/v1/reviews?verdict=job_scam").json()["reviews"] == []
    since = first["reviews"][2]["created_at"]
    assert len(client.get("/v1/reviews", params={"since": since}).json()["reviews"]) == 5
    assert client.get("/v1/reviews?since=2999-01-01").json()["reviews"] == []
    assert client.get("/v1/reviews?since=soon").status_code == 422


def test_export_is_ready_for_training(client, tmp_path):
    for verdict in ("legit", "overseas_lure"):
        client.post("/v1/reviews", json={**VERDICT, "verdict": verdict})
    answer = client.get("/v1/reviews/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    file = tmp_path / "reviewed.jsonl"
    file.write_text(answer.text)
    rows, rejected = read_labelled([file])
    assert ([row.label for row in rows], rejected) == (["overseas_lure"], [])


def test_a_store_that_does_not_open_is_no_secret_and_no_end(tmp_path):
    (tmp_path / "x").write_text("no database" * 100)
    with TestClient(create_app(Settings(store=str(tmp_path / "x")))) as client:
        for answer in (client.post("/v1/reviews", json=VERDICT), client.get("/v1/reviews"), client.get("/v1/reviews/export")):
            assert answer.status_code == 503
            assert str(tmp_path) not in answer.text
        assert client.post("/v1/assess", json=VERDICT["posting"]).status_code == 200


@pytest.fixture
def run(url):
    def invoke(*words, code=0):
        done = CliRunner().invoke(reviews, [*words, "--store", url])
        assert done.exit_code == code, done.output
        return done

    return invoke


def test_import_export_stats(run, tmp_path):
    rows = [
        {"description": LURE, "label": "overseas_lure", "reviewer": "ani", "created_at": "2026-03-01T12:00:00Z"},
        {"description": LURE, "label": "job_scam", "reviewer": "budi", "created_at": "2026-03-02T12:00:00"},
        {"description": HONEST, "verdict": "legit", "note": "I know the shop"},
        {"description": HONEST, "label": "maybe"},
        {"description": HONEST, "label": "legit", "created_at": "yesterday"},
    ]
    file = tmp_path / "verdicts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    done = run("import", str(file), code=1)
    assert "3 reviews added, 0 known already, 2 rows rejected" in done.output
    assert "line 4: label: 'maybe' is no label" in done.output
    assert "line 5: created_at: 'yesterday'" in done.output
    assert "0 reviews added, 3 known already" in run("import", str(file), code=1).output
    exported = run("export", "--output", str(tmp_path / "out.jsonl"))
    assert "2 labelled postings written" in exported.stderr
    assert "on 1 postings reviewers disagree" in exported.stderr
    labelled, _ = read_labelled([tmp_path / "out.jsonl"])
    assert [row.label for row in labelled] == ["job_scam", "legit"]
    figures = json.loads(run("stats", "--json").stdout)
    assert figures["reviews"] == 3
    assert list(figures["disputed"].values()) == [{"ani": "overseas_lure", "budi": "job_scam"}]
    assert "disagreement on" in run("stats").output


def test_all_reviews_travel_to_another_store(run, tmp_path):
    file = tmp_path / "verdicts.jsonl"
    file.write_text(json.dumps({"description": HONEST, "label": "legit", "reviewer": "ani", "note": "known"}))
    run("import", str(file))
    run("export", "--all", "--output", str(tmp_path / "all.jsonl"))
    other = str(tmp_path / "other.sqlite3")
    assert CliRunner().invoke(reviews, ["import", str(tmp_path / "all.jsonl"), "--store", other]).exit_code == 0
    with Store.open(other) as store:
        [found] = store.reviews()
    assert (found.reviewer, found.note, found.verdict) == ("ani", "known", "legit")


def test_each_command_shows_an_example():
    for name in reviews.commands:
        assert "Example: classifier reviews" in CliRunner().invoke(reviews, [name, "--help"]).output
