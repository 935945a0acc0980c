"""The tree of a parsed query, and its canonical text, which parses to an equal tree."""

from dataclasses import dataclass, field
from datetime import date
from types import UnionType

from search.query.quotation import quote
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
class PrefixWord:
    """The beginning of a word, without the `*`."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """`name`: title, author, source, category, topic, kind, about, mention or url."""

    name: str
    value: Word | Quoted | PrefixWord


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


Node = Word | Quoted | PrefixWord | Field | Period | Dated | AndNode | OrNode | NotNode | Nothing


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
        case Period():
            text = f"date:{_days(tree)}"
        case Dated():
            text = f"date:{tree.status}"
        case Quoted():
            text = quote(tree.text)
        case PrefixWord():
            text = f"{tree.text}*"
        case Word():
            text = tree.text
    return text


def has_date(tree: Node) -> bool:
    """Whether a condition on dates is in the tree."""
    match tree:
        case Period() | Dated():
            return True
        case AndNode() | OrNode():
            return any(map(has_date, tree.children))
        case NotNode():
            return has_date(tree.child)
    return False


def _bracketed(node: Node, kinds: type | UnionType) -> str:
    text = understood(node)
    return f"({text})" if isinstance(node, kinds) else text


def _days(period: Period) -> str:
    low, high = (day.isoformat() if day else "" for day in (period.low, period.high))
    return low if low == high else f"{low}..{high}"
