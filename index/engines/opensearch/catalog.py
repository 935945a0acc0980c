"""Names and manages what is on the cluster: an index for each generation, an alias for the
published one, and an index for what generations share.

    ALIAS                  an alias of the published generation's index
    ALIAS-20261123t0804…z  a generation; its manifest is in the `_meta` of its mapping
    ALIAS-catalog          lexicons by version, the lock, the takedowns
"""

import re
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from index.engines.api import TOKEN_FIELDS, Generation
from index.engines.compatibility import generation_of
from index.engines.opensearch.client import WRITE_PATIENCE, ClusterClient, Conflict, NotFound
from index.engines.opensearch.field_lengths import FieldLengths
from index.engines.opensearch.schema import index_mapping, index_settings, similarity
from index.errors import AnswerPartial, ClusterAway, IndexDamaged, IndexMissing, NoSuchGeneration
from index.lexicon.model import Lexicon

PRODUCT = "yuansou"
LEXICON_PREFIX = "lexicon-"
_STAMP = re.compile(r"\d{8}t\d{12}z+")
_META = "*.mappings._meta"
CLOSE_RETRY_SECONDS = 0.2
"""Between two tries to close an index."""


def stamp_of(name: str) -> str:
    """The part of a generation's name that updates keep; it names the index."""
    return name.partition(".")[0]


def now_stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"


