"""Converts results to the types of web/answers.py, which are encoded as JSON."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from search.explore.analysis import TextAnalysis
from search.response import ArticleView, Hit, IndexInfo, SearchResponse, Why
from web.answers import (
    Analysis,
    ArticleAnswer,
    ArticleJson,
    FacetValue,
    HitJson,
    IndexJson,
    MatchedWord,
    OfferJson,
    PartialJson,
    QueryJson,
    SearchAnswer,
    StoryId,
    StoryJson,
    TimelineJson,
    TimelinePoint,
    WhyJson,
)
from web.markup.formatting import iso, marked
from web.markup.sanitize import excerpt, page_body

PageOf = Callable[[str], str | None]
"""Article id → complete address of its page here, or None without one."""


def search_json(
    response: SearchResponse, links: Mapping[str, str | None], page_of: PageOf
) -> SearchAnswer:
    """The answer of `/api/v1/search`; `links` holds complete addresses: next, prev."""
    query, partial = response.query, response.partial
    return SearchAnswer(
        query=QueryJson(
            q=query.q,
            understood=query.understood,
            also_searched=query.also_searched,
            concepts=query.concepts,
            corrected_from=query.corrected_from,
            suggestion=query.suggestion,
            warnings=query.warnings,
            in_words=query.words,
            offers=tuple(OfferJson(offer.typed, offer.q) for offer in query.offers),
        ),
        total=response.total,
        partial=PartialJson(partial.total, partial.words, partial.near) if partial else None,
        all_words=response.total,
        folded=response.folded,
        took_ms=response.took_ms,
        page=response.page,
        per_page=response.per_page,
        pages=response.pages,
        next=links.get("next"),
        prev=links.get("prev"),
        cursor=response.cursor,
        hits=tuple(hit_json(hit, page_of) for hit in response.hits),
        facets={
            name: tuple(FacetValue(value, count) for value, count in values)
            for name, values in response.facets.items()
        },
        timeline=_timeline(response),
        related_searches=response.related_searches,
        compared=response.compared,
        index=index_json(response.index),
    )


def hit_json(hit: Hit, page_of: PageOf) -> HitJson:
    return HitJson(
        id=hit.id,
        url=hit.url,
        page=page_of(hit.id),
        title=hit.title.text,
        title_html=marked(hit.title),
        title_marks=hit.title.marks,
        snippet=hit.snippet.text,
        snippet_html=marked(hit.snippet),
        snippet_marks=hit.snippet.marks,
        source=hit.source,
        credited=hit.credited,
        author=hit.author,
        categories=hit.categories,
        topics=hit.topics,
        published_at=iso(hit.published),
        date_origin=hit.date_origin,
        kinds=hit.kinds,
        indexed_at=iso(hit.indexed_at),
        score=hit.score,
        missing=hit.missing,
        story=StoryJson(hit.story.id, hit.story.size),
        why=_why(hit.why),
    )


def _why(why: Why) -> WhyJson:
    return WhyJson(
        matched=tuple(
            MatchedWord(each.word, each.kind, each.spelled, each.places) for each in why.evidence
        ),
        title_is_query=why.title_is_query,
        freshness=why.freshness,
    )


def article_json(view: ArticleView, article_page: str) -> ArticleAnswer:
    """The answer of `/api/v1/articles/<id>`, with as much text as `article_page` allows."""
    stored = view.stored
    full = article_page == "full"
    body = page_body(view) if full else None
    text = {"full": view.text.text, "excerpt": excerpt(view.text.text)}.get(article_page)
    article = ArticleJson(
        id=stored["id"],
        url=stored["url"],
        title=stored["title"],
        author=stored["author"],
        source=stored["source"],
        credited=stored["credited"],
        categories=_texts(stored["categories"]),
        topics=_texts(stored["topics"]),
        organisations=_texts(stored["organisations"]),
        published_at=iso(stored["published"]),
        date_origin=stored["date_origin"],
        kinds=_texts(stored["kinds"]),
        first_seen_at=iso(stored["first_seen"]),
        indexed_at=iso(stored["indexed_at"]),
        story=StoryId(stored["story"]),
        title_html=marked(view.title),
        title_marks=view.title.marks,
        text=text,
        text_marks=view.text.marks if full else (),
        html=body.html if body else None,
        html_whole=body is None or body.whole,
    )
    return ArticleAnswer(article, index_json(view.index))


def analysis_json(analysis: TextAnalysis) -> Analysis:
    return msgspec.convert(analysis, Analysis, from_attributes=True)


def _texts(stored: Any) -> tuple[str, ...]:
    return tuple(stored)


def index_json(index: IndexInfo) -> IndexJson:
    return IndexJson(index.generation, index.articles, iso(index.updated_at))


def _timeline(response: SearchResponse) -> TimelineJson | None:
    if response.timeline is None:
        return None
    unit, points = response.timeline
    return TimelineJson(unit, tuple(TimelinePoint(_label(value), count) for value, count in points))


def _label(value: int) -> str:
    """20220905 → 2022-09-05, 202209 → 2022-09, 2022 → 2022."""
    text = str(value)
    return "-".join(part for part in (text[:4], text[4:6], text[6:]) if part)
