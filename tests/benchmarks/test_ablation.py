"""benchmarks.quality.ablation: every row sets constants that exist, in every module that imports
them."""

import sys
from types import ModuleType

import pytest

from benchmarks.quality.ablation import GRID, NAMESAKES, PARTS, Part, _set

CONSTANTS = sorted(
    {(m.__name__, name) for part in (*PARTS, *GRID) for m, name, _ in part.constants}
)


def _places(constant: str) -> set[ModuleType]:
    """Modules of search/ that import a constant."""
    modules = [module for name, module in sys.modules.items() if name.startswith("search.")]
    return {module for module in modules if constant in vars(module)}


@pytest.mark.parametrize(("module", "constant"), CONSTANTS)
def test_constants_are_set_in_every_module(module: str, constant: str) -> None:
    """A module that a row forgets would keep the old value, and the row would show no effect."""
    owner = sys.modules[module]
    shared = {m for m in _places(constant) if vars(m)[constant] is vars(owner)[constant]}
    assert shared == set(NAMESAKES.get(constant, (owner,)))


@pytest.mark.parametrize("part", PARTS, ids=[part.name for part in PARTS])
def test_a_row_changes_something_and_leaves_nothing_behind(part: Part) -> None:
    """Its constants differ from the usual ones inside the row, and are restored after it."""
    before = [getattr(module, name) for module, name, _ in part.constants]
    with _set(part):
        inside = [getattr(module, name) for module, name, _ in part.constants]
    assert inside == [value for _, _, value in part.constants]
    assert part.verbatim or all(a != b for a, b in zip(inside, before, strict=True))
    assert [getattr(module, name) for module, name, _ in part.constants] == before
