"""The sort of a search, where its next page begins, and the match that a hit gives."""

from typing import Any

from index.engines.api import Match, Sort, SortKey
from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.opensearch.reading.stored_fields import BY_ID

STORY, ESTIMATED = {"story": "asc"}, {"estimated": "asc"}
"""Not for the order: they return values of a match without reading a document."""


def sort_of(sort: Sort) -> list[dict[str, Any]]:
    way = "asc" if sort == "oldest" else "desc"
    published = {"published": {"order": way, "missing": "_last"}}
    score = [{"_score": "desc"}] if sort == "relevance" else []
    return [*score, published, BY_ID, STORY, ESTIMATED]


def search_after(sort: Sort, key: SortKey) -> list[Any]:
    score, published, article_id = key
    # Only the article itself can follow its own id, so its story must sort first.
    undated = _LATEST if sort == "oldest" else _EARLIEST
    time = undated if published is None else published
    rest = [time, encode_surrogates(article_id), _LAST, 0]
    return [score, *rest] if sort == "relevance" else rest


_LAST = "\U0010ffff"
_EARLIEST, _LATEST = -(2**63), 2**63 - 1
"""The values by which the cluster sorts an article without a date last."""


def match_of(hit: dict[str, Any], sort: Sort) -> Match:
    published, article_id, story, estimated = hit["sort"][1 if sort == "relevance" else 0 :][:4]
    time = None if published in (_EARLIEST, _LATEST) else published
    name, story = decode_surrogates(article_id), decode_surrogates(story)
    return Match(name, hit["_score"], time, story, bool(estimated))
