"""The modules that were compiled (see `hatch_build.py`) are used only while they are what their sources say.

Python prefers an extension module to the source beside it, also when the source was edited since: then, and where the
environment sets CLASSIFIER_NATIVE=0, all of them are imported from their sources instead, which do the same, and slower.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType

VARIABLE = "CLASSIFIER_NATIVE"
_TOGETHER = 5 * 10**9
"""Nanoseconds within which files count as equally old: an installer writes a module and its source one after the other."""
_PACKAGE = Path(__file__).parent


def modules(package: Path = _PACKAGE) -> dict[str, bool]:
    """The compiled modules of a package by name, and whether each is at least as new as its source."""
    suffix = EXTENSION_SUFFIXES[0]
    times = {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(package) if entry.name.endswith((".py", suffix))}
    sources = {name: f"{name.removesuffix(suffix)}.py" for name in times if name.endswith(suffix)}
    return {source[:-3]: times[source] <= times[name] + _TOGETHER for name, source in sources.items() if source in times}


def prefer_newer_sources() -> None:
    """See the module's description; to be called before a module is imported."""
    found = modules()
    if found and (os.environ.get(VARIABLE) == "0" or not all(found.values())):  # they call each other: all or none
        sys.meta_path.insert(0, _Sources(f"{__package__}.{name}" for name in found))


class _Sources:
    """A finder of modules that looks at their sources alone."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self._names:
            return None
        source = str(_PACKAGE / f"{name.rpartition('.')[2]}.py")
        spec = ModuleSpec(name, SourceFileLoader(name, source), origin=source)
        spec.has_location = True
        return spec
