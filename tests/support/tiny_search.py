"""Tiny generations in memory: articles of one line and a lexicon of a dozen concepts."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from index.analysis.segmenter import Segmenter
from index.analysis.word_boundaries import WordBoundaries, decode_boundaries, encode_boundaries
from index.article import Article
from index.build.workers import BATCH_ARTICLES
from index.document import Document, DocumentMaker
from index.engines.api import Engine
from index.lexicon.model import Concept, Lexicon
from index.text.boilerplate import boilerplate_spans
from index.text.normalize import normalize
from search.highlighting.highlighter import Marker
from search.highlighting.snippet import snippet
from search.query.expansion import WordReader
from search.query.parsing import parser
from search.query.planner import Plan, Planner, Vocabulary
from search.request import Scope, SearchRequest
from search.response import Highlighted, SearchResponse
from search.searcher import Searcher
from tests.support.naive_engine import NaiveEngine
from tests.support.retellings import drafts_of, stories_of

NOW = datetime(2022, 9, 15, 4, 0, tzinfo=UTC)
TODAY = date(2022, 9, 15)
DAY = timedelta(days=1)

LEXICON = Lexicon(
    concepts=(
        Concept("元宇宙", ("Metaverse", "元界"), (), "元宇宙"),
        Concept("区块链", ("blockchain", "区块链技术"), (), "区块链"),
        Concept("数字人民币", ("e-CNY", "DC/EP"), (), "数字人民币"),
        Concept("比特币", ("BTC", "Bitcoin", "大饼"), (), "加密货币"),
        Concept("以太坊", ("ETH", "Ethereum", "以太坊网络"), (), "加密货币"),
        Concept("V神", ("维塔利克",), ("以太坊",), "加密货币", "person"),
        Concept("NFT", ("NFTs", "非同质化代币"), (), "NFT"),
        Concept("Uniswap V3", (), (), "DeFi", "protocol"),
        Concept("中国人民银行", ("央行", "PBOC"), (), "监管", "regulator"),
        Concept("蚂蚁集团", ("Ant Group",), (), "监管", "company"),
    ),
    masks=("人民币安全",),
    topics=("元宇宙", "区块链", "数字人民币", "加密货币", "NFT", "DeFi", "监管"),
)


def article(name: str, title: str = "", text: str = "", **values: Any) -> Article:
    return Article(id=name, title=title, body=text, body_format="text", **values)


@cache
def segmenter() -> Segmenter:
    return Segmenter(LEXICON)


@cache
def reader() -> WordReader:
    return WordReader(LEXICON, segmenter())


@cache
def _maker(lexicon: Lexicon) -> DocumentMaker:
    return DocumentMaker(lexicon)


def documents(articles: Iterable[Article], lexicon: Lexicon = LEXICON) -> list[Document]:
    """Documents as a build makes them: near-copies share a story."""
    known = list(articles)
    stories, maker = stories_of(known), _maker(lexicon)
    return [maker.finish(d, stories[d.arrival.article.id]) for d in drafts_of(known)]


def fill(engine: Engine, articles: Iterable[Article], lexicon: Lexicon = LEXICON) -> Engine:
    """Publishes one generation of these articles in the engine."""
    writer = engine.build(lexicon, base=None, sources=())
    made = documents(articles, lexicon)
    for start in range(0, len(made), BATCH_ARTICLES):
        writer.add(engine.pack(made[start : start + BATCH_ARTICLES]))
    engine.publish(writer.commit().name)
    return engine


@cache
def searcher(*articles: Article) -> Searcher:
    return Searcher(fill(NaiveEngine(), articles).open())


def texts(*lines: str) -> Searcher:
    """A searcher over untitled articles with the ids "0", "1", …"""
    return searcher(*(article(str(at), "", line) for at, line in enumerate(lines)))


def request(q: str = "", **options: Any) -> SearchRequest:
    return SearchRequest(**{"now": NOW, "q": q, **options})


def ask(over: Searcher, q: str = "", **options: Any) -> SearchResponse:
    return over.search(request(q, **options))


def ids(response: SearchResponse) -> list[str]:
    return [hit.id for hit in response.hits]


def found(over: Searcher, q: str, **options: Any) -> set[str]:
    """Ids of all that match."""
    response = ask(over, q, per_page=100, fold=False, partial=False, **options)
    assert response.total == len(response.hits)
    return set(ids(response))


def shown(text: Highlighted) -> str:
    """The text with its marks as brackets."""
    parts, position = [], 0
    for start, end in text.marks:
        parts += [text.text[position:start], "[", text.text[start:end], "]"]
        position = end
    return "".join([*parts, text.text[position:]])


def plan_of(
    q: str,
    scope: Scope | None = None,
    *,
    verbatim: bool = False,
    sources: Iterable[str] = (),
    begun: int = 1,
) -> Plan:
    """The plan of a query, with given sources and a given number of words for each beginning."""
    values = [(source, 1) for source in sources]
    vocabulary = Vocabulary(
        lambda name: values if name == "source" else [],
        lambda name, text, limit: [f"{text}{n:03}" for n in range(min(begun, limit))],
    )
    planner = Planner(LEXICON, reader(), vocabulary)
    parsed = parser.parse(q, TODAY)
    return planner.plan(parsed, scope, verbatim=verbatim, now=int(NOW.timestamp()))


def marker_of(q: str) -> Marker:
    return Marker(segmenter(), plan_of(q))


def boundaries_of(normalized: str) -> WordBoundaries:
    """The stored word boundaries and boilerplate spans of a text."""
    return decode_boundaries(
        encode_boundaries([], segmenter().segment(normalized), boilerplate_spans(normalized))
    )


def snippet_of(text: str, marker: Marker) -> Highlighted:
    normalized = normalize(text)
    return snippet(text, normalized, marker, boundaries_of(normalized), marker.leaves)


def is_leaf(plan: Plan, spelling: str) -> bool:
    """Whether the text of a span is what a leaf of the query searches for."""
    text = normalize(spelling)
    return (
        any(text in word.forms for word in plan.words)
        or text in plan.phrases
        or any(pattern.matches(text) for pattern in plan.wildcards)
    )
