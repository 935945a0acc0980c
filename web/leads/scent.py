"""What the results page says of the concepts that a query names: the line above the hits."""

from collections.abc import Sequence
from typing import Any

from search.query.concept_conditions import ABOUT, MENTION, written
from search.related.scent import Scent
from search.response import SearchResponse
from search.searcher import Searcher
from web.http.site import Site
from web.leads.sparkline import sparkline

SHOWN_NAMES = 3
"""Other names that are listed; the rest is only counted."""


def context(searcher: Searcher, response: SearchResponse, site: Site) -> dict[str, Any]:
    """`scent`: the line of the one concept that the query names, None for several or none.
    `names`: other names that are searched and that articles have; `more_names`: how many names
    there are, if not all are listed."""
    scents, lexicon = searcher.aids.scents, searcher.snapshot.lexicon
    concepts = [lexicon.find(name) for name in response.query.concepts]
    found = [scents.scent(concept) for concept in concepts if concept]
    of_concepts = {name for scent in found for name in scent.concept.forms()}
    regional = [name for name in response.query.also_searched if name not in of_concepts]
    names = [*(name for scent in found for name in _searched(scent, response)), *regional]
    return {
        "scent": _line(found[0], response.query.q, site) if len(found) == 1 else None,
        "names": names[:SHOWN_NAMES],
        "more_names": len(names) if len(names) > SHOWN_NAMES else None,
    }


def _searched(scent: Scent, response: SearchResponse) -> Sequence[str]:
    """Names other than the typed one; the main name too, if another was typed."""
    searched = response.query.also_searched
    main = [scent.concept.name] if scent.concept.name in searched else []
    return [*main, *(name for name in scent.names if name in searched)]


def _line(scent: Scent, q: str, site: Site) -> dict[str, Any]:
    name = scent.concept.name
    conditions = {field: written(field, scent.concept) for field in (ABOUT, MENTION)}
    return {
        "name": name,
        "topic": site.path("explore.topic", concept=name),
        "figures": [
            (field, count, site.path("pages.search", q=conditions[field]), conditions[field] == q)
            for field, count in ((ABOUT, scent.about), (MENTION, scent.mention))
            if count
        ],
        "line": sparkline(scent.months, scent.mention),
        "compare": site.path("explore.compare", q=name),
        "offered": [
            (other.name, total, site.path("pages.search", q=other.name))
            for other, total in scent.offered
        ],
    }
