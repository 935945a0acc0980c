"""A result row becomes a hit: stored fields, marked title, snippet."""

from datetime import timedelta

from search.response import Story
from search.results.collapsing import ResultRow
from search.results.explanation import Explainer
from search.results.hits import hits_of
from tests.support.tiny_search import NOW, article, ask, ids, marker_of, searcher, shown

SECONDS = int(NOW.timestamp())
FULL = article(
    "full",
    "數字人民幣（e-CNY）試點",
    "數字人民幣在試點。",
    url="https://bank.example.com/ecny",
    source="财经日报",
    author="林小满",
    categories=("数字货币", "资讯"),
    published=NOW,
)
BARE = article("bare", "", "数字人民币。")


def test_fields() -> None:
    """A hit has the fields of a page of results, in the original script."""
    (hit,) = ask(searcher(FULL), "数字人民币").hits
    assert (hit.id, hit.url) == ("full", "https://bank.example.com/ecny")
    assert (hit.source, hit.author) == ("财经日报", "林小满")
    assert hit.categories == ("数字货币", "资讯")
    assert hit.topics == ("数字人民币",)
    assert (hit.published, hit.indexed_at) == (SECONDS, 0)
    assert shown(hit.title) == "[數字人民幣]（[e-CNY]）試點"
    assert shown(hit.snippet) == "[數字人民幣]在試點。"
    assert hit.story.size == 1


def test_what_an_article_lacks() -> None:
    """Missing title, source, author, date or categories are empty and no error."""
    (hit,) = ask(searcher(BARE), "数字人民币").hits
    assert (hit.url, hit.source, hit.author, hit.published) == (None, None, None, None)
    assert hit.categories == ()
    assert shown(hit.title) == ""


def test_an_article_without_text() -> None:
    """An article without text has an empty snippet."""
    (hit,) = ask(searcher(article("title", "元宇宙")), "元宇宙").hits
    assert shown(hit.title) == "[元宇宙]"
    assert shown(hit.snippet) == ""


def test_the_order_of_the_rows() -> None:
    """Hits are in the order of the rows, whatever the order of the stored fields."""
    over = searcher(FULL, BARE)
    matches = over.snapshot.match(marker_of("数字人民币").plan.query, limit=9).matches
    for lines in (matches, matches[::-1]):
        hits = hits_of(
            over.snapshot,
            [ResultRow(match) for match in lines],
            marker_of(""),
            Explainer(marker_of("").plan),
        )
        assert [hit.id for hit in hits] == [match.id for match in lines]


def test_the_story_of_a_row() -> None:
    """A hit has the number of matching articles of its story."""
    text = (
        "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户。"
    )
    copies = [
        article(name, "", text, published=NOW + timedelta(hours=at))
        for at, name in enumerate(("first", "second", "third"))
    ]
    response = ask(searcher(*copies), "虚拟货币")
    (hit,) = response.hits
    assert hit.id == "first"
    assert hit.story == Story(hit.story.id, 3, first_known=True)
    assert response.folded == 2
    assert response.total == 3


def test_marks_of_a_title_without_a_query() -> None:
    """Without a query nothing is marked."""
    response = ask(searcher(FULL, BARE))
    assert ids(response) == ["full", "bare"]
    assert not any(hit.title.marks or hit.snippet.marks for hit in response.hits)
