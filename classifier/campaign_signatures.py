"""What a posting leaves behind for the search for campaigns: a small row of fixed size, and its contacts.

The text of a posting is the set of its shingles: eight characters in a row of the compact normalised text, five where a
script has no spaces between words, three of ideographs; digits are read as 0, so that other pay or another number keeps
them. Of that set a row holds 64 minima of one hash function: the hash says into which of 64 bins a shingle falls, and each
bin keeps its smallest (one permutation hashing: Li, Owen and Zhang, "One permutation hashing", NIPS 2012). Bins that stayed
empty borrow from others, in an order fixed for all texts (Shrivastava, "Optimal densification for fast and accurate minwise
hashing", ICML 2017). Of each minimum the lowest 16 bits are kept (Li and König, "b-bit minwise hashing", WWW 2010): two
texts agree in a bin with the probability of their Jaccard similarity, give or take 2**-16.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate
from functools import cache
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.campaign_contacts import find_contacts, link_of_posting
from classifier.characters import IDEOGRAPH
from classifier.errors import FeedError
from classifier.native import Pointer, native
from classifier.ngrams import chunks
from classifier.prefix_hashes import PrefixHashes
from classifier.schema import Posting, joined_text
from classifier.text_batch import TextBatch

BINS = 64
ROW = np.dtype([("key", "<u8"), ("source", "<u8"), ("risk", "<f8"), ("day", "<i4"), ("shingles", "<u4"), ("bins", "<u2", (BINS,))])
"""160 bytes a posting: its stable key, the hash of its source, its risk (0 until it is assessed), the day (`date.toordinal`, 0
unknown), shingles, minima."""
CONTACT = np.dtype([("row", "<u4"), ("contact", "<u8")])
"""Which posting has which contact (hash of its identity); ordered by row."""
NAME = np.dtype([("hash", "<u8"), ("text", "S56")])
"""How a source or contact is written (UTF-8, cut at 56 bytes); each hash once."""
_FILES = (("rows.bin", ROW), ("contacts.bin", CONTACT), ("names.bin", NAME))

_SPACED_LENGTH, _UNSPACED_LENGTH, _IDEOGRAPH_LENGTH = 8, 5, 3
_UNSPACED = ((0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800))
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_MIX_AGAIN = np.uint64(0xC4CEB9FE1A85EC53)
_EMPTY = np.uint32(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Signatures:
    """Signatures of postings in the order of the feed. `rows`: ROW, shape (n,). `contacts`: CONTACT. `names`: NAME."""

    rows: NDArray[np.void]
    contacts: NDArray[np.void]
    names: NDArray[np.void]

    def __len__(self) -> int:
        return len(self.rows)

    @classmethod
    def join(cls, parts: Sequence[Signatures]) -> Signatures:
        """One batch after another."""
        firsts = np.cumsum([0, *(len(part) for part in parts)])
        contacts = [part.contacts.copy() for part in parts]
        for first, part in zip(firsts[:-1], contacts, strict=True):
            part["row"] += first.astype(np.uint32)
        rows = np.concatenate([np.empty(0, ROW), *(part.rows for part in parts)])
        names = np.concatenate([np.empty(0, NAME), *(part.names for part in parts)])
        return cls(rows, np.concatenate([np.empty(0, CONTACT), *contacts]), _each_once(names))

    @classmethod
    def read(cls, folder: Path, count: int | None = None) -> Signatures:
        """What a `SignatureWriter` left in a folder; of the first `count` postings only, when given."""
        try:
            rows, contacts, names = (np.fromfile(folder / name, kind) for name, kind in _FILES)
        except OSError as e:
            raise FeedError(str(folder), f"its signatures cannot be read: {e.strerror}") from e
        rows = rows[:count]
        return cls(rows, contacts[: np.searchsorted(contacts["row"], len(rows))], _each_once(names))


class SignatureWriter:
    """Appends signatures to three files of plain records (ROW, CONTACT, NAME; little-endian, no header) in a folder.

    `count` postings are kept of what lies there already and the rest is cut off, so that a scan that was stopped goes on
    from its checkpoint. Names may stand there more than once.
    """

    def __init__(self, folder: Path, count: int = 0) -> None:
        folder.mkdir(exist_ok=True)
        self.count = count
        self._files = [open(folder / name, "r+b" if count else "w+b") for name, _ in _FILES]
        if count:
            kept = np.fromfile(folder / "contacts.bin", CONTACT)
            names = (folder / "names.bin").stat().st_size // NAME.itemsize
            counts = (count, int(np.searchsorted(kept["row"], count)), names)
            for file, (_, kind), records in zip(self._files, _FILES, counts, strict=True):
                file.truncate(records * kind.itemsize)
                file.seek(0, os.SEEK_END)

    def append(self, part: Signatures) -> None:
        """Write the signatures of the next postings; they are on the disk when this returns."""
        contacts = part.contacts.copy()
        contacts["row"] += np.uint32(self.count)
        self.count += len(part)
        for file, records in zip(self._files, (part.rows, contacts, part.names), strict=True):
            file.write(records.tobytes())
            file.flush()
            os.fsync(file.fileno())

    def close(self) -> None:
        for file in self._files:
            file.close()


def signatures(postings: Sequence[Posting]) -> Signatures:
    """Signatures of any number of postings; that of a posting does not depend on its neighbours."""
    parts = chunks([joined_text(posting) for posting in postings])
    return Signatures.join([signatures_of(postings[i : i + len(texts)], TextBatch.of(texts)) for i, texts in parts])


def signatures_of(postings: Sequence[Posting], batch: TextBatch) -> Signatures:
    """Signatures of a batch whose joined texts were read."""
    rows = np.zeros(len(postings), ROW)
    rows["key"] = [int(posting.key, 16) for posting in postings]
    rows["day"] = [day_of(posting.posted_at) for posting in postings]
    sources = [posting.source for posting in postings]
    hashes = {source: _hash(f"source:{source}") for source in set(sources)}
    rows["source"] = [hashes[source] for source in sources]
    names = {code: source for source, code in hashes.items()}
    rows["bins"], rows["shingles"] = minima(batch.hashes)
    contacts: list[tuple[int, int]] = []
    for document, contact in find_contacts(batch):
        contacts.append((document, code := _hash(contact.identity)))
        names.setdefault(code, contact.shown)
    for row, posting in enumerate(postings):
        if posting.url and (link := link_of_posting(posting.url)):
            contacts.append((row, code := _hash(link.identity)))
            names.setdefault(code, link.shown)
    return Signatures(rows, np.unique(np.array(contacts, CONTACT)), _name_table(names))


def minima(read: PrefixHashes) -> tuple[NDArray[np.uint16], NDArray[np.uint32]]:
    """The minima of each document, shape (documents, BINS), and its number of shingles, shape (documents,)."""
    if (helper := native()) is not None:
        batch = read.batch
        return helper.minima(batch.codes, batch.kinds, read.prefix, read.inverses, batch.limits, BINS, _lender_pointer())
    hashes, documents = _shingles(read)
    count = len(read.batch.limits) - 1
    smallest = np.full(count * BINS, _EMPTY, np.uint32)
    at = documents * BINS + (hashes >> np.uint64(58)).astype(np.int64)
    np.minimum.at(smallest, at, (hashes >> np.uint64(20)).astype(np.uint32))
    dense = _densified(smallest.reshape(count, BINS))
    return dense.astype(np.uint16), np.bincount(documents, minlength=count).astype(np.uint32)


def _shingles(read: PrefixHashes) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Hashes of all shingles, and the document of each."""
    codes, limits, size = read.batch.codes, read.batch.limits, len(read.batch.codes)
    lengths = np.full(size, _SPACED_LENGTH)
    for start, stop in _UNSPACED:
        lengths[codes - np.uint32(start) < stop - start] = _UNSPACED_LENGTH
    lengths[read.batch.kinds == IDEOGRAPH] = _IDEOGRAPH_LENGTH
    sizes = np.diff(limits)
    documents = np.repeat(np.arange(len(sizes)), sizes)
    starts = np.flatnonzero(np.arange(size) + lengths < np.repeat(limits[1:], sizes))
    return _mixed(read.of_stretches(starts, starts + lengths[starts])), documents[starts]


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = values * _MIX
    values ^= values >> np.uint64(32)
    values *= _MIX_AGAIN
    values ^= values >> np.uint64(29)
    return values


