"""From the address of a feed to its article on the page, as the owner of a small site does it."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.browser import browser
from tests.support.feed_server import feed_server
from tests.support.servers import serving
from tests.support.terminal import Terminal, terminal

__all__ = ["browser", "terminal"]

MINUTE = 60_000
"""In milliseconds: the most that it may take."""


def _reloaded_until(page: Page, text: str) -> None:
    """Reload the page until it has this text."""
    for _ in range(120):
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(MINUTE / 120)
        page.reload()
    raise AssertionError(f"{text} did not come")


def test_from_the_feed_to_the_page(browser: Browser, terminal: Terminal) -> None:
    """Added on the command line, served with --fetch: within a minute the article is found and
    read, and the page of sources says how the feed does."""
    terminal.run("index", "rebuild", str(terminal.news))
    with feed_server() as feeds:
        url = f"http://127.0.0.1:{feeds.port}/plain"
        terminal.run("feeds", "add", url, "--name", "测试报", "--allow-private")
        with serving(terminal.root, "--fetch") as server:
            page = browser.new_page()
            page.goto(f"{server.address}/search?q=来源：测试报")
            _reloaded_until(page, "新闻 1")
            page.goto(f"{server.address}/sources")
            row = page.locator("table.feeds tr", has_text="测试报")
            # The second where the day ended in Shanghai in between.
            expect(row).to_contain_text(re.compile("今天 [20] 篇"))
            expect(row.get_by_role("img")).to_have_attribute(
                "aria-label", re.compile("^近 14 天每天：(?:0、){12}(?:0、2|2、0)$")
            )
            page.close()
    assert len(list(Path("articles/测试报").rglob("*.md"))) == 2
