import gzip

import pytest

from classifier import FeedError, Posting, Rejected, read_postings


def read(path):
    return list(read_postings(path))


def test_csv_columns_and_line_numbers(tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_text('id,title,description,likes\n1,Admin,"two\nlines",4\n2,Cook,,5\n', "utf-8")
    first, second = read(feed)
    assert (first.id, first.title, first.description, first.extra) == ("1", "Admin", "two\nlines", {"likes": "4"})
    assert second.description == ""


def test_a_broken_row_is_rejected_and_the_rest_goes_on(tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_bytes(b"title,description\nA,x\nB,y,too,many\nC,\xff\xfe\n,\nD,z\n")
    records = read(feed)
    assert [r.title for r in records if isinstance(r, Posting)] == ["A", "D"]
    bad = [r for r in records if isinstance(r, Rejected)]
    assert [(r.line, r.cause.split(";")[0][:25]) for r in bad] == [
        (3, "has 4 cells, the header n"),
        (4, "is not valid UTF-8"),
        (5, "description: title or des"),
    ]
    assert all(r.file == str(feed) for r in bad)


def test_json_lines_with_bad_lines(tmp_path):
    feed = tmp_path / "feed.jsonl"
    feed.write_bytes(b'{"title": "A"}\n{"title": \n[1]\n\n{"title": ["x"]}\n{"description": "B"}\n{"description": "\xff"}\n')
    records = read(feed)
    assert [r.title or r.description for r in records if isinstance(r, Posting)] == ["A", "B"]
    assert [r.line for r in records if isinstance(r, Rejected)] == [2, 3, 5, 7]
    assert "title: must be text, not list" in [r.cause for r in records if isinstance(r, Rejected)]


def test_gzip_is_opened(tmp_path):
    feed = tmp_path / "feed.csv.gz"
    feed.write_bytes(gzip.compress(b"title\nA\n"))
    assert [r.title for r in read(feed)] == ["A"]


def test_a_truncated_gzip_is_named(tmp_path):
    feed = tmp_path / "feed.csv.gz"
    feed.write_bytes(gzip.compress(b"title\n" + b"".join(b"%d\n" % i for i in range(9999)))[:-900])
    with pytest.raises(FeedError, match=r"feed.csv.gz: cannot be read to its end"):
        read(feed)


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_feed_is_named(tmp_path, content):
    (tmp_path / "feed.csv").write_bytes(content)
    with pytest.raises(FeedError, match=r"feed.csv: is empty"):
        read(tmp_path / "feed.csv")


def test_a_missing_feed_is_named(tmp_path):
    with pytest.raises(FeedError, match=r"nothing.csv: No such file"):
        read(tmp_path / "nothing.csv")


def test_foreign_column_names_are_understood(tmp_path):
    feed = tmp_path / "feed.csv"
    feed.write_text("Job Title,company_name,job_description,requirements,Post URL\nCook,Bar,Cooks.,Experience.,https://a.example\n")
    (posting,) = read(feed)
    assert (posting.title, posting.company, posting.url) == ("Cook", "Bar", "https://a.example")
    assert posting.description == "Cooks.\nExperience."
