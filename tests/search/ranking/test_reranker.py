"""The order of the engine's best matches: coverage, place, title, pairs, questions, labels, freshness."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.api import Match
from index.engines.scoring import K1, B
from index.text.normalize import normalize
from search.ranking.questions import asks, questions
from search.ranking.ranking_query import RankingQuery
from search.ranking.reranker import NO_MARKS, RERANKED_MATCHES, Marks, rerank
from search.ranking.signals import AVERAGE_CHARS, pair_scores, pairs_of
from search.ranking.text_signals import SignalCache
from search.results import pagination
from search.retrieval import retriever
from tests.support.tiny_search import DAY, NOW, article, ask, ids, reader, searcher

SECONDS = int(NOW.timestamp())


def wish(q: str) -> RankingQuery:
    words = tuple(word for part in q.split() for word in reader().read(part))
    return RankingQuery(words, (1.0,) * len(words), pairs_of([q]), q, SECONDS)


def reranked(
    matches: list[Match],
    normalized: dict[str, str],
    query: RankingQuery,
    *,
    marks: Mapping[str, Marks] = NO_MARKS,
    fresh: bool = True,
) -> list[Match]:
    """By their texts; those of others are empty."""
    texts = {match.id: normalized.get(match.id, "\n") for match in matches}
    return rerank(matches, SignalCache().of(texts, query), query, marks=marks, fresh=fresh)


def order(q: str, normalized: dict[str, str]) -> list[str]:
    """Ids in rank order, all with equal scores from the engine."""
    matches = [Match(name, 1.0, None, name) for name in normalized]
    return [match.id for match in reranked(matches, normalized, wish(q))]


@pytest.mark.parametrize(
    ("q", "better", "worse"),
    [
        pytest.param("元宇宙", "元宇宙来了\n元宇宙", "游戏来了\n元宇宙", id="in the title"),
        pytest.param("元宇宙", "元宇宙\n", "元宇宙来了\n", id="title is the query"),
        pytest.param(
            "元宇宙", "metaverse来了\n元宇宙", "游戏来了\n元宇宙", id="other name in the title"
        ),
        pytest.param(
            "元宇宙 银行", "元宇宙与银行\n银行", "元宇宙与游戏\n银行", id="more of the title"
        ),
        pytest.param("元宇宙 银行", "\n元宇宙，银行", "\n元宇宙", id="more of the words"),
        pytest.param("元宇宙", "\n元宇宙" + "里" * 99, "\n" + "里" * 99 + "元宇宙", id="earlier"),
        pytest.param(
            "元宇宙 银行",
            "\n元宇宙" + "里" * 180 + "银行",
            "\n元宇宙" + "里" * 220 + "银行",
            id="in the opening",
        ),
        pytest.param("元宇宙", "\n元宇宙来了", "\nmetaverse来了", id="as typed"),
        pytest.param("元宇宙", "\n元宇宙元宇宙", "\n元宇宙的游戏", id="its characters more often"),
        pytest.param("商标注册", "\n注册商标", "\n游戏公司", id="its characters, cut otherwise"),
        pytest.param("eth", "eth大涨\n", "method大涨\n", id="not within a longer Latin word"),
    ],
)
def test_better(q: str, better: str, worse: str) -> None:
    """With equal scores from the engine, the first article ranks higher."""
    assert order(q, {"a": worse, "b": better}) == ["b", "a"]
    assert order(q, {"a": better, "b": worse}) == ["a", "b"]


@given(
    st.floats(0.01, 50), st.floats(0.01, 50), st.sampled_from(["\n元宇宙", "元宇宙\n银行", "\n"])
)
def test_a_higher_score_of_the_engine_never_harms(low: float, more: float, normalized: str) -> None:
    """Of two articles with the same text, the one with the higher engine score stays ahead."""
    matches = [Match("b", low + more, None, "b"), Match("a", low, None, "a")]
    ranked = reranked(matches, dict.fromkeys("ab", normalized), wish("元宇宙 银行"))
    assert ranked[0].score >= ranked[1].score
    assert "元宇宙" not in normalized or ranked[0].id == "b"


@given(st.permutations("abcdef"))
def test_the_order_depends_on_nothing_else(names: list[str]) -> None:
    """The order of the input and repeated calls do not matter."""
    normalized = {name: f"元宇宙\n银行{name * at}" for at, name in enumerate("abcdef")}
    matches = [Match(name, 1.0, None, name) for name in names]
    first = reranked(matches, normalized, wish("元宇宙 银行"))
    assert first == reranked(matches[::-1], normalized, wish("元宇宙 银行"))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        pytest.param("元宇宙", ["元宇", "宇宙"], id="a word"),
        pytest.param("元宇宙 银行", ["元宇", "宇宙", "银行"], id="not across white space"),
        pytest.param("NFT市场价", ["市场", "场价"], id="not of Latin"),
        pytest.param("元元元", ["元元"], id="each once"),
        pytest.param("链", [], id="a single character"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_pairs(q: str, expected: list[str]) -> None:
    """Adjacent Han characters of the query."""
    assert list(pairs_of([q])) == expected


@given(st.lists(st.text("元宇银行谢😀𠮷\n\ud800a", max_size=20), max_size=5))
def test_pairs_are_shares(texts: list[str]) -> None:
    """0 if nothing is found; always below 1, however often the text repeats the query."""
    pairs = pairs_of(["元宇银行行谢谢𠮷元𠮷"])
    for text, score in zip(texts, pair_scores(pairs, texts), strict=True):
        norm = K1 * (1 - B + B * len(text) / AVERAGE_CHARS)
        shares = [text.count(pair) / (text.count(pair) + norm) for pair in pairs]
        assert score == pytest.approx(sum(shares) / len(pairs))
        assert 0 <= score < 1
        assert (score == 0) == (not any(pair in text for pair in pairs))


@pytest.mark.parametrize(
    ("pairs", "texts", "scores"),
    [
        pytest.param([], ["元宇"], [0.0], id="no pairs"),
        pytest.param(["元宇"], [], [], id="no texts"),
        pytest.param(["元宇"], ["元", "宇"], [0.0, 0.0], id="not from one text to the next"),
    ],
)
def test_no_pairs(pairs: list[str], texts: list[str], scores: list[float]) -> None:
    assert pair_scores(pairs, texts) == scores


def test_fresh_first_among_equals() -> None:
    """Age decides between equals, unless freshness is off."""
    old = Match("a", 1.0, SECONDS - 900 * 86_400, "a")
    new = Match("b", 1.0, SECONDS, "b")
    normalized = {"a": "元宇宙\n", "b": "元宇宙\n"}
    assert [match.id for match in reranked([old, new], normalized, wish("元宇宙"))] == ["b", "a"]
    same = reranked([old, new], normalized, wish("元宇宙"), fresh=False)
    assert same[0].score == same[1].score


def test_ties() -> None:
    """Newer first, undated last, then by id."""
    times = {"d": None, "c": None, "b": SECONDS + 1, "a": SECONDS + 2, "e": SECONDS + 2}
    matches = [Match(name, 1.0, time, name) for name, time in times.items()]
    ranked = reranked(matches, {}, wish("元宇宙"), fresh=False)
    assert [match.id for match in ranked] == ["a", "e", "b", "c", "d"]


@given(st.lists(st.floats(0, 50), min_size=RERANKED_MATCHES + 1, max_size=RERANKED_MATCHES + 20))
def test_the_rest_stays_below(scores: list[float]) -> None:
    """Matches beyond the re-ranked ones keep the engine's order, below them."""
    scores.sort(reverse=True)
    matches = [Match(f"{at:03}", score, None, str(at)) for at, score in enumerate(scores)]
    normalized = {match.id: "游戏\n" if at % 2 else "元宇宙\n" for at, match in enumerate(matches)}
    ranked = reranked(matches, normalized, wish("元宇宙"))
    assert {match.id for match in ranked} == {match.id for match in matches}
    assert ranked[RERANKED_MATCHES:] == [
        match._replace(score=after.score)
        for match, after in zip(matches[RERANKED_MATCHES:], ranked[RERANKED_MATCHES:], strict=True)
    ]
    assert [m.score for m in ranked] == sorted((m.score for m in ranked), reverse=True)


