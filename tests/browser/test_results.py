"""The results page in real Chromium: what opens in place, filters, keys, edges, small screens, print."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import DESKTOP, PHONE, RULES, address, browser

__all__ = ["address", "browser"]

SMALL_PHONE = {"width": 375, "height": 740}
QUERY = "/search?q=区块链"
NARROW = {"width": 1000, "height": 800}
"""A window too narrow for a third column."""
BOTH = pytest.mark.parametrize("scripted", [True, False], ids=["script", "no script"])


@contextmanager
def visited(
    browser: Browser, url: str, size: dict[str, int] = DESKTOP, *, scripted: bool = True
) -> Iterator[Page]:
    """A page in a window of this size; with a script, no error may be reported."""
    context = browser.new_context(viewport=size, java_script_enabled=scripted)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(url)
    yield page
    context.close()
    assert complaints == []


def top(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["y"]


def left(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["x"]


def focused(page: Page, wanted: str) -> bool:
    return bool(page.evaluate("wanted => document.activeElement.matches(wanted)", wanted))


# ---- What opens in place ----


@BOTH
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "what",
    [
        pytest.param(".actions > details:not(.menu) > summary", id="why"),
        pytest.param(".cite summary", id="citation"),
        pytest.param(".actions .menu > summary", id="source"),
        pytest.param(".count .menu > summary >> nth=0", id="feeds"),
        pytest.param(".count .menu > summary >> nth=1", id="export"),
    ],
)
def test_what_opens_keeps_its_place(
    browser: Browser, address: str, what: str, size: dict[str, int], scripted: bool
) -> None:
    """Neither what was clicked nor anything else moves; a second click in the same place closes."""
    with visited(browser, address + QUERY, size, scripted=scripted) as page:
        summary, content = page.locator(what).first, page.locator(".card[open] > :not(summary)")
        summary.scroll_into_view_if_needed()
        before = [summary.bounding_box(), page.locator(".hit").nth(1).bounding_box()]
        box = before[0] or {}
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.click(*middle)
        expect(content).to_have_count(1)
        expect(content).to_be_visible()
        after = [summary.bounding_box(), page.locator(".hit").nth(1).bounding_box()]
        page.mouse.click(*middle)
        expect(content).to_have_count(0)

    assert before == after


def test_one_menu_at_a_time(browser: Browser, address: str) -> None:
    """Opening another, a click elsewhere and Esc close it; Esc gives the focus back."""
    with visited(browser, address + QUERY) as page:
        opened = page.locator(".card[open]")
        why = page.locator(".actions > details > summary").first
        why.click()
        page.locator(".count summary").first.click()
        expect(opened).to_have_count(1)
        page.locator(".snippet").last.click()
        expect(opened).to_have_count(0)
        why.focus()
        page.keyboard.press("Enter")
        expect(opened).to_have_count(1)
        page.keyboard.press("Escape")
        expect(opened).to_have_count(0)
        expect(why).to_be_focused()


def test_a_citation_is_copied_at_once(browser: Browser, address: str) -> None:
    """One click copies and says so; other forms are in the menu; nothing moves."""
    with visited(browser, address + QUERY) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        cite = page.locator(".hit .cite").first
        beside = cite.locator("summary").bounding_box()
        cite.get_by_role("button", name="复制引用").click()
        expect(cite.locator("> button")).to_have_text("已复制")
        expect(page.locator("#said")).to_have_text("已复制")
        assert cite.locator("summary").bounding_box() == beside
        plain = page.evaluate("navigator.clipboard.readText()")
        cite.locator("summary").click()
        assert cite.get_by_label("纯文本", exact=True).input_value() == plain
        for form in ("Markdown", "GB/T 7714"):
            cite.get_by_role("button", name=f"复制：{form}").click()
            field = cite.get_by_label(form, exact=True)
            assert page.evaluate("navigator.clipboard.readText()") == field.input_value()
        expect(cite.locator("> button")).to_have_text("复制引用")


def test_a_citation_without_a_clipboard(browser: Browser, address: str) -> None:
    """Where the browser gives none (plain http), the old way copies, and the text is marked."""
    with visited(browser, address + QUERY) as page:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
        page.locator(".hit .cite > button").first.click()
        field = page.locator(".hit .cite input").first
        expect(field).to_be_visible()
        chosen = "document.activeElement.value.slice(document.activeElement.selectionStart)"
        assert page.evaluate(chosen) == field.input_value()


def test_a_citation_without_a_script(browser: Browser, address: str) -> None:
    """复制引用 opens the forms, which can be marked and copied by hand."""
    with visited(browser, address + QUERY, scripted=False) as page:
        cite = page.locator(".hit .cite").first
        expect(cite.locator("> button")).to_be_hidden()
        cite.get_by_text("复制引用").last.click()
        expect(cite.get_by_label("GB/T 7714", exact=True)).to_be_visible()
        expect(cite.locator("dl button").first).to_be_hidden()


def test_similar_articles_open_in_place(browser: Browser, address: str) -> None:
    """The list of the article's page appears below the hit, and closes again."""
    with visited(browser, address + QUERY) as page:
        link = page.locator("a.to-similar").first
        place = page.locator(".hit").first.locator(".similar-here")
        before = top(link)
        link.click()
        expect(place.locator("li a").first).to_be_visible()
        expect(link).to_have_attribute("aria-expanded", "true")
        assert top(link) == before
        titles = place.locator("li a").all_inner_texts()
        link.click()
        expect(place).to_be_hidden()
        page.goto(f"{address}{urlsplit(link.get_attribute('href') or '').path}")
        assert page.locator("#similar li a").all_inner_texts() == titles


