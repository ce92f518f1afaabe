"""Single postings that come in at the same moment are assessed together, and each gets its own answer."""

import asyncio

import pytest

from classifier import Posting
from classifier.api.together import MOST, Together


def answers(postings, assess, languages=("en",)):
    """What each of several postings that come in at once is answered, in order; an exception is an answer too."""

    async def all_at_once():
        together = Together()
        waiting = [together.assess(None, posting, assess, languages[i % len(languages)]) for i, posting in enumerate(postings)]
        return await asyncio.gather(*waiting, return_exceptions=True)

    return asyncio.run(all_at_once())


def postings(count):
    return [Posting(description=f"Dicari kasir {n}, gaji UMK, toko di Klaten") for n in range(count)]


def test_they_are_assessed_in_one_go_and_answered_in_order():
    sizes = []

    def assess(model, some, language):
        sizes.append(len(some))
        return [posting.description for posting in some]

    given = postings(7)
    assert answers(given, assess) == [posting.description for posting in given]
    assert sizes == [7]


def test_more_than_fit_are_taken_in_turns():
    sizes = []

    def assess(model, some, language):
        sizes.append(len(some))
        return [posting.description for posting in some]

    assert len(set(answers(postings(2 * MOST + 1), assess))) == 2 * MOST + 1
    assert sizes == [MOST, MOST, 1]


def test_languages_are_not_mixed():
    def assess(model, some, language):
        return [language] * len(some)

    assert answers(postings(6), assess, ("en", "id")) == ["en", "id"] * 3


def test_only_the_posting_that_fails_fails():
    def assess(model, some, language):
        if any("kasir 2" in posting.description for posting in some):
            raise ZeroDivisionError
        return [posting.description for posting in some]

    given = postings(5)
    found = answers(given, assess)
    assert isinstance(found[2], ZeroDivisionError)
    assert [found[i] for i in (0, 1, 3, 4)] == [given[i].description for i in (0, 1, 3, 4)]


def test_a_client_that_has_gone_is_passed_over():
    seen = []

    def assess(model, some, language):
        seen.extend(posting.description for posting in some)
        return ["answer"] * len(some)

    async def one_goes():
        together, (stays, goes) = Together(), postings(2)
        tasks = [asyncio.ensure_future(together.assess(None, posting, assess, "en")) for posting in (stays, goes)]
        await asyncio.sleep(0)
        tasks[1].cancel()
        assert await tasks[0] == "answer"
        with pytest.raises(asyncio.CancelledError):
            await tasks[1]
        return stays.description

    assert [asyncio.run(one_goes())] == seen


def test_the_answers_are_those_of_each_alone(model, lure, honest):
    def assess(model_, some, language):
        return model.assess(some, language=language)

    given = [lure, honest, *postings(3)]
    assert answers(given, assess) == [model.assess([posting])[0] for posting in given]
