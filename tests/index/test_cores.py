"""How many cores are used, on a machine and in a container."""

import os
from pathlib import Path

import pytest

from index.cores import cores

ALL = len(os.sched_getaffinity(0))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        pytest.param(None, ALL, id="no container"),
        pytest.param("max 100000\n", ALL, id="no limit"),
        pytest.param("100000 100000\n", 1, id="one core"),
        pytest.param("50000 100000\n", 1, id="half a core"),
        pytest.param("150000 100000\n", min(2, ALL), id="a core and a half"),
        pytest.param("6400000 100000\n", min(64, ALL), id="more than there are"),
        pytest.param("100000\n", ALL, id="without a period"),
        pytest.param("100000 0\n", 1, id="a period of nothing"),
    ],
)
def test_cores(tmp_path: Path, limit: str | None, expected: int) -> None:
    """No more than the process is bound to, nor than its share of processor time."""
    if limit is not None:
        (tmp_path / "cpu.max").write_text(limit, "ascii")

    assert cores(tmp_path / "cpu.max") == expected
