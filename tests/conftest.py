"""Fixtures for all tests: a few invented articles, a small lexicon, indexes of both."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from index.analysis.segmenter import Segmenter
from index.article import Article
from index.build.builder import Builder
from index.document import Arrival, DocumentMaker
from index.engines.api import Engine
from index.engines.registry import open_engine
from index.lexicon.loading import load_lexicon
from index.lexicon.model import Lexicon
from index.settings import Settings
from index.sources.reader import read_articles
from index.takedowns import Takedowns
from tests.cluster import clusters
from tests.cluster.nodes import Cluster, cluster
from tests.support.articles import ARTICLES, CONCEPTS, write_articles
from tests.support.machine import SHARED
from tests.support.naive_engine import NaiveEngine
from tests.support.site import Site

# What a first example costs (a dictionary, an index) says nothing about the ones after it.
hypothesis_settings.register_profile(
    "yuansou", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("yuansou")

# A shell's background job ignores Ctrl+C, and so would every process that a test starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ("tests.support.unmet_needs",)


def whoosh_engine(root: Path) -> Engine:
    return open_engine(Settings(index_dir=root))


def tantivy_engine(root: Path) -> Engine:
    return open_engine(Settings(index_dir=root, engine="tantivy"))


REAL_ENGINES = [
    pytest.param(whoosh_engine, id="whoosh"),
    pytest.param(tantivy_engine, id="tantivy", marks=pytest.mark.tantivy),
    pytest.param(clusters.Sharded(1), id="opensearch", marks=pytest.mark.cluster),
    pytest.param(clusters.Sharded(3), id="opensearch-3", marks=pytest.mark.cluster),
]
"""An engine is one line here: what makes one over a folder, or over real nodes."""


def engine_of(request: pytest.FixtureRequest, root: Path) -> Engine:
    """The engine that the parameter names; OpenSearch nodes start at first use."""
    if isinstance(request.param, clusters.Sharded):
        nodes: Cluster = request.getfixturevalue("three_nodes")
        return request.param.on(nodes.hosts, root)
    made: Engine = request.param(root)
    return made


@pytest.fixture(params=[pytest.param(lambda root: NaiveEngine(), id="naive"), *REAL_ENGINES])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Each engine in turn, empty."""
    made = engine_of(request, tmp_path / "index")
    yield made
    clusters.forget(made)


@pytest.fixture(scope="session")
def one_node() -> Iterator[Cluster]:
    """A real OpenSearch node; each test uses indexes of its own."""
    with cluster(1) as made:
        yield made


@pytest.fixture(scope="session")
def three_nodes() -> Iterator[Cluster]:
    """Three OpenSearch nodes; a test that kills one starts it again."""
    with cluster(3) as made:
        yield made


@pytest.fixture(scope="session")
def tiny_lexicon() -> Lexicon:
    topics = ("元宇宙", "区块链", "数字人民币", "DeFi", "支付")
    return Lexicon(CONCEPTS, ("银行卡",), topics)


@pytest.fixture(scope="session")
def seeds_lexicon() -> Lexicon:
    return load_lexicon()


@pytest.fixture(scope="session")
def seeds_segmenter(seeds_lexicon: Lexicon) -> Segmenter:
    return Segmenter(seeds_lexicon)


@pytest.fixture
def tiny_file(tmp_path: Path) -> Path:
    """The tiny articles as a JSON Lines file that may be rewritten."""
    return write_articles(tmp_path / "tiny.jsonl", ARTICLES)


@pytest.fixture
def empty_engine(tmp_path: Path) -> Engine:
    return whoosh_engine(tmp_path / "index")


@pytest.fixture
def tiny_index(
    empty_engine: Engine, tiny_file: Path, tiny_lexicon: Lexicon, tmp_path: Path
) -> Engine:
    """The default engine with one published generation of the tiny articles."""
    Builder(empty_engine, tiny_lexicon, Takedowns(tmp_path / "index")).rebuild([tiny_file])
    return empty_engine


@pytest.fixture(params=REAL_ENGINES)
def site(request: pytest.FixtureRequest, tmp_path: Path, tiny_lexicon: Lexicon) -> Iterator[Site]:
    """A site with the six tiny articles in a file, not indexed, on each real engine."""
    made = Site(engine_of(request, tmp_path / "index"), tmp_path / "index", tiny_lexicon)
    made.write(*ARTICLES)
    yield made
    clusters.forget(made.engine)


@pytest.fixture
def built(site: Site) -> Site:
    """A site whose six articles were indexed in the past."""
    maker = DocumentMaker(site.lexicon)
    articles = [item for item in read_articles([site.file]) if isinstance(item, Article)]
    arrivals = [Arrival(article, article.content_hash(), 1_000, 2_000) for article in articles]
    writer = site.engine.build(site.lexicon, base=None, sources=())
    writer.add(site.engine.pack(maker.make_all(arrivals)))
    site.engine.publish(writer.commit().name)
    return site


@pytest.fixture(scope="session")
def corpus_index(tmp_path_factory: pytest.TempPathFactory, seeds_lexicon: Lexicon) -> Engine:
    """An index of the whole corpus next to the checkout; takes half a minute."""
    root = tmp_path_factory.mktemp("corpus")
    engine = whoosh_engine(root)
    builder = Builder(engine, seeds_lexicon, Takedowns(root))
    builder.rebuild([SHARED / "data" / "news" / "corpus.jsonl.gz"])
    return engine
