"""The queries an engine is asked, as plain values.

Scores, the same formula in every adapter: a `Term` in a token field scores BM25 in that field
(scoring.py); a `Term` in a keyword field, `Range`, `All` and `Not` score 0; `Substring` and
`Prefix` score 1; `And` and `Or` sum what matches; `Best` takes the highest; `Boost` multiplies.
Ties: newer first, then by id.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Term:
    """Articles whose `field` (a token or keyword field) holds `token`."""

    field: str
    token: str


@dataclass(frozen=True, slots=True)
class Substring:
    """Articles with these characters, in a row, within one block of title or text.

    `text` is normalised already; `field` is "title", "text", or None for either.
    """

    text: str
    field: Literal["title", "text"] | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """Articles whose `field` holds one of the `limit` commonest tokens that begin with `text`."""

    field: str
    text: str
    limit: int = 200


@dataclass(frozen=True, slots=True)
class Range:
    """Articles whose integer `field` lies in [low, high], both included; None is open."""

    field: str
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Every article."""


@dataclass(frozen=True, slots=True)
class _Several:
    """Queries are keys of caches; a tree of them is hashed once, not at every look-up."""

    queries: tuple["Query", ...]
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((type(self), self.queries)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True, eq=False)
class And(_Several):
    """All of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Or(_Several):
    """Any of them."""


@dataclass(frozen=True, slots=True, eq=False)
class Best(_Several):
    """Like `Or`, but scores the best of its queries, not their sum (forms of one word)."""


@dataclass(frozen=True, slots=True)
class Not:
    query: "Query"


@dataclass(frozen=True, slots=True)
class Boost:
    query: "Query"
    factor: float


Query = Term | Substring | Prefix | Range | All | And | Or | Best | Not | Boost
