"""The article page: the match in view, links to concepts, citations, similar articles."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PHONE, browser
from tests.support.seeds_site import seeds_index, serving
from tests.support.tiny_search import NOW, article
from tests.support.visitors import Markup, Visitor, index_of, visitor_of
from web.markup.sanitize import MAX_MARKUP

__all__ = ["browser"]

FILLER = [article(f"f{at}", f"杂谈{at}", f"院子里的花开了{at}朵。") for at in range(30)]
ARTICLES = [
    article(
        "a/1",
        "元宇宙矿机",
        "矿工说，元宇宙要用矿机。",
        published=NOW,
        source="链上观察",
        url="https://news.example.com/1",
    ),
    article(
        "b", "矿机与Metaverse", "矿工抢购矿机。", published=NOW, url="https://news.example.com/b"
    ),
    *FILLER,
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("articles"), ARTICLES)


@pytest.fixture(scope="module")
def visitor(root: Path) -> Visitor:
    return visitor_of(root)


def test_similar_as_json(visitor: Visitor) -> None:
    """The JSON has hits like those of a search, and the generation."""
    answer = visitor.json("/api/v1/similar/a/1")

    assert list(answer) == ["id", "hits", "index"]
    assert answer["id"] == "a/1"
    assert [hit["id"] for hit in answer["hits"]] == ["b"]
    assert list(answer["hits"][0]) == list(visitor.search(q="矿机")["hits"][0])


def test_similar_to_nothing(visitor: Visitor) -> None:
    """An unknown article is a 404 in the shape of errors; a parameter is a 400."""
    assert visitor.error("/api/v1/similar/nowhere", 404)["code"] == "article_not_found"
    assert visitor.error("/api/v1/similar/b", 400, limit="3")["param"] == "limit"


def test_similar_on_the_page(visitor: Visitor) -> None:
    """A list with source and date that links to our pages."""
    page = visitor.page("/article/a/1")
    assert "相似报道" in page
    assert "2022-09-15" in page
    assert Markup(page).link("矿机与Metaverse") == "/article/b"


def test_nothing_similar(visitor: Visitor) -> None:
    """Without similar articles there is no heading."""
    assert "相似报道" not in visitor.page("/article/f1")


@pytest.mark.parametrize("allowed", ["full", "excerpt"])
def test_citations(root: Path, allowed: str) -> None:
    """Three citation formats and the address, in fields that work without JavaScript."""
    page = visitor_of(root, article_page=allowed).page("/article/a/1")
    values = [attrs.get("value") or "" for tag, attrs in Markup(page).tags if tag == "input"][1:]

    assert "《元宇宙矿机》，链上观察，2022年9月15日，https://news.example.com/1" in values
    assert "[元宇宙矿机](https://news.example.com/1)，链上观察，2022-09-15" in values
    assert [
        value for value in values if value.startswith("元宇宙矿机[EB/OL]. 链上观察, (2022-09-15)[")
    ]
    assert values[-1] == "http://localhost/article/a/1"


@pytest.mark.parametrize(
    ("q", "end"),
    [
        pytest.param("矿机", "?q=%E7%9F%BF%E6%9C%BA#match", id="to the match"),
        pytest.param("花", "/article/a/1", id="no match"),
    ],
)
def test_permalink(visitor: Visitor, q: str, end: str) -> None:
    """The permalink repeats the query if the article matches it."""
    page = visitor.page("/article/a/1", q=q)
    values = [attrs.get("value") or "" for tag, attrs in Markup(page).tags if tag == "input"]
    assert values[-1].endswith(end)


def test_concepts_lead_to_their_pages(visitor: Visitor) -> None:
    """The first mention in the text is a link, under any name, and is marked if the query matches
    it."""
    page = visitor.page("/article/a/1", q="元宇宙")
    link = '<a class="concept" href="/topic/%E5%85%83%E5%AE%87%E5%AE%99">'
    assert page.count(link) == 1
    assert f'{link}<mark id="match">元宇宙</mark></a>' in page


def test_an_excerpt_has_no_links_in_it(root: Path) -> None:
    """An excerpt has no links to concepts; similar articles are listed all the same."""
    page = visitor_of(root, article_page="excerpt").page("/article/a/1")
    assert 'class="concept"' not in page
    assert "相似报道" in page


def test_no_page_where_they_are_off(root: Path) -> None:
    """With article pages off, only the JSON lists similar articles, with the originals' addresses."""
    visitor = visitor_of(root, article_page="off")
    visitor.page("/article/a/1", 404)
    (hit,) = visitor.json("/api/v1/similar/a/1")["hits"]
    assert hit["url"] == "https://news.example.com/b"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a server over the sample articles."""
    with serving(seeds_index().index_dir) as found:
        yield found


def opened(browser: Browser, address: str, *, phone: bool) -> Page:
    """The first article on 区块链, in a window of the given size."""
    page = browser.new_context(viewport=PHONE if phone else DESKTOP).new_page()
    page.goto(f"{address}/search?q=区块链")
    page.locator(".hit h2 a").first.click()
    return page


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_match_is_in_view(browser: Browser, address: str, phone: bool) -> None:
    """A link from the results opens at the matching sentence; no sideways scrolling."""
    page = opened(browser, address, phone=phone)
    expect(page.locator("#match")).to_be_in_viewport()
    width = (PHONE if phone else DESKTOP)["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_citing_by_keyboard(browser: Browser, address: str) -> None:
    """Enter opens the menu; its fields can be read and copied."""
    page = opened(browser, address, phone=False)
    page.locator(".cite summary").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("GB/T 7714", exact=True)
    expect(field).to_be_visible()
    assert "[EB/OL]" in field.input_value()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制：GB/T 7714").click()
    assert page.evaluate("navigator.clipboard.readText()") == field.input_value()


def test_from_article_to_article(browser: Browser, address: str) -> None:
    """A similar article is one click away, and so is the page of a concept."""
    page = opened(browser, address, phone=False)
    here = page.url
    page.locator(".similar a").first.click()
    assert page.url != here
    expect(page.locator("h1")).to_be_visible()
    page.go_back()
    page.locator("a.concept").first.click()
    assert "/topic/" in page.url


def test_an_article_names_its_story(tmp_path: Path) -> None:
    """The page names the first source and links to all articles of the story."""
    text = (
        "某银行今天宣布开通数字人民币跨境支付，首批十家企业参加试点，结算时间由三天缩短为几秒。" * 4
    )
    copies = [
        article(name, "跨境支付开通", text, published=NOW + timedelta(hours=at))
        for at, name in enumerate("abc")
    ]
    visitor = visitor_of(index_of(tmp_path, copies))
    assert '<a href="/story/a">另有 2 篇转载</a>' in visitor.page("/article/a")
    assert '<a href="/story/a">同一报道另有 2 篇</a>' in visitor.page("/article/b")


@pytest.mark.slow
def test_a_book_is_shown_as_its_beginning(tmp_path: Path) -> None:
    """A text too long to link and mark in time is cut, and the page says so."""
    text = "元宇宙。" + "院子里的花开了。\n" * (MAX_MARKUP // 8)
    book = article("book", "全书", text, url="https://a.example/book")
    page = visitor_of(index_of(tmp_path, [book])).page("/article/book", q="元宇宙")
    assert "<mark" in page
    assert "这里没有全部显示" in page
    assert Markup(page).link("全文在原处") == "https://a.example/book"
    answer = visitor_of(tmp_path).json("/api/v1/articles/book")["article"]
    assert answer["text"].count("花") == text.count("花") > answer["html"].count("花")
    assert not answer["html_whole"]


def test_a_source_is_named_once(tmp_path: Path) -> None:
    """Files of feeds that name no author have their source as one."""
    one = article("a", "甲", "一", source="链上观察", author="链上观察")
    page = visitor_of(index_of(tmp_path, [one])).page("/article/a")
    shown = page.partition('<p class="meta">')[2].partition("</p>")[0]
    assert shown.count("链上观察") == 1
