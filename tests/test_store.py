"""The store, on SQLite and on PostgreSQL."""

import multiprocessing
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from classifier import Posting, StoreError
from classifier.schema import Review
from classifier.store import ReviewFilter, Store
from classifier.store_engine import safe_url
from classifier.store_migrations import MIGRATIONS
from classifier.store_tables import VERSIONS
from tests.conftest import HONEST, LURE
from tests.database import new_database, postgres

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_server():
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return str(tmp_path / "reviews.sqlite3")
    return new_database(request.getfixturevalue("postgres_server"))


@pytest.fixture
def store(url):
    with Store.open(url) as store:
        yield store


def review(number=0, verdict="legit", reviewer="ani", minutes=0, **more):
    posting = more.pop("posting", None) or Posting(description=f"{HONEST} {number}")
    return Review(posting, verdict, reviewer, created_at=NOON + timedelta(minutes=minutes), **more)


def test_a_review_comes_back_as_it_was(store, model, lure):
    found = model.assess([lure])[0].to_dict()
    given = Review(lure, "overseas_lure", "ani", "sure", found, model.version, "id", NOON + timedelta(microseconds=7))
    number = store.add_review(given)
    assert store.reviews() == [replace(given, id=number)]


@pytest.mark.parametrize("nasty", ["\0", "a\0b", "\ud800", "😀", "'; DROP TABLE reviews; --", "\u202e", "\\u0000", "%s %(x)s :x ?"])
def test_any_text_can_be_kept(store, nasty):
    posting = Posting(description=f"x{nasty}y", contact=nasty)
    store.add_review(review(posting=posting, note=nasty, reviewer=f"r{nasty}", language=nasty))
    assert store.reviews()[0].posting.description == f"x{nasty}y"
    assert [row.posting.contact for row in store.labelled()] == [nasty]


def test_filters_and_pages(store):
    store.add_reviews(review(i, ("legit", "job_scam")[i % 2], ("ani", "budi")[i % 3 == 0], i, language="id") for i in range(10))
    assert len(store.reviews(ReviewFilter(verdict="job_scam"))) == 5
    assert len(store.reviews(ReviewFilter(reviewer="budi"))) == 4
    assert len(store.reviews(ReviewFilter(since=NOON + timedelta(minutes=7)))) == 3
    assert len(store.reviews(ReviewFilter(language="id", verdict="legit", reviewer="ani"))) == 3
    assert store.reviews(ReviewFilter(language="en")) == []
    first = store.reviews(limit=6)
    assert len(store.reviews(after=first[-1].id)) == 4
    assert [r.id for r in store.all_reviews()] == sorted(r.id for r in store.all_reviews())


def test_the_later_verdict_wins_and_disagreement_is_told(store):
    store.add_reviews(
        [
            review(1, "legit", "ani", minutes=5),
            review(1, "job_scam", "budi", minutes=1),  # came later, but was made earlier
            review(2, "legit", "ani"),
            review(2, "overseas_lure", "ani", minutes=1),  # changed her mind: no disagreement
            review(3, "legit", "ani"),
        ]
    )
    assert [row.label for row in store.labelled()] == ["legit", "overseas_lure", "legit"]
    [found] = store.disagreements()
    assert found.verdicts == {"ani": "legit", "budi": "job_scam"}
    stats = store.stats()
    assert (stats["reviews"], stats["postings"], stats["disagreements"]) == (5, 3, 1)
    assert stats["verdict"] == {"legit": 3, "job_scam": 1, "overseas_lure": 1}


def test_labelled_postings_come_in_pages(store):
    store.add_reviews(review(i) for i in range(1201))
    rows = list(store.labelled())
    assert len({row.posting.key for row in rows}) == len(rows) == 1201
    assert rows[0].group == rows[0].posting.key


def test_the_queue(store, model, lure, honest):
    pairs = list(zip([honest, lure], model.assess([honest, lure]), strict=True))
    assert store.add_assessments(pairs, "feed.csv") == 2
    assert store.add_assessments(pairs, "feed-2.csv") == 2, "seen again"
    queued = store.queue(10)
    assert [(q.posting, q.source) for q in queued] == [(lure, "feed-2.csv"), (honest, "feed-2.csv")]
    assert queued[0].assessment == pairs[1][1].to_dict()
    store.add_review(Review(lure, "overseas_lure", "ani"))
    assert [q.posting for q in store.queue(10)] == [honest]
    assert store.stats()["waiting"] == 1


def test_migrations_are_numbered_and_recorded(store):
    with store._reading() as connection:
        rows = connection.execute(select(VERSIONS.c.number, VERSIONS.c.name).order_by(VERSIONS.c.number)).all()
    assert [tuple(row) for row in rows] == [(i, step.__name__) for i, step in enumerate(MIGRATIONS, 1)]
    assert all(name.startswith(f"m{number:03}_") for number, name in rows)


