"""What the script adds to the page, in real Chromium: suggestions, shortcuts, input methods,
colours, filters."""

import gzip
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_pages import PAGES
from tests.support.browser import DESKTOP, PHONE, RULES, address, browser, compose, confirm

__all__ = ["address", "browser"]

MAX_WEIGHT = 60_000
"""Bytes of the results page with its style and scripts, gzipped."""


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


def asked(page: Page) -> str:
    """The query in the address."""
    return parse_qs(urlsplit(page.url).query)["q"][0]


def test_choose_a_suggestion_by_keyboard(page: Page, address: str) -> None:
    """Down puts it in the box and announces it; Enter searches it."""
    page.goto(address)
    box = page.get_by_role("combobox", name="搜索词")
    box.press_sequentially("区块")
    expect(box).to_have_attribute("aria-expanded", "true")
    first = page.locator("#suggestions li").first
    text = first.get_attribute("data-value")
    box.press("ArrowDown")

    expect(first).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", first.get_attribute("id") or "")
    expect(box).to_have_value(text or "")
    box.press("Enter")
    page.wait_for_url("**/search?*")
    assert asked(page) == text


def test_choose_a_suggestion_by_pointer(page: Page, address: str) -> None:
    """A click searches it."""
    page.goto(address)
    page.get_by_role("combobox", name="搜索词").press_sequentially("元宇")
    page.locator("#suggestions li").first.click()

    page.wait_for_url("**/search?*")
    assert asked(page).startswith("元宇")


def test_a_title_opens_its_article(page: Page, address: str) -> None:
    """By keyboard as by pointer; what is no title is searched."""
    page.goto(address)
    box = page.get_by_role("combobox", name="搜索词")
    box.press_sequentially("数字人民币")
    title = page.locator("#suggestions li", has_text="标题").first
    text = title.get_attribute("data-value") or ""
    title.click()

    page.wait_for_url("**/article/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_the_second_word_is_completed(page: Page, address: str) -> None:
    """By what occurs beside the first."""
    page.goto(address)
    page.get_by_role("combobox", name="搜索词").press_sequentially("数字人民币 试")
    page.locator("#suggestions li", has_text="数字人民币 试点").first.click()

    page.wait_for_url("**/search?*")
    assert asked(page) == "数字人民币 试点"
    expect(page.locator(".hit").first).to_be_visible()


def test_leave_the_suggestions(page: Page, address: str) -> None:
    """Up from the first restores what was typed; Esc closes the list, a second Esc empties the
    box."""
    page.goto(address)
    box = page.get_by_role("combobox", name="搜索词")
    box.press_sequentially("区块")
    expect(page.locator("#suggestions li").first).to_be_visible()
    box.press("ArrowDown")
    box.press("ArrowUp")
    expect(box).to_have_value("区块")
    box.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box).to_have_value("区块")
    box.press("Escape")
    expect(box).to_have_value("")


def test_enter_while_composing_never_searches(page: Page, address: str) -> None:
    """It confirms a candidate; the next Enter searches."""
    page.goto(address)
    box = page.get_by_role("combobox", name="搜索词")
    box.focus()
    compose(page, "yuanyuzhou")
    confirm(page, "元宇宙")
    expect(box).to_have_value("元宇宙")
    page.wait_for_timeout(300)
    assert urlsplit(page.url).path == "/"

    box.press("Enter")
    page.wait_for_url("**/search?*")
    assert asked(page) == "元宇宙"


def test_suggestions_follow_the_end_of_a_composition(page: Page, address: str) -> None:
    """Also if the composition did not change the text."""
    page.goto(address)
    page.get_by_role("combobox", name="搜索词").focus()
    compose(page, "区块")
    confirm(page, "区块")

    expect(page.locator("#suggestions li").first).to_be_visible()


def test_letters_of_a_composition_are_no_keys(page: Page, address: str) -> None:
    """j during a composition does not move the focus."""
    page.goto(f"{address}/search?q=区块链")
    box = page.get_by_role("combobox", name="搜索词")
    box.focus()
    compose(page, "j")

    expect(box).to_be_focused()


