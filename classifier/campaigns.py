"""Campaigns: groups of postings that share text or contact.

Pairs that may be alike are found by sorting: for each bin in turn all rows are ordered by that bin and the three after it;
rows that come to stand side by side and agree in the first three are compared (locality-sensitive hashing: Indyk and
Motwani, STOC 1998). A pair whose estimated Jaccard similarity reaches `similar` is joined; so are postings that share a
contact, unless very many have it. Memory is linear in the number of postings, time is that of 128 sorts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.campaign_signatures import BINS, Signatures, minima
from classifier.ngrams import chunks
from classifier.text_batch import TextBatch

SIMILAR = 0.5
FEWEST_SHINGLES = 24
"""A text with fewer says too little to be called alike; it joins by its contacts only."""
COMMON_SHARE, COMMON_COUNT = 0.001, 50
"""A contact in more postings than this share of the feed, and than this number, is everybody's and joins nothing."""
MOST_CONTACTS = 12
_COMPARED_AT_ONCE = 1 << 15
_KEY = re.compile("[0-9a-f]{16}")
_NO_DAY = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True)
class Campaign:
    """Postings that share text or contact. `typical` is the stable key of the posting most like all others."""

    id: str
    size: int
    first: str
    """ISO day of the first posting, empty where no date is known."""
    last: str
    sources: Mapping[str, int]
    contacts: Mapping[str, int]
    typical: str
    risk: float | None = None
    """Mean risk of its postings."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The groups of a feed, largest first, held as arrays; a `Campaign` is made when it is asked for.

    `ids`: one a group. `of_row`: int32, shape (postings,), the group of each posting, -1 for none. `members`: int64, the rows
    of all groups one after another; `starts`: int64, shape (groups + 1,). `typical`: int64, shape (groups,), a row each.
    """

    ids: tuple[str, ...]
    of_row: NDArray[np.int32]
    members: NDArray[np.int64]
    starts: NDArray[np.int64]
    typical: NDArray[np.int64]
    signatures: Signatures
    risks: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[Campaign]:
        return map(self.__getitem__, range(len(self.ids)))

    def id_of(self, row: int) -> str | None:
        """The campaign of a posting by its place in the feed."""
        group = self.of_row[row]
        return self.ids[group] if group >= 0 else None

    def __getitem__(self, group: int) -> Campaign:
        if not 0 <= group < len(self.ids):
            raise IndexError(group)
        members = self.members[self.starts[group] : self.starts[group + 1]]
        rows = self.signatures.rows[members]
        days = rows["day"][rows["day"] > 0]
        return Campaign(
            id=self.ids[group],
            size=len(members),
            first=date.fromordinal(int(days.min())).isoformat() if len(days) else "",
            last=date.fromordinal(int(days.max())).isoformat() if len(days) else "",
            sources=self._named(rows["source"]),
            contacts=self._named(self._contacts(members)),
            typical=f"{self.signatures.rows['key'][self.typical[group]]:016x}",
            risk=float(self.risks[members].mean()) if self.risks is not None else None,
        )

    def ranked(self, limit: int) -> list[Campaign]:
        """The first campaigns by the sum of their postings' risks, or by size where no risks are known."""
        weights = np.diff(self.starts).astype(np.float64)
        if self.risks is not None and len(weights):
            weights = np.add.reduceat(self.risks[self.members], self.starts[:-1])
        return [self[group] for group in np.argsort(-weights, kind="stable")[:limit].tolist()]

    def _contacts(self, members: NDArray[np.int64]) -> NDArray[np.uint64]:
        contacts = self.signatures.contacts
        firsts, lasts = (np.searchsorted(contacts["row"], members.astype(np.uint32), side) for side in ("left", "right"))
        return np.concatenate([contacts["contact"][a:b] for a, b in zip(firsts, lasts, strict=True)])

    def _named(self, hashes: NDArray[np.uint64]) -> dict[str, int]:
        """Names with their counts, the most frequent first."""
        values, counts = np.unique(hashes, return_counts=True)
        order = np.argsort(-counts, kind="stable")[:MOST_CONTACTS]
        names = self.signatures.names
        texts = names["text"][np.searchsorted(names["hash"], values[order])]
        return {text.decode("utf-8", "ignore"): int(n) for text, n in zip(texts.tolist(), counts[order], strict=True)}