def test_a_step_that_fails_leaves_nothing(url, monkeypatch):
    def m003_broken(connection):
        connection.execute(text("CREATE TABLE half (x INTEGER)"))
        connection.execute(text("SELECT nonsense"))

    Store.open(url).close()
    monkeypatch.setattr("classifier.store_migrations.MIGRATIONS", (*MIGRATIONS, m003_broken))
    with pytest.raises(StoreError):
        Store.open(url)
    monkeypatch.undo()
    with Store.open(url) as store, store._writing() as connection:
        connection.execute(text("CREATE TABLE half (x INTEGER)"))  # there was none left


def test_a_newer_database_is_refused(url):
    with Store.open(url) as store, store._writing() as connection:
        connection.execute(VERSIONS.insert().values(number=99, name="m099_future", applied_at=NOON))
    with pytest.raises(StoreError, match="newer version"):
        Store.open(url)


def test_migrated_tables_are_the_tables_of_today(store):
    from sqlalchemy import inspect

    from classifier.store_tables import METADATA

    found = inspect(store._engine)
    for table in METADATA.sorted_tables:
        assert {c["name"] for c in found.get_columns(table.name)} == {c.name for c in table.columns}
        assert {i["name"] for i in found.get_indexes(table.name)} == {i.name for i in table.indexes}


def _open_and_write(url, name):
    with Store.open(url) as store:
        for number in range(25):
            store.add_review(review(number, reviewer=name))


def test_processes_open_and_write_at_the_same_time(url):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_open_and_write, args=(url, f"p{i}")) for i in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(90)
    assert [process.exitcode for process in processes] == [0] * 4
    with Store.open(url) as store:
        assert store.stats()["reviews"] == 100


def test_threads_share_a_store(store):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: store.add_review(review(i)), range(80)))
    assert store.stats()["reviews"] == 80


def test_a_new_file_is_opened_by_many_in_the_same_moment(tmp_path):
    def open_(number, barrier):
        barrier.wait()
        with Store.open(str(tmp_path / f"{number}.sqlite3")) as store:
            return store.stats()["reviews"]

    for number in range(40):  # the moment in which one waits for nobody is short
        barrier = threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            assert list(pool.map(open_, [number] * 6, [barrier] * 6)) == [0] * 6


WRITER = """
import sys
from classifier import Posting
from classifier.schema import Review
from classifier.store import Store
store = Store.open(sys.argv[1])
for number in range(1_000_000):
    posting = Posting(description=f"{number} " + "x" * 5000)
    print(store.add_review(Review(posting, "legit", sys.argv[2])), flush=True)
"""


def test_nothing_is_lost_when_the_writer_is_killed(url, tmp_path):
    told = set()
    for attempt in range(6):
        out = tmp_path / f"out-{attempt}"
        with out.open("wb") as stdout:
            process = subprocess.Popen([sys.executable, "-c", WRITER, url, str(attempt)], stdout=stdout)
        while process.poll() is None and not out.stat().st_size:
            time.sleep(0.01)
        time.sleep(random.Random(attempt).uniform(0, 0.2))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        told.update(int(line) for line in out.read_text().splitlines(keepends=True) if line.endswith("\n"))
    assert len(told) > 6
    with Store.open(url) as store:
        kept = {r.id for r in store.all_reviews()}
        assert told <= kept
        assert len(kept - told) <= 6, "at most the one that each was about to tell of"
    if "://" not in url:
        with closing(sqlite3.connect(url)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("mysql://u:secret@h/x", "neither a file"),
        ("postgresql://u:secret@127.0.0.1:1/x?connect_timeout=2", "connection"),
        ("postgresql://u@127.0.0.1:1/x?password=secret&connect_timeout=2", "connection"),
        ("://secret", "no database URL"),
        ("sqlite://", "name a file"),
        ("/proc/none/reviews.sqlite3", "/proc/none"),
    ],
)
def test_errors_name_the_store_without_its_password(url, cause):
    with pytest.raises(StoreError, match=cause) as raised:
        Store.open(url)
    assert "secret" not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "x").write_text("hello, I am a text file\n" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(str(tmp_path / "x"))


def test_errors_do_not_quote_the_ad(store):
    with store._writing() as connection:
        connection.execute(text("DROP TABLE reviews"))
    with pytest.raises(StoreError) as raised:
        store.add_review(review(posting=Posting(description=LURE)))
    assert "Kamboja" not in str(raised.value)


def test_urls_are_shown_without_secrets():
    assert safe_url("postgresql://u:pw@h/d") == "postgresql://u:***@h/d"
    assert safe_url("reviews.sqlite3") == "reviews.sqlite3"
