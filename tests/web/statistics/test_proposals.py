"""Words for the lexicon from queries without results: which, and what they would touch."""

from collections.abc import Iterable

import pytest

from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.lexicon_tools.usage import article_counter
from search.budget import Budget
from tests.support.tiny_search import texts
from web.statistics.held_back import AskCounts
from web.statistics.proposals import LexiconProposal, NearNames, lexicon_proposals, words_cut
from web.statistics.report import QueryRow

LEXICON = Lexicon(
    (
        Concept("数字人民币", ("e-CNY",), topic="央行数字货币"),
        Concept("以太坊", ("Ethereum",), topic="公链"),
        Concept("元宇宙", topic="元宇宙"),
        Concept("稳定币", topic="稳定币"),
    ),
    topics=("央行数字货币", "公链", "元宇宙", "稳定币"),
)
SEGMENTER = Segmenter(LEXICON)
OVER = texts(
    "数字人民币试点扩大。", "元宇宙地产涨价，元宇宙地产成交。", "以太坊升级。", "以太坊再升级。"
)


def proposed(*queries: str, times: int = 5) -> list[LexiconProposal]:
    rows = [QueryRow(query, AskCounts(times, times, 50, 10)) for query in queries]
    return lexicon_proposals(rows, SEGMENTER, LEXICON, OVER.snapshot)


def words(found: Iterable[LexiconProposal]) -> list[str]:
    return [proposal.word for proposal in found]


@pytest.mark.parametrize(
    ("word", "form", "nearness"),
    [
        pytest.param("以太仿", "以太坊", "sound", id="same sound"),
        pytest.param("yitaifang", "以太坊", "sound", id="pinyin"),
        pytest.param("ethereun", "ethereum", "letter", id="one letter"),
        pytest.param("yitaibang", "以太坊", "letter", id="one letter of the pinyin"),
        pytest.param("数字人民元", "数字人民币", "character", id="one character"),
        pytest.param("szrmb", "数字人民币", "initials", id="initials"),
        pytest.param("元宇宙地产", "元宇宙", "part", id="it has a name in it"),
        pytest.param("人民币", "数字人民币", "part", id="it is in a name"),
    ],
)
def test_near(word: str, form: str, nearness: str) -> None:
    first = NearNames(LEXICON).near(word)[0]
    assert (first.form, first.nearness) == (form, nearness)


def test_the_most_similar_name_comes_first() -> None:
    """Of names that sound alike; of several parts the longest."""
    names = NearNames(
        Lexicon((Concept("以太坊", ("乙太坊",)), Concept("数藏"), Concept("数藏平台")))
    )
    assert [near.form for near in names.near("以太仿")] == ["以太坊"]
    assert [near.form for near in names.near("数藏平台跑路")] == ["数藏平台", "数藏"]


@pytest.mark.parametrize("word", ["大饼", "新闻", "abc", "web3", "姨太芳香"])
def test_nothing_near(word: str) -> None:
    assert NearNames(LEXICON).near(word) == []


def test_another_name_of_a_concept() -> None:
    (found,) = proposed("以太仿")

    assert found.concept is not None
    assert (found.joins, found.articles, found.asks) == (True, 0, 5)
    assert found.concept.aliases == ("Ethereum", "以太仿")
    assert [near.articles for near in found.near] == [2]


def test_a_concept_of_its_own() -> None:
    """With the topic of the concept in it, and how many articles have its characters."""
    (found,) = proposed("元宇宙地产")

    assert found.concept == Concept("元宇宙地产", related=("元宇宙",), topic="元宇宙")
    assert (found.joins, found.articles, found.cut) == (False, 1, ("元宇宙", "地产"))


def test_what_resembles_nothing_is_listed() -> None:
    """Only people know that it is a nickname."""
    (found,) = proposed("大饼")
    assert (found.concept, found.near, found.articles) == (None, (), 0)


def test_words_of_several_queries_add_up() -> None:
    found = proposed("以太仿 监管", "以太仿", "稳定币 大饼币", "大饼币")
    assert [(each.word, each.asks) for each in found] == [("以太仿", 10), ("大饼币", 10)]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("以太坊", id="a name of the lexicon"),
        pytest.param("ETHEREUM 监管", id="ordinary words"),
        pytest.param("来源:某报", id="a condition"),
        pytest.param("“一句话”", id="quotation"),
        pytest.param("币", id="one character"),
        pytest.param("2024", id="a number"),
        pytest.param("这是一个很长很长的没有空格的句子", id="a sentence"),
    ],
)
def test_no_word(query: str) -> None:
    assert words(proposed(query.lower())) == []


def test_a_budget_ends_the_list() -> None:
    rows = [QueryRow("以太仿", AskCounts(5, 5, 50, 10))]
    spent = Budget(1, 0, lambda: 2)
    assert lexicon_proposals(rows, SEGMENTER, LEXICON, OVER.snapshot, spent) == []


def test_words_that_would_cut_others() -> None:
    """币安全 in 人民币安全, where articles have that."""
    over = texts("人民币安全一。", "人民币安全二。", "人民币安全三。")
    rows = [
        QueryRow("币安全", AskCounts(5, 5, 50, 10)),
        QueryRow("大饼币", AskCounts(5, 5, 50, 10)),
    ]
    lexicon = Lexicon()
    found = lexicon_proposals(rows, Segmenter(lexicon), lexicon, over.snapshot)
    cut = words_cut(found, lexicon, article_counter(over.snapshot))

    assert "人民币安全" in cut["币安全"]
    assert "大饼币" not in cut
    assert words_cut([], lexicon, article_counter(over.snapshot)) == {}
