"""The pages in a real browser, over a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screenshots import story_path
from tests.support.browser import DESKTOP, address, browser

__all__ = ["address", "browser"]

LEFT = "net::ERR_ABORTED"
"""Of a request that was under way when the page was left, such as the one for its icon."""
PAGES = [
    "/",
    "/embed?query=元宇宙&search-box=1",
    "/api",
    "/search?q=元宇宙",
    "/search?q=“没有这句话”",
    "/help",
    "/nowhere",
]
MORE_PAGES = [
    "/search",
    "/search?q=数字人民币 试点&topic=数字人民币",
    "/search?q=区块链&page=2&sort=newest",
    "/search?q=区块链&page=99",
    "/search.rss?q=区块链",
    "/topic/数字人民币",
    "/compare",
    "/compare?q=比特币&q=以太坊",
    "/sources",
]
ARTICLE = "043_da3e7102c3b57f80.md"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page without JavaScript that records errors."""
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on(
        "requestfailed", lambda request: complaints.append(f"{request.failure} {request.url}")
    )
    yield opened
    context.close()
    assert [complaint for complaint in complaints if not complaint.startswith(LEFT)] == []


def test_type_a_query_and_read_an_article(page: Page, address: str) -> None:
    """The main job: search box, Enter, marked hits, an article scrolled to its match."""
    page.goto(address)
    page.get_by_role("searchbox").fill("元宇宙")
    page.keyboard.press("Enter")

    expect(page.locator(".hit").first).to_be_visible()
    expect(page.locator(".hit h2 mark").first).to_have_text("元宇宙")
    page.locator(".hit h2 a").first.click()
    expect(page.locator("#match")).to_be_in_viewport()
    page.get_by_role("link", name="返回").click()
    expect(page.locator(".hit").first).to_be_visible()


def test_a_facet_narrows_to_its_count(page: Page, address: str) -> None:
    """The number beside a value is the number of results; the filter can be removed."""
    page.goto(f"{address}/search?q=区块链")
    link = page.locator(".filters li a").first
    count = link.locator(".number").inner_text()
    link.click()

    expect(page.locator(".count strong")).to_have_text(count)
    page.locator(".chosen a").first.click()
    expect(page.locator(".chosen")).to_have_count(0)


def test_pages_and_order_are_links(page: Page, address: str) -> None:
    """Page numbers and sort orders are plain links."""
    page.goto(f"{address}/search?q=区块链")
    page.get_by_role("link", name="最新优先").click()
    page.get_by_role("link", name="下一页").click()

    assert "sort=newest" in page.url
    assert "page=2" in page.url
    expect(page.locator(".pages .on")).to_have_text("2")


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    """Every kind of page fits, also with its menus and tables open."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    opened = context.new_page()
    wider = {}
    kinds = [*PAGES, *MORE_PAGES, story_path(address, "FTX"), f"/article/{ARTICLE}?q=元宇宙"]
    for path in kinds:
        opened.goto(address + path)
        for summary in opened.locator("summary:visible").all()[:12]:
            if summary.is_visible():
                summary.click()
        wider[path] = opened.evaluate("document.documentElement.scrollWidth") - width
    context.close()

    assert {path: by for path, by in wider.items() if by > 0} == {}


def test_nothing_is_asked_of_another_host(page: Page, address: str) -> None:
    """Results and articles load no font, image or script from elsewhere."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/search?q=元宇宙")
    page.locator(".hit h2 a").first.click()

    assert [url for url in asked if not url.startswith(address)] == []


def test_the_keyboard_reaches_the_first_hit(page: Page, address: str) -> None:
    """The first of the skip links comes first."""
    page.goto(f"{address}/search?q=元宇宙")
    page.keyboard.press("Tab")

    expect(page.locator(".skip").first).to_be_focused()


def test_a_data_block_is_read_not_run(browser: Browser, address: str) -> None:
    """The content security policy allows the JSON-LD, and Chromium reports nothing."""
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{address}/search?q=元宇宙")
    page.locator(".hit h2 a").first.click()

    block = page.locator('script[type="application/ld+json"]')
    title = page.locator("h1").inner_text()
    data = page.evaluate("text => JSON.parse(text)", block.text_content())
    context.close()

    assert data["headline"] == title
    assert complaints == []
