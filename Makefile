# Two commands matter: `make run` and `make test`. Everything lives in .venv.
PYTHON ?= python3
BIN := .venv/bin
EXTRAS ?=
PORT ?=
PYTEST_ARGS ?=
BENCH_ARGS ?=
# Each extra and group has a lock file, requirements/<name>.txt.
EVERYTHING := tantivy opensearch evaluate fulltext dev
INSTALL = @command -v $(PYTHON) >/dev/null || { echo "Not installed: there is no $(PYTHON). Install Python 3.11 or newer." >&2; exit 1; }; \
	$(PYTHON) requirements/install.py
# As many processes as the machine has cores; PYTEST_ARGS="-n 0" runs one test after the other.
PYTEST = $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: install for-tests run check fix test timing lint bench reliability screenshots catalogue lock clean

# What running needs, and extras by name: make install EXTRAS="tantivy opensearch"
install:
	$(INSTALL) $(EXTRAS)

for-tests:
	$(INSTALL) $(EVERYTHING)

run: install
	@$(BIN)/yuansou serve --seeds $(if $(PORT),--port $(PORT))

# While you work: lint and the fast tests, in under a minute on two cores.
check: lint
	$(PYTEST) -q -m 'not slow and not browser and not corpus and not cluster and not long and not timing'

# Mends what ruff can mend, and formats.
fix: for-tests
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

test: for-tests
	$(PYTEST) $(PYTEST_ARGS)

# Tests that measure time on the clock; they need a machine that does nothing else.
timing: for-tests
	$(BIN)/python -m pytest -m timing

lint: for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The product beside others: make bench BENCH_ARGS='CORPUS.jsonl.gz --queries QUERIES.jsonl'
bench:
	$(INSTALL) $(EVERYTHING) bench
	$(BIN)/python -m benchmarks $(BENCH_ARGS)

# What faults do: power cuts, kills, write errors, damage, races, minutes of serving, random queries.
# Needs strace. At full length, three hours of two shared cores (what is in the report already is not run again):
# make reliability RELIABILITY_ARGS='--states 10000 --kills 100 --errors 1000 --damages 20 --minutes 30 --queries 10000'
RELIABILITY_ARGS ?=
reliability: for-tests
	$(BIN)/python -m benchmarks.reliability $(RELIABILITY_ARGS)

# Takes the pictures in docs/screenshots with headless Chromium, over the sample articles.
screenshots: for-tests
	$(BIN)/python -m tests.browser.screenshots docs/screenshots

# Collects the strings of the page, and brings the translations up to them.
catalogue: for-tests
	$(BIN)/pybabel -q extract --keyword msg --keyword described --mapping pyproject.toml --no-location --no-wrap --sort-output --omit-header --output web/translations/messages.pot .
	for file in web/translations/*.po; do $(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --input-file web/translations/messages.pot --output-file $$file --locale $$(basename $$file .po); done

# Writes the lock files anew; run it after changing a range in pyproject.toml. What is locked stays
# locked where it still fits: make lock LOCK_ARGS=--upgrade takes the newest.
LOCK_ARGS ?=
lock:
	$(INSTALL) lock
	sh requirements/lock.sh $(LOCK_ARGS)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
