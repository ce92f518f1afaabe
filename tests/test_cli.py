import json

import pytest
from click.testing import CliRunner

from classifier.cli import main
from classifier.cli_assessment import print_assessment
from classifier.schema import Assessment
from tests.conftest import HONEST, LURE


@pytest.fixture
def run(model):
    def call(*arguments, **options):
        return CliRunner().invoke(main, [str(a) for a in arguments], **options)

    return call


@pytest.mark.parametrize("command", ["assess", "scan", "train", "evaluate", "serve"])
def test_every_command_has_help_with_an_example(run, command):
    result = run(command, "--help")
    assert result.exit_code == 0
    assert f"Example: classifier {command}" in " ".join(result.stdout.split())


def test_assess_speaks_to_a_person(run):
    result = run("assess", LURE, "--lang", "id")
    assert result.exit_code == 0
    assert result.stdout.split(":")[0] in ("REVIEW", "HIGH")
    assert "risiko" in result.stdout


@pytest.mark.parametrize(("lang", "verdict"), [("id", "belum jelas"), ("en", "not clear")])
def test_an_ad_in_doubt_is_not_told_that_nothing_was_found(capsys, lang, verdict):
    for risk, doubtful in ((0.94, True), (0.49, False)):
        shares = {"legit": 1 - risk, "overseas_lure": risk, "job_scam": 0.0}
        print_assessment(Assessment("", risk, "low", "legit", shares, "id"), lang, [])
        assert capsys.readouterr().out.startswith(f"LOW: {verdict}") == doubtful


def test_assess_gives_the_contracts_json(run):
    result = run("assess", "-", "--json", input=HONEST)
    found = json.loads(result.stdout)
    assert set(found) == {"id", "risk", "band", "label", "probabilities", "language", "reasons", "campaign", "model"}
    assert set(found["reasons"][0]) == {"kind", "indicator", "field", "start", "end", "quote", "weight", "message"}
    assert found["band"] == "low"


@pytest.mark.parametrize(
    ("given", "message"), [(b"  \n", "title or description must have content"), (b"caf\xe9", "is not valid UTF-8 (byte 3)")]
)
def test_bad_input_is_one_line_and_exit_code_2(run, given, message):
    result = run("assess", "-", input=given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1


def test_five_megabytes_are_assessed(run):
    assert run("assess", "-", input="kerja di toko " * 400_000).exit_code == 0


def test_a_damaged_model_is_refused(run, model, tmp_path):
    model.save(tmp_path / "m")
    content = bytearray((tmp_path / "m" / "model.joblib").read_bytes())
    content[5000] ^= 4
    (tmp_path / "m" / "model.joblib").write_bytes(content)
    result = run("assess", "x", "--model", tmp_path / "m")
    assert result.exit_code == 2
    assert "model.joblib is damaged (wrong checksum); retrain with: classifier train" in result.stderr


def test_scan_exit_codes(run, tmp_path):
    feed, output = tmp_path / "feed.csv", tmp_path / "out.jsonl"
    feed.write_text(f"description\n{HONEST}\n", "utf-8")
    assert run("scan", feed, "--output", output).exit_code == 2  # the comma makes one row of too many cells
    feed.write_text(f'description\n"{LURE}"\na,b\n', "utf-8")
    result = run("scan", feed, "--output", output)
    assert result.exit_code == 1
    assert "1 rows were rejected" in result.stderr
    assert "1 postings" in result.stdout
    feed.write_text(f'description\n"{LURE}"\n', "utf-8")
    assert run("scan", feed, "--output", output).exit_code == 0
    assert run("scan", tmp_path / "none.csv", "--output", output).exit_code == 2
    assert run("scan", feed).exit_code == 2


def test_train_then_evaluate(run, tmp_path):
    from classifier.labelled import corpus_files

    data = [p for p in corpus_files() if p.stem in ("ms", "tl")]
    trained = run("train", *data, "--output", tmp_path / "m")
    assert trained.exit_code == 0, trained.output
    assert "average" in trained.stdout
    result = run("evaluate", *data, "--model", tmp_path / "m", "--json")
    assert result.exit_code == 0
    assert "postings left out" in result.stderr
    figures = json.loads(result.stdout)
    assert figures["metrics"]["average_precision"]["value"] > 0.85
    assert "situation" in figures


def test_evaluate_refuses_what_the_model_was_trained_on(run, corpus, model, tmp_path):
    from classifier.labelled import split_of

    rows = [row for row in corpus if split_of(row.group) == "train"][:20]
    data = tmp_path / "seen.jsonl"
    data.write_text("".join(json.dumps({**r.posting.to_record(), "label": r.label, "group": r.group}) + "\n" for r in rows))
    refused = run("evaluate", data)
    assert refused.exit_code == 2
    assert "trained on every group" in refused.stderr
    assert run("evaluate", data, "--seen").exit_code == 0


def test_rejected_training_rows_give_exit_code_1(run, corpus, tmp_path):
    from classifier.labelled import corpus_files

    extra = tmp_path / "more.jsonl"
    extra.write_text('{"title": "x", "label": "spam"}\n')
    result = run("train", *(p for p in corpus_files() if p.stem == "ms"), extra, "--output", tmp_path / "m")
    assert result.exit_code == 1
    assert "more.jsonl, line 1: label: 'spam' is no label" in result.stderr


def test_a_wrong_label_map_is_a_usage_error(run, tmp_path):
    assert run("train", "x.csv", "--output", tmp_path / "m", "--map-label", "zero").exit_code == 2
