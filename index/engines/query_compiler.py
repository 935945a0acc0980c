"""The walk over queries and filters that adapters share: each adds only its building blocks."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from index.engines.api import INTEGER_FIELDS
from index.engines.character_tokens import CHARACTERS, PAIRS, characters
from index.engines.queries import (
    All,
    AllOf,
    AnyOf,
    AnyTerm,
    Filter,
    Leaf,
    Near,
    Not,
    Query,
    Range,
    Substring,
    Term,
)
from index.engines.query_rewrite import matching
from index.engines.snapshots import CommonTerms

T = TypeVar("T")


class LeafCompiler(ABC, Generic[T]):
    """Compiles queries that have no parts. `T`: what an engine makes of a query."""

    def compile_leaf(self, query: Leaf) -> T:
        """Raises ValueError for a range of a field that holds no integers."""
        match query:
            case Term(field, token):
                return self._term(field, token)
            case Substring(text, field):
                return self._substring(text, field)
            case AnyTerm(field, tokens):
                return self._terms(field, tokens)
            case Near():
                return self._near(query)
            case Range(field, low, high):
                if field not in INTEGER_FIELDS:
                    raise ValueError(f"no integer field {field!r}")
                return self._range(field, low, high)
            case All():
                return self._all()

    @abstractmethod
    def _term(self, field: str, token: str) -> T: ...

    @abstractmethod
    def _substring(self, text: str, field: str | None) -> T: ...

    @abstractmethod
    def _terms(self, field: str, tokens: Sequence[str]) -> T:
        """Articles that have any of these tokens."""

    @abstractmethod
    def _near(self, near: Near) -> T: ...

    @abstractmethod
    def _range(self, field: str, low: int | None, high: int | None) -> T: ...

    @abstractmethod
    def _all(self) -> T: ...


class QueryCompiler(LeafCompiler[T]):
    """Compiles filters for an engine with a query language of its own, where strings of characters
    are found by the fields of character_tokens.py. How it scores is the engine's own."""

    def __init__(self, common_terms: CommonTerms) -> None:
        self.common_terms = common_terms

    def filter(self, query: Query) -> T:
        """A query for the same matches, for where no scores are needed."""
        return self.compile_filter(matching(query))

    def compile_filter(self, filter_: Filter) -> T:
        match filter_:
            case AllOf(parts):
                needed = [self.compile_filter(part) for part in parts if not isinstance(part, Not)]
                excluded = [
                    self.compile_filter(part.query) for part in parts if isinstance(part, Not)
                ]
                return self._all_of(needed, excluded)
            case Not(inner):
                return self._all_of([], [self.compile_filter(inner)])
            case AnyOf(parts):
                return self._any_filter(parts)
            case _:
                return self.compile_leaf(filter_)

    def _any_filter(self, filters: Sequence[Filter]) -> T:
        return self._any_of([self.compile_filter(part) for part in filters])

    def _substring(self, text: str, field: str | None) -> T:
        if not text or "\n" in text:
            return self._nothing()  # a string of two blocks is in neither
        if len(text) == 1 and field is None:
            return self._term(CHARACTERS, characters(text))
        fields = [PAIRS[field]] if field else list(PAIRS.values())
        return self._any_of([self._in_a_row(name, characters(text)) for name in fields])

    @abstractmethod
    def _in_a_row(self, field: str, tokens: str) -> T:
        """Articles that have these characters, as tokens, in a row in a field of pairs."""

    @abstractmethod
    def _nothing(self) -> T: ...

    @abstractmethod
    def _all_of(self, needed: list[T], excluded: list[T]) -> T:
        """Articles that match all of `needed`, if there are any, and none of `excluded`."""

    @abstractmethod
    def _any_of(self, parts: list[T]) -> T: ...
