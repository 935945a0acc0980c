"""The pages people see: home, results, article."""

import time
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from index.errors import ArticleNotFound, YuansouError
from search.request import MAX_WINDOW, SearchRequest
from search.results import Hit, SearchResponse
from web import params, present
from web.article import load_article
from web.headers import cached
from web.live import live
from web.marking import FIRST
from web.sanitize import excerpt, page_html
from web.site import address, site

bp = Blueprint("pages", __name__)

PAGE_LINKS = 9
"""Numbers in the row of pages."""
EXAMPLES = ("元宇宙", "数字人民币 试点", "“区块链”", "稳定币 监管", "NFT", "DC/EP")
SYNTAX = (
    ("元宇宙 银行", "两个词都有的文章；不足十篇时，随后列出含有多数词的文章"),
    ("“数字人民币试点”", "与引号里的文字一字不差；任何看得见的文字都查得到"),
    ("比特币 或 以太坊", "任一即可；也可写 OR、｜"),
    ("比特币 -以太坊", "不含；减号前要有空格，也可写 NOT"),
    ("（稳定币 或 央行数字货币） 监管", "括号可以嵌套"),
    ("标题：元宇宙", "只看标题；还有 作者： 来源： 分类： 话题： url:"),
    ("稳定币 时间：2025-10..2026-03", "时间；还有 after: before: 和 今天 近7天 上个月 二季度"),
    ("区块*", "以此开头的词"),
)
WITHIN = (("", "不限时间"), ("24h", "一天内"), ("7d", "一周内"), ("1m", "一月内"), ("1y", "一年内"))
SORTS = (("relevance", "按相关度"), ("newest", "最新优先"), ("oldest", "最早优先"))
FACET_LABELS = {"source": "来源", "topic": "话题", "year": "年份"}
SHOWN_VALUES = 10


@bp.app_context_processor
def _everywhere() -> dict[str, Any]:
    return {"site_name": site().name, "thousands": present.thousands, "marked": present.marked}


@bp.get("/")
def home() -> str | Response:
    try:
        articles = live().get().index.articles
    except YuansouError:
        articles = None
    return render_template("home.html", articles=articles, examples=EXAMPLES, q="")


@bp.get("/search")
def search() -> Response:
    started = time.perf_counter()
    asked = params.lenient(request.args)
    searcher = live().get()

    def make() -> Response:
        response = searcher.search(asked)
        took = (time.perf_counter() - started) * 1000
        return Response(render_template("results.html", **_results(asked, response, took)))

    return cached(searcher.index.generation, make)


def _results(asked: SearchRequest, response: SearchResponse, took_ms: float) -> dict[str, Any]:
    now = int(asked.now.timestamp())
    return {
        "q": asked.q,
        "response": response,
        "took": f"{took_ms / 1000:.3f}",
        "hits": [_hit(hit, asked, now) for hit in response.hits],
        "split": _split(asked, response),
        "sorts": _options("sort", SORTS, asked.sort),
        "withins": _options("within", WITHIN, request.args.get("within", "")),
        "scopes": _options("in", (("", "全文"), ("title", "标题")), asked.scope or ""),
        "facets": _facets(asked, response),
        "chosen": _chosen(asked),
        "pages": _pages(asked, response),
        "verbatim": _link(verbatim="1"),
        "unfolded": _link(fold="0") if asked.fold else None,
        "hidden": _kept(),
        "beyond": response.total > MAX_WINDOW,
    }


def _hit(hit: Hit, asked: SearchRequest, now: int) -> dict[str, Any]:
    anchor = FIRST if asked.q else None
    return {
        "title": present.marked(hit.title),
        "link": url_for("pages.article", article_id=hit.id, q=asked.q or None, _anchor=anchor),
        "original": hit.url,
        "snippet": present.marked(hit.snippet),
        "source": hit.source,
        "source_link": _link(source=hit.source) if hit.source else None,
        "topics": [(topic, _link(topic=topic)) for topic in hit.topics[:3]],
        "time": present.relative_time(hit.published, now) if hit.published else None,
        "exact_time": present.exact_time(hit.published) if hit.published else None,
        "iso_time": present.iso(hit.published),
        "reposts": hit.story.size - 1,
    }


def _split(asked: SearchRequest, response: SearchResponse) -> int | None:
    """Before which hit of this page the articles begin that lack a word."""
    if not response.query.relaxed:
        return None
    before = response.all_words - (asked.page - 1) * asked.per_page
    return before if 0 <= before < len(response.hits) else None


