"""If too few articles have all words, those with most of them are ranked as well."""

from datetime import date
from math import log, sqrt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.engines.queries import And, Not, Or, Query, Term
from search.request import Choice
from search.response import SearchResponse
from search.retrieval.relaxation import ENOUGH_ARTICLES, ROUNDING, _enough, _weighing, relax
from tests.support.tiny_search import DAY, NOW, article, ask, ids, plan_of, searcher, texts

BOTH, COMMON, RARE = "元宇宙里的银行。", "银行。", "元宇宙里的游戏。"
FEW = (BOTH, BOTH, *[RARE] * 3, *[COMMON] * 30, "无关。")
ALL = {"per_page": 100, "fold": False}


def few(q: str = "元宇宙 银行", **options: Any) -> SearchResponse:
    return ask(texts(*FEW), q, **ALL, **options)


def test_those_with_all_words_come_first() -> None:
    """Of otherwise equal texts, those with all words come first, then by the weight of the words
    they have: a rare word counts more than a common one."""
    response = few()
    assert set(ids(response)[:2]) == {"0", "1"}
    assert set(ids(response)[2:]) == {"2", "3", "4"}
    assert (response.all_words, response.total) == (2, 5)
    assert response.query.relaxed == ("银行",)


def test_by_date_those_with_all_words_come_first() -> None:
    """In date order too, full matches come before partial ones."""
    over = searcher(
        *(article(f"both {at}", "", BOTH, published=NOW - at * DAY) for at in (5, 6)),
        *(article(f"rare {at}", "", RARE, published=NOW - at * DAY) for at in (1, 7)),
        *(article(f"common {at}", "", COMMON, published=NOW) for at in range(30)),
    )
    response = ask(over, "元宇宙 银行", sort="newest", **ALL)
    assert ids(response) == ["both 5", "both 6", "rare 1", "rare 7"]
    assert (response.all_words, response.total) == (2, 4)


def test_a_related_concept_stands_in() -> None:
    """An article with a related concept in place of a missing word ranks above one with neither."""
    lines = ("以太坊分叉。", "以太坊分叉。", "游戏分叉。", *["无关。"] * 9)
    response = ask(texts(*lines), "V神 分叉", **ALL)
    assert ids(response)[:2] == ["0", "1"]
    assert response.all_words == 0


def test_enough_full_matches() -> None:
    """With ENOUGH_ARTICLES full matches there are no partial ones."""
    lines = [*[BOTH] * ENOUGH_ARTICLES, *[RARE] * 3]
    response = ask(texts(*lines), "元宇宙 银行", **ALL)
    assert (response.all_words, response.total) == (ENOUGH_ARTICLES, ENOUGH_ARTICLES)
    assert response.query.relaxed == ()


def test_one_less_is_too_few() -> None:
    """With one full match fewer there are partial ones."""
    lines = [*[BOTH] * (ENOUGH_ARTICLES - 1), *[RARE] * 3, *["无关。"] * 60]
    assert ask(texts(*lines), "元宇宙 银行", **ALL).total > ENOUGH_ARTICLES - 1


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
    assert response.total == response.all_words == 2
    assert response.query.relaxed == ()


def test_a_word_bound_to_the_title_holds() -> None:
    """`title:` is a condition, so its word may not be missing."""
    over = searcher(article("0", "元宇宙", "游戏"), article("1", "银行", "银行"))
    assert ask(over, "title:元宇宙 银行").total == 0


def test_relaxed_words_are_shown_as_typed() -> None:
    """Missing words are shown as typed, not normalised."""
    lines = ("NFT", "区块链", "NFT", "区块链")
    assert ask(texts(*lines), "ＮＦＴ 區塊鏈").query.relaxed == ("ＮＦＴ", "區塊鏈")


def test_a_word_nobody_wrote() -> None:
    """A word in no article weighs most; the other words still find articles."""
    response = ask(texts(*FEW), "饕餮 元宇宙", **ALL)
    assert response.all_words == 0
    assert set(ids(response)) == {"0", "1", "2", "3", "4"}
    assert "饕餮" in response.query.relaxed


