"""The engine query of each kind of node, and what it finds."""

import pytest

from index.engines.queries import All, And, AnyTerm, Boost, Not, Or, Query, Range, Substring, Term
from search.query.expansion import ALIAS_WEIGHT, WordReader
from search.query.planner import MAX_EXPANDED_WORDS
from search.query.wildcard import WordPattern
from tests.support.tiny_search import LEXICON, article, found, plan_of, searcher, segmenter, texts

SOURCES = ("财新网", "财新周刊", "新华社")


def leaves(query: Query) -> list[Query]:
    """The parts of a query that have no parts."""
    parts = getattr(query, "queries", None) or [getattr(query, "query", None)]
    if parts == [None]:
        return [query]
    return [leaf for part in parts for leaf in leaves(part)]


def terms(query: Query) -> set[tuple[str, str]]:
    return {(leaf.field, leaf.token) for leaf in leaves(query) if isinstance(leaf, Term)}


def test_nothing() -> None:
    """An empty query matches every article and ranks none."""
    plan = plan_of("")
    assert plan.query == All()
    assert plan.filters_only
    assert not plan.may_relax


def test_a_word() -> None:
    """A word is searched in both layers of title and text; a concept by its one term and by each
    of its other names, in both layers too."""
    own = {(layer, "比特币") for layer in ("words", "fine", "concepts")}
    others = {(layer, name) for layer in ("words", "fine") for name in ("btc", "bitcoin", "大饼")}
    assert terms(plan_of("比特币").query) == {
        (f"{part}_{layer}", name) for part in ("title", "text") for layer, name in own | others
    }


def test_a_rare_name_weighs_no_more_than_the_typed_one() -> None:
    """An alias counts less than the typed word, with an idf no higher than that word's; an alias
    that no article has is left out."""
    rarity = {"比特币": 2.0, "btc": 4.0, "bitcoin": 1.0}
    reader = WordReader(LEXICON, segmenter(), lambda layer, token: rarity.get(token, 0.0))
    (word,) = reader.read("比特币")
    weights = {
        form.query.queries[1].query.token: form.factor
        for form in word.query.queries  # type: ignore[union-attr]
        if isinstance(form, Boost) and form.query.queries[1].query.field == "text_words"
    }
    assert weights == {"btc": ALIAS_WEIGHT / 2, "bitcoin": ALIAS_WEIGHT}


def test_near_words_are_apart() -> None:
    """Neither a related concept nor a near word makes an article match in full."""
    (word,) = plan_of("元宇宙").words
    assert [other.name for other in word.near] == ["虚拟世界"]
    assert ("text_words", "虚拟世界") not in terms(word.query)
    assert ("text_words", "虚拟世界") in terms(word.or_near())
    (person,) = plan_of("V神").words
    assert ("text_concepts", "以太坊") not in terms(person.or_near())


@pytest.mark.parametrize("scope", ["title", "text"])
def test_a_scope(scope: str) -> None:
    """Limited to title or text, no term, run or prefix searches other fields."""
    plan = plan_of('元宇宙 "区块链" 罗永 稳定*', scope)  # type: ignore[arg-type]
    for leaf in leaves(plan.query):
        assert isinstance(leaf, Term | AnyTerm | Substring | All)
        if not isinstance(leaf, All):
            assert leaf.field is not None
            assert leaf.field.startswith(scope)


def test_quoted() -> None:
    """Quoted text must match exactly; its words, without aliases, only score."""
    plan = plan_of('"元宇宙银行"')
    assert isinstance(plan.query, And)
    exact, scoring = plan.query.queries
    assert exact == Substring("元宇宙银行")
    assert isinstance(scoring, Or)
    assert All() in scoring.queries
    assert not any(field.endswith("concepts") for field, _ in terms(plan.query))
    assert plan.phrases == ("元宇宙银行",)


