"""Other classifiers, trained on the same postings, behind one signature."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from classifier.features import IndicatorColumns
from classifier.schema import Posting, joined_text

Scorer = Callable[[Sequence[Posting]], NDArray[np.float64]]
Peer = Callable[[Sequence[Posting], NDArray[np.bool_]], Scorer]


def _sklearn(make: Callable[[], object], method: str = "decision_function") -> Peer:
    def fit(postings: Sequence[Posting], risky: NDArray[np.bool_]) -> Scorer:
        model = make()
        model.fit([joined_text(p) for p in postings], risky)
        score = getattr(model, method)

        def scorer(new: Sequence[Posting]) -> NDArray[np.float64]:
            values = score([joined_text(p) for p in new])
            return values[:, 1] if values.ndim == 2 else values

        return scorer

    return fit


def _boosting(postings: Sequence[Posting], risky: NDArray[np.bool_]) -> Scorer:
    columns = IndicatorColumns()
    model = HistGradientBoostingClassifier(random_state=0).fit(columns.transform(postings).toarray(), risky)
    return lambda new: model.predict_proba(columns.transform(new).toarray())[:, 1]


def _fasttext(postings: Sequence[Posting], risky: NDArray[np.bool_]) -> Scorer:
    import fasttext

    def line(posting: Posting) -> str:
        return " ".join(joined_text(posting).lower().split())

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "train.txt"
        data.write_text("".join(f"__label__{int(r)} {line(p)}\n" for p, r in zip(postings, risky, strict=True)), "utf-8")
        model = fasttext.train_supervised(str(data), wordNgrams=2, minn=3, maxn=5, epoch=25, lr=0.5, thread=1, seed=0, verbose=0)

    def scorer(new: Sequence[Posting]) -> NDArray[np.float64]:
        found = (model.f.predict(line(p), 2, 0.0, "strict") for p in new)
        return np.array([next(share for share, label in pairs if label == "__label__1") for pairs in found])

    return scorer


def plain_pipeline() -> object:
    """TF-IDF of words 1-2 and characters 3-5, logistic regression: what most people would write first."""
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2)
    return make_pipeline(make_union(words, characters), LogisticRegression(C=30, max_iter=2000))


PEERS: dict[str, Peer] = {
    "TF-IDF words, logistic regression": _sklearn(
        lambda: make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=30, max_iter=2000))
    ),
    "TF-IDF characters, linear SVM": _sklearn(
        lambda: make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2), LinearSVC())
    ),
    "TF-IDF words and characters, logistic regression": _sklearn(plain_pipeline),
    "complement naive Bayes": _sklearn(lambda: make_pipeline(CountVectorizer(ngram_range=(1, 2)), ComplementNB()), "predict_proba"),
    "fastText, words 1-2 and characters 3-5": _fasttext,
    "gradient boosting on the indicators": _boosting,
}
