"""Feeds that are broken, cut off, wrongly named or made to do harm: a clear error or rejected rows, in bounded memory."""

import gzip
import io
import json
import os
import tracemalloc
import zipfile

import pytest
import zstandard

from classifier import FeedError, Posting, Rejected, read_postings
from classifier.readers import _open, _streams
from tests.test_readers_golden import parquet_bytes, xlsx_bytes, zipped

MB = 1024 * 1024


@pytest.fixture
def feed(tmp_path):
    """Writes bytes to a file of that name and gives the path."""

    def write(content, name="feed"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


def read(path, format=None):
    """The titles (or descriptions) of what is read, the rejected rows, and the error with which it ended."""
    good, bad = [], []
    try:
        for record in read_postings(path, format):
            (good if isinstance(record, Posting) else bad).append(record)
    except FeedError as e:
        return [p.title or p.description for p in good], bad, str(e)
    return [p.title or p.description for p in good], bad, None


def peak_of(path):
    tracemalloc.start()
    try:
        result = read(path)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# what is no feed


BINARY_FILES = {
    "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
    "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 900,
    "pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "noise": bytes((i * i * 31 + i // 7) % 256 for i in range(5000)),
}


@pytest.mark.parametrize("kind", BINARY_FILES)
def test_binary_garbage_is_refused(feed, kind):
    good, bad, error = read(feed(BINARY_FILES[kind], "feed.csv"))
    assert not good and not bad
    assert "is not in a format that can be read; known are csv, tsv, jsonl" in error


def test_an_unknown_format_is_refused(feed):
    assert "unknown format 'docx'; known are csv" in read(feed(b"title\nA\n"), "docx")[2]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b'{"title": "A"}\n{"title": "B"}\n', "a.csv"), (b"title,company\nA,x\nB,y\n", "a.json"), (b"title\nA\nB\n", "a.xlsx")],
)
def test_a_wrong_extension_does_not_matter(feed, content, name):
    assert read(feed(content, name)) == (["A", "B"], [], None)


@pytest.mark.parametrize("format", ["csv", "json", "jsonl", "parquet", "xlsx", "rss", "jsonld", "telegram", "whatsapp", "text"])
@pytest.mark.parametrize(
    "content", [*BINARY_FILES.values(), b"plain words\n", b"<a><b></a>", b"[[[", b'{"a": [1', b"\0" * 50 + b"a"]
)
def test_a_wrong_format_ends_in_an_error_or_rejected_rows(feed, format, content):
    good, bad, error = read(feed(content), format)
    assert good or bad or error or content == b"plain words\n" or format in ("whatsapp", "json", "telegram")


# what breaks off


LINES = b"title,description\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(60_000))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_what_came_before_a_cut_is_read(feed, pack):
    good, bad, error = read(feed(pack(LINES)[:-900]))
    assert len(good) > 5000 and not bad
    assert "cannot be read to its end" in error


def test_a_damaged_gzip_is_named(feed):
    packed = bytearray(gzip.compress(LINES))
    packed[len(packed) // 2 : len(packed) // 2 + 40] = b"\xff" * 40
    assert "cannot be read to its end" in read(feed(bytes(packed)))[2]


def test_gzip_members_one_after_another_are_one_feed(feed):
    assert read(feed(gzip.compress(b"title\nA\n") + gzip.compress(b"B\n")))[0] == ["A", "B"]
    assert read(feed(zstandard.compress(b"title\nA\n") + zstandard.compress(b"B\n")))[0] == ["A", "B"]


@pytest.mark.parametrize(("make", "word"), [(parquet_bytes, "Parquet"), (xlsx_bytes, "workbook")])
def test_a_truncated_binary_table_is_named(feed, make, word):
    content = make([{"title": f"Job {i}", "description": "x" * i} for i in range(300)])
    for size in (len(content) - 7, len(content) // 2, 100):
        good, _, error = read(feed(content[:size]))
        assert not good and error and (word in error or "archive" in error), error


def test_a_flipped_byte_in_a_parquet_file_is_no_crash(feed):
    content = parquet_bytes([{"title": f"Job {i}", "description": "x" * i} for i in range(300)])
    for at in range(4, len(content), len(content) // 60):
        damaged = content[:at] + bytes((content[at] ^ 0xFF,)) + content[at + 1 :]
        good, _, error = read(feed(damaged))
        assert good or error


@pytest.mark.parametrize(
    "content",
    [b'[{"title": "A"}, {"title": "B"}', b'[{"title": "A"}, {"title": "B"}, {"tit', b'[{"title": "A"}, {"title": "B"}, }]'],
)
def test_a_json_array_that_breaks_off_says_so(feed, content):
    good, bad, error = read(feed(content))
    assert good == ["A", "B"] and error is None
    assert "breaks off or is broken" in bad[-1].cause


# what unpacks to too much


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, zipped])
def test_a_bomb_is_stopped_by_its_ratio(feed, pack, monkeypatch):
    monkeypatch.setattr(_open, "RATIO_FROM", 2 * MB)
    monkeypatch.setattr(_open, "MAX_RATIO", 200)
    (good, _, error), peak = peak_of(feed(pack(b"title\n" + b"a" * 60 * MB)))
    assert not good and "unpacks to more than 200 times its size" in error
    assert peak < 60 * MB


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, zipped])
def test_a_bomb_is_stopped_by_its_size(feed, pack, monkeypatch):
    monkeypatch.setattr(_open, "MAX_UNPACKED", MB)
    good, _, error = read(feed(pack(b"title\n" + os.urandom(MB).hex().encode())))
    assert "unpacks to more than 0 GB" in error and len(good) <= 1


