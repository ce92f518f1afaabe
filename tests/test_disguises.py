from random import Random

import numpy as np
import pytest

from classifier.augmentation import altered_copies
from classifier.disguises import DISGUISES
from classifier.labelled import split_of
from classifier.text import normalise
from tests.benchmarks.evasion import measure
from tests.conftest import LURE

UNDONE = ("look-alike letters", "zero-width characters", "soft hyphens", "full-width letters", "styled letters", "mixed capitals")


@pytest.mark.parametrize("name", DISGUISES)
def test_a_disguise_changes_a_lure_the_same_way_each_time(name):
    text = f"{LURE} Poipet"
    changed = DISGUISES[name](text, "id", Random(3))
    assert changed != text
    assert changed == DISGUISES[name](text, "id", Random(3))


@pytest.mark.parametrize("name", UNDONE)
def test_disguises_of_letters_are_undone_whole(name):
    assert normalise(DISGUISES[name](LURE, "id", Random(3))).text == normalise(LURE).text


def test_hidden_means_hidden():
    assert "12-16" not in DISGUISES["pay hidden"](LURE, "id", Random(0))
    assert "Kamboja" not in DISGUISES["destination hidden"](LURE, "id", Random(0))


def test_copies_keep_label_and_group(corpus):
    rows = [row for row in corpus if row.language == "id"][:200]
    copies = altered_copies(rows)
    assert [(c.label, c.group) for c in copies] == [(r.label, r.group) for r in rows]
    assert copies == altered_copies(rows)
    assert sum(c.posting != r.posting for c, r in zip(copies, rows, strict=True)) > 100


@pytest.mark.slow
def test_disguises_cost_little_recall_and_no_false_alarms(model, corpus):
    result = measure(model, [row for row in corpus if split_of(row.group) == "test"])
    recall, alarms = result.pop("none")
    assert np.mean([r for r, _ in result.values()]) >= recall - 0.03
    for name, (r, a) in result.items():
        assert r >= recall - 0.06, name
        assert a <= alarms + 0.006, name  # two postings
