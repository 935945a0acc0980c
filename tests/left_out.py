"""Engines whose library this machine lacks: their tests are left out, and the header says so."""

from importlib.util import find_spec

import pytest

HAS_TANTIVY = find_spec("tantivy") is not None


def modules() -> list[str]:
    """Test modules that cannot be imported."""
    return [] if HAS_TANTIVY else ["test_tantivy.py"]


def lacks(item: pytest.Item) -> bool:
    return not HAS_TANTIVY and item.get_closest_marker("tantivy") is not None


def header(selection: str) -> list[str]:
    """What is run and what is not. `selection`: the expression over markers."""
    lines = []
    if not HAS_TANTIVY:
        lines.append("left out: the engine tantivy is not installed (pip install '.[tantivy]')")
    if "not cluster" in selection:
        lines.append("left out: the engine opensearch; -m cluster starts real nodes, with Java")
    return lines or ["every engine is tested"]
