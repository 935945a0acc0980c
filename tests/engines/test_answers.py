"""One suite for every engine (conftest.py lists them): scores, matches, orders."""

from math import log
from typing import Any

import pytest

from index.analysis.segmenter import Layers
from index.engines.api import Engine
from index.engines.queries import (
    All,
    And,
    AnyTerm,
    Best,
    Boost,
    Near,
    Not,
    Or,
    Query,
    Range,
    Substring,
    Term,
)
from tests.support.documents import SORTS, build, ids_of, plain
from tests.support.naive_engine import NaiveEngine


def test_an_empty_generation_answers(engine: Engine) -> None:
    """On an empty index every call returns nothing, and none fails."""
    build(engine, [])
    snapshot = engine.open()
    for query in (All(), Term("text_words", "银行"), Substring("银行"), AnyTerm("source", ())):
        for sort in SORTS:
            assert snapshot.match(query, sort=sort, limit=10).total == 0
    assert snapshot.facet_counts(All(), {}, ["source"], 10) == {"source": []}
    assert snapshot.histogram(All(), "year") == []
    assert snapshot.stored(["a"], ["title"]) == []
    assert snapshot.terms("text_words") == []
    assert snapshot.states() == {}


def test_bm25(engine: Engine) -> None:
    """The score of a term, computed by hand with k1 = 1.2, b = 0.75 and Lucene's idf."""
    lengths = {"a": "银行 银行 元", "b": "银行", "c": "元 元"}
    build(engine, [[plain(k, text_layers=Layers(v)) for k, v in lengths.items()]])
    matches = engine.open().match(Term("text_words", "银行"), limit=10).matches
    idf = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    expected = {
        "a": idf * 2 / (2 + 1.2 * (1 - 0.75 + 0.75 * 3 / 2)),
        "b": idf * 1 / (1 + 1.2 * (1 - 0.75 + 0.75 * 1 / 2)),
    }
    assert {match.id: match.score for match in matches} == pytest.approx(expected, abs=1e-6)
    assert [match.id for match in matches] == sorted(expected, key=lambda i: -expected[i])


def test_which_match(engine: Engine) -> None:
    """Which of some articles match each query; unknown and no articles are allowed."""
    build(engine, [[plain(name, text_layers=Layers(name)) for name in ("甲", "乙", "丙")]])
    queries = [Term("text_words", "甲"), Not(Term("text_words", "甲")), Term("text_words", "丙")]
    expected: list[set[str]] = [{"甲"}, {"乙"}, set()]
    assert engine.open().which_match(["甲", "乙", "没有"], queries) == expected
    assert engine.open().which_match([], queries) == [set(), set(), set()]
    assert engine.open().which_match(["甲", "乙"], queries * 20) == expected * 20


def test_which_match_of_what_was_asked_before(engine: Engine) -> None:
    """A hint, and an answer for more or for fewer articles before, change nothing."""
    kinds = {"甲": ("fragment",), "乙": (), "丙": ("fragment",), "丁": ("promotional",)}
    build(engine, [[plain(n, kinds=k, text_layers=Layers(n)) for n, k in kinds.items()]])
    snapshot = engine.open()
    queries = [Term("kind", "fragment"), Term("text_words", "甲"), Term("text_words", "丙")]
    snapshot.prefetch_which_match(["甲", "乙"], queries)
    assert snapshot.which_match(["甲"], queries) == [{"甲"}, {"甲"}, set()]
    assert snapshot.which_match(["乙"], queries) == [set(), set(), set()]
    assert snapshot.which_match(["丙", "丁", "甲"], queries) == [{"甲", "丙"}, {"甲"}, {"丙"}]
    assert snapshot.which_match(["丁"], [Term("kind", "promotional"), *queries])[0] == {"丁"}


def test_fewer_and_more_of_the_same_matches(engine: Engine) -> None:
    """How many matches were asked for before changes neither the first ones nor the total."""
    build(engine, [[plain(name, text_layers=Layers("银行")) for name in "甲乙丙丁"]])
    snapshot, query = engine.open(), Term("text_words", "银行")
    every = engine.open().match(query, limit=9)
    for limit in (2, 1, 3, 9, 2):
        found = snapshot.match(query, limit=limit)
        assert (found.total, found.matches) == (4, every.matches[:limit])
        assert snapshot.match(query, limit=0).total == 4


