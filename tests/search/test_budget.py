"""The budget of a request: it ends in time, and what is left out of an answer is said."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

import pytest

from index.errors import BudgetSpent
from search.budget import NO_CORRECTION, NO_RELATED, UNLIMITED, Budget, no_snippets
from search.explore.comparison import compare_queries
from search.explore.topic import topic_view
from search.explore.zero_results import ZeroResults, explain_zero
from search.response import SearchResponse
from search.searcher import Searcher
from tests.support.tiny_search import LEXICON, article, ids, request, searcher

ARTICLES = tuple(
    article(str(at), f"比特币第{at}天", f"比特币与以太坊，第{at}天。区块链的消息。" * 3)
    for at in range(12)
)
FAR = 10_000
"""More looks at the clock than any tiny search takes."""


def ticking() -> Callable[[], float]:
    """A clock on which each look takes a second."""
    ticks = count()
    return lambda: float(next(ticks))


def after(looks: int) -> Budget:
    """A budget that is spent after so many looks at its clock."""
    return Budget.starting_now(looks, ticking())


@pytest.fixture
def over() -> Searcher:
    """Without cached answers."""
    return Searcher(searcher(*ARTICLES).snapshot)


def test_a_budget_counts_processor_time() -> None:
    """Waiting costs nothing; computing does."""
    assert not Budget.starting_now(60).is_spent
    assert Budget.starting_now(-1).is_spent
    UNLIMITED.check()
    UNLIMITED.leaving(0.5).check()
    with pytest.raises(BudgetSpent, match="2 秒"):
        Budget(2, 0.0).check()


def test_a_part_ends_earlier() -> None:
    """A part of a budget leaves its share to what follows."""
    at = [0.0]
    whole = Budget.starting_now(10, lambda: at[0])
    at[0] = 7.0
    assert (whole.leaving(0.4).is_spent, whole.leaving(0.2).is_spent) == (True, False)


@pytest.mark.parametrize(
    "q",
    ["比特币", "比特币 -以太坊", "比*", "“比特币与”", "比特币 稳定币", "币特比", "没有的词", ""],
)
def test_whatever_is_left_is_right(over: Searcher, q: str) -> None:
    """However early the budget ends, there is no answer or one with the same articles and figures,
    which says so if anything is missing."""
    whole = Searcher(over.snapshot).search(request(q))
    lengths: list[int] = []
    for looks in [*range(1, 80), FAR]:
        try:
            answer = Searcher(over.snapshot).search(request(q, budget=after(looks)))
        except BudgetSpent:
            assert not lengths, "it ended later, and sooner"
            continue
        lengths.append(looks)
        said = answer.query.warnings != whole.query.warnings
        assert answer.shortened == said
        if NO_CORRECTION not in answer.query.warnings:
            assert (answer.total, ids(answer)) == (whole.total, ids(whole))
            assert (answer.facets, answer.pages) == (whole.facets, whole.pages)
        if not answer.shortened:
            assert _without_time(answer) == _without_time(whole)
    assert lengths[-1] == FAR


def _without_time(answer: SearchResponse) -> SearchResponse:
    return replace(answer, took_ms=0.0)


def test_what_is_left_out_is_said(over: Searcher) -> None:
    """Snippets go first, then related searches; hits without them show how the text begins."""
    seen: set[str] = set()
    for looks in range(1, 120):
        try:
            answer = Searcher(over.snapshot).search(request("比特币 以太坊", budget=after(looks)))
        except BudgetSpent:
            continue
        plain = [hit for hit in answer.hits if hit.plain]
        seen |= set(answer.query.warnings)
        assert (no_snippets(len(plain)) in answer.query.warnings) == bool(plain)
        for hit in plain:
            assert hit.snippet.text.startswith("比特币与以太坊")
            assert (hit.title.marks, hit.snippet.marks, hit.why.evidence) == ((), (), ())
    assert {NO_RELATED, NO_CORRECTION, no_snippets(10)} <= seen


def test_a_shortened_answer_is_not_kept(over: Searcher) -> None:
    """The same request gets the whole answer when there is time for it."""
    for looks in range(1, 120):
        try:
            short = over.search(request("比特币 以太坊", budget=after(looks)))
        except BudgetSpent:
            continue
        if short.shortened:
            break
    assert short.shortened
    assert not over.search(request("比特币 以太坊")).shortened


def test_a_file_has_all_rows(over: Searcher) -> None:
    """A budget that ends while a file is written costs snippets, never rows."""
    whole = [hit.id for hits in over.pages_of_hits(request("比特币")) for hit in hits]
    kinds: set[bool] = set()
    for looks in range(1, 60):
        unread = Searcher(over.snapshot)  # one that has shown a hit shows it again at no cost
        try:
            hits = [
                h
                for page in unread.pages_of_hits(request("比特币", budget=after(looks)))
                for h in page
            ]
        except BudgetSpent:
            assert not kinds
            continue
        assert [hit.id for hit in hits] == whole
        kinds |= {hit.plain for hit in hits}
    assert kinds == {True, False}


def test_other_questions_end_in_time(over: Searcher) -> None:
    """Comparisons and topics end; the explanation of nothing found says that it is not complete."""
    with pytest.raises(BudgetSpent):
        compare_queries(over, ["比特币", "以太坊"], request(budget=after(3)))
    with pytest.raises(BudgetSpent):
        topic_view(over, LEXICON.concepts[3], request(budget=after(3)))

    nothing = request("甲一 AND 乙二 AND 丙三 AND 比特币")
    assert explain_zero(over, nothing).complete
    assert explain_zero(over, replace(nothing, budget=after(1))) == ZeroResults(complete=False)
