"""Few articles with all words: some that lack one are shown with them, labelled and not counted."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.queries import And, Not, Or, Query, Term
from search.request import Choice
from search.response import Partial, SearchResponse
from search.retrieval import retriever
from search.retrieval.relaxation import ENOUGH_ARTICLES, ROUNDING, _weighing, relax
from search.retrieval.retriever import PARTIAL_ARTICLES
from tests.support.tiny_search import DAY, NOW, article, ask, ids, plan_of, searcher, texts

BOTH, COMMON, RARE = "元宇宙里的银行。", "银行。", "元宇宙里的游戏。"
FEW = (BOTH, BOTH, *[RARE] * 3, *[COMMON] * 30, "无关。")
ALL = {"per_page": 100, "fold": False}


def few(q: str = "元宇宙 银行", **options: Any) -> SearchResponse:
    return ask(texts(*FEW), q, **ALL, **options)


def missing(response: SearchResponse) -> dict[str, tuple[str, ...]]:
    return {hit.id: hit.missing for hit in response.hits}


def test_only_those_with_all_words_are_counted() -> None:
    """The others follow where texts are equal otherwise, each with the word it lacks."""
    response = few()
    assert response.total == 2
    assert set(ids(response)[:2]) == {"0", "1"}
    assert missing(response) == {"0": (), "1": ()} | dict.fromkeys("234", ("银行",))
    assert response.partial == Partial(3, ("银行",))


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        pytest.param("newest", ["both 5", "both 6", "rare 1", "rare 7"], id="newest"),
        pytest.param("oldest", ["both 6", "both 5", "rare 7", "rare 1"], id="oldest"),
    ],
)
def test_by_date_those_with_all_words_come_first(sort: Any, order: list[str]) -> None:
    """Then those that lack a word, in the same order of dates."""
    over = searcher(
        *(article(f"both {at}", "", BOTH, published=NOW - at * DAY) for at in (5, 6)),
        *(article(f"rare {at}", "", RARE, published=NOW - at * DAY) for at in (1, 7)),
        *(article(f"common {at}", "", COMMON, published=NOW) for at in range(30)),
    )
    response = ask(over, "元宇宙 银行", sort=sort, **ALL)
    assert ids(response) == order
    assert (response.total, response.partial) == (2, Partial(2, ("银行",)))


@pytest.mark.parametrize(
    ("q", "found"),
    [
        pytest.param("元宇宙 银行", {"rare"}, id="a name beside a common word"),
        pytest.param("元宇宙 稀奇", {"rare"}, id="a name beside a rarer word"),
        pytest.param("银行 稀奇", {"odd"}, id="without a name the rarest word"),
        pytest.param("饕餮 元宇宙", {"rare"}, id="a name beside a word nobody wrote"),
        pytest.param("饕餮 银行", set(), id="a word nobody wrote is the rarest"),
        pytest.param("元宇宙 比特币 银行", {"coin"}, id="the rarer of two names"),
        pytest.param("饕餮 貔貅", set(), id="nobody wrote any of them"),
    ],
)
def test_the_subject_is_never_missing(q: str, found: set[str]) -> None:
    """Nor more than half of the words by weight."""
    over = searcher(
        *(article(f"rare {at}", "", "元宇宙里的游戏。") for at in range(3)),
        *(article(f"bank {at}", "", "银行。") for at in range(9)),
        article("odd 1", "", "稀奇。"),
        article("coin 1", "", "比特币和银行。"),
        *(article(f"other {at}", "", "无关。") for at in range(9)),
    )
    response = ask(over, q, **ALL)
    assert response.total == 0
    assert {name.partition(" ")[0] for name in ids(response)} == found
    assert all(missing(response).values())


def test_enough_full_matches() -> None:
    """With ENOUGH_ARTICLES full matches there are no partial ones."""
    lines = [*[BOTH] * ENOUGH_ARTICLES, *[RARE] * 3]
    response = ask(texts(*lines), "元宇宙 银行", **ALL)
    assert (response.total, response.partial) == (ENOUGH_ARTICLES, None)
    assert len(response.hits) == ENOUGH_ARTICLES


def test_one_less_is_too_few() -> None:
    lines = [*[BOTH] * (ENOUGH_ARTICLES - 1), *[RARE] * 3, *["无关。"] * 60]
    response = ask(texts(*lines), "元宇宙 银行", **ALL)
    assert (response.total, response.partial) == (ENOUGH_ARTICLES - 1, Partial(3, ("银行",)))
    assert len(response.hits) == ENOUGH_ARTICLES + 2


def test_few_are_shown_of_many() -> None:
    """At most PARTIAL_ARTICLES, on however many pages; `partial` says how many there are."""
    over = texts(BOTH, *[f"元宇宙里的游戏{at}。" for at in range(30)], *[COMMON] * 60)
    first, last = (ask(over, "元宇宙 银行", fold=False, page=page) for page in (1, 3))
    assert (first.total, first.partial, first.pages) == (1, Partial(30, ("银行",)), 3)
    assert len(first.hits) + 10 + len(last.hits) == 1 + PARTIAL_ARTICLES
    assert ask(over, "元宇宙 银行", fold=False, page=4).hits == ()


@pytest.mark.parametrize(
    "window",
    [
        pytest.param(1, id="without the complete ones"),
        pytest.param(10, id="with too few others"),
        pytest.param(60, id="with enough"),
    ],
)
def test_how_many_matches_are_read_first_changes_nothing(
    window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = texts(*[f"元宇宙里的游戏{at}。" for at in range(90)], *[COMMON] * 150, BOTH)
    expected = ask(over, "元宇宙 银行", **ALL)
    monkeypatch.setattr(retriever, "PARTIAL_WINDOW", window)
    fresh = texts(*[f"元宇宙里的游戏{at}。" for at in range(90)], *[COMMON] * 150, BOTH)
    found = ask(fresh, "元宇宙 银行", **ALL)
    assert found.hits == expected.hits
    assert (found.total, found.partial) == (expected.total, expected.partial)


def test_a_complete_match_below_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """It scores as it would within, never more than what stands before it."""
    partial = [f"元宇宙，元宇宙，元宇宙里的游戏{at}。" for at in range(90)]
    written = [*partial, *[COMMON] * 150, f"{BOTH}{'今天下雪。' * 200}"]
    expected = ask(texts(*written), "元宇宙 银行", **ALL).hits
    monkeypatch.setattr(retriever, "PARTIAL_WINDOW", 60)
    hits = ask(texts(*written), "元宇宙 银行", **ALL).hits
    assert hits == expected
    assert [hit.missing for hit in hits] == [*[("银行",)] * PARTIAL_ARTICLES, ()]
    assert hits[-1].score <= hits[-2].score


def test_one_of_each_story() -> None:
    """A repost that lacks a word says nothing more, and one of a complete match nothing new."""
    text = (
        "元宇宙里的一家游戏公司今天公布了新的计划，准备在三年内投入一百亿元建设虚拟城市。公司说明年春天"
        "会有第一批居民搬进去，他们可以在那里开店、上学、看展览，也可以只是散步。分析师认为投入太大，"
        "回报要等很多年，不过年轻人喜欢新鲜事物，也许会有惊喜。"
    )
    over = searcher(
        article("first", "", text, published=NOW - 2 * DAY),
        article("repost", "", text, published=NOW - DAY),
        article("complete", "", f"{text}银行。", published=NOW - DAY),
        article("other", "", "元宇宙里没有新闻，只有旧闻和传闻。", published=NOW),
        *(article(f"bank {at}", "", "银行。", published=NOW) for at in range(40)),
    )
    response = ask(over, "元宇宙 银行", per_page=100)
    assert set(ids(response)) == {"complete", "other"}
    assert [hit.story.size for hit in response.hits] == [1, 1]
    assert response.partial == Partial(3, ("银行",))


@pytest.mark.parametrize(
    "q",
    [
        pytest.param('元宇宙 "银行"', id="quotes"),
        pytest.param("元宇宙 AND 银行", id="operator"),
        pytest.param("(元宇宙 银行)", id="parentheses"),
        pytest.param("元宇宙 银行 -无关", id="exclusion"),
        pytest.param("元宇宙 银*", id="prefix"),
    ],
)
def test_never_with_quotes_or_operators(q: str) -> None:
    """Quotes and operators require every word."""
    response = few(q)
    assert set(ids(response)) == {"0", "1"}
    assert (response.total, response.partial) == (2, None)


def test_a_word_bound_to_the_title_holds() -> None:
    """`title:` is a condition, so its word may not be missing."""
    over = searcher(article("0", "元宇宙", "游戏"), article("1", "银行", "银行"))
    assert ask(over, "title:元宇宙 银行").total == 0


def test_without_partial_matches() -> None:
    response = few(partial=False)
    assert set(ids(response)) == {"0", "1"}
    assert (response.total, response.partial) == (2, None)


def test_missing_words_are_shown_as_typed() -> None:
    """Not as the index spells them."""
    lines = ("ＮＦＴ。", "NFT。", *["區塊鏈。"] * 5)
    response = ask(texts(*lines), "ＮＦＴ 區塊鏈", **ALL)
    assert missing(response) == dict.fromkeys("01", ("區塊鏈",))


NARROW = (
    article("both", "", "元宇宙里的银行。", source="财新网", published=NOW),
    article("here", "", "元宇宙里的游戏。", source="财新网", published=NOW),
    article("elsewhere", "", "元宇宙。", source="新华社", published=NOW),
    article("long ago", "", "元宇宙。", source="财新网", published=NOW - 900 * DAY),
    *(article(f"bank {at}", "", "银行。", source="财新网", published=NOW) for at in range(20)),
)


@pytest.mark.parametrize(
    ("q", "options"),
    [
        pytest.param("元宇宙 银行 来源:财新网 时间:2022", {}, id="in the query"),
        pytest.param(
            "元宇宙 银行",
            {"filters": {"source": Choice(("财新网",))}, "from_day": date(2022, 1, 1)},
            id="beside it",
        ),
        pytest.param(
            "元宇宙 银行",
            {"filters": {"source": Choice((), ("新华社",))}, "within": 7 * 86_400},
            id="excluding",
        ),
    ],
)
def test_conditions_hold(q: str, options: dict[str, Any]) -> None:
    """Source, time and filters apply to partial matches too."""
    response = ask(searcher(*NARROW), q, **options)
    assert ids(response) == ["both", "here"]
    assert (response.total, response.partial) == (1, Partial(1, ("银行",)))


def test_facets_count_complete_matches() -> None:
    """Facets and timeline add up to the total, and a facet's own filter is left out of it."""
    filters = {"source": Choice(("财新网",))}
    response = ask(
        searcher(*NARROW),
        "元宇宙 银行",
        filters=filters,
        within=7 * 86_400,
        facets=("source",),
        timeline="year",
    )
    assert response.total == 1
    assert response.facets == {"source": [("财新网", 1)]}
    assert response.timeline == ("year", [(2022, 1)])


