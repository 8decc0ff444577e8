# Two commands are enough: `make run` starts the site, `make test` checks everything. `make help` lists the rest.
# Written for GNU make 3.81 and later and a POSIX shell.

SHELL = /bin/sh
PORT ?= 8000
PYTHON ?=
BIN = .venv/bin
PYTEST = $(BIN)/python -m pytest $(SHARING)
WORKERS = -n 2
# Tests that wait for a database or a browser leave the cores idle.
MORE_WORKERS = -n 3
# Neighbouring tests share what is costly to make, so each worker begins with a stretch of them.
SHARING = --dist worksteal

# Compiled files are kept whatever the shell says: hundreds of short processes would compile the product anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup run test chromium lint types format test-quick test-unit test-architecture test-db test-web test-browser \
	bench wheel lock messages precommit clean

help: ## list what make can do here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv from the locked requirements; needs Python 3.11 or later (PYTHON=… picks one)
	@PYTHON="$(PYTHON)" sh .ci/setup

run: setup ## start the site on http://127.0.0.1:8000 (PORT=… picks another port)
	@exec $(BIN)/stillpoint serve --port $(PORT)

test: setup chromium lint types test-quick test-db test-web test-browser ## check everything; THOROUGH=1 tries every property with all its examples
	@sh .ci/chromium report

lint: setup ## check layers, style and layout of the code
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: setup ## check types
	@$(BIN)/mypy

format: setup ## lay the code out and mend what can be mended mechanically
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

test-quick: setup ## test what needs neither a database nor a browser: unit and architecture
	@$(PYTEST) $(WORKERS) tests/unit tests/architecture

test-unit: setup ## test what decides, without a database
	@$(PYTEST) $(WORKERS) tests/unit

test-architecture: setup ## test that the house is built as it says
	@$(PYTEST) $(WORKERS) tests/architecture

test-db: setup ## test on SQLite and on PostgreSQL
	@$(PYTEST) $(MORE_WORKERS) tests/db

test-web: setup ## test pages
	@$(PYTEST) $(WORKERS) tests/web

test-browser: setup ## test in Chromium
	@$(PYTEST) $(MORE_WORKERS) tests/browser

SIZES ?= 50000,1000000
PARTS ?=

bench: setup ## measure side by side; minutes. SIZES=50000 is quick, PARTS="search start pages" picks
	@sh .ci/bench
	@$(BIN)/python -m tests.benchmarks --sizes "$(SIZES)" $(PARTS)

# Puts Chromium on the machine where it is missing and may be installed; says so plainly where it may not.
chromium: setup
	@sh .ci/chromium ensure

wheel: setup ## build the wheel into dist/
	@rm -rf dist
	@$(BIN)/hatchling build -t wheel

lock: setup ## write the lock files anew (UPGRADE=1 takes newer versions)
	@sh .ci/lock $(if $(UPGRADE),--upgrade)

CATALOGUES := directory/translations

messages: setup ## bring the catalogues of sentences into step with the source
	@$(BIN)/pybabel --quiet extract -F $(CATALOGUES)/babel.cfg -k N_ -k _l -k lazy_gettext \
		--add-location=never --sort-output --project=Stillpoint --version=1 -w 120 \
		--header-comment="# Sentences for people, in British English. make messages writes this file." \
		-o $(CATALOGUES)/messages.pot directory templates
	@$(BIN)/pybabel --quiet update -i $(CATALOGUES)/messages.pot -d $(CATALOGUES) \
		--no-fuzzy-matching --ignore-obsolete -w 120
	@$(BIN)/pybabel --quiet compile -d $(CATALOGUES)

precommit: setup ## check each commit before it is made
	@command -v git >/dev/null || { echo "git is missing: install it, then run make precommit again." >&2; exit 1; }
	@$(BIN)/pre-commit install

clean: ## remove .venv, caches and built files; the data in var/ stays
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find config.py directory tests -name __pycache__ -type d -prune -exec rm -rf {} +
