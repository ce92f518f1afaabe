"""The page for reviewers: the riskiest posting that nobody has reviewed, and one key press for a verdict."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, FastAPI, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from classifier.api.holder import model_or_none
from classifier.api.page_marks import visible
from classifier.api.page_text import TEXTS
from classifier.api.page_view import view_of
from classifier.api.page_web import is_same_origin, language_of, number, render, set_cookie
from classifier.api.queue_access import COOKIE_PATH, KEY_COOKIE, name_of_key, reviewer_of
from classifier.api.queue_text import QUEUE_TEXTS
from classifier.api.stores import keep_review, store_of
from classifier.errors import StoreError
from classifier.model import RiskModel
from classifier.schema import LABELS, Assessment, Label, Language, Posting, Review

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)
LOOK_AT = 200
"""How far down the queue the page looks; a reviewer who skipped more starts again."""
_ROOM = 24_000
_MAX_FIELD = 20_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """The posting to show, how many wait, and the verdict that it has already when it is shown again."""

    posting: Posting | None
    waiting: int
    verdict: str = ""


@router.get("/queue")
async def queue(request: Request) -> Response:
    """The next posting, or the form for the key."""
    language = language_of(request)
    if reviewer_of(request) is None:
        return _key_form(request, language)
    again, skip = _number(request, "again"), _number(request, "skip")
    try:
        found = await run_in_threadpool(_waiting, request.app, again, skip)
    except StoreError as e:
        return _store_failed(request, language, e)
    return await run_in_threadpool(_show, request, language, found)


@router.post("/queue")
async def act(request: Request) -> Response:
    """A key, a verdict, a posting skipped, the last one again, or good-bye."""
    language = language_of(request)
    async with request.form(max_files=0, max_fields=8) as form:
        do, key, posting_key = (str(form.get(name, "")) for name in ("do", "key", "posting"))
    if not is_same_origin(request):
        return _key_form(request, language, HTTPStatus.FORBIDDEN)
    if do == "key":
        if name_of_key(request, key) is None:
            return _key_form(request, language, HTTPStatus.FORBIDDEN, wrong=True)
        answer = _go_to()
        set_cookie(request, answer, KEY_COOKIE, key, None, "strict", COOKIE_PATH)
        return answer
    if do == "leave":
        answer = _go_to()
        answer.delete_cookie(KEY_COOKIE, COOKIE_PATH)
        return answer
    reviewer = reviewer_of(request)
    if reviewer is None:
        return _key_form(request, language, HTTPStatus.FORBIDDEN)
    again, skip = _number(request, "again"), _number(request, "skip")
    if do == "skip":
        return _go_to(skip=skip if again else skip + 1)
    if do == "undo":
        return _go_to(skip=skip, again=_number(request, "last"))
    if do not in LABELS:
        return _go_to(skip=skip)
    try:
        kept = await run_in_threadpool(_keep, request.app, again, posting_key, do, reviewer)
    except StoreError as e:
        return _store_failed(request, language, e)
    return _go_to(skip=skip, last=kept) if kept else _go_to(skip=skip, gone=1)


def _waiting(app: FastAPI, again: int, skip: int) -> Waiting:
    """The posting of review `again`, or the one after `skip` others that wait."""
    store = store_of(app)
    if again and (reviews := store.reviews(limit=1, after=again - 1)) and reviews[0].id == again:
        return Waiting(reviews[0].posting, 0, reviews[0].verdict)
    rows = store.queue(min(skip + LOOK_AT + 1, 2 * LOOK_AT))
    return Waiting(rows[skip].posting if skip < len(rows) else None, max(0, len(rows) - skip))


def _keep(app: FastAPI, again: int, posting_key: str, verdict: Label, reviewer: str) -> int:
    """Keep a verdict on the posting that was shown; 0 when it is not there any more."""
    store = store_of(app)
    if again:
        postings = [review.posting for review in store.reviews(limit=1, after=again - 1) if review.id == again]
    else:
        postings = [row.posting for row in store.queue(2 * LOOK_AT)]
    posting = next((p for p in postings if p.key == posting_key), None)
    if posting is None:
        return 0
    model = model_or_none(app)
    found = model.assess([posting])[0].to_dict() if model else None
    return keep_review(app, Review(posting, verdict, reviewer, "", found)).id


def _show(request: Request, language: Language, found: Waiting) -> Response:
    model = model_or_none(request.app)
    if found.posting is None:
        return _queue(request, language, "", waiting=0, skipped=_number(request, "skip"))
    if model is None:
        return _queue(request, language, "error_model", status=HTTPStatus.SERVICE_UNAVAILABLE)
    shown = _shown(model, found.posting, language)
    return _queue(request, language, "gone" if _number(request, "gone") else "", waiting=found.waiting, was=found.verdict, **shown)


def _shown(model: RiskModel, posting: Posting, language: Language) -> dict[str, Any]:
    """A posting as the page shows it, assessed by the model in use; what is beyond any ad's length is left out."""
    fields = {name: value[:_MAX_FIELD] for name, value in posting.to_record().items()}
    short = Posting.from_record(fields)
    found: Assessment = model.assess([short], limit=None, language=language)[0]
    about = {name: visible(getattr(posting, name))[:300] for name in ("source", "url", "posted_at") if getattr(posting, name)}
    return {"a": view_of(short, found, language, _ROOM), "key": posting.key, "about": about}


def _queue(request: Request, language: Language, message: str, *, status: int = 200, **values: Any) -> Response:
    texts = QUEUE_TEXTS[language]
    waiting = values.pop("waiting", 0)
    left = texts["left_more" if waiting > LOOK_AT else "left"].replace("{n}", number(min(waiting, LOOK_AT), language))
    filled = {"a": None, "was": "", "about": {}, "key": "", "skipped": 0} | values
    said = texts[message] if message in texts else TEXTS[language].get(message, "")
    return render(
        request,
        "queue.html.j2",
        language,
        status=status,
        q=texts,
        message=said,
        closed=bool(message) and filled["a"] is None,
        left=left,
        again=_number(request, "again"),
        last=_number(request, "last"),
        signed_in=bool(request.cookies.get(KEY_COOKIE)),
        **filled,
    )


def _key_form(request: Request, language: Language, status: int = 200, *, wrong: bool = False) -> Response:
    return render(request, "key.html.j2", language, status=status, q=QUEUE_TEXTS[language], wrong=wrong)


def _store_failed(request: Request, language: Language, error: StoreError) -> Response:
    log.error("store: %s", error)
    return _queue(request, language, "store_failed", status=HTTPStatus.SERVICE_UNAVAILABLE)


def _go_to(**query: int) -> RedirectResponse:
    """The queue again, so that a reload sends nothing twice."""
    given = urlencode({name: value for name, value in query.items() if value})
    return RedirectResponse(f"queue?{given}" if given else "queue", HTTPStatus.SEE_OTHER, {"Cache-Control": "no-store"})


def _number(request: Request, name: str) -> int:
    """A small number of the address; 0 for anything else."""
    text = request.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
