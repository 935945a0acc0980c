"""What our adapter adds to a cluster's times.

    python -m benchmarks.speed.opensearch CORPUS --queries FILE

Build: our rebuild, from the file to the alias, and our writer alone, given the tokens; against
plain scripts with the client's own `helpers.bulk` and the same tokens, one that segments the
articles itself and one that gets them segmented. Queries: our answer against the bare `_search` for
the same articles and facets, plus the time of ranking and snippets. Both are queried in turn in one
run. The cluster comes from the settings (YUANSOU_OPENSEARCH_…); everything is under an alias of its
own and deleted at the end.
"""

import argparse
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch, helpers

from benchmarks.comparison.stock_run import QUERIES
from benchmarks.harness.corpus import first_articles, read_queries
from index.article import Article
from index.build.builder import Builder
from index.document import Arrival, Document, DocumentMaker
from index.engines.opensearch import schema
from index.engines.opensearch.engine import OpenSearchEngine
from index.engines.opensearch.reading.snapshot import OpenSearchSnapshot
from index.engines.opensearch.writing import pack
from index.engines.registry import open_engine, open_takedowns
from index.lexicon.loading import load_lexicon
from index.lexicon.model import Lexicon
from index.settings import Settings, load
from index.sources.reader import read_articles
from search.request import SearchRequest
from search.searcher import Searcher

