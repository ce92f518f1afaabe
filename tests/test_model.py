import json
import shutil

import numpy as np
import pytest

from classifier import ModelError, Posting, RiskModel
from classifier.model import CARD_FILE, MANIFEST_FILE, MODEL_FILE
from classifier.schema import LABELS


@pytest.fixture
def folder(model, tmp_path):
    return model.save(tmp_path / "model") and tmp_path / "model"


def test_a_lure_outranks_an_honest_ad(model, lure, honest):
    bad, good = model.assess([lure, honest])
    assert bad.risk > 0.5 > good.risk
    assert (bad.label, good.label) == ("overseas_lure", "legit")
    assert good.band == "low"


def test_probabilities_sum_to_one_and_agree_with_the_risk(model, corpus):
    postings = [row.posting for row in corpus[:50]]
    table = model.probabilities(postings)
    assert table.shape == (50, len(LABELS))
    assert table.sum(axis=1) == pytest.approx(1)
    assert [a.risk for a in model.assess(postings, explain="none")] == pytest.approx(1 - table[:, 0])


def test_a_posting_gets_the_same_in_any_company(model, corpus):
    postings = [row.posting for row in corpus[:40]]
    together = model.log_odds(postings)
    alone = np.hstack([model.log_odds([posting]) for posting in postings])
    assert np.array_equal(together, alone)


def test_explain_chooses_who_gets_reasons(model, lure, honest):
    assert all(not a.reasons for a in model.assess([lure, honest], explain="none"))
    assert all(a.reasons for a in model.assess([lure, honest], explain="all"))
    flagged = model.assess([lure, honest], explain="flagged")
    assert bool(flagged[0].reasons) == (flagged[0].band != "low")
    assert not flagged[1].reasons


def test_no_postings_give_no_assessments(model):
    assert model.assess([]) == []


def test_megabytes_of_text_are_assessed(model):
    assert 0 <= model.assess([Posting(description="kerja di luar negeri " * 250_000)], explain="none")[0].risk <= 1


def test_a_saved_model_answers_alike(model, folder, lure):
    loaded = RiskModel.load(folder)
    assert np.array_equal(loaded.log_odds([lure]), model.log_odds([lure]))
    assert loaded.thresholds == model.thresholds
    assert loaded.version == model.save(folder.parent / "again").version
    assert loaded.card.startswith("# Model card")


def test_saving_replaces_a_model_but_nothing_else(model, folder, tmp_path):
    model.save(folder)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_text("x")
    with pytest.raises(ModelError, match="no model folder"):
        model.save(tmp_path / "photos")
    assert (tmp_path / "photos" / "a.jpg").exists()


@pytest.mark.parametrize("file", [MODEL_FILE, MANIFEST_FILE, CARD_FILE])
def test_a_flipped_byte_is_found(folder, file):
    content = bytearray((folder / file).read_bytes())
    at = len(content) // 2 if file != MANIFEST_FILE else content.index(b'"checksums"') + 40
    content[at] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(ModelError, match=r"(damaged|broken).*retrain with: classifier train"):
        RiskModel.load(folder)


@pytest.mark.parametrize("file", [MODEL_FILE, MANIFEST_FILE, CARD_FILE])
def test_a_missing_file_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(ModelError, match=f"{file} is missing"):
        RiskModel.load(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"format": 99}, "format 99"), ({"versions": {"python": "2.7"}}, "made with python 2.7"), ({"version": "x"}, "broken")],
)
def test_another_format_or_library_is_refused(folder, change, message):
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest | change))
    with pytest.raises(ModelError, match=message):
        RiskModel.load(folder)


def test_changed_thresholds_are_found(folder):
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    manifest["thresholds"]["high"] = 0.01
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="broken"):
        RiskModel.load(folder)


def test_the_manifest_is_checked_before_the_pickle_is_opened(folder, monkeypatch):
    import joblib

    (folder / MODEL_FILE).write_bytes(b"not a pickle")
    monkeypatch.setattr(joblib, "load", lambda *_: pytest.fail("opened an unchecked pickle"))
    with pytest.raises(ModelError, match="damaged"):
        RiskModel.load(folder)


def test_the_pickle_is_not_opened_at_all(folder, monkeypatch):
    import pickle

    import joblib

    before = RiskModel.load(folder)
    monkeypatch.setattr(joblib, "load", lambda *_: pytest.fail("opened the pickle"))
    monkeypatch.setattr(pickle, "load", lambda *_: pytest.fail("opened the pickle"))
    after = RiskModel.load(folder)
    assert np.array_equal(after.linear.ngrams, before.linear.ngrams)


def test_a_copy_has_the_same_version(folder, model, tmp_path):
    assert RiskModel.load(folder).save(tmp_path / "copy").version == RiskModel.load(folder).version == model.version


def test_joblib_reads_the_same_arrays(folder):
    import joblib

    arrays, model = joblib.load(folder / MODEL_FILE), RiskModel.load(folder)
    for name in ("ngrams", "units", "indicators", "intercepts"):
        assert np.array_equal(arrays[name], getattr(model.linear, name))


@pytest.mark.parametrize("change", [{"offset": 10**12}, {"shape": [1, 2, 3]}, {"dtype": "nonsense"}, {"more": 1}])
def test_a_layout_that_does_not_fit_is_refused(folder, change):
    manifest = json.loads((folder / MANIFEST_FILE).read_text())
    manifest["arrays"]["ngrams"] |= change
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="cannot be read"):
        RiskModel.load(folder)


def test_the_default_model_follows_its_data(monkeypatch, tmp_path):
    from classifier import default_model

    data = tmp_path / "id.jsonl"
    data.write_text("one")
    monkeypatch.setattr(default_model, "corpus_files", lambda: [data])
    monkeypatch.setenv("CLASSIFIER_CACHE", str(tmp_path / "cache"))
    first = default_model.default_folder()
    assert default_model.default_folder() == first  # from the key that was kept
    data.write_text("other")
    second = default_model.default_folder()
    assert second != first
    (tmp_path / "cache" / "default.key").write_text("broken")
    assert default_model.default_folder() == second


def test_no_folder_says_how_to_make_one(tmp_path):
    with pytest.raises(ModelError, match="no such model folder; make one with: classifier train"):
        RiskModel.load(tmp_path / "nothing")


def test_a_damaged_default_model_is_trained_again(monkeypatch, tmp_path, model):
    from classifier import default_model

    small = [path for path in default_model.corpus_files() if path.stem in ("ms", "tl")]
    monkeypatch.setattr(default_model, "corpus_files", lambda: small)
    folder = tmp_path / "cache" / default_model.default_folder().name
    shutil.copytree(model.save(tmp_path / "copy") and tmp_path / "copy", folder)
    (folder / MODEL_FILE).write_bytes(b"damage")
    monkeypatch.setenv("CLASSIFIER_CACHE", str(tmp_path / "cache"))
    said = []
    trained = default_model.load_default(said.append)
    assert "damaged" in said[0]
    assert trained.version == RiskModel.load(folder).version
