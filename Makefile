# Two commands matter: `make run` and `make test`. Everything lives in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=

.PHONY: install run test lint bench screenshots catalogue lock clean

install: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip hatchling editables
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-build-isolation --editable '.[fast,tantivy,opensearch,evaluate]' --group dev
	touch $@

run: install
	@$(BIN)/yuansou serve --seeds $(if $(PORT),--port $(PORT))

test: install
	$(BIN)/python -m pytest $(PYTEST_ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The product beside others: make bench BENCH_ARGS='CORPUS.jsonl.gz --queries QUERIES.jsonl'
bench: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

# Takes the pictures in docs/screenshots with headless Chromium, over the sample articles.
screenshots: install
	$(BIN)/python -m tests.screenshots docs/screenshots

# Collects the strings of the page, and brings the translations up to them.
catalogue: install
	$(BIN)/pybabel -q extract --keyword said --mapping pyproject.toml --no-location --no-wrap --sort-output --omit-header --output web/translations/messages.pot .
	for file in web/translations/*.po; do $(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --input-file web/translations/messages.pot --output-file $$file --locale $$(basename $$file .po); done

# Writes the exact versions that `install` uses; run it after changing a range in pyproject.toml.
lock:
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/python -m pip install --quiet --disable-pip-version-check --upgrade pip hatchling editables
	var/lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[fast,tantivy,opensearch,evaluate]' --group dev --group bench
	var/lock/bin/python -m pip freeze --all --exclude-editable | grep -v '^setuptools' > constraints.txt
	rm -rf var/lock

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache
