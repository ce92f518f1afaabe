from importlib.metadata import version

import pytest

from classifier.versions import installed_version, library_versions


@pytest.mark.parametrize(
    ("module", "distribution"),
    [("numpy", "numpy"), ("joblib", "joblib"), ("sklearn", "scikit-learn"), ("click", "click"), ("orjson", "orjson")],
)
def test_versions_are_those_of_the_metadata(module, distribution):
    assert installed_version(module, distribution) == version(distribution)


def test_a_model_depends_on_python_numpy_and_joblib():
    assert library_versions().keys() == {"python", "numpy", "joblib"}
