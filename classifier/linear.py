"""The linear model itself: weights over hashed n-grams and indicators, and the log-odds that they give.

Two heads, both log-odds (natural logarithm): `risk` (not legit against legit) and `lure` (overseas lure against job scam, given
that the posting is not legit). So p(legit) = 1 - risk, p(overseas_lure) = risk * lure, p(job_scam) = risk * (1 - lure), and the
log-odds of the risk stay a plain sum, which is what makes reasons exact. Weights of n-grams are whole multiples of a
small unit: their sums are integers, equal to the last bit on every machine and however a batch is split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifier.indicators import Spans, columns_of, find_all
from classifier.language import languages_of
from classifier.native import native
from classifier.ngrams import Hashed, NgramHasher, chunks
from classifier.prefix_hashes import PrefixHashes
from classifier.text_batch import TextBatch

RISK, LURE = range(2)
HEADS = ("risk", "lure")
_Sums = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Sums of the n-grams' weights by channel and head, shape (2, 2, documents), and their number by channel, (2, documents)."""


@dataclass(frozen=True)
class Reading:
    """A batch of joined texts, read once for its log-odds and for the reasons of each text.

    `spans`: what was found in each text, by indicator. `firsts`: int64, shape (texts,), where each text begins in the joined
    original (see `Folded.origin`).
    """

    batch: TextBatch
    hasher: NgramHasher
    languages: list[str]
    spans: list[dict[str, Spans]]
    firsts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[str], companies: Sequence[bool], hasher: NgramHasher) -> Reading:
        """Read a batch. `companies` says whether the posting's own field names an employer."""
        batch = TextBatch.of(texts)
        languages = languages_of(texts)
        firsts = np.cumsum([0, *(len(text) + 1 for text in texts[:-1])])
        return cls(batch, hasher, languages, find_all(batch, companies, languages), firsts)

    @cached_property
    def hashed(self) -> Hashed:
        """The n-grams, one by one: what log-odds and reasons are told from where there is no compiled helper."""
        return self.hasher.hash_batch(self.batch.hashes)


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`ngrams`: int16, shape (2**bits, 2), in multiples of `units`: float64, shape (2,); both heads of a bucket lie side by side,
    for fetching them is what takes the time. `indicators`: float64, shape (2, indicators). `intercepts`: float64, shape (2,)."""

    hasher: NgramHasher
    ngrams: NDArray[np.int16]
    units: NDArray[np.float64]
    indicators: NDArray[np.float64]
    intercepts: NDArray[np.float64]

    @classmethod
    def quantised(
        cls,
        hasher: NgramHasher,
        ngrams: NDArray[np.float64],
        indicators: NDArray[np.float64],
        intercepts: NDArray[np.float64],
    ) -> LinearModel:
        """Round float weights, shape (2, 2**bits), to multiples of a unit that spans their range."""
        units = np.maximum(np.abs(ngrams).max(axis=1), 1e-12) / np.iinfo(np.int16).max
        weights = np.ascontiguousarray(np.rint(ngrams / units[:, None]).astype(np.int16).T)
        return cls(hasher, weights, units, indicators, intercepts)

    def scaled(self, slopes: NDArray[np.float64], shifts: NDArray[np.float64]) -> LinearModel:
        """The model whose log-odds are slope * log-odds + shift, head by head (calibration folded into the weights)."""
        return LinearModel(
            self.hasher,
            self.ngrams,
            self.units * slopes,
            self.indicators * slopes[:, None],
            self.intercepts * slopes + shifts,
        )

    def log_odds(self, texts: Sequence[str], companies: Sequence[bool]) -> NDArray[np.float64]:
        """Log-odds of both heads, shape (2, texts). `companies` says whether the posting's own field names an employer."""
        result = np.empty((2, len(texts)))
        for first, chunk in chunks(texts):
            at = slice(first, first + len(chunk))
            result[:, at] = self.log_odds_of(Reading.of(chunk, companies[at], self.hasher))
        return result

    def log_odds_of(self, reading: Reading) -> NDArray[np.float64]:
        """`log_odds` of a batch that was read."""
        from_ngrams = self.intercepts[:, None] + self.ngram_log_odds(reading)
        return from_ngrams + self.indicator_log_odds(columns_of(reading.spans))

    def indicator_log_odds(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        """The indicators' share of the log-odds, shape (2, documents), from their columns, shape (documents, indicators)."""
        products = self.indicators[:, None, :] * columns
        total: NDArray[np.float64] = np.cumsum(products, axis=2)[:, :, -1]  # in order: a sum must not depend on the batch's size
        return total

    def ngram_log_odds(self, reading: Reading) -> NDArray[np.float64]:
        """The n-grams' share of the log-odds, shape (2, documents)."""
        sums, totals = self._sums_compiled(reading.batch.hashes) or self._sums(reading.hashed)
        words, characters = sums * self.units[:, None] * channel_scales(totals)[:, None]
        total: NDArray[np.float64] = words + characters
        return total

    def _sums(self, hashed: Hashed) -> _Sums:
        both = self.ngrams.view(np.int32)[:, 0]
        sums = np.zeros((2, 2, hashed.totals.shape[1]), np.int64)
        for block in hashed.blocks:
            weights = both[block.buckets].view(np.int16)
            running = np.zeros((2, len(block.buckets) + 1), np.int64)
            for head in (RISK, LURE):
                np.cumsum(weights[head::2], out=running[head, 1:])
            sums[block.channel] += running[:, block.indptr[1:]] - running[:, block.indptr[:-1]]
        return sums, hashed.totals

    def _sums_compiled(self, hashes: PrefixHashes) -> _Sums | None:
        """`_sums`, without a list of the n-grams."""
        if (helper := native()) is None:
            return None
        return helper.ngram_sums(hashes.arrays, hashes.batch.limits, self.hasher.lengths, self.ngrams)


def channel_scales(totals: NDArray[np.int64]) -> NDArray[np.float64]:
    """What an n-gram of each channel counts in each document, shape (2, documents): one over the root of their number."""
    scales: NDArray[np.float64] = 1.0 / np.sqrt(np.maximum(totals, 1))
    return scales


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probability of log-odds, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * log_odds))