def test_similar_articles_without_a_script(browser: Browser, address: str) -> None:
    """A plain link to the list on the article's page."""
    with visited(browser, address + QUERY, scripted=False) as page:
        page.locator("a.to-similar").first.click()
        expect(page.locator("#similar")).to_be_in_viewport()


# ---- Keys ----


@BOTH
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    "wanted", [pytest.param("#first-hit", id="hit"), pytest.param(".facets *", id="filters")]
)
def test_ten_stops_to_hits_and_filters(
    browser: Browser, address: str, wanted: str, size: dict[str, int], scripted: bool
) -> None:
    """Tab, and Enter on the link that skips there."""
    with visited(browser, address + QUERY, size, scripted=scripted) as page:
        skips = {"#first-hit": ".skip[href='#first-hit']", ".facets *": ".to-filters, .to-facets"}
        for _ in range(10):
            page.keyboard.press("Tab")
            if focused(page, skips[wanted]):
                page.keyboard.press("Enter")
            if focused(page, wanted):
                return
    raise AssertionError(f"{wanted} is more than ten stops away")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_f_leads_to_the_filters(browser: Browser, address: str, size: dict[str, int]) -> None:
    """The first filter has the focus; on a phone the sheet opens. The list of keys says so."""
    with visited(browser, address + QUERY, size) as page:
        page.keyboard.press("f")
        expect(page.locator("#filters summary").first).to_be_focused()
        expect(page.locator("#filters")).to_be_visible()
    with visited(browser, address + QUERY) as page:
        page.keyboard.press("?")
        expect(page.get_by_role("dialog").locator("div", has_text="到筛选")).to_contain_text("f")


# ---- A phone ----


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(QUERY, id="one word"),
        pytest.param("/search?q=数字人民币 试点", id="other names and partial matches"),
        pytest.param("/search?q=区块链&topic=区块链&sort=newest", id="a filter"),
        pytest.param("/search", id="all"),
    ],
)
@BOTH
def test_the_first_hit_is_in_the_upper_half(
    browser: Browser, address: str, path: str, scripted: bool
) -> None:
    with visited(browser, address + path, SMALL_PHONE, scripted=scripted) as page:
        assert top(page.locator(".hit h2").first) < SMALL_PHONE["height"] / 2


def test_the_options_take_two_lines(browser: Browser, address: str) -> None:
    """On a desktop, with the number of articles at each time; the links of the concept and of the
    page's feed stand once each."""
    with visited(browser, address + QUERY) as page:
        tops = page.locator(".bar .options").evaluate_all(
            "all => all.map(e => Math.round(e.getBoundingClientRect().top))"
        )
        assert len(set(tops)) == 2
        expect(page.get_by_text("订阅", exact=True)).to_have_count(1)


