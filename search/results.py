"""What every output is made from: frozen values, highlights as spans, no markup."""

from dataclasses import dataclass
from typing import Any

Timeline = tuple[str, list[tuple[int, int]]]
"""(unit, [(day, month or year as an integer, articles)])."""
Span = tuple[int, int]
"""[start, end) in code points."""


@dataclass(frozen=True, slots=True)
class Highlighted:
    """A text and the spans in it that the query matched: in order, apart from each other."""

    text: str
    marks: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        end = 0
        for start, stop in self.marks:
            if not end <= start < stop <= len(self.text):
                raise ValueError(f"bad mark {(start, stop)} in a text of {len(self.text)}")
            end = stop


@dataclass(frozen=True, slots=True)
class Story:
    """`size`: how many of the matching articles tell it."""

    id: str
    size: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One article on a page of results. Times are epoch seconds, UTC."""

    id: str
    url: str | None
    title: Highlighted
    snippet: Highlighted
    source: str | None
    author: str | None
    categories: tuple[str, ...]
    topics: tuple[str, ...]
    published: int | None
    indexed_at: int
    score: float
    story: Story


@dataclass(frozen=True, slots=True)
class Understood:
    """How the query was read. `q`: what was searched: as typed, or put right, and then
    `corrected_from` is what was typed. `suggestion`: a correction that was not searched."""

    q: str
    understood: str
    also_searched: tuple[str, ...] = ()
    corrected_from: str | None = None
    suggestion: str | None = None
    relaxed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """The generation that answered."""

    generation: str
    articles: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """One page of the answer. `total` counts articles; `folded` how many reposts it hides."""

    query: Understood
    total: int
    all_words: int
    folded: int
    page: int
    per_page: int
    pages: int
    hits: tuple[Hit, ...]
    facets: dict[str, list[tuple[str, int]]]
    timeline: Timeline | None
    index: IndexInfo
    cursor: str | None = None
    took_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article as a page or a program shows it; `marks` are spans of `text`."""

    stored: dict[str, Any]
    title: Highlighted
    text: Highlighted
    index: IndexInfo