def test_labels() -> None:
    """An article that is labelled with the concept of a word ranks above one that mentions it, and
    by more for a rarer word."""
    matches = [Match(name, 1.0, None, name) for name in "abc"]
    normalized = dict.fromkeys("abc", "\n元宇宙，区块链")
    query = replace(wish("元宇宙 区块链"), idfs=(1.0, 2.0))
    ranked = reranked(
        matches, normalized, query, marks={"b": Marks(labels=(0,)), "c": Marks(labels=(1,))}
    )
    assert [match.id for match in ranked] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("q", "order"),
    [
        pytest.param("比特币 红包", ["topic", "none"], id="a topic"),
        pytest.param("央行 红包", ["organisation", "none"], id="an organisation"),
        pytest.param("V神 红包", ["none", "person"], id="a person's topic says nothing of him"),
    ],
)
def test_labels_of_articles(q: str, order: list[str]) -> None:
    """Both articles have the words in the same places."""
    far = "里" * 300
    over = searcher(
        article("topic", "", f"以太坊以太坊以太坊{far}比特币红包。"),
        article("organisation", "", f"央行央行央行央行央行{far}红包。"),
        article("person", "", f"以太坊以太坊以太坊{far}V神红包。"),
        article("none", "", f"里里里里里里里里里里{far}比特币红包。央行红包。V神红包。"),
    )
    found = ids(ask(over, q))
    assert [each for each in found if each in order] == order


