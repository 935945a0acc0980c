"""The explanation of a hit: everything it claims is true."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.engines.api import Engine, Match
from index.engines.queries import And, Term
from index.text.normalize import normalize
from index.text.spans import near_spans
from search.query.wildcard import WordPattern
from search.ranking.signals import FRESH_SHARE, freshness
from search.response import Evidence, EvidencePlace, Highlighted, Why
from search.results.collapsing import ResultRow
from search.results.explanation import Explainer, ShownField
from search.searcher import Searcher
from tests.support.tiny_search import (
    DAY,
    LEXICON,
    NOW,
    article,
    ask,
    fill,
    plan_of,
    request,
    searcher,
    segmenter,
)

PLACES: tuple[EvidencePlace, ...] = ("title", "text")
FRAGMENTS = (
    *("元宇宙", "Metaverse", "元界", "多元界面", "區塊鏈", "区块链技术", "数字人民币", "e-CNY"),
    *("人民币安全", "金融机构", "机构", "ＮＦＴ", "nfts", "ETH", "method", "Uniswap V3", "V神"),
    *("李在明", "银行", "试点", "15%", "😀", "，", "。", " ", "的"),
)
WORDS = (
    *("元宇宙", "metaverse", "区块链", "數字人民幣", "DC/EP", "金融机构", "nft", "ETH", "V神"),
    *("Uniswap V3", "李在明", "银行", "试点", "15%", "李", "的"),
)
OTHERS = ("区块*", "e*", "“银行试点”", "“元宇宙”", "-银行", "title:元宇宙", "来源:x")
texts = st.lists(st.sampled_from(FRAGMENTS), max_size=9).map("".join)
CONDITIONS = ("数字*币", "元*宙", "元宇宙 NEAR/2 银行", "区块链 NEAR 数字人民币")
queries = st.lists(st.sampled_from((*WORDS, *OTHERS, *CONDITIONS)), min_size=1, max_size=4).map(
    " ".join
)
corpora = st.lists(st.tuples(texts, texts), min_size=1, max_size=4)


def why(q: str, title: str, text: str) -> Why:
    (hit,) = ask(searcher(article("a", title, text)), q).hits
    return hit.why


def said(why: Why) -> list[tuple[str, str, str, str]]:
    return [(e.word, e.kind, e.spelled, "+".join(e.places)) for e in why.evidence]


@pytest.mark.parametrize(
    ("q", "title", "text", "evidence"),
    [
        pytest.param(
            "元宇宙", "元宇宙", "元宇宙。", [("元宇宙", "typed", "元宇宙", "title+text")], id="both"
        ),
        pytest.param(
            "大饼", "BTC 减半", "", [("大饼", "alias", "BTC", "title")], id="another name"
        ),
        pytest.param(
            "区块链", "", "區塊鏈。", [("区块链", "typed", "區塊鏈", "text")], id="another script"
        ),
        pytest.param(
            "金融机构",
            "机构",
            "金融。",
            [("金融机构", "part", "机构", "title"), ("金融机构", "part", "金融", "text")],
            id="parts",
        ),
        pytest.param("区块*", "区块链", "", [("区块", "prefix", "区块链", "title")], id="prefix"),
        pytest.param(
            "“区块链与V3”",
            "",
            "區塊鏈與Ｖ3。",
            [("区块链与v3", "quoted", "區塊鏈與Ｖ3", "text")],
            id="quoted",
        ),
        pytest.param("李在明", "李在明", "", [("李在明", "typed", "李在明", "title")], id="a name"),
        pytest.param(
            "BTC 比特币",
            "比特币",
            "",
            [("BTC", "alias", "比特币", "title"), ("比特币", "typed", "比特币", "title")],
            id="two names of one thing",
        ),
        pytest.param("来源:x", "元宇宙", "", [], id="no words"),
        pytest.param("", "元宇宙", "", [], id="no query"),
    ],
)
def test_evidence(q: str, title: str, text: str, evidence: list[tuple[str, str, str, str]]) -> None:
    """The words that matched, where, and under which name."""
    over = searcher(article("a", title, text, source="x"))
    (hit,) = ask(over, q).hits
    assert said(hit.why) == evidence


def test_a_word_outside_the_snippet() -> None:
    """Words that the snippet does not show are looked for in the text."""
    far = "院子里开了花，蜜蜂都来了。" * 60
    text = f"银行说好。{far}试点很好。{far}机构也说好。"
    assert {e.word for e in why("银行 试点 机构", "甲", text).evidence} == {"银行", "试点", "机构"}


def test_what_is_missing() -> None:
    """Each partial match names the words it lacks."""
    over = searcher(
        article("all", "元宇宙银行", "数字人民币。"), article("one", "元宇宙", "数字人民币。")
    )
    missing = {hit.id: hit.missing for hit in ask(over, "元宇宙 银行 数字人民币").hits}
    assert missing == {"all": (), "one": ("银行",)}


@pytest.mark.parametrize(
    ("q", "title", "is_query"),
    [
        pytest.param("元宇宙银行", "元宇宙银行", True, id="the same"),
        pytest.param("“元宇宙银行”", "元宇宙银行", True, id="in quotes"),
        pytest.param("區塊鏈", "区块链", True, id="in another script"),
        pytest.param("元宇宙", "元宇宙银行", False, id="a part"),
        pytest.param("", "", False, id="nothing"),
    ],
)
def test_a_title_that_is_the_query(q: str, title: str, is_query: bool) -> None:
    """Only claimed of a whole title."""
    assert why(q, title, "").title_is_query is is_query


def test_freshness() -> None:
    """The share equals what the formula adds; undated articles have none."""
    over = searcher(
        article("new", "元宇宙", "甲", published=NOW - 3 * DAY), article("old", "元宇宙")
    )
    shares = {hit.id: hit.why.freshness for hit in ask(over, "元宇宙").hits}
    published = int((NOW - 3 * DAY).timestamp())
    assert shares == {"new": round(freshness(published, int(NOW.timestamp())) - 1, 4), "old": None}


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_no_freshness_where_nothing_is_ranked(sort: str) -> None:
    """In date order freshness adds nothing."""
    over = searcher(article("a", "元宇宙", published=NOW))
    (hit,) = ask(over, "元宇宙", sort=sort).hits
    assert hit.why.freshness is None


def test_no_freshness_of_another_article() -> None:
    """A story is scored by its best article; freshness is not claimed for another one."""
    plan = plan_of("元宇宙")
    explain = Explainer(plan, now=int(NOW.timestamp()), fresh=frozenset("a"))
    line = ResultRow(Match("a", 1.0, int(NOW.timestamp()), "story"))
    empty = [ShownField(place, "", "", Highlighted("")) for place in PLACES]

    assert explain.why(line, *empty).freshness == FRESH_SHARE
    assert explain.why(replace(line, size=2), *empty).freshness is None


def test_on_every_engine(engine: Engine) -> None:
    """Missing words are found by the interface of the engine."""
    articles = (article("all", "元宇宙银行"), article("one", "元宇宙"))
    over = Searcher(fill(engine, articles).open())
    missing = {hit.id: hit.missing for hit in ask(over, "元宇宙 银行").hits}
    assert missing == {"all": (), "one": ("银行",)}


def holds(each: Evidence, one: Article, q: str) -> bool:
    """Whether a piece of evidence is true of an article."""
    written = {"title": one.title, "text": " ".join(one.body.split())}
    spelled, word = normalize(each.spelled), normalize(each.word)
    stands = all(spelled in normalize(written[place]) for place in each.places)
    named = LEXICON.find(each.word)
    kinds = {
        "typed": spelled == word,
        "quoted": spelled == word and word in plan_of(q).phrases,
        "alias": named is not None and LEXICON.find(each.spelled) == named,
        "part": spelled in segmenter().pieces(word),
        "prefix": spelled.startswith(word),
        "wildcard": "*" in word and WordPattern(word).matches(spelled),
        "near": any(
            list(near_spans(spelled, near.left, near.right, near.gap))
            for name, near in plan_of(q).near
            if name == each.word
        ),
    }
    return bool(each.places) and stands and kinds[each.kind]


@pytest.mark.slow
@settings(max_examples=40)
@given(queries, corpora)
def test_all_that_is_said_holds(q: str, written: list[tuple[str, str]]) -> None:
    """A named form occurs where the evidence says, and is of that kind; no form of a missing word
    occurs."""
    articles = [article(str(at), title, text) for at, (title, text) in enumerate(written)]
    over = searcher(*articles)
    for hit in ask(over, q, fold=False).hits:
        one = articles[int(hit.id)]
        assert all(holds(each, one, q) for each in hit.why.evidence)
        for word in plan_of(q).words:
            if word.typed in hit.missing:
                query = And((word.query, Term("id", hit.id)))
                assert over.snapshot.match(query, limit=0).total == 0


@pytest.mark.slow
@settings(max_examples=40)
@given(st.sampled_from(WORDS), corpora)
@example("ETH", [("ETHETH", "ETHUSDT")])
def test_a_hit_is_never_without_a_reason(q: str, written: list[tuple[str, str]]) -> None:
    """For a query of one word, every hit has evidence."""
    articles = [article(str(at), title, text) for at, (title, text) in enumerate(written)]
    for hit in searcher(*articles).search(request(q)).hits:
        assert re.sub(r"\s", "", hit.why.evidence[0].spelled)
