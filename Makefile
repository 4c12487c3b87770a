# The commands of the README. Everything is made from a Python >= 3.11 and make; PYTHON picks the interpreter, PORT the port.
PYTHON ?= python3
PORT ?= 8501
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run env test check bench screenshots lock format
.DEFAULT_GOAL := run

run: $(VENV)/.run
	$(BIN)/streamlit run app.py --server.port $(PORT)

env: $(VENV)/.run

test: $(VENV)/.dev
	$(BIN)/python scripts/browser.py
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

screenshots: $(VENV)/.dev
	$(BIN)/python scripts/browser.py
	$(BIN)/python scripts/screenshots.py

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Two locks: what runs the register, and what also develops it. Hashes, all platforms, no index address.
lock: $(VENV)/.dev
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	  pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q \
	  pyproject.toml --group dev -o requirements-dev.lock

$(VENV)/.made:
	$(PYTHON) scripts/environment.py $(VENV)
	touch $@

$(VENV)/.run: requirements.lock $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ $(VENV)/.run
