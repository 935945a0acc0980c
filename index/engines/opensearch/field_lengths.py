"""Counts the tokens of token fields over all articles, for `schema.similarity`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.engines.api import TOKEN_FIELDS
from index.engines.opensearch.schema import EMPTY_FIELD


@dataclass(frozen=True, slots=True)
class FieldLengths:
    """By token field: its tokens, and the articles in which it is empty (EMPTY_FIELD)."""

    tokens: Counter[str] = field(default_factory=Counter)
    empty: Counter[str] = field(default_factory=Counter)

    def count(self, fields: Mapping[str, Any]) -> None:
        """Add an article."""
        for name in TOKEN_FIELDS:
            if fields[name] == EMPTY_FIELD:
                self.empty[name] += 1
            else:
                self.tokens[name] += fields[name].count(" ") + 1

    def add(self, other: "FieldLengths") -> None:
        self.tokens.update(other.tokens)
        self.empty.update(other.empty)

    def longer(self, name: str) -> float:
        """The average length of a field with EMPTY_FIELD, divided by that without."""
        tokens = self.tokens[name]
        return (tokens + self.empty[name]) / tokens if tokens else 1.0
