"""What ranking uses of a query."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

from search.budget import UNLIMITED, Budget
from search.query.expansion import QueryWord


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """Its words with the idf of each, its pairs of characters, its whole text normalised
    (`phrase`), the same as titles may ask it where it says more than its words (`questions`), the
    time in epoch seconds (`now`), and the kinds of articles that it asks for. `meaning`: factors by
    id (meaning.py)."""

    words: tuple[QueryWord, ...]
    idfs: tuple[float, ...]
    pairs: tuple[str, ...]
    phrase: str
    now: int
    questions: tuple[str, ...] = ()
    asked_kinds: frozenset[str] = frozenset()
    meaning: Mapping[str, float] = field(default_factory=dict)
    budget: Budget = UNLIMITED

    @property
    def subject(self) -> Hashable:
        """Equal for two queries of one generation that texts answer alike."""
        words = tuple([(word.text, word.forms, near_forms(word)) for word in self.words])
        return words, self.idfs, self.pairs, self.phrase, self.questions


def near_forms(word: QueryWord) -> tuple[str, ...]:
    """All forms of what is near a word."""
    return tuple([form for other in word.near for form in other.forms])
