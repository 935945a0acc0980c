"""Loads one article, with the matches of a query highlighted."""

from dataclasses import replace

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
    view, marker = _loaded(searcher, article_id, q, budget)
    _, _, text = view.stored["normalized"].partition("\n")
    return replace(view, text=Highlighted(view.text.text, _spans(marker, text)))


def load_titled(
    searcher: Searcher, article_id: str, q: str, budget: Budget = UNLIMITED
) -> ArticleView:
    """The same with matches in the title alone, for a page that marks the body it shows."""
    return _loaded(searcher, article_id, q, budget)[0]


def _loaded(
    searcher: Searcher, article_id: str, q: str, budget: Budget
) -> tuple[ArticleView, Marker | None]:
    rows = searcher.snapshot.stored([article_id], ARTICLE_FIELDS)
    if not rows:
        raise ArticleNotFound(msg("没有这篇文章。"), hint=msg("它可能已被移除，请重新搜索。"))
    stored = rows[0]
    marker = searcher.interpreter.marker(q, budget) if q else None
    title, _, _ = stored["normalized"].partition("\n")
    marked_title = Highlighted(stored["title"], _spans(marker, title))
    view = ArticleView(stored, marked_title, Highlighted(stored["text"]), searcher.index)
    return view, marker


def _spans(marker: Marker | None, normalized: str) -> tuple[tuple[int, int], ...]:
    return tuple((m.start, m.end) for m in marker.marks(normalized)) if marker else ()
