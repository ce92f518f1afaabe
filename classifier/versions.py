"""Versions of the libraries that a model depends on, told without importing them where that takes long."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np

_VERSION = re.compile(r"""^__version__ = ["']([^"']+)["']$""", re.MULTILINE)


def installed_version(module: str, distribution: str) -> str:
    """The version of a library, read from its first file; from its metadata if it does not stand there."""
    spec = find_spec(module)
    source = Path(spec.origin).read_text("utf-8") if spec and spec.origin else ""
    if written := _VERSION.search(source):
        return written[1]
    from importlib.metadata import version  # takes as long to import as half of numpy

    return version(distribution)


def library_versions() -> dict[str, str]:
    """Versions that a saved model depends on."""
    python = ".".join(map(str, sys.version_info[:2]))
    return {"python": python, "numpy": np.__version__, "joblib": installed_version("joblib", "joblib")}
