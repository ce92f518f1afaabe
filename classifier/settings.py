"""Settings of the service and the commands, read once from the environment."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Literal, Self, get_args

import platformdirs

from classifier.errors import SettingsError

Role = Literal["score", "review", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the least to the most: each role may do what those before it may."""
KEYS_VARIABLE = "CLASSIFIER_API_KEYS"
_ENTRY = re.compile(rf"({'|'.join(ROLES)}):([0-9a-f]{{64}})")


@dataclass(frozen=True)
class Settings:
    """Each field is read from the variable CLASSIFIER_ and its name in capitals."""

    model: str = ""
    """Model folder; empty for the default model."""
    store: str = ""
    """Database of reviews: a file, or a URL like postgresql://user@host/name; empty for a file in the user's data folder."""
    host: str = "127.0.0.1"
    """Address on which the service listens; one that others can reach is refused without keys."""
    api_keys: str = ""
    """Keys as ROLE:SHA256, separated by commas, or a file that holds them, one a line."""
    public_page: bool = False
    """Whether the page for the public answers without a key where keys are set."""
    rate_per_minute: int = 600
    """Requests a minute that one key (or, without one, one address) may send to one worker, where keys are set."""
    rate_burst: int = 100
    """Requests that it may send at once."""
    max_body_bytes: int = 1_000_000
    """Largest body of a request for one posting, and longest line of a stream."""
    max_batch_bytes: int = 20_000_000
    """Largest body of a batch request in JSON."""
    max_batch_postings: int = 1000
    max_stream_bytes: int = 2_000_000_000
    """Largest body of a batch request in lines, which is never held in memory."""

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from the environment. Raises SettingsError for a value of the wrong kind."""
        values: dict[str, str | int | bool] = {}
        for item in fields(cls):
            name = f"CLASSIFIER_{item.name.upper()}"
            text = environment.get(name)
            if text is not None:
                values[item.name] = _value(name, str(item.type), text)
        return cls(**values)  # type: ignore[arg-type]  # each was read by its field's own reader

    @cached_property
    def keys(self) -> dict[bytes, Role]:
        """SHA-256 of each key -> its role. Raises SettingsError, without showing what was given."""
        return _keys(self.api_keys)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service."""
        return is_loopback(self.host)

    @property
    def store_url(self) -> str:
        """Where the reviews are kept."""
        folder = Path(platformdirs.user_data_dir("job-ad-risk-classifier"))
        return self.store or str(folder / "reviews.sqlite3")

    def check_doors(self) -> None:
        """Raises SettingsError when others can reach the service and no key is asked for."""
        if not self.keys and not self.loopback:
            where = self.host or "all addresses"
            cause = f"is needed to serve on {where}, which others can reach; the README says how to make keys"
            raise SettingsError(KEYS_VARIABLE, cause)


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _value(name: str, kind: str, text: str) -> str | int | bool:
    if kind == "int":
        if not (text.isascii() and text.isdecimal() and len(text) < 19) or int(text) == 0:
            raise SettingsError(name, f"must be a positive whole number, not {text!r}")
        return int(text)
    if kind == "bool":
        if text not in {"", "0", "1"}:
            raise SettingsError(name, f"must be 0 or 1, not {text!r}")
        return text == "1"
    return text


def _keys(given: str) -> dict[bytes, Role]:
    entries = given
    if given.strip() and not _ENTRY.match(given.strip()):
        try:
            lines = Path(given).read_text("utf-8").splitlines()
        except (OSError, ValueError) as e:
            raise SettingsError(KEYS_VARIABLE, "is neither ROLE:SHA256 entries nor a file that can be read") from e
        entries = ",".join(line for line in lines if not line.startswith("#"))
    keys: dict[bytes, Role] = {}
    for number, entry in enumerate(map(str.strip, entries.split(",")), 1):
        if not entry:
            continue
        match = _ENTRY.fullmatch(entry)
        if not match:
            cause = f"entry {number} is not ROLE:SHA256 with a role of {', '.join(ROLES)} and 64 hexadecimal digits"
            raise SettingsError(KEYS_VARIABLE, cause)
        keys[bytes.fromhex(match[2])] = match[1]  # type: ignore[assignment]  # the pattern names the roles
    if given.strip() and not keys:
        raise SettingsError(KEYS_VARIABLE, "holds no key")
    return keys
