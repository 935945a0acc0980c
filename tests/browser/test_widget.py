"""`<yuansou-search>` in real Chromium, on pages of another origin under a strict policy."""

import base64
import hashlib
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from index.article import Article
from tests.browser.other_site import other_site, page, policy, running
from tests.support.articles import ARTICLES
from tests.support.browser import DESKTOP, RULES, WATCH, browser, compose, confirm
from tests.support.tiny_search import article
from tests.support.visitors import app_over, index_of

__all__ = ["browser"]

ASTRAL = article("astral", "😀𠀀👩🏽元宇宙之夜", "😀😀 说的是元宇宙。", source="表情报")
NARROW = {"width": 320, "height": 640}


@dataclass
class Host:
    """Opens pages of the other site that hold some markup; `complaints` are errors and violations."""

    browser: Browser
    site: str
    stack: ExitStack
    complaints: list[str] = field(default_factory=list)

    @property
    def script(self) -> str:
        return f'<script src="{self.site}/embed.js"></script>'

    def open(self, body: str, head: str | None = None, **context: Any) -> Page:
        files = {"/index.html": page(body, self.script if head is None else head)}
        address = self.stack.enter_context(other_site(files, policy(self.origin)))
        made = self.browser.new_context(**{"viewport": DESKTOP, **context})
        self.stack.callback(made.close)
        opened = made.new_page()
        opened.add_init_script(WATCH)
        opened.on("console", lambda message: self.complaints.append(message.text))
        opened.on("pageerror", lambda error: self.complaints.append(str(error)))
        opened.goto(f"{address}/index.html")
        return opened

    @property
    def origin(self) -> str:
        return "/".join(self.site.split("/")[:3])


def hits(page: Page) -> Locator:
    return page.locator("yuansou-search li")


