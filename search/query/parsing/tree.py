"""The tree of a parsed query, and its canonical text, which parses to an equal tree."""

from dataclasses import dataclass, field
from datetime import date
from types import UnionType
from typing import Literal

from search.query.parsing.quotation import quote
from search.request import DateStatus


@dataclass(frozen=True, slots=True)
class Word:
    """Text as typed, without white space; it may hold several words of Chinese."""

    text: str


@dataclass(frozen=True, slots=True)
class Quoted:
    """Exactly these characters; runs of white space are one space. Never blank."""

    text: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A word with `*` in it or after it, as typed; it begins with another character and never has
    two `*` side by side."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """`name`: title, text, author, source, category, topic, organisation, kind, about, mention or
    url."""

    name: str
    value: Word | Quoted | Wildcard


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are inclusive. At most one is None, which means open. `label`: as typed."""

    low: date | None
    high: date | None
    label: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Dated:
    """Articles of whose dates this is known."""

    status: DateStatus


@dataclass(frozen=True, slots=True)
class Hours:
    """Published within this many hours before the clock of the request."""

    count: int


@dataclass(frozen=True, slots=True)
class NearNode:
    """Both, with at most `gap` characters between them. `field`: title or text; None: either."""

    left: Word | Quoted
    right: Word | Quoted
    gap: int
    field: Literal["title", "text"] | None = None


@dataclass(frozen=True, slots=True)
class AndNode:
    """At least two children, none of them an AndNode."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class OrNode:
    """At least two children, none of them an OrNode."""

    children: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class NotNode:
    """`child` must not match; it is never a NotNode itself."""

    child: "Node"


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty query; only ever the root."""


Leaf = Word | Quoted | Wildcard | Field | Period | Dated | Hours | NearNode
Node = Leaf | AndNode | OrNode | NotNode | Nothing


def understood(tree: Node) -> str:
    """The tree in one line that parses to an equal tree: `元宇宙 AND source:财新`."""
    text = ""
    match tree:
        case AndNode():
            text = " AND ".join(_bracketed(child, OrNode) for child in tree.children)
        case OrNode():
            text = " OR ".join(understood(child) for child in tree.children)
        case NotNode():
            text = f"NOT {_bracketed(tree.child, AndNode | OrNode)}"
        case Field():
            text = f"{tree.name}:{understood(tree.value)}"
        case Period() | Dated() | Hours():
            text = f"date:{_time(tree)}"
        case NearNode():
            scope = f"{tree.field}:" if tree.field else ""
            left, right = (f"{scope}{understood(side)}" for side in (tree.left, tree.right))
            text = f"{left} NEAR/{tree.gap} {right}"
        case Quoted():
            text = quote(tree.text)
        case Word() | Wildcard():
            text = tree.text
    return text


def has_date(tree: Node) -> bool:
    """Whether a condition on dates is in the tree."""
    match tree:
        case Period() | Dated() | Hours():
            return True
        case AndNode() | OrNode():
            return any(map(has_date, tree.children))
        case NotNode():
            return has_date(tree.child)
    return False


def _bracketed(node: Node, kinds: type | UnionType) -> str:
    text = understood(node)
    return f"({text})" if isinstance(node, kinds) else text


def _time(condition: Period | Dated | Hours) -> str:
    match condition:
        case Period():
            return _days(condition)
        case Dated(status):
            return status
        case Hours(count):
            return f"{count}h"


def _days(period: Period) -> str:
    low, high = (day.isoformat() if day else "" for day in (period.low, period.high))
    return low if low == high else f"{low}..{high}"
