# Two commands do everything: `make run` and `make test`. Both set up what they need.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000

.PHONY: run test check setup setup-test system lock clean static format

run: setup
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/bole demo --if-empty
	@$(BIN)/bole demo --accounts --address http://127.0.0.1:$(PORT)/
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

setup: $(VENV)/.run static
setup-test: $(VENV)/.test static

$(VENV)/bin/python:
	@echo "bole: 建立运行环境 / making the environment ($(VENV))"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt | $(VENV)/bin/python
	@echo "bole: 安装依赖 / installing what it needs"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

static: $(VENV)/.run
	@$(BIN)/python manage.py messages --compile
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0

# Chromium, PostgreSQL and Java for the tests that need the real thing (Debian, as root).
system:
	@tools/system.sh

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/run.in -o requirements/run.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/test.in -o requirements/test.txt

clean:
	rm -rf $(VENV) var build
