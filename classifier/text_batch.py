"""A batch of texts, normalised and hashed once for all that is read from it: n-grams, phrases, reasons, signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from classifier.compact import Compact, compact
from classifier.prefix_hashes import PrefixHashes
from classifier.text import Folded, fold


@dataclass(frozen=True)
class TextBatch:
    """`texts`: as they were given. `folded`: normalised. `hashes`: of the same without its punctuation, `compact`."""

    texts: Sequence[str]
    folded: Folded
    hashes: PrefixHashes

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        folded = fold(texts)
        return cls(texts, folded, PrefixHashes.of(compact(folded)))

    @property
    def compact(self) -> Compact:
        return self.hashes.batch

    @cached_property
    def normal(self) -> str:
        """The normalised texts as one string, each ended by BOUNDARY."""
        return self.folded.codes.tobytes().decode("utf-32-le", "surrogatepass")
