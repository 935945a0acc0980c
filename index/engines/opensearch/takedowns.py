"""Stores takedowns in a document on the cluster, so that every machine that rebuilds has them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from index.engines.opensearch.catalog import Catalog
from index.engines.opensearch.client import Conflict, NotFound
from index.errors import IndexDamaged
from index.takedowns import Takedown

TAKEDOWNS_DOCUMENT = "takedowns"


class ClusterTakedowns:
    """As `index.takedowns.Takedowns`; several processes may add at once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def read(self) -> dict[str, Takedown]:
        return self._read()[0]

    def _read(self) -> tuple[dict[str, Takedown], dict[str, Any]]:
        """The takedowns by id, and the version that a replacement must name."""
        try:
            found = self._catalog.document(TAKEDOWNS_DOCUMENT)
            takedowns = [Takedown(**row) for row in found["_source"]["takedowns"]]
        except NotFound:
            return {}, {"op_type": "create"}
        except (KeyError, TypeError) as error:
            raise IndexDamaged(
                "集群上的移除记录无法读取。", hint="请在集群上修正这个文档后再试。"
            ) from error
        version = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        return {takedown.id: takedown for takedown in takedowns}, version

    def add(self, takedowns: Iterable[Takedown]) -> None:
        """Durable when it returns."""
        added = {takedown.id: takedown for takedown in takedowns}
        written = False
        while not written:
            known, version = self._read()
            rows = [asdict(takedown) for takedown in {**known, **added}.values()]
            try:
                self._catalog.write(TAKEDOWNS_DOCUMENT, {"takedowns": rows}, **version)
                written = True
            except Conflict:
                continue  # another process added a takedown: read again, add ours