def status(page: Page) -> Locator:
    return page.locator("yuansou-search [role=status]")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index: six articles, and one with emoji before the match."""
    return index_of(tmp_path_factory.mktemp("widget") / "index", [*ARTICLES, ASTRAL])


@pytest.fixture(scope="module")
def site(root: Path) -> Iterator[str]:
    """A site over this index."""
    with running(app_over(root)) as address:
        yield address


@pytest.fixture
def host_of(browser: Browser) -> Iterator[Callable[[str], Host]]:
    """Pages that embed a given site; only answers that are errors by design may cause complaints."""
    with ExitStack() as stack:
        hosts: list[Host] = []

        def make(address: str) -> Host:
            hosts.append(Host(browser, address, stack))
            return hosts[-1]

        yield make
        found = [text for host in hosts for text in host.complaints]
        assert [text for text in found if not text.startswith("Failed to load resource")] == []


@pytest.fixture
def host(host_of: Callable[[str], Host], site: str) -> Host:
    return host_of(site)


def test_an_estimated_date_is_marked(host_of: Callable[[str], Host], tmp_path: Path) -> None:
    """As on the site itself."""
    estimated = replace(ARTICLES[0], date_origin="address")
    with running(app_over(index_of(tmp_path / "index", [estimated]))) as address:
        opened = host_of(address).open('<yuansou-search query="元宇宙"></yuansou-search>')
        expect(hits(opened).first.locator(".meta")).to_contain_text("2022-09-05 推算")
        expect(hits(opened).first.locator("time")).to_have_attribute("datetime", "2022-09-05")


def test_results_on_a_page_of_another_origin(host: Host, site: str) -> None:
    """Hits with marks and links, the total, and a link to all results."""
    opened = host.open('<yuansou-search query="元宇宙 白皮书"></yuansou-search>')
    link = hits(opened).first.locator("a")

    expect(link).to_have_text("元宇宙白皮书发布")
    expect(link).to_have_attribute("href", f"{site}/article/yuan?q={QUOTED}#match")
    expect(link).to_have_attribute("rel", "noopener")
    expect(hits(opened).first.locator("time")).to_have_text("2022-09-05")
    assert hits(opened).first.locator(".title mark").all_inner_texts() == ["元宇宙", "白皮书"]
    expect(status(opened)).to_contain_text("条结果")
    every = opened.get_by_role("link", name="在元搜查看全部")
    expect(every).to_have_attribute("href", f"{site}/search?q={QUOTED}")
    assert host.complaints == []


QUOTED = "%E5%85%83%E5%AE%87%E5%AE%99+%E7%99%BD%E7%9A%AE%E4%B9%A6"


def test_it_leaves_no_trace(host: Host, site: str) -> None:
    """No cookie, no storage, no referrer, no request to other hosts."""
    opened = host.open("")
    asked: list[tuple[str, dict[str, str]]] = []
    opened.on("request", lambda request: asked.append((request.url, request.all_headers())))
    opened.evaluate("document.body.append(document.createElement('yuansou-search'))")
    expect(hits(opened).first).to_be_visible()

    assert [url.partition("?")[0] for url, _ in asked] == [f"{site}/api/v1/search"]
    assert not {"cookie", "referer", "authorization"} & set(asked[0][1])
    assert opened.context.cookies() == []
    assert opened.evaluate("localStorage.length + sessionStorage.length") == 0


ELEMENT = '<yuansou-search query="元宇宙"></yuansou-search>'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('<script src="{}"></script>', "", id="before"),
        pytest.param("", '<script src="{}"></script>', id="after"),
        pytest.param('<script src="{}" async></script>', "", id="async"),
        pytest.param('<script src="{}" defer></script>', "", id="defer"),
        pytest.param('<script src="{}" type="module"></script>', "", id="module"),
        pytest.param('<script src="{}"></script>', '<script src="{}"></script>', id="twice"),
        pytest.param('<script src="{}" crossorigin></script>', "", id="crossorigin"),
    ],
)
def test_however_the_script_is_loaded(host: Host, before: str, after: str) -> None:
    """It finds its site by its own address."""
    source = f"{host.site}/embed.js"
    opened = host.open(before.format(source) + ELEMENT + after.format(source), head="")

    expect(hits(opened).first).to_be_visible()
    assert host.complaints == []


def test_a_page_may_pin_the_script(host: Host) -> None:
    """Subresource integrity: a changed script does not run."""
    with urllib.request.urlopen(f"{host.site}/embed.js") as answer:
        digest = base64.b64encode(hashlib.sha384(answer.read()).digest()).decode()
    head = f'<script src="{host.site}/embed.js" integrity="sha384-{digest}" crossorigin></script>'
    opened = host.open(ELEMENT, head=head)

    expect(hits(opened).first).to_be_visible()


def test_several_on_a_page(host: Host) -> None:
    """Each has its own query, size and order; sources filter."""
    opened = host.open(
        '<yuansou-search query="元宇宙" size="1"></yuansou-search>'
        '<yuansou-search sort="oldest" size="3"></yuansou-search>'
        '<yuansou-search source="转载网"></yuansou-search>'
    )
    widgets = opened.locator("yuansou-search")

    expect(widgets.nth(0).locator("li")).to_have_count(1)
    expect(widgets.nth(1).locator("li")).to_have_count(3)
    expect(widgets.nth(1).locator(".title").first).to_have_text("元宇宙白皮书发布")
    expect(widgets.nth(2).locator("li")).to_have_count(2)


@pytest.mark.parametrize(
    ("size", "asked"), [("3", "3"), ("0", "1"), ("99", "20"), ("many", "5"), ("", "5")]
)
def test_sizes(host: Host, size: str, asked: str) -> None:
    """One to twenty hits; an invalid number gives five."""
    opened = host.open("")
    with opened.expect_request("**/api/v1/search?*") as request:
        opened.evaluate(
            "(size) => document.body.insertAdjacentElement('beforeend',"
            " Object.assign(document.createElement('yuansou-search'), {}))"
            ".setAttribute('size', size)",
            size,
        )

    assert f"per_page={asked}&" in request.value.url


@pytest.mark.parametrize(
    ("partial", "labelled"),
    [pytest.param("", 0, id="only with all words"), pytest.param(' partial="1"', 2, id="partial")],
)
def test_partial_matches(host: Host, partial: str, labelled: int) -> None:
    """Only where the page asks for them, each with what it lacks."""
    opened = host.open(f'<yuansou-search query="白皮书 元宇宙 银行"{partial}></yuansou-search>')
    expect(opened.get_by_role("status")).to_contain_text("没有找到")
    expect(hits(opened)).to_have_count(labelled)
    expect(opened.locator("yuansou-search li", has_text="缺少：")).to_have_count(labelled)


def test_it_follows_its_attributes(host: Host) -> None:
    """A changed attribute starts a search; several changed together start one."""
    opened = host.open(ELEMENT)
    expect(hits(opened).first.locator(".title")).to_have_text("元宇宙白皮书发布")
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    widget = opened.locator("yuansou-search")
    widget.evaluate(
        "w => { w.setAttribute('query', '虚拟货币'); w.setAttribute('sort', 'newest'); }"
    )
    expect(hits(opened).first.locator(".title")).to_contain_text("虚拟货币")

    assert len(asked) == 1
    widget.evaluate("w => w.setAttribute('search-box', '')")
    expect(opened.get_by_role("searchbox")).to_have_value("虚拟货币")
    widget.evaluate("w => w.removeAttribute('search-box')")
    expect(opened.get_by_role("searchbox")).to_have_count(0)


def test_a_search_that_is_overtaken_is_given_up(host: Host) -> None:
    """A late answer never replaces that of a later search."""
    opened = host.open(ELEMENT)
    expect(hits(opened).first).to_be_visible()
    held: list[Route] = []
    opened.route("**/api/v1/search?q=%E9%93%B6*", lambda route: held.extend([route]))
    widget = opened.locator("yuansou-search")
    with opened.expect_event("requestfailed") as failed:
        widget.evaluate("w => w.setAttribute('query', '银行')")
        expect(status(opened)).to_have_text("正在搜索…")
        widget.evaluate("w => w.setAttribute('query', 'Uniswap')")
    expect(hits(opened).first.locator(".title")).to_contain_text("Uniswap")

    assert failed.value.failure == "net::ERR_ABORTED"


def test_a_search_by_keyboard_alone(host: Host) -> None:
    """Tab to the box, Enter, Tab to the first hit; the host's policy forbids form submission."""
    opened = host.open("<yuansou-search search-box></yuansou-search>")
    box = opened.get_by_role("search").get_by_role("searchbox", name="搜索词")
    expect(box).to_be_visible()
    expect(hits(opened)).to_have_count(0)
    opened.keyboard.press("Tab")
    expect(box).to_be_focused()
    opened.keyboard.type("元宇宙")
    opened.keyboard.press("Enter")
    expect(hits(opened).first).to_be_visible()
    opened.keyboard.press("Tab")
    expect(opened.get_by_role("button", name="搜索")).to_be_focused()
    opened.keyboard.press("Tab")

    first = hits(opened).first.locator("a")
    expect(first).to_be_focused()
    assert first.evaluate("a => getComputedStyle(a).outlineStyle") == "solid"