def test_the_default_limits_stop_a_real_bomb(feed):
    with io.BytesIO() as file:
        with zstandard.ZstdCompressor(level=3).stream_writer(file, closefd=False) as writer:
            for _ in range(60):
                writer.write(b"\n" * 5 * MB)
        bomb = file.getvalue()
    (good, _, error), peak = peak_of(feed(b"" + bomb))
    assert not good and error and peak < 60 * MB


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, zipped])
@pytest.mark.parametrize("inner", [gzip.compress, zstandard.compress, zipped])
def test_an_archive_in_an_archive_is_refused(feed, pack, inner):
    if inner is pack or pack is zipped or inner is zipped:
        good, bad, error = read(feed(pack(inner(b"title\nA\n"))))
        assert not good and not bad
        assert "archive inside an archive" in error or "packed twice" in error


def test_a_broken_member_does_not_cost_the_others(feed):
    with io.BytesIO() as file:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.csv", b"title\nA\n")
            archive.writestr("b.bin", BINARY_FILES["png"])
            archive.writestr("folder/", b"")
            archive.writestr(".hidden", b"title\nhidden\n")
            archive.writestr("../../c.json", b'[{"title": "C"}]')
        path = feed(file.getvalue())
    good, bad, error = read(path)
    assert (good, error) == (["A", "C"], None)
    assert [(r.file, r.line) for r in bad] == [(f"{path}/b.bin", None)]


def test_a_workbook_bomb_is_refused(feed):
    content = io.BytesIO(xlsx_bytes([{"title": "A"}]))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/big", b"\0" * 80 * MB)
    assert "too much for a workbook" in read(feed(content.getvalue()))[2]


# XML


def test_an_entity_bomb_is_refused(feed):
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]><rss><item><title>&e9;</title></item></rss>'
    good, _, error = read(feed(bomb.encode()))
    assert not good and "declares entities" in error


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_an_entity_bomb_hides_in_no_encoding(feed, encoding):
    bomb = '<!DOCTYPE rss [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss><item><title>&e;</title></item></rss>'
    good, _, error = read(feed(bomb.encode(encoding)))
    assert not good and "declares entities" in error


def test_an_outer_entity_is_never_opened(feed):
    late = b"<rss><item><title>A</title></item>" + b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    good, bad, _ = read(feed(late + b"<item><title>B &e;</title></item></rss>"))
    assert good[0] == "A" and "root:" not in repr((good, bad))


def test_deep_xml_is_rejected_and_the_next_record_read(feed):
    deep = b"<a>" * 15_000 + b"</a>" * 15_000
    good, bad, error = read(feed(b"<jobs><job><name>" + deep + b"</name></job><job><name>B</name></job></jobs>"))
    assert good == ["B"] and len(bad) == 1 and error is None


def test_many_tiny_elements_are_rejected(feed):
    good, bad, _ = read(feed(b"<jobs><job>" + b"<a/>" * 400_000 + b"</job><job><name>B</name></job></jobs>"))
    assert good == ["B"] and len(bad) == 1


def test_an_endless_record_is_rejected_in_bounded_memory(feed):
    (good, bad, error), peak = peak_of(
        feed(b"<jobs><job><name>" + b"x" * 60 * MB + b"</name></job><job><name>B</name></job></jobs>")
    )
    assert good == ["B"] and "is longer than" in bad[0].cause and error is None
    assert peak < 100 * MB


# JSON


