"""Engines whose library this machine lacks: their tests are left out, and the header says so."""

from dataclasses import dataclass
from importlib.util import find_spec

import pytest


@dataclass(frozen=True)
class Library:
    """What an engine needs. `modules` import it; tests with the marker `marker` use it."""

    package: str
    engine: str
    marker: str
    modules: tuple[str, ...]


LIBRARIES = (
    Library("tantivy", "tantivy", "tantivy", ("test_tantivy.py",)),
    Library("opensearchpy", "opensearch", "cluster", ("test_cluster.py", "test_cluster_engine.py")),
)
MISSING = tuple(library for library in LIBRARIES if find_spec(library.package) is None)


def modules() -> list[str]:
    """Test modules that cannot be imported."""
    return [module for library in MISSING for module in library.modules]


def lacks(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(library.marker) for library in MISSING)


def header(selection: str, missing: tuple[Library, ...] = MISSING) -> list[str]:
    """What is run and what is not. `selection`: the expression over markers."""
    lines = [
        f"left out: the engine {library.engine} is not installed (pip install '.[{library.engine}]')"
        for library in missing
    ]
    if "not cluster" in selection:
        lines.append("left out: the engine opensearch; -m cluster starts real nodes, with Java")
    return lines or ["every engine is tested"]
