"""Routes of the pages that combine several queries: topics, stories, comparisons, sources."""

import time
from collections.abc import Sequence

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from index.engines.registry import open_takedowns
from index.takedowns import twin_of
from search.explore.comparison import compare_queries
from search.explore.sources import source_list
from search.explore.story import story_view
from search.explore.topic import similar_names, topic_view
from search.searcher import Searcher
from web.explore import (
    compare as compare_page,
)
from web.explore import (
    sources as sources_page,
)
from web.explore import (
    story as story_page,
)
from web.explore import (
    topic as topic_page,
)
from web.explore import topic_chart
from web.explore.feeds_in import feed_rows, fetched_feeds
from web.explore.topic_chart import TopicPage
from web.http import params
from web.http.caching import cached
from web.http.site import site
from web.i18n import gettext as _
from web.leads.home import topic_links
from web.serving.live_searcher import live

bp = Blueprint("explore", __name__)


@bp.get("/topic/<path:concept>")
def topic(concept: str) -> AnyResponse:
    """The page of a concept. Its aliases redirect to its main name."""
    asked = params.lenient(request.args)
    searcher = live().get()
    lexicon = searcher.snapshot.lexicon
    found = lexicon.find(concept)
    if found is None and concept in lexicon.topics:
        return redirect(url_for("pages.search", topic=concept))
    if found is None:
        links = [
            (c.name, url_for("explore.topic", concept=c.name))
            for c in similar_names(lexicon, concept)
        ]
        links.append((_("搜索“%(q)s”", q=concept), url_for("pages.search", q=concept)))
        return _missing(_("没有“%(name)s”的专题页。", name=concept), links)
    if found.name != concept:
        return redirect(url_for("explore.topic", concept=found.name))

    def make() -> Response:
        days = {name: request.args[name] for name in ("from", "to") if request.args.get(name)}
        view = topic_view(searcher, found, asked)
        values = topic_page.context(view, asked.now, site(), days)
        page = TopicPage(found.name, view.answer.query.q, request.args, site())
        values |= topic_chart.context(searcher, view.answer, asked, page)
        return Response(render_template("topic.html", **values))

    return cached(searcher, make, asked=asked, to_the_minute=True)


@bp.get("/story/<path:story>")
def story(story: str) -> AnyResponse:
    """The articles of a story in order of time. If the article whose id it has was taken down,
    the page shows the rest."""
    searcher = live().get()
    view = story_view(searcher.snapshot, story)
    if view is None:
        return _without_its_head(searcher, story)
    return cached(
        searcher,
        lambda: Response(render_template("story.html", **story_page.context(view, site()))),
    )


def _without_its_head(searcher: Searcher, story: str) -> AnyResponse:
    taken = open_takedowns(site().settings).read()
    twin = twin_of(story, taken)
    view = story_view(searcher.snapshot, twin) if twin and twin != story else None
    if view is not None:
        return redirect(url_for("explore.story", story=view.id), 301)
    if story in taken:
        return _missing(_("这个报道的文章已被移除。"), status=410)
    return _missing(_("没有这个报道，它的文章可能已被移除。"))


@bp.get("/compare")
def compare() -> Response:
    asked = compare_page.asked(request.args, site())
    searcher = live().get()

    def make() -> Response:
        found = (
            compare_queries(searcher, asked.queries, asked.base) if len(asked.queries) > 1 else None
        )
        values = compare_page.context(searcher, asked, found)
        return Response(render_template("compare.html", **values))

    return cached(searcher, make, asked=asked.base, to_the_minute=True)


@bp.get("/sources")
def sources() -> Response:
    searcher = live().get()
    feeds = fetched_feeds(site().settings, int(time.time()))

    def make() -> Response:
        order = sources_page.order_of(request.args)
        found = source_list(searcher.snapshot, order)
        values = sources_page.context(found, order, site())
        values["topics"] = topic_links(live().overview().topics, site())
        values["feeds"] = feed_rows(feeds, site())
        return Response(render_template("sources.html", **values))

    # Feeds are fetched without a new index, so they are a part of the tag.
    return cached(searcher, make, address=f"{request.full_path} {feeds}")


def _missing(message: str, links: Sequence[tuple[str, str]] = (), status: int = 404) -> Response:
    """An error page with links to go on from."""
    page = render_template("missing.html", q="", message=message, links=links)
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
