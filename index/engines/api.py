"""What an engine must do: plain values in, plain values out. Its queries are in queries.py."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from index.document import Document
from index.engines.queries import Query
from index.lexicon.model import Lexicon

TOKEN_FIELDS = (
    "title_words",
    "title_fine",
    "title_concepts",
    "text_words",
    "text_fine",
    "text_concepts",
)
KEYWORD_FIELDS = ("id", "url", "source", "author", "category", "topic", "organisation", "story")
INTEGER_FIELDS = ("day", "month", "year", "published")

Sort = Literal["relevance", "newest", "oldest"]
Unit = Literal["day", "month", "year"]


Counts = list[tuple[str, int]]
"""(value, articles that have it)."""

SortKey = tuple[float, int | None, str]
"""(score, published, id) of the last match of a page: where the next page begins."""


class Match(NamedTuple):
    """One matching article: what ranking and folding need of all of them."""

    id: str
    score: float
    published: int | None
    story: str

    def sort_key(self) -> SortKey:
        return (self.score, self.published, self.id)


@dataclass(frozen=True, slots=True)
class Matches:
    """The first matches in order, and how many articles match in all, exactly."""

    total: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What an update needs to know of an indexed article, each as its document had it.

    Times are epoch seconds, UTC.
    """

    content_hash: str
    first_seen: int
    indexed_at: int
    published: int | None
    story: str
    sketch: str


@dataclass(frozen=True, slots=True)
class Generation:
    """One complete state of the index, as its manifest describes it."""

    name: str
    engine: str
    format: int
    analyzer: str
    lexicon: str
    articles: int
    created_at: int
    segments: int = 1
    bytes: int = 0
    sources: tuple[str, ...] = ()
    program: str = ""
    """The version of Yuansou that built it."""


class Writer(Protocol):
    """Builds one new generation. Nobody sees it before `publish`; `abort` leaves no trace."""

    def add(self, batch: Any) -> None:
        """Take a batch that the engine's `pack` made."""
        ...

    def remove(self, ids: Sequence[str]) -> None: ...

    def commit(self, *, wait_visible: bool = True) -> Generation:
        """Finish and make durable; the generation is complete but not yet published."""
        ...

    def abort(self) -> None: ...


class Snapshot(Protocol):
    """One generation, unchanged for as long as it is held."""

    @property
    def generation(self) -> Generation: ...

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon this generation was cut with."""
        ...

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches: ...

    def prefetch_totals(self, queries: Sequence[Query]) -> None:
        """A hint: totals of these queries will be asked for. An engine that is reached over a
        network, or that counts in a thread of its own, begins now; others do nothing."""
        ...

    def prefetch_facets(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> None:
        """A hint: `facet_counts` will be called with the same arguments."""
        ...

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, list[tuple[str, int]]]:
        """Counts by value: all filters apply (AND across) but a field's own.

        `filters` is keyed by field; values come with the most articles first, then by value.
        """
        ...

    def among(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        """Which of these articles match each query; in one call where an engine is far away."""
        ...

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        """(day, month or year as an integer, articles), oldest first, without empty ones."""
        ...

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        """The fields asked for, an article a dictionary, in the order of `ids`.

        An id that is not there is left out. `folded` is the normalised title, a line break, and
        the normalised text.
        """
        ...

    def terms(self, field: str, prefix: str = "", limit: int = 10) -> list[tuple[str, int]]:
        """Tokens of a field that begin with `prefix` and their articles, the commonest first."""
        ...

    def doc_freq(self, field: str, token: str) -> int: ...

    def doc_freqs(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        """The same of many, in one call where an engine is far away."""
        ...

    def story_members(self, story: str) -> list[str]: ...

    def states(self, ids: Sequence[str] | None = None) -> dict[str, State]:
        """What an update compares, by id: of every article, or of those of `ids` that are there."""
        ...

    def near_copies(self, sketches: Sequence[str]) -> set[str]:
        """Ids of the articles that share a band with one of these sketches (minhash.py)."""
        ...

    def close(self) -> None: ...


class Engine(Protocol):
    """Holds generations and gives snapshots of them."""

    name: str
    max_segments: int
    """An update of a generation with so many segments is better done as a rebuild."""
    place: str
    """Where the index is, for who runs it."""
    updates_in_place: bool
    """Whether an update writes into its base, which `commit` then renames, article by article: it
    is seen by who opens the generation from then on, and cannot be refused any more."""

    @property
    def pack(self) -> Callable[[Sequence[Document]], Any]:
        """A pure, picklable function that prepares documents for `Writer.add`.

        It runs where cutting runs, in worker processes, so that only its result travels.
        """
        ...

    def lock(self, wait: float, *, shared: bool = False) -> AbstractContextManager[None]:
        """Be the only writer; waits up to `wait` seconds, then raises IndexLocked.

        `shared`: others may update meanwhile, where the engine can bear it.
        """
        ...

    def build(self, lexicon: Lexicon, *, base: str | None, sources: Sequence[str]) -> Writer:
        """A writer over nothing (a rebuild) or over a generation (an update). Hold the lock.

        What is newer than the current generation was rolled back from or never published: it is
        dropped, so that `previous` never leads there.
        """
        ...

    def publish(self, generation: str) -> None:
        """Make this generation the one that readers open from now on, atomically."""
        ...

    def generations(self) -> list[Generation]:
        """Complete generations that read, oldest first; `condition` tells of others."""
        ...

    def read(self, generation: str) -> Generation: ...

    def current(self) -> str:
        """The name of the published generation; raises IndexMissing."""
        ...

    def drop(self, generation: str) -> None: ...

    def previous(self) -> str:
        """The newest before the current one that `open` accepts; raises NoSuchGeneration."""
        ...

    def collect(self, keep: int) -> list[str]:
        """Drop all but the newest `keep` generations and the current one; names what went."""
        ...

    def verify(self, generation: str) -> list[str]:
        """What is wrong with a generation's files, a sentence each; nothing if sound."""
        ...

    def status_messages(self) -> list[str]:
        """What its owner should know of where the index is kept, a sentence each."""
        ...

    def check(self, generation: str) -> None:
        """Raises IndexOutdated or IndexForeign where the manifest says that `open` will refuse."""
        ...

    def open(self, generation: str | None = None) -> Snapshot: ...

    def open_articles(self, generation: str | None = None) -> Snapshot:
        """The same for who reads `stored` and `states` only: another analyzer is no hindrance."""
        ...
