"""RiskModel: postings in, assessments out; and its folder on disk.

Importing this module and loading a model needs numpy, not joblib, scikit-learn or pandas: assessing must start fast.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError
from classifier.explain import reasons_of
from classifier.indicators import names
from classifier.linear import LURE, RISK, LinearModel, Reading, sigmoid
from classifier.ngrams import NgramHasher, chunks
from classifier.schema import BANDS, LABELS, Assessment, Band, Language, Posting, Reason, joined_text
from classifier.versions import library_versions

FORMAT = 3
MODEL_FILE, MANIFEST_FILE, CARD_FILE = "model.joblib", "manifest.json", "MODEL_CARD.md"
Explain = Literal["flagged", "all", "none"]
DEFAULT_REASONS = 10


@dataclass(frozen=True)
class RiskModel:
    """A trained classifier: a linear model with calibrated log-odds, the thresholds of its bands, and what is known of it."""

    linear: LinearModel
    thresholds: Mapping[str, float]
    """Lowest risk of the bands `review` and `high`."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """Metrics, data fingerprint, hashed keys of the training groups; goes into the manifest."""
    card: str = ""
    version: str = "unsaved"

    def log_odds(self, postings: Sequence[Posting]) -> NDArray[np.float64]:
        """Log-odds of the two heads, shape (2, postings)."""
        return self.linear.log_odds([joined_text(p) for p in postings], [bool(p.company) for p in postings])

    def probabilities(self, postings: Sequence[Posting]) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (postings, 3), columns in the order of LABELS; rows sum to 1."""
        return label_probabilities(self.log_odds(postings))

    def band(self, risk: float) -> Band:
        """The band in which a risk lies."""
        if risk >= self.thresholds["high"]:
            return "high"
        return "review" if risk >= self.thresholds["review"] else "low"

    def assess(
        self,
        postings: Sequence[Posting],
        *,
        explain: Explain = "all",
        limit: int | None = DEFAULT_REASONS,
        language: Language = "en",
    ) -> list[Assessment]:
        """Assess postings, in order.

        `explain`: give reasons for all, for the flagged ones (band `review` or `high`), or for none. `limit`: how many at
        most, the strongest first; None for all of them. `language`: that of the reasons' sentences.
        """
        return [
            assessment
            for some, reading in self.read(postings)
            for assessment in self.assess_read(some, reading, explain=explain, limit=limit, language=language)
        ]

    def read(self, postings: Sequence[Posting]) -> Iterator[tuple[Sequence[Posting], Reading]]:
        """Read postings, some at a time, for `assess_read` and for whatever else is to be found in them."""
        for first, chunk in chunks([joined_text(posting) for posting in postings]):
            some = postings[first : first + len(chunk)]
            yield some, Reading.of(chunk, [bool(posting.company) for posting in some], self.linear.hasher)

    def assess_read(
        self, postings: Sequence[Posting], reading: Reading, *, explain: Explain, limit: int | None, language: Language
    ) -> list[Assessment]:
        """`assess` for postings that were read."""
        probabilities = label_probabilities(self.linear.log_odds_of(reading))
        risks = 1.0 - probabilities[:, 0]
        lowest = {"all": 0.0, "flagged": min(self.thresholds.values()), "none": np.inf}[explain]
        wanted = np.flatnonzero(risks >= lowest).tolist()
        reasons = dict(zip(wanted, reasons_of(self.linear, postings, reading, wanted, limit, language), strict=True))
        return [
            Assessment(
                id=posting.id,
                risk=risk,
                band=self.band(risk),
                label=LABELS[row.index(max(row))],
                probabilities=dict(zip(LABELS, row, strict=True)),
                language=posting.language or told,
                reasons=reasons.get(at, ()),
                model=self.version,
            )
            for at, (posting, told, row, risk) in enumerate(
                zip(postings, reading.languages, probabilities.tolist(), risks.tolist(), strict=True)
            )
        ]

    def reasons(self, posting: Posting, language: Language = "en") -> list[Reason]:
        """All reasons; their weights and the intercept of the risk head sum to the posting's log-odds."""
        reading = Reading.of([joined_text(posting)], [bool(posting.company)], self.linear.hasher)
        return list(next(reasons_of(self.linear, [posting], reading, [0], None, language)))

    def with_prevalence(self, prevalence: float) -> Self:
        """The model for a feed in which another share of the postings is risky than in its training data.

        Moves the risk's log-odds by the difference of the two shares' log-odds (Saerens, Latinne and Decaestecker, "Adjusting
        the outputs of a classifier to new a priori probabilities", Neural Computation 14(1), 2002), and the thresholds with
        them: bands stay as they are, the risk becomes the probability in that feed. Raises ModelError for a share that is not
        between 0 and 1, or when the model does not know its own.
        """
        base = self.metadata.get("base_rate")
        if not 0 < prevalence < 1 or not base:
            raise ModelError("prevalence", f"must be between 0 and 1, not {prevalence}" if base else "the model has no base rate")
        shift = _logit(prevalence) - _logit(base)
        linear = self.linear.scaled(np.ones(2), np.array([shift, 0.0]))
        thresholds = {
            band: float(sigmoid(np.array(_logit(risk) + shift))) if 0 < risk < 1 else risk for band, risk in self.thresholds.items()
        }
        return replace(self, linear=linear, thresholds=thresholds, metadata={**self.metadata, "base_rate": prevalence})

    def save(self, folder: str | Path) -> Self:
        """Write the model folder (model, manifest, card) and return the model with its version.

        The folder is replaced as a whole or not at all. Raises ModelError when it cannot be written.
        """
        import tempfile

        import joblib

        folder = Path(folder)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as name:
                draft = Path(name) / "model"
                draft.mkdir()
                joblib.dump(_arrays(self.linear), draft / MODEL_FILE)  # not packed, so that it can be mapped into memory
                (draft / CARD_FILE).write_text(self.card, "utf-8")
                checksums = {file: _sha256(draft / file) for file in (MODEL_FILE, CARD_FILE)}
                version = _version(checksums, self.thresholds)
                manifest = {
                    "format": FORMAT,
                    "version": version,
                    "labels": list(LABELS),
                    "bands": list(BANDS),
                    "thresholds": dict(self.thresholds),
                    "versions": library_versions(),
                    "checksums": checksums,
                    "ngrams": asdict(self.linear.hasher),
                    "arrays": _layout(draft / MODEL_FILE),
                    **self.metadata,
                }
                (draft / MANIFEST_FILE).write_text(json.dumps(manifest, indent=1, ensure_ascii=False), "utf-8")
                if folder.exists():
                    _check_replaceable(folder)
                    os.replace(folder, Path(name) / "old")
                os.replace(draft, folder)
        except OSError as e:
            raise ModelError(str(folder), f"cannot be written: {e.strerror or e}") from e
        return type(self)(self.linear, self.thresholds, self.metadata, self.card, version)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Read a model folder.

        The manifest is checked first: format, library versions, checksums. Raises ModelError, saying how to retrain, when
        one of them is wrong. The arrays are mapped from where the manifest says they lie in the file: its pickle is not opened,
        and processes share their memory.
        """
        folder = Path(folder)
        manifest = _checked_manifest(folder)
        try:
            given, layout = manifest["ngrams"], manifest["arrays"]
            hasher = NgramHasher(tuple(given["words"]), tuple(given["characters"]), given["bits"])
            arrays = {name: _mapped(folder / MODEL_FILE, **place) for name, place in layout.items()}
            linear = LinearModel(hasher, **arrays)
            if linear.ngrams.shape != (1 << hasher.bits, 2) or linear.indicators.shape != (2, len(names())):
                raise ValueError("the shapes do not fit")
        except Exception as e:
            raise _refused(folder, f"{MODEL_FILE} cannot be read ({type(e).__name__})") from e
        known = {"format", "version", "labels", "bands", "thresholds", "versions", "checksums", "ngrams", "arrays"}
        metadata = {k: v for k, v in manifest.items() if k not in known}
        card = (folder / CARD_FILE).read_text("utf-8")
        return cls(linear, manifest["thresholds"], metadata, card, manifest["version"])


def label_probabilities(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of the two heads, shape (2, n), to probabilities of LABELS, shape (n, 3)."""
    risk, lure = sigmoid(log_odds[RISK]), sigmoid(log_odds[LURE])
    return np.stack([1.0 - risk, risk * lure, risk * (1.0 - lure)], axis=1)


