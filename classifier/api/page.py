"""The page for the public: paste an ad, read what it means, what to do and whom to call, and say when the answer is wrong."""

from __future__ import annotations

import logging
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from classifier.api.holder import model_or_none
from classifier.api.metrics import Tally
from classifier.api.page_marks import html_bytes
from classifier.api.page_text import MAX_AD, TEXTS
from classifier.api.page_view import AnswerView, view_of
from classifier.api.page_web import is_same_origin, language_of, number, render
from classifier.api.stores import keep_review, store_of
from classifier.errors import StoreError
from classifier.schema import LABELS, PUBLIC_REVIEWER, Assessment, Label, Language, Posting, Review

router = APIRouter(include_in_schema=False)
log = logging.getLogger(__name__)
WRONG_PATH = "/page/wrong"
_ROOM_FOR_COPY = 14_000
"""Bytes of HTML up to which an ad is given back in the box, so that a page stays small."""
_MAX_NOTE = 500
_MAX_BYTES = 4 * MAX_AD + 4
_SCRIPT_TEXTS = (
    "count",
    "errors_title",
    "error_empty",
    "error_long",
    "error_file",
    "error_network",
    "checking",
    "ready",
    "again",
    "title",
)


@router.api_route("/", methods=["GET", "HEAD"])
def page(request: Request) -> Response:
    """The empty page."""
    return _page(request, language_of(request), keep=not request.query_params)


@router.post("/")
async def answer(request: Request) -> Response:
    """The answer to one ad: a whole page, or its part alone for the page's script."""
    form = await _form(request)
    language = language_of(request, form.get("lang", ""))
    part = bool(form.get("part", ""))
    if not is_same_origin(request, must_tell=False):
        return _failed(request, language, "error_origin", HTTPStatus.FORBIDDEN, part)
    if "not_text" in form:
        return _failed(request, language, "error_file", HTTPStatus.UNPROCESSABLE_ENTITY, part)
    ad = clean(form.get("file") or form.get("ad", ""))
    if wrong := _fault(ad):
        return _failed(request, language, wrong, HTTPStatus.UNPROCESSABLE_ENTITY, part, ad)
    found = await run_in_threadpool(_assess, request, ad, language)
    if found is None:
        return _failed(request, language, "error_model", HTTPStatus.SERVICE_UNAVAILABLE, part, ad)
    view = view_of(Posting(description=ad), found, language)
    return _answered(request, language, view, ad, part)


@router.get(WRONG_PATH)
def start_again() -> Response:
    """Where a reload of the answer to a correction leads."""
    return RedirectResponse("../", HTTPStatus.SEE_OTHER)


@router.post(WRONG_PATH)
async def correct(request: Request) -> Response:
    """A person's verdict on an ad that was just assessed."""
    form = await _form(request)
    language = language_of(request, form.get("lang", ""))
    part, texts = bool(form.get("part", "")), TEXTS[language]
    if not is_same_origin(request):
        return _failed(request, language, "error_origin", HTTPStatus.FORBIDDEN, part)
    ad, verdict = clean(form.get("ad", "")), form.get("verdict", "")
    if wrong := _fault(ad):
        return _failed(request, language, wrong, HTTPStatus.UNPROCESSABLE_ENTITY, part, ad)
    posting = Posting(description=ad, source=PUBLIC_REVIEWER)
    if posting.key != form.get("posting", ""):
        return _failed(request, language, "error_changed", HTTPStatus.CONFLICT, part, ad)
    found = await run_in_threadpool(_assess, request, ad, language)
    if found is None:
        return _failed(request, language, "error_model", HTTPStatus.SERVICE_UNAVAILABLE, part, ad)
    answered = partial(_answered, request, language, view_of(posting, found, language), ad, part, review=True)
    if verdict not in LABELS:
        return answered(status=HTTPStatus.UNPROCESSABLE_ENTITY, wrong_error=texts["error_verdict"])
    note = clean(form.get("note", ""))[:_MAX_NOTE]
    try:
        await run_in_threadpool(_keep, request, posting, verdict, note, found)
    except StoreError as e:
        log.error("store: %s", e)
        return answered(status=HTTPStatus.SERVICE_UNAVAILABLE, wrong_error=texts["store_failed"])
    return answered(told=texts["thanks"])


