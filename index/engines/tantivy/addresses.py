"""Where articles are: by id, and those of the latest answers at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from index.engines.tantivy.article_store import ArticleStore
from index.engines.tantivy.compiler import TantivyCompiler, unscored
from index.engines.tantivy.schema import NUMBER

MAX_CACHED_ADDRESSES = 20_000
"""Articles whose places are kept, some 4 MB: what is read was nearly always just found."""
CACHED_PER_ANSWER = 256
"""Articles of an answer whose places are remembered: what is read of it, and some to spare."""


class ArticleAddress(NamedTuple):
    """An article's number, and its address in Tantivy."""

    number: int
    address: Any


class ArticleAddresses:
    """Finds articles over one searcher. Threads may share it."""

    def __init__(self, searcher: Any, compiler: TantivyCompiler, articles: ArticleStore) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._articles = articles
        self._cached: dict[str, ArticleAddress] = {}

    def names(self, addresses: Sequence[Any]) -> list[tuple[str, str]]:
        """(id, story) of the articles at some addresses; places of the first are remembered."""
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._articles.names(numbers)
        found = map(ArticleAddress, numbers[:CACHED_PER_ANSWER], addresses[:CACHED_PER_ANSWER])
        self._room().update(
            zip([name for name, _ in names[:CACHED_PER_ANSWER]], found, strict=True)
        )
        return names

    def of(self, ids: Sequence[str]) -> dict[str, ArticleAddress]:
        """Addresses by id, of those that are there."""
        known = self._cached
        found = {name: place for name in ids if (place := known.get(name))}
        missing = [name for name in {*ids} if name not in found]
        return found | self._look_up(missing) if missing else found

    def _look_up(self, ids: Sequence[str]) -> dict[str, ArticleAddress]:
        chosen = self._compiler.with_ids(ids)
        hits = self._searcher.search(unscored(chosen), len(ids), count=False).hits
        addresses = [address for _, address in hits]
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._articles.names(numbers)
        return {
            name: ArticleAddress(number, address)
            for (name, _), number, address in zip(names, numbers, addresses, strict=True)
        }

    def _room(self) -> dict[str, ArticleAddress]:
        """The dictionary to add to; another takes the place of a full one, which threads read."""
        if len(self._cached) > MAX_CACHED_ADDRESSES - CACHED_PER_ANSWER:
            self._cached = {}
        return self._cached
