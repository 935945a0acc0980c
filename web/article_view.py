"""One article for a page or a program, with what a query matched in it."""

from typing import Any

from index.errors import ArticleNotFound
from index.messages import msg
from search.highlighting.highlighter import Marker
from search.response import ArticleView, Highlighted
from search.searcher import Searcher
from web.api.serialize import index_json
from web.http.site import site
from web.markup.formatting import iso, marked
from web.markup.sanitize import excerpt, page_html

FIELDS = (
    "id",
    "url",
    "title",
    "author",
    "source",
    "categories",
    "topics",
    "organisations",
    "published",
    "first_seen",
    "indexed_at",
    "story",
    "text",
    "folded",
    "body",
    "body_format",
)


def load_article(searcher: Searcher, article_id: str, q: str) -> ArticleView:
    """Raises ArticleNotFound. Marks what `q` matches in title and text."""
    rows = searcher.snapshot.stored([article_id], FIELDS)
    if not rows:
        raise ArticleNotFound(msg("没有这篇文章。"), hint=msg("它可能已被移除，请重新搜索。"))
    stored = rows[0]
    title, _, text = stored["folded"].partition("\n")
    marker = searcher.interpreter.marker(q) if q else None
    return ArticleView(
        stored=stored,
        title=Highlighted(stored["title"], _spans(marker, title)),
        text=Highlighted(stored["text"], _spans(marker, text)),
        index=searcher.index,
    )


def _spans(marker: Marker | None, folded: str) -> tuple[tuple[int, int], ...]:
    return tuple((m.start, m.end) for m in marker.marks(folded)) if marker else ()


def article_json(view: ArticleView) -> dict[str, Any]:
    """The answer of `/api/v1/articles/<id>`: as much text as `article_page` allows."""
    stored = view.stored
    allowed = site().settings.article_page
    names = ("id", "url", "title", "author", "source")
    article: dict[str, Any] = {name: stored[name] for name in names}
    article |= {name: list(stored[name]) for name in ("categories", "topics", "organisations")}
    article |= {
        "published_at": iso(stored["published"]),
        "first_seen_at": iso(stored["first_seen"]),
        "indexed_at": iso(stored["indexed_at"]),
        "story": {"id": stored["story"]},
        "title_html": str(marked(view.title)),
        "title_marks": [list(span) for span in view.title.marks],
        "text": None,
        "text_marks": [],
        "html": None,
    }
    if allowed == "full":
        article["text"] = view.text.text
        article["text_marks"] = [list(span) for span in view.text.marks]
        article["html"] = str(page_html(view))
    elif allowed == "excerpt":
        article["text"] = excerpt(view.text.text)
    return {"article": article, "index": index_json(view.index)}
