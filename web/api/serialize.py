"""Results → the JSON of the API."""

from collections.abc import Callable
from typing import Any

from search.response import Hit, IndexInfo, SearchResponse, Why
from web.markup.formatting import iso, marked

PageOf = Callable[[str], str | None]
"""Id of an article → the complete address of its page here, None where it has none."""


def search_json(
    response: SearchResponse, links: dict[str, str | None], page_of: PageOf
) -> dict[str, Any]:
    """The answer of `/api/v1/search`; `links` holds complete addresses: next, prev."""
    query = response.query
    return {
        "query": {
            "q": query.q,
            "understood": query.understood,
            "also_searched": list(query.also_searched),
            "corrected_from": query.corrected_from,
            "suggestion": query.suggestion,
            "relaxed": list(query.relaxed),
            "warnings": list(query.warnings),
        },
        "total": response.total,
        "all_words": response.all_words,
        "folded": response.folded,
        "took_ms": response.took_ms,
        "page": response.page,
        "per_page": response.per_page,
        "pages": response.pages,
        "next": links.get("next"),
        "prev": links.get("prev"),
        "cursor": response.cursor,
        "hits": [hit_json(hit, page_of) for hit in response.hits],
        "facets": {name: _counts(values) for name, values in response.facets.items()},
        "timeline": _timeline(response),
        "related_searches": list(response.related_searches),
        "index": index_json(response.index),
    }


def hit_json(hit: Hit, page_of: PageOf) -> dict[str, Any]:
    return {
        "id": hit.id,
        "url": hit.url,
        "page": page_of(hit.id),
        "title": hit.title.text,
        "title_html": str(marked(hit.title)),
        "title_marks": [list(span) for span in hit.title.marks],
        "snippet": hit.snippet.text,
        "snippet_html": str(marked(hit.snippet)),
        "snippet_marks": [list(span) for span in hit.snippet.marks],
        "source": hit.source,
        "author": hit.author,
        "categories": list(hit.categories),
        "topics": list(hit.topics),
        "published_at": iso(hit.published),
        "indexed_at": iso(hit.indexed_at),
        "score": hit.score,
        "story": {"id": hit.story.id, "size": hit.story.size},
        "why": _why(hit.why),
    }


def _why(why: Why) -> dict[str, Any]:
    matched = [
        {"word": each.word, "kind": each.kind, "spelled": each.spelled, "in": list(each.places)}
        for each in why.evidence
    ]
    return {
        "matched": matched,
        "missing": list(why.missing),
        "title_is_query": why.title_is_query,
        "freshness": why.freshness,
    }


def index_json(index: IndexInfo) -> dict[str, Any]:
    return {
        "generation": index.generation,
        "articles": index.articles,
        "updated_at": iso(index.updated_at),
    }


def _counts(values: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"value": value, "count": count} for value, count in values]


def _timeline(response: SearchResponse) -> dict[str, Any] | None:
    if response.timeline is None:
        return None
    unit, points = response.timeline
    return {"unit": unit, "points": [{"t": _label(value), "count": n} for value, n in points]}


def _label(value: int) -> str:
    """20220905 → 2022-09-05, 202209 → 2022-09, 2022 → 2022."""
    text = str(value)
    return "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