def test_enter_while_composing_never_searches(host: Host) -> None:
    """It confirms a candidate; the next Enter searches."""
    opened = host.open("<yuansou-search search-box></yuansou-search>")
    asked: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    box = opened.get_by_role("searchbox")
    box.focus()
    compose(opened, "yuanyuzhou")
    confirm(opened, "元宇宙")
    expect(box).to_have_value("元宇宙")
    opened.wait_for_timeout(300)
    assert asked == []

    box.press("Enter")
    expect(hits(opened).first).to_be_visible()


def test_safari_tells_of_the_enter_after_the_composition(host: Host) -> None:
    """Safari sends that Enter with key code 229 after the composition; it must not search."""
    opened = host.open("<yuansou-search search-box></yuansou-search>")
    prevented = opened.get_by_role("searchbox").evaluate(
        "box => ['Enter', 'a'].map(key => !box.dispatchEvent("
        "new KeyboardEvent('keydown', { key, keyCode: 229, cancelable: true })))"
    )

    assert prevented == [True, False]


def test_nothing_found(host: Host) -> None:
    """One sentence, announced to screen readers, and no empty list."""
    opened = host.open('<yuansou-search query="“没有这句话”"></yuansou-search>')

    expect(status(opened)).to_have_text("没有找到与 “没有这句话” 相符的文章。")
    expect(opened.locator("yuansou-search ol")).to_be_hidden()
    expect(opened.locator("yuansou-search a")).to_have_count(0)