def _link(**changes: str | None) -> str:
    """This page's address with some arguments changed, from its first page."""
    args: MultiDict[str, str] = MultiDict(
        (name, value)
        for name, value in request.args.items(multi=True)
        if name in params.NAMES and value and name not in ("page", "cursor")
    )
    for name, value in changes.items():
        # `from` and `in` are words of Python: their callers write from_ and in_.
        args.setlist(name.rstrip("_"), [value] if value else [])
    return address("pages.search", args)


def _options(
    name: str, options: tuple[tuple[str, str], ...], current: str
) -> list[tuple[str, str, bool]]:
    """(label, address, whether it is the one in force)."""
    key = "in_" if name == "in" else name
    default = options[0][0]
    return [
        (label, _link(**{key: None if value == default else value}), value == (current or default))
        for value, label in options
    ]


def _facets(asked: SearchRequest, response: SearchResponse) -> list[dict[str, Any]]:
    groups = []
    for name, label in FACET_LABELS.items():
        chosen = asked.filters[name].include if name in asked.filters else ()
        values = [
            (value, count, _facet_link(name, value))
            for value, count in response.facets.get(name, [])
            if value not in chosen
        ]
        if name == "year":
            values = [] if asked.from_day or asked.to_day else sorted(values, reverse=True)
        if values:
            groups.append({"name": name, "label": label, "values": values[:SHOWN_VALUES]})
    return groups


def _facet_link(name: str, value: str) -> str:
    if name == "year":
        return _link(from_=f"{value}-01-01", to=f"{value}-12-31")
    chosen = request.args.get(name)
    return _link(**{name: f"{chosen},{value}" if chosen else value})


def _chosen(asked: SearchRequest) -> list[tuple[str, str]]:
    """(what is filtered by, the address without it)."""
    rows = []
    for name, choice in asked.filters.items():
        for text in (*choice.include, *(f"-{value}" for value in choice.exclude)):
            rest = [v for v in (*choice.include, *(f"-{x}" for x in choice.exclude)) if v != text]
            rows.append((text.replace("-", "不含 ", 1), _link(**{name: ",".join(rest) or None})))
    if asked.from_day or asked.to_day:
        span = f"{asked.from_day or '…'} 至 {asked.to_day or '…'}"
        rows.append((span, _link(from_=None, to=None)))
    if asked.verbatim:
        rows.append(("只搜原词", _link(verbatim=None)))
    if not asked.fold:
        rows.append(("不折叠转载", _link(fold=None)))
    return rows


def _pages(asked: SearchRequest, response: SearchResponse) -> dict[str, Any] | None:
    last = min(response.pages, MAX_WINDOW // asked.per_page)
    if last <= 1:
        return None
    first = max(1, min(asked.page - PAGE_LINKS // 2, last - PAGE_LINKS + 1))
    numbers = range(first, min(last, first + PAGE_LINKS - 1) + 1)
    return {
        "numbers": [(number, _page(number), number == asked.page) for number in numbers],
        "prev": _page(asked.page - 1) if asked.page > 1 else None,
        "next": _page(asked.page + 1) if asked.page < last else None,
    }


def _page(number: int) -> str:
    return _link(page=str(number) if number > 1 else None)


def _kept() -> list[tuple[str, str]]:
    """Arguments that a new query keeps: the form carries them hidden."""
    kept = ("sort", "in", "fold", "verbatim", "per_page", "now")
    return [(name, request.args[name]) for name in kept if request.args.get(name)]


@bp.get("/help")
def help_page() -> str:
    return render_template("help.html", q="", syntax=SYNTAX, parameters=sorted(params.NAMES))


@bp.get("/article/<path:article_id>")
def article(article_id: str) -> Response:
    q = request.args.get("q", "")
    searcher = live().get()
    allowed = site().settings.article_page
    if allowed == "off":
        raise ArticleNotFound("本站不展示文章正文。", hint="请从搜索结果打开原文。")

    def make() -> Response:
        view = load_article(searcher, article_id, q)
        marker = searcher.marker(q) if q else None
        body = page_html(view, marker) if allowed == "full" else None
        stored = view.stored
        page = render_template(
            "article.html",
            q=q,
            view=view,
            stored=stored,
            body=body,
            excerpt=excerpt(view.text.text),
            exact_time=present.exact_time(stored["published"]) if stored["published"] else None,
            iso_time=present.iso(stored["published"]),
            back=url_for("pages.search", q=q) if q else None,
        )
        return Response(page)

    return cached(searcher.index.generation, make)
