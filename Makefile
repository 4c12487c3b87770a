# The commands of the README. They need make and Python 3.11 or newer; all else is put into .venv from the pinned locks.

PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin
# A suitable interpreter of this machine; `make run PYTHON=/path/to/python` picks another.
PYTHON ?= $(or $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done),python3)
INSTALL = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input --require-hashes --no-deps -r
LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	--annotation-style line

export PYTHONUTF8 = 1

.DEFAULT_GOAL := help
.PHONY: help run env test check format bench dictionary screenshots lock clean
.DELETE_ON_ERROR:

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run.stamp ## serve the register on http://127.0.0.1:8501 (PORT= another port); makes a demo register if there is none
	@$(BIN)/python -m compileall -q app.py pages prizewatch pipelines
	@echo "Prizewatch opens at http://127.0.0.1:$(PORT) (stop it with Ctrl+C)"
	@exec $(BIN)/streamlit run app.py --server.address 127.0.0.1 --server.port $(PORT)

env: $(VENV)/run.stamp ## only make the environment, .venv

test: $(VENV)/dev.stamp ## all tests, in a browser too (ARGS= options of pytest)
	@$(BIN)/python -m scripts.browser
	$(BIN)/python -m pytest -m "not e2e" --numprocesses auto --dist loadfile $(ARGS)
	$(BIN)/python -m pytest -m e2e $(ARGS)

check: $(VENV)/dev.stamp ## lint, format, types, walls between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp ## bring the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/dev.stamp ## the table of measured ratios (ARGS= its options)
	$(BIN)/python -m tests.bench $(ARGS)

dictionary: $(VENV)/run.stamp ## write data/README.md from the code
	$(BIN)/python -m scripts.data_dictionary

screenshots: $(VENV)/dev.stamp ## take the pictures of the README anew
	@$(BIN)/python -m scripts.browser --required
	$(BIN)/python -m scripts.screenshots

lock: ## write both locks anew from pyproject.toml (needs uv)
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment and the caches; registers stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@"$(PYTHON)" scripts/environment.py $(VENV)

# Stamps: installed once per lock, so that the next start is quick. The development lock contains the other one.
$(VENV)/run.stamp: requirements.lock | $(BIN)/python
	@echo "Installing what Prizewatch needs into $(VENV): about a minute, only this once"
	@$(INSTALL) requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(BIN)/python
	@echo "Installing what development needs into $(VENV): about a minute, only this once"
	@$(INSTALL) requirements-dev.lock
	@touch $@ $(VENV)/run.stamp
