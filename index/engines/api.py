"""The interface of an engine: plain values in, plain values out. Queries are in queries.py."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple, Protocol

from index.article import ESTIMATED_ORIGINS, DateOrigin
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
KEYWORD_FIELDS = (
    *("id", "url", "source", "author"),
    *("category", "topic", "organisation", "kind", "story"),
)
INTEGER_FIELDS = ("day", "month", "year", "published", "estimated")

Sort = Literal["relevance", "newest", "oldest"]
Unit = Literal["day", "month", "year"]


Counts = list[tuple[str, int]]
"""(value, articles that have it)."""

SortKey = tuple[float, int | None, str]
"""(score, published, id) of the last match of a page. The next page begins after it."""


class Match(NamedTuple):
    """One matching article, with what ranking and collapsing need.

    `published`: epoch seconds, UTC. `estimated`: nobody gave that date.
    """

    id: str
    score: float
    published: int | None
    story: str
    estimated: bool = False

    def sort_key(self) -> SortKey:
        return (self.score, self.published, self.id)

    def story_order(self) -> tuple[bool, int, str]:
        """Sorts the articles of a story: the first published first, then those of which nobody
        gave a date."""
        given = None if self.estimated else self.published
        return (given is None, given or 0, self.id)


def matches_of(rows: Iterable[tuple[str, float, int | None, str, bool]]) -> list[Match]:
    """A `Match` of each row, its values in order. Answers have a thousand: calling `Match` for each
    takes twice as long."""
    return list(map(partial(tuple.__new__, Match), rows))


@dataclass(frozen=True, slots=True)
class Matches:
    """The first matches in order, and the exact number of articles that match."""

    total: int
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class State:
    """What an update compares of an indexed article, as its document had it.

    Times are epoch seconds, UTC.
    """

    content_hash: str
    first_seen: int
    indexed_at: int
    published: int | None
    date_origin: DateOrigin
    story: str
    sketch: str

    @property
    def given_date(self) -> int | None:
        """`published`, unless it is an estimate."""
        return None if self.date_origin in ESTIMATED_ORIGINS else self.published


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
    """Builds one generation. Readers do not see it before `publish`; `abort` leaves no trace."""

    def add(self, batch: Any) -> None:
        """Add a batch that the engine's `pack` made."""
        ...

    def remove(self, ids: Sequence[str]) -> None: ...

    def commit(self, *, wait_visible: bool = True) -> Generation:
        """Finish and make durable. The generation is complete but not yet published.

        `wait_visible`: return only when searches can see an update.
        """
        ...

    def abort(self) -> None: ...


