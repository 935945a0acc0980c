"""What is offered while someone types."""

from dataclasses import dataclass
from typing import Literal

from index.text.normalize import normalize

SuggestionKind = Literal["concept", "word", "value", "title"]
MAX_SUGGESTIONS = 10


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text`: a whole query, which ends in a name of a concept, another word, or the value of a
    field, or is a title. `articles`: how many the query finds; None for a title. `article_id`: the
    article of a title, the newest of its story."""

    text: str
    kind: SuggestionKind
    articles: int | None = None
    article_id: str | None = None


def distinct(suggestions: list[Suggestion]) -> list[Suggestion]:
    """The first suggestions, without those that differ only in width, case or script."""
    found: dict[str, Suggestion] = {}
    for suggestion in suggestions:
        found.setdefault(normalize(suggestion.text), suggestion)
    return list(found.values())[:MAX_SUGGESTIONS]
