# The commands of the project. All they install goes into .venv, at the versions and hashes of requirements*.lock.
# No path here is absolute or looked up, so a checkout may lie anywhere and have spaces in its name.

PYTHON ?= python3
PIP = .venv/bin/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check soak bench lock format clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

demo: .venv/demo-ready ## run the whole product on sample data and leave it serving (ONCE=1: exit at the end)
	.venv/bin/annotary demo $(if $(ONCE),--once)

test: check ## the checks, then all tests at reduced sizes
	.venv/bin/python -m pytest -m "not soak" --ignore tests/tidy --hypothesis-seed=0

check: .venv/test-ready ## form, types, import directions and house rules
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/lint-imports --no-cache
	.venv/bin/python -m pytest --quiet tests/tidy

soak: .venv/test-ready ## the tests marked soak, at full size
	.venv/bin/python -m pytest -m soak --timeout 3600

bench: .venv/test-ready ## measure, beside the goals (BENCH=name: one measurement)
	.venv/bin/python -m bench $(BENCH)

format: .venv/test-ready ## put the code into its form
	.venv/bin/ruff format
	.venv/bin/ruff check --fix

# One lock serves every Python from 3.11 on: its versions have wheels for all of them.
LOCK = .venv/bin/uv pip compile --quiet --upgrade --python-version 3.11 --python-platform linux --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" pyproject.toml

lock: .venv/test-ready ## choose versions again and write the locks
	$(PIP) install uv
	echo hatchling | $(LOCK) - --extra demo --extra test -o requirements-test.lock
	echo hatchling | $(LOCK) - --extra demo -c requirements-test.lock -o requirements-demo.lock
	$(LOCK) -c requirements-test.lock -o requirements.lock
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
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
