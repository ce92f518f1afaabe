"""Normalised text without its punctuation: what the n-grams are hashed from and the phrases are looked for in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.characters import SEPARATOR
from classifier.native import native
from classifier.text import Folded

_LINE_END = ord("\n")


@dataclass(frozen=True, slots=True)
class Compact:
    """A batch in which each run of separators (spaces, punctuation, line ends) is one space, and a line end ends each document.

    `codes`: uint32, shape (n,). `kinds`: uint8, shape (n,), the class of each (see `characters`). `at`: int64, shape (n,), where
    each stands in the folded batch. `limits`: int64, shape (documents + 1,), start of each document and end of the last.
    """

    codes: NDArray[np.uint32]
    kinds: NDArray[np.uint8]
    at: NDArray[np.int64]
    limits: NDArray[np.int64]

    @property
    def text(self) -> str:
        """The batch as one string, a line a document."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")


def compact(folded: Folded) -> Compact:
    """Close up the separators of a normalised batch."""
    if (helper := native()) is not None:
        return Compact(*helper.compact(folded.codes, folded.kinds, folded.ends))
    keep = folded.kinds != SEPARATOR  # of a text's leading separators none is kept, for what is before depends on the batch
    keep[1:] |= keep[:-1].copy()
    keep[folded.ends] = True
    at = np.flatnonzero(keep)
    codes, kinds = folded.codes[at], folded.kinds[at]
    np.copyto(codes, ord(" "), where=kinds == SEPARATOR)
    ends = np.searchsorted(at, folded.ends)
    codes[ends] = _LINE_END
    return Compact(codes, kinds, at, np.concatenate([[0], ends + 1]))
