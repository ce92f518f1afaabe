"""Training: labelled postings to a RiskModel that is calibrated and has bands.

The final model is one linear model. Calibration and bands come from predictions for postings that the predicting model
did not see: folds that keep groups together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import scipy.sparse as sp
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold
from threadpoolctl import threadpool_limits

from classifier.augmentation import altered_copies
from classifier.bands import MAX_FALSE_ALARMS, choose_thresholds
from classifier.errors import ModelError
from classifier.evaluation import evaluate_probabilities
from classifier.features import HashedNgrams, IndicatorColumns
from classifier.labelled import LabelledPosting, fingerprint, group_key, join_near_duplicates, split_of
from classifier.linear import LURE, RISK, LinearModel
from classifier.model import RiskModel, label_probabilities
from classifier.model_card import write_card
from classifier.ngrams import NgramHasher
from classifier.schema import LABELS, joined_text
from classifier.unlearnt_ngrams import unlearnt_ngrams

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What can be chosen; the defaults were found by grouped cross-validation inside the training part."""

    hasher: NgramHasher = NgramHasher()
    regularisation: float = 2.0
    """scikit-learn's C of the logistic regression."""
    rarity_power: float = 2.0
    """N-grams are scaled by their inverse document frequency to this power before the fit."""
    min_postings: int = 3
    """N-grams of fewer postings are left out: they only learn those postings by heart."""
    use_ngrams: bool = True
    use_indicators: bool = True
    learn_places: bool = False
    """Whether n-grams in names of places are learnt too (see `unlearnt_ngrams`)."""
    balanced: bool = False
    """Whether the rarer answer of each head weighs more in the fit, so that both weigh the same."""
    copy_weight: float = 0.5
    """Weight of the altered copy of each posting (see `augmentation`); 0 trains without copies."""
    folds: int = 5
    seed: int = 0
    max_false_alarms: tuple[tuple[str, float], ...] = tuple(MAX_FALSE_ALARMS.items())


def train(
    rows: Sequence[LabelledPosting],
    options: TrainingOptions = TrainingOptions(),
    progress: Progress = lambda step: None,
    *,
    hold_out: bool = True,
) -> RiskModel:
    """Train on the train and validation parts, calibrate and choose bands on folds of them, measure on the test part.

    `hold_out=False` is for data whose test part is kept elsewhere: everything given is trained on, and the card's figures are those
    of the folds. Raises ModelError when a label is missing or there are too few groups to hold any out.
    """
    rows = join_near_duplicates(rows)
    parts = np.array([split_of(row.group) if hold_out else "train" for row in rows])
    used = [row for row, part in zip(rows, parts, strict=True) if part != "test"]
    held_out = [row for row, part in zip(rows, parts, strict=True) if part == "test"]
    _check(used, options.folds)
    progress(f"reading {len(used)} postings into features")
    data = TrainingData.of(used, options)
    progress(f"fitting the model, and {options.folds} others to cross-validate it")
    linear, log_odds = fit_and_cross_validate(data, options)
    slopes, shifts = _calibration(data, log_odds)
    log_odds = log_odds * slopes[:, None] + shifts[:, None]
    calibrated = label_probabilities(log_odds)
    thresholds = choose_thresholds(log_odds[RISK][data.labels == "legit"], dict(options.max_false_alarms))
    model = RiskModel(linear.scaled(slopes, shifts), thresholds)
    progress(f"measuring on {len(held_out)} held-out postings")
    measured = Parallel(n_jobs=2)(
        delayed(_measure)(some, predicted, thresholds)
        for some, predicted in ((used, calibrated), (held_out, model.probabilities([row.posting for row in held_out])))
        if some
    )
    metadata = {
        "trained_at": datetime.now(UTC).date().isoformat(),
        "data": _describe(used),
        "base_rate": float((data.labels != "legit").mean()),
        "max_false_alarms": dict(options.max_false_alarms),
        "validation": measured[0],
        "test": measured[1] if held_out else None,
        "training_groups": sorted({group_key(row.group) for row in used}),
    }
    return RiskModel(model.linear, thresholds, metadata, write_card(metadata, thresholds))


@dataclass(frozen=True, slots=True)
class TrainingData:
    """What is fitted: features of the postings (`ngrams`, `signs`) and of their altered copies, row by row."""

    ngrams: sp.csr_matrix
    signs: sp.csr_matrix
    copied_ngrams: sp.csr_matrix
    copied_signs: sp.csr_matrix
    labels: NDArray[Any]
    groups: NDArray[Any]

    @classmethod
    def of(cls, rows: Sequence[LabelledPosting], options: TrainingOptions) -> TrainingData:
        texts = [joined_text(row.posting) for row in rows]
        (ngrams, signs), (copied_ngrams, copied_signs), unlearnt = Parallel(n_jobs=2)(
            [
                delayed(_features)(rows, options),
                delayed(_features_of_copies)(rows, options),
                delayed(unlearnt_ngrams)(texts, options.hasher, places=not options.learn_places),
            ]
        )
        for matrix in (ngrams, copied_ngrams):
            matrix.data *= options.use_ngrams & ~unlearnt[matrix.indices]
            matrix.eliminate_zeros()
        labels, groups = np.array([row.label for row in rows]), np.array([row.group for row in rows])
        return cls(ngrams, signs, copied_ngrams, copied_signs, labels, groups)