class Snapshot(Protocol):
    """One generation, unchanged for as long as it is held."""

    @property
    def generation(self) -> Generation: ...

    @property
    def lexicon(self) -> Lexicon:
        """The lexicon that this generation was segmented with."""
        ...

    def match(
        self, query: Query, *, sort: Sort = "relevance", limit: int, after: SortKey | None = None
    ) -> Matches: ...

    def prefetch_totals(self, queries: Sequence[Query]) -> None:
        """A hint that totals of these queries will be needed. Engines that are reached over a
        network, or that count in threads, start now; others do nothing."""
        ...

    def prefetch_facets(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> None:
        """A hint that `facet_counts` will be called with these arguments."""
        ...

    def prefetch_matches(self, query: Query, limit: int) -> None:
        """A hint that `match(query, limit=limit)` will be called."""
        ...

    def prefetch_which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> None:
        """A hint that `which_match` will be called for some of these ids, with some of the
        queries."""
        ...

    def facet_counts(
        self, query: Query, filters: Mapping[str, Query], fields: Sequence[str], size: int
    ) -> dict[str, list[tuple[str, int]]]:
        """By field, the values with the most articles first, then by value.

        `filters` is keyed by field. All of them apply to a field's counts, except its own.
        """
        ...

    def which_match(self, ids: Sequence[str], queries: Sequence[Query]) -> list[set[str]]:
        """For each query, which of these articles match. One request where there is a network."""
        ...

    def histogram(self, query: Query, unit: Unit) -> list[tuple[int, int]]:
        """(day, month or year as an integer, articles), oldest first, without empty buckets."""
        ...

    def stored(self, ids: Sequence[str], fields: Sequence[str]) -> list[dict[str, Any]]:
        """One dictionary of these fields for each article, in the order of `ids`.

        An id that is not in the index is left out. `normalized` is the title, a line break and the
        text, normalised.
        """
        ...

    def terms(self, field: str, prefix: str = "", limit: int = 10) -> list[tuple[str, int]]:
        """Tokens of a field that begin with `prefix`, with their articles, the commonest first."""
        ...

    def doc_freq(self, field: str, token: str) -> int:
        """Articles that have this token in this field."""
        ...

    def doc_freqs(self, field: str, tokens: Sequence[str]) -> dict[str, int]:
        """`doc_freq` of many tokens. One request where there is a network."""
        ...

    def story_members(self, story: str) -> list[str]:
        """Ids of a story's articles, the first published first; those of which nobody gave a date
        come last, by id."""
        ...

    def states(self, ids: Sequence[str] | None = None) -> dict[str, State]:
        """What an update compares, by id: of every article, or of those `ids` that exist."""
        ...

    def near_copies(self, sketches: Sequence[str]) -> set[str]:
        """Ids of the articles that share a band with any of these sketches (minhash.py)."""
        ...

    def close(self) -> None: ...


class Engine(Protocol):
    """Stores generations and opens snapshots of them."""

    name: str
    max_segments: int
    """From this many segments on, an update is done as a rebuild."""
    location: str
    """Where the index is, as text for its owner."""
    is_remote: bool
    """Whether other processes hold the index, which may be slow or away."""
    updates_in_place: bool
    """Whether an update writes into its base, article by article, and `commit` renames the result.
    Readers who open the generation see it from then on, and it can no longer be refused."""

    @property
    def pack(self) -> Callable[[Sequence[Document]], Any]:
        """A pure, picklable function that prepares documents for `Writer.add`.

        It runs in the worker processes that segment, so that only its result has to be sent.
        """
        ...

    def lock(self, wait: float, *, shared: bool = False) -> AbstractContextManager[None]:
        """Be the only writer. Waits up to `wait` seconds, then raises IndexLocked.

        `shared`: other updates may run at the same time, if the engine supports it.
        """
        ...

    def build(self, lexicon: Lexicon, *, base: str | None, sources: Sequence[str]) -> Writer:
        """A writer for a rebuild (no base) or for an update of `base`. Call with the lock held.

        Generations newer than the current one were rolled back from or never published. They are
        dropped, so that `previous` never returns one.
        """
        ...

    def publish(self, generation: str) -> None:
        """Make this generation the current one, atomically."""
        ...

    def generations(self) -> list[Generation]:
        """Complete, readable generations, oldest first. `status_messages` reports the others."""
        ...

    def read(self, generation: str) -> Generation: ...

    def current(self) -> str:
        """The name of the published generation; raises IndexMissing."""
        ...

    def drop(self, generation: str) -> None: ...

    def previous(self) -> str:
        """The newest sound generation before the current one that `open` accepts; raises
        NoSuchGeneration or IndexDamaged."""
        ...

    def substitutes(self) -> list[str]:
        """Generations that may answer instead of a published one that is damaged, the newest first.
        Empty where the engine keeps copies of its own."""
        ...

    def collect(self, keep: int) -> list[str]:
        """Drop all but the newest `keep` generations and the current one; returns the dropped."""
        ...

    def verify(self, generation: str) -> list[str]:
        """The faults of a generation's files, a sentence each; empty if there are none."""
        ...

    def verify_unread(self, generation: str) -> list[str]:
        """As `verify`, but what this process has read and found sound is not read again, so that a
        server can check every new generation."""
        ...

    def status_messages(self) -> list[str]:
        """What the owner should know about the place of the index, a sentence each."""
        ...

    def check(self, generation: str) -> None:
        """Raises IndexOutdated or IndexForeign where `open` would, from the manifest alone."""
        ...

    def open(self, generation: str | None = None) -> Snapshot: ...

    def open_articles(self, generation: str | None = None) -> Snapshot:
        """As `open`, for reading `stored` and `states` only: the analyzer may be another one."""
        ...
