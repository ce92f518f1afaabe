"""The API's documentation for a browser, at `/docs`."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse

from classifier.api.headers import CSP, csp

router = APIRouter()
_ASSETS = "https://cdn.jsdelivr.net"


@router.get("/docs", include_in_schema=False)
def docs() -> HTMLResponse:
    """Swagger UI. The viewer's browser takes its scripts from a public server; the service itself fetches nothing."""
    page, policy = _page()
    return HTMLResponse(page, headers={CSP: policy})


@cache
def _page() -> tuple[str, str]:
    answer = get_swagger_ui_html(openapi_url="/openapi.json", title="Job-ad risk classifier", swagger_favicon_url="data:,")
    page = bytes(answer.body)
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"
        for script in re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    ]
    policy = csp(
        script_src=f"{_ASSETS} {' '.join(hashes)}",
        style_src=f"{_ASSETS} 'unsafe-inline'",
        img_src="data:",
        connect_src="'self'",
    )
    return page.decode(), policy
