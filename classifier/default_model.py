"""The default model: trained once from the carried corpus, then kept in the user's cache."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
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
    """Where the default model is kept: a folder named by a key of data, code and library versions."""
    key = hashlib.sha256()
    package = Path(__file__).parent
    code = sorted(p for p in package.rglob("*") if p.suffix in {".py", ".csv"} and "api" not in p.relative_to(package).parts)
    for path in (*corpus_files(), *code):
        key.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for library, number in {**library_versions(), "scikit-learn": installed_version("sklearn", "scikit-learn")}.items():
        key.update(f"{library}={number}\n".encode())
    return cache_folder() / f"default-{key.hexdigest()[:16]}"
