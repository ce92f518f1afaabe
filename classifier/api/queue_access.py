"""Who may review: whoever came through the doors with a key for it, or typed one into the page's form.

The key typed in is kept in a cookie that no script reads and no other site sends.
"""

from __future__ import annotations

import hashlib
import hmac

from fastapi import Request

from classifier.api.doors import Visitor
from classifier.settings import ROLES, Role, Settings

KEY_COOKIE = "reviewer_key"
COOKIE_PATH = "/queue"
_LONGEST_KEY = 500


def reviewer_of(request: Request) -> str | None:
    """The name under which a visitor reviews; None for one who may not."""
    settings: Settings = request.app.state.settings
    if not settings.keys:
        return "reviewer"
    visitor: Visitor = request.scope["visitor"]
    if _may_review(visitor.role):
        return visitor.user or visitor.name
    return name_of_key(request, request.cookies.get(KEY_COOKIE, ""))


def name_of_key(request: Request, key: str) -> str | None:
    """The name of a key that may review, by the first digits of its hash; None for any other text."""
    settings: Settings = request.app.state.settings
    digest = hashlib.sha256(key[:_LONGEST_KEY].encode("utf-8", "replace")).digest()
    role: Role | None = None
    for known, its_role in settings.keys.items():  # all of them, so that the time tells nothing
        if hmac.compare_digest(known, digest):
            role = its_role
    return f"key {digest.hex()[:12]}" if _may_review(role) else None


def _may_review(role: Role | None) -> bool:
    return role is not None and ROLES.index(role) >= ROLES.index("review")