# A word in each of a million articles still weighs .0007. Weights as small as ROUNDING do not occur,
# and with them the two ways to add them up may differ.
weights = st.lists(st.floats(1e-4, 10), min_size=1, max_size=6)


@given(weights, st.floats(0.01, 1), st.sets(st.integers(0, 9)))
def test_the_query_is_for_words_that_weigh_enough(
    given_weights: list[float], share: float, there: set[int]
) -> None:
    """Also where several combinations of words do."""
    given_weights = sorted(given_weights, reverse=True)
    wanted = share * sum(given_weights)
    words = [(weight, Term("text_words", str(at))) for at, weight in enumerate(given_weights)]
    matches = _holds(_weighing(words, wanted), {str(at) for at in there})
    assert matches == any(chosen <= there for chosen in _heavy(given_weights, wanted))


def _heavy(given_weights: list[float], wanted: float) -> list[set[int]]:
    """All combinations that weigh `wanted` or more."""
    positions = range(len(given_weights))
    sets = [set(each) for size in positions for each in combinations(positions, size + 1)]
    return [
        chosen
        for chosen in sets
        if sum(given_weights[at] for at in sorted(chosen)) >= wanted - ROUNDING
    ]


def _holds(query: Query, tokens: set[str]) -> bool:
    match query:
        case And(queries):
            return all(_holds(part, tokens) for part in queries)
        case Or(queries):
            return any(_holds(part, tokens) for part in queries)
    assert isinstance(query, Term)
    return query.token in tokens


