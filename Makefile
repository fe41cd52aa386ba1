PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test quick coverage lint bench messages clean

help: ## list these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: .venv/run ## install, start the database, seed it if it is empty, serve on port 8000
	@exec $(BIN)/python manage.py serve --seed

test: lint ## lint and run the whole test suite
	$(BIN)/pytest -n auto --maxprocesses 4

quick: .venv/dev ## run the tests on mongomock: the quick loop, not the proof
	$(BIN)/pytest -n auto --maxprocesses 4 --mongo=mock -m "not browser"

coverage: .venv/dev ## print the lines that no test reaches
	$(BIN)/pytest -n auto --maxprocesses 4 --cov --cov-report=term-missing:skip-covered

lint: .venv/dev ## check style and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: .venv/dev ## print the performance table
	@$(BIN)/python -m bench

messages: .venv/dev ## collect and compile translations (needs gettext)
	$(BIN)/python manage.py makemessages --locale id --no-location --no-wrap --ignore .venv
	$(BIN)/python manage.py compilemessages --locale id --ignore .venv

clean: ## remove everything that was made here, data included
	rm -rf .venv var .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A marker file per requirements file: a changed pin is installed by the next command.
.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt requirements-production.txt | .venv/bin/python
	@echo "Installing requirements..."
	@$(BIN)/pip install --quiet -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt requirements.txt requirements-production.txt | .venv/bin/python
	@echo "Installing requirements for development..."
	@$(BIN)/pip install --quiet -r requirements-dev.txt
	@touch $@ .venv/run
