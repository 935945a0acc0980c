"""Routes of the JSON API: `/api/v1/…`."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from index.errors import InvalidRequest
from index.messages import msg
from search.explore.analysis import text_analysis
from search.explore.similar import similar_to
from search.request import MAX_QUERY, SearchRequest
from search.response import SearchResponse
from search.suggestions.suggestion import Suggestion
from web.answers import SimilarAnswer, SuggestionJson, Suggestions, encode
from web.api.serialize import analysis_json, article_json, hit_json, index_json, search_json
from web.article_view import load_article
from web.http import params
from web.http.budgets import budget
from web.http.caching import cached
from web.http.site import site
from web.serving.live_searcher import live
from web.statistics.counting import note_query

bp = Blueprint("api", __name__)
SUGGESTIONS = "application/x-suggestions+json"


@bp.get("/api/v1/search")
def search() -> Response:
    asked = params.strict(request.args)
    searcher = live().get()

    def make() -> Response:
        note_query(asked)
        response = searcher.search(asked)
        note_query(asked, response)
        links = _links(asked, response)
        answer = _json(search_json(response, links, site().page_of))
        for relation, link in links.items():
            if link:
                answer.headers.add("Link", f'<{link}>; rel="{relation}"')
        return answer

    return cached(searcher, make, asked=asked)


def _links(asked: SearchRequest, response: SearchResponse) -> dict[str, str | None]:
    if asked.cursor:
        following = _address(cursor=response.cursor) if response.cursor else None
        return {"next": following, "prev": None}
    before = min(asked.page - 1, response.pages)
    return {
        "next": _address(page=str(asked.page + 1)) if asked.page < response.pages else None,
        "prev": _address(page=str(before)) if before >= 1 else None,
    }


def _address(**changes: str | None) -> str:
    """This request's address with some arguments changed."""
    args: MultiDict[str, str] = MultiDict(request.args)
    for name, value in changes.items():
        args.setlist(name, [value] if value else [])
    return site().absolute(site().address("api.search", args))


@bp.get("/api/v1/articles/<path:article_id>")
def article(article_id: str) -> Response:
    _only("q")
    q = params.bounded(request.args, "q", MAX_QUERY)
    searcher = live().get()

    def make() -> Response:
        view = load_article(searcher, article_id, q, budget())
        return _json(article_json(view, site().settings.article_page))

    return cached(searcher, make)


@bp.get("/api/v1/similar/<path:article_id>")
def similar_articles(article_id: str) -> Response:
    _only()
    searcher = live().get()

    def make() -> Response:
        found = similar_to(searcher, article_id)
        page_of = site().page_of
        hits = tuple(hit_json(hit, page_of) for hit in found.hits)
        return _json(SimilarAnswer(found.id, hits, index_json(found.index)))

    return cached(searcher, make)


@bp.get("/api/v1/suggest")
def suggestions() -> Response:
    _only("q", "format")
    listed = _opensearch()
    typed = params.bounded(request.args, "q", MAX_QUERY)
    searcher = live().get()
    found = searcher.aids.suggest(typed)
    if listed:
        answer = _json([typed, [suggestion.text for suggestion in found]], SUGGESTIONS)
    else:
        answer = _json(Suggestions(typed, tuple(map(_suggestion, found))))
    answer.vary.add("Accept")
    return answer


def _suggestion(found: Suggestion) -> SuggestionJson:
    page = site().page_of(found.article_id) if found.article_id is not None else None
    return SuggestionJson(found.text, found.kind, found.articles, page)


def _opensearch() -> bool:
    """Whether suggestions are requested in OpenSearch format, by the address or by `Accept`."""
    shape = request.args.get("format") or None
    if shape not in (None, "opensearch"):
        raise InvalidRequest(
            msg("参数 %(name)s 的值“%(value)s”无效。", name="format", value=shape[:50]),
            param="format",
            hint=msg("可用 opensearch；不写则是完整的答复。"),
        )
    return shape is not None or SUGGESTIONS in request.headers.get("Accept", "")


@bp.get("/api/v1/analyze")
def analysis() -> Response:
    _only("text")
    text = params.bounded(request.args, "text", params.MAX_TEXT)
    if not text:
        raise InvalidRequest(
            msg("没有要分析的文字。"), param="text", hint=msg("请用 text 参数给出。")
        )
    searcher = live().get()
    found = text_analysis(searcher.segmenter, searcher.snapshot.lexicon, text)
    return _json(analysis_json(found))


def _only(*names: str) -> None:
    for name in request.args:
        if name not in names:
            listed = msg("可用的参数：%(names)s。", names="、".join(names))
            hint = listed if names else msg("这个地址不需要参数。")
            raise InvalidRequest(
                msg("没有名为 %(name)s 的参数。", name=name), param=name, hint=hint
            )
        if len(request.args.getlist(name)) > 1:
            raise InvalidRequest(
                msg("参数 %(name)s 只能出现一次。", name=name), param=name, hint=msg("请只留一个。")
            )


def _json(data: Any, mimetype: str = "application/json", status: int = 200) -> Response:
    return Response(encode(data), status, mimetype=mimetype)
