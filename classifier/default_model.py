"""The default model: trained once from the carried corpus, then kept in the user's cache."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from classifier.cached import cache_folder
from classifier.corpus import corpus_files
from classifier.errors import ModelError
from classifier.model import RiskModel
from classifier.versions import installed_version, library_versions

MODEL_VARIABLE = "CLASSIFIER_MODEL"


def load_model(folder: str | Path | None = None, progress: Callable[[str], None] = lambda step: None) -> RiskModel:
    """The model in `folder`, or in the folder that CLASSIFIER_MODEL names, or else the default model.

    Raises ModelError when the folder cannot be used.
    """
    folder = folder or os.environ.get(MODEL_VARIABLE)
    return RiskModel.load(folder) if folder else load_default(progress)


def load_default(progress: Callable[[str], None] = lambda step: None) -> RiskModel:
    """The default model from the cache; trained and put there (under a minute) when it is not there yet or is damaged."""
    folder = default_folder()
    if folder.is_dir():
        try:
            return RiskModel.load(folder)
        except ModelError as e:
            progress(f"the cached default model cannot be used ({e.cause.split(';')[0]}); training it again")
    from classifier.labelled import read_labelled
    from classifier.training import train  # scikit-learn takes a second to import and only training needs it

    files = corpus_files()
    if not files:
        raise ModelError("data/postings", "the labelled corpus is missing; reinstall, or name a model folder with --model")
    progress("training the default model (once, under a minute)")
    rows, _ = read_labelled(files)
    return train(rows, progress=progress).save(folder)


def default_folder() -> Path:
    """Where the default model is kept: a folder named by a key of data, code and library versions.

    Reading all of them takes some 20 ms of each start, so the key is kept beside the model until a file has another size or time.
    """
    versions = {**library_versions(), "scikit-learn": installed_version("sklearn", "scikit-learn")}
    files = [*corpus_files(), *_code()]
    stamps = [(str(path), status.st_size, status.st_mtime_ns) for path in files for status in [path.stat()]]
    stamp = hashlib.sha256(repr((stamps, versions)).encode()).hexdigest()
    kept = cache_folder() / "default.key"
    with contextlib.suppress(OSError, ValueError):
        known, key = kept.read_text("utf-8").split()
        if known == stamp:
            return cache_folder() / f"default-{key}"
    key = _key(files, versions)
    with contextlib.suppress(OSError):
        cache_folder().mkdir(parents=True, exist_ok=True)
        draft = kept.with_name(f"default.key.{os.getpid()}")
        draft.write_text(f"{stamp} {key}\n", "utf-8")
        os.replace(draft, kept)
    return cache_folder() / f"default-{key}"


def _code() -> list[Path]:
    """What a model is made by: all code and tables but the service's."""
    found = []
    for folder, folders, names in os.walk(Path(__file__).parent):
        folders[:] = [name for name in folders if name not in {"api", "__pycache__"}]
        found += [Path(folder, name) for name in names if name.endswith((".py", ".csv"))]
    return sorted(found)


def _key(files: Iterable[Path], versions: Mapping[str, str]) -> str:
    key = hashlib.sha256()
    for path in files:
        key.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library, number in versions.items():
        key.update(f"{library}={number}\n".encode())
    return key.hexdigest()[:16]
