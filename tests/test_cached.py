"""Arrays that are kept in the cache: the same as made anew, whatever state the cache is in."""

import os

import numpy as np
import pytest

from classifier.cached import CACHE_VARIABLE, cached_arrays


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A source file, a cache folder, and a list that grows with each making."""
    monkeypatch.setenv(CACHE_VARIABLE, str(tmp_path / "cache"))
    source = tmp_path / "source.csv"
    source.write_text("1")
    calls = []

    def get():
        def make():
            calls.append(1)
            return {"numbers": np.arange(5), "names": np.array(["อ", "b"])}

        return cached_arrays("some", [source], make)

    return source, tmp_path / "cache", calls, get


def same(arrays):
    return arrays["numbers"].tolist() == [0, 1, 2, 3, 4] and arrays["names"].tolist() == ["อ", "b"]


def test_made_once(made):
    _, folder, calls, get = made
    assert same(get()) and same(get())
    assert len(calls) == 1
    assert [path.suffix for path in folder.iterdir()] == [".npz"]


def test_made_again_from_another_source(made):
    source, _, calls, get = made
    get()
    source.write_text("2")
    assert same(get())
    assert len(calls) == 2


@pytest.mark.parametrize(
    "damage", [lambda b: b[:40], lambda b: b"", lambda b: b[:200] + b"\xff" * 8 + b[208:], lambda b: b"PK" + b[2:-9]]
)
def test_a_damaged_file_is_made_again(made, damage):
    _, folder, calls, get = made
    get()
    (path,) = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert same(get()) and same(get())
    assert len(calls) == 2


def test_a_cache_that_cannot_be_written_is_no_error(made, monkeypatch):
    _, folder, calls, get = made
    folder.write_text("a file where the folder would be")
    assert same(get()) and same(get())
    assert len(calls) == 2
    monkeypatch.setenv(CACHE_VARIABLE, os.devnull)
    assert same(get())
