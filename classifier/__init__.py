"""Says of a job ad how much it looks like the bait of an online-scam compound, or another job scam, and why.

>>> from classifier import Posting, load_model
>>> model = load_model()
>>> assessment = model.assess([Posting(description="...")])[0]
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from classifier.compiled import prefer_newer_sources

if TYPE_CHECKING:
    from classifier.default_model import load_model
    from classifier.errors import ClassifierError, FeedError, ModelError, PostingError, SettingsError, StoreError
    from classifier.model import RiskModel
    from classifier.readers import read_postings
    from classifier.schema import Assessment, Posting, Reason, Rejected, Span

__all__ = [
    "Assessment",
    "ClassifierError",
    "FeedError",
    "ModelError",
    "Posting",
    "PostingError",
    "Reason",
    "Rejected",
    "RiskModel",
    "SettingsError",
    "Span",
    "StoreError",
    "load_model",
    "read_postings",
]

prefer_newer_sources()
_HOMES = {
    "default_model": ("load_model",),
    "errors": ("ClassifierError", "FeedError", "ModelError", "PostingError", "SettingsError", "StoreError"),
    "model": ("RiskModel",),
    "readers": ("read_postings",),
    "schema": ("Assessment", "Posting", "Reason", "Rejected", "Span"),
}


def __getattr__(name: str) -> Any:
    """Modules are imported when something of theirs is asked for, so that the command starts fast."""
    if name in _HOMES:
        return import_module(f"classifier.{name}")
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"classifier.{module}"), name)
    raise AttributeError(f"module 'classifier' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
