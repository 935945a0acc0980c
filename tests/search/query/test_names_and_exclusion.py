"""All names of a concept find the same articles, and a query and its exclusion are all articles."""

from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.lexicon.model import Concept, Lexicon
from search.searcher import Searcher
from tests.cluster import clusters
from tests.conftest import REAL_ENGINES, engine_of
from tests.support.naive_engine import NaiveEngine
from tests.support.tiny_search import article, ask, fill, found

LEXICON = Lexicon(
    concepts=(
        Concept("比特币", ("BTC", "Bitcoin", "大饼")),
        Concept("比特币现金", ("Bitcoin Cash", "BCH")),
        Concept("元宇宙", ("Metaverse", "元界")),
        Concept("数字人民币", ("e-CNY", "DC/EP")),
        Concept("数字人", ("digital human", "Avatar")),
        Concept("稳定币USD1", ("USD1",)),
        Concept("软件", ("Software",)),
        Concept("腾讯", ("Tencent", "00700.HK")),
    ),
    masks=("大饼店",),
    regional=(("软件", "軟體"), ("网络", "網路")),
)
ARTICLES = (
    article("title", "BTC", "无关的一天。"),
    article("name", "", "比特币上涨。"),
    article("pair", "", "BTCUSDT 上涨，大饼也是。"),
    article("another", "Bitcoin Cash", "比特币现金上涨。"),
    article("printed", "无关", "以下内容不构成投资建议，Bitcoin有风险，元界也有。"),
    article("mask", "", "大饼店开张，卖大饼店的饼。"),
    article("meta", "", "Metaverse 与元宇宙平台。"),
    article("across", "", "多元界面。新元宇宙学。"),
    article("yuan", "", "数字人民币在试点。"),
    article("human", "", "Avatar 是 digital human。"),
    article("coin", "", "USD1 发行。只要1美元。"),
    article("dollar", "", "只要 1 美元，软体在网络上。"),
    article("regional", "軟體", "Software 在網路上。"),
    article("shares", "", "腾讯控股 0700.HK 上涨，Tencent 不评论。"),
    article("amount", "", "10亿美元的软件，1,000,000,000 美元。"),
    article("nothing", "", "古巴来信，罗永恒。"),
)
CONCEPTS = [
    pytest.param(names, id=names[0])
    for names in (tuple(concept.forms()) for concept in LEXICON.concepts)
]
TYPED = (
    *(name for concept in LEXICON.concepts for name in concept.forms()),
    *("宇宙", "元界面", "金融", "上涨", "的", "罗永", "巴", "网络", "軟體", "0700.HK", "1美元"),
    *("10亿美元", "usdt", "比特币上涨", "上涨*", '"元界"', '"币上"', "title:BTC", "text:软件"),
    *("来源：某报", "🔻", "Bitcoin NEAR/9 风险"),
)


@pytest.fixture(
    scope="module", params=[pytest.param(lambda root: NaiveEngine(), id="naive"), *REAL_ENGINES]
)
def over(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    engine = engine_of(request, tmp_path_factory.mktemp("names"))
    yield Searcher(fill(engine, ARTICLES, LEXICON).open())
    clusters.forget(engine)


EVERY = frozenset(each.id for each in ARTICLES)


@pytest.mark.parametrize("names", CONCEPTS)
@pytest.mark.parametrize("field", ["", "标题：", "正文："])
def test_every_name_finds_the_same(over: Searcher, names: tuple[str, ...], field: str) -> None:
    """In title and text, or in one of them; excluded too."""
    answers = {name: found(over, f"{field}({name})") for name in names}
    assert len(set(map(frozenset, answers.values()))) == 1, answers
    kept = {name: found(over, f"-{field}({name})") for name in names}
    assert all(kept[name] == EVERY - answers[name] for name in names), kept


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param(
            "大饼",
            {"title", "name", "pair", "another", "printed"},
            id="titles, pairs, longer words, boilerplate",
        ),
        pytest.param("元界", {"meta", "printed", "across"}, id="not across words"),
        pytest.param("Avatar", {"human"}, id="not in another name"),
        pytest.param("USD1", {"coin"}, id="a name that could be an amount"),
        pytest.param("Software", {"dollar", "regional", "amount"}, id="words of other regions"),
        pytest.param("Tencent", {"shares"}, id="spellings of a code"),
    ],
)
def test_what_a_name_finds(over: Searcher, q: str, expected: set[str]) -> None:
    assert found(over, q) == expected


@pytest.mark.parametrize(
    ("q", "shows"),
    [
        pytest.param("-数字人", "yuan", id="another name stays"),
        pytest.param("-大饼", "mask", id="an ordinary word stays"),
        pytest.param("-宇宙", "meta", id="a concept is not about a part of its name"),
    ],
)
def test_the_same_characters_may_mean_another_word(over: Searcher, q: str, shows: str) -> None:
    """A word excludes what it finds; in quotes, whatever shows these characters."""
    assert shows in found(over, q)
    assert shows not in found(over, f'-"{q[1:]}"')


@pytest.mark.parametrize("names", CONCEPTS)
def test_what_was_found_is_marked(over: Searcher, names: tuple[str, ...]) -> None:
    """Whichever name the article has, as a word, within one or in boilerplate."""
    for name in names:
        for hit in ask(over, name, fold=False, partial=False).hits:
            assert hit.title.marks or hit.snippet.marks, (name, hit.id)
            assert hit.why.evidence, (name, hit.id)


@st.composite
def queries(draw: st.DrawFn) -> str:
    """One to three operands, joined in any way."""
    parts = draw(st.lists(st.sampled_from(TYPED), min_size=1, max_size=3))
    joined = parts[0]
    for part in parts[1:]:
        joined += draw(st.sampled_from((" ", " AND ", " OR ", " -", " NOT "))) + part
    return joined


@pytest.mark.slow
@given(q=queries(), verbatim=st.booleans())
@example(q="大饼", verbatim=False)
@example(q="元界 -USD1 OR 宇宙", verbatim=True)
def test_a_query_and_its_exclusion_are_all(over: Searcher, q: str, verbatim: bool) -> None:
    """And no article is in both."""
    both = [
        ask(over, text, per_page=100, fold=False, partial=False, correct=False, verbatim=verbatim)
        for text in (f"({q})", f"-({q})")
    ]
    matching, others = ({hit.id for hit in response.hits} for response in both)
    assert matching | others == EVERY
    assert not matching & others
    assert sum(response.total for response in both) == len(EVERY)