def test_prefetching_changes_nothing(engine: Engine) -> None:
    """Prefetched totals and facets are the same, with and without a filter."""
    build(
        engine, [[plain(n, source=s) for n, s in (("甲", "某报"), ("乙", "某报"), ("丙", "某台"))]]
    )
    snapshot, filters = engine.open(), {"source": Term("source", "某报")}
    snapshot.prefetch_totals([All(), Term("source", "某报")])
    snapshot.prefetch_facets(All(), filters, ("source", "year"), 5)
    snapshot.prefetch_facets(All(), {}, (), 5)
    counted = snapshot.facet_counts(All(), filters, ("source", "year"), 5)
    assert counted["source"] == [("某报", 2), ("某台", 1)]
    assert snapshot.facet_counts(All(), filters, ("source", "year"), 5) == counted
    assert snapshot.facet_counts(All(), {}, (), 5) == {}
    totals = [snapshot.match(query, limit=0).total for query in (All(), Term("source", "某报"))]
    assert totals == [3, 2]


@pytest.mark.parametrize(
    ("query", "score"),
    [
        pytest.param(All(), 0, id="all"),
        pytest.param(Range("year", None, None), 0, id="range"),
        pytest.param(Term("source", "甲"), 0, id="keyword"),
        pytest.param(Not(Term("source", "乙")), 0, id="not"),
        pytest.param(Substring("银行"), 1, id="substring"),
        pytest.param(AnyTerm("text_words", ("银行", "没有")), 1, id="any term"),
        pytest.param(Boost(Substring("银行"), 2.5), 2.5, id="boost"),
        pytest.param(And((Substring("银行"), Substring("行"))), 2, id="and sums"),
        pytest.param(Or((Substring("银行"), Substring("没有"))), 1, id="or sums what matches"),
        pytest.param(
            Or((Substring("行"), And((Substring("银行"), Substring("没有"))))), 1, id="and in or"
        ),
        pytest.param(
            Best((Substring("银行"), Boost(Substring("行"), 3), All())), 3, id="best is the highest"
        ),
        pytest.param(And(()), 0, id="and of nothing is everything"),
    ],
)
def test_scores(engine: Engine, query: Query, score: float) -> None:
    """The score of each kind of query."""
    document = plain("a", normalized="银行\n", source="甲", published=0, day=19700101, year=1970)
    build(engine, [[document]])
    (match,) = engine.open().match(query, limit=10).matches
    assert match.score == pytest.approx(score)