def find_campaigns(
    signatures: Signatures,
    *,
    known: Mapping[str, str] | None = None,
    risks: Sequence[float] | NDArray[np.float64] | None = None,
    similar: float = SIMILAR,
) -> Campaigns:
    """Group the postings of a feed.

    A campaign's id comes from the stable key of its first posting (the earliest by date, then by place in the feed), so it
    stays as long as that posting is scanned again, however much the campaign grows. `known` maps stable keys of postings to
    their campaign's id in an earlier scan: a group takes the id that its first known posting had; of several groups that
    claim one id the largest gets it.
    """
    rows = signatures.rows
    labels = _join_contacts(np.arange(len(rows)), signatures.contacts)
    labels = _join_texts(labels, rows["bins"], np.flatnonzero(rows["shingles"] >= FEWEST_SHINGLES), similar)
    of_row, members, starts = _groups(labels, rows["day"])
    ids = _ids(rows["key"], members, starts, known or {})
    typical = _typical(rows["bins"], members, starts)
    return Campaigns(ids, of_row, members, starts, typical, signatures, None if risks is None else np.asarray(risks, np.float64))


def near_duplicate_groups(texts: Sequence[str], similar: float = SIMILAR) -> NDArray[np.int64]:
    """For each text the index of the earliest text in its group of near-duplicates; its own where it has none."""
    parts = [minima(TextBatch.of(chunk).hashes) for _, chunk in chunks(texts)]
    bins = np.concatenate([np.empty((0, BINS), np.uint16), *(part[0] for part in parts)])
    shingles = np.concatenate([np.empty(0, np.uint32), *(part[1] for part in parts)])
    labels = _join_texts(np.arange(len(texts)), bins, np.flatnonzero(shingles >= FEWEST_SHINGLES), similar)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def _join_contacts(labels: NDArray[np.int64], contacts: NDArray[np.void]) -> NDArray[np.int64]:
    """Join the postings of each contact that is not everybody's."""
    order = np.argsort(contacts["contact"], kind="stable")
    values, rows = contacts["contact"][order], contacts["row"][order].astype(np.int64)
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    rare = counts[inverse] <= max(COMMON_COUNT, COMMON_SHARE * len(labels))
    linked = np.flatnonzero((values[1:] == values[:-1]) & rare[1:])
    return _merged(labels, rows[linked], rows[linked + 1])


def _join_texts(
    labels: NDArray[np.int64], bins: NDArray[np.uint16], eligible: NDArray[np.int64], similar: float
) -> NDArray[np.int64]:
    """Join the eligible rows that are similar; one pass a bin."""
    for first in range(BINS):
        band = np.zeros(len(eligible), np.uint64)
        for k in range(4):
            band = (band << np.uint64(16)) | bins[eligible, (first + k) % BINS]
        order = np.argsort(band)
        band = band[order] >> np.uint64(16)
        beside = np.flatnonzero(band[1:] == band[:-1])
        a, b = eligible[order[beside]], eligible[order[beside + 1]]
        apart = labels[a] != labels[b]
        a, b = a[apart], b[apart]
        alike = _similarity(bins, a, b) >= similar
        labels = _merged(labels, a[alike], b[alike])
    return labels


def _similarity(bins: NDArray[np.uint16], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.float64]:
    """Estimated Jaccard similarity of the pairs."""
    parts = range(0, len(a), _COMPARED_AT_ONCE)
    shares = [(bins[a[i : i + _COMPARED_AT_ONCE]] == bins[b[i : i + _COMPARED_AT_ONCE]]).mean(axis=1) for i in parts]
    return np.concatenate([np.empty(0), *shares])


