"""What is worked out once and kept in the user's cache: the default model, and arrays that take long to make."""

from __future__ import annotations

import contextlib
import hashlib
import os
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs
from numpy.typing import NDArray

CACHE_VARIABLE = "CLASSIFIER_CACHE"


def cache_folder() -> Path:
    """The folder that CLASSIFIER_CACHE names, or the user's own."""
    return Path(os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("job-ad-risk-classifier"))


def cached_arrays(name: str, made_of: Sequence[Path], make: Callable[[], dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Arrays by name, from the cache if `make` made them before from the same files.

    Where they cannot be read they are made again, where they cannot be written they are not kept.
    """
    key = hashlib.sha256(f"{unicodedata.unidata_version} {np.__version__}".encode())
    for path in made_of:
        key.update(path.read_bytes() + b"\0")
    path = cache_folder() / f"{name}-{key.hexdigest()[:16]}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
            return dict(kept)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        arrays = make()
    import tempfile  # takes milliseconds that only the first start has to pay

    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{name}.") as folder:
            np.savez(draft := Path(folder) / "draft.npz", **arrays)  # type: ignore[arg-type]  # numpy's types take one for an option
            os.replace(draft, path)
    return arrays
