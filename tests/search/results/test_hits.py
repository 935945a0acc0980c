"""A result row becomes a hit: stored fields, marked title, snippet."""

from datetime import timedelta

from search.response import Story
from search.results.collapsing import ResultRow
from search.results.explanation import Explainer
from search.results.hits import hit_cache, hits_of
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
            hit_cache(),
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


def test_a_hit_of_an_earlier_answer() -> None:
    """The next page, a filter or another time shows the same of an article, in its own row."""
    over = searcher(FULL, BARE)
    first, then = (ask(over, "数字人民币", now=NOW + timedelta(days=at)) for at in (0, 90))
    both = list(zip(first.hits, then.hits, strict=True))
    assert len(both) == 2
    assert all(one.title is other.title for one, other in both)
    assert [one.why.evidence for one, _ in both] == [other.why.evidence for _, other in both]
    fresh = {hit.id: hit for hit in then.hits}["full"]
    old = {hit.id: hit for hit in first.hits}["full"]
    assert (old.why.freshness, fresh.why.freshness) == (0.05, 0.0354)
    assert old.score > fresh.score


def test_another_query_shows_its_own() -> None:
    """Queries that differ in what they mark or call a word share no hit."""
    over = searcher(FULL, BARE)
    shown_of = {q: ask(over, q).hits[0] for q in ("数字人民币", "e-CNY", "數字人民幣", "试点")}
    assert shown(shown_of["试点"].title) == "數字人民幣（e-CNY）[試點]"
    words = {q: hit.why.evidence[0].word for q, hit in shown_of.items()}
    assert words == {q: q for q in shown_of}