def _keep(request: Request, posting: Posting, verdict: Label, note: str, found: Assessment) -> None:
    """Keep a correction, and put its ad before the reviewers. Raises StoreError."""
    keep_review(request.app, Review(posting, verdict, PUBLIC_REVIEWER, note, found.to_dict()))
    store_of(request.app).add_assessments([(posting, found)])


def clean(text: str) -> str:
    """Text of a form as the page keeps it: line ends as one character, nothing that no text holds."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip("\n\ufeff")


def _assess(request: Request, ad: str, language: Language) -> Assessment | None:
    """The assessment with all its reasons; None while there is no model."""
    model = model_or_none(request.app)
    if model is None:
        return None
    found = model.assess([Posting(description=ad)], limit=None, language=language)
    tally: Tally = request.scope["tally"]
    tally.add(found)
    return found[0]


def _fault(ad: str) -> str:
    """The name of the message that says what is wrong with an ad, or nothing."""
    return "error_empty" if not ad.strip() else "error_long" if len(ad) > MAX_AD else ""


def _page(request: Request, language: Language, *, ad: str = "", status: int = 200, keep: bool = False, **values: Any) -> Response:
    script = {name: TEXTS[language][name] for name in _SCRIPT_TEXTS}
    limit = number(MAX_AD, language)
    script["error_big"] = script["error_long"].replace("{n}", f"> {limit}").replace("{max}", limit)
    script |= {"max": MAX_AD, "point": "." if language == "id" else ","}
    fits = html_bytes(ad) <= _ROOM_FOR_COPY
    filled: dict[str, Any] = {"a": None, "error": "", "told": "", "wrong_error": ""} | values
    return render(
        request,
        "page.html.j2",
        language,
        status=status,
        keep=keep,
        home="../" if request.url.path.endswith(WRONG_PATH) else "./",
        ad=ad if fits else "",
        not_kept=not fits,
        max_text=limit,
        script_texts=script,
        **filled,
    )


def _answered(
    request: Request,
    language: Language,
    view: AnswerView,
    ad: str,
    part: bool,
    *,
    status: int = 200,
    review: bool = False,
    **values: Any,
) -> Response:
    """An answer, with what was said to a correction of it."""
    if not part:
        return _page(request, language, ad=ad, status=status, a=view, **values)
    filled: dict[str, Any] = {"error": "", "told": "", "wrong_error": "", "review": review} | values
    found = render(request, "part.html.j2", language, status=status, home="./", a=view, **filled)
    if review:
        found.headers["X-Part"] = "review"
    return found


def _failed(request: Request, language: Language, name: str, status: int, part: bool, ad: str = "") -> Response:
    message = TEXTS[language][name].replace("{n}", number(len(ad), language)).replace("{max}", number(MAX_AD, language))
    if part:
        return render(request, "part.html.j2", language, status=status, error=message)
    return _page(request, language, ad=ad, status=status, error=message)


async def _form(request: Request) -> dict[str, str]:
    """The fields of the form, the chosen file's text as `file`; nothing where the body is no form. `not_text` names a file that
    is none."""
    try:
        async with request.form(max_files=1, max_fields=12, max_part_size=1_000_000) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("file")
            if isinstance(file, UploadFile) and file.filename:
                content = await file.read(_MAX_BYTES + 1)
                fields |= {"not_text": file.filename} if (text := _decoded(content)) is None else {"file": text}
            return fields
    except HTTPException as e:
        if e.status_code == HTTPStatus.BAD_REQUEST:
            return {}
        raise


def _decoded(content: bytes) -> str | None:
    """The text of a file; None for one that holds none."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return None if "\0" in text else text