def _densified(minima: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Empty bins filled from others of the same text; a text without shingles keeps them empty."""
    empty = minima == _EMPTY
    rows, bins = np.nonzero(empty & ~empty.all(axis=1, keepdims=True))
    for attempt in range(BINS - 1):
        lenders = _lenders()[bins, attempt]
        lends = ~empty[rows, lenders]
        minima[rows[lends], bins[lends]] = minima[rows[lends], lenders[lends]]
        rows, bins = rows[~lends], bins[~lends]
        if not len(rows):
            break
    return minima


@cache
def _lenders() -> NDArray[np.int64]:
    """For each bin all others, in a random order of its own. Shape (BINS, BINS - 1)."""
    random = np.random.default_rng(2017)
    return np.array([random.permutation(np.delete(np.arange(BINS), k)) for k in range(BINS)])


@cache
def _lender_pointer() -> Pointer:
    return Pointer(_lenders())


def day_of(posted_at: str) -> int:
    """The day of an ISO 8601 or RFC 2822 date as an ordinal, 0 where none can be read."""
    try:
        return date.fromisoformat(posted_at[:10]).toordinal()
    except ValueError:
        parsed = parsedate(posted_at) if "," in posted_at[:5] else None
        try:
            return date(*parsed[:3]).toordinal() if parsed else 0
        except ValueError:
            return 0


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def _name_table(names: dict[int, str]) -> NDArray[np.void]:
    size = NAME["text"].itemsize
    cut = [(code, text.encode("utf-8", "replace")[:size].replace(b"\0", b"")) for code, text in names.items()]
    return _each_once(np.array(cut, NAME))


def _each_once(names: NDArray[np.void]) -> NDArray[np.void]:
    """Ordered by hash; the first of several stays."""
    once: NDArray[np.void] = names[np.unique(names["hash"], return_index=True)[1]]
    return once