def _merged(labels: NDArray[np.int64], a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """Labels after the rows `a` were joined with the rows `b`."""
    from scipy.sparse import coo_array  # heavy, and only a scan needs it
    from scipy.sparse.csgraph import connected_components

    if not len(a):
        return labels
    edges = coo_array((np.ones(len(a), np.bool_), (labels[a], labels[b])), shape=(len(labels), len(labels)))
    joined: NDArray[np.int64] = connected_components(edges, directed=False)[1].astype(np.int64)[labels]
    return joined


def _groups(labels: NDArray[np.int64], days: NDArray[np.int32]) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int64]]:
    """Group of each row (-1: none), members and starts; largest group first, members by date, then by place."""
    sizes = np.bincount(labels, minlength=len(labels))
    rows = np.flatnonzero(sizes[labels] > 1)
    dated = np.where(days[rows] > 0, days[rows].astype(np.int64), _NO_DAY)
    members = rows[np.lexsort((rows, dated, labels[rows], -sizes[labels[rows]]))]
    ordered = labels[members]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]])) if len(members) else np.empty(0, np.int64)
    bounds = np.append(starts, len(members))
    of_row = np.full(len(labels), -1, np.int32)
    of_row[members] = np.repeat(np.arange(len(starts), dtype=np.int32), np.diff(bounds))
    return of_row, members, bounds


def _ids(
    keys: NDArray[np.uint64], members: NDArray[np.int64], starts: NDArray[np.int64], known: Mapping[str, str]
) -> tuple[str, ...]:
    """An id for each group, none twice."""
    ids = [""] * (len(starts) - 1)
    taken = set()
    for group, campaign in _claims(keys[members], starts, known):  # the largest group first
        if not ids[group] and campaign not in taken:
            ids[group] = campaign
            taken.add(campaign)
    for group, campaign in enumerate(ids):
        if not campaign:
            ids[group] = next(
                new for key in _endless(keys[members[starts[group] : starts[group + 1]]]) if (new := f"c{key}") not in taken
            )
            taken.add(ids[group])
    return tuple(ids)


def _claims(keys: NDArray[np.uint64], starts: NDArray[np.int64], known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Groups with the ids that their members had before, by group, then by member."""
    codes = np.array([int(key, 16) for key in known if _KEY.fullmatch(key)], np.uint64)
    hits = np.flatnonzero(np.isin(keys, codes)) if len(codes) else np.empty(0, np.int64)
    groups = np.searchsorted(starts, hits, side="right") - 1
    for group, key in zip(groups.tolist(), keys[hits].tolist(), strict=True):
        yield group, known[f"{key:016x}"]


def _endless(keys: Iterable[int]) -> Iterator[str]:
    """Stable keys as text; after the last of them the first with a number."""
    written = [f"{key:016x}" for key in keys]
    yield from written
    number = 2
    while True:
        yield f"{written[0]}-{number}"
        number += 1


def _typical(bins: NDArray[np.uint16], members: NDArray[np.int64], starts: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row of each group with the highest mean similarity to all; the earliest of several. One sort a bin."""
    groups = np.repeat(np.arange(len(starts) - 1, dtype=np.uint64), np.diff(starts))
    agreeing = np.zeros(len(members), np.int64)
    for k in range(BINS):
        values = (groups << np.uint64(16)) | bins[members, k]
        order = np.argsort(values)
        ordered = values[order]
        edges = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1], [True]])) if len(ordered) else np.zeros(1, int)
        counts = np.diff(edges)
        agreeing[order] += np.repeat(counts, counts)
    best = np.lexsort((np.arange(len(members)), -agreeing, groups))
    return members[best[starts[:-1]]]
