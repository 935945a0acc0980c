"""Pages and cursors give every article exactly once, for any request."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from index.article import Article
from search.request import MAX_WINDOW, Order
from search.response import Hit, SearchResponse
from search.searcher import Searcher
from tests.conftest import whoosh_engine
from tests.support.tiny_search import NOW, article, ask, fill, ids, searcher

SORTS: tuple[Order, ...] = ("relevance", "newest", "oldest", "reposts")
MANY = MAX_WINDOW + 230
STORIES = 25
REPOST = (
    "央行在北京召开会议，谈到元宇宙，要求各家银行和支付机构切断虚拟货币交易的资金链路，第{}号。"
)


def _article(number: int) -> Article:
    """Every sixth article belongs to one of a few stories, some of which cross the window's
    border."""
    text = "元宇宙" * (number % 4 + 1) + "，银行。"
    if number % 6 == 0:
        story = number // 6 % STORIES
        text = "元宇宙" * (story % 5) + REPOST.format(story)
    return article(
        f"a{number:04}",
        "元宇宙" if number % 4 else "游戏",
        text,
        published=None if number % 7 == 3 else NOW - timedelta(hours=number * 13 % 9_000),
    )


ARTICLES = {each.id: each for each in map(_article, range(MANY))}


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    """More articles than the window holds, all matching 元宇宙."""
    engine = whoosh_engine(tmp_path_factory.mktemp("many"))
    return Searcher(fill(engine, ARTICLES.values()).open())


def by_pages(over: Searcher, **options: Any) -> Iterator[SearchResponse]:
    """All pages by number, then by cursor."""
    page = 1
    response = ask(over, "元宇宙", page=page, **options)
    yield response
    while page < response.pages:
        page += 1
        response = ask(over, "元宇宙", page=page, **options)
        yield response
    yield from by_cursor(over, response.cursor, **options)


def by_cursor(over: Searcher, cursor: str | None, **options: Any) -> Iterator[SearchResponse]:
    while cursor:
        response = ask(over, "元宇宙", cursor=cursor, **options)
        yield response
        cursor = response.cursor


def hits(responses: Iterator[SearchResponse]) -> list[Hit]:
    return [hit for response in responses for hit in response.hits]


@pytest.mark.slow
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("per_page", [100, 77])
def test_unfolded(many: Searcher, sort: Order, per_page: int) -> None:
    """Pages and then cursors give every article once."""
    seen = [hit.id for hit in hits(by_pages(many, sort=sort, per_page=per_page, fold=False))]
    assert len(seen) == len(set(seen)) == MANY
    assert set(seen) == set(ARTICLES)


@pytest.mark.parametrize("sort", SORTS)
def test_folded(many: Searcher, sort: Order) -> None:
    """Every article is shown once or counted in its story."""
    seen = hits(by_pages(many, sort=sort, per_page=100))
    shown = [hit.id for hit in seen]
    assert len(shown) == len(set(shown)) < MANY
    assert sum(hit.story.size for hit in seen) == MANY


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("fold", [True, False])
def test_cursors_from_the_first_page(many: Searcher, sort: Order, fold: bool) -> None:
    """Cursors alone give the same articles as page numbers."""
    options: dict[str, Any] = {"sort": sort, "fold": fold, "per_page": 100}
    first = ask(many, "元宇宙", **options)
    rest = hits(by_cursor(many, first.cursor, **options))
    assert [hit.id for hit in (*first.hits, *rest)] == [
        hit.id for hit in hits(by_pages(many, **options))
    ]


@pytest.mark.parametrize("sort", SORTS)
def test_heads(many: Searcher, sort: Order) -> None:
    """A story shows its earliest matching article and counts all that match."""
    stories: dict[str, list[Article]] = {}
    for each in ARTICLES.values():
        stories.setdefault(each.body, []).append(each)
    told = [hit for hit in hits(by_pages(many, sort=sort, per_page=100)) if hit.story.size > 1]
    assert told
    for hit in told:
        members = stories[ARTICLES[hit.id].body]
        first = min(members, key=lambda m: (m.published is None, m.published or NOW, m.id))
        assert hit.id == first.id
        assert hit.story.size == len(members)


def test_newest_and_oldest(many: Searcher) -> None:
    """By date; undated articles are last in both orders."""
    for sort, sign in (("newest", -1), ("oldest", 1)):
        pages = by_pages(many, sort=sort, per_page=100, fold=False)
        times = [hit.published for hit in hits(pages)]
        dated = [time for time in times if time is not None]
        assert times[: len(dated)] == sorted(dated, key=lambda time: sign * time)
        assert len(dated) < MANY


def test_a_page_says_where_it_is(many: Searcher) -> None:
    """Totals count all articles, pages those of the window."""
    response = ask(many, "元宇宙", per_page=100, page=2, fold=False)
    assert (response.total, response.pages, response.page) == (MANY, MAX_WINDOW // 100, 2)
    assert response.folded == 0


def test_folded_counts_the_page() -> None:
    """`folded` counts what this page hides."""
    repost = REPOST.format(1)
    over = searcher(*(article(name, "", repost) for name in "abc"), article("d", "", "元宇宙。"))
    response = ask(over, "元宇宙")
    assert (response.total, response.folded) == (4, 2)
    assert ask(over, "元宇宙", fold=False).folded == 0


def test_only_matching_articles_count_for_a_story() -> None:
    """With a filter, the head is the earliest article that passes it."""
    repost = REPOST.format(1)
    over = searcher(
        article("first", "", repost, source="链上观察", published=NOW - timedelta(days=2)),
        article("second", "", repost, source="转载网", published=NOW - timedelta(days=1)),
        article("third", "", repost, source="转载网", published=NOW),
    )
    (hit,) = ask(over, "元宇宙 来源:转载网").hits
    assert (hit.id, hit.story.size) == ("second", 2)


def test_beyond_the_last_page() -> None:
    """A page past the last is empty and has no cursor."""
    response = ask(searcher(article("a", "元宇宙")), "元宇宙", page=3)
    assert ids(response) == []
    assert response.cursor is None
    assert (response.total, response.pages) == (1, 1)


def test_no_articles() -> None:
    """Without matches there are no pages and no cursor."""
    response = ask(searcher(article("a", "元宇宙")), "银行")
    assert (response.total, response.pages, response.cursor) == (0, 0, None)
