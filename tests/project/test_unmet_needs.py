"""On a machine that lacks something, other tests run, and those left out are reported and counted."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import unmet_needs

ROOT = Path(__file__).parents[2]
WITHOUT = """
import importlib.util
import sys
gone = sys.argv.pop(1).split(",")
sys.modules.update(dict.fromkeys(gone))
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in gone else found(name, *rest)
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
"""Runs pytest where the packages that are named first, with commas, are not installed."""
SUITE = """
import pytest

@pytest.fixture
def browser():
    return "shown"

@pytest.mark.parametrize("page", range(3))
def test_page(browser, page):
    pass

@pytest.mark.cluster
def test_nodes():
    pass

@pytest.mark.corpus
def test_corpus():
    pass

def test_nothing_needed():
    pass
"""
SETTINGS = "[pytest]\nmarkers = browser\n  cluster\n  corpus\n  fulltext\n  nginx\n  systemd\n  tantivy\n  vectors\naddopts = -p no:cacheprovider --strict-markers\n"


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A folder with three browser tests, one for nodes, one for the corpus, and one for none of
    these."""
    folder = tmp_path / "suite"
    folder.mkdir()
    (folder / "pytest.ini").write_text(SETTINGS, "utf-8")
    (folder / "test_suite.py").write_text(SUITE, "utf-8")
    return folder


def ran(suite: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs pytest on a machine without programs, unless `environment` says otherwise."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        suite / "pytest.ini",
        "-p",
        "tests.support.unmet_needs",
    ]
    nothing = {"PATH": str(suite), "HOME": str(suite), "LANG": "C.UTF-8"}
    return subprocess.run(
        [*command, suite, *options],
        cwd=ROOT,
        env=nothing | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_left_out_is_counted(suite: Path) -> None:
    """They are reported first, and are deselected rather than skipped."""
    told = ran(suite, "-m", "not corpus")
    first, _, last = told.stdout.partition("collected")
    assert told.returncode == 0
    assert "left out: browser tests (no Chromium, Chrome or Edge: " in first
    assert "left out: 3 browser tests (no Chromium, Chrome or Edge: " in last
    assert "left out: 1 tests on OpenSearch nodes (no setpriv" in last
    assert "1 passed, 5 deselected" in last
    assert "skipped" not in last


@pytest.mark.slow
def test_processes_count_once(suite: Path) -> None:
    """Two processes that leave out the same tests count them once."""
    told = ran(suite, "-m", "not corpus and not cluster", "-n", "2")
    assert "left out: 3 browser tests (no Chromium, Chrome or Edge: " in told.stdout
    assert "1 passed" in told.stdout


def test_what_is_not_asked_for_is_not_left_out(suite: Path) -> None:
    """Only selected tests are counted."""
    selection = " and ".join(f"not {need.marker}" for need in unmet_needs.NEEDS)
    told = ran(suite, "-m", selection, "--nothing-left-out")
    assert told.returncode == 0
    assert "left out" not in told.stdout
    assert "not asked for: tests on OpenSearch nodes" in told.stdout
    assert "1 passed, 5 deselected" in told.stdout


@pytest.mark.slow
@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one process", "two"])
def test_nothing_may_be_left_out(suite: Path, processes: tuple[str, ...]) -> None:
    """With the option the run fails before its first test, with the reason."""
    told = ran(suite, "-m", "not cluster and not corpus", "--nothing-left-out", *processes)
    assert told.returncode == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "this machine cannot run all tests, so none was run" in told.stdout
    assert "left out: 3 browser tests (no Chromium, Chrome or Edge: " in told.stdout
    assert "passed" not in told.stdout


def test_a_browser_of_any_name(suite: Path) -> None:
    """With a browser nothing is left out."""
    browser = suite / "my-browser"
    browser.touch(mode=0o755)
    selection = ("-m", "not cluster and not corpus", "--nothing-left-out")
    told = ran(suite, *selection, YUANSOU_BROWSER="my-browser")
    assert told.returncode == 0
    assert "4 passed, 2 deselected" in told.stdout


def test_a_browser_that_is_not_there(suite: Path) -> None:
    """A wrong YUANSOU_BROWSER is an error, and leaves out no test."""
    told = ran(suite, YUANSOU_BROWSER="chrmoium")
    assert told.returncode == pytest.ExitCode.USAGE_ERROR
    assert told.stderr.strip() == (
        "ERROR: YUANSOU_BROWSER=chrmoium is no program: give its path, or unset it"
    )


@pytest.mark.slow
def test_without_the_libraries_of_engines() -> None:
    """All other tests are collected, and every file can be imported."""
    libraries = {"tantivy": "tantivy", "opensearch": "opensearchpy"}
    gone = ",".join(libraries.values())
    asked = [sys.executable, "-c", WITHOUT, gone, "--collect-only", "tests", "-m", "not long"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout

    assert " error" not in told.splitlines()[-1]
    assert "test_nothing_built[whoosh]" in told
    for engine in libraries:
        reason = f"tests of the engine {engine} (not installed: make install EXTRAS={engine})"
        (need,) = [need for need in unmet_needs.NEEDS if engine in need.tests and need.files]
        assert f"test_nothing_built[{engine}]" not in told
        assert f"left out: {' and '.join(need.files)}, {reason}" in told
        assert [line for line in told.splitlines() if line.endswith(f" {reason}")]


def test_every_file_that_is_named_is_there() -> None:
    """Files listed for a need exist."""
    named = {name for need in unmet_needs.NEEDS for name in need.files}
    assert named <= {path.name for path in (ROOT / "tests").rglob("test_*.py")}