def test_a_corrected_query_is_named(host: Host) -> None:
    """It shows what was searched instead, and what was typed."""
    opened = host.open('<yuansou-search query="元宇舟"></yuansou-search>')

    expect(opened.locator(".note")).to_have_text("没有找到“元宇舟”，以下是“元宇宙”的结果。")
    expect(hits(opened).first.locator("a")).to_have_attribute(
        "href", f"{host.site}/article/yuan?q={QUOTED.partition('+')[0]}#match"
    )


def test_an_invalid_attribute(host: Host) -> None:
    """The page's author reads what is wrong; there is no button to try again."""
    opened = host.open('<yuansou-search sort="best"></yuansou-search>')

    expect(status(opened)).to_have_text(
        "参数 sort 的值“best”无效。 可用 relevance、newest、oldest 或 reposts。"
    )
    expect(opened.get_by_role("button", name="重试")).to_be_hidden()


def test_no_network_and_back(host: Host) -> None:
    """A sentence and a button to try again; the focus stays in the widget."""
    opened = host.open("")
    opened.route("**/api/**", lambda route: route.abort())
    opened.evaluate("document.body.append(document.createElement('yuansou-search'))")
    expect(status(opened)).to_have_text("连不上搜索服务，请检查网络后重试。")
    opened.unroute("**/api/**")
    opened.get_by_role("button", name="重试").press("Enter")

    expect(hits(opened).first).to_be_visible()
    expect(status(opened)).to_be_focused()
    expect(opened.get_by_role("button", name="重试")).to_be_hidden()


def test_no_index_and_back(host_of: Callable[[str], Host], tmp_path: Path) -> None:
    """A 503 is a sentence without advice for the owner; later the index is there."""
    with running(app_over(tmp_path / "index")) as address:
        opened = host_of(address).open(ELEMENT)
        expect(status(opened)).to_have_text("搜索服务暂时不可用，请稍后重试。")
        index_of(tmp_path / "index", ARTICLES)
        opened.get_by_role("button", name="重试").click()

        expect(hits(opened).first).to_be_visible()


def test_an_answer_that_is_not_json(host: Host) -> None:
    """A proxy's page in place of JSON."""
    opened = host.open("")
    opened.route("**/api/**", lambda route: route.fulfill(body="<h1>hello</h1>", headers=OPEN))
    opened.evaluate("document.body.append(document.createElement('yuansou-search'))")

    expect(status(opened)).to_have_text("搜索服务暂时不可用，请稍后重试。")


OPEN = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/html"}


def test_marks_count_code_points(host: Host) -> None:
    """Emoji of several code points before the match do not shift the marks."""
    opened = host.open('<yuansou-search query="元宇宙" source="表情报"></yuansou-search>')

    expect(hits(opened).locator(".title")).to_have_text(ASTRAL.title)
    expect(hits(opened).locator(".title mark")).to_have_text("元宇宙")
    expect(hits(opened).locator(".snippet mark")).to_have_text("元宇宙")


@pytest.mark.parametrize(
    ("query", "link"),
    [
        pytest.param("白皮书", "https://news.example.com/2022/yuan", id="original"),
        pytest.param("旧闻", None, id="neither"),
    ],
)
def test_a_site_without_article_pages(
    host_of: Callable[[str], Host], root: Path, query: str, link: str | None
) -> None:
    """Titles link to the original, or to nothing."""
    with running(app_over(root, article_page="off")) as address:
        opened = host_of(address).open(f'<yuansou-search query="{query}"></yuansou-search>')
        expect(hits(opened)).to_have_count(1)
        found = hits(opened).locator("a")

        assert [a.get_attribute("href") for a in found.all()] == ([link] if link else [])


def test_markup_in_articles_stays_text(host_of: Callable[[str], Host], tmp_path: Path) -> None:
    """Law 9 on pages of other sites."""
    title = "<img src=x onerror=alert(1)>元宇宙<script>alert(2)</script>"
    bad = Article(id="x", title=title, body=title, body_format="text", source="<b>来源</b>")
    with running(app_over(index_of(tmp_path, [bad]))) as address:
        opened = host_of(address).open(ELEMENT)
        expect(hits(opened).locator(".title")).to_have_text(title)

        expect(hits(opened).locator("img, script, b")).to_have_count(0)


