# “make demo” and “make test” are all a newcomer types; “make help” lists the rest.
PYTHON ?= python3
PORT ?= 8000
# Workers of the test sessions; a word such as “auto” or a number.
JOBS ?= auto
# More words for pytest, such as ARGS="tests/posts -k notice".
ARGS ?=

VENV := .venv/bin
MANAGE := $(VENV)/python manage.py
PYTEST := $(VENV)/python -m pytest -q -n $(JOBS) --dist loadgroup
SERVICES := $(VENV)/python -m tests.services
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.PHONY: help demo test test-sqlite test-postgres check fmt setup setup-test messages screenshots clean \
	check-style check-templates check-types check-django check-structure

help:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' Makefile

demo: export DEMO = 1
demo: export DATA_DIR = $(CURDIR)/var/demo
demo: setup  ## set everything up and serve the demonstration on http://localhost:8000 until Ctrl-C (PORT=… for another)
	@echo "demo: database and static files"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --noinput --verbosity 0
	@echo "demo: demonstration data"
	@$(MANAGE) demo
	@echo "demo: starting"
	@exec $(MANAGE) serve --port $(PORT)

test: setup-test test-sqlite test-postgres  ## set everything up and run the whole suite, on SQLite and on PostgreSQL

test-sqlite: setup-test
	@echo "test: the suite on SQLite, with Redis and Chromium"
	@$(SERVICES) --redis -- $(PYTEST) -m "not postgres" $(ARGS)

test-postgres: setup-test  ## run the suite on PostgreSQL only
	@echo "test: the suite on PostgreSQL"
	@$(SERVICES) --postgres --redis -- $(PYTEST) -m "postgres or not (browser or services or sqlite)" $(ARGS)

check: setup-test  ## linters, types, migrations, catalogues, structure, production settings
	@$(MAKE) -j 2 -O check-style check-templates check-types check-django check-structure
	@echo "check: all well"

check-style:
	@echo "check: style"
	@$(VENV)/ruff check -q .
	@$(VENV)/ruff format -q --check . || (echo "run “make fmt”"; exit 1)

check-templates:
	@echo "check: templates"
	@find templates -name '*.html' | xargs $(VENV)/djade --target-version 5.2 --check

check-types:
	@echo "check: types"
	@$(VENV)/mypy --no-error-summary

check-django:
	@echo "check: migrations and production settings"
	@$(MANAGE) makemigrations --check --dry-run
	@DATA_DIR=$$(mktemp -d) HTTPS=1 BEHIND_PROXY=1 ALLOWED_HOSTS=posts.example.org SITE_URL=https://posts.example.org \
		DATABASE_URL=postgres://posts@db.example.org/posts CELERY_BROKER_URL=redis://redis.example.org/0 \
		$(MANAGE) check --deploy --fail-level WARNING

check-structure:
	@echo "check: imports, file lengths, catalogues"
	@$(VENV)/python -m pytest -q -p no:randomly tests/test_architecture.py tests/test_catalogue.py

fmt:  ## put sources and templates into shape
	@$(VENV)/ruff check -q --fix . ; $(VENV)/ruff format -q .
	@find templates -name '*.html' | xargs $(VENV)/djade --target-version 5.2 || true

messages:  ## collect and compile the texts to translate
	@$(MANAGE) makemessages -l zh_Hans --no-location --no-obsolete --no-wrap -i .venv -i var -i tests
	@$(MANAGE) compilemessages -l zh_Hans -i .venv

setup:
	@$(PYTHON) scripts/setup.py

setup-test:
	@$(PYTHON) scripts/setup.py --dev

screenshots: setup-test  ## take the pictures of the README and the guides
	@$(VENV)/python scripts/screenshots.py

clean:  ## delete the demonstration's data
	@rm -rf var/demo
