"""Topics, stories, comparisons and sources in real Chromium: charts, keyboard, phones, axe."""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.screenshots import STORY, story_path
from tests.support.browser import DESKTOP, PHONE, address, browser

__all__ = ["address", "browser"]

TOPIC = "/topic/数字人民币"
COMPARE = "/compare?q=比特币&q=以太坊"
FOUR = "/compare?q=元宇宙&q=数字人民币&q=NFT&q=稳定币"
PAGES = [TOPIC, "/topic/元宇宙学", COMPARE, FOUR, "/compare", "/sources", STORY, "/story/none"]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A desktop page that records errors."""
    context = browser.new_context(viewport=DESKTOP)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def asked(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def tab_to_chart(page: Page) -> None:
    """Presses Tab until a bar has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.chart a')"):
            return
    raise AssertionError("the chart cannot be reached by keyboard")


def test_a_bar_narrows_the_search_to_its_articles(page: Page, address: str) -> None:
    """Pointing at a bar shows the number; a click finds as many articles."""
    page.goto(address + TOPIC)
    bar = page.locator(".chart a").first
    reading = bar.locator(".tip")
    expect(reading).to_have_css("opacity", "0")
    bar.locator(".area").hover()
    expect(reading).to_have_css("opacity", "1")
    count = (reading.text_content() or "").split("：")[1].split()[0]
    bar.locator(".area").click()

    expect(page.locator(".count strong")).to_have_text(count)
    assert {"q", "from", "to"} <= asked(page).keys()


def test_the_chart_is_one_stop_and_arrows_go_along_it(page: Page, address: str) -> None:
    """The newest bar has the focus first; Left, Home and End move; Tab leaves; Enter follows."""
    page.goto(address + TOPIC)
    tab_to_chart(page)
    bars = page.locator(".chart a")
    expect(bars.last).to_be_focused()
    expect(bars.last.locator(".tip")).to_have_css("opacity", "1")
    page.keyboard.press("ArrowLeft")
    expect(bars.nth(bars.count() - 2)).to_be_focused()
    page.keyboard.press("Home")
    expect(bars.first).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(bars.first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".chart a:focus")).to_have_count(0)
    page.keyboard.press("Shift+Tab")
    expect(bars.first).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/search?*")


