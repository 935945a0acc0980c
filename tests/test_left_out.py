"""A machine without an engine's library: the other tests run, and the first lines say what does not."""

import subprocess
import sys

import pytest

from tests.left_out import header

BLOCKED = """
import sys
sys.modules["tantivy"] = None
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "tantivy" else found(name, *rest)
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""
SOME = ("tests", "-k", "nothing_built or tantivy")


def test_without_tantivy() -> None:
    """Nothing fails and nothing skips; it is named."""
    command = [sys.executable, "-c", BLOCKED, "--collect-only", "-q", *SOME]
    # -q hides the header; the summary line counts what was deselected.
    quiet = subprocess.run(command, capture_output=True, text=True, check=False)
    assert quiet.returncode == 0, quiet.stdout
    assert "test_nothing_built[whoosh]" in quiet.stdout
    assert "test_nothing_built[tantivy]" not in quiet.stdout
    command.remove("-q")
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "left out: the engine tantivy is not installed" in told.stdout


@pytest.mark.parametrize(
    ("selection", "says"),
    [
        pytest.param("not corpus and not cluster", "opensearch", id="without nodes"),
        pytest.param("not long", "every engine", id="with nodes"),
    ],
)
def test_header(selection: str, says: str) -> None:
    """Nodes are left out by the markers, and that is told too."""
    assert says in " ".join(header(selection))
