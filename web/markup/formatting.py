"""Frozen results → markup and JSON: the one place that makes `<mark>`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from index.text.dates import SHANGHAI
from search.response import Highlighted, Hit, IndexInfo, SearchResponse, Why
from web.i18n import gettext as _

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def marked(text: Highlighted) -> Markup:
    """The text, escaped, with its marks as `<mark>` and no other markup."""
    parts: list[str] = []
    position = 0
    for start, end in text.marks:
        before, inside = text.text[position:start], text.text[start:end]
        parts.append(f"{escape(before)}<mark>{escape(inside)}</mark>")
        position = end
    parts.append(str(escape(text.text[position:])))
    return Markup("".join(parts))  # noqa: S704 - escaped piece by piece


def iso(seconds: int | None) -> str | None:
    """Epoch seconds → ISO 8601 in Asia/Shanghai."""
    return None if seconds is None else datetime.fromtimestamp(seconds, SHANGHAI).isoformat()


def relative_time(seconds: int, now: int) -> str:
    """How long ago, in Chinese: 刚刚, 5 分钟前, 3 小时前, 昨天, 6 天前, else the date."""
    age = now - seconds
    then, today = (datetime.fromtimestamp(moment, SHANGHAI) for moment in (seconds, now))
    days = (today.date() - then.date()).days
    if 0 <= age < MINUTE:
        return _("刚刚")
    if 0 <= age < HOUR:
        return _("%(number)s 分钟前", number=age // MINUTE)
    if 0 <= age < DAY and days == 0:
        return _("%(number)s 小时前", number=age // HOUR)
    if days == 1:
        return _("昨天")
    if 1 < days < 7:
        return _("%(number)s 天前", number=days)
    return _("%(year)s年%(month)s月%(day)s日", year=then.year, month=then.month, day=then.day)


def exact_time(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d %H:%M}"


def exact_day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, SHANGHAI):%Y-%m-%d}"


def thousands(number: int) -> str:
    return f"{number:,}"


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
