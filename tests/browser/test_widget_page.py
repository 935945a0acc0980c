"""The page that generates the code of a widget, in real Chromium, with JavaScript and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESKTOP, PHONE, address, browser, compose, confirm

__all__ = ["address", "browser"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page that may write to the clipboard and records errors."""
    context = browser.new_context(viewport=DESKTOP)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def test_code_and_preview_follow_the_choices(page: Page, address: str) -> None:
    """Code, preview and address change with every choice."""
    page.goto(f"{address}/embed")
    code, widget = page.get_by_label("代码"), page.locator("yuansou-search")
    expect(widget.locator("li")).to_have_count(5)
    page.get_by_label("查询", exact=True).press_sequentially("数字人民币")
    expect(code).to_have_value(lines(address, ' query="数字人民币"'))
    page.get_by_label("条数").select_option("2")
    expect(code).to_have_value(lines(address, ' query="数字人民币" size="2"'))
    expect(widget.locator("li")).to_have_count(2)
    page.get_by_label("带搜索框").check()
    expect(widget.get_by_role("searchbox")).to_have_value("数字人民币")
    expect(page).to_have_url(
        f"{address}/embed?query={QUOTED}&sort=relevance&size=2&theme=auto&search-box=1"
    )

    page.reload()
    expect(code).to_have_value(lines(address, ' query="数字人民币" size="2" search-box'))


QUOTED = "%E6%95%B0%E5%AD%97%E4%BA%BA%E6%B0%91%E5%B8%81"


def lines(address: str, attributes: str) -> str:
    return (
        f'<script src="{address}/embed.js" defer></script>\n'
        f"<yuansou-search{attributes}></yuansou-search>"
    )


def test_letters_of_a_composition_are_no_query(page: Page, address: str) -> None:
    """The code waits until the candidate is confirmed."""
    page.goto(f"{address}/embed")
    page.get_by_label("查询", exact=True).focus()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    compose(page, "yuanyuzhou")
    page.wait_for_timeout(600)
    assert asked == []
    confirm(page, "元宇宙")

    expect(page.get_by_label("代码")).to_have_value(lines(address, ' query="元宇宙"'))


def test_copy(page: Page, address: str) -> None:
    """The button copies the code and confirms it."""
    page.goto(f"{address}/embed?query=元宇宙")
    page.get_by_role("button", name="复制代码").click()

    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == lines(address, ' query="元宇宙"')


def test_without_a_script(browser: Browser, address: str) -> None:
    """The form is submitted and the code shown; no button is shown that would need a script."""
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    opened = context.new_page()
    opened.goto(f"{address}/embed")
    opened.get_by_label("查询", exact=True).fill("元宇宙")
    opened.locator("#choices").get_by_label("配色").select_option("dark")
    opened.get_by_role("button", name="生成代码").click()

    expect(opened.get_by_label("代码")).to_have_value(
        lines(address, ' query="元宇宙" theme="dark"')
    )
    expect(opened.get_by_role("button", name="复制代码")).to_be_hidden()
    context.close()


def test_from_results_to_code_on_a_phone(browser: Browser, address: str) -> None:
    """Filtered results lead to a widget that shows the same."""
    context = browser.new_context(viewport=PHONE)
    opened = context.new_page()
    opened.goto(f"{address}/search?q=数字人民币&from=2025-01-01&to=2025-12-31&source=数币前沿")
    total = opened.locator(".count strong").inner_text()
    opened.locator(".count summary", has_text="导出").click()
    opened.locator("#main").get_by_role("link", name="放到自己的网页上").click()

    expect(opened.locator("yuansou-search [role=status]")).to_have_text(f"找到 {total} 条结果")
    assert "date:2025-01-01..2025-12-31" in opened.get_by_label("代码").input_value()
    assert opened.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
