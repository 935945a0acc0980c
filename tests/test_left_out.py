"""A machine without an engine's library: the other tests run, and the first lines say what does not."""

import subprocess
import sys

import pytest

from tests.left_out import header

BLOCKED = """
import importlib.util
import sys
gone = sys.argv.pop(1)
sys.modules[gone] = None
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == gone else found(name, *rest)
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("package", "engine"),
    [
        pytest.param("tantivy", "tantivy", id="tantivy"),
        pytest.param("opensearchpy", "opensearch", id="opensearch"),
    ],
)
def test_without(package: str, engine: str) -> None:
    """Every other test is collected, no module fails to be imported, and what is missing is named."""
    asked = [sys.executable, "-c", BLOCKED, package, "--collect-only", "tests", "-m", "not long"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    assert " error" not in told.splitlines()[-1]
    assert "test_nothing_built[whoosh]" in told
    assert f"test_nothing_built[{engine}]" not in told
    assert f"left out: the engine {engine} is not installed (pip install '.[{engine}]')" in told


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        pytest.param("not corpus and not cluster", "opensearch", id="without nodes"),
        pytest.param("not long", "every engine", id="with nodes"),
    ],
)
def test_header(selection: str, says: str) -> None:
    """Nodes are left out by the markers, and that is told too."""
    assert says in " ".join(header(selection, ()))
