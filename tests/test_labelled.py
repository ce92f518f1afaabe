import json
from collections import Counter
from dataclasses import replace

import pytest

from classifier import ModelError
from classifier.labelled import SPLITS, LabelColumns, corpus_files, fingerprint, join_near_duplicates, read_labelled, split_of


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def test_labels_groups_and_situations_are_read(tmp_path):
    data = write(tmp_path / "a.jsonl", [{"title": "A", "label": "legit", "group": "g", "situation": "shop", "language": "en"}])
    ((row,), rejected) = read_labelled([data])
    assert (row.label, row.group, row.situation, row.language, rejected) == ("legit", "g", "shop", "en", [])


def test_foreign_labels_are_mapped_and_rows_chosen(tmp_path):
    rows = [{"title": f"A{i}", "fraudulent": i % 2, "fold": "train" if i < 4 else "test", "group": i} for i in range(6)]
    data = write(tmp_path / "a.jsonl", rows)
    columns = LabelColumns("fraudulent", {"0": "legit", "1": "job_scam"}, "group", {"fold": "train"})
    read, rejected = read_labelled([data], columns)
    assert [row.label for row in read] == ["legit", "job_scam"] * 2
    assert not rejected


def test_an_unknown_label_is_rejected_with_its_line(tmp_path):
    data = write(tmp_path / "a.jsonl", [{"title": "A", "label": "legit"}, {"title": "B", "label": "scam"}])
    rows, rejected = read_labelled([data])
    assert len(rows) == 1
    assert rejected[0].line == 2
    assert "'scam' is no label; known are legit, overseas_lure, job_scam" in rejected[0].cause


def test_data_without_labels_is_refused(tmp_path):
    with pytest.raises(ModelError, match="holds no labelled posting"):
        read_labelled([write(tmp_path / "a.jsonl", [{"title": "A"}])])


def test_the_split_is_fixed_by_the_group_and_near_its_shares():
    names = [f"group-{i}" for i in range(4000)]
    counts = Counter(map(split_of, names))
    assert [round(counts[part] / 4000, 1) for part in SPLITS] == [0.7, 0.1, 0.2] or abs(counts["train"] / 4000 - 0.7) < 0.03
    assert split_of("group-1") == split_of("group-1")


def test_the_fingerprint_does_not_depend_on_the_order(corpus):
    assert fingerprint(corpus[:50]) == fingerprint(corpus[:50][::-1]) != fingerprint(corpus[:49])


def test_the_corpus_is_found():
    assert {"id.jsonl", "en.jsonl"} <= {path.name for path in corpus_files()}


def test_near_duplicates_of_different_groups_are_never_parted(corpus):
    row = next(r for r in corpus if len(r.posting.description) > 300)
    twin = replace(
        row, posting=replace(row.posting, id="", description=row.posting.description + " Info lanjut DM."), group="another"
    )
    joined = join_near_duplicates([row, twin])
    assert [r.group for r in joined] == [row.group, row.group]
    assert join_near_duplicates([row, twin, *corpus[:20]])[0].group == row.group


def test_no_cluster_of_the_corpus_crosses_a_split(corpus):
    joined = join_near_duplicates(corpus)
    moved = [(a.group, b.group) for a, b in zip(corpus, joined, strict=True) if a.group != b.group]
    parts = {}
    for row in joined:
        parts.setdefault(row.group, set()).add(split_of(row.group))
    assert all(len(found) == 1 for found in parts.values())
    assert len(moved) <= 5
