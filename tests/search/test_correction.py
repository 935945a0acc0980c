"""Whether a correction is searched, offered, or dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.request import MAX_QUERY, Choice
from search.response import Understood
from search.searcher import Searcher
from tests.support.tiny_search import article, ask, ids, searcher, texts

WRONG, RIGHT = "比特必", "比特币"
APART = "比特，必。"
"""Has the words that the wrong query is cut into."""


def understood(over: Searcher, q: str, **options: object) -> Understood:
    return ask(over, q, **options).query


def over(apart: int, right: int) -> Searcher:
    """A searcher with articles for the wrong query and for the right one."""
    return texts(*[APART] * apart, *[f"{RIGHT}。"] * right)


def test_nothing_found_is_corrected() -> None:
    """The answer is that of the correction, and says so."""
    response = ask(texts("元宇宙", "银行"), "元宇舟")
    assert ids(response) == ["0"]
    assert (response.query.q, response.query.corrected_from) == ("元宇宙", "元宇舟")
    assert response.query.understood == "元宇宙"
    assert response.query.also_searched == ("Metaverse", "元界")
    assert response.query.suggestion is None


def test_initials_are_only_offered() -> None:
    """They may mean much else, so nothing is searched that was not typed."""
    response = ask(texts(*["元宇宙"] * 9, "银行"), "yyz")
    assert (response.total, response.query.corrected_from) == (0, None)
    assert response.query.suggestion == "元宇宙"


def test_a_word_of_several() -> None:
    """If no article has all words as typed, the correction with all words is searched."""
    response = ask(texts("元宇宙 银行", "银行"), "元宇舟 银行")
    assert response.query.corrected_from == "元宇舟 银行"
    assert (response.total, ids(response)[0]) == (1, "0")


def test_no_better_is_no_answer() -> None:
    """Where the correction finds no article either, what was typed is answered."""
    response = ask(texts("元宇宙", "银行", "银行"), "元宇舟 银行", partial=False)
    assert (response.query.q, response.query.corrected_from) == ("元宇舟 银行", None)


def test_partial_matches_of_the_correction() -> None:
    """They are better than nothing at all."""
    response = ask(texts("元宇宙", "银行", "银行"), "元宇舟 银行")
    assert (response.query.q, response.total) == ("元宇宙 银行", 0)
    assert [hit.missing for hit in response.hits] == [("银行",)]


def test_as_typed() -> None:
    """With `verbatim` nothing is corrected or offered."""
    assert ask(texts("元宇宙"), "元宇舟", verbatim=True).total == 0
    assert understood(over(1, 99), WRONG, verbatim=True).suggestion is None


@pytest.mark.parametrize(
    ("apart", "right", "offered"),
    [
        pytest.param(1, 99, True, id="little found"),
        pytest.param(30, 99, True, id="much found, but what is meant is certain"),
        pytest.param(1, 0, False, id="what is meant has no articles"),
    ],
)
def test_something_found(apart: int, right: int, offered: bool) -> None:
    """If the typed query has results, the correction is only offered."""
    query = understood(over(apart, right), WRONG)
    assert (query.q, query.corrected_from) == (WRONG, None)
    assert query.suggestion == (RIGHT if offered else None)


def test_the_first_answers_of_a_server() -> None:
    """Answers with enough results do not wait for the speller to load; others do."""
    much = Searcher(over(31, 98).snapshot, aids_loaded_in_background=True)
    assert understood(much, WRONG).suggestion is None
    much.aids.load()
    assert understood(much, WRONG).suggestion == RIGHT
    little = Searcher(over(2, 98).snapshot, aids_loaded_in_background=True)
    assert understood(little, WRONG).suggestion == RIGHT


@pytest.mark.parametrize(
    ("as_typed", "right", "offered"),
    [
        pytest.param(1, 99, True, id="little, and much more"),
        pytest.param(1, 8, False, id="little, but no more than a page"),
        pytest.param(3, 11, False, id="not so much more"),
        pytest.param(10, 99, False, id="enough"),
    ],
)
def test_what_is_uncertain(as_typed: int, right: int, offered: bool) -> None:
    """A look-alike is offered only if it finds much more."""
    lines = [*["元字 宙"] * as_typed, *["元宇宙"] * right]
    query = understood(texts(*lines), "元字宙 OR 元字")
    assert query.suggestion == ("元宇宙 OR 元字" if offered else None)


def test_filters_hold() -> None:
    """A correction must have results under the filters of the request."""
    found = searcher(article("0", "", "元宇宙", source="甲"), article("1", "", "银行", source="乙"))
    for source, corrected in (("甲", "元宇舟"), ("乙", None)):
        filters = {"source": Choice((source,))}
        assert understood(found, "元宇舟", filters=filters).corrected_from == corrected


def test_pages_follow() -> None:
    """Later pages and cursors keep the correction."""
    found = texts(*["元宇宙"] * 5)
    first = ask(found, "元宇舟", per_page=2, fold=False)
    second = ask(found, "元宇舟", per_page=2, fold=False, page=2)
    further = ask(found, "元宇舟", per_page=2, fold=False, cursor=first.cursor)
    assert second.query.corrected_from == further.query.corrected_from == "元宇舟"
    assert ids(second) == ids(further) != ids(first)


def test_never_too_long() -> None:
    """A correction longer than a query may be is dropped."""
    wrong = "uniswapv " + "x" * (MAX_QUERY - 9)
    assert ask(texts("Uniswap V3"), wrong).query.corrected_from is None


@given(st.text('元宇舟宙以太访坊 比特必币-"()', max_size=12))
def test_any_query(q: str) -> None:
    """A corrected answer shows articles, and its query is one that users could type."""
    found = texts("元宇宙，以太坊。", "比特币，元宇宙。", APART)
    response = ask(found, q)
    assert response.query.suggestion != q
    if response.query.corrected_from is not None:
        assert response.query.corrected_from == q
        assert response.hits
        assert ids(ask(found, response.query.q, verbatim=False)) == ids(response)
