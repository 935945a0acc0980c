"""Template context of an article's page: body, similar articles, citations."""

from datetime import date
from typing import Any

from markupsafe import Markup

from index.article import ESTIMATED_ORIGINS
from index.fetching.state import state_path
from index.fetching.versions import article_changes
from search.budget import FOR_THE_REST, Budget
from search.explore.similar import similar_to
from search.explore.story import others_of_story
from search.response import ArticleView
from search.searcher import Searcher
from web.http.budgets import budget
from web.http.site import Site
from web.markup import formatting
from web.markup.concept_links import Linker
from web.markup.marks import FIRST_MARK_ID, mark_html
from web.markup.sanitize import excerpt, page_body
from web.pages import metadata
from web.pages.citation import Cited, cite
from web.pages.hit_list import times


def context(
    searcher: Searcher, view: ArticleView, q: str, today: date, site: Site
) -> dict[str, Any]:
    """The context of `article.html`; `today` in Asia/Shanghai. Raises BudgetSpent where marking
    the matches of `q` costs too much."""
    stored = view.stored
    body = page_body(view) if site.settings.article_page == "full" else None
    html = _linked(searcher, body.html, q, site) if body else None
    found = html is not None and f'id="{FIRST_MARK_ID}"' in html
    others, first = others_of_story(searcher.snapshot, stored["story"], stored["id"])
    return {
        "q": q,
        "view": view,
        "stored": stored,
        "body": html,
        "whole": body is None or body.whole,
        "excerpt": excerpt(view.text.text),
        "credit": formatting.credit(stored["source"], stored["credited"]),
        "kinds": [formatting.kind_name(kind) for kind in stored["kinds"]],
        "when": times(stored["published"], stored["date_origin"]),
        "back": site.path("pages.search", q=q) if q else None,
        "permalink": _permalink(stored["id"], q if found else "", site),
        "citations": cite(cited(stored, site), today),
        "story": site.path("explore.story", story=stored["story"]),
        "reposts": others,
        "first_known": first,
        "similar": _similar(searcher, stored["id"], site),
        **_changes(stored["id"], site),
        **_metadata(view, site),
    }


def marking_budget() -> Budget:
    return budget().leaving(FOR_THE_REST)


def cited(stored: dict[str, Any], site: Site) -> Cited:
    """An article to cite, with its original address or, without one, ours; without a source, with
    the one that its text names."""
    url = stored["url"] or site.article(stored["id"])
    source = stored["source"] or stored["credited"]
    estimated = stored["date_origin"] in ESTIMATED_ORIGINS
    return Cited(stored["title"], stored["author"], source, stored["published"], url, estimated)


def _linked(searcher: Searcher, html: Markup, q: str, site: Site) -> Markup:
    """With links to concepts, and the matches of a query marked."""

    def topic(concept: str) -> str:
        return site.path("explore.topic", concept=concept)

    linker = Linker(searcher.snapshot.lexicon, searcher.segmenter, topic)
    linked = linker.link(html)
    return mark_html(linked, searcher.interpreter.marker(q, marking_budget())) if q else linked


def _changes(article_id: str, site: Site) -> dict[str, Any]:
    """What changed since the article was first seen in its feed, the last change first, and how
    often it did; nothing where the site does not show whole texts."""
    if site.settings.article_page != "full":
        return {"changes": []}
    state = state_path(site.settings.index_dir)
    left = marking_budget()
    found = article_changes(site.settings.articles, state, article_id, spent=lambda: left.is_spent)
    changes = [
        {
            "when": formatting.exact_time(int(change.seen.timestamp())),
            "old_title": change.old_title,
            "removed": change.removed,
            "added": change.added,
        }
        for change in found.latest
    ]
    return {"changes": changes, "changed": found.number}


def _permalink(article_id: str, q: str, site: Site) -> str:
    """The address of the article's page; with a query, it leads to the first match."""
    anchor = FIRST_MARK_ID if q else None
    path = site.path("pages.article", article_id=article_id, q=q or None, _anchor=anchor)
    return site.absolute(path)


def _similar(searcher: Searcher, article_id: str, site: Site) -> list[dict[str, Any]]:
    return [
        {
            "title": hit.title.text,
            "link": site.article_link(hit.id, hit.url),
            "source": hit.source,
            "credit": formatting.credit(hit.source, hit.credited),
            "day": None if hit.published is None else formatting.exact_day(hit.published),
            **times(hit.published, hit.date_origin),
        }
        for hit in similar_to(searcher, article_id).hits
    ]


def _metadata(view: ArticleView, site: Site) -> dict[str, Any]:
    """The context of `metadata.html`."""
    home = site.absolute(site.path("pages.home"))
    place = metadata.Place(site.article(view.stored["id"]), home, site.name)
    described = (view.stored, excerpt(view.text.text), place)
    return {
        "place": place,
        "open_graph": metadata.open_graph(*described),
        "json_ld": metadata.data_block(metadata.news_article(*described)),
    }
