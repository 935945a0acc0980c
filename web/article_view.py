"""Loads one article, with the matches of a query highlighted."""

from index.errors import ArticleNotFound
from index.messages import msg
from search.budget import UNLIMITED, Budget
from search.highlighting.highlighter import Marker
from search.response import ArticleView, Highlighted
from search.searcher import Searcher

ARTICLE_FIELDS = (
    "id",
    "url",
    "title",
    "author",
    "source",
    "credited",
    "categories",
    "topics",
    "organisations",
    "published",
    "date_origin",
    "kinds",
    "first_seen",
    "indexed_at",
    "story",
    "text",
    "normalized",
    "body",
    "body_format",
)


def load_article(
    searcher: Searcher, article_id: str, q: str, budget: Budget = UNLIMITED
) -> ArticleView:
    """Highlights the matches of `q` in title and text. Raises ArticleNotFound and BudgetSpent."""
    rows = searcher.snapshot.stored([article_id], ARTICLE_FIELDS)
    if not rows:
        raise ArticleNotFound(msg("没有这篇文章。"), hint=msg("它可能已被移除，请重新搜索。"))
    stored = rows[0]
    title, _, text = stored["normalized"].partition("\n")
    marker = searcher.interpreter.marker(q, budget) if q else None
    return ArticleView(
        stored=stored,
        title=Highlighted(stored["title"], _spans(marker, title)),
        text=Highlighted(stored["text"], _spans(marker, text)),
        index=searcher.index,
    )


def _spans(marker: Marker | None, normalized: str) -> tuple[tuple[int, int], ...]:
    return tuple((m.start, m.end) for m in marker.marks(normalized)) if marker else ()
