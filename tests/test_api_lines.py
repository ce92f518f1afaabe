"""Batches in lines, and the options of an assessment."""

import asyncio
import http.client
import json
import resource
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from classifier.api import create_app
from classifier.api.lines import Spool, split_lines
from classifier.settings import Settings
from tests.conftest import HONEST, LURE
from tests.service import serving

LINES = {"Content-Type": "application/x-ndjson"}
AD = {"description": LURE}


def ask(client, body, path="/v1/assess/batch", **headers):
    answer = client.post(path, content=body, headers={**LINES, **headers})
    return answer, [json.loads(line) for line in answer.text.splitlines()]


def test_each_line_is_answered_in_its_place(client, model):
    body = "\n".join(
        [
            json.dumps({"id": "a", "description": LURE}),
            "",
            '{"title": ',
            json.dumps({"id": "b", "title": "x" * 2001}),
            json.dumps({}),
            "[]",
            json.dumps({"id": "c", "description": HONEST}),
        ]
    ).encode()
    answer, found = ask(client, body + b'\n{"title": "\xff"}')
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/x-ndjson")
    assert (answer.headers["etag"], answer.headers["x-model-version"]) == (f'"{model.version}"', model.version)
    assert [(a.get("id"), a.get("line"), a.get("status")) for a in found] == [
        ("a", None, None),
        (None, 3, 422),
        (None, 4, 422),
        (None, 5, 422),
        (None, 6, 422),
        ("c", None, None),
        (None, 8, 422),
    ]
    assert found[2]["errors"] == [{"field": "title", "cause": "String should have at most 2000 characters"}]


def test_a_line_that_is_too_long_is_skipped(model):
    with TestClient(create_app(Settings(max_body_bytes=1000))) as client:
        for long in (b'{"title": "' + b"x" * 5000 + b'"}', b"x" * 1001):
            _, found = ask(client, b'{"title": "a"}\n' + long + b'\n{"title": "b", "id": "b"}\n')
            assert [(a.get("line"), a.get("status"), a.get("id")) for a in found][1:] == [(2, 413, None), (None, None, "b")]


def test_a_stream_over_its_limit_ends_with_a_problem(model):
    with TestClient(create_app(Settings(max_stream_bytes=1000))) as client:
        _, found = ask(client, iter([b'{"title": "a"}\n'] * 100))
        assert [a["status"] for a in found] == [413]


def test_many_lines_keep_their_order(client):
    body = b"".join(json.dumps({"id": str(i), "title": f"Kasir {i}"}).encode() + b"\n" for i in range(1500))
    _, found = ask(client, body, "/v1/assess/batch?reasons=none")
    assert [a["id"] for a in found] == [str(i) for i in range(1500)]
    assert not any(a["reasons"] for a in found)


def test_an_empty_stream_has_an_empty_answer(client):
    answer, found = ask(client, b"")
    assert (answer.status_code, found) == (200, [])


def test_json_in_and_lines_out(client):
    answer = client.post("/v1/assess/batch", json={"postings": [AD, AD]}, headers={"Accept": "application/x-ndjson"})
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert len(answer.text.splitlines()) == 2


@pytest.mark.parametrize("kind", ["text/csv", "application/xml", ""])
def test_other_media_types_are_refused(client, kind):
    assert client.post("/v1/assess/batch", content=b"x", headers={"Content-Type": kind}).status_code == 415


def test_reasons_and_language(client):
    def reasons(query):
        return client.post(f"/v1/assess?{query}", json=AD).json()["reasons"]

    assert reasons("reasons=none") == []
    assert len(reasons("")) == len(reasons("reasons=top")) == 10 < len(reasons("reasons=all"))
    english, indonesian = ({r["message"] for r in reasons(f"reasons=all&lang={lang}")} for lang in ("en", "id"))
    assert english != indonesian
    assert client.post("/v1/assess?reasons=some", json=AD).status_code == 422
    assert client.post("/v1/assess?lang=fr", json=AD).status_code == 422


def test_the_model_is_not_sent_twice(client, model):
    first = client.get("/v1/model")
    again = client.get("/v1/model", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post("/v1/assess", json=AD).headers["etag"] == first.headers["etag"] == f'"{model.version}"'


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_lines_are_the_same_however_they_arrive(size):
    body = b"one\n\ntwo\r\n" + b"x" * 50 + b"\nthree"

    async def run():
        pieces = [body[i : i + size] for i in range(0, len(body), size)]
        messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces] + [{"type": "http.request"}]

        async def receive():
            return messages.pop(0)

        return [line async for batch in split_lines(receive, 20) for line in batch]

    assert asyncio.run(run()) == [(1, b"one"), (3, b"two\r"), (4, None), (5, b"three")]


def test_the_spool_keeps_everything_in_order():
    async def run():
        spool, pieces = Spool(), [bytes([i % 256]) * 50_000 for i in range(100)]

        async def write():
            for number, piece in enumerate(pieces):
                await spool.write(piece)
                if number % 7 == 0:
                    await asyncio.sleep(0)
            spool.end()

        writing = asyncio.create_task(write())
        found = b"".join([piece async for piece in spool.pieces()])
        await writing
        spool.close()
        return found == b"".join(pieces)

    assert asyncio.run(run())


def rss(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def test_memory_stays_flat_and_nobody_waits_for_ever(model, tmp_path):
    """40 MB from a client that reads nothing before it has sent everything."""
    model.save(tmp_path / "model")
    line = json.dumps({"description": HONEST * 4}).encode() + b"\n"
    number = 40_000_000 // len(line)
    with serving(tmp_path, model=str(tmp_path / "model")) as served:
        list(stream(served.port, line, 500))
        before, most = rss(served.process.pid), 0.0
        done = threading.Event()

        def watch():
            nonlocal most
            while not done.wait(0.05):
                most = max(most, rss(served.process.pid))

        watching = threading.Thread(target=watch)
        watching.start()
        found = sum(1 for answer in stream(served.port, line, number, "none") if b'"risk"' in answer)
        done.set()
        watching.join()
        assert found == number
        assert most - before < 30


def stream(port, line, number, reasons="top"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {**LINES, "Content-Length": str(len(line) * number)}
    connection.request("POST", f"/v1/assess/batch?reasons={reasons}", (line for _ in range(number)), headers)
    yield from connection.getresponse()
    connection.close()


def test_a_client_that_leaves_is_no_error(model, tmp_path):
    model.save(tmp_path / "model")
    with serving(tmp_path, model=str(tmp_path / "model")) as served:
        for sent in (b'{"description": "half', b'{"title": "a"}\n' * 2000):
            with socket.create_connection(("127.0.0.1", served.port)) as connection:
                head = b"POST /v1/assess/batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                connection.sendall(head + b"Content-Length: 900000\r\n\r\n" + sent)
        log = served.wait_for_log('"status":499', times=2)
    assert "unexpected" not in log and '"level":"error"' not in log


def test_metrics_tell_what_happened(client):
    client.post("/v1/assess", json={**AD, "language": "tlh"})
    ask(client, b"nonsense")
    text = client.get("/metrics").text
    assert 'classifier_assessed_total{band="high",language="other"}' in text
    assert 'classifier_refused_total{cause="line_invalid"}' in text
    assert 'classifier_requests_total{route="/v1/assess",status="200"}' in text
    assert "classifier_risk_bucket" in text and "classifier_request_seconds_bucket" in text
    assert "classifier_model_info{" in text
    if subprocess.run(["which", "promtool"], capture_output=True).returncode == 0:
        subprocess.run(["promtool", "check", "metrics"], input=text, text=True, check=True)
