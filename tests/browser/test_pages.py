"""The pages in a real browser, over a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PHONE, address, browser

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
    link = page.locator(".facet li a").first
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


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_never_scrolls_sideways(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    """Every page fits 390 pixels."""
    context = browser.new_context(viewport=PHONE, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(address + path)

    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_nothing_is_asked_of_another_host(page: Page, address: str) -> None:
    """Results and articles load no font, image or script from elsewhere."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/search?q=元宇宙")
    page.locator(".hit h2 a").first.click()

    assert [url for url in asked if not url.startswith(address)] == []


def test_the_keyboard_reaches_the_first_hit(page: Page, address: str) -> None:
    """The skip link comes first; then one Tab reaches the main content."""
    page.goto(f"{address}/search?q=元宇宙")
    page.keyboard.press("Tab")

    expect(page.locator(".skip")).to_be_focused()


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
