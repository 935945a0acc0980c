"""The page of a story: the first publication, its reposts by time, and how their titles differ."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from index.article import Article
from index.build.builder import Builder
from index.engines.registry import open_engine
from index.settings import Settings
from index.takedowns import Takedowns
from search.explore.story import MAX_SHOWN_MEMBERS, differences, story_view
from tests.support.articles import NOON
from tests.support.tiny_search import article, ask, searcher
from tests.support.visitors import LEXICON, Markup, Visitor, index_of, visitor_of
from web.explore.story import lasting

TEXT = "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，及时识别炒作账户，保护老百姓的钱袋子。"


def told(name: str, title: str, hours: float | None, **values: str) -> Article:
    """An article of the one story, `hours` after noon."""
    published = None if hours is None else NOON + timedelta(hours=hours)
    return article(name, title, TEXT, published=published, **values)


STORY = (
    told("late", "央行重申严查炒作", 50, source="转载网", url="https://copy.example.com/1"),
    told("first", "央行重申：严查炒作", 0, source="财经日报", url="https://first.example.com/1"),
    told("same", "央行重申：严查炒作！", 3, source="快讯"),
)


@pytest.fixture
def address(tmp_path: Path) -> tuple[Path, str]:
    """The address of the page of a story that is alone in its index."""
    root = index_of(tmp_path / "index", STORY)
    story = visitor_of(root).search(q="央行")["hits"][0]["story"]["id"]
    return root, f"/story/{story}"


def test_first_then_reposts_in_time(address: tuple[Path, str]) -> None:
    """Each shows how much later it came."""
    page = visitor_of(address[0]).page(address[1])
    rows = re.findall(r'<li class="telling">(.*?)</li>', page, re.DOTALL)

    assert ["首发" in row for row in rows] == [True, False, False]
    assert [re.findall("晚 [^<]*", row) for row in rows] == [[], ["晚 3 小时"], ["晚 2 天"]]
    assert "共 3 篇，最早的在前。从首发到最后一篇历时 2 天。" in page


@pytest.mark.parametrize(
    ("hours", "known"),
    [
        pytest.param((-12, -12), False, id="one day"),
        pytest.param((-12, 2), False, id="a day, and a time of it"),
        pytest.param((-12, 12), True, id="a day and the next"),
        pytest.param((1, 1), False, id="one time"),
        pytest.param((1, 2), True, id="a time and a later one"),
        pytest.param((1, 2, None), False, id="a third without a date"),
        pytest.param((-12, -12, 72), False, id="two of one day, one much later"),
    ],
)
def test_the_page_says_who_was_first_where_the_results_do(
    tmp_path: Path, hours: tuple[float | None, ...], known: bool
) -> None:
    """Else neither: not in the list, nor above it."""
    articles = [told(f"n{at}", "央行重申", each) for at, each in enumerate(hours)]
    visitor = visitor_of(index_of(tmp_path / "index", articles))
    hit = visitor.search(q="央行")["hits"][0]
    page = visitor.page(f"/story/{hit['story']['id']}")

    assert bool(re.search(r"另有 \d+ 篇转载", visitor.page("/search?q=央行"))) == known
    assert ("首发" in page) == known
    assert ("历时" in page) == known
    assert bool(facts(page)) == known
    assert ("有的没有写明时间，先后不明" in page) != known


@pytest.mark.parametrize(
    ("removals", "status", "leads_to"),
    [
        pytest.param([["first"]], 301, "/story/same", id="its head"),
        pytest.param([["first"], ["same"]], 301, "/story/late", id="one after the other"),
        pytest.param([["first", "same", "late"]], 410, None, id="all"),
    ],
)
def test_a_story_whose_head_was_taken_down(
    tmp_path: Path, removals: list[list[str]], status: int, leads_to: str | None
) -> None:
    """Its address leads to the remaining articles of the story; without any, it is a 404."""
    root = index_of(tmp_path / "index", [*STORY, article("other", "别的", "别的事。")])
    builder = Builder(open_engine(Settings(index_dir=root)), LEXICON, Takedowns(root))
    for ids in removals:
        builder.remove(ids, "侵权")
    answer = visitor_of(root).get("/story/first")

    assert (answer.status_code, answer.headers.get("Location")) == (status, leads_to)


def facts(page: str) -> list[str]:
    found = re.search(r'<p class="figures">(.*?)</p>', page, re.DOTALL)
    return re.findall("<span>(.*?)</span>", found[1]) if found else []


def test_its_head_says_who_when_and_how_often(address: tuple[Path, str]) -> None:
    """The heading has the first title, the first source, the days, and the number of reposts."""
    page = visitor_of(address[0]).page(address[1])
    (heading,) = re.findall("<h1>(.*?)</h1>", page)

    assert heading == "央行重申：严查炒作"
    assert facts(page) == ["首发：财经日报", "2022-09-05 至 2022-09-07", "2 篇转载"]


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        pytest.param(
            [told("a", "甲", 0), told("b", "乙", 1)], ["2022-09-05", "1 篇转载"], id="day"
        ),
        pytest.param([told("a", "甲", None), told("b", "乙", None)], [], id="undated"),
        pytest.param([told("a", "甲", 0, source="快讯")], ["快讯", "2022-09-05"], id="alone"),
    ],
)
def test_what_is_not_known_is_left_out(
    tmp_path: Path, articles: list[Article], said: list[str]
) -> None:
    """Without dates no source is called the first; without reposts none are counted."""
    visitor = visitor_of(index_of(tmp_path / "index", articles))
    assert facts(visitor.page("/story/a")) == said


def test_a_story_keeps_its_old_addresses() -> None:
    """The ids of its other articles lead to the story too."""
    snapshot = searcher(*STORY).snapshot
    views = [story_view(snapshot, one.id) for one in STORY]
    assert [view and (view.id, view.total) for view in views] == [("first", 3)] * 3


def test_links_to_our_pages_and_to_the_originals(address: tuple[Path, str]) -> None:
    """Each article has both links, if both exist."""
    page = visitor_of(address[0]).page(address[1])

    assert 'href="/article/first"' in page
    assert 'href="https://copy.example.com/1"' in page


def test_only_originals_where_ours_are_off(address: tuple[Path, str]) -> None:
    """With article pages off, only originals are linked and no text is shown."""
    page = visitor_of(address[0], article_page="off").page(address[1])

    assert "/article/" not in page
    assert "钱袋子" not in page
    assert Markup(page).link("央行重申：严查炒作") == "https://first.example.com/1"


def test_new_characters_in_a_title_are_marked(address: tuple[Path, str]) -> None:
    """Characters that the first title lacks are marked, with one legend above."""
    page = visitor_of(address[0]).page(address[1])

    assert "央行重申：严查炒作<mark>！</mark>" in page
    assert "标题里标出的是与第一篇不同的字。" in page


def test_a_story_of_one(visitor: Visitor) -> None:
    """A story of one article says that it has no reposts."""
    story = visitor.search(q="白皮书")["hits"][0]["story"]["id"]
    page = visitor.page(f"/story/{story}")

    assert "只有这一篇，没有转载。" in page
    assert page.count('class="telling"') == 1


@pytest.mark.parametrize("name", ["nobody", "<script>", "a/b"])
def test_an_unknown_story(visitor: Visitor, name: str) -> None:
    """An id that no article has is a 404."""
    page = visitor.page(f"/story/{name}", 404)

    assert "没有这个报道，它的文章可能已被移除。" in page
    assert "<script>" not in page


def test_who_was_first_by_its_own_text(tmp_path: Path) -> None:
    """Without a source, the first publication is that of the outlet its text names."""
    lead = "中国证券网讯（记者 张三）"
    first = article("first", "央行重申", lead + TEXT, published=NOON)
    page = visitor_of(index_of(tmp_path, [first, told("late", "央行重申", 3)])).page("/story/first")
    rows = page.split('<li class="telling">')[1:]

    assert facts(page)[0] == "首发：中国证券网"
    assert ["文中来源：中国证券网" in row for row in rows] == [True, False]


def test_not_modified(address: tuple[Path, str]) -> None:
    """An unchanged page is a 304."""
    visitor = visitor_of(address[0])
    first = visitor.get(address[1])

    assert visitor.get(address[1], {"If-None-Match": first.headers["ETag"]}).status_code == 304


ESTIMATED = (("early", -40), ("later", 9))


def test_no_first_publication_without_dates(tmp_path: Path) -> None:
    """If no article has a date, none is called the first."""
    undated = [told("a", "甲", None), told("b", "乙", None)]
    page = visitor_of(index_of(tmp_path / "index", undated)).page("/story/a")

    assert "共 2 篇，都没有写明日期，先后不明。" in page
    assert "首发" not in page


def test_an_estimate_says_nothing_of_who_was_first(tmp_path: Path) -> None:
    """Given dates come before estimates, and nobody was first where an estimate is earlier."""
    early, later = (replace(told(name, name, at), date_origin="file") for name, at in ESTIMATED)
    given = told("given", "给出日期", 3)
    page = visitor_of(index_of(tmp_path / "some", [later, given])).page("/story/later")
    rows = page.split('<li class="telling">')[1:]
    assert ["首发" in row for row in rows] == [True, False]
    assert "给出日期" in rows[0]
    assert ["推算" in row for row in rows] == [False, True]
    assert "晚 " not in page
    assert "共 2 篇，最早的在前，日期推算的在后。" in page

    page = visitor_of(index_of(tmp_path / "all", [early, later, given])).page("/story/later")
    rows = page.split('<li class="telling">')[1:]
    assert "给出日期" in rows[0]
    assert "共 3 篇，有的日期是推算的，先后不明。" in page
    assert "首发" not in page
    assert facts(page) == []

    page = visitor_of(index_of(tmp_path / "none", [early, later])).page("/story/early")
    assert "共 2 篇，都没有写明日期，先后不明。" in page
    assert "首发" not in page
    assert facts(page) == []


def test_a_story_of_hundreds_is_cut_and_says_so(tmp_path: Path) -> None:
    """The earliest articles are shown."""
    articles = [told(f"n{at:03}", "央行重申", at / 60) for at in range(MAX_SHOWN_MEMBERS + 3)]
    visitor = visitor_of(index_of(tmp_path / "index", articles))
    story = visitor.search(q="央行")["hits"][0]["story"]["id"]
    page = visitor.page(f"/story/{story}")

    assert page.count('class="telling"') == MAX_SHOWN_MEMBERS
    assert "还有 3 篇更晚的转载没有列出。" in page
    assert "历时" not in page  # until the last of those that are shown
    assert facts(page) == ["2022-09-05 起", "202 篇转载"]


def test_a_story_without_dates_has_no_delays() -> None:
    """Without dates, no article shows how much later it came."""
    over = searcher(told("a", "甲", None), told("b", "乙", None))
    story = ask(over, "央行").hits[0].story.id

    view = story_view(over.snapshot, story)

    assert view
    assert [each.later for each in (view.first, *view.others)] == [None, None]
    assert view.span is None


TITLES = [
    pytest.param("央行发声", "央行发声", (), id="same"),
    pytest.param("數字人民幣ＡＰＰ", "数字人民币app", (), id="width, case and script"),
    pytest.param("央行发声", "转载：央行发声", ((0, 3),), id="before"),
    pytest.param("央行发声", "央行昨日发声", ((2, 4),), id="within"),
    pytest.param("央行今日发声", "央行昨日发声", ((2, 3),), id="replaced"),
    pytest.param("央行今日发声", "央行发声", (), id="left out"),
    pytest.param("央行今日发声", "一文读懂稳定币", None, id="another title"),
    pytest.param("", "央行发声", None, id="the first has none"),
]


@pytest.mark.parametrize(("first", "other", "expected"), TITLES)
def test_differences(first: str, other: str, expected: tuple[tuple[int, int], ...] | None) -> None:
    """Spans of the second title that the first one lacks."""
    assert differences(first, other) == expected


LENGTHS = [
    pytest.param(1, "1 分钟", id="seconds"),
    pytest.param(3_599, "59 分钟", id="minutes"),
    pytest.param(3_600, "1 小时", id="an hour"),
    pytest.param(86_399, "23 小时", id="hours"),
    pytest.param(86_400 * 3, "3 天", id="days"),
]


@pytest.mark.parametrize(("seconds", "said"), LENGTHS)
def test_lengths_of_time(visitor: Visitor, seconds: int, said: str) -> None:
    """A duration is given in its largest unit."""
    with visitor.client.application.test_request_context():
        assert lasting(seconds) == said
