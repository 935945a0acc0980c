"""Related searches: other queries that have results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.api import Engine
from index.text.normalize import normalize
from search.related.related_searches import MAX_FACET_VALUES, MAX_RELATED_SEARCHES
from search.request import MAX_QUERY
from search.searcher import Searcher
from tests.support.tiny_search import LEXICON, article, ask, fill, found, searcher

FILLER = tuple(article(f"f{at}", f"杂谈{at}", f"院子里的花开了{at}朵。") for at in range(40))
NEWS = (
    *(
        article(f"a{at}", f"蚂蚁集团谈区块链{at}", "蚂蚁集团，蚂蚁集团。区块链。")
        for at in range(3)
    ),
    article("v", "V神谈区块链", "维塔利克说以太坊和区块链。"),
    article("eth", "以太坊升级", "以太坊网络，以太坊。"),
    article("p1", "深圳试点", "数字人民币在深圳试点。"),
    article("p2", "又一个试点", "e-CNY 试点扩大。"),
)
OVER = (*NEWS, *FILLER)


def related(q: str, **options: object) -> tuple[str, ...]:
    return ask(searcher(*OVER), q, **options).related_searches


def test_concepts_of_the_lexicon() -> None:
    """Related concepts of the lexicon come first."""
    assert related("V神")[0] == "以太坊"


def test_words_that_titles_share() -> None:
    """A word of several titles narrows the query."""
    assert related("数字人民币") == ("数字人民币 试点",)


def test_organisations() -> None:
    """At most two organisations that are named more often than elsewhere."""
    narrower = [text for text in related("区块链") if text.startswith("区块链 ")]
    assert "区块链 蚂蚁集团" in narrower
    assert len(narrower) <= MAX_RELATED_SEARCHES
    assert MAX_FACET_VALUES < MAX_RELATED_SEARCHES


@pytest.mark.parametrize(
    ("q", "options"),
    [
        pytest.param("", {}, id="no query"),
        pytest.param("来源:x", {}, id="no words"),
        pytest.param("区块链", {"page": 2}, id="another page"),
        pytest.param("饕餮", {}, id="nothing found"),
    ],
)
def test_none(q: str, options: dict[str, object]) -> None:
    """Queries for which nothing can be offered."""
    assert related(q, **options) == ()


@pytest.mark.parametrize("q", ["“数字人民币”", "数字人民*", "数字人民币 OR 花", "数字人民币是什么"])
def test_queries_that_are_not_extended(q: str) -> None:
    """Quotes, prefixes, operators and questions get no added words."""
    assert not [text for text in related(q) if text.startswith(q)]


@pytest.mark.slow
def test_a_long_query() -> None:
    """No related search is longer than a query may be."""
    q = "数字人民币 " + "试" * (MAX_QUERY - 8)
    assert all(len(text) <= MAX_QUERY for text in related(q))


def test_on_every_engine(engine: Engine) -> None:
    """Every engine gives the same list, by its interface alone."""
    over = Searcher(fill(engine, OVER).open())
    assert ask(over, "数字人民币").related_searches == ("数字人民币 试点",)


words = st.sampled_from(
    "区块链 以太坊 V神 蚂蚁集团 数字人民币 e-CNY 试点 深圳 花 metaverse".split()
)


@pytest.mark.slow
@given(st.lists(words, min_size=1, max_size=3).map(" ".join))
def test_each_has_results_and_is_another_query(q: str) -> None:
    """At most six, all different, all with results, none a name of the query itself."""
    over = searcher(*OVER)
    suggested = related(q)
    asked = {LEXICON.find(word) for word in q.split()} - {None}

    assert len(set(suggested)) == len(suggested) <= MAX_RELATED_SEARCHES
    for text in suggested:
        assert normalize(text) != normalize(q)
        assert LEXICON.find(text) not in asked
        assert found(over, text)
