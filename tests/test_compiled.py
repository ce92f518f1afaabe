"""The compiled modules beside their sources: used only while they are what these say, and then to the same bits."""

import os
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
from pathlib import Path

import pytest

from classifier import compiled
from classifier.labelled import corpus_files
from tests.conftest import ROOT

PACKAGE = Path(compiled.__file__).parent
NAMES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"][
    "custom"
]["compiled"]
ASSESS = """
import json, sys
from classifier import load_model, salary
from classifier.labelled import read_labelled
postings = [row.posting for row in read_labelled(sys.argv[1:])[0]][::7]
print(salary.__file__)
for found in load_model().assess(postings, explain="all", limit=None):
    print(json.dumps(found.to_dict()))
"""

pytestmark = pytest.mark.skipif(
    shutil.which("cc") is None or not Path(sysconfig.get_path("include"), "Python.h").exists(),
    reason="no C compiler (cc) or no headers of Python, so no compiled modules",
)


def run(code, *arguments, package=PACKAGE, **environment):
    command = [sys.executable, "-c", code, *map(str, arguments)]
    variables = {**os.environ, "PYTHONPATH": str(package.parent), **environment}
    return subprocess.run(command, env=variables, cwd=package.parent, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(PACKAGE, tmp_path / "classifier", ignore=shutil.ignore_patterns("api", "__pycache__"))


def test_all_that_should_be_compiled_is_and_is_current():
    assert compiled.modules() == dict.fromkeys(NAMES, True), "sources were edited: run `make compiled`"


def test_a_module_that_is_older_than_its_source_is_not_used(copy):
    where = "import classifier.salary, classifier.pay; print(classifier.salary.__file__, classifier.pay.__file__)"
    assert ".py" not in run(where, package=copy)
    os.utime(copy / "pay.py", (later := time.time() + 60, later))
    assert compiled.modules(copy) == {name: name != "pay" for name in NAMES}
    assert run(where, package=copy).split() == [str(copy / "salary.py"), str(copy / "pay.py")]  # they call each other: none is


def test_an_edit_counts_at_once(copy):
    with (copy / "pay.py").open("a", encoding="utf-8") as source:
        source.write("\nHIGH_PAY = 77.0\n")
    os.utime(copy / "pay.py", (later := time.time() + 60, later))  # the module may have been compiled a moment ago
    assert run("import classifier.pay; print(classifier.pay.HIGH_PAY)", package=copy) == "77.0\n"


def test_compiled_or_not_all_reasons_are_the_same():
    files = corpus_files()
    first, *fast = run(ASSESS, *files).splitlines()
    other, *plain = run(ASSESS, *files, CLASSIFIER_NATIVE="0").splitlines()
    assert not first.endswith(".py") and other.endswith("salary.py")
    assert len(fast) > 1000 and fast == plain