def _features(rows: Sequence[LabelledPosting], options: TrainingOptions) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Matrices of n-grams and of indicators."""
    postings = [row.posting for row in rows]
    hasher = HashedNgrams(options.hasher.words, options.hasher.characters, options.hasher.bits)
    ngrams = hasher.transform([joined_text(posting) for posting in postings])
    return ngrams, IndicatorColumns().transform(postings) * float(options.use_indicators)


def _features_of_copies(rows: Sequence[LabelledPosting], options: TrainingOptions) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    return _features(altered_copies(rows, options.seed) if options.copy_weight else [], options)


def _check(rows: Sequence[LabelledPosting], folds: int) -> None:
    for label in LABELS[:2] if not any(r.label == "job_scam" for r in rows) else LABELS:
        groups = len({row.group for row in rows if row.label == label})
        if groups < folds and not (label == "overseas_lure" and groups == 0 and any(r.label == "job_scam" for r in rows)):
            raise ModelError("training data", f"{groups} groups of {label}; at least {folds} are needed to hold some out")


def fit_and_cross_validate(data: TrainingData, options: TrainingOptions) -> tuple[LinearModel, NDArray[np.float64]]:
    """The model, and log-odds of both heads for each posting by a model that saw nothing of its group, shape (2, postings)."""
    folds = StratifiedGroupKFold(options.folds, shuffle=True, random_state=options.seed)
    parts = list(folds.split(data.labels, data.labels, data.groups))
    whole = delayed(fit_linear)(data, np.arange(len(data.labels)), options)
    linear, *found = Parallel(n_jobs=2)([whole, *(delayed(_fold)(data, *part, options) for part in parts)])
    log_odds = np.empty((2, len(data.labels)))
    for (_, held_out), of_fold in zip(parts, found, strict=True):
        log_odds[:, held_out] = of_fold
    return linear, log_odds


def _fold(
    data: TrainingData, fitted: NDArray[np.int64], held_out: NDArray[np.int64], options: TrainingOptions
) -> NDArray[np.float64]:
    return log_odds_of(fit_linear(data, fitted, options), data, held_out)


def log_odds_of(linear: LinearModel, data: TrainingData, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log-odds of both heads for the given rows, shape (2, rows)."""
    from_ngrams = np.asarray(data.ngrams[rows] @ (linear.ngrams * linear.units)).T
    from_signs = np.asarray(data.signs[rows] @ linear.indicators.T).T
    total: NDArray[np.float64] = from_ngrams + from_signs + linear.intercepts[:, None]
    return total


def fit_linear(data: TrainingData, rows: NDArray[np.int64], options: TrainingOptions) -> LinearModel:
    """Both heads on the given rows and their copies."""
    frequency = np.bincount(data.ngrams[rows].indices, minlength=data.ngrams.shape[1])
    kept = np.flatnonzero(frequency >= options.min_postings)
    rarity = (np.log((1 + len(rows)) / (1 + frequency[kept])) + 1) ** options.rarity_power
    ngrams, signs = data.ngrams[rows], data.signs[rows]
    labels, importance = data.labels[rows], np.ones(len(rows))
    if options.copy_weight:
        ngrams, signs = sp.vstack([ngrams, data.copied_ngrams[rows]]), sp.vstack([signs, data.copied_signs[rows]])
        labels = np.concatenate([labels, labels])
        importance = np.concatenate([importance, importance * options.copy_weight])
    features = sp.hstack([ngrams.tocsc()[:, kept] @ sp.diags_array(rarity), signs], format="csr")
    risky = labels != "legit"
    weights = np.zeros((2, data.ngrams.shape[1]))
    of_signs = np.zeros((2, data.signs.shape[1]))
    intercepts = np.zeros(2)
    for head, at, target in ((RISK, np.arange(len(labels)), risky), (LURE, np.flatnonzero(risky), labels == "overseas_lure")):
        if len(set(target[at].tolist())) < 2:  # only one kind of risky posting is known
            intercepts[head] = 20.0 if target[at].all() else -20.0
            continue
        fit = LogisticRegression(
            C=options.regularisation,
            class_weight="balanced" if options.balanced else None,
            solver="liblinear",
            random_state=options.seed,
            max_iter=1000,
        )
        _one_thread(fit.fit, features[at], target[at], importance[at])
        weights[head, kept] = fit.coef_[0, : len(kept)] * rarity
        of_signs[head] = fit.coef_[0, len(kept) :]
        intercepts[head] = fit.intercept_[0]
    return LinearModel.quantised(options.hasher, weights, of_signs, intercepts)


def _one_thread(fit: Callable[..., LogisticRegression], *data: Any) -> LogisticRegression:
    """Fit in one thread: sums that several make differ in their last digits, and with them the version of a model."""
    with threadpool_limits(1):
        return fit(*data)


def _calibration(data: TrainingData, log_odds: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Slope and shift of each head's log-odds (Platt, "Probabilistic outputs for support vector machines", 1999)."""
    slopes, shifts = np.ones(2), np.zeros(2)
    risky = data.labels != "legit"
    for head, at, target in ((RISK, slice(None), risky), (LURE, risky, data.labels == "overseas_lure")):
        if len(set(target[at].tolist())) == 2:
            fit = _one_thread(LogisticRegression(C=1e6).fit, log_odds[head][at, None], target[at])
            slopes[head], shifts[head] = max(float(fit.coef_[0, 0]), 1e-3), float(fit.intercept_[0])
    return slopes, shifts


def _describe(rows: Sequence[LabelledPosting]) -> dict[str, Any]:
    return {
        "postings": len(rows),
        "groups": len({row.group for row in rows}),
        "fingerprint": fingerprint(rows),
        "labels": dict(sorted(Counter(row.label for row in rows).items())),
        "languages": dict(sorted(Counter(row.language for row in rows).items())),
    }


def _measure(rows: Sequence[LabelledPosting], probabilities: NDArray[np.float64], thresholds: dict[str, float]) -> dict[str, Any]:
    return evaluate_probabilities(
        [row.label for row in rows],
        probabilities,
        [row.group for row in rows],
        thresholds,
        {"language": [row.language for row in rows]},
    )
