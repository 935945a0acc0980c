"""The `Writer`s (index/engines/api.py) of a rebuild, to a new index, and of an update, in place."""

import pickle
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from index.engines.api import Generation
from index.engines.opensearch.catalog import Catalog, now_stamp, stamp_of
from index.engines.opensearch.client import WRITE_PATIENCE
from index.engines.opensearch.field_lengths import FieldLengths
from index.engines.opensearch.writing.bulk import BulkSender
from index.engines.opensearch.writing.pack import BulkRequest, removals
from index.lexicon.model import Lexicon

STAGED_MEMORY_BYTES = 16 << 20
"""Of an update's requests. More goes to a temporary file."""


class RebuildWriter:
    """Sends requests at once, to an index that nobody reads yet."""

    def __init__(self, catalog: Catalog, described: Generation, lexicon: Lexicon, who: str) -> None:
        self._catalog = catalog
        self._described = described
        self._lexicon = lexicon
        self._index = catalog.create(described.name, who)
        self._sender = BulkSender(catalog.cluster, self._index)
        self._lengths = FieldLengths()
        self._finished = False

    def add(self, batch: Sequence[BulkRequest]) -> None:
        for request in batch:
            self._lengths.add(request.lengths)
            self._sender.send(request)

    def remove(self, ids: Sequence[str]) -> None:
        """Nothing to do: a rebuild begins empty."""

    def commit(self, *, wait_visible: bool = True) -> Generation:
        # Made visible in any case: nobody reads it before it is published.
        self._sender.finish()
        self._catalog.tune(self._index, self._lengths)
        self._catalog.settle(self._index)
        self._catalog.keep(self._lexicon)
        generation = counted(self._catalog, self._index, self._described)
        self._catalog.describe(self._index, generation)
        self._finished = True
        return generation

    def abort(self) -> None:
        self._sender.abort()
        if not self._finished:  # a committed index is a generation
            self._catalog.drop(self._index)


class UpdateWriter:
    """Collects requests, and sends them to the generation's own index at `commit`. Each article
    changes separately; points in time opened before see none of it."""

    def __init__(self, catalog: Catalog, described: Generation, lexicon: Lexicon) -> None:
        self._catalog = catalog
        self._described = described
        self._lexicon = lexicon
        self._started = int(time.time())
        self._staged = tempfile.SpooledTemporaryFile(STAGED_MEMORY_BYTES)  # noqa: SIM115 - closed at the end
        self._added: set[str] = set()
        self._removed: set[str] = set()

    def add(self, batch: Sequence[BulkRequest]) -> None:
        for request in batch:
            self._added.update(request.ids)
            pickle.dump(request, self._staged)

    def remove(self, ids: Sequence[str]) -> None:
        self._removed.update(ids)

    def commit(self, *, wait_visible: bool = True) -> Generation:
        index = self._catalog.index_of(self._described.name)
        self._catalog.keep(self._lexicon)
        sender = BulkSender(self._catalog.cluster, index)
        try:
            for request in self._requests():
                sender.send(request)
            sender.finish()
        except BaseException:
            sender.abort()
            raise
        name = f"{stamp_of(self._described.name)}.{now_stamp()}"
        described = replace(self._described, name=name)
        generation = counted(self._catalog, index, described, refresh=wait_visible)
        self._catalog.describe(index, generation)
        self._staged.close()
        return generation

    def abort(self) -> None:
        """What `commit` has sent stays; before `commit`, nothing was sent."""
        self._staged.close()

    def _requests(self) -> Iterator[BulkRequest]:
        self._staged.seek(0)
        while True:
            try:
                yield pickle.load(self._staged)  # noqa: S301 - we wrote it
            except EOFError:
                break
        yield from removals(sorted(self._removed - self._added), self._started)


def counted(
    catalog: Catalog, index: str, described: Generation, *, refresh: bool = True
) -> Generation:
    """The manifest with the present numbers of the index."""
    if refresh:
        catalog.cluster.call("POST", f"/{index}/_refresh", patience=WRITE_PATIENCE)
    found: Any = catalog.cluster.call("GET", f"/{index}/_stats/store,segments")
    primaries = found["_all"]["primaries"]
    return replace(
        described,
        articles=catalog.cluster.call("GET", f"/{index}/_count")["count"],
        created_at=int(time.time()),
        segments=max(1, primaries["segments"]["count"]),
        bytes=primaries["store"]["size_in_bytes"],
    )
