"""Who may come in: keys, roles, a rate for each visitor. Decided before the body is read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus
from math import ceil

from starlette.types import ASGIApp, Receive, Scope, Send

from classifier.api.problems import ProblemResponse, problem
from classifier.settings import ROLES, Role, Settings, is_loopback

_FREE = frozenset({"/healthz", "/readyz", "/openapi.json", "/docs"})
_ROLES: tuple[tuple[str, Role], ...] = (
    ("/v1/model/reload", "admin"),
    ("/v1/reviews", "review"),
)
_OWN_FORM = "/queue"
"""The reviewers' page asks for the key itself, in a form (`queue_access`)."""
PAGE_PATHS = ("/", "/page", "/favicon.ico")
"""The page for the public, and everything under `/page/`."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_MOST_VISITORS = 10_000


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request; routes find it as `request.scope["visitor"]`."""

    role: Role | None
    """Of the key; `admin` where no keys are set, None for the public."""
    name: str
    """Of the bucket: the first digits of the key's hash, or the address."""
    user: str = ""
    """The user name beside the key, where a browser asked for both."""


def role_for(path: str, settings: Settings) -> Role | None:
    """The role that a path needs; None for everyone. What is not listed needs a key that may score."""
    if path in _FREE:
        return None
    for prefix, role in _ROLES:
        if path.startswith(prefix):
            return role
    if path == _OWN_FORM or (settings.public_page and (path in PAGE_PATHS or path.startswith("/page/"))):
        return None
    return "score"


class Buckets:
    """A token bucket for each visitor: `burst` at once, refilled at `per_minute`; the visitors longest away are forgotten."""

    def __init__(self, per_minute: int, burst: int) -> None:
        self._per_second = per_minute / 60
        self._burst = float(burst)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str, now: float | None = None) -> float:
        """Take a token: 0, or the seconds until there will be one."""
        now = time.monotonic() if now is None else now
        tokens, then = self._buckets.pop(name, (self._burst, now))
        tokens = min(self._burst, tokens + (now - then) * self._per_second)
        lacking = 1.0 - tokens
        self._buckets[name] = (tokens if lacking > 0 else tokens - 1.0, now)
        if len(self._buckets) > _MOST_VISITORS:
            self._buckets.popitem(last=False)
        return max(0.0, lacking / self._per_second)


class Doors:
    """ASGI middleware: 401, 403 and 429."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.keys = settings.keys
        self.buckets = Buckets(settings.rate_per_minute, settings.rate_burst)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> ProblemResponse | None:
        headers = dict(scope["headers"])
        if scope["method"] not in _SAFE and headers.get(b"sec-fetch-site") in {b"cross-site", b"same-site"}:
            return problem(HTTPStatus.FORBIDDEN, "A page of another site may not send this.")
        scope["visitor"] = visitor = self._visitor(scope, headers)
        if not self.keys:
            return None if _is_local(scope, headers) else problem(HTTPStatus.FORBIDDEN, _LOCAL_ONLY)
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        needed = role_for(path, self.settings)
        if path in _FREE:
            return None
        if wait := self.buckets.wait(visitor.name):
            return problem(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests.", headers={"Retry-After": str(ceil(wait))})
        if needed is None:
            return None
        if visitor.role is None:
            scheme = "Basic" if b"text/html" in headers.get(b"accept", b"") else "Bearer"
            challenge = {"WWW-Authenticate": f'{scheme} realm="classifier"'}
            return problem(HTTPStatus.UNAUTHORIZED, "A valid key is needed.", headers=challenge)
        if ROLES.index(visitor.role) < ROLES.index(needed):
            return problem(HTTPStatus.FORBIDDEN, f"This needs a key with the role {needed}.")
        return None

    def _visitor(self, scope: Scope, headers: dict[bytes, bytes]) -> Visitor:
        address = _address(scope)
        if not self.keys:
            return Visitor("admin", address)
        user, key = _credentials(headers)
        digest = hashlib.sha256(key).digest()
        role: Role | None = None
        for known, its_role in self.keys.items():  # all of them, so that the time tells nothing
            if hmac.compare_digest(known, digest):
                role = its_role
        return Visitor(role, f"key {digest.hex()[:12]}", user) if role else Visitor(None, address)


_LOCAL_ONLY = "Without keys this service answers only on the machine that it runs on; set CLASSIFIER_API_KEYS."


def _credentials(headers: dict[bytes, bytes]) -> tuple[str, bytes]:
    """User name and key, from `X-API-Key`, `Authorization: Bearer` or `Authorization: Basic` (the password is the key)."""
    if key := headers.get(b"x-api-key"):
        return "", key
    scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
    given = given.strip()
    if scheme.lower() == b"bearer":
        return "", given
    if scheme.lower() == b"basic":
        try:
            user, _, key = base64.b64decode(given, validate=True).partition(b":")
        except binascii.Error:
            return "", b""
        return user.decode("utf-8", "replace")[:200], key
    return "", b""


def _address(scope: Scope) -> str:
    """The client's address; of an IPv6 address the network that one customer gets."""
    host = str((scope.get("client") or ("unknown", 0))[0])
    if ":" not in host:
        return host
    try:
        return str(ipaddress.ip_network(f"{host}/64", strict=False))
    except ValueError:
        return host


def _is_local(scope: Scope, headers: dict[bytes, bytes]) -> bool:
    """Whether the request came to a loopback address under a loopback name (a foreign name is DNS rebinding)."""
    server = scope.get("server")
    at = str(server[0]) if server else "localhost"
    return _local_name(at) and _local_name(_host_name(headers.get(b"host", b"localhost").decode("latin-1")))


def _host_name(host: str) -> str:
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


@lru_cache(256)
def _local_name(name: str) -> bool:
    return is_loopback(name.lower()) or name in {"testserver", "testclient"} or name.startswith("/")  # "/": a Unix socket
