# One Window (一窗). `make` alone says what can be made.

.DEFAULT_GOAL := help
SHELL := /bin/sh
ARGS ?=

# The oldest Python the project is locked for comes first: its wheels are certain to be there.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	if "$$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	then command -v "$$python"; break; fi; done)

VENV := .venv
BIN := $(VENV)/bin
# The stamp carries the lock's checksum: another lock is another stamp, so setup runs again.
STAMP := $(VENV)/locked-$(shell cksum < requirements-dev.lock | cut -d ' ' -f 1)
COMPOSE := docker compose --profile core

.PHONY: help setup run trace status down test check rules journeys lock migrate secrets up

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make the virtual environment from the hashed lock, once

$(STAMP): requirements-dev.lock
	@if [ -z "$(PYTHON)" ]; then \
		echo "One Window needs Python 3.11 or newer with its venv module; none was found." >&2; \
		echo "Install one (for example: apt install python3 python3-venv)," >&2; \
		echo "or name it: make setup PYTHON=/path/to/python3.11" >&2; exit 1; fi
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear $(VENV)
	@echo "Installing what requirements-dev.lock names into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --no-deps -r requirements-dev.lock
	@rm -f $(VENV)/locked-*
	@touch $@

run: setup ## Start everything, carry sample applications to their end, stay up (ARGS=--once: stop then)
	@$(BIN)/python -m deploy.local run $(ARGS)

trace: setup ## Show one application's way through all services: make trace ID=<application number>
	@test -n "$(ID)" || { echo "Say which: make trace ID=<application number>" >&2; exit 2; }
	@$(BIN)/python -m deploy.local trace "$(ID)"

status: setup ## Show what `make run` has running, and where
	@$(BIN)/python -m deploy.local status

down: setup ## Stop what `make run` started from another terminal
	@$(BIN)/python -m deploy.local down

# Journeys come last and one by one: each starts the whole stack and kills parts of it.
test: check ## Check the code, then run all tests on real PostgreSQL and a real broker
ifeq ($(strip $(ARGS)),)
	@$(BIN)/python -m pytest -q -m "not journey" --numprocesses logical --maxprocesses 4 --dist loadfile
	@$(BIN)/python -m pytest -m journey
else
	@$(BIN)/python -m pytest $(ARGS)
endif

check: setup ## Formatting, lint, types and import contracts, in this order
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

rules: setup ## The law only: every test of rules, without database or broker
	@$(BIN)/python -m pytest -q tests/*/test_*rules*.py $(ARGS)

journeys: setup ## People's days from end to end, with every service as a process
	@$(BIN)/python -m pytest -m journey $(ARGS)

lock: setup ## Lock dependencies anew, with hashes and without index addresses
	@for name in requirements requirements-dev; do \
		$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
			--python-version 3.11 --output-file $$name.lock $$name.in || exit 1; done

migrate: setup ## Provision and migrate the database in DATABASE_ADMIN_URL (with DATABASE_PASSWORD_SECRET)
	@$(BIN)/python -m shared.migrations provision
	@$(BIN)/python -m shared.migrations upgrade

secrets: setup ## Make the secret files that docker-compose.yml needs, once
	@$(BIN)/python -m deploy.secret_keeping deploy/secrets

up: secrets ## Build the images and start PostgreSQL, Kafka and all services with Docker Compose
	@$(COMPOSE) up --build --detach --wait

.PHONY: docs
docs: setup ## Write the generated papers anew: law, problems, events, floor plan
	@$(BIN)/python -m docs.generate