def test_several_filters_in_one_visit_to_the_sheet(browser: Browser, address: str) -> None:
    """The sheet stays open, where it was, while values are chosen; hits, counts and address follow;
    完成 closes it; the way back leads to the results as they were."""
    with visited(browser, address + QUERY, PHONE) as page:
        page.get_by_role("button", name="筛选").click()
        sheet = page.locator("#facets")
        for label, name in (("来源", "source"), ("话题", "topic")):
            facet = sheet.locator(".filters .facet", has_text=label).first
            value = facet.locator("li a").first
            text, count = (
                value.locator(".value").inner_text(),
                value.locator(".number").inner_text(),
            )
            value.click()
            page.wait_for_url(f"**{name}=**")
            expect(sheet).to_be_visible()
            expect(page.locator(".count strong")).to_have_text(count)
            expect(facet.locator("a.on .value")).to_have_text(text)
            expect(facet.locator("a.on")).to_be_focused()
        sheet.get_by_role("button", name="完成").click()
        expect(sheet).to_be_hidden()
        expect(page.locator(".chosen a:not(.clear)")).to_have_count(2)
        page.go_back()
        expect(page.locator(".chosen")).to_have_count(0)
        assert parse_qs(urlsplit(page.url).query).keys() == {"q"}


# ---- Edges ----


@pytest.mark.parametrize("size", [DESKTOP, NARROW, PHONE], ids=["desktop", "narrow", "phone"])
def test_one_left_edge(browser: Browser, address: str, size: dict[str, int]) -> None:
    """The count, hits and, beside filters, the search box begin at one edge."""
    with visited(browser, address + QUERY, size) as page:
        edges = {round(left(page.locator(each).first)) for each in (".count p", ".hit h2 a")}
        if size != PHONE:
            edges.add(round(left(page.locator(".search input[type=search]"))))
            edges.add(round(left(page.locator(".bar .options").first)))
        else:
            edges.add(round(left(page.locator(".brand"))))
    assert len(edges) == 1


def test_time_is_on_the_right_of_a_wide_window(browser: Browser, address: str) -> None:
    """From 1280 pixels; in a narrower one it is below the filters."""
    with visited(browser, address + QUERY) as page:
        hits = page.locator(".hits").bounding_box() or {}
        assert left(page.locator(".rail .timeline")) > hits["x"] + hits["width"]
        assert left(page.locator("#filters")) < hits["x"]
    with visited(browser, address + QUERY, NARROW) as page:
        assert left(page.locator(".rail")) == left(page.locator("#filters"))
        assert top(page.locator("#filters")) < top(page.locator(".rail"))


def test_a_card_of_the_concept_in_a_wide_window(browser: Browser, address: str) -> None:
    """Its other names are read once: beside the hits from 1280 pixels, else above them."""
    for size in (DESKTOP, NARROW, PHONE):
        with visited(browser, address + QUERY, size) as page:
            names = page.get_by_text("也搜了：").filter(visible=True)
            expect(names).to_have_count(1)
            in_card = page.locator(".topic-card").is_visible()
            assert in_card == (size == DESKTOP)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_are_tinted_only(browser: Browser, address: str, scheme: str) -> None:
    """A mark has the weight and colour of the text around it, and a background of its own; no title
    has the red of bars and buttons."""
    style = "e => {const s = getComputedStyle(e); return [s.color, s.fontWeight]}"
    back = "e => getComputedStyle(e).backgroundColor"
    context = browser.new_context(viewport=DESKTOP, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + QUERY)
    reds = {
        page.locator(".search button").evaluate(back),
        page.locator(".one").first.evaluate("e => getComputedStyle(e).fill"),
    }
    for mark in [*page.locator(".hit h2 mark").all()[:3], *page.locator(".snippet mark").all()[:3]]:
        around = mark.locator("xpath=..")
        assert mark.evaluate(style) == around.evaluate(style)
        assert mark.evaluate(back) not in ("rgba(0, 0, 0, 0)", *reds)
        assert mark.evaluate(style)[0] not in reds
    context.close()


# ---- Sources ----


@BOTH
def test_a_source_is_left_out(browser: Browser, address: str, scripted: bool) -> None:
    """不看这个来源 is in the address; a chip says so and leads back."""
    with visited(browser, address + QUERY, scripted=scripted) as page:
        hit = page.locator(".hit").first
        source = hit.get_attribute("data-source")
        hit.locator(".menu summary").click()
        hit.get_by_role("link", name="不看这个来源").click()
        assert parse_qs(urlsplit(page.url).query)["source"] == [f"-{source}"]
        expect(page.locator(".chosen")).to_contain_text(f"不含 {source}")
        sources = page.locator(".hit").evaluate_all("all => all.map(e => e.dataset.source)")
        assert sources
        assert source not in sources
        page.locator(".chosen a").first.click()
        expect(page.locator(".chosen")).to_have_count(0)


