"""All regular expressions of a package, and texts on which a bad one takes quadratic time."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

NEUTRAL = ("甲", "a", " ")
"""What stands for a character that an expression only excludes."""
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "甲",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "-",
}
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_AT_THE_BEGINNING = frozenset({"match", "fullmatch"})
_SCANNING = frozenset({"search", "sub", "subn", "split", "findall", "finditer"})
MAX_PAIRED = 6
"""Characters of an expression that are tried in pairs."""
MAX_CHARACTERS = 24


@dataclass(frozen=True)
class Expression:
    """An expression, where it is, and the methods by which the code uses it."""

    name: str
    pattern: re.Pattern[str]
    methods: frozenset[str]

    def run(self, text: str) -> None:
        if not _SCANNING.isdisjoint(self.methods):
            for _ in self.pattern.finditer(text):
                pass
        for method in self.methods & _AT_THE_BEGINNING:
            getattr(self.pattern, method)(text)


def expressions(package: ModuleType) -> Iterator[Expression]:
    """In module variables, their containers and classes, in what cached functions without
    parameters give, and written where they are used."""
    for module in _modules(package):
        source = inspect.getsource(module)
        seen: set[int] = set()
        for name, value in vars(module).items():
            if isinstance(value, ModuleType) or _is_imported(value, module):
                continue
            for path, pattern in _patterns(name, value, module, seen):
                yield Expression(f"{module.__name__}.{path}", pattern, _methods(path, source))
        yield from _inline(module.__name__, source)


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _is_imported(value: object, module: ModuleType) -> bool:
    defines = isinstance(value, type) or callable(value)
    return defines and getattr(value, "__module__", None) != module.__name__


def _patterns(
    path: str, value: Any, module: ModuleType, seen: set[int]
) -> Iterator[tuple[str, re.Pattern[str]]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield path, value
    elif hasattr(value, "cache_info"):
        if not inspect.signature(value).parameters:
            yield from _patterns(path, value(), module, seen)
    else:
        for part, inner in _parts(value, module):
            yield from _patterns(f"{path}.{part}" if part else path, inner, module, seen)


def _parts(value: Any, module: ModuleType) -> Iterator[tuple[str, Any]]:
    if isinstance(value, type):
        yield from ((n, v) for n, v in vars(value).items() if isinstance(v, re.Pattern | tuple))
    elif is_dataclass(value):
        yield from ((field.name, getattr(value, field.name)) for field in fields(value))
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        yield from value._asdict().items()
    elif isinstance(value, Mapping):
        yield from (("", inner) for inner in value.values())
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (("", inner) for inner in value)


def _methods(path: str, source: str) -> frozenset[str]:
    """The methods that the module calls; all of them for an expression that it hands on."""
    name = re.escape(path.rpartition(".")[2])
    called = re.findall(rf"\b{name}\b(?:\[[^\n]{{0,30}}\])?\.(\w+)", source)
    return frozenset(called) & (_SCANNING | _AT_THE_BEGINNING) or _SCANNING | _AT_THE_BEGINNING


def _inline(module: str, source: str) -> Iterator[Expression]:
    """Expressions written where they are used, as in `re.sub("…", …)`."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="re"), attr=method),
                args=[ast.Constant(value=str(written)), *_],
            ) if method not in ("compile", "escape"):
                name = f"{module}:{node.lineno}"
                yield Expression(name, re.compile(written), frozenset({method}))


def hostile_texts(pattern: re.Pattern[str]) -> Iterator[Callable[[int], str]]:
    """Functions that make a text of a length: repeated pieces of what the expression looks for,
    alone and after a beginning that it accepts."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    begun = list(dict.fromkeys(_beginnings(tree, "")))
    characters = list(dict.fromkeys([*_characters(tree), *NEUTRAL]))[:MAX_CHARACTERS]
    pairs = ["".join(pair) for pair in product(characters[:MAX_PAIRED], repeat=2)]
    whole = _sample(tree)
    units = [*characters, *pairs, whole, whole[:-1], *(unit for _, unit in begun)]
    units += [before + unit for before, unit in begun]
    units += [before + " " for before, _ in begun]  # where the expression wants a word to end
    tried = [("", unit) for unit in units]
    tried += begun
    tried += [(whole[:-1], unit) for unit in characters[:MAX_PAIRED]]
    for before, unit in dict.fromkeys(tried):
        if unit:
            yield lambda length, b=before, u=unit: f"{b}{u * (length // len(u))}\x01"


def _characters(tree: Any) -> Iterator[str]:
    """A character for each literal, range and category."""
    for code, value in tree:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.RANGE:
            yield chr(value[0])
        elif code is codes.CATEGORY:
            yield _CATEGORIES.get(value, "a")
        elif code is codes.IN:
            yield from _characters(value)
        else:
            for inner in _subtrees(code, value):
                yield from _characters(inner)


def _subtrees(code: Any, value: Any) -> Iterator[Any]:
    if code is codes.BRANCH:
        yield from value[1]
    elif code is codes.ATOMIC_GROUP:
        yield value
    elif code is codes.GROUPREF_EXISTS:
        yield from (inner for inner in value[1:] if inner)
    elif code is codes.SUBPATTERN or code in _REPEATS:
        yield value[-1]
    elif code in (codes.ASSERT, codes.ASSERT_NOT):
        yield value[1]


def _sample(tree: Any) -> str:
    """A text that the expression accepts, or nearly."""
    return "".join(_sample_of(code, value) for code, value in tree)


def _sample_of(code: Any, value: Any) -> str:
    if code is codes.LITERAL:
        return chr(value)
    if code in (codes.NOT_LITERAL, codes.ANY):
        return NEUTRAL[0]
    if code is codes.IN:
        if value[0][0] is codes.NEGATE:
            return NEUTRAL[0]
        return next(iter(_characters(value[:1])), NEUTRAL[1])
    if code in _REPEATS:
        return _sample(value[2]) * max(1, value[0])
    if code in (codes.ASSERT_NOT, codes.AT, codes.GROUPREF, codes.ASSERT):
        return ""
    return next(map(_sample, _subtrees(code, value)), "")


def _beginnings(tree: Any, before: str) -> Iterator[tuple[str, str]]:
    """For each repetition, what the expression accepts before it, and what it repeats."""
    for code, value in tree:
        if code in _REPEATS:
            yield before, _sample(value[2])
        if code not in (codes.IN, codes.ASSERT, codes.ASSERT_NOT):
            for inner in _subtrees(code, value):
                yield from _beginnings(inner, before)
        before += _sample_of(code, value)
