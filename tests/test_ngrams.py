import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features import HashedNgrams
from classifier.ngrams import NgramHasher

TEXTS = [
    "Gaji besar, tanpa pengalaman!",
    "",
    "รับสมัครแอดมิน เงินเดือน 35,000",
    "高薪招聘 包机票 柬埔寨西港",
    "အလုပ်ခေါ်စာ လစာ ၁၅ သိန်း",
    "ជ្រើសរើសបុគ្គលិក ប្រាក់ខែ 800$",
    "a",
    "🇰🇭💰💰",
    "x" * 3000,
]


@given(st.lists(st.text(max_size=80), min_size=1, max_size=8), st.integers(0, 8))
def test_a_batch_gives_the_same_however_it_is_split(texts, at):
    ngrams = HashedNgrams(bits=14)
    whole = ngrams.transform(texts)
    parts = [ngrams.transform(part) for part in (texts[:at], texts[at:]) if part]
    rebuilt = np.vstack([p.toarray() for p in parts])
    assert np.array_equal(whole.toarray(), rebuilt)


def test_chunks_do_not_show(monkeypatch):
    import classifier.ngrams as module

    whole = HashedNgrams().transform(TEXTS * 5)
    monkeypatch.setattr(module, "CHUNK_CHARACTERS", 50)
    assert (HashedNgrams().transform(TEXTS * 5) != whole).nnz == 0


@pytest.mark.parametrize("text", [t for t in TEXTS if len(t) > 3])
def test_every_script_has_ngrams(text):
    row = HashedNgrams().transform([text])
    assert row.nnz > 3 or len(set(text)) < 6
    assert row.has_canonical_format or row.has_sorted_indices


def test_the_same_words_share_ngrams_and_others_do_not():
    rows = HashedNgrams(characters=()).transform(["gaji besar", "besar gaji", "kerja ringan"])
    overlap = (rows > 0).astype(int) @ (rows > 0).astype(int).T
    assert overlap[0, 1] == 2  # two words, not their order
    assert overlap[0, 2] == 0


def test_ngrams_know_their_place():
    from classifier.compact import compact
    from classifier.prefix_hashes import PrefixHashes
    from classifier.text import fold

    folded = fold(["gaji besar", "tanpa ijazah"])
    hashed = NgramHasher(words=(1,), characters=()).hash_batch(PrefixHashes.of(compact(folded)))
    (block,) = hashed.blocks
    words = [
        folded.codes[hashed.at[a] : hashed.at[b - 1] + 1].tobytes().decode("utf-32-le")
        for a, b in zip(block.starts, block.stops, strict=True)
    ]
    assert words == ["gaji", "besar", "tanpa", "ijazah"]
    assert block.indptr.tolist() == [0, 2, 4]


def test_no_ngram_reaches_over_the_end_of_a_text():
    ngrams = HashedNgrams(words=(2,), characters=(3,))
    together = ngrams.transform(["ab", "cd"])
    assert together.nnz == ngrams.transform(["ab"]).nnz + ngrams.transform(["cd"]).nnz


def test_buckets_are_the_same_in_every_process():
    code = (
        "from classifier.features import HashedNgrams; m = HashedNgrams().transform(['Gaji besar 高薪 แอดมิน']);"
        "print(m.indices.sum(), m.nnz)"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    row = HashedNgrams().transform(["Gaji besar 高薪 แอดมิน"])
    assert seen == {f"{row.indices.sum()} {row.nnz}\n"}


def test_buckets_stay_what_they_are_in_saved_models():
    row = HashedNgrams(words=(1,), characters=(), bits=20).transform(["kamboja gaji"])
    assert row.indices.tolist() == BUCKETS


BUCKETS = [35479, 57414]
