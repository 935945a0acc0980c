"""Help for someone who searches: suggestions while typing, corrections, what is on which concept.

Each needs names, titles or counts of the whole generation, which takes seconds to read. They are
read once: at first use, or ahead of it by `SearchAids.load`.
"""

from datetime import datetime

from index.engines.api import Snapshot
from index.text.dates import SHANGHAI
from search.interpreter import QueryInterpreter
from search.lazy import Lazy
from search.query.parsing import parser
from search.related.concept_articles import ConceptArticles, read_concept_articles
from search.related.scent import ScentFinder
from search.spelling.speller import Speller
from search.suggestions.suggester import Suggester
from search.suggestions.suggestion import Suggestion
from search.vocabulary import concept_names


class SearchAids:
    """Aids over one generation. Threads may share it.

    `loaded_in_background`: another thread is going to call `load`. Until it has, searches that find
    enough do without a correction instead of waiting for it.
    """

    def __init__(
        self, snapshot: Snapshot, interpreter: QueryInterpreter, *, loaded_in_background: bool
    ) -> None:
        self._interpreter = interpreter
        segmenter = interpreter.segmenter
        names = Lazy(lambda: concept_names(snapshot))
        self.speller = Speller(
            snapshot, segmenter, names.get, loaded_in_background=loaded_in_background
        )
        self._suggester = Lazy(
            lambda: Suggester(snapshot, segmenter, names.get(), interpreter.plan_text)
        )
        self._concept_articles = Lazy(lambda: read_concept_articles(snapshot))
        self.scents = ScentFinder(
            snapshot, segmenter, lambda q: interpreter.count(q, datetime.now(SHANGHAI).date())
        )

    @property
    def corrects(self) -> bool:
        """Whether answers that find enough come with corrections already. An answer given before
        that differs from the one given afterwards, so caches must keep the two apart."""
        return self.speller.available

    def load(self) -> None:
        """Read everything that the aids need; what answers may wait for comes first."""
        self.speller.load()
        self._suggester.get().load()
        self._concept_articles.get()

    def suggest(self, typed: str) -> list[Suggestion]:
        """What the text may become; where that is nothing, its correction if it has articles."""
        return self._suggester.get().suggest(typed) or self._corrected(typed)

    def _corrected(self, typed: str) -> list[Suggestion]:
        today = datetime.now(SHANGHAI).date()
        correction = self.speller.correct(parser.parse(typed, today), thorough=True)
        articles = self._interpreter.count(correction.q, today) if correction else 0
        return [Suggestion(correction.q, "concept", articles)] if correction and articles else []

    def concept_articles(self) -> ConceptArticles:
        return self._concept_articles.get()