NEAR_IN_THE_TITLE_AND_TEXT: dict[str, tuple[tuple[Any, ...], str]] = {
    "near: two apart": ((("寅卯",), ("午未",), 2), "v"),
    "near: too far apart": ((("寅卯",), ("午未",), 1), ""),
    "near: in the other order": ((("午未",), ("寅卯",), 2), "v"),
    "near: longer strings": ((("子丑寅卯",), ("午未申",), 2), "v"),
    "near: longer strings, too far": ((("子丑寅卯",), ("午未申",), 1), ""),
    "near: side by side": ((("子丑",), ("寅卯",), 0), "v"),
    "near: overlapping by one": ((("子丑寅",), ("寅卯",), 0), "v"),
    "near: overlapping by two": ((("子丑寅",), ("丑寅卯",), 0), "v"),
    "near: one within the other": ((("子丑寅卯",), ("丑寅",), 0), "v"),
    "near: itself": ((("子丑",), ("子丑",), 0), "v"),
    "near: any of several": ((("没有", "寅卯"), ("午未", "不在"), 2), "v"),
    "near: over a line break": ((("午未申",), ("酉戌",), 1), "v"),
    "near: not over a line break that is too much": ((("午未申",), ("酉戌",), 0), ""),
    "near: not from title to text": ((("甲乙",), ("丙丁",), 20), ""),
    "near: in the title": ((("子丑",), ("午未",), 9, "title"), ""),
    "near: in the text": ((("子丑",), ("午未",), 9, "text"), "v"),
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param(Substring("甲乙"), "t", id="in the title"),
        pytest.param(Substring("丙丁"), "t", id="in the text"),
        pytest.param(Substring("甲乙", "text"), "", id="title only, text asked"),
        pytest.param(Substring("丙", "title"), "", id="text only, title asked"),
        pytest.param(Substring("乙丙"), "", id="not from title to text"),
        pytest.param(Substring("丁戊"), "", id="not across blocks"),
        pytest.param(Substring("丁\n戊"), "", id="a line break is in no block"),
        pytest.param(Substring(" 1"), "t", id="a space is a character"),
        pytest.param(Substring("😀"), "t", id="beyond the first plane"),
        pytest.param(Substring(""), "", id="nothing is found nowhere"),
        pytest.param(Or(()), "", id="or of nothing"),
        pytest.param(Best(()), "", id="best of nothing"),
        pytest.param(Range("day", 20220905, 20220905), "t", id="both ends are included"),
        pytest.param(Range("day", 20220906), "", id="later"),
        pytest.param(Range("day"), "t", id="any date"),
        pytest.param(Not(Range("day")), "uv", id="no date"),
        pytest.param(And((Term("id", "u"), Not(Range("day")))), "u", id="an id without a date"),
        pytest.param(Range("estimated", 1), "", id="no estimate"),
        pytest.param(Term("url", "news.example.com"), "tu", id="address"),
        pytest.param(Term("id", "u"), "u", id="id"),
        pytest.param(Not(Term("id", "u")), "tv", id="not"),
        pytest.param(AnyTerm("id", ("u", "没有")), "u", id="any of some terms"),
        pytest.param(AnyTerm("id", ()), "", id="any of no terms"),
        *(
            pytest.param(Near(*near), found, id=name)
            for name, (near, found) in NEAR_IN_THE_TITLE_AND_TEXT.items()
        ),
        pytest.param(Term("text_words", "没有"), "", id="unknown token"),
    ],
)
def test_what_matches(engine: Engine, query: Query, found: str) -> None:
    """Which of three articles each query finds."""
    full = plain("t", normalized="甲乙\n丙丁 1\n戊😀", published=1_662_350_400, day=20220905)
    others = [plain("u", normalized="己\n", day=None)]
    others.append(plain("v", normalized="己\n子丑寅卯辰巳午未申\n酉戌", day=None, url_tokens=()))
    build(engine, [[full, *others]])
    assert ids_of(engine.open(), query, "newest") == list(found)


def test_order_of_dates(engine: Engine) -> None:
    """Undated articles are last in both orders, ties are by id, and dates before 1970 count."""
    times = {"d": None, "b": 5, "a": 5, "c": -9, "e": 7, "f": None}
    build(engine, [[plain(name, published=time) for name, time in times.items()]])
    snapshot = engine.open()
    assert ids_of(snapshot, All(), "newest") == ["e", "a", "b", "c", "d", "f"]
    assert ids_of(snapshot, All(), "oldest") == ["c", "a", "b", "e", "d", "f"]
    assert ids_of(snapshot, All()) == ["e", "a", "b", "c", "d", "f"]


def test_a_cursor_outlives_its_article(engine: Engine) -> None:
    """The next page begins after the key of an article that was deleted since."""
    build(
        engine,
        [[plain(name, published=time) for name, time in zip("abcd", (4, 3, 2, 1), strict=True)]],
    )
    build(engine, [], base=engine.current(), removed=["b"])
    snapshot = engine.open()
    for sort, rest in (("relevance", ["c", "d"]), ("newest", ["c", "d"]), ("oldest", ["a"])):
        page = snapshot.match(All(), sort=sort, limit=9, after=(0.0, 3, "b"))
        assert [match.id for match in page.matches] == rest
        assert page.total == 3


@pytest.mark.parametrize("limit", [1, 3, 10])
def test_terms_are_exact_among_many(engine: Engine, limit: int) -> None:
    """The commonest terms are exact, even if segments differ and many terms tie."""
    first = [plain(f"a{n}", text_layers=Layers(f"甲{n:03} 乙")) for n in range(300)]
    second = [plain(f"b{n}", text_layers=Layers(f"甲{299 - n:03} 甲250")) for n in range(150)]
    oracle = NaiveEngine()
    for each in (engine, oracle):
        build(each, [first])
        assert each.open().terms("text_words", "甲", 3) == [
            ("甲000", 1),
            ("甲001", 1),
            ("甲002", 1),
        ]
        build(each, [second], base=each.current(), removed=["a0", "a299", "b7"])
    found = engine.open().terms("text_words", "甲", limit)
    assert found == oracle.open().terms("text_words", "甲", limit)
    assert found[0] == ("甲250", 151)
