"""What a name stands for: files, folders, patterns and standard input; and what the name of a file tells."""

import gzip
import io
import os
import subprocess
import sys
import zipfile

import pytest

from classifier import FeedError, Posting, Rejected, read_postings
from tests.test_readers_golden import parquet_bytes, xlsx_bytes

JOBS = [{"title": "A"}, {"title": "B"}]


def titles(source):
    return [r.title if isinstance(r, Posting) else r for r in read_postings(source)]


@pytest.fixture
def folder(tmp_path):
    for name in ("sub/deep", ".git", "out.jsonl.partial"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("b.csv", "a.jsonl", "sub/deep/c.csv", ".hidden.csv", ".git/x.csv", "out.jsonl.partial/y.csv", "z.csv.partial"):
        title = name.split("/")[-1].split(".")[0]
        content = f'{{"title": "{title}"}}\n' if name.endswith("jsonl") else f"title\n{title}\n"
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "out.rejected.jsonl").write_text('{"file": "x", "line": 1, "cause": "y", "raw": ""}\n', "utf-8")
    return tmp_path


def test_a_folder_is_read_with_its_folders_in_order(folder):
    assert titles(folder) == ["a", "b", "c"]
    assert titles(str(folder)) == ["a", "b", "c"]


def test_a_pattern_is_read_in_order(folder):
    assert titles(folder / "*.csv") == ["b"]
    assert titles(folder / "**" / "*.csv") == ["b", "c"]
    assert titles(folder / "[ab].*") == ["a", "b"]


def test_a_file_may_have_the_name_of_a_pattern(tmp_path):
    (tmp_path / "jobs[1].csv").write_text("title\nA\n")
    assert titles(tmp_path / "jobs[1].csv") == ["A"]


def test_nothing_found_is_named(tmp_path):
    with pytest.raises(FeedError, match=r"is a folder without feeds"):
        titles(tmp_path)
    with pytest.raises(FeedError, match=r"\*\.csv: matches no file"):
        titles(tmp_path / "*.csv")


def test_a_feed_that_cannot_be_read_does_not_cost_the_others(folder):
    (folder / "aa.bin").write_bytes(bytes(range(256)) * 20)
    (folder / "c.csv.gz").write_bytes(gzip.compress(b"title\n" + b"".join(b"%d\n" % i for i in range(9999)))[:-900])
    found = titles(folder)
    bad = [r for r in found if isinstance(r, Rejected)]
    assert [(r.file, r.line) for r in bad] == [(str(folder / "aa.bin"), None), (str(folder / "c.csv.gz"), None)]
    assert found[:1] == ["a"] and "b" in found and found[-1] == "c"


def test_a_folder_in_which_nothing_can_be_read_is_an_error(tmp_path):
    (tmp_path / "a.bin").write_bytes(bytes(range(256)) * 20)
    with pytest.raises(FeedError, match=r"holds no feed that can be read; the first, .*a\.bin, is not in a format"):
        titles(tmp_path)


def zip_of(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"title\nA\nB\n", gzip.compress(b"title\nA\nB\n"), parquet_bytes(JOBS), xlsx_bytes(JOBS), zip_of({"./a": b"title\nA\nB\n"})],
    ids=["csv", "gz", "parquet", "xlsx", "zip"],
)
def test_standard_input_may_be_anything(content):
    code = "from classifier import read_postings\nprint([r.title for r in read_postings('-')])"
    done = subprocess.run([sys.executable, "-c", code], input=content, capture_output=True, timeout=60)
    assert done.stdout.decode().strip() == "['A', 'B']", done.stderr.decode()


def test_standard_input_in_this_process(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"title,description\nA,x\nB,\xff\n"), "utf-8"))
    first, second = titles("-")
    assert first == "A"
    assert (second.file, second.line) == ("-", 3)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    writer = subprocess.Popen([sys.executable, "-c", f"open({str(tmp_path / 'pipe')!r}, 'wb').write({parquet_bytes(JOBS)!r})"])
    assert titles(tmp_path / "pipe") == ["A", "B"]
    assert writer.wait(30) == 0


def test_members_of_a_zip_carry_its_name(tmp_path):
    path = tmp_path / "feeds.zip"
    path.write_bytes(
        zip_of({"one.csv": "title\nA\n", "two/two.jsonl": '{"title": "B"}\n[]\n', "__MACOSX/._one.csv": b"\0\5\x16\7"})
    )
    first, second, third = titles(path)
    assert (first, second) == ("A", "B")
    assert (third.file, third.line) == (f"{path}/two/two.jsonl", 2)


def test_a_workbook_in_a_zip_is_read(tmp_path):
    (tmp_path / "feeds.zip").write_bytes(zip_of({"jobs.xlsx": xlsx_bytes(JOBS)}))
    assert titles(tmp_path / "feeds.zip") == ["A", "B"]


def test_sheets_without_postings_are_passed_over(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Note", "of the author"])
    for name, title in (("Jobs", "A"), ("More", "B")):
        sheet = book.create_sheet(name)
        for row in ((), ("Job Title", "Gaji"), (title, 5_000_000), (), (None, "x"), ("C", 1, "too many")):
            sheet.append(row)
    book.save(tmp_path / "book.xlsx")
    found = titles(tmp_path / "book.xlsx")
    assert [r for r in found if isinstance(r, str)] == ["A", "B"]
    bad = [r for r in found if isinstance(r, Rejected)]
    assert [(r.file.rsplit("[")[-1], r.line) for r in bad] == [("Jobs]", 5), ("Jobs]", 6), ("More]", 5), ("More]", 6)]


@pytest.mark.parametrize("name", ["WhatsApp Chat with Loker Contoh.txt", "Chat WhatsApp dengan Loker Contoh.txt.gz"])
def test_the_name_of_a_whatsapp_chat_is_its_source(tmp_path, name):
    content = b"31/12/24 21.05 - Ann Example: Dicari kasir\n"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    (posting,) = read_postings(tmp_path / name)
    assert posting.source == "Loker Contoh"


@pytest.mark.parametrize(
    ("first", "second", "read_first"),
    [("3/4/24", "13/4/24", "2024-04-03"), ("3/4/24", "4/25/24", "2024-03-04"), ("31.12.2024", "31.12.2024", "2024-12-31")],
)
def test_the_order_of_day_and_month_is_found(tmp_path, first, second, read_first):
    (tmp_path / "chat.txt").write_text(f"{first}, 9:05 - Ann: A\n{second}, 9:05 - Ann: B\n")
    assert next(read_postings(tmp_path / "chat.txt")).posted_at == f"{read_first}T09:05:00"
