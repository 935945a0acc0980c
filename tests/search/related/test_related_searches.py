"""Related searches: other queries that have results."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.api import Engine
from index.lexicon.model import Concept, Lexicon
from index.text.normalize import normalize
from search.related.related_searches import MAX_RELATED_SEARCHES, may_narrow
from search.request import MAX_QUERY, Choice
from search.searcher import Searcher
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import LEXICON, article, ask, fill, found, searcher

FILLER = tuple(article(f"f{at}", f"杂谈{at}", f"院子里的花开了{at}朵。") for at in range(90))
ANT = "蚂蚁集团，蚂蚁集团。区块链。"
NEWS = (
    *(article(f"a{at}", f"蚂蚁集团谈区块链{at}", ANT, source=f"报{at}") for at in range(3)),
    article("v", "V神谈区块链", "维塔利克说以太坊和区块链。"),
    article("eth", "以太坊升级", "以太坊网络，以太坊。"),
    article("p1", "数字人民币在深圳试点", "数字人民币在深圳试点。", source="甲"),
    article("p2", "数字人民币试点扩大", "e-CNY 试点扩大。", source="乙"),
    article("p3", "数字人民币又一试点", "e-CNY 试点。", source="丙"),
    article("p4", "数字人民币的钱包", "数字人民币，元宇宙。", source="丙"),
    *(article(f"s{at}", f"数字人民币连载{at}", "数字人民币连载。", source="丁") for at in range(3)),
)
OVER = (*NEWS, *FILLER)


def related(q: str, **options: object) -> tuple[str, ...]:
    return ask(searcher(*OVER), q, **options).related_searches


def test_concepts_of_the_lexicon() -> None:
    """Related concepts of the lexicon come first."""
    assert related("V神")[0] == "以太坊"


def test_narrower_concepts_of_the_lexicon() -> None:
    """A compound that ends with the name, if articles mention it."""
    lexicon = Lexicon((Concept("钱包"), Concept("加密钱包"), Concept("热钱包")))
    articles = (*(article(str(at), "", "钱包，加密钱包。") for at in range(3)), *FILLER)
    over = Searcher(fill(NaiveEngine(), articles, lexicon).open())
    assert ask(over, "钱包").related_searches == ("加密钱包",)


def test_words_that_titles_share() -> None:
    """A word in titles of several sources narrows the query; a series of one source does not, nor
    does what one article says."""
    assert related("数字人民币") == ("数字人民币 试点",)


def test_organisations() -> None:
    """Those that label the articles found, if they are named more often than elsewhere."""
    assert "区块链 蚂蚁集团" in related("区块链")


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"per_page": 1}, id="few on a page"),
        pytest.param({"per_page": 100}, id="many"),
        pytest.param({"per_page": 2, "page": 2}, id="another page"),
        pytest.param({"sort": "oldest"}, id="another order"),
        pytest.param({"facets": ()}, id="no facets"),
        pytest.param({"filters": {"source": Choice(("甲",))}}, id="a filter"),
        pytest.param({"fold": False}, id="reposts"),
    ],
)
def test_the_same_everywhere(options: dict[str, object]) -> None:
    """They depend on the words of the query alone."""
    assert related("数字人民币", **options) == related("数字人民币") != ()


def test_the_same_after_a_cursor() -> None:
    """Further pages by cursor have them too."""
    first = ask(searcher(*OVER), "数字人民币", per_page=2)
    assert related("数字人民币", per_page=2, cursor=first.cursor) == first.related_searches


@pytest.mark.parametrize(
    ("common", "beside", "titled"),
    [
        pytest.param(40, 6, True, id="as often elsewhere"),
        pytest.param(0, 10, True, id="in all that are found"),
        pytest.param(0, 1, True, id="in one"),
        pytest.param(0, 6, False, id="in no title"),
    ],
)
def test_rather_none_than_a_poor_one(common: int, beside: int, titled: bool) -> None:
    """`common`: other articles that mention 元宇宙, `beside`: of the ten on 以太坊."""
    on = [
        article(
            f"e{at}",
            f"以太坊{'元宇宙' if titled and at < beside else ''}{'甲乙丙丁戊己庚辛壬癸'[at]}",
            "以太坊，元宇宙。" if at < beside else "以太坊。",
            source=f"报{at}",
        )
        for at in range(10)
    ]
    other = [article(f"c{at}", "", "元宇宙。") for at in range(common)]
    over = searcher(*on, *other, *FILLER)
    assert "以太坊 元宇宙" not in ask(over, "以太坊").related_searches


@pytest.mark.parametrize(
    ("q", "options"),
    [
        pytest.param("", {}, id="no query"),
        pytest.param("来源:x", {}, id="no words"),
        pytest.param("饕餮", {}, id="nothing found"),
    ],
)
def test_none(q: str, options: dict[str, object]) -> None:
    """Queries for which nothing can be offered."""
    assert related(q, **options) == ()


@pytest.mark.parametrize("q", ["“数字人民币”", "数字人民*", "数字人民币 OR 花", "数字人民币是什么"])
def test_queries_that_are_not_extended(q: str) -> None:
    """Quotes, wildcards, operators and questions get no added words."""
    assert not [text for text in related(q) if text.startswith(q)]


@pytest.mark.parametrize(
    ("word", "may"),
    [
        pytest.param("试点", True, id="a subject"),
        pytest.param("指南", False, id="a kind of text"),
        pytest.param("亿美元", False, id="a unit"),
        pytest.param("的", False, id="a function word"),
        pytest.param("2022年", False, id="a number"),
        pytest.param("guide", False, id="letters that name no concept"),
    ],
)
def test_words_that_may_narrow(word: str, may: bool) -> None:
    """Words that say something of a subject."""
    assert may_narrow(word) is may


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
