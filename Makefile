# Two commands do everything: `make run` and `make test`. PYTHON chooses the interpreter of the virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HARTA_HOME ?= $(CURDIR)/var
# Compiled modules are kept: a test that starts a process, and the next run, spend no time on compiling them again.
export PYTHONDONTWRITEBYTECODE :=
# Numerical libraries must not start a thread a core in each of several test processes.
TEST_JOBS ?= 2
# The order of tests/conftest.py, in which what takes long comes first, not that of the number of tests.
SHARED_OUT := -n $(TEST_JOBS) --no-loadscope-reorder
# Of the tests in turns (tests/turns.py) one part of sixteen, another after each commit. `PART=3/16` chooses, also `PART=1/4`;
# `PART=all` takes all of them.
PART ?= $(shell echo $$(( $$(git rev-list --count HEAD 2>/dev/null || echo 0) % 16 + 1 )))/16
CHOSEN = $(if $(filter all,$(PART)),,--part $(PART))

.PHONY: install run test test-fast test-rest test-all test-times check bench acceptance data lock clean

install: $(VENV)/.installed  ## install what the app needs, pinned, into .venv (the command is .venv/bin/harta)

$(VENV)/.installed: requirements.lock requirements-roads.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	# Quick searches on roads, where there is a wheel for this system; without it they are slower and the same.
	-$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --require-hashes -r requirements-roads.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.developer: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	touch $@

run: install  ## open the app with the embedded demonstration data at http://127.0.0.1:8501
	$(BIN)/harta demo
	$(BIN)/harta serve

test: $(VENV)/.developer  ## every test that is quick, and a part of those that wait for their turn
	$(BIN)/python -m pytest $(SHARED_OUT) $(CHOSEN)

test-rest: $(VENV)/.developer  ## what `make test` leaves out; with the same PART both together are every test
	$(BIN)/python -m pytest $(SHARED_OUT) --part $(PART) --rest

test-all:  ## every test
	$(MAKE) test PART=all

test-times: $(VENV)/.developer  ## measure what each test takes, and write tests/longer_tests.csv anew
	rm -f .test-times
	$(BIN)/python -m pytest $(SHARED_OUT) -m "not exhaustive" --note-times .test-times
	$(BIN)/python -m tests.longer_tests .test-times

test-fast: $(VENV)/.developer  ## what needs no browser and no PostgreSQL and is not slow
	$(BIN)/python -m pytest $(SHARED_OUT) --fail-slow 5 -m "not slow and not browser and not postgres and not exhaustive"

check: $(VENV)/.developer  ## format, lint, types, contracts of public names
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python scripts/check_docstrings.py

bench: $(VENV)/.developer  ## measure speed: tables with ratios against a peer in the same run
	$(BIN)/python -m bench

acceptance: $(VENV)/.developer  ## the long runs; their figures go to docs/acceptance.md
	$(BIN)/python -m bench.acceptance

data: $(VENV)/.developer  ## rebuild data/ from openly licensed packages (see scripts/README.md)
	$(BIN)/python scripts/build_data.py

lock: $(VENV)/.developer  ## pin the newest versions that pyproject.toml allows
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --allow-unsafe -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --allow-unsafe --extra dev -o requirements-dev.lock pyproject.toml
	echo routingkit-cch | $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-header --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate --allow-unsafe -o requirements-roads.lock -

clean:  ## remove the virtual environment and caches; never var/
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