def test_keys(page: Page, address: str) -> None:
    """j and k move between hits, / focuses the box, ? shows the shortcuts, Esc closes them."""
    page.goto(f"{address}/search?q=区块链")
    titles = page.locator(".hit h2 a")
    page.keyboard.press("j")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(titles.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(titles.nth(0)).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="搜索词")).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("combobox", name="搜索词")).to_have_value("j")


def test_enter_opens_the_hit(page: Page, address: str) -> None:
    """An article can be reached by keyboard alone."""
    page.goto(f"{address}/search?q=元宇宙")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_url("**/article/**")
    expect(page.locator("#match")).to_be_in_viewport()


def test_colours_stay(page: Page, address: str) -> None:
    """The chosen colours stay on the next page; the system's can be restored."""
    background = "getComputedStyle(document.body).backgroundColor"
    page.goto(address)
    light = page.evaluate(background)
    page.get_by_label("配色").select_option("dark")
    dark = page.evaluate(background)
    page.goto(f"{address}/help")

    assert page.evaluate(background) == dark != light
    page.get_by_label("配色").select_option("auto")
    assert page.evaluate(background) == light


@pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])
def test_the_sheet_on_a_phone(browser: Browser, address: str, scripted: bool) -> None:
    """筛选 opens the facets, a value filters, its chip removes it; no script is needed."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripted)
    opened = context.new_page()
    opened.goto(f"{address}/search?q=区块链")
    sheet = opened.locator("#facets")
    expect(sheet).to_be_hidden()
    opened.get_by_role("button", name="筛选").click()
    expect(sheet).to_be_visible()
    value = sheet.locator("li a").first
    count = value.locator(".number").inner_text()
    value.click()
    expect(opened.locator(".count strong")).to_have_text(count)
    opened.locator(".chosen a").first.click()
    expect(opened.locator(".chosen")).to_have_count(0)
    context.close()


def test_filters_are_combined_and_removed_one_by_one(page: Page, address: str) -> None:
    """Two facets give two chips; each is removed alone, and counts follow the other."""
    page.goto(f"{address}/search?q=区块链")
    all_of_them = page.locator(".count strong").inner_text()
    for label in ("来源", "话题"):
        page.locator(".filters .facet", has_text=label).first.locator("li a").first.click()
    expect(page.locator(".chosen a:not(.clear)")).to_have_count(2)
    on = page.locator(".filters a.on")
    expect(on).to_have_count(2)
    on.first.click()
    expect(page.locator(".chosen a:not(.clear)")).to_have_count(1)
    page.locator(".filters a.on").first.click()

    expect(page.locator(".chosen")).to_have_count(0)
    expect(page.locator(".count strong")).to_have_text(all_of_them)


@pytest.mark.parametrize("path", [*PAGES, "/search?q=区块链&topic=区块链"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing(
    browser: Browser, address: str, path: str, scheme: str, size: dict[str, int]
) -> None:
    """WCAG 2.2 AA, and what axe calls best practice."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    opened = context.new_page()
    opened.goto(address + path)
    found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": RULES}})
    context.close()

    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


def test_the_results_page_is_light(page: Page, address: str) -> None:
    """The compressed page without images is within its limit."""
    bodies: list[bytes] = []
    page.on("response", lambda answer: bodies.append(answer.body()))
    page.goto(f"{address}/search?q=区块链&per_page=10")
    page.wait_for_load_state("networkidle")

    assert sum(len(gzip.compress(body)) for body in bodies) < MAX_WEIGHT


def test_the_first_paint_waits_for_no_large_script(page: Page, address: str) -> None:
    """The only script that is not deferred sets the colours."""
    page.goto(f"{address}/search?q=区块链")
    blocking = page.locator("head script:not([defer]):not([type])")

    expect(blocking).to_have_count(1)
    answer = page.request.get(address + (blocking.get_attribute("src") or ""))
    assert len(answer.body()) < 1_000
