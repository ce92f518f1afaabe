"""Features as scikit-learn transformers, for training, notebooks and anyone's own pipeline.

Scoring does not come through here (`model.py` gathers weights straight from the hashes), but reads the same n-grams.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from classifier import indicators
from classifier.linear import channel_scales
from classifier.native import native
from classifier.ngrams import Hashed, NgramHasher, chunks
from classifier.prefix_hashes import PrefixHashes
from classifier.schema import Posting, joined_text
from classifier.text_batch import TextBatch


class HashedNgrams(TransformerMixin, BaseEstimator):
    """Texts to a sparse matrix of hashed word and character n-grams.

    Stateless: `fit` only checks the parameters. A value is the n-gram's count in the text, divided by the square root of the
    number of n-grams of its channel (words, characters) in the text, so that long ads do not outweigh short ones.

    Parameters: `words` (lengths of word n-grams, out of 1 and 2), `characters` (lengths of character n-grams), `bits` (the
    matrix has 2**bits columns).
    """

    def __init__(self, words: tuple[int, ...] = (1, 2), characters: tuple[int, ...] = (4,), bits: int = 22) -> None:
        self.words = words
        self.characters = characters
        self.bits = bits

    def fit(self, X: Iterable[str], y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Check the parameters; nothing is learnt from the texts."""
        self._hasher()
        return self

    def transform(self, X: Iterable[str]) -> sp.csr_matrix:  # noqa: N803 - scikit-learn's name
        """A CSR matrix, shape (texts, 2**bits), float64, sorted without duplicates.

        Raises ValueError for something that is no sequence of texts.
        """
        texts = _texts(X)
        shape = (len(texts), 1 << self.bits)
        hasher = self._hasher()
        parts = [_rows(hasher, TextBatch.of(chunk).hashes) for _, chunk in chunks(texts)]
        if not parts:
            return sp.csr_matrix(shape)
        values, columns, lengths = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
        return sp.csr_matrix((values, columns, np.concatenate([[0], np.cumsum(lengths)])), shape=shape)

    def _hasher(self) -> NgramHasher:
        if not set(self.words) <= {1, 2}:
            raise ValueError(f"words={self.words!r}: lengths of word n-grams are 1 and 2")
        if any(n < 1 for n in self.characters) or not (self.words or self.characters):
            raise ValueError(f"characters={self.characters!r}: lengths of character n-grams are 1 or more")
        if not 4 <= self.bits <= 30:
            raise ValueError(f"bits={self.bits!r}: must be from 4 to 30")
        return NgramHasher(tuple(self.words), tuple(self.characters), self.bits)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags


class IndicatorColumns(TransformerMixin, BaseEstimator):
    """Postings to a sparse matrix of indicator columns, in the order of `indicators.names()`. Stateless."""

    def fit(self, X: Iterable[Posting], y: object = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Nothing is learnt."""
        return self

    def transform(self, X: Iterable[Posting]) -> sp.csr_matrix:  # noqa: N803 - scikit-learn's name
        """A CSR matrix, shape (postings, indicators), float64."""
        postings = list(X)
        texts = [joined_text(posting) for posting in postings]
        parts = [
            indicators.columns(chunk, [bool(p.company) for p in postings[first : first + len(chunk)]])
            for first, chunk in chunks(texts)
        ]
        return sp.csr_matrix(np.vstack(parts)) if parts else sp.csr_matrix((0, len(indicators.names())))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:
        """Ids of the indicators."""
        return np.array(indicators.names(), object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags


def _texts(given: Iterable[str]) -> list[str]:
    if isinstance(given, str):
        raise ValueError("expected a sequence of texts, got one text")
    texts = list(given)
    for text in texts:
        if not isinstance(text, str):
            raise ValueError(f"expected texts, got {type(text).__name__}")
    return texts


def _rows(hasher: NgramHasher, hashes: PrefixHashes) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
    """Values, columns and the length of each row: counts over the square root of the channel's total, duplicates summed."""
    if (helper := native()) is not None:
        return helper.rows(hashes.arrays, hashes.batch.limits, hasher.lengths, hasher.bits)
    return _rows_of(hasher.hash_batch(hashes), hasher.bits)


def _rows_of(hashed: Hashed, bits: int) -> tuple[NDArray[np.float64], NDArray[np.int32], NDArray[np.int64]]:
    """`_rows` in numpy.

    Sorts one key, document and bucket, for the whole batch: numpy sorts plain integers far faster than scipy sums
    duplicates row by row. Within a row the words, whose buckets are the lower half, come first.
    """
    documents = len(hashed.blocks[0].indptr) - 1
    kind: type[Any] = np.uint32 if documents << bits < 1 << 32 else np.uint64
    rows = np.arange(documents, dtype=kind) << kind(bits)
    keys = np.concatenate([np.repeat(rows, np.diff(b.indptr)) | b.buckets.astype(kind) for b in hashed.blocks])
    keys.sort()
    new = np.ones(len(keys) + 1, np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:-1])
    edges = np.flatnonzero(new)
    keys = keys[edges[:-1]]
    halves = np.stack([rows, rows | kind(1 << (bits - 1))], axis=1).ravel()
    lengths = np.diff(np.searchsorted(keys, halves), append=len(keys))
    scales = channel_scales(hashed.totals)
    values = np.repeat(scales.T.ravel(), lengths)
    values *= (edges[1:] - edges[:-1]).astype(np.float64)  # how often
    keys &= kind((1 << bits) - 1)
    return values, keys.astype(np.int32), lengths.reshape(-1, 2).sum(axis=1)
