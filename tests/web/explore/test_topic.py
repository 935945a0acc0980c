"""The page of a concept: every name of it leads there, and its figures equal those of the search."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from index.lexicon.model import Concept, Lexicon
from search.explore.topic import TopicView, related_concepts, similar_names, topic_view
from tests.support.articles import NOON
from tests.support.tiny_search import LEXICON as SMALL
from tests.support.tiny_search import article, request, searcher
from tests.support.visitors import NOW, Markup, Visitor, index_of, visitor_of


def names(concepts: list[Concept]) -> list[str]:
    return [concept.name for concept in concepts]


ALIASES = [
    pytest.param("Metaverse", "元宇宙", id="alias"),
    pytest.param("metaverse", "元宇宙", id="case"),
    pytest.param("dc/ep", "数字人民币", id="slash"),
    pytest.param("數字人民幣", "数字人民币", id="traditional"),
    pytest.param("ＵＳＤＴ", "泰达币", id="full width"),
]


@pytest.mark.parametrize(("typed", "name"), ALIASES)
def test_every_name_leads_to_the_page(visitor: Visitor, typed: str, name: str) -> None:
    """One page for each concept, under every name."""
    answer = visitor.get(f"/topic/{typed}")

    assert answer.status_code == 302
    shown = visitor.page(answer.headers["Location"], now=NOW)
    assert f"<h1>{name}</h1>" in shown


def test_a_topic_label_leads_to_its_articles(visitor: Visitor) -> None:
    """支付 is a topic and no concept: its address leads to the filtered search."""
    answer = visitor.get("/topic/支付")

    assert answer.status_code == 302
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"topic": ["支付"]}


def test_what_it_is_also_called_and_what_is_near(visitor: Visitor) -> None:
    """Names that articles have are text, related concepts are links, in both directions."""
    page = Markup(visitor.page("/topic/元宇宙", now=NOW))
    money = Markup(visitor.page("/topic/数字人民币", now=NOW))
    other = Markup(visitor.page("/topic/区块链", now=NOW))

    assert "也叫：e-CNY、DC/EP" in money.texts
    assert not any("也叫" in text for text in page.texts)
    assert page.link("区块链").startswith("/topic/")
    assert other.link("元宇宙").startswith("/topic/")


def test_numbers_are_what_their_links_find(visitor: Visitor) -> None:
    """Each number with a link equals the total of the linked search."""
    page = visitor.page("/topic/中国人民银行", now=NOW)
    rows = re.findall(
        r'<a href="([^"]*)"><span class="value">[^<]*</span> <span class="number">(\d+)<', page
    )
    totals = re.findall(r'<a href="([^"]*)">(?:只提到它的 )?(\d+) 篇', page)

    assert totals
    assert rows
    for href, count in (*rows, *totals):
        found = visitor.page(href.replace("&amp;", "&"))
        assert f"找到 <strong>{count}</strong> 条结果" in found


def test_those_that_only_mention_it_are_behind_a_link(tmp_path: Path) -> None:
    """The page shows articles about it; the link finds exactly the others."""
    lines = [("元宇宙", "一"), ("天气", "谈到元宇宙"), ("下雨", "谈到元宇宙"), ("下雪", "很大")]
    articles = [article(f"a{at}", title, text) for at, (title, text) in enumerate(lines)]
    visitor = visitor_of(index_of(tmp_path / "index", articles))
    page = visitor.page("/topic/元宇宙", now=NOW)
    rest = visitor.page(Markup(page).link("只提到它的 2 篇"))

    assert re.findall(r"<h3><a[^>]*>([^<]*)<", page) == ["元宇宙"]
    assert "找到 <strong>2</strong> 条结果" in rest
    assert Markup(page).link("与…比较").startswith("/compare?q=")


def test_a_concept_does_not_co_occur_with_itself(visitor: Visitor) -> None:
    """The list of co-occurring concepts leaves out the concept itself."""
    page = Markup(visitor.page("/topic/中国人民银行", now=NOW))

    assert "中国人民银行" not in [" ".join(text.split())[:-2] for text, _ in page.links]


def test_newest_first_and_reposts_folded(visitor: Visitor) -> None:
    """Articles are newest first; a repost is counted with the first article, and links to its
    story."""
    page = visitor.page("/topic/中国人民银行", now=NOW)
    titles = re.findall(r"<h3><a[^>]*>([^<]*)<", page)

    assert titles == ["央行重申：炒作虚拟货币要严查", "數字人民幣試點擴大到十七個省市"]
    assert Markup(page).link("另有 1 篇转载").startswith("/story/")


def test_articles_without_any_date_are_not_called_newest(tmp_path: Path) -> None:
    """Without a date nothing is newest: the page says so, and those about it most come first."""
    lines = [("一周见闻与元宇宙", "别的事。" * 40), ("元宇宙", "元宇宙是什么")]
    articles = [article(f"a{at}", title, text) for at, (title, text) in enumerate(lines)]
    page = visitor_of(index_of(tmp_path / "index", articles)).page("/topic/元宇宙", now=NOW)

    assert "最新报道" not in page
    assert "这些文章都没有日期，按相关度排列。" in page
    assert re.findall(r"<h3><a[^>]*>([^<]*)<", page)[0] == "元宇宙"
    assert "sort=newest" not in Markup(page).link("2 篇关于它")


def test_a_range_without_articles_says_so(visitor: Visitor) -> None:
    """Dates at which nothing was published lead back to those of any time."""
    page = Markup(visitor.page("/topic/元宇宙?from=2001-01-01&to=2001-12-31"))

    assert page.link("这段时间里没有；不限时间有 1 篇").startswith("/topic/")
    assert not any("都没有日期" in text for text in page.texts)


def test_what_is_counted_at_any_time_says_so(tmp_path: Path) -> None:
    """With a range, the page says which of its figures do not belong to it."""
    lines = [("元宇宙", "谈到区块链")] * 6 + [("天气", "很好")] * 24
    articles = [article(f"a{at}", title, text) for at, (title, text) in enumerate(lines)]
    visitor = visitor_of(index_of(tmp_path / "index", articles))
    pages = [visitor.page(f"/topic/元宇宙{dates}") for dates in ("", "?from=2001-01-01")]

    assert ["常一起出现" in page for page in pages] == [True, True]
    assert ["篇数不限时间" in page for page in pages] == [False, True]


def test_feeds_of_the_concept(visitor: Visitor) -> None:
    """Feeds of the same query in every format, under the path of the site."""
    page = Markup(visitor.page("/topic/元宇宙", now=NOW))

    assert parse_qs(urlsplit(page.link("RSS")).query) == {"q": ["关于：元宇宙"]}
    assert page.link("CSV").startswith("/search.csv?")
    assert [a["type"] for tag, a in page.tags if tag == "link" and a["rel"] == "alternate"] == [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
    ]


def test_under_a_path(tiny_root: Path) -> None:
    """Every link begins with the path of `public_url`."""
    mounted = visitor_of(tiny_root, public_url="https://example.com/news")
    page = Markup(mounted.page("/topic/元宇宙", now=NOW))

    inner = [href for _, href in page.links if href.startswith("/")]
    assert inner
    assert all(href.startswith("/news/") for href in inner)


def test_a_bar_is_the_search_of_its_days(tmp_path: Path) -> None:
    """Each day is a bar that links to its search; undated articles are counted in words."""
    articles = [
        article("a", "元宇宙", "一", published=NOON),
        article("b", "元宇宙", "二", published=NOON + timedelta(days=2)),
        article("c", "元宇宙", "三"),
    ]
    visitor = visitor_of(index_of(tmp_path / "index", articles))
    text = visitor.page("/topic/元宇宙", now=NOW)
    bar = Markup(text).link("2022年9月5日：1 篇")

    assert parse_qs(urlsplit(bar).query) == {
        "q": ["关于：元宇宙"],
        "from": ["2022-09-05"],
        "to": ["2022-09-05"],
    }
    assert "图中 2 / 3 篇" in text
    undated = Markup(text).link("1 篇日期不详")
    assert parse_qs(urlsplit(undated).query) == {"q": ["关于：元宇宙"], "date": ["unknown"]}
    assert "近 30 天 2 篇，此前 30 天 0 篇" in text


def test_a_concept_nobody_wrote_about(visitor: Visitor) -> None:
    """The page says that no article mentions it."""
    page = visitor.page("/topic/泰达币", now=NOW)

    assert "还没有文章提到它。" in page
    assert "<svg" not in page


def test_an_unknown_concept(visitor: Visitor) -> None:
    """A 404 that offers similar names and a search for the text."""
    page = Markup(visitor.page("/topic/元宇宙学", 404))

    assert "没有“元宇宙学”的专题页。" in page.texts
    assert page.link("元宇宙").startswith("/topic/")
    assert page.link("搜索“元宇宙学”").startswith("/search?")


def test_no_markup_comes_in_by_the_name(visitor: Visitor) -> None:
    """The name in the address is escaped."""
    page = visitor.page("/topic/<script>alert(1)</script>", 404)

    assert "<script>alert" not in page


def test_not_modified(visitor: Visitor) -> None:
    """An unchanged page is a 304."""
    first = visitor.get("/topic/元宇宙")
    again = visitor.get("/topic/元宇宙", {"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_no_articles_of_ours_where_they_are_off(tiny_root: Path) -> None:
    """With article pages off, titles link to the original, or to nothing."""
    page = visitor_of(tiny_root, article_page="off").page("/topic/元宇宙", now=NOW)

    assert "/article/" not in page
    assert 'href="https://news.example.com/2022/yuan"' in page


NEAR = [
    pytest.param("元宇宙概念", ["元宇宙"], id="contains a name"),
    pytest.param("Uniswap", ["Uniswap V3"], id="part of a name"),
    pytest.param("Etherium", ["以太坊"], id="slip"),
    pytest.param("毫不相干", [], id="nothing"),
    pytest.param("", [], id="empty"),
    pytest.param("元宇宙" * 50, [], id="no name is so long"),
]


@pytest.mark.parametrize(("typed", "expected"), NEAR)
def test_near_concepts(typed: str, expected: list[str]) -> None:
    """Names that contain the text, are part of it, or differ by a slip."""
    found = names(similar_names(SMALL, typed))

    assert found[:1] == expected


def test_related_both_ways() -> None:
    """Concepts that it names come before those that name it; each once."""
    one, two, three = (
        Concept("一", related=("二",)),
        Concept("二", related=("一",)),
        Concept("三", related=("二",)),
    )
    lexicon = Lexicon((one, two, three))

    assert names(related_concepts(lexicon, two)) == ["一", "三"]


def topic_of(lines: list[tuple[str, str]], name: str) -> TopicView:
    over = searcher(*(article(str(at), title, text) for at, (title, text) in enumerate(lines)))
    return topic_view(over, SMALL.by_form[name], request())


DULL = [("", "天气")] * 30
ABOUT_BITCOIN = [("比特币", "V神 以太坊 NFT")] * 3 + [("比特币", "以太坊")] * 2


def test_associated_are_those_that_its_articles_mention_more_than_others() -> None:
    """Each kind by itself, those with most articles first, with their articles."""
    view = topic_of([*ABOUT_BITCOIN, *DULL], "比特币")

    assert [(c.name, n) for c, n, _ in view.people] == [("V神", 3)]
    assert [(c.name, n) for c, n, _ in view.concepts] == [("以太坊", 5), ("NFT", 3)]
    assert view.people[0][2] == "关于：比特币 提到：V神"


FLOORS = [
    pytest.param([*ABOUT_BITCOIN, *[("", "V神")] * 20, *DULL], id="as often without it"),
    pytest.param([*ABOUT_BITCOIN[1:], *DULL], id="too few"),
    pytest.param([*ABOUT_BITCOIN, *[("", "比特币 蚂蚁集团")] * 9, *DULL], id="only in mentions"),
]


@pytest.mark.parametrize("lines", FLOORS)
def test_a_floor(lines: list[tuple[str, str]]) -> None:
    """No one is listed who is mentioned everywhere, by chance, or where it is only mentioned."""
    view = topic_of(lines, "比特币")

    assert "蚂蚁集团" not in [c.name for c, _, _ in view.organisations]
    if len(lines) != 44:
        assert view.people == ()


def test_articles_about_it_before_those_that_mention_it() -> None:
    """Only where no article is about it, those that mention it are shown."""
    both = topic_of([("比特币", "一"), ("天气", "谈到比特币")], "比特币")
    mentions = topic_of([("天气", "谈到比特币"), ("下雨", "谈到比特币")], "比特币")

    assert (both.shown, both.answer.total, both.scent.mention) == ("about", 1, 2)
    assert (mentions.shown, mentions.answer.total) == ("mention", 2)