class Catalog:
    """Generations of one alias."""

    def __init__(self, cluster: ClusterClient, alias: str) -> None:
        self.cluster = cluster
        self.alias = alias

    def index_of(self, name: str) -> str:
        return f"{self.alias}-{stamp_of(name).lower()}"

    # generations

    def metas(self) -> dict[str, dict[str, Any]]:
        """By index, the `_meta` of its mapping, oldest first; of incomplete generations too."""
        # A builder that is killed while it sets the similarity leaves its index closed.
        found = self.cluster.call(
            "GET", f"/{self.alias}-*/_mapping", filter_path=_META, expand_wildcards="open,closed"
        )
        begin = len(self.alias) + 1
        return {
            index: answer["mappings"]["_meta"]
            for index, answer in sorted(found.items())
            if _STAMP.fullmatch(index[begin:]) and answer["mappings"]["_meta"].get("by") == PRODUCT
        }

    def generations(self) -> list[Generation]:
        """Complete ones, oldest first."""
        return [_generation(meta) for meta in self.metas().values() if meta["generation"]]

    def read(self, name: str) -> Generation:
        """Raises NoSuchGeneration, also if an update has replaced the generation."""
        try:
            index = self.index_of(name)
            found = self.cluster.call("GET", f"/{index}/_mapping", filter_path=_META)
            meta = found[index]["mappings"]["_meta"]
            if meta["generation"] and meta["generation"]["name"] == name:
                return _generation(meta)
        except (NotFound, KeyError):
            pass
        raise NoSuchGeneration(
            f"没有名为 {name} 的索引版本。", hint="yuansou index status 会列出现有版本。"
        )

    def current(self) -> Generation:
        """The published generation; raises IndexMissing or IndexDamaged."""
        try:
            found = self.cluster.call("GET", f"/{self.alias}/_mapping", filter_path=_META)
        except NotFound:
            raise IndexMissing(
                f"集群上还没有名为 {self.alias} 的索引。", hint=IndexMissing.first
            ) from None
        metas = [answer["mappings"]["_meta"] for answer in found.values()]
        if len(metas) != 1 or metas[0].get("by") != PRODUCT or not metas[0].get("generation"):
            raise IndexDamaged(
                f"集群上的 {self.alias} 不是本程序的一个索引。",
                hint="请换一个 opensearch_alias，或运行 yuansou index rebuild。",
            )
        return _generation(metas[0])

    def create(self, name: str, builder: str) -> str:
        """Create an empty index, not yet a generation. `builder`: the lease of its process."""
        index = self.index_of(name)
        meta = {"by": PRODUCT, "generation": None, "builder": builder}
        self._create(index, {"settings": index_settings(), "mappings": index_mapping(meta)})
        return index

    def describe(self, index: str, generation: Generation) -> None:
        """Store the manifest, which makes the index a complete generation."""
        meta = {"by": PRODUCT, "generation": asdict(generation), "builder": None}
        self.cluster.call("PUT", f"/{index}/_mapping", {"_meta": meta}, patience=WRITE_PATIENCE)

    def scoring(self, index: str) -> tuple[int, dict[str, float]]:
        """The shards of an index, and by token field the factor that turns its scores into ours.

        Before OpenSearch 3, BM25 has the factor k1 + 1 of the original formula; ours does not.
        """
        found = self.cluster.call("GET", f"/{index}/_settings")[index]["settings"]["index"]
        k1 = {name: float(found["similarity"][name]["k1"]) for name in TOKEN_FIELDS}
        classic = self.cluster.version < (3,)
        factors = {name: 1 / (k1[name] + 1) if classic else 1.0 for name in TOKEN_FIELDS}
        return int(found["number_of_shards"]), factors

    def tune(self, index: str, lengths: FieldLengths) -> None:
        """Set k1 and b from the lengths of all articles. Needs a closed index."""
        if not lengths.empty:
            return
        fields = {name: similarity(lengths.longer(name)) for name in TOKEN_FIELDS}
        body = {"index": {"similarity": fields}}
        self._close(index)
        self.cluster.call("PUT", f"/{index}/_settings", body, patience=WRITE_PATIENCE)
        self.cluster.call("POST", f"/{index}/_open", patience=WRITE_PATIENCE)

    def _close(self, index: str) -> None:
        """Retries, because the answer may be a success while the index stays open: it cannot close
        while a copy of a shard lags. The answer does not name an index that was closed before."""
        deadline = time.monotonic() + WRITE_PATIENCE.total_seconds
        closed = False
        while not closed:
            answer = self.cluster.call("POST", f"/{index}/_close", patience=WRITE_PATIENCE)
            closed = answer["acknowledged"] and answer["indices"].get(index, {}).get("closed", True)
            if not closed and time.monotonic() > deadline:
                raise ClusterAway(
                    f"集群上的索引 {index} 一直无法关闭，没有建成。", hint="请稍后再运行一次。"
                )
            time.sleep(0 if closed else CLOSE_RETRY_SECONDS)

    def settle(self, index: str) -> None:
        """Wait until every shard is ready, with as many copies as the nodes have room for, so that
        losing a node after publishing is harmless. Raises AnswerPartial if a shard is missing."""
        found = self.cluster.call(
            "GET",
            f"/_cluster/health/{index}",
            patience=WRITE_PATIENCE,
            wait_for_status="yellow",
            wait_for_no_initializing_shards=True,
            timeout="50s",
        )
        if found["status"] == "red":
            raise AnswerPartial(
                f"索引 {index} 的分片没有就绪。", hint="请运行 yuansou index status 查看集群状态。"
            )

    def publish(self, name: str) -> None:
        """Move the alias in one step."""
        index = self.index_of(self.read(name).name)
        actions: list[dict[str, Any]] = [
            {"remove": {"index": other, "alias": self.alias}}
            for other in self._published()
            if other != index
        ]
        actions.append({"add": {"index": index, "alias": self.alias}})
        self.cluster.call("POST", "/_aliases", {"actions": actions}, patience=WRITE_PATIENCE)

    def _published(self) -> list[str]:
        try:
            return list(self.cluster.call("GET", f"/_alias/{self.alias}"))
        except NotFound:
            return []

    def drop(self, index: str) -> None:
        try:
            self.cluster.call("DELETE", f"/{index}", patience=WRITE_PATIENCE)
        except NotFound:
            return

    def new_name(self) -> str:
        """A name that sorts after all others, even if the clock was set back."""
        name = now_stamp()
        last = max((index[len(self.alias) + 1 :] for index in self.metas()), default="")
        return name if name.lower() > last else f"{last.upper()}Z"

    # what generations share

    @property
    def _shared(self) -> str:
        return f"{self.alias}-catalog"

    def keep(self, lexicon: Lexicon) -> None:
        body = {"json": lexicon.to_json()}
        self.write(f"{LEXICON_PREFIX}{lexicon.version}", body, refresh=True)

    def lexicon(self, version: str) -> Lexicon:
        try:
            return Lexicon.from_json(self.document(f"{LEXICON_PREFIX}{version}")["_source"]["json"])
        except (NotFound, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(f"集群上的词库 {version} 无法读取。") from error

    def forget_lexicons(self, kept: Sequence[str]) -> None:
        """Delete lexicons but those of these versions."""
        body = {"query": {"match_all": {}}, "size": 1_000, "_source": False}
        try:
            hits = self.cluster.call("POST", f"/{self._shared}/_search", body)["hits"]["hits"]
            lexicons = {hit["_id"] for hit in hits if hit["_id"].startswith(LEXICON_PREFIX)}
            for name in lexicons - {f"{LEXICON_PREFIX}{version}" for version in kept}:
                self.cluster.call("DELETE", f"/{self._shared}/_doc/{name}", patience=WRITE_PATIENCE)
        except NotFound:
            return

    def document(self, name: str) -> Any:
        """The latest version of a document in the shared index; raises NotFound."""
        return self.cluster.call("GET", f"/{self._shared}/_doc/{name}")

    def write(self, name: str, body: dict[str, Any], **params: Any) -> Any:
        """Raises Conflict if `params` name the version to replace and it was replaced already."""
        path = f"/{self._shared}/_doc/{name}"
        try:
            return self.cluster.call("PUT", path, body, patience=WRITE_PATIENCE, **params)
        except NotFound:
            self._create(self._shared, {"mappings": {"dynamic": False}})
            return self.cluster.call("PUT", path, body, patience=WRITE_PATIENCE, **params)

    def _create(self, index: str, body: dict[str, Any]) -> None:
        try:
            self.cluster.call("PUT", f"/{index}", body, patience=WRITE_PATIENCE)
        except Conflict:
            return  # made by another process, or by our first try


def _generation(meta: dict[str, Any]) -> Generation:
    try:
        return generation_of(meta["generation"])
    except (KeyError, TypeError, AttributeError) as error:
        raise IndexDamaged("集群上的一个索引清单不是本程序写的。") from error
