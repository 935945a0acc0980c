"""How long token fields are: what `schema.similarity` needs to know of all articles."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.engines.api import TOKEN_FIELDS
from index.engines.opensearch.schema import EMPTY_FIELD


@dataclass(frozen=True, slots=True)
class FieldLengths:
    """By token field: tokens, and articles in which it holds EMPTY_FIELD in place of any."""

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
        """How many times what it would be the average length of a field is."""
        tokens = self.tokens[name]
        return (tokens + self.empty[name]) / tokens if tokens else 1.0
