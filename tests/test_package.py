"""The package as others get it: public names, light imports, and the wheel."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile

import pytest

import classifier
from tests.conftest import LURE, ROOT


def test_the_public_names_are_sorted_and_complete():
    assert classifier.__all__ == sorted(classifier.__all__)
    assert dir(classifier) == classifier.__all__
    assert {name: getattr(classifier, name).__name__ for name in dir(classifier)} == {name: name for name in dir(classifier)}
    assert classifier.model.RiskModel is classifier.RiskModel
    with pytest.raises(AttributeError, match="no attribute 'load'"):
        _ = classifier.load


def test_importing_the_package_is_light():
    heavy = ("fastapi", "sqlalchemy", "dask", "pyarrow", "sklearn", "pandas", "scipy")
    code = f"import sys, classifier, classifier.cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


def test_the_wheel_carries_corpus_tables_and_types(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "corpus/id.jsonl",
        "corpus/en.jsonl",
        "py.typed",
        "reference/common_words.csv",
        "readers/tabular.py",
        "api/routes.py",
    ):
        assert f"classifier/{name}" in names
    assert not [name for name in names if name.startswith(("tests/", "data/", "notebooks/"))]


def test_the_wheel_carries_the_helper_where_there_is_a_compiler(wheel):
    compiled = shutil.which("cc") is not None
    assert ("classifier/_native.so" in zipfile.ZipFile(wheel).namelist()) == compiled
    assert wheel.name.endswith("-py3-none-any.whl") != compiled


@pytest.mark.slow
def test_a_wheel_in_an_empty_environment_assesses_an_ad(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    constraints = ROOT / ".ci" / "constraints.txt"
    subprocess.run([python, "-m", "pip", "install", "-q", "-c", constraints, wheel], check=True, cwd=tmp_path, capture_output=True)
    environment = {**os.environ, "CLASSIFIER_CACHE": str(tmp_path / "cache")}
    command = [tmp_path / "env" / "bin" / "classifier", "assess", LURE]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split(":")[0] in ("REVIEW", "HIGH")
    assert "training the default model" in done.stderr
    where = [python, "-c", "import classifier.salary; print(classifier.salary.__file__)"]
    used = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert used.endswith(".py\n") == (
        not [name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("classifier/salary.cp")]
    )
