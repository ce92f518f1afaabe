import csv
import json

import pyarrow.parquet as pq
import pytest

from classifier import FeedError
from classifier.scan import ScanOptions, rejected_path, scan
from classifier.scan_output import COLUMNS
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
    import classifier.scan as module

    monkeypatch.setattr(module, "CHUNK", 5)
    whole, stopped = tmp_path / "whole.jsonl", tmp_path / "stopped.jsonl"
    scan([feed], whole, model)
    calls = 0

    def stop(postings, rejected):
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan([feed], stopped, model, progress=stop)
    with (tmp_path / "stopped.jsonl.partial" / "assessed.jsonl").open("ab") as torn:
        torn.write(b'{"half a ro')
    scan([feed], stopped, model, resume=True)
    assert stopped.read_bytes() == whole.read_bytes()
    assert rejected_path(stopped).read_bytes() == rejected_path(whole).read_bytes()


def test_a_resume_with_other_options_is_refused(model, feed, tmp_path):
    output = tmp_path / "out.jsonl"
    with pytest.raises(ZeroDivisionError):
        scan([feed], output, model, progress=lambda *_: 1 // 0)
    with pytest.raises(FeedError, match="another explain"):
        scan([feed], output, model, ScanOptions(explain="all"), resume=True)


def test_an_output_of_an_unknown_kind_is_refused_before_any_work(model, feed, tmp_path):
    with pytest.raises(FeedError, match=r"must end in .jsonl"):
        scan([feed], tmp_path / "out.txt", model)
    with pytest.raises(FeedError, match="folder does not exist"):
        scan([feed], tmp_path / "no" / "out.csv", model)


def test_a_feed_that_breaks_off_leaves_no_output(model, tmp_path):
    with pytest.raises(FeedError, match="No such file"):
        scan([tmp_path / "nothing.csv"], tmp_path / "out.jsonl", model)
    assert not (tmp_path / "out.jsonl").exists()
