# Everything runs in .venv, which the first target makes and keeps.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help serve test lint format model compiled bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

$(INSTALLED): pyproject.toml .ci/constraints.txt hatch_build.py classifier/native.c
	@echo "making the virtual environment in .venv"
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing pinned dependencies (a few minutes the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt --editable '.[dev,dask,postgres]'
	@touch $@

model: $(INSTALLED) ## train the default model, unless it is there
	@$(BIN)/python -c 'import sys; from classifier import load_model; load_model(progress=lambda s: print(s, file=sys.stderr))'

serve: model ## serve the API and the page on http://127.0.0.1:8000
	@echo "serving on http://127.0.0.1:$(PORT)"
	@$(BIN)/classifier serve --port $(PORT)

test: model ## run the tests
	@$(BIN)/python -m pytest

lint: $(INSTALLED) ## check format, style and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

compiled: $(INSTALLED) ## compile again what was edited (sources that are newer run uncompiled)
	@$(BIN)/python hatch_build.py >/dev/null

bench: compiled model ## measure speed and detection beside other tools
	@for name in speed latency scan detection evasion emscad false_alarms campaigns service; do echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name || true; done

format: $(INSTALLED) ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## remove the virtual environment and all caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache
