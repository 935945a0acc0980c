"""Golden queries: articles that must be on the first page before a new index goes live.

A file of golden queries is TOML, one entry for each query:

    [[query]]
    q = "数字人民币 试点"
    articles = ["043_da3e7102c3b57f80.md"]

A file that cannot be read raises EvaluationError.
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from index.engines.api import Snapshot
from index.errors import EvaluationError
from search.request import SearchRequest
from search.searcher import Searcher

EXPECTED = '[[query]]、q = "…" 和 articles = ["…"]'


@dataclass(frozen=True, slots=True)
class Golden:
    """A query and the ids of articles that its first page must show."""

    q: str
    articles: tuple[str, ...]


def read_golden(name: str, text: str) -> list[Golden]:
    """The entries in the text of a file, at least one; `name` is for messages."""
    try:
        rows = tomllib.loads(text)["query"]
        read = [_entry(row) for row in rows]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"{name} 无法读取，应由 {EXPECTED} 组成。") from error
    if not read:
        raise EvaluationError(f"{name} 里没有查询。")
    return read


def checking(golden: Sequence[Golden], now: datetime) -> Callable[[Snapshot], list[str]]:
    """A check of a new generation that gives a sentence for each missing article."""

    def check(snapshot: Snapshot) -> list[str]:
        searcher = Searcher(snapshot)
        return [fault for entry in golden for fault in _missing(searcher, entry, now)]

    return check


def _missing(searcher: Searcher, entry: Golden, now: datetime) -> list[str]:
    hits = searcher.search(SearchRequest(now=now, q=entry.q, facets=())).hits
    shown = {hit.id for hit in hits}
    for hit in hits:
        if hit.story.size > 1:  # a repost is shown by the line of its story
            shown.update(searcher.snapshot.story_members(hit.story.id))
    return [
        f"“{entry.q}”的第一页没有文章 {article}。"
        for article in entry.articles
        if article not in shown
    ]


def _entry(row: object) -> Golden:
    if not isinstance(row, dict) or set(row) != {"q", "articles"}:
        raise ValueError("other keys")
    q, articles = row["q"], row["articles"]
    if not isinstance(q, str) or not isinstance(articles, list):
        raise TypeError("other types")
    if not articles or not all(isinstance(article, str) for article in articles):
        raise ValueError("no articles")
    return Golden(q, tuple(articles))