ALIAS, PLAIN = "yuansou-bench", "yuansou-bench-plain"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
CHUNK = 500
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One query, in seconds: our whole answer, the part of it spent waiting for the cluster, and
    the bare call. `count`: the number of our requests to the cluster."""

    whole: float
    waited: float
    bare: float
    count: int

    @property
    def own(self) -> float:
        """Parsing, ranking, snippets: what runs in our process."""
        return self.whole - self.waited

    @property
    def ratio(self) -> float:
        return self.whole / (self.bare + self.own)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if options.alias:
        _queries(*_connected(replace(load(), opensearch_alias=options.alias)), options.queries)
        return
    with tempfile.TemporaryDirectory() as folder:
        settings = replace(load(), opensearch_alias=ALIAS, index_dir=Path(folder))
        engine, client = _connected(settings)
        corpus = first_articles(options.corpus, options.articles, Path(folder))
        builder = Builder(engine, load_lexicon(), open_takedowns(settings))
        try:
            _builds(engine, builder, client, corpus)
            _queries(engine, client, options.queries)
        finally:
            client.indices.delete(index=f"{ALIAS}*", ignore=[404])


def _connected(settings: Settings) -> tuple[OpenSearchEngine, OpenSearch]:
    """Our engine, and the client that a plain application would use."""
    engine = open_engine(replace(settings, engine="opensearch"))
    assert isinstance(engine, OpenSearchEngine)
    return engine, OpenSearch(list(settings.opensearch_hosts), timeout=120)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speed.opensearch", description=__doc__
    )
    parser.add_argument("corpus", type=Path, nargs="?", help=".jsonl or .jsonl.gz")
    parser.add_argument("--alias", help="ask an index that is there, and build none")
    parser.add_argument("--queries", type=Path, default=QUERIES)
    parser.add_argument("--articles", type=int, help="only the first so many")
    return parser.parse_args(arguments)


# Build


def _builds(engine: OpenSearchEngine, builder: Builder, client: OpenSearch, corpus: Path) -> None:
    """Ours and the plain scripts in turn, twice; articles a second, the better of the two."""
    lexicon = load_lexicon()
    documents = list(_cut(corpus, lexicon))
    sides: dict[str, Callable[[], Any]] = {
        "ours, from the file": lambda: builder.rebuild([corpus]),
        "plain script that cuts": lambda: _plain(client, _cut(corpus, lexicon)),
        "ours, given tokens": lambda: _given(engine, documents, lexicon),
        "plain script, given tokens": lambda: _plain(client, documents),
    }
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(2):
        for name, side in sides.items():
            started = time.perf_counter()
            side()
            rates[name].append(len(documents) / (time.perf_counter() - started))
    best = {name: max(found) for name, found in rates.items()}
    print(f"{len(documents):,} articles, load {os.getloadavg()[0]:.1f}")
    for name, rate in best.items():
        ours = best["ours, given tokens" if name.endswith("tokens") else "ours, from the file"]
        print(f"{name:28} {rate:7,.0f} articles/s   ours/this {ours / rate:.2f}")


def _cut(corpus: Path, lexicon: Lexicon) -> Iterator[Document]:
    maker, now = DocumentMaker(lexicon), int(time.time())
    for article in read_articles([corpus]):
        if isinstance(article, Article):
            yield maker.make(Arrival(article, article.content_hash(), now, now))


def _given(engine: OpenSearchEngine, documents: Sequence[Document], lexicon: Lexicon) -> None:
    """Only our pack and our writer, in this process."""
    writer = engine.build(lexicon, base=None, sources=())
    for at in range(0, len(documents), CHUNK):
        writer.add(engine.pack(documents[at : at + CHUNK]))
    writer.commit()


def _plain(client: OpenSearch, documents: Iterator[Document] | list[Document]) -> None:
    client.indices.delete(index=PLAIN, ignore=[404])
    client.indices.create(
        index=PLAIN,
        body={"settings": schema.index_settings(), "mappings": schema.index_mapping({})},
    )
    actions = (
        {"_index": PLAIN, "_id": document.id, "_source": pack.fields(document)}
        for document in documents
    )
    helpers.bulk(client, actions, chunk_size=CHUNK, request_timeout=120)
    client.indices.refresh(index=PLAIN)


# Queries


def _queries(engine: OpenSearchEngine, client: OpenSearch, queries: Path) -> None:
    snapshot = engine.open()
    searcher = Searcher(snapshot)
    searcher.aids.load()
    index = engine.catalog.index_of(snapshot.generation.name)
    asked = [_asked(searcher, snapshot, client, index, query) for query in read_queries(queries)]
    for name in ("whole", "waited", "own", "bare"):
        times = sorted(getattr(one, name) * 1000 for one in asked)
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{name:6} sum {sum(times):6.0f} ms   p50 {p50:6.1f} ms   p95 {p95:6.1f} ms")
    ratios = sorted(one.ratio for one in asked)
    together = sum(one.whole for one in asked) / sum(one.bare + one.own for one in asked)
    calls = statistics.mean(one.count for one in asked)
    print(f"{len(asked)} queries, {calls:.1f} calls each, load {os.getloadavg()[0]:.1f}")
    print(f"whole / (bare + own): median {statistics.median(ratios):.2f}, all {together:.2f}")


def _asked(
    searcher: Searcher, snapshot: OpenSearchSnapshot, client: OpenSearch, index: str, query: str
) -> Asked:
    """Ours first, so the bare call finds its words in the caches."""
    request = SearchRequest(now=NOW, q=query)
    with _recorded(snapshot) as (requests, waits):
        started = time.perf_counter()
        searcher.search(request)
        whole = time.perf_counter() - started
    body = _bare(requests, waits)
    times = []
    for _ in range(3):
        started = time.perf_counter()
        client.search(index=index, body=body)
        times.append(time.perf_counter() - started)
    return Asked(whole, sum(waits), statistics.median(times), len(requests))


def _bare(requests: Sequence[Sequence[Body]], seconds: Sequence[float]) -> Body:
    """One request for the matches, their order and the facets, as a plain application sends it:
    the most expensive of ours, since a query that may lack words sends two."""
    found = [
        (body["size"], waited, body)
        for bodies, waited in zip(requests, seconds, strict=True)
        for body in bodies
        if "track_scores" in body
    ]
    *_, match = max(found, key=lambda one: one[:2])
    bodies = [body for request in requests for body in request]
    counted = [body["aggs"] for body in bodies if len(body.get("aggs", ())) > 1]
    return {**match, "aggs": counted[-1] if counted else {}}


@contextmanager
def _recorded(
    snapshot: OpenSearchSnapshot,
) -> Iterator[tuple[list[Sequence[Body]], list[float]]]:
    """The bodies of each request that this thread sends, and the seconds that it took."""
    requests: list[Sequence[Body]] = []
    waits: list[float] = []
    asking = threading.get_ident()
    send = snapshot.point.search_all

    def search_all(bodies: Sequence[Body]) -> list[Any]:
        started = time.perf_counter()
        answers = send(bodies)
        if threading.get_ident() == asking:
            requests.append(bodies)
            waits.append(time.perf_counter() - started)
        return answers

    snapshot.point.search_all = search_all  # type: ignore[method-assign]
    try:
        yield requests, waits
    finally:
        snapshot.point.search_all = send  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