def _logit(share: float) -> float:
    return float(np.log(share) - np.log1p(-share))


def _arrays(linear: LinearModel) -> dict[str, Any]:
    """What is written; the same bytes for the same values, whether they were trained or loaded: equal dtypes are one object."""
    arrays = {name: getattr(linear, name) for name in ("ngrams", "units", "indicators", "intercepts")}
    return {
        "hasher": asdict(linear.hasher),
        **{name: np.ascontiguousarray(array).view(array.dtype.str) for name, array in arrays.items()},
    }


def _layout(path: Path) -> dict[str, Any]:
    """Where in the file each array lies, by name."""
    import joblib

    arrays = joblib.load(path, mmap_mode="r")
    del arrays["hasher"]
    return {name: {"offset": a.offset, "dtype": a.dtype.str, "shape": list(a.shape)} for name, a in arrays.items()}


def _mapped(path: Path, offset: int, dtype: str, shape: Sequence[int]) -> NDArray[Any]:
    return np.asarray(np.memmap(path, dtype, "r", offset, tuple(shape)))


def _checked_manifest(folder: Path) -> dict[str, Any]:
    if not folder.is_dir():
        raise ModelError(str(folder), "no such model folder; make one with: classifier train DATA --output MODEL_DIR")
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text("utf-8"))
        found, wanted = manifest["versions"], library_versions()
        checksums, thresholds = manifest["checksums"], manifest["thresholds"]
        format_ = manifest["format"]
        if not {MODEL_FILE, CARD_FILE} <= checksums.keys() or manifest["version"] != _version(checksums, thresholds):
            raise KeyError
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as e:
        raise _refused(folder, f"{MANIFEST_FILE} is missing or broken") from e
    if format_ != FORMAT:
        raise _refused(folder, f"format {format_!r}, this program reads format {FORMAT}")
    for library, version in wanted.items():
        if found.get(library) != version:
            raise _refused(folder, f"made with {library} {found.get(library)}, this is {library} {version}")
    for file in (MODEL_FILE, CARD_FILE):
        if not (folder / file).is_file():
            raise _refused(folder, f"{file} is missing")
        if _sha256(folder / file) != checksums[file]:
            raise _refused(folder, f"{file} is damaged (wrong checksum)")
    return dict(manifest)


def _version(checksums: Mapping[str, str], thresholds: Mapping[str, float]) -> str:
    """The same for the same weights, card and thresholds."""
    content = json.dumps([dict(checksums), dict(thresholds)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def _refused(folder: Path, cause: str) -> ModelError:
    return ModelError(str(folder), f"{cause}; retrain with: classifier train DATA --output {folder}")


def _check_replaceable(folder: Path) -> None:
    if any(folder.iterdir()) and not (folder / MANIFEST_FILE).is_file():
        raise ModelError(str(folder), "exists and is no model folder; choose another one")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
