"""Which words a text shows, and where, compared with a naive answer; and that it is kept."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.budget import Budget, BudgetSpent
from search.query.expansion import ALIAS_WEIGHT, NEAR_WEIGHT
from search.ranking import text_signals
from search.ranking.ranking_query import RankingQuery
from search.ranking.text_signals import HALF_WEIGHT_CHARS, OPENING_CHARS, SignalCache, TextSignals
from tests.support.naive_forms import naive_spans
from tests.support.tiny_search import reader

FRAGMENTS = (
    *(
        "元宇宙",
        "metaverse",
        "元界",
        "宇宙",
        "银行",
        "eth",
        "method",
        "以太币",
        "数字人民币",
        "试点",
    ),
    *("6万美元", "60,000", "$60,000", "1.6万美元", "人民币", " ", "的", "，", "，" * 99),
)
parts = st.lists(st.sampled_from(FRAGMENTS), max_size=6).map("".join)


def wish(q: str) -> RankingQuery:
    words = tuple(word for part in q.split() for word in reader().read(part))
    return RankingQuery(words, (1.0,) * len(words), ("银行",), q, now=0)


def signals(q: str, text: str) -> TextSignals:
    return SignalCache().of({"a": text}, wish(q))["a"]


@given(
    st.sampled_from(("元宇宙", "metaverse", "银行", "ETH", "6万美元", "数字人民币")), parts, parts
)
def test_one_word(q: str, title: str, body: str) -> None:
    """Of its own names, or else of what is near it: the best, the first, and those in the title."""
    (word,) = wish(q).words
    worth = {form: 1.0 if form == word.text else ALIAS_WEIGHT for form in word.forms}
    if not (naive_spans(word.forms, title) or naive_spans(word.forms, body)):
        worth = {form: NEAR_WEIGHT for other in word.near for form in other.forms}
    in_title = [worth[title[slice(*span)]] for span in naive_spans(worth, title)]
    in_body = [(worth[body[slice(*at)]], at[0]) for at in naive_spans(worth, body)]
    opening = [*in_title, *(each for each, at in in_body if at < OPENING_CHARS)]
    opens = NEAR_WEIGHT if NEAR_WEIGHT in opening else 1.0
    early = [each / (1 + at / HALF_WEIGHT_CHARS) for each, at in in_body]

    found = signals(q, f"{title}\n{body}")
    assert found.coverage == max([*in_title, *(each for each, _ in in_body)], default=0.0)
    assert found.title == max(in_title, default=0.0)
    assert found.opening == (opens if opening else 0.0)
    assert found.first == pytest.approx(max(early, default=0.0))


@given(parts, parts)
def test_two_words(title: str, body: str) -> None:
    """The mean of both."""
    text = f"{title}\n{body}"
    one, other, both = (signals(q, text)[:4] for q in ("元宇宙", "ETH", "元宇宙 ETH"))
    assert both == pytest.approx([sum(pair) / 2 for pair in zip(one, other, strict=True)])


def test_no_words() -> None:
    """Nothing is missing."""
    assert signals("", "\n元宇宙").coverage == 1.0


def test_a_text_is_read_once() -> None:
    """For one query, whatever else it asks for."""
    cache, query = SignalCache(), wish("元宇宙")
    first = cache.of({"a": "元宇宙\n", "b": "\n"}, query)
    again = cache.of({"a": "not read", "c": "\n元宇宙"}, replace(query, now=1))
    assert (again["a"], again["b"]) == (first["a"], first["b"])
    assert again["c"].coverage == 1.0
    known = cache.known(query)
    assert known.keys() == {"a", "b", "c"}
    assert cache.of({"d": "元宇宙\n"}, query, known).keys() == {"a", "b", "c", "d"}
    assert cache.of({"a": "\n"}, replace(query, idfs=(2.0,)))["a"].coverage == 0.0
    assert cache.of({"a": "\n"}, wish("银行"))["a"].coverage == 0.0


def test_what_was_asked_long_ago_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_signals, "MAX_CACHED_SIGNALS", 3)
    cache = SignalCache()
    for q in ("元宇宙", "银行"):
        cache.of({"a": f"{q}\n"}, wish(q))
    assert cache.of({"a": "\n"}, wish("银行"))["a"].title == 1.0
    assert cache.of({"a": "\n"}, wish("元宇宙"))["a"].title == 0.0


def test_long_texts_are_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """They say the same, and the budget is looked at before each part."""
    texts, query = ["元宇宙\n元界", "\n元宇宙", "\n", "元界\n银行的银行", "\n元界"], wish("元宇宙")
    whole = [*text_signals.text_signals(texts, query)]
    monkeypatch.setattr(text_signals, "CHARACTERS_AT_ONCE", 10)
    assert [*text_signals.text_signals(texts, query)] == whole
    spent_at_the_third = Budget(deadline=3.0, clock=count().__next__)
    read = text_signals.text_signals(texts, replace(query, budget=spent_at_the_third))
    assert [next(read) for _ in texts[:4]] == whole[:4]
    with pytest.raises(BudgetSpent):
        next(read)
