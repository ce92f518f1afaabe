"""Headers that every answer carries, and the content security policy that a page may widen."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import MutableHeaders

CSP: Final = "Content-Security-Policy"
_POLICY = {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'none'"}


def csp(**widened: str) -> str:
    """The strict policy with some directives replaced: `csp(script_src="'sha256-…'", form_action="'self'")`."""
    policy = {**_POLICY, **{name.replace("_", "-"): value for name, value in widened.items()}}
    return "; ".join(f"{name} {value}" for name, value in policy.items())


_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_UNLESS_GIVEN = {CSP: csp(), "Cache-Control": "no-store"}


def secure(headers: MutableHeaders) -> None:
    """Add the security headers; a policy or a caching rule that the answer brings stays as it is."""
    headers.update(_ALWAYS)
    for name, value in _UNLESS_GIVEN.items():
        headers.setdefault(name, value)
