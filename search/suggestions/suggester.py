"""Suggests names of concepts, and titles, that complete the typed text.

With several words, the last is completed by what occurs beside the others; after the name of a
field its values are offered. Everything suggested occurs in articles, and its count is the `total`
of searching it.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from search.lazy import Lazy
from search.query.planner import Plan
from search.suggestions.field_values import FieldValues, begun_field
from search.suggestions.name_index import Fit, NameIndex
from search.suggestions.next_words import NextWords, last_word
from search.suggestions.suggestion import (
    MAX_SUGGESTIONS,
    Suggestion,
    SuggestionKind,
    distinct,
)
from search.suggestions.titles import Titles
from search.suggestions.typed_text import TypedText
from search.vocabulary import VocabularyEntry, ordinary_words, written_names

MAX_CONCEPTS = 6
"""Maximum number of concepts if titles can fill the rest."""
MAX_TYPED_CHARS = 100
"""Longer texts get no suggestions: names and titles are shorter."""
TITLES_WAIT_SECONDS = 2.0
"""How long a request waits while another thread reads the titles, before it goes without."""


MAX_COUNTS = 10_000
"""Queries whose articles are remembered; twice the names of the lexicon."""
CompletedQuery = tuple[str, SuggestionKind]


class Suggester:
    """Suggests from one generation. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        segmenter: Segmenter,
        names: list[VocabularyEntry],
        plan: Callable[[str], Plan],
    ) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._names = NameIndex(written_names(snapshot, names))
        self._values = FieldValues(snapshot, plan)
        self._next_words = Lazy(
            lambda: NextWords(snapshot, plan, self._names, ordinary_words(snapshot))
        )
        self._total = lru_cache(MAX_COUNTS)(self._count)
        self._titles = Lazy(lambda: Titles(snapshot, segmenter))

    def load(self) -> None:
        """Read common words, and the titles of the newest articles."""
        self._next_words.get()
        self._titles.get()

    def suggest(self, typed: str) -> list[Suggestion]:
        """Distinct suggestions that have articles: names by fit, then by articles; then titles,
        those that begin so first, then by date, the newest first."""
        if len(typed) > MAX_TYPED_CHARS:
            return []
        wanted = TypedText.read(typed)
        if not any(map(str.isalnum, wanted.text)):
            return []
        begun = begun_field(typed)
        if begun is not None:
            values = self._values.complete(begun, MAX_SUGGESTIONS)
            return self._counted([(q, "value") for q in values], MAX_SUGGESTIONS)
        titles = self._found_titles(wanted)
        room = max(MAX_CONCEPTS, MAX_SUGGESTIONS - len(titles))
        return distinct([*self._counted(self._names_of(wanted, typed), room), *titles])

    def _names_of(self, wanted: TypedText, typed: str) -> Iterator[CompletedQuery]:
        """Queries that end in names which begin with all of the text, else with its last word."""
        fitting = list(self._names.matching(wanted))
        best = fitting[0][0] if fitting else Fit.SOUND
        last = None if best <= (Fit.BEGINNING if wanted.han else Fit.INITIALS) else last_word(typed)
        completed = self._next_words.get().complete(last) if last is not None else []
        for q, name in completed:
            yield q, "concept" if name.is_concept else "word"
        if not completed:
            yield from ((name, "concept") for name in self._shown_names(fitting))

    def _shown_names(self, fitting: Iterable[tuple[Fit, VocabularyEntry]]) -> Iterable[str]:
        """One name of each concept."""
        shown: dict[str, str] = {}
        for fit, name in fitting:
            main = self._snapshot.lexicon.by_token[name.token].name
            if fit <= Fit.BEGINNING and name.written == main:
                shown[name.token] = main  # 以太 is another name, but it begins 以太坊
            shown.setdefault(name.token, name.written)
        return shown.values()

    def _counted(self, queries: Iterable[CompletedQuery], limit: int) -> list[Suggestion]:
        """The first queries that find articles, with their number."""
        counted = ((q, kind, self._total(q)) for q, kind in queries)
        found = (Suggestion(q, kind, total) for q, kind, total in counted if total)
        return list(islice(found, limit))

    def _count(self, q: str) -> int:
        return self._snapshot.match(self._plan(q).query, limit=0).total

    def _found_titles(self, wanted: TypedText) -> list[Suggestion]:
        titles = self._titles.get_within(TITLES_WAIT_SECONDS)
        found = titles.find(wanted, MAX_SUGGESTIONS) if titles else []
        return [Suggestion(title.text, "title", article_id=title.id) for title in found]
