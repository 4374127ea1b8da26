# Two commands do everything: `make run` and `make test`. Both set up what they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# What pages need beside the database: made once, and again when a source of it has changed.
STATIC := $(or $(BOLE_HOME),var)/static/.made
STATIC_SOURCES := $(shell find src/bole -name '*.po' -o -path '*/static/*' -type f)
# Compiling every module of every package takes longer than all that follows; Python compiles
# those that are used when it first imports them.
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile

.PHONY: run test check setup setup-test system lock clean static format

run: setup
	@$(BIN)/python manage.py migrate --verbosity 0 --skip-checks
	@$(BIN)/bole demo --if-empty --no-cases --accounts --address http://127.0.0.1:$(PORT)/
	@$(BIN)/bole demo --only-cases &
	@$(BIN)/gunicorn bole.config.wsgi --bind 127.0.0.1:$(PORT) --worker-class gthread \
		--workers 1 --threads 8 --error-logfile - --log-level warning

test: setup-test system
	@$(BIN)/python tools/test.py

check: setup-test
	$(BIN)/ruff format --check src tests benchmarks tools manage.py
	$(BIN)/ruff check src tests benchmarks tools manage.py
	$(BIN)/mypy
	$(BIN)/python manage.py makemigrations --check --dry-run --verbosity 0
	$(BIN)/python manage.py messages --check

format:
	$(BIN)/ruff format src tests benchmarks tools manage.py
	$(BIN)/ruff check --fix src tests benchmarks tools manage.py

setup: $(VENV)/.run $(STATIC)
setup-test: $(VENV)/.test $(STATIC)

$(VENV)/bin/python:
	@echo "bole: 建立运行环境 / making the environment ($(VENV))"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt | $(VENV)/bin/python
	@echo "bole: 安装依赖 / installing what it needs"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	@$(PIP) --require-hashes -r requirements/test.txt
	@touch $@

static: $(STATIC)

$(STATIC): $(VENV)/.run $(STATIC_SOURCES)
	@$(BIN)/python manage.py messages --compile
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

# Chromium, PostgreSQL and Java for the tests that need the real thing (Debian, as root).
system:
	@tools/system.sh

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/test.in -o requirements/test.txt

clean:
	rm -rf $(VENV) var build