def test_deep_json_is_rejected_or_refused(feed):
    deep = b"[" * 100_000 + b"]" * 100_000
    assert read(feed(b'{"title": "A"}\n{"title": ' + deep + b'}\n{"title": "B"}\n'))[0] == ["A", "B"]
    good, bad, _ = read(feed(b'[{"title": "A", "x": ' + b"[" * 5000 + b"]" * 5000 + b'}, {"title": "B"}]'))
    assert good == ["B"] and "nested more than" in bad[0].cause
    good, bad, error = read(feed(deep))
    assert not good and (bad or error)


def test_a_line_of_100_mb_is_rejected_in_bounded_memory(feed):
    content = b'{"title": "A"}\n{"title": "' + b"x" * 100 * MB + b'"}\n{"title": "B"}\n'
    (good, bad, error), peak = peak_of(feed(content))
    assert (good, error) == (["A", "B"], None)
    assert [(r.line, r.cause) for r in bad] == [(2, "is longer than 16,777,216 bytes")]
    assert peak < 60 * MB


@pytest.mark.parametrize(
    "opening", [b'title,description\n"A",x\nB,"', b'{"messages": [{"text": "', b'[{"title": "', b"A short ad.\n\n"]
)
def test_an_endless_text_is_rejected_or_refused_in_bounded_memory(feed, opening):
    path = feed(opening + b"x" * 100 * MB)
    (_, bad, error), peak = peak_of(path)
    assert bad or error
    assert peak < 120 * MB


# CSV


def test_nul_characters_are_rejected_by_the_row(feed):
    good, bad, _ = read(feed(b"title,description\nA,x\nB,\0\nC,z\n"))
    assert good == ["A", "C"] and [(r.line, r.cause) for r in bad] == [(3, "holds NUL characters")]


def test_many_quotes_that_never_close_take_no_square_time(feed):
    good, bad, _ = read(feed(b"title,description\n" + b'A,"x\n' * 20_001 + b"B,y\n"))
    assert len(good) + len(bad) > 0


def test_a_row_with_a_million_cells_is_rejected(feed):
    good, bad, _ = read(feed(b"title,description\nA,x\n" + b"," * 1_000_000 + b"\nB,y\n"))
    assert good == ["A", "B"] and len(bad) == 1 and len(bad[0].raw) <= 2000


# memory


def lines_of(kind, count):
    text = "Dibutuhkan admin, gaji menarik. " * 40
    record = json.dumps({"title": "Admin", "description": text})
    if kind == "jsonl":
        return "", f"{record}\n", ""
    if kind == "json":
        return "[", f"{record},\n", '{"title": "last"}]'
    if kind == "telegram":
        return (
            '{"name": "G", "type": "private_group", "id": 1, "messages": [',
            f'{{"id": 1, "type": "message", "text": "{text}"}},\n',
            "{}]}",
        )
    if kind == "csv":
        return "title,description\n", f"Admin,{text.replace(',', ';')}\n", ""
    if kind == "xml":
        return "<jobs>", f"<job><name>Admin</name><description>{text}</description></job>\n", "</jobs>"
    if kind == "whatsapp":
        return "", f"31/12/24 21.05 - Ann: {text}\n", ""
    return "", f"{text}\n\n", ""


@pytest.mark.parametrize("kind", ["jsonl", "csv", "json", "telegram", "xml", "whatsapp", "text"])
def test_memory_does_not_grow_with_the_feed(tmp_path, kind):
    path = tmp_path / "feed"
    start, line, end = lines_of(kind, 1)
    count = 40 * MB // len(line) if kind == "jsonl" else 16 * MB // len(line)
    with path.open("w", encoding="utf-8") as file:
        file.write(start)
        file.writelines(line for _ in range(count))
        file.write(end)
    tracemalloc.start()
    try:
        records = sum(isinstance(record, Posting) for record in read_postings(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert records >= count
    assert peak < (30 if kind == "jsonl" else 12) * MB


def test_reading_is_lazy(feed):
    path = feed(b'{"title": "A"}\n' * 200_000)
    records = read_postings(path)
    assert next(records).title == "A"
    records.close()


def test_a_stream_that_cannot_seek_is_limited(feed, monkeypatch):
    monkeypatch.setattr(_streams, "MAX_UNPACKED", 1000)
    rows = [{"title": os.urandom(40).hex()} for _ in range(200)]
    assert "holds more than" in read(feed(gzip.compress(parquet_bytes(rows))))[2]


def test_every_rejected_row_can_be_written_out(feed):
    _, bad, _ = read(feed(b"title,description\nA,\xff\nB,\0\nC,x,y\n"))
    assert len(bad) == 3
    assert all(json.dumps(r.to_dict(), ensure_ascii=False).encode() for r in bad if isinstance(r, Rejected))
