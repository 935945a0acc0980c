"""Counts of a checkout's modules, arrows and names, read from its source."""

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGES = ("seeds", "index", "search", "web")
DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the product; `name` is dotted."""

    name: str
    tree: ast.Module

    @property
    def folder(self) -> str:
        return self.name.rpartition(".")[0].replace(".", "/")

    @property
    def room(self) -> str:
        """The package and the folder or module in it that this one belongs to."""
        return ".".join(self.name.split(".")[:2])


@dataclass(frozen=True, slots=True)
class Floors:
    """Rooms of a package by level: those on one level import only those below. `circles`: rooms
    that import each other."""

    rooms: int
    floors: int
    arrows: int
    circles: tuple[tuple[str, ...], ...]


def modules(root: Path) -> list[Module]:
    """All modules of the product, without those that only describe a folder (`__init__`)."""
    return [
        Module(".".join(path.relative_to(root).with_suffix("").parts), ast.parse(path.read_text()))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
        if path.stem != "__init__"
    ]


def in_each_folder(found: list[Module]) -> dict[str, int]:
    return dict(Counter(module.folder for module in found))


def one_word(found: list[Module]) -> list[str]:
    """Modules whose own name is a single word."""
    return [m.name for m in found if "_" not in m.name.rpartition(".")[2].strip("_")]


def two_meanings(found: list[Module]) -> dict[str, list[str]]:
    """Public functions and classes that several modules define."""
    return _several(found, lambda tree: (n.name for n in tree.body if isinstance(n, DEFINITIONS)))


def two_values(found: list[Module]) -> dict[str, list[str]]:
    """Public constants that several modules define, without type variables."""
    several = _several(found, _values)
    return {name: places for name, places in several.items() if len(name) > 1}


def _several(
    found: list[Module], names: Callable[[ast.Module], Iterable[str]]
) -> dict[str, list[str]]:
    defined: defaultdict[str, list[str]] = defaultdict(list)
    for module in found:
        for name in sorted({name for name in names(module.tree) if not name.startswith("_")}):
            defined[name].append(module.name)
    return {name: places for name, places in sorted(defined.items()) if len(places) > 1}


def _values(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            yield from (part.id for part in ast.walk(target) if isinstance(part, ast.Name))


def floors(found: list[Module], package: str) -> Floors:
    """How the rooms of one package lie above each other."""
    names = {module.name for module in found}
    arrows: defaultdict[str, set[str]] = defaultdict(set)
    for module in found:
        if module.room.split(".")[0] == package:
            arrows[module.room] |= {
                room
                for room in (_room(name, names) for name in _imports(module.tree))
                if room and room != module.room and room.split(".")[0] == package
            }
    circles = _circles(arrows)
    home = {room: circle[0] for circle in circles for room in circle}
    joined: defaultdict[str, set[str]] = defaultdict(set)
    for room, below in arrows.items():
        here = home.get(room, room)
        joined[here] |= {home.get(other, other) for other in below} - {here}
    height: dict[str, int] = {}
    for room in arrows:
        _height(home.get(room, room), joined, height)
    return Floors(
        rooms=len(arrows),
        floors=max(height.values(), default=0),
        arrows=sum(map(len, arrows.values())),
        circles=tuple(circles),
    )


def _height(room: str, below: Mapping[str, set[str]], known: dict[str, int]) -> int:
    if room not in known:
        known[room] = 1 + max((_height(one, below, known) for one in below[room]), default=0)
    return known[room]


def _circles(arrows: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    """Rooms that import each other, as sorted groups."""
    reached = {room: _reached(room, arrows) for room in arrows}
    groups = {
        tuple(sorted(other for other in reached[room] if room in reached.get(other, ())))
        for room in arrows
        if room in reached[room]
    }
    return sorted(groups)


def _reached(room: str, arrows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    open_ones = list(arrows.get(room, ()))
    while open_ones:
        one = open_ones.pop()
        if one not in seen:
            seen.add(one)
            open_ones.extend(arrows.get(one, ()))
    return seen


def _room(name: str, names: set[str]) -> str | None:
    """The room of an imported name; None if it is no module of the product. A name imported from a
    folder belongs to that folder."""
    parts = name.split(".")
    if parts[0] not in PACKAGES or len(parts) < 2:
        return None
    room = ".".join(parts[:2])
    known = room in names or any(other.startswith(room + ".") for other in names)
    return room if known else None


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
