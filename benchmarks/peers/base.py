"""The interface of a peer: two functions of a module, and a row on what its answers contain."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from benchmarks.harness.corpus import Text

COUNT = 10
"""Hits of an answer."""
TITLE_WEIGHT = 3
"""A word in the title counts as so many in the text, where both are one field. Where they are two,
each has its own BM25 and no weight: one of 3 was seen to cost bare Tantivy .08 of nDCG@10."""
SNIPPET = 40
"""Words of a snippet, where a peer counts in words; elsewhere its own default."""


class Hit(NamedTuple):
    """The snippet is empty if a peer has none."""

    id: str
    title: str
    snippet: str


Search = Callable[[str], list[Hit]]
"""The best COUNT articles of a query, the best first. Called from several threads at once."""


class Peer(Protocol):
    """What a module of this folder offers. Only the module reads or writes the folder's files."""

    def build(self, articles: Iterable[Text], folder: Path) -> None: ...

    def open_index(self, folder: Path) -> Search: ...


@dataclass(frozen=True, slots=True)
class Traits:
    """What an answer contains besides ids and titles."""

    words: str
    """How many of a query's words an article must have."""
    snippet: str = "no"
    marks: str = "no"
    total: str = "no"
    facets: str = "no"
    folding: str = "no"


def per_thread(open_one: Callable[[], Search]) -> Search:
    """A search that opens its index once for each thread, for libraries whose handles threads
    cannot share."""
    kept = threading.local()

    def search(query: str) -> list[Hit]:
        if not hasattr(kept, "search"):
            kept.search = open_one()
        found: list[Hit] = kept.search(query)
        return found

    return search