@pytest.mark.parametrize(
    ("q", "title", "asked"),
    [
        pytest.param("NFT 是什么", "周刊:NFT 是什么,听说能赚钱", True, id="a clause"),
        pytest.param("NFT是什么", "周刊:NFT 是什么", True, id="without the space"),
        pytest.param("NFT 是什么", "什么是NFT?", True, id="the other order"),
        pytest.param("什么是NFT", "NFT 是什么", True, id="the other order again"),
        pytest.param("元宇宙会成功吗", "元宇宙会成功吗", True, id="the whole title"),
        pytest.param("什么是区块链", "什么是区块链游戏?", False, id="goes on"),
        pytest.param("什么是 NFT", "什么是 NFT 游戏?", False, id="goes on after a space"),
        pytest.param("元宇宙会成功吗", "元宇宙不会成功", False, id="another question"),
    ],
)
def test_questions(q: str, title: str, asked: bool) -> None:
    assert asks(normalize(title), questions(normalize(q))) is asked


def test_the_question_that_was_asked_comes_first() -> None:
    """However many articles have its words more often: more than are reranked, here."""
    often = (article(f"a{at}", "NFT", f"NFT，NFT，NFT。{at}") for at in range(RERANKED_MATCHES + 5))
    asked = article("it", "周刊：NFT 是什么，听说能赚钱", "里" * 2_000 + "NFT")
    over = searcher(*often, asked)
    response = ask(over, "NFT是什么", fold=False)
    assert (ids(response)[0], response.total) == ("it", RERANKED_MATCHES + 6)
    assert ids(ask(over, "NFT", fold=False))[0] != "it"


def test_beyond_the_window_no_article_comes_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the question has brought to the front does not follow in the engine's order again."""
    for module in (retriever, pagination):
        monkeypatch.setattr(module, "MAX_WINDOW", RERANKED_MATCHES + 10)
    often = (
        article(f"a{at}", "NFT", f"NFT，NFT，NFT。{at}") for at in range(RERANKED_MATCHES + 30)
    )
    over = searcher(*often, article("it", "NFT 是什么", "里" * 2_000 + "NFT"))
    seen: list[str] = []
    cursor = None
    while not seen or cursor:
        response = ask(over, "NFT是什么", fold=False, per_page=20, cursor=cursor)
        seen += ids(response)
        cursor = response.cursor
    assert (len(seen), len(set(seen))) == (response.total, response.total)


def test_no_matches() -> None:
    """No matches give no matches."""
    assert reranked([], {}, wish("元宇宙")) == []


def test_a_searched_headline_comes_first() -> None:
    """The article with the searched title is first, however often others repeat its words."""
    over = searcher(
        article("wordy", "元宇宙银行元宇宙银行", "元宇宙银行。" * 9, published=NOW),
        article("it", "元宇宙里开银行", "短讯。", published=NOW - 900 * DAY),
    )
    assert ids(ask(over, "元宇宙里开银行"))[0] == "it"
