"""Labelled postings: reading them, and splitting them so that siblings never stand on both sides."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from classifier.campaigns import near_duplicate_groups
from classifier.corpus import corpus_files
from classifier.errors import ModelError
from classifier.readers import read_postings
from classifier.schema import LABELS, Label, Posting, Rejected, joined_text

__all__ = [
    "SPLITS", "LabelColumns", "LabelledPosting", "Split", "corpus_files", "fingerprint", "group_key", "join_near_duplicates",
    "read_labelled", "split_of",
]  # fmt: skip

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)
_SHARES: dict[Split, float] = {"train": 0.70, "validation": 0.15, "test": 0.15}


@dataclass(frozen=True, slots=True)
class LabelledPosting:
    """A posting with a person's label; siblings (rewrites of one ad) share `group` and are never split."""

    posting: Posting
    label: Label
    group: str
    situation: str = ""

    @property
    def language(self) -> str:
        return self.posting.language or "und"


@dataclass(frozen=True, slots=True)
class LabelColumns:
    """Where a foreign data set keeps its labels: the column, what its values mean, the group, and rows to keep."""

    label: str = "label"
    values: Mapping[str, str] | None = None
    """Value -> label; None when the column holds labels."""
    group: str = "group"
    only: Mapping[str, str] | None = None
    """Column -> value that a row must have, for example {"fold": "train"}."""


def read_labelled(
    sources: Iterable[str | Path], columns: LabelColumns = LabelColumns()
) -> tuple[list[LabelledPosting], list[Rejected]]:
    """Read labelled postings from files in any format that a feed can have, and what had to be rejected.

    A row without a known label is rejected. Raises FeedError for a file that cannot be read, ModelError when no labelled
    posting is left.
    """
    rows: list[LabelledPosting] = []
    rejected: list[Rejected] = []
    names = [str(source) for source in sources]
    for name in names:
        for number, record in enumerate(read_postings(name), 1):
            if isinstance(record, Rejected):
                rejected.append(record)
                continue
            extra = {key: str(value).strip() for key, value in record.extra.items()}
            if columns.only and any(extra.get(k) != v for k, v in columns.only.items()):
                continue
            given = extra.get(columns.label, "")
            label = (columns.values or {}).get(_plain(given), given)
            if label not in LABELS:
                cause = f"{columns.label}: {given!r} is no label; known are {', '.join(LABELS)}"
                rejected.append(Rejected(name, number, cause, record.id))
                continue
            group = extra.get(columns.group) or record.key
            rows.append(LabelledPosting(record, label, group, extra.get("situation", "")))
    if not rows:
        why = f" (first cause: {rejected[0].cause})" if rejected else ""
        raise ModelError(", ".join(names), f"holds no labelled posting{why}")
    return rows, rejected


def _plain(value: str) -> str:
    """'1.0' (a whole number that went through a float column) means '1'."""
    return value.removesuffix(".0")


def join_near_duplicates(rows: Sequence[LabelledPosting]) -> list[LabelledPosting]:
    """The rows, each near-duplicate of an earlier one moved to that one's group, so that no split parts them. An old posting
    keeps its group whatever is added after it."""
    earliest = near_duplicate_groups([joined_text(row.posting) for row in rows]).tolist()
    return [
        row if first == at else replace(row, group=rows[first].group)
        for at, (row, first) in enumerate(zip(rows, earliest, strict=True))
    ]


def split_of(group: str) -> Split:
    """The part to which a group belongs: fixed by a hash of its name, so that a new posting never moves an old one."""
    place = int.from_bytes(hashlib.blake2b(group.encode(), digest_size=8).digest()) / 2**64
    for name, share in _SHARES.items():
        place -= share
        if place < 0:
            return name
    return SPLITS[-1]


def group_key(group: str) -> str:
    """A short one-way key of a group, kept in a model's manifest to know later what it was trained on."""
    return hashlib.blake2b(group.encode(), digest_size=8, person=b"group").hexdigest()


def fingerprint(rows: Sequence[LabelledPosting]) -> str:
    """The same for the same labelled postings, in whatever order."""
    digests = sorted(f"{row.posting.key}|{row.label}|{row.group}" for row in rows)
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()[:16]