def test_quoted_space() -> None:
    """White space in quotes is one space; case and width are normalised."""
    assert plan_of('"Ｕniswap \t V3"').phrases == ("uniswap v3",)


@pytest.mark.parametrize(
    ("q", "query"),
    [
        pytest.param("时间:2022-09", Range("day", 20220901, 20220930), id="period"),
        pytest.param("after:2022-09-05", Range("day", 20220905, None), id="after"),
        pytest.param("before:2022-09-05", Range("day", None, 20220905), id="before"),
        pytest.param("来源:新华社", Or((Term("source", "新华社"),)), id="source"),
        pytest.param(
            "来源:财新",
            Or((Term("source", "财新网"), Term("source", "财新周刊"))),
            id="sources that contain it",
        ),
        pytest.param("url:https://A.cn/x/", Term("url", "a.cn/x"), id="address"),
        pytest.param("-来源:新华社", Not(Or((Term("source", "新华社"),))), id="excluded"),
    ],
)
def test_conditions(q: str, query: Query) -> None:
    """Times, sources and addresses filter and do not score."""
    plan = plan_of(q, sources=SOURCES)
    assert plan.query == query
    assert plan.filters_only
    assert plan.warnings == ()


def test_a_source_is_taken_as_meant() -> None:
    """An exact name is preferred to names that contain it, after normalisation."""
    plan = plan_of("来源:財新網", sources=("财新网", "财新网英文"))
    assert plan.query == Or((Term("source", "财新网"),))


@pytest.mark.parametrize("q", ["来源:彭博", "-来源:彭博", "(来源:彭博 OR 元宇宙)"])
def test_an_unknown_source(q: str) -> None:
    """An unknown source gives a warning with similar names, negated or not."""
    (warning,) = plan_of(q, sources=SOURCES).warnings
    assert "彭博" in warning
    assert "财新网、财新周刊、新华社" in warning


def test_a_topic_may_be_a_concept() -> None:
    """If there is no such topic, a concept of that name is searched."""
    plan = plan_of("话题:e-CNY")
    assert terms(plan.query) == {
        ("title_concepts", "数字人民币"),
        ("text_concepts", "数字人民币"),
    }
    assert plan.warnings == ()


def test_a_prefix() -> None:
    """A prefix is expanded to words of both layers."""
    plan = plan_of("ＮＦ*")
    assert plan.wildcards == (WordPattern("nf*"),)
    assert leaves(plan.query) == [
        AnyTerm(f"{part}_{layer}", ("nf000",))
        for part in ("title", "text")
        for layer in ("words", "fine")
    ]


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        pytest.param(MAX_EXPANDED_WORDS, False, id="as many as it takes"),
        pytest.param(MAX_EXPANDED_WORDS + 1, True, id="one more"),
    ],
)
def test_a_prefix_of_too_many_words(words: int, warned: bool) -> None:
    """Beyond the limit a warning says that not all words were searched."""
    plan = plan_of("数*", begun=words)
    assert [str(MAX_EXPANDED_WORDS) in warning for warning in plan.warnings] == [True] * warned


def test_also_searched_names() -> None:
    """The other names searched are listed as the lexicon spells them, without the typed one."""
    assert plan_of("dc/ep").also_searched == ("数字人民币", "e-CNY")
    assert plan_of("dc/ep", verbatim=True).also_searched == ()
    assert plan_of('"dc/ep"').also_searched == ()
    assert plan_of("银行 -dc/ep").also_searched == ()


@pytest.mark.parametrize(
    ("q", "may"),
    [
        pytest.param("元宇宙 银行", True, id="words"),
        pytest.param("元宇宙银行", True, id="words that touch"),
        pytest.param("元宇宙 银行 来源:新华社 时间:2022", True, id="conditions"),
        pytest.param("元宇宙", False, id="one word"),
        pytest.param('元宇宙 "银行"', False, id="quotes"),
        pytest.param("元宇宙 -银行 监管", False, id="exclusion"),
        pytest.param("元宇宙 AND 银行", False, id="operator"),
        pytest.param("元宇宙 银*", False, id="prefix"),
        pytest.param("title:元宇宙 银行", False, id="a word bound to the title"),
    ],
)
def test_which_queries_may_be_relaxed(q: str, may: bool) -> None:
    """Only queries of words, without quotes and operators."""
    assert plan_of(q, sources=SOURCES).may_relax is may


