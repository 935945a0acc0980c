"""In what order matches come, where a page begins, and what a hit tells of its article."""

from typing import Any

from index.engines.api import Match, Sort, SortKey
from index.engines.character_tokens import decode_surrogates, encode_surrogates
from index.engines.opensearch.reading.stored_fields import BY_ID

STORY = {"story": "asc"}
"""The story is no order: it comes with a match without a document being read."""


def order(sort: Sort) -> list[dict[str, Any]]:
    way = "asc" if sort == "oldest" else "desc"
    published = {"published": {"order": way, "missing": "_last"}}
    return [*([{"_score": "desc"}] if sort == "relevance" else []), published, BY_ID, STORY]


def place(sort: Sort, key: SortKey) -> list[Any]:
    score, published, article_id = key
    # All that can stand behind this id with it is the article itself, whatever its story.
    undated = _LATEST if sort == "oldest" else _EARLIEST
    rest = [undated if published is None else published, encode_surrogates(article_id), _LAST]
    return [score, *rest] if sort == "relevance" else rest


_LAST = "\U0010ffff"
_EARLIEST, _LATEST = -(2**63), 2**63 - 1
"""What the cluster sorts an article without a date by, so that it comes last."""


def match_of(hit: dict[str, Any], sort: Sort) -> Match:
    published, article_id, story = hit["sort"][1 if sort == "relevance" else 0 :][:3]
    time = None if published in (_EARLIEST, _LATEST) else published
    return Match(decode_surrogates(article_id), hit["_score"], time, decode_surrogates(story))
