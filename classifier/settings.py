"""Settings of the service and the commands, read once from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from classifier.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is read from the variable CLASSIFIER_ and its name in capitals."""

    model: str = ""
    """Model folder; empty for the default model."""
    max_body_bytes: int = 1_000_000
    """Largest body of a request for one posting."""
    max_batch_bytes: int = 20_000_000
    """Largest body of a batch request."""
    max_batch_postings: int = 1000

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from the environment. Raises SettingsError for a value of the wrong kind."""
        values: dict[str, str | int] = {}
        for item in fields(cls):
            name = f"CLASSIFIER_{item.name.upper()}"
            text = environment.get(name)
            if text is None:
                continue
            if item.type == "int":
                if not text.isdecimal() or int(text) == 0:
                    raise SettingsError(name, f"must be a positive whole number, not {text!r}")
                values[item.name] = int(text)
            else:
                values[item.name] = text
        return cls(**values)  # type: ignore[arg-type]
