"""Altered copies of labelled postings for training: disguised, with places swapped, pay hidden, fields dropped.

A copy keeps label and group, so it never stands on the other side of a split.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from classifier.disguises import DISGUISES, SWAPS
from classifier.labelled import LabelledPosting

_ALTERATIONS = (
    SWAPS["other place"],
    *(DISGUISES[name] for name in ("pay hidden", "destination hidden", "synonyms", "half in another language")),
    None,
)
"""The disguises of letters are not among them: the normalised text undoes those. None drops fields alone."""
_DROPPABLE = ("title", "company", "location", "salary", "contact")
_DROP_ALL_THE_SAME, _DROP_EACH = 0.3, 0.5


def altered_copies(rows: Sequence[LabelledPosting], seed: int = 0) -> list[LabelledPosting]:
    """One altered copy of each posting, the same for the same posting and seed."""
    return [_altered(row, Random(f"{seed} {row.posting.key}")) for row in rows]


def _altered(row: LabelledPosting, random: Random) -> LabelledPosting:
    posting = row.posting
    change = random.choice(_ALTERATIONS)
    fields = {name: getattr(posting, name) for name in ("description", *_DROPPABLE)}
    if change is None or random.random() < _DROP_ALL_THE_SAME:
        fields |= {name: "" for name in _DROPPABLE if random.random() < _DROP_EACH and posting.description.strip()}
    if change is not None:
        fields |= {name: change(fields[name], row.language, random) for name in ("title", "description")}
    if not (fields["title"].strip() or fields["description"].strip()):
        return row
    return replace(row, posting=replace(posting, **fields))
