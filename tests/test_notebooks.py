"""The notebooks run from top to bottom and are stored without outputs."""

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_stripped(path):
    cells = nbformat.read(path, as_version=4).cells
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # Jupyter's own
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path, model):
    notebook = nbformat.read(path, as_version=4)
    if path.stem == "1-retrain":  # trained on two languages, as on any other labelled data
        (cell,) = (cell for cell in notebook.cells if cell.source.count("DATA = corpus_files()") == 1)
        cell.source = cell.source.replace("DATA = corpus_files()", 'DATA = [p for p in corpus_files() if p.stem in ("ms", "tl")]')
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    pictures = [o for cell in notebook.cells for o in cell.get("outputs", []) if "image/png" in o.get("data", {})]
    assert pictures
