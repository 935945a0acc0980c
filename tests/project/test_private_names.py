"""Private names of libraries: each one we use is listed, with its reason, in docs/decisions/."""

import ast
import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("index", "search", "web")
DECISIONS = {"whoosh": "whoosh.md", "opensearchpy": "opensearch.md"}
"""Library → the page of docs/decisions that names what we use of its private names."""
PUBLIC = frozenset(("_replace", "_exit"))
"""Of the standard library, documented although they begin with an underscore."""


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def is_foreign(module: str) -> bool:
    home = module.split(".", maxsplit=1)[0]
    return home not in PACKAGES and home not in sys.stdlib_module_names


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(library, private name) of imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and is_foreign(node.module):
            names = [*node.module.split("."), *(alias.name for alias in node.names)]
            yield from ((names[0], name) for name in names if is_private(name))


def inherited(tree: ast.Module, module: str) -> Iterator[tuple[str, str]]:
    """(library, private name) pairs that our subclasses share with a library's class."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            ours = getattr(importlib.import_module(module), node.name)
            used = set(names_in(node))
            for base in ours.__mro__[1:]:
                if is_foreign(base.__module__):
                    library = base.__module__.split(".")[0]
                    yield from ((library, name) for name in sorted(used & set(names_of(base))))


def names_in(node: ast.AST) -> Iterator[str]:
    """Private names that a class defines, uses, or has in a string."""
    for each in ast.walk(node):
        match each:
            case ast.Attribute(attr=name) | ast.FunctionDef(name=name) | ast.Constant(value=name):
                if isinstance(name, str) and is_private(name):
                    yield name


def names_of(base: type) -> Iterator[str]:
    """Private names that a library's class has or its methods use."""
    yield from filter(is_private, vars(base))
    for member in vars(base).values():
        if isinstance(member, FunctionType):
            yield from filter(is_private, inspect.unwrap(member).__code__.co_names)


def strangers(tree: ast.Module) -> Iterator[str]:
    """Private attributes that neither their module nor an imported one of ours defines."""
    own = {*PUBLIC, *defined(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not is_foreign(node.module):
            path = ROOT / f"{node.module.replace('.', '/')}.py"
            own.update(defined(ast.parse(path.read_text("utf-8"))) if path.is_file() else ())
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and is_private(node.attr) and node.attr not in own:
            yield node.attr


def defined(tree: ast.Module) -> Iterator[str]:
    """Names of functions, classes, variables and attributes that a module sets."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Attribute(attr=name, ctx=ast.Store()) | ast.Name(id=name, ctx=ast.Store()):
                yield name


def touched() -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            found.update(imported(tree))
            if path.name not in ("__init__.py", "__main__.py"):
                found.update(inherited(tree, module))
            known = {name for _, name in found}
            found.update(("unknown", name) for name in strangers(tree) if name not in known)
    return found


@pytest.mark.slow
def test_each_is_written_down() -> None:
    """Every private name used is on a page of docs/decisions/."""
    missing = [
        f"{library}: {name}"
        for library, name in sorted(touched())
        if library not in DECISIONS
        or f"`{name}`" not in (ROOT / "docs" / "decisions" / DECISIONS[library]).read_text("utf-8")
    ]

    assert missing == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (
            "from opensearchpy.client.utils import _normalize_hosts",
            [("opensearchpy", "_normalize_hosts")],
        ),
        ("from bleach._vendor import html5lib", [("bleach", "_vendor")]),
        ("from index._inner import _x", []),
        ("from os import _exit", []),
    ],
)
def test_imports_are_seen(source: str, found: list[tuple[str, str]]) -> None:
    """Imports from libraries are found, those from us or Python are not."""
    assert list(imported(ast.parse(source))) == found


def test_what_is_overridden_is_seen() -> None:
    """The five overridden names of the codec are found, three of which look like ours."""
    path = ROOT / "index" / "engines" / "whoosh" / "codec.py"
    found = inherited(ast.parse(path.read_text("utf-8")), "index.engines.whoosh.codec")

    assert {name for _, name in found} >= {"_buf", "_cached_reader", "_get_column_file", "_storage"}