def test_nothing_to_find() -> None:
    """If no word is found, there are no results and no missing words."""
    response = ask(texts(*FEW), "饕餮 貔貅")
    assert (response.total, response.hits, response.query.relaxed) == (0, (), ())


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
    assert (response.all_words, response.total) == (1, 2)


def test_facets_add_up_to_the_total() -> None:
    """Facets and timeline count what the total counts; a facet ignores its own filter."""
    filters = {"source": Choice(("财新网",))}
    response = ask(
        searcher(*NARROW),
        "元宇宙 银行",
        filters=filters,
        within=7 * 86_400,
        facets=("source",),
        timeline="year",
    )
    assert response.total == 2
    assert response.facets == {"source": [("财新网", 2), ("新华社", 1)]}
    assert response.timeline == ("year", [(2022, 2)])


# A word in each of a million articles still weighs .0007. Weights as small as ROUNDING do not occur,
# and with them the two ways to add them up may differ.
weights = st.lists(st.floats(1e-4, 10), min_size=1, max_size=6)


@given(weights, st.floats(0.01, 1))
def test_which_words_are_enough(given_weights: list[float], share: float) -> None:
    """Each set weighs enough, no set contains another, and no sufficient set is left out."""
    wanted = share * sum(given_weights)
    sets = _enough(given_weights, wanted)
    for chosen in sets:
        assert sum(given_weights[at] for at in chosen) >= wanted - ROUNDING
        assert not any(other < chosen for other in sets)
    for at, weight in enumerate(given_weights):
        assert any(chosen <= {at} for chosen in sets) == (weight >= wanted - ROUNDING)


@given(weights, st.floats(0.01, 1), st.sets(st.integers(0, 9)))
def test_the_query_is_for_the_sets(
    given_weights: list[float], share: float, there: set[int]
) -> None:
    """The query with common parts factored out matches exactly what has one of the sets."""
    given_weights = sorted(given_weights, reverse=True)
    wanted = share * sum(given_weights)
    words = [(weight, Term("text_words", str(at))) for at, weight in enumerate(given_weights)]
    matches = _holds(_weighing(words, wanted), {str(at) for at in there})
    assert matches == any(chosen <= there for chosen in _enough(given_weights, wanted))


def _holds(query: Query, tokens: set[str]) -> bool:
    match query:
        case And(queries):
            return all(_holds(part, tokens) for part in queries)
        case Or(queries):
            return any(_holds(part, tokens) for part in queries)
    assert isinstance(query, Term)
    return query.token in tokens


def test_weights() -> None:
    """A word weighs the square root of its idf: of 元宇宙 银行, the common one may be missing."""
    plan = plan_of("元宇宙 银行")
    first, second = plan.words
    counts: dict[Query, int] = {first.query: 5, second.query: 60}
    heavy, light = (sqrt(log(1 + (100 - n + 0.5) / (n + 0.5))) for n in (5, 60))
    share = heavy / (heavy + light)
    found = relax(plan, share - 0.01, counts.__getitem__, 100)
    assert found is not None
    assert found.may_miss == ("银行",)
    assert relax(plan, share + 0.01, counts.__getitem__, 100) is None


def test_a_sentence_is_found_by_its_rarest_words() -> None:
    """In a long query the heaviest words decide what matches; the others only rank."""
    rare = "元宇宙 区块链 比特币 以太坊"
    lines = ["元宇宙区块链比特币以太坊。", *["银行发展市场经济政策企业服务管理。"] * 20]
    response = ask(texts(*lines), f"{rare} 银行 发展 市场 经济 政策 企业 服务 管理", **ALL)
    assert ids(response)[0] == "0"
    assert response.all_words == 0


def test_conditions_are_part_of_the_relaxed_query() -> None:
    """The relaxed query keeps the conditions of the original."""
    plan = plan_of("元宇宙 银行 时间:2022")
    found = relax(plan, 0.5, lambda query: 5, 100)
    assert found is not None
    assert isinstance(found.query, And)
    assert set(plan.fixed) < set(found.query.queries)
    assert not any(isinstance(part, Not) for part in found.query.queries)