@pytest.mark.parametrize(
    ("q", "counts", "may_miss"),
    [
        pytest.param("银行 企业", (5, 60), ("企业",), id="the common of two words"),
        pytest.param("银行 企业 管理", (30, 40, 50), ("企业", "管理"), id="one of two, not both"),
        pytest.param("比特币 银行", (40, 5), ("银行",), id="a name weighs twice"),
        pytest.param("比特币 银行", (99, 0), None, id="a name everybody writes weighs too little"),
        pytest.param("区块链 比特币", (5, 60), ("比特币",), id="the common of two names"),
        pytest.param(
            "元宇宙 比特币", (5, 60), ("元宇宙", "比特币"), id="one that something is near"
        ),
    ],
)
def test_which_words_may_be_missing(
    q: str, counts: tuple[int, ...], may_miss: tuple[str, ...] | None
) -> None:
    plan = plan_of(q)
    frequencies = {word.query: count for word, count in zip(plan.words, counts, strict=True)}
    found = relax(plan, frequencies.__getitem__, 100)
    assert (found and found.may_miss) == may_miss


def test_a_sentence_is_found_by_its_rarest_words() -> None:
    """In a long query the heaviest words decide what matches; the others only rank."""
    rare = "元宇宙 区块链 比特币 以太坊"
    lines = ["元宇宙区块链比特币以太坊。", *["银行发展市场经济政策企业服务管理。"] * 20]
    response = ask(texts(*lines), f"{rare} 银行 发展 市场 经济 政策 企业 服务 管理", **ALL)
    assert ids(response) == ["0"]
    assert response.total == 0