CHAIN = (
    "比特币上涨。",
    "比特币和以太坊上涨。",
    "比特币和ETH上涨。",
    "比特币与以太坊网络的未来。",
    "比特币，以太，坊间传闻。",
    "比特币与小以太坊们。",
    "比特币与維塔利克。",
)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("比特币 -以太坊", "046", id="under all its names"),
        pytest.param("比特币 －以太坊", "046", id="full-width hyphen"),
        pytest.param("比特币 NOT ETH", "046", id="by another name"),
        pytest.param("比特币 -(以太坊 OR V神)", "04", id="a group"),
        pytest.param('比特币 -"以太"', "026", id="quoted"),
        pytest.param("-比特币", "", id="nothing but exclusion"),
        pytest.param("-(-以太坊)", "1235", id="excluded twice"),
        pytest.param("比特币 -以太坊上涨", "03456", id="two words, both of them"),
        pytest.param("比特币 -title:以太坊", "0123456", id="in titles only"),
        pytest.param("比特币 -上涨*", "3456", id="prefix"),
    ],
)
def test_exclusion(q: str, expected: str) -> None:
    """No article has the excluded word under any name."""
    assert found(texts(*CHAIN), q) == set(expected)


@pytest.mark.parametrize("q", ["-元宇宙", '-"区块"', "-链技", "-罗永"])
def test_excluded_characters_are_nowhere(q: str) -> None:
    """No article shows excluded Han characters that are a name, no word, or in quotes."""
    lines = ("元宇宙", "新元宇宙学", "区块链技术", "区块，链技", "罗永与罗永恒", "多元界面", "无关")
    kept = found(texts(*lines), q)
    assert kept == {str(at) for at, line in enumerate(lines) if q[1:].strip('"') not in line}


def test_verbatim_exclusion() -> None:
    """Verbatim, only the typed name is excluded."""
    assert found(texts(*CHAIN), "比特币 -ETH", verbatim=True) == set("013456")


FIELDS = (
    article(
        "1", "元宇宙白皮书", "银行发布。", source="财新网", author="林小满", url="https://a.cn/1"
    ),
    article("2", "银行白皮书", "说元宇宙。", source="新华社", categories=("资讯",)),
)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("title:元宇宙", "1", id="title"),
        pytest.param("标题：Metaverse", "1", id="title, by another name"),
        pytest.param('title:"白皮"', "12", id="quoted title"),
        pytest.param("title:元*", "1", id="prefix in the title"),
        pytest.param("元宇宙 作者：林小满", "1", id="author"),
        pytest.param("元宇宙 作者：小满", "1", id="part of a name"),
        pytest.param("元宇宙 分类：资讯", "2", id="category"),
        pytest.param("来源：(财新 OR 新华)", "12", id="either"),
        pytest.param("url:a.cn/1", "1", id="address"),
        pytest.param("元宇宙 来源：彭博", "", id="unknown source"),
    ],
)
def test_fields(q: str, expected: str) -> None:
    """Each field restricts to its values."""
    assert found(searcher(*FIELDS), q) == set(expected)


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("元宇宙 AND 银行", "12", id="and"),
        pytest.param("元宇宙 OR 白皮书", "12", id="or"),
        pytest.param("元宇宙 AND (财经 OR 银行)", "12", id="group"),
    ],
)
def test_operators(q: str, expected: str) -> None:
    """Operators combine sets of articles."""
    assert found(searcher(*FIELDS), q) == set(expected)
