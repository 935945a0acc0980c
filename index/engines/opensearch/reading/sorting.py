"""The sort of a search, where its next page begins, and the match that a hit gives."""

from typing import Any

from index.engines.api import Match, Sort, SortKey
from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.opensearch.reading.stored_fields import BY_ID

STORY = {"story": "asc"}
"""Not for the order: it returns the story of a match without reading a document."""


def sort_of(sort: Sort) -> list[dict[str, Any]]:
    way = "asc" if sort == "oldest" else "desc"
    published = {"published": {"order": way, "missing": "_last"}}
    return [*([{"_score": "desc"}] if sort == "relevance" else []), published, BY_ID, STORY]


def search_after(sort: Sort, key: SortKey) -> list[Any]:
    score, published, article_id = key
    # Only the article itself can follow its own id, so its story must sort first.
    undated = _LATEST if sort == "oldest" else _EARLIEST
    rest = [undated if published is None else published, encode_surrogates(article_id), _LAST]
    return [score, *rest] if sort == "relevance" else rest


_LAST = "\U0010ffff"
_EARLIEST, _LATEST = -(2**63), 2**63 - 1
"""The values by which the cluster sorts an article without a date last."""


def match_of(hit: dict[str, Any], sort: Sort) -> Match:
    published, article_id, story = hit["sort"][1 if sort == "relevance" else 0 :][:3]
    time = None if published in (_EARLIEST, _LATEST) else published
    return Match(decode_surrogates(article_id), hit["_score"], time, decode_surrogates(story))