def test_a_source_is_seen_less(browser: Browser, address: str) -> None:
    """Its hits become one line, here and on the next page of results, until its name is clicked."""
    with visited(browser, address + QUERY) as page:
        hit = page.locator(".hit").first
        source = hit.get_attribute("data-source") or ""
        hit.locator(".menu summary").click()
        hit.get_by_role("button", name="少看这个来源").click()
        expect(hit.locator(".snippet")).to_be_hidden()
        expect(hit.locator("h2 a")).to_be_visible()
        page.goto(f"{address}/search?q=元宇宙")
        back = page.get_by_role("button", name=f"照常看：{source}")
        expect(back).to_be_visible()
        for each in page.locator(".hit").all():
            less = each.get_attribute("data-source") == source
            expect(each.locator(".actions")).to_be_visible(visible=not less)
        back.click()
        expect(page.locator(".less-note")).to_have_count(0)
        expect(page.locator(".hit.less")).to_have_count(0)


# ---- Subscribing, exporting, printing, axe ----


def test_feeds_and_export_stand_beside_the_count(browser: Browser, address: str) -> None:
    """On one line; the table is the strict set, and the one with partial matches is named so."""
    with visited(browser, address + "/search?q=数字人民币 试点&fold=0") as page:
        lines = {round(top(each)) for each in page.locator(".count > *").all()}
        assert max(lines) - min(lines) <= 3
        feeds, export = page.locator(".count .menu").all()
        assert feeds.locator("a").all_text_contents() == ["RSS", "Atom", "JSON Feed"]
        hrefs = [a.get_attribute("href") or "" for a in export.locator("a").all()]
        assert "partial" not in hrefs[0]
        rows = page.request.get(address + hrefs[0]).text().strip().count("\r\n")
        assert page.locator(".count strong").inner_text() == str(rows)
        if page.locator(".partial").count():
            assert "partial=1" in hrefs[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_feed_is_readable(
    browser: Browser, address: str, size: dict[str, int], scheme: str
) -> None:
    """Opened from the menu, it is a page with its address and entries; axe finds nothing."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + QUERY)
    page.locator(".count summary").first.click()
    page.get_by_role("link", name="Atom").click()
    expect(page.get_by_label("订阅源的地址")).to_have_value(page.url)
    expect(page.locator(".hit h2 a").first).to_be_visible()
    expect(page.locator(".snippet mark").first).to_have_text("区块链")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []
    context.close()


def test_print_has_hits_only(browser: Browser, address: str) -> None:
    """No filters, buttons, menus or box; titles and snippets stay."""
    with visited(browser, address + QUERY) as page:
        page.emulate_media(media="print")
        for gone in (
            ".facets",
            "#filters",
            ".rail",
            ".bar",
            ".actions",
            ".card",
            ".search",
            ".pages",
        ):
            for each in page.locator(gone).all():
                expect(each).to_be_hidden()
        assert [b for b in page.locator("button").all() if b.is_visible()] == []
        expect(page.locator(".hit h2").first).to_be_visible()
        expect(page.locator(".snippet").first).to_be_visible()
        assert left(page.locator(".hit").first) < 40


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_what_opens(
    browser: Browser, address: str, size: dict[str, int], scheme: str
) -> None:
    """Each menu, similar articles, sources seen less, and the open sheet."""
    context = browser.new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    page.goto(address + QUERY)

    def violations(part: str = "html") -> list[tuple[str, str]]:
        found = Axe().run(page, part, {"runOnly": {"type": "tag", "values": RULES}})
        return [(v["id"], v["nodes"][0]["failureSummary"]) for v in found.response["violations"]]

    for menu in [
        *page.locator(".hit:first-child details").all(),
        page.locator(".count .menu").last,
    ]:
        menu.locator("summary").click()
        assert violations(".card[open]") == []
        page.keyboard.press("Escape")
    page.locator("a.to-similar").first.click()
    expect(page.locator(".similar-here li").first).to_be_visible()
    assert violations() == []
    page.locator(".hit .menu summary").last.click()
    page.locator(".card[open] button").click()
    assert violations() == []
    if size == PHONE:
        page.get_by_role("button", name="筛选").click()
        assert violations("#facets") == []
    context.close()
