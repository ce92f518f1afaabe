import csv
import json
import os
import signal
import subprocess
import sys
import time
from random import Random

import pyarrow.parquet as pq
import pytest

from classifier import FeedError
from classifier.cli_text import Pace
from classifier.scan import How, Progress, rejected_path, scan
from classifier.scan_chunk import ScanOptions
from classifier.scan_output import COLUMNS
from classifier.store import Store
from tests.conftest import HONEST, LURE


@pytest.fixture
def feed(tmp_path):
    path = tmp_path / "feed.jsonl"
    rows = [{"id": f"h{i}", "description": f"{HONEST} Nomor {i}", "source": "toko"} for i in range(30)]
    rows.insert(7, {"id": "bait", "title": "CS Kamboja", "description": LURE, "source": "grup"})
    lines = [json.dumps(row) for row in rows]
    lines.insert(3, "{broken")
    path.write_text("\n".join(lines), "utf-8")
    return path


def read_jsonl(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_the_output_is_ranked_and_complete(model, feed, tmp_path):
    output = tmp_path / "out.jsonl"
    summary = scan([feed], output, model)
    rows = read_jsonl(output)
    assert len(rows) == summary.postings == 31
    assert rows[0]["id"] == "bait"
    assert [row["risk"] for row in rows] == sorted((row["risk"] for row in rows), reverse=True)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["reasons"][0]["quote"] in LURE or rows[0]["reasons"][0]["field"] == "title"
    assert summary.top[0]["id"] == "bait"
    assert summary.sources == {"toko": 30, "grup": 1}
    (rejected,) = read_jsonl(rejected_path(output))
    assert (rejected["file"], rejected["line"]) == (str(feed), 4)
    assert not (tmp_path / "out.jsonl.partial").exists()


def test_csv_and_parquet_hold_the_same_rows(model, feed, tmp_path):
    for name in ("out.jsonl", "out.csv", "out.parquet"):
        scan([feed], tmp_path / name, model, ScanOptions(explain="all"))
    lines = read_jsonl(tmp_path / "out.jsonl")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as text:
        cells = list(csv.DictReader(text))
    table = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["id"] for row in lines] == [row["id"] for row in cells] == [row["id"] for row in table]
    assert json.loads(cells[0]["reasons"]) == json.loads(table[0]["reasons"]) == lines[0]["reasons"]
    assert float(cells[0]["risk"]) == table[0]["risk"] == lines[0]["risk"]


def test_a_stopped_scan_goes_on_to_the_same_bytes(model, feed, tmp_path, monkeypatch):
    import classifier.scan_chunk as module

    monkeypatch.setattr(module, "CHUNK", 5)
    whole, stopped = tmp_path / "whole.jsonl", tmp_path / "stopped.jsonl"
    scan([feed], whole, model)
    calls = 0

    def stop(progress):
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan([feed], stopped, model, on_progress=stop)
    with (tmp_path / "stopped.jsonl.partial" / "assessed.jsonl").open("ab") as torn:
        torn.write(b'{"half a ro')
    scan([feed], stopped, model, how=How(resume=True))
    assert stopped.read_bytes() == whole.read_bytes()
    assert rejected_path(stopped).read_bytes() == rejected_path(whole).read_bytes()


