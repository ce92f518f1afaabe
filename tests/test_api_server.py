"""The service as a process: stop without a loss, reload, several workers."""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

from tests.conftest import HONEST, LURE
from tests.service import START, serving

LINES = 40


@pytest.fixture
def model_folder(model, tmp_path):
    model.save(tmp_path / "model")
    return tmp_path / "model"


def fetch(url, method="GET", headers=()):
    with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=dict(headers)), timeout=20) as answer:
        return answer.read().decode()


def slow_stream(port, begun, answers, index):
    """Sends a stream of lines slowly, so that it is in flight when the service is told to stop."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def lines():
        for number in range(LINES):
            yield json.dumps({"id": str(number), "description": LURE}).encode() + b"\n"
            if number == 2:
                begun.release()
            time.sleep(0.02)

    connection.request("POST", "/v1/assess/batch", lines(), {"Content-Type": "application/x-ndjson"}, encode_chunked=True)
    answers[index] = [json.loads(line)["id"] for line in connection.getresponse().read().splitlines()]
    connection.close()


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_loses_no_request_in_flight(model_folder, tmp_path, workers):
    with serving(tmp_path, workers, model=str(model_folder)) as served:
        begun, answers = threading.Semaphore(0), [None] * 6
        threads = [threading.Thread(target=slow_stream, args=(served.port, begun, answers, i)) for i in range(6)]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert begun.acquire(timeout=20)
        served.signal(signal.SIGTERM)
        for thread in threads:
            thread.join(30)
        assert served.process.wait(20) in (0, -signal.SIGTERM)
        assert answers == [[str(i) for i in range(LINES)]] * 6


def other_model(model, folder):
    """A model of another version in the same folder."""
    thresholds = {"review": 0.41, "high": 0.87}
    return type(model)(model.linear, thresholds, model.metadata, model.card).save(folder).version


@pytest.mark.parametrize("workers", [1, 2])
def test_sighup_loads_a_new_model_in_every_worker(model, model_folder, tmp_path, workers):
    with serving(tmp_path, workers, model=str(model_folder)) as served:
        assert json.loads(fetch(f"{served.url}/v1/model"))["version"] == model.version
        version = other_model(model, model_folder)
        served.signal(signal.SIGHUP)
        served.wait_for_log(f"model {version} in use", times=workers)
        assert {json.loads(fetch(f"{served.url}/v1/model"))["version"] for _ in range(12)} == {version}
        assert f'classifier_model_info{{version="{version}"}} 1.0' in fetch(f"{served.url}/metrics")


def test_a_reload_over_http_reaches_every_worker(model, model_folder, tmp_path):
    with serving(tmp_path, 2, model=str(model_folder)) as served:
        version = other_model(model, model_folder)
        assert json.loads(fetch(f"{served.url}/v1/model/reload", "POST"))["version"] == version
        # the worker that was asked loads it at once, and both when the supervisor tells them
        served.wait_for_log(f"model {version} in use", times=3)
        assert {json.loads(fetch(f"{served.url}/v1/model"))["version"] for _ in range(12)} == {version}


def test_a_bad_model_on_sighup_is_logged_and_the_old_one_stays(model, model_folder, tmp_path):
    with serving(tmp_path, 1, model=str(model_folder)) as served:
        (model_folder / "model.joblib").write_bytes(b"not a model")
        served.signal(signal.SIGHUP)
        assert "wrong checksum" in served.wait_for_log("model refused")
        assert json.loads(fetch(f"{served.url}/v1/model"))["version"] == model.version


def test_workers_count_together_and_a_dead_one_is_replaced(model_folder, tmp_path):
    with serving(tmp_path, 2, model=str(model_folder)) as served:
        children = subprocess.run(["pgrep", "-P", str(served.process.pid)], capture_output=True, text=True).stdout.split()
        assert len(children) == 2
        for _ in range(20):
            fetch(f"{served.url}/healthz")
        assert 'classifier_requests_total{route="/healthz",status="200"} 20.0' in fetch(f"{served.url}/metrics")
        os.kill(int(children[0]), signal.SIGKILL)
        served.wait_for_log("Started server process", times=3)
        assert all(json.loads(fetch(f"{served.url}/healthz")) for _ in range(10))


def test_logs_are_json_and_hold_nothing_of_an_ad(model_folder, tmp_path):
    secret = "Zanzibarqueen"
    with serving(tmp_path, 1, model=str(model_folder)) as served:
        for body in ({"title": secret, "contact": secret, "description": HONEST}, {"title": [secret]}, {"titel": secret}):
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
            headers = {"Content-Type": "application/json", "X-Request-Id": "known-1"}
            connection.request("POST", f"/v1/assess?lang={secret if 'titel' in body else 'en'}", json.dumps(body), headers)
            assert connection.getresponse().headers["x-request-id"] == "known-1"
            connection.close()
        log = served.wait_for_log("known-1", times=3)
    assert secret not in log
    lines = [json.loads(line) for line in log.splitlines()]
    first = next(line for line in lines if line.get("request_id") == "known-1")
    assert (first["route"], first["status"], sum(first["bands"].values())) == ("/v1/assess", 200, 1)
    assert first["ms"] > 0


def test_it_does_not_start_on_an_open_address_without_keys(tmp_path):
    command = START.replace("127.0.0.1", "0.0.0.0")
    done = subprocess.run([sys.executable, "-c", command, "0", "1"], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert "CLASSIFIER_API_KEYS: is needed" in done.stderr


def test_it_does_not_start_with_a_bad_model(model_folder, tmp_path):
    shutil.rmtree(model_folder)
    with pytest.raises(AssertionError, match="no such model folder"), serving(tmp_path, model=str(model_folder)):
        pass
