"""Where articles are: by id, and those of the latest answers at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from index.engines.tantivy.article_store import Articles
from index.engines.tantivy.compiler import TantivyCompiler, unscored
from index.engines.tantivy.schema import NUMBER

MAX_REMEMBERED = 20_000
"""Articles whose places are kept, some 4 MB: what is read was nearly always just found."""
FIRST = 256
"""Articles of an answer whose places are remembered: what is read of it, and some to spare."""


class Place(NamedTuple):
    """An article's number, and its address in Tantivy."""

    number: int
    address: Any


class Places:
    """Finds articles over one searcher. Threads may share it."""

    def __init__(self, searcher: Any, compiler: TantivyCompiler, articles: Articles) -> None:
        self._searcher = searcher
        self._compiler = compiler
        self._articles = articles
        self._known: dict[str, Place] = {}

    def names(self, addresses: Sequence[Any]) -> list[tuple[str, str]]:
        """(id, story) of the articles at some addresses; places of the first are remembered."""
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._articles.names(numbers)
        found = map(Place, numbers[:FIRST], addresses[:FIRST])
        self._room().update(zip([name for name, _ in names[:FIRST]], found, strict=True))
        return names

    def of(self, ids: Sequence[str]) -> dict[str, Place]:
        """Places by id, of those that are there."""
        known = self._known
        found = {name: place for name in ids if (place := known.get(name))}
        missing = [name for name in {*ids} if name not in found]
        return found | self._looked_up(missing) if missing else found

    def _looked_up(self, ids: Sequence[str]) -> dict[str, Place]:
        chosen = self._compiler.with_ids(ids)
        hits = self._searcher.search(unscored(chosen), len(ids), count=False).hits
        addresses = [address for _, address in hits]
        numbers = self._searcher.fast_field_values(NUMBER, addresses)
        names = self._articles.names(numbers)
        return {
            name: Place(number, address)
            for (name, _), number, address in zip(names, numbers, addresses, strict=True)
        }

    def _room(self) -> dict[str, Place]:
        """The dictionary to add to; another takes the place of a full one, which threads read."""
        if len(self._known) > MAX_REMEMBERED - FIRST:
            self._known = {}
        return self._known