def test_all_names_of_a_long_question_are_enough() -> None:
    """Its other words say little of the subject, rare as they may be."""
    rest = ["老百姓分辨不清。", "打着幌子。", *["区块链上的游戏。"] * 9, *["无关。"] * 30]
    over = texts("区块链和比特币。", *rest)
    response = ask(over, "老百姓怎么分辨打着区块链幌子的比特币", **ALL)
    assert (response.total, ids(response)) == (0, ["0"])
    assert response.hits[0].missing == ("老百姓", "分辨", "打着", "幌子")


QUESTION = "花垣县的县政府驻点在哪一年搬迁"


@pytest.mark.parametrize(
    ("q", "lines", "found"),
    [
        pytest.param(QUESTION, ["花垣县的县政府。"], ["0"], id="a question nobody answers in full"),
        pytest.param(QUESTION, ["无关的年份。"], [], id="not by its least word"),
        pytest.param(
            f"{QUESTION} 元宇宙", ["花垣县的县政府。"], [], id="not without the name in it"
        ),
        pytest.param(
            "花垣县 银行 饕餮 貔貅 麒麟 梼杌 穷奇 混沌 獬豸",
            ["花垣县的银行。"],
            ["0"],
            id="words nobody wrote take no place",
        ),
        pytest.param("饕餮 银行", ["银行。"], [], id="a short query has a subject"),
        pytest.param(
            QUESTION,
            ["驻点和县政府。", "花垣县的县政府搬迁，哪一年的事。"],
            ["1"],
            id="only where nothing has half of the weight",
        ),
    ],
)
def test_a_long_question_is_found_by_a_part_of_its_words(
    q: str, lines: list[str], found: list[str]
) -> None:
    """Its rarest word often only asks: 哪一年, 何地. What is found is labelled, and not counted."""
    response = ask(texts(*lines, *["无关。"] * 30), q, **ALL)
    assert (response.total, ids(response)) == (0, found)
    assert all(hit.missing for hit in response.hits)


def test_conditions_are_part_of_the_relaxed_query() -> None:
    """The relaxed query keeps the conditions of the original."""
    plan = plan_of("元宇宙 银行 时间:2022")
    found = relax(plan, lambda query: 5, 100)
    assert found is not None
    assert isinstance(found.query, And)
    assert set(plan.fixed) < set(found.query.queries)
    assert not any(isinstance(part, Not) for part in found.query.queries)
