# The system's Python first: that of a version manager is often built without optimizations, and
# everything takes a tenth longer then. `ensurepip` is what Debian leaves out without python3-venv.
SUITS := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for each in /usr/bin/python3 python3; do \
	$$each -c '$(SUITS)' 2>/dev/null && echo $$each && break; done || echo python3)
BIN := .venv/bin
# Three processes on two cores, as tests of servers often wait; a fourth takes more than it gives.
# Each takes whole files, so that few start the same servers.
PARALLEL := -n 3 --dist loadfile
# Else each of the many processes that this starts would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test test-deep quick test-clients coverage screenshots lint bench bench-peers messages clean

help: ## list these targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: .venv/run ## install, start the database, seed it if it is empty, serve (PORT=8000)
	@exec $(BIN)/python manage.py serve --seed

test: lint ## lint and run the whole test suite
	$(BIN)/pytest $(PARALLEL)

test-deep: .venv/dev .schemathesis/installed ## also run the tests that take long
	$(BIN)/pytest $(PARALLEL) -m "deep or not deep"

quick: .venv/dev ## run the tests on mongomock: the quick loop, not the proof
	$(BIN)/pytest $(PARALLEL) --mongo=mock -m "not browser"

test-clients: .venv/dev .clients/installed ## generate API clients, compile and run them (needs npm)
	$(BIN)/pytest -m clients lsa_site/tests/clients

coverage: .venv/dev ## print the lines that no test reaches
	$(BIN)/pytest $(PARALLEL) --cov --cov-report=term-missing:skip-covered

screenshots: .venv/dev ## a picture of every page, for each role and size, in var/screenshots
	SCREENSHOTS=var/screenshots $(BIN)/pytest -m "deep or not deep" editors/tests/browser/test_accessibility.py

lint: .venv/dev ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: .venv/dev ## print the performance table
	@$(BIN)/python -m bench

bench-peers: .venv/dev .venv-peers/installed ## ask other services for the same list
	@$(BIN)/python -m bench.peers

messages: .venv/dev ## collect and compile translations (needs gettext)
	$(BIN)/python manage.py makemessages --locale id --no-location --no-wrap --ignore .venv
	$(BIN)/python manage.py compilemessages --locale id --ignore .venv

clean: ## remove everything that was made here, data included
	rm -rf .venv .venv-peers .clients .schemathesis var .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A marker file per requirements file: a changed pin is installed by the next command.
.venv/bin/python:
	@$(PYTHON) -c '$(SUITS)' 2>/dev/null || { \
		echo "Python 3.11, 3.12 or 3.13 is needed (on Debian with python3-venv), and $(PYTHON) is not:" \
		"make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt requirements-production.txt | .venv/bin/python
	@echo "Installing requirements..."
	@$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt requirements-production.txt | .venv/bin/python
	@echo "Installing requirements for development..."
	@$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@ .venv/run

CLIENTS := lsa_site/tests/clients

.clients/installed: $(CLIENTS)/package.json $(CLIENTS)/requirements.txt
	@echo "Installing generators of API clients..."
	@mkdir -p .clients && cp $(CLIENTS)/package.json .clients
	@npm install --prefix .clients --no-audit --no-fund --silent
	@$(PYTHON) -m venv .clients/venv
	@.clients/venv/bin/pip install --quiet -r $(CLIENTS)/requirements.txt
	@touch $@

FUZZING := lsa_site/tests/fuzzing

.schemathesis/installed: $(FUZZING)/requirements.txt
	@echo "Installing what makes up requests from the OpenAPI document..."
	@$(PYTHON) -m venv .schemathesis
	@.schemathesis/bin/pip install --quiet -r $<
	@touch $@

PEERS := bench/peers

# What cannot be installed is left out, and `make bench-peers` says so.
.venv-peers/installed: $(PEERS)/requirements.txt $(wildcard $(PEERS)/*/*.json $(PEERS)/*/*js)
	$(PYTHON) -m venv .venv-peers
	-@.venv-peers/bin/pip install --quiet -r $(PEERS)/requirements.txt
	@cp -r $(dir $(wildcard $(PEERS)/*/package.json)) .venv-peers
	-@for each in $(wildcard $(PEERS)/*/package.json); do \
		npm install --prefix .venv-peers/$$(basename $$(dirname $$each)) --no-audit --no-fund --silent; done
	@touch $@
