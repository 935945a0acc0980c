"""Routes of the pages: home, results, article, help."""

import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from index.errors import ArticleNotFound, BudgetSpent, InvalidRequest, YuansouError
from index.messages import msg
from index.text.dates import SHANGHAI
from search.explore.overview import Overview
from search.explore.zero_results import explain_zero
from search.query.parsing import bounds
from search.request import MAX_QUERY, MAX_WINDOW
from search.searcher import Searcher
from web.article_view import load_titled
from web.http import params
from web.http.caching import cached
from web.http.site import site
from web.i18n import gettext as _
from web.leads import home as home_page
from web.leads import scent
from web.markup import formatting
from web.pages import article as article_page
from web.pages import filters, result_chart, results, zero_results
from web.pages.filters import PageLink
from web.serving.live_searcher import live
from web.statistics.counting import note_query

bp = Blueprint("pages", __name__)
# Globals, unlike what is in the context, are there for macros whose module is made once.
bp.add_app_template_global(formatting.thousands)
bp.add_app_template_global(formatting.marked)


@bp.app_context_processor
def _everywhere() -> dict[str, Any]:
    return {
        "site_name": site().name,
        "logs_queries": site().logs_queries,
        "counts_queries": site().counts_queries,
        "hidden": (),
        "autofocus": False,
    }


@bp.get("/")
def home() -> str:
    try:
        index, found = live().get().index, live().overview()
    except YuansouError:
        index, found = None, Overview()
    return render_template("home.html", **home_page.context(index, found, site()))


@bp.get("/search")
def search() -> Response:
    started = time.perf_counter()
    try:
        asked = params.lenient(request.args)
    except InvalidRequest as error:
        if error.param != "page":
            raise
        return _beyond(error)
    asked = replace(asked, timeline="day", facets=tuple(dict.fromkeys((*asked.facets, "kind"))))
    searcher = live().get()

    def make() -> Response:
        note_query(asked)
        response = searcher.search(asked)
        note_query(asked, response)
        took = (time.perf_counter() - started) * 1000
        interpreted = replace(asked, filters=response.filters)
        link = PageLink(request.args, site())
        values = results.context(interpreted, response, took, link)
        values |= result_chart.context(searcher, interpreted, response, link)
        values |= scent.context(searcher, response, site())
        if not response.hits and asked.page == 1:
            values["zero"] = zero_results.lines(explain_zero(searcher, asked), asked, link)
        return Response(render_template("results.html", **values))

    return cached(searcher, make, asked=asked, to_the_minute=True)


def _beyond(error: InvalidRequest) -> Response:
    """Years to narrow a search by, where its page is beyond those that paging reaches."""
    args = MultiDict((n, text) for n, text in request.args.items(multi=True) if n != "page")
    asked, link = params.lenient(args), PageLink(args, site())
    response = live().get().search(replace(asked, per_page=1, facets=("year",)))
    if response.total <= MAX_WINDOW:
        raise error
    rows = filters.years(asked, response, link)
    page = render_template("beyond.html", q=asked.q, years=rows, first=link())
    return Response(page, 400)


@bp.get("/help")
def help_page() -> str:
    return render_template(
        "help.html",
        q="",
        syntax=_syntax(),
        bounds={
            "words": bounds.MAX_WORDS,
            "wildcards": bounds.MAX_WILDCARDS,
            "quotations": bounds.MAX_QUOTATIONS,
            "conditions": bounds.MAX_CONDITIONS,
            "near": bounds.MAX_NEAR,
            "depth": bounds.MAX_BRACKET_DEPTH,
            "characters": MAX_QUERY,
        },
        parameters=sorted(params.NAMES),
    )


def _syntax() -> tuple[tuple[str, str], ...]:
    """Examples for the help page: (query syntax, meaning)."""
    return (
        ("元宇宙 银行", _("两个词都有的文章；不足五十篇时，也列出含有多数词的文章")),
        ("“数字人民币试点”", _("与引号里的文字一字不差；任何看得见的文字都查得到")),
        ("数字人民币 且 试点", _("两个词都要有，不列出缺词的文章；也可写 AND")),
        ("比特币 或 以太坊", _("任一即可；也可写 或者、OR、｜")),
        ("比特币 -以太坊", _("不含；减号前要有空格，也可写 不含、非、NOT")),
        ("（稳定币 或 央行数字货币） 监管", _("括号可以嵌套")),
        (
            "数字人民币 NEAR/5 试点",
            _("两个词相隔不超过 5 个字，先后不论；只写 NEAR 是 10 个字"),
        ),
        (
            "标题：元宇宙",
            _("只看标题；还有 正文： 作者： 来源： 分类： 话题： 机构： 类型： 关于： 网址："),
        ),
        (
            "稳定币 时间：2025-10..2026-03",
            _(
                "时间；还有 after: before: 和 今天 近24小时 3天内 近7天 上个月 二季度"
                " 2022年以来 年初至今"
            ),
        ),
        ("区块*", _("以此开头的词；星号也可以在词中：数字*币")),
    )


@bp.get("/article/<path:article_id>")
def article(article_id: str) -> Response:
    q = params.bounded(request.args, "q", MAX_QUERY)
    searcher = live().get()
    if not site().shows_articles:
        raise ArticleNotFound(msg("本站不展示文章正文。"), hint=msg("请从搜索结果打开原文。"))

    def make() -> Response:
        try:
            return _article(searcher, article_id, q)
        except BudgetSpent:
            return _article(searcher, article_id, "")  # to be read without the marks of a query

    return cached(searcher, make)


def _article(searcher: Searcher, article_id: str, q: str) -> Response:
    view = load_titled(searcher, article_id, q, article_page.marking_budget())
    today = datetime.now(SHANGHAI).date()
    values = article_page.context(searcher, view, q, today, site())
    values["unmarked"] = request.args.get("q", "") if not q else ""
    return Response(render_template("article.html", **values))
