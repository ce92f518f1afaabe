"""Real postings beside the checkout: every feed can be scanned, the labelled set can be trained on."""

import json

import pytest
from click.testing import CliRunner

from classifier.cli import main
from tests.conftest import shared_file

FEEDS = {
    "feed_id_jobstreet_full.csv.gz": 1740,
    "feed_en_ph_jobs.csv.gz": 1600,
    "feed_vn_jobs_full.csv.gz": 1500,
    "feed_zh_51job.csv.gz": 493,
    "feed_id_maganghub_internships.csv.gz": 600,
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_real_feed_is_scanned_whole(model, tmp_path, name):
    output = tmp_path / "out.jsonl"
    result = CliRunner().invoke(main, ["scan", str(shared_file(name)), "--output", str(output), "--explain", "none"])
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert len(rows) == FEEDS[name]
    assert sum(row["band"] != "low" for row in rows) / len(rows) < 0.2


def test_the_labelled_set_is_trained_on_and_measured(tmp_path):
    data = str(shared_file("emscad_subset.csv.gz"))
    mapping = ["--label-column", "fraudulent", "--map-label", "0=legit", "--map-label", "1=job_scam"]
    folder = str(tmp_path / "m")
    trained = CliRunner().invoke(main, ["train", data, *mapping, "--only", "fold=train", "--output", folder])
    assert trained.exit_code == 0, trained.output
    result = CliRunner().invoke(main, ["evaluate", data, *mapping, "--only", "fold=test", "--model", folder, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["postings"] == 525
    assert figures["metrics"]["average_precision"]["value"] > 0.85