def test_a_resume_with_other_options_is_refused(model, feed, tmp_path):
    output = tmp_path / "out.jsonl"
    with pytest.raises(ZeroDivisionError):
        scan([feed], output, model, on_progress=lambda _: 1 // 0)
    with pytest.raises(FeedError, match="another options"):
        scan([feed], output, model, ScanOptions(explain="all"), How(resume=True))


def test_an_output_of_an_unknown_kind_is_refused_before_any_work(model, feed, tmp_path):
    with pytest.raises(FeedError, match=r"must end in .jsonl"):
        scan([feed], tmp_path / "out.txt", model)
    with pytest.raises(FeedError, match="folder does not exist"):
        scan([feed], tmp_path / "no" / "out.csv", model)


def test_a_feed_that_breaks_off_leaves_no_output(model, tmp_path):
    with pytest.raises(FeedError, match="No such file"):
        scan([tmp_path / "nothing.csv"], tmp_path / "out.jsonl", model)
    assert not (tmp_path / "out.jsonl").exists()


def test_several_processes_give_the_same_bytes(model, feed, tmp_path, monkeypatch):
    import classifier.scan_chunk as module

    monkeypatch.setattr(module, "CHUNK", 5)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    scan([feed], one, model)
    scan([feed], two, model, how=How(jobs=2))
    assert one.read_bytes() == two.read_bytes()


def test_seen_postings_are_passed_over(model, feed, tmp_path):
    seen = tmp_path / "seen.txt"
    assert scan([feed], tmp_path / "first.jsonl", model, seen=seen).postings == 31
    assert scan([feed], tmp_path / "second.jsonl", model, seen=seen).postings == 0
    more = tmp_path / "more.jsonl"
    more.write_text(feed.read_text("utf-8") + "\n" + json.dumps({"title": "Koki di warung Bu Sri"}), "utf-8")
    assert scan([more], tmp_path / "third.jsonl", model, seen=seen).postings == 1


def test_a_broken_file_of_keys_is_named_with_its_line(model, feed, tmp_path):
    (tmp_path / "seen.txt").write_text("00000000000000ff\nhello\n")
    with pytest.raises(FeedError, match=r"seen.txt: line 2: 'hello' is no key"):
        scan([feed], tmp_path / "out.jsonl", model, seen=tmp_path / "seen.txt")


def test_a_finished_scan_has_nothing_to_resume(model, feed, tmp_path):
    scan([feed], tmp_path / "out.jsonl", model)
    with pytest.raises(FeedError, match="nothing to resume"):
        scan([feed], tmp_path / "out.jsonl", model, how=How(resume=True))


def test_rewrites_share_a_campaign(model, tmp_path):
    rows = [{"id": str(i), "description": f"{LURE} Kuota {i} orang, hubungi 0812-00000-{i:03}"} for i in range(4)]
    feed = tmp_path / "feed.jsonl"
    feed.write_text("\n".join(json.dumps(row) for row in [*rows, {"id": "x", "description": HONEST}]), "utf-8")
    summary = scan([feed], tmp_path / "out.jsonl", model)
    found = {row["id"]: row["campaign"] for row in read_jsonl(tmp_path / "out.jsonl")}
    assert summary.campaigns == 1
    assert len({found[str(i)] for i in range(4)}) == 1
    assert found["0"] is not None
    assert found["x"] is None


KILLER = """
import sys
from classifier import RiskModel
import classifier.scan_chunk as module
from classifier.scan import How, scan
module.CHUNK = 40
scan([sys.argv[1]], sys.argv[2], RiskModel.load(sys.argv[3]), how=How(resume=sys.argv[4] == "resume"))
"""


@pytest.mark.slow
def test_a_scan_killed_at_random_moments_ends_with_the_same_bytes(model, corpus, tmp_path):
    """kill -9 at 25 random moments, each time resumed."""
    feed, folder = tmp_path / "feed.jsonl", tmp_path / "model"
    feed.write_text(
        "".join(json.dumps(row.posting.to_record()) + "\n{bad\n" * (i % 50 == 0) for i, row in enumerate(corpus)), "utf-8"
    )
    model.save(folder)
    whole, killed = tmp_path / "whole.jsonl", tmp_path / "killed.jsonl"

    def start(output, resume):
        arguments = [sys.executable, "-c", KILLER, str(feed), str(output), str(folder), "resume" if resume else "new"]
        return subprocess.Popen(arguments, stderr=subprocess.DEVNULL)

    began = time.monotonic()
    assert start(whole, resume=False).wait(300) == 0
    duration = time.monotonic() - began
    random, kills = Random(7), 0
    while kills < 25:
        resume = killed.with_name("killed.jsonl.partial").exists()
        if killed.exists() and not resume:
            killed.unlink()
        process = start(killed, resume)
        try:
            process.wait(random.uniform(0.2, 0.8) * min(duration, 4))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        if killed.exists():
            assert killed.read_bytes() == whole.read_bytes()
    if not (killed.exists() and not killed.with_name("killed.jsonl.partial").exists()):
        assert start(killed, killed.with_name("killed.jsonl.partial").exists()).wait(300) == 0
    assert killed.read_bytes() == whole.read_bytes()
    assert rejected_path(killed).read_bytes() == rejected_path(whole).read_bytes()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(model, corpus, tmp_path, jobs):
    feed, whole, output = tmp_path / "feed.jsonl", tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    feed.write_text("".join(json.dumps(row.posting.to_record()) + "\n" for row in corpus[:800] for _ in range(8)), "utf-8")
    scan([feed], whole, model)
    command = [sys.executable, "-m", "classifier", "scan", str(feed), "--output", str(output), "--jobs", jobs]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    checkpoint = tmp_path / "out.jsonl.partial" / "checkpoint.json"
    while not checkpoint.exists() and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert "go on with the same command and --resume" in said
    assert "Traceback" not in said
    assert not output.exists()
    assert subprocess.run([*command, "--resume"], timeout=120, check=False).returncode == 0
    assert output.read_bytes() == whole.read_bytes()


def test_progress_tells_the_share_of_the_feeds_that_was_read(model, feed, tmp_path, monkeypatch):
    import classifier.scan_chunk as module

    monkeypatch.setattr(module, "CHUNK", 5)
    found = []
    scan([feed, feed], tmp_path / "out.jsonl", model, on_progress=found.append)
    shares = [progress.share for progress in found]
    assert shares == sorted(shares) and shares[0] > 0 and shares[-1] == 1.0
    assert found[-1].postings == 62 and found[-1].rejected == 2


def test_time_left_is_counted_from_where_a_resumed_scan_began():
    pace = Pace()
    assert pace.of(Progress(1000, 0, 0.5), 3.0) == (None, None)
    assert pace.of(Progress(1500, 0, 0.75), 8.0) == (100.0, 5.0)
    assert Pace().of(Progress(10, 0, None), 1.0) == (None, None)


def test_flagged_postings_go_before_the_reviewers_whole(model, tmp_path):
    feed, url = tmp_path / "feed.jsonl", str(tmp_path / "reviews.sqlite3")
    long = LURE + " Cerita panjang." * 100
    feed.write_text("".join(json.dumps({"description": text}) + "\n" for text in (HONEST, long)), "utf-8")
    for name in ("one.jsonl", "two.jsonl"):
        scan([feed], tmp_path / name, model, queue=url)
    with Store.open(url) as store:
        (waiting,) = store.queue()
    assert waiting.posting.description == long
    assert waiting.assessment["reasons"]
    assert [set(json.loads(line)) for line in (tmp_path / "one.jsonl").read_text("utf-8").splitlines()] == [set(COLUMNS)] * 2
