"""Single postings that come in at the same moment are assessed together.

Most of what a short posting costs is the same for one and for ten (numpy's calls on small arrays), so a busy service answers
several times as many. Nobody waits for company that is not there: as soon as a turn of the event loop brings no further posting,
those that have come in are assessed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from classifier.model import RiskModel
from classifier.schema import Assessment, Language, Posting

MOST = 32
"""Postings assessed in one go; the loop turns before the next ones, so that it stays alert."""
_MOST_TURNS = 4
"""Turns of the loop for which a posting waits while others come in."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    model: RiskModel
    posting: Posting
    assess: Assess
    language: Language
    answer: asyncio.Future[Assessment]


Assess = Callable[[RiskModel, Sequence[Posting], Language], list[Assessment]]


class Together:
    """Collects the postings of one event loop."""

    def __init__(self) -> None:
        self._waiting: list[_Waiting] = []

    async def assess(self, model: RiskModel, posting: Posting, assess: Assess, language: Language) -> Assessment:
        """What `assess` finds of a posting; those with the same model, function and language are given to it together."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Assessment] = loop.create_future()
        self._waiting.append(_Waiting(model, posting, assess, language, answer))
        if len(self._waiting) == 1:
            loop.call_soon(self._answer, loop, 1, 1)
        return await answer

    def _answer(self, loop: asyncio.AbstractEventLoop, before: int, turn: int) -> None:
        """Assess those who wait, unless the last turn brought more than the `before` who waited already."""
        count = len(self._waiting)
        if before < count < MOST and turn < _MOST_TURNS:
            loop.call_soon(self._answer, loop, count, turn + 1)
            return
        some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        if self._waiting:
            loop.call_soon(self._answer, loop, len(self._waiting), 1)
        some = [one for one in some if not one.answer.done()]  # the others' clients are gone
        for _, group in groupby(sorted(some, key=_kind), key=_kind):
            _answer_alike(list(group))


def _kind(one: _Waiting) -> tuple[int, int, str]:
    return id(one.model), id(one.assess), one.language


def _answer_alike(group: list[_Waiting]) -> None:
    first = group[0]
    try:
        found = first.assess(first.model, [one.posting for one in group], first.language)
    except Exception as e:
        if len(group) == 1:
            first.answer.set_exception(e)
        else:  # only the one that fails alone fails
            for one in group:
                _answer_alike([one])
        return
    for one, assessment in zip(group, found, strict=True):
        one.answer.set_result(assessment)
