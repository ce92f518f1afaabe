"""The architecture: each module imports only from lines above its own."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "classifier"
ORDER = """
compiled
errors
patterns
schema
corpus
versions
reference
cached
characters
markup
native
signs
text
compact
contacts
permits
salary_patterns
salary_amount
salary_numbers
salary_surroundings
salary_context
prefix_hashes
language
text_batch
salary_places
salary
pay
phrase_parts
phrase_table
phrases
places
ngrams
indicators
linear
readers._rows
readers._html
readers._streams
readers._open
readers._encoding
readers._json
readers._sniff
readers.tabular
readers.sheets
readers.feeds
readers.jsonld
readers.plain
readers.chats
readers
unlearnt_ngrams
features
word_shares
explain
bands
model
campaign_contacts
campaign_signatures
campaigns
evaluation
labelled
disguises
augmentation
model_card
training
default_model
advice
report_view
report
store_tables
store_migrations
store_engine
store
scan_output
scan_chunk
scan_work
scan_engines
seen
scan
settings
api.headers
api.docs
api.metrics
api.logs
api.problems
api.observe
api.holder
api.together
api.doors
api.limits
api.lines
api.examples
api.schemas
api.openapi
api.stores
api.routes
api.reviews
api.page_text
api.page_steps
api.page_web
api.page_marks
api.page_view
api.page
api.queue_text
api.queue_access
api.queue
api
server
cli_assessment
cli_text
cli_labelled
cli_store
cli_reviews
cli
__main__
""".split()


def module_name(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "classifier":
            base = node.module.removeprefix("classifier").lstrip(".")
            for alias in node.names:
                deeper = f"{base}.{alias.name}".lstrip(".")
                yield deeper if deeper in ORDER else base
        elif isinstance(node, ast.Import):
            yield from (a.name.removeprefix("classifier").lstrip(".") for a in node.names if a.name.split(".")[0] == "classifier")


MODULES = {module_name(path): path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"}


def test_every_module_has_its_line():
    assert set(MODULES) == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_imports_point_up_the_list(name):
    for other in imported(MODULES[name]):
        assert other, f"{name} imports the package root"
        assert ORDER.index(other) < ORDER.index(name), f"{name} imports {other}"


def test_modules_stay_short():
    assert not {name: n for name, path in MODULES.items() if (n := len(path.read_text("utf-8").splitlines())) > 300}