def test_without_a_script_every_bar_is_a_stop(browser: Browser, address: str) -> None:
    """Without JavaScript bars are links, the table opens, and its links are large enough to touch."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address + TOPIC)
    bars = opened.locator(".chart a")
    tab_to_chart(opened)
    expect(bars.first).to_be_focused()
    for _ in range(bars.count() - 1):
        opened.keyboard.press("Tab")
    expect(bars.last).to_be_focused()
    opened.get_by_text("以表格查看").click()
    links = opened.locator(".numbers tbody a")

    assert links.count() == bars.count()
    assert all((link.bounding_box() or {})["height"] >= 24 for link in links.all())
    links.first.click()
    assert {"q", "from", "to"} <= asked(opened).keys()
    context.close()


def test_compare_from_an_empty_form(page: Page, address: str) -> None:
    """Two words are typed; the chart has both; a month is opened, and left again."""
    page.goto(f"{address}/compare")
    page.get_by_label("第 1 个查询").fill("比特币")
    page.get_by_label("第 2 个查询").fill("以太坊")
    page.keyboard.press("Enter")
    expect(page.locator(".side")).to_have_count(2)
    assert asked(page)["q"] == ["比特币", "以太坊"]
    page.locator(".chart a .area").first.click()
    expect(page.locator(".chosen a")).to_be_visible()
    assert asked(page)["q"] == ["比特币", "以太坊"]
    page.locator(".chosen a").click()

    expect(page.locator(".chosen")).to_have_count(0)


def test_columns_on_a_desktop_are_rows_on_a_phone(browser: Browser, address: str) -> None:
    """Queries are side by side on a desktop, and below each other on a phone."""
    tops = {}
    for name, size in (("desktop", DESKTOP), ("phone", PHONE)):
        context = browser.new_context(viewport=size)
        opened = context.new_page()
        opened.goto(address + COMPARE)
        boxes = [side.bounding_box() or {} for side in opened.locator(".side").all()]
        tops[name] = [box["y"] for box in boxes]
        context.close()

    assert tops["desktop"][0] == tops["desktop"][1]
    assert tops["phone"][0] < tops["phone"][1]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("size", "scheme"),
    [
        pytest.param(DESKTOP, "light", id="desktop, light"),
        pytest.param(PHONE, "dark", id="phone, dark"),
    ],
)
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, address: str, path: str, size: dict[str, int], scheme: str
) -> None:
    """WCAG 2.2 AA and best practice, with the table open; no page scrolls sideways."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(address + (story_path(address, "FTX") if path == STORY else path))
    for summary in opened.locator(".numbers summary").all():
        summary.click()
    width = opened.evaluate("document.documentElement.scrollWidth")
    found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": RULES}})
    context.close()

    assert width <= size["width"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("path", [FOUR, TOPIC])
def test_labels_under_a_chart_do_not_touch(
    browser: Browser, address: str, path: str, width: int
) -> None:
    """As they are drawn, with the fonts of this machine."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    opened = context.new_page()
    opened.goto(address + path)
    labels = opened.locator(".chart .axis text:not(.reach)").filter(visible=True)
    spans = labels.evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.left, b.right])"
    )
    context.close()

    assert len(spans) >= 2
    assert all(end + 3 < start for (_left, end), (start, _right) in pairwise(spans))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_bars_stand_out(browser: Browser, address: str, scheme: str) -> None:
    """WCAG 1.4.11: contrast of 3:1 for every series, in light and dark."""
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(address + FOUR)
    paper = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    strokes = opened.locator("polyline").evaluate_all(
        "all => all.map(e => getComputedStyle(e).stroke)"
    )
    opened.goto(address + TOPIC)
    fill = opened.locator(".one").first.evaluate("e => getComputedStyle(e).fill")
    context.close()

    assert len(set(strokes)) == 4
    assert all(contrast(color, paper) >= 3 for color in (*strokes, fill))


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two `rgb(…)` colours."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def drag_over_chart(page: Page, start: float, end: float) -> None:
    """Presses at one part of the chart's width, and lets go at another."""
    chart = page.locator(".timeline .chart").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box() or {}
    y = box["y"] + 80
    page.mouse.move(box["x"] + box["width"] * start, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 2, y)
    page.mouse.move(box["x"] + box["width"] * end, y)


RANGED = [
    pytest.param("/search?q=元宇宙", "/search", id="results"),
    pytest.param(TOPIC, "/topic/", id="topic"),
    pytest.param(COMPARE, "/compare", id="comparison"),
]


@pytest.mark.parametrize(("path", "stays"), RANGED)
def test_a_range_is_dragged_over_the_chart(page: Page, address: str, path: str, stays: str) -> None:
    """While it is dragged a band shows it and the fields say it; then the page is limited to it, and
    the chart keeps its axis, with the rest pale."""
    page.goto(address + path)
    caption = page.locator(".timeline figcaption").text_content()
    days = (page.locator(".timeline").get_attribute("data-days") or "").split()
    drag_over_chart(page, 0.9, 0.3)
    expect(page.locator(".chart .band")).to_be_attached()
    first = page.get_by_label("从", exact=True).input_value()
    last = page.get_by_label("到", exact=True).input_value()
    assert days[0] < first < last < days[-1]
    page.mouse.up()
    page.wait_for_url(f"**{stays}*from=*")

    assert (asked(page)["from"], asked(page)["to"]) == ([first], [last])
    expect(page.locator(".timeline figcaption")).to_have_text(caption or "")
    expect(page.locator(".chart .veil")).to_have_count(2)
    expect(page.get_by_label("从", exact=True)).to_have_value(first)


def test_a_click_on_a_bar_is_no_range(page: Page, address: str) -> None:
    """A pointer that hardly moves follows the link of the bar."""
    page.goto(address + TOPIC)
    box = page.locator(".chart a .area").first.bounding_box() or {}
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 2, box["y"] + 50)
    page.mouse.up()

    page.wait_for_url("**/search?*")


def test_a_range_without_a_script(browser: Browser, address: str) -> None:
    """The two fields and the button do the same."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address + COMPARE)
    opened.get_by_label("从", exact=True).fill("2022-09-06")
    opened.get_by_role("button", name="应用").click()

    assert asked(opened)["q"] == ["比特币", "以太坊"]
    expect(opened.locator(".chosen a")).to_contain_text("2022-09-06")
    opened.get_by_role("link", name="不限", exact=True).click()
    expect(opened.locator(".chosen")).to_have_count(0)
    context.close()


def test_shares_and_counts_are_switched(page: Page, address: str) -> None:
    """One click to shares of all articles of the same time, and one back."""
    page.goto(address + TOPIC)
    page.get_by_role("link", name="占同期全部文章").click()
    expect(page.locator(".timeline figcaption")).to_contain_text("占同期全部文章的比例")
    page.get_by_role("link", name="篇数", exact=True).click()
    expect(page.locator(".timeline figcaption")).to_contain_text("文章数")