def test_under_a_path(host_of: Callable[[str], Host], root: Path) -> None:
    """A site under a path of its host is found there."""
    with running(lambda request: None) as probe:  # a port that is free afterwards
        port = int(probe.rpartition(":")[2])
    public = f"http://127.0.0.1:{port}/news"
    with running(app_over(root, public_url=public), port):
        opened = host_of(public).open(ELEMENT)
        link = hits(opened).first.locator("a")

        expect(link).to_have_attribute(
            "href", f"{public}/article/yuan?q={QUOTED.partition('+')[0]}#match"
        )
        expect(opened.get_by_role("link", name="查看全部")).to_have_attribute(
            "href", f"{public}/search?q={QUOTED.partition('+')[0]}"
        )


def test_what_is_inside_shows_until_the_script_is_there(host: Host) -> None:
    """Without JavaScript the content of the element is shown, such as a link."""
    body = (
        '<yuansou-search query="元宇宙"><a href="https://example.com">元宇宙</a></yuansou-search>'
    )
    plain = host.open(body, java_script_enabled=False)
    scripted = host.open(body)
    expect(hits(scripted).first).to_be_visible()

    expect(plain.get_by_role("link", name="元宇宙")).to_be_visible()
    expect(scripted.locator("yuansou-search > a")).to_be_hidden()


def test_it_can_be_moved(host: Host) -> None:
    """Removed and inserted elsewhere, it still shows its results."""
    opened = host.open(ELEMENT)
    expect(hits(opened).first).to_be_visible()
    opened.evaluate("document.body.prepend(document.querySelector('yuansou-search'))")

    expect(hits(opened).first).to_be_visible()
    expect(opened.locator("[aria-busy]")).to_have_count(0)


@pytest.mark.parametrize(
    ("theme", "system", "dark"),
    [
        pytest.param("auto", "light", False, id="light system"),
        pytest.param("auto", "dark", True, id="dark system"),
        pytest.param("dark", "light", True, id="dark"),
        pytest.param("light", "dark", False, id="light"),
    ],
)
def test_themes(host: Host, theme: str, system: str, dark: bool) -> None:
    """The system's colours, or those that the page chooses."""
    opened = host.open(f'<yuansou-search theme="{theme}"></yuansou-search>', color_scheme=system)
    colour = opened.locator("yuansou-search").evaluate("w => getComputedStyle(w).backgroundColor")

    assert colour == ("rgb(30, 29, 27)" if dark else "rgb(255, 255, 255)")


MANY = (
    '<yuansou-search query="元宇宙" search-box></yuansou-search>'
    "<yuansou-search search-box></yuansou-search>"
    '<yuansou-search query="“没有这句话”"></yuansou-search>'
    '<yuansou-search sort="best"></yuansou-search><yuansou-search></yuansou-search>'
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_axe_finds_nothing(host: Host, scheme: str, theme: str) -> None:
    """WCAG 2.2 AA on a page with widgets in all states, in all colours."""
    body = MANY.replace("<yuansou-search", f'<yuansou-search theme="{theme}"')
    opened = host.open(body, color_scheme=scheme)
    expect(opened.locator("yuansou-search").last.locator("li").first).to_be_visible()
    found = Axe().run(opened, options={"runOnly": {"type": "tag", "values": RULES}})

    assert [(v["id"], v["nodes"][0]["html"]) for v in found.response["violations"]] == []


def test_a_narrow_page_never_scrolls_sideways(host: Host) -> None:
    """320 pixels, the width of WCAG's reflow rule."""
    opened = host.open(MANY, viewport=NARROW)
    expect(hits(opened).first).to_be_visible()

    assert opened.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_styles_around_it_stay_outside(host: Host) -> None:
    """The page's styles do not reach into the widget, nor its styles out."""
    opened = host.open('<p id="theirs">其他</p>' + ELEMENT)
    expect(hits(opened).first).to_be_visible()
    margin = "p => getComputedStyle(p).marginTop"

    assert opened.locator("#theirs").evaluate(margin) != "0px"
    assert hits(opened).first.locator("p").first.evaluate(margin) == "0px"
