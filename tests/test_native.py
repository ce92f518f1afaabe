"""The compiled helper beside numpy: the same bits."""

import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import native as native_module
from classifier import phrases
from classifier.campaign_signatures import minima
from classifier.explain import _Phrases
from classifier.features import HashedNgrams
from classifier.labelled import corpus_files, read_labelled
from classifier.language import _counted
from classifier.linear import Reading
from classifier.salary_places import places_to_look
from classifier.schema import joined_text
from classifier.signs import Signs
from classifier.text_batch import TextBatch
from classifier.word_shares import word_shares

MODULES = (
    "text", "compact", "prefix_hashes", "phrases", "linear", "features", "campaign_signatures", "signs",
    "salary_places", "word_shares", "language", "explain",
)  # fmt: skip
MONEY = st.lists(
    st.sampled_from(
        [*"k -–.,/%:(13十三", *"rp usd 20 007 juta x fee".split(), "two ", "to ", "gaji ", "per ", "new zealand dollars"]
    ),
    max_size=14,
).map("".join)
FLAGS_AND_LEET = st.text(st.sampled_from("ab 1$@.<>&;\n\0\x01аกက中3\U0001f1ee\U0001f1e9\U0001f1f0\U0001f1ed"), max_size=60)

pytestmark = pytest.mark.skipif(
    native_module.native() is None and shutil.which("cc") is None, reason="no C compiler (cc), so no compiled helper"
)


def test_the_helper_is_there():
    assert native_module.native() is not None, "a C compiler is here, yet the helper was not built: make clean test"


@pytest.fixture
def everything():
    return [joined_text(row.posting) for row in read_labelled(corpus_files())[0]]


def _as_codes(texts):
    return np.array([ord(c) for text in texts for c in text + "\n"], np.uint32), np.cumsum(
        [len(text) + 1 for text in texts], dtype=np.int64
    )


def _of_phrases(model, reading):
    found = _Phrases.of(model.linear, reading, 0, len(reading.spans))
    return found.starts, found.stops, found.weights, found.limits


def read(texts, model):
    """All that the helper has a part in."""
    batch = TextBatch.of(texts)
    hits = phrases.find(batch.hashes)
    reading = Reading.of(texts, [False] * len(texts), model.linear.hasher)
    money = list(places_to_look(batch))
    matrix = HashedNgrams().transform(texts)
    words = [
        word_shares(model.linear, reading, 0, len(texts)),
        *(word_shares(model.linear, reading, k, k + 1) for k in range(len(texts))[-2:]),
    ]
    folded, compact, hashes = batch.folded, batch.compact, batch.hashes
    return [
        *(folded.codes, folded.kinds, folded.origin, folded.ends, folded.disguised),
        *(compact.codes, compact.kinds, compact.at, compact.limits),
        *(hashes.prefix, hashes.token_starts, hashes.token_stops),
        *(hits.documents, hits.concepts, hits.starts, hits.stops),
        *minima(hashes),
        model.linear.ngram_log_odds(reading),
        *(matrix.data, matrix.indices, matrix.indptr),
        *(getattr(shares, name) for shares in words for name in ("starts", "stops", "weights", "documents")),
        *(np.array(where.numbers).reshape(-1, 4) for where in money),
        *(np.array(where.spelled, np.int64) for where in money),
        *(np.array(found) for found in _of_phrases(model, reading)),
        *_counted(*_as_codes(texts)),
        *Signs((("0123456789"), ("wa", "we"), "@/", ("ล้",))).find(folded.codes),
    ]


def assert_same(texts, model):
    compiled = read(texts, model)
    with pytest.MonkeyPatch.context() as patch:
        for name in MODULES:
            patch.setattr(f"classifier.{name}.native", lambda: None)
        plain = read(texts, model)
    for ours, theirs in zip(compiled, plain, strict=True):
        assert ours.dtype == theirs.dtype
        assert np.array_equal(ours, theirs)


def test_every_posting_of_the_corpus_is_read_the_same(everything, model):
    for first in range(0, len(everything), 500):
        assert_same(everything[first : first + 500], model)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=80), FLAGS_AND_LEET, MONEY), max_size=8))
def test_any_text_is_read_the_same(model, texts):
    assert_same(texts, model)


@pytest.mark.parametrize(
    "texts", [[], [""], ["", "", ""], ["a"], ["\0"], ["\x01"], ["aaaa"], ["a b c d e"], ["🇮🇩🇮"], ["x" * 70_000]]
)
def test_edges_are_read_the_same(model, texts):
    assert_same(texts, model)


def test_it_can_be_switched_off(monkeypatch):
    native_module.native.cache_clear()
    monkeypatch.setenv("CLASSIFIER_NATIVE", "0")
    assert native_module.native() is None
    native_module.native.cache_clear()
    monkeypatch.delenv("CLASSIFIER_NATIVE")
    assert native_module.native() is not None


def test_an_older_helper_is_not_used(monkeypatch):
    native_module.native.cache_clear()
    monkeypatch.setattr(native_module, "_VERSION", 0)
    assert native_module.native() is None
    native_module.native.cache_clear()
