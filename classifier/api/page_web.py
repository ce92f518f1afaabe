"""What both pages share: templates, headers of an answer, the reader's language, and who may post a form."""

from __future__ import annotations

import re
import secrets
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from classifier.api.headers import CSP, csp
from classifier.api.page_text import MAX_AD, TEXTS
from classifier.schema import Language

LANGUAGE_COOKIE = "lang"
_YEAR = 365 * 24 * 3600
_INDONESIAN = {"id", "in", "ms", "jv", "su", "min", "bug", "ban", "ace"}
"""Languages whose speakers read Indonesian more easily than English (`in` is the old code of Indonesian)."""
_PREFERENCE = re.compile(r"([a-z]{1,8})(?:-[a-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?))?$")


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("classifier.api", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def language_of(request: Request, given: str = "") -> Language:
    """The language of the answer: asked for in the address, in the form or in the cookie, else the browser's."""
    for choice in (request.query_params.get("lang"), given, request.cookies.get(LANGUAGE_COOKIE)):
        if choice == "id":
            return "id"
        if choice == "en":
            return "en"
    best, language = 0.0, "en"
    for part in request.headers.get("accept-language", "").lower().split(",")[:20]:
        if match := _PREFERENCE.match(part.strip()):
            weight = float(match[2] or 1)
            if weight > best:
                best, language = weight, match[1]
    return "id" if language in _INDONESIAN else "en"


def is_same_origin(request: Request, *, must_tell: bool = True) -> bool:
    """Whether a form was posted from a page of this server. A browser too old to tell passes unless it `must_tell`."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == request.headers.get("host", "").lower()
    return not must_tell


def render(
    request: Request, template: str, language: Language, *, status: int = 200, keep: bool = False, **values: Any
) -> HTMLResponse:
    """A page, or a part of one, with a policy that lets it run its own script and style alone. `keep`: the browser may keep it
    for ten minutes (a page without an ad in it); others are never stored."""
    nonce = secrets.token_urlsafe(16)
    html = (
        _templates()
        .get_template(template)
        .render(t=TEXTS[language], lang=language, nonce=nonce, max_ad=MAX_AD, path=request.url.path, **values)
    )
    answer = HTMLResponse(html, status)
    own = f"'nonce-{nonce}'"
    answer.headers[CSP] = csp(style_src=own, script_src=own, connect_src="'self'", img_src="'none'", form_action="'self'")
    answer.headers["Cache-Control"] = "private, max-age=600" if keep else "no-store"
    answer.headers["Vary"] = "Accept-Language, Cookie"
    answer.headers["Content-Language"] = language
    answer.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if request.query_params.get("lang") == language:
        set_cookie(request, answer, LANGUAGE_COOKIE, language, _YEAR, "lax")
    return answer


def set_cookie(request: Request, answer: Any, name: str, value: str, seconds: int | None, same_site: Any, path: str = "/") -> None:
    """A cookie that scripts cannot read, and that only travels encrypted where the page does."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, max_age=seconds, path=path, httponly=True, secure=secure, samesite=same_site)


def number(value: int, language: Language) -> str:
    """A whole number as people of the language write it."""
    text = f"{value:,}"
    return text.replace(",", ".") if language == "id" else text
