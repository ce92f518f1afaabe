"""Golden pairs: each feed in tests/feeds/FORMAT beside a file of the same name and `.json` with what must be read from it.

After a deliberate change: `python -m tests.test_readers_golden`, and look at the difference.
"""

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
import zstandard

from classifier import FeedError, Posting, read_postings
from classifier.readers import FORMATS
from classifier.readers._sniff import sniff

FEEDS = Path(__file__).parent / "feeds"
BINARY = ("parquet", "xlsx")
"""Formats whose feeds are made here, from `*.rows.json`."""
CASES = sorted(path for path in FEEDS.glob("*/*") if path.with_name(path.name + ".json").exists())
TEXTS = [path for path in CASES if path.parent.name not in BINARY and not path.name.startswith(("empty", "broken"))]


def case_name(path):
    return f"{path.parent.name}/{path.name}"


def parquet_bytes(rows):
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = io.BytesIO()
    schema = None if rows else pa.schema([("title", pa.string())])
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), file)
    return file.getvalue()


def xlsx_bytes(rows):
    import openpyxl

    book = openpyxl.Workbook()
    names = list(rows[0]) if rows else ["title"]
    for row in (names, *([row[name] for name in names] for row in rows)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def content_of(case):
    if case.parent.name in BINARY:
        make = {"parquet": parquet_bytes, "xlsx": xlsx_bytes}[case.parent.name]
        return make(json.loads(case.read_text("utf-8")))
    return case.read_bytes()


def zipped(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member", content)
    return file.getvalue()


PACKED = {"plain": bytes, "gz": gzip.compress, "zst": zstandard.compress, "zip": zipped}


def outcome(source):
    """What is read, as it stands in the golden files."""
    found = []
    try:
        for record in read_postings(source):
            if isinstance(record, Posting):
                fields = record.to_record()
                if record.id == record.key:
                    del fields["id"]
                found.append({"posting": fields})
            else:
                found.append({"rejected": {"line": record.line, "cause": record.cause}})
    except FeedError as e:
        found.append({"error": e.cause})
    return found


@pytest.mark.parametrize("packing", PACKED)
@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_a_golden_pair(tmp_path, case, packing):
    feed = tmp_path / "feed.bin"  # the name says nothing
    feed.write_bytes(PACKED[packing](content_of(case)))
    assert outcome(feed) == json.loads(case.with_name(case.name + ".json").read_text("utf-8"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("case", TEXTS, ids=case_name)
def test_another_unicode_encoding_reads_the_same(tmp_path, case, encoding):
    text = case.read_bytes().decode("utf-8").replace('encoding="utf-8"', "").replace('encoding="UTF-8"', "")
    feed = tmp_path / "feed"
    feed.write_bytes(text.encode(encoding))
    assert outcome(feed) == json.loads(case.with_name(case.name + ".json").read_text("utf-8"))


def test_every_format_has_golden_pairs():
    held = {case.parent.name: set() for case in CASES}
    for case in CASES:
        held[case.parent.name].add(case.name.split(".")[0])
    assert set(FORMATS) - {"tsv"} == set(held)
    assert not [name for name, cases in held.items() if not {"empty", "broken"} <= cases and name != "xml"]


@pytest.mark.parametrize("case", [c for c in CASES if not c.name.startswith("empty")], ids=case_name)
def test_the_format_is_found_from_the_content(case):
    found = sniff(content_of(case))
    assert found == case.parent.name or (found, case.parent.name) == ("csv", "tsv")


def rewrite():
    import tempfile

    feeds = [p for p in FEEDS.glob("*/*") if not (p.suffix == ".json" and p.with_name(p.name.removesuffix(".json")).exists())]
    for case in feeds:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "feed.bin").write_bytes(content_of(case))
            text = json.dumps(outcome(Path(folder) / "feed.bin"), ensure_ascii=False, indent=1)
        case.with_name(case.name + ".json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    rewrite()
