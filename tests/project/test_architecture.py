"""The layout: imports point one way, libraries stay in their rooms, nothing grows too long."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("seeds", "index", "search", "web")
"""Each may import itself and those before it."""
HOMES = {
    "flask": "web/",
    "flask_compress": "web/http/compression.py",
    "werkzeug": "web/",
    "msgspec": "web/",
    "jieba": "index/analysis/cutters.py",
    "rjieba": "index/analysis/cutters.py",
    "tantivy": "index/engines/tantivy/",
    "opensearchpy": "index/engines/opensearch/",
    "urllib3": "index/engines/opensearch/",
    "whoosh": "index/engines/whoosh/",
    "bleach": "web/markup/sanitize.py",
    "feedgenerator": "web/feeds/xml.py",
    "rensa": "index/duplicates/minhash.py",
    "pypinyin": "search/pinyin.py",
}
"""Library → where alone it may be imported."""
MODULES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
VAGUE = frozenset(("utils", "util", "helpers", "helper", "common", "manager", "service", "misc"))
MAX_MODULE, MAX_FUNCTION = 400, 60
INTERFACE = "index/engines/api.py"


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


each_module = pytest.mark.parametrize("path", MODULES, ids=name_of)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything a module imports, wherever it does."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_there_is_something_to_check() -> None:
    """The folders are where they should be."""
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(PACKAGES)


@each_module
def test_arrows(path: Path) -> None:
    """web → search → index → seeds, never the other way; tests and benchmarks are for nobody."""
    home = path.relative_to(ROOT).parts[0]
    forbidden = {*PACKAGES[PACKAGES.index(home) + 1 :], "tests", "benchmarks"}
    assert forbidden.isdisjoint(name.split(".")[0] for name in imports(path))


@each_module
def test_absolute_imports(path: Path) -> None:
    """What is imported is said in full."""
    assert not [name for name in imports(path) if name.startswith(".")]


@each_module
def test_libraries_stay_at_home(path: Path) -> None:
    """A library is known in one place, so that it can be replaced there."""
    for name in imports(path):
        home = HOMES.get(name.split(".")[0])
        assert home is None or name_of(path).startswith(home), name


@pytest.mark.parametrize("folder", ["search", "web"])
def test_no_adapter_outside_the_index(folder: str) -> None:
    """Search and web know engines by their interface, and open them by the registry. The cache
    knows no engine."""
    parts = ("api", "lru_cache", "queries", "scoring")
    allowed = [f"index.engines.{part}" for part in parts]
    if folder == "web":
        allowed.append("index.engines.registry")
    for path in MODULES:
        if name_of(path).startswith(f"{folder}/"):
            engines = [name for name in imports(path) if name.startswith("index.engines")]
            assert all(name.startswith(tuple(allowed)) for name in engines), name_of(path)


def test_the_interface_knows_no_engine() -> None:
    """The interface imports no adapter."""
    engines = [name for name in imports(ROOT / INTERFACE) if name.startswith("index.engines")]
    assert all(name.startswith("index.engines.queries") for name in engines)


def test_seeds_run_no_code() -> None:
    """seeds/ is data: its only module is empty but for what it says."""
    assert [name_of(path) for path in MODULES if name_of(path).startswith("seeds/")] == [
        "seeds/__init__.py"
    ]
    assert all(isinstance(node, ast.Expr) for node in tree(ROOT / "seeds/__init__.py").body)


@each_module
def test_length(path: Path) -> None:
    """A module can be read in one sitting."""
    assert len(path.read_text("utf-8").splitlines()) <= MAX_MODULE


@each_module
def test_functions(path: Path) -> None:
    """A function fits on a screen."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MAX_FUNCTION, node.name


@each_module
def test_names(path: Path) -> None:
    """No module is called after nothing in particular."""
    assert VAGUE.isdisjoint(path.relative_to(ROOT).with_suffix("").parts)


@each_module
def test_docstrings(path: Path) -> None:
    """Every module that does something says what."""
    assert not tree(path).body or ast.get_docstring(tree(path))


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_say_what_they_do(package: str) -> None:
    """The first lines of a folder say what it does, and what it does not."""
    said = ast.get_docstring(tree(ROOT / package / "__init__.py")) or ""
    first, *rest = said.splitlines()
    assert first.rstrip(".:?!") != first
    assert any(word in " ".join(rest) for word in ("not", "no ", "no code"))
    assert len(said.splitlines()) <= 4
