"""The labelled corpus: its schema, its spread, and that nothing but the meaning gives a label away."""

import json
import re
from collections import Counter, defaultdict

import numpy as np
import py3langid
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from classifier.labelled import corpus_files
from classifier.schema import LABELS, POSTING_FIELDS, TEXT_FIELDS
from tests.conftest import ROOT

FIELDS = {*POSTING_FIELDS, "label", "group", "situation"}
LEAST = {"id": 800, "en": 800, "ms": 250, "tl": 250, "th": 250, "vi": 250, "zh": 250, "my": 120, "km": 120, "lo": 120, "hi": 120}
CHANCE = 0.65
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf]")


@pytest.fixture(scope="module")
def records():
    return [json.loads(line) for path in corpus_files() for line in path.read_text("utf-8").splitlines()]


def test_every_record_has_the_schema(records):
    for r in records:
        assert set(r) <= FIELDS, r["id"]
        assert r["label"] in LABELS
        assert r["group"].startswith(f"{r['language']}-")
        assert re.fullmatch("[a-z0-9-]+", r["situation"]), r["id"]
        assert r["description"].strip()
        assert all(isinstance(v, str) and v.strip() for v in r.values()), r["id"]
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", r.get("posted_at", "2024-01-01")), r["id"]


def test_ids_and_texts_are_unique(records):
    assert not [k for k, n in Counter(r["id"] for r in records).items() if n > 1]
    assert not [k for k, n in Counter(r["description"] for r in records).items() if n > 1]


@pytest.mark.parametrize("language", LEAST)
def test_size_and_shares_by_language(records, language):
    labels = Counter(r["label"] for r in records if r["language"] == language)
    total = sum(labels.values())
    assert total >= LEAST[language]
    for label, share in (("overseas_lure", 0.35), ("job_scam", 0.15), ("legit", 0.5)):
        assert abs(labels[label] / total - share) < 0.05, labels


def test_most_honest_postings_are_hard(records):
    legit = [r for r in records if r["label"] == "legit"]
    easy = [r for r in legit if r["situation"].startswith("board-")]
    assert 1 - len(easy) / len(legit) >= 0.6


def test_situations_are_many(records):
    by_label = defaultdict(set)
    for r in records:
        by_label[r["label"]].add(r["situation"])
    assert len(by_label["legit"]) >= 60
    assert len(by_label["overseas_lure"]) >= 100
    assert len(by_label["job_scam"]) >= 60


def shingles(text):
    plain = re.sub(r"\W+", " ", text.lower())
    return {hash(plain[i : i + 5]) for i in range(max(len(plain) - 4, 1))}


def test_no_near_duplicates_across_groups(records):
    """Shingle Jaccard under 0.5, found over shared rare shingles."""
    sets = [shingles(r["description"]) for r in records]
    by_shingle = defaultdict(list)
    for i, found in enumerate(sets):
        for shingle in found:
            by_shingle[shingle].append(i)
    shared = Counter()
    for members in by_shingle.values():
        if len(members) <= 40:
            shared.update((a, b) for k, a in enumerate(members) for b in members[k + 1 :])
    close = []
    for (a, b), n in shared.items():
        if records[a]["group"] != records[b]["group"] and n * 4 > min(len(sets[a]), len(sets[b])):
            jaccard = len(sets[a] & sets[b]) / len(sets[a] | sets[b])
            if jaccard >= 0.5:
                close.append((records[a]["id"], records[b]["id"], round(jaccard, 2)))
    assert not close


def surface(r):
    """What can be seen without reading."""
    text = "\n".join(r.get(name, "") for name in TEXT_FIELDS)
    n = len(text)
    return [
        np.log(n),
        sum(c.isdigit() for c in text) / n,
        len(EMOJI.findall(text)) / n,
        sum(c.isupper() for c in text) / n,
        sum(c in "!?…" for c in text) / n,
        sum(c in ",.;:，。、" for c in text) / n,
        text.count("\n") / n,
        sum(c.isascii() for c in text) / n,
        *(float(name in r) for name in ("title", "company", "location", "salary", "contact", "url", "source", "posted_at")),
    ]


def auc_of(model, inputs, records):
    risky = np.array([r["label"] != "legit" for r in records])
    groups = [r["group"] for r in records]
    folds = StratifiedGroupKFold(5, shuffle=True, random_state=0)
    return roc_auc_score(risky, cross_val_predict(model, inputs, risky, groups=groups, cv=folds, method="decision_function"))


def test_the_surface_does_not_give_the_label_away(records):
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    table = np.array([surface(r) for r in records])
    assert auc_of(model, table, records) < CHANCE
    for column in range(table.shape[1]):
        assert auc_of(model, table[:, [column]], records) < CHANCE


def test_the_company_name_does_not_give_the_label_away(records):
    named = [r for r in records if "company" in r]
    model = make_pipeline(CountVectorizer(analyzer="char_wb", ngram_range=(2, 4)), LogisticRegression(max_iter=1000))
    assert auc_of(model, [r["company"] for r in named], named) < CHANCE


def test_contacts_are_plainly_impossible(records):
    date = re.compile(r"\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./]\d{4}")
    for r in records:
        text = date.sub("", "\n".join(v for k, v in r.items() if k not in ("id", "group", "posted_at", "salary")))
        for number in re.findall(r"(?<![\d.,])(?:\+\d|0)[\d \-]{7,}\d", text):
            assert "00000" in re.sub(r"\D", "", number), (r["id"], number)
        for link in re.findall(r"https?://\S+", text):
            assert re.search("example|contoh|sample", link), (r["id"], link)


def latin(text):
    return sum(c.isascii() and c.isalpha() for c in text) > len(text) / 5


def test_language_tags_agree_with_a_detector(records):
    """py3langid, an independent detector, on postings long enough to tell; neighbours that it confuses count as one."""
    same = {"ms": "id"}
    asked = {"id", "en", "ms", "tl", "th", "vi", "zh", "lo", "km", "hi"}
    py3langid.set_languages([*asked])
    agree, total = Counter(), Counter()
    for r in records:
        if len(r["description"]) >= 200 and r["language"] in asked and not (r["language"] == "hi" and latin(r["description"])):
            told = py3langid.classify(r["description"])[0]
            total[r["language"]] += 1
            agree[r["language"]] += same.get(told, told) == same.get(r["language"], r["language"])
    for language, n in total.items():
        assert agree[language] / n > (0.5 if language == "tl" else 0.9), (language, agree[language], n)


def test_the_data_card_counts_what_is_there(records):
    card = (ROOT / "data" / "README.md").read_text("utf-8")
    for language, n in Counter(r["language"] for r in records).items():
        assert f"| {language} | {n} |" in card
    assert f"| all | {len(records)} |" in card
