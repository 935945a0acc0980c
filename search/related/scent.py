"""Scent: what a generation has on a concept, for the line above the results of its name."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import Query
from index.lexicon.model import Concept, Lexicon, form_key, token_of
from search.query.concept_conditions import about, mentioning

MAX_OFFERED = 3
CACHED_SCENTS = 256
SHORT_NAME = 3
_WORDS = ("title_words", "text_words")
_CONCEPTS = "text_concepts"


@dataclass(frozen=True, slots=True)
class Scent:
    """`names`: its other names that occur as words, the commonest first. `about`, `mention`:
    articles about it, and articles that mention it, the former included. `months`: those that
    mention it, by month; those without a date are in none. `offered`: narrower and related
    concepts, each with the total of a search for its name."""

    concept: Concept
    names: tuple[str, ...]
    about: int
    mention: int
    months: tuple[tuple[int, int], ...]
    offered: tuple[tuple[Concept, int], ...]

    @property
    def dated(self) -> int:
        return sum(count for _, count in self.months)


class ScentFinder:
    """Over one generation. `total`: query → articles that match it. Threads may share it."""

    def __init__(
        self, snapshot: Snapshot, segmenter: Segmenter, total: Callable[[str], int]
    ) -> None:
        self._snapshot = snapshot
        self._segmenter = segmenter
        self._total = total
        self.scent: Callable[[Concept], Scent] = lru_cache(CACHED_SCENTS)(self._scent)

    def _scent(self, concept: Concept) -> Scent:
        mention = mentioning(concept)
        return Scent(
            concept=concept,
            names=occurring_names(self._snapshot, concept),
            about=self._count(about(concept)),
            mention=self._count(mention),
            months=tuple(self._snapshot.histogram(mention, "month")),
            offered=self._offered(concept),
        )

    def _count(self, query: Query) -> int:
        return self._snapshot.match(query, limit=0).total

    def _offered(self, concept: Concept) -> tuple[tuple[Concept, int], ...]:
        """Narrower concepts before related ones; of each, those with most articles first."""
        lexicon = self._snapshot.lexicon
        below = narrower(self._segmenter, lexicon, concept)
        near = [other for other in lexicon.neighbours(concept) if other not in below]
        articles = self._snapshot.doc_freqs(_CONCEPTS, [c.token for c in (*below, *near)])
        ranked = [
            other
            for group in (below, near)
            for other in sorted(group, key=lambda c: -articles[c.token])
            if articles[other.token]
        ]
        return tuple((other, self._total(other.name)) for other in ranked[:MAX_OFFERED])


def occurring_names(snapshot: Snapshot, concept: Concept) -> tuple[str, ...]:
    """The other names of a concept that any title or text has as a word, the commonest first,
    without plurals of another name."""
    tokens = {form: token_of(form_key(form)) for form in concept.aliases}
    counted = [snapshot.doc_freqs(layer, [*tokens.values()]) for layer in _WORDS]
    articles = {form: max(each[token] for each in counted) for form, token in tokens.items()}
    plurals = {f"{form_key(form)}s" for form in concept.forms()}
    own = form_key(concept.name)
    found = [f for f in articles if articles[f] and form_key(f) not in (own, *plurals)]
    return tuple(sorted(found, key=lambda form: -articles[form]))


def narrower(segmenter: Segmenter, lexicon: Lexicon, concept: Concept) -> list[Concept]:
    """Concepts whose name is a compound that ends with this one's: 加密钱包 is a kind of 钱包, but
    多元宇宙 is not one of 元宇宙."""
    own = concept.token
    return [
        other
        for token, other in lexicon.by_token.items()
        if token != own and token.endswith(own) and _ends_with_word(segmenter, token, own)
    ]


def _ends_with_word(segmenter: Segmenter, token: str, word: str) -> bool:
    """A name of three characters is not cut further; its last two are taken to be a word."""
    return len(token) == SHORT_NAME or word in segmenter.parts(token)
