"""Five tasks of people who work with news, from the home page to the rows, with clicks counted.

A query is typed and confirmed with Enter; every press of a link, a button, a menu or a field counts.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from index.article import Article
from tests.browser.other_site import other_site, policy
from tests.browser.other_site import page as page_of_another_site
from tests.support.articles import write_articles
from tests.support.browser import DESKTOP, PHONE, browser
from tests.support.seeds_site import build, serving

__all__ = ["browser"]

MOST_CLICKS = 5
Rows = list[tuple[str, ...]]
LOAN = (
    "苏州的几家企业上周用数字人民币拿到了第一笔试点贷款。银行说，贷款从申请到进账不到一小时，"
    "用途写在合约里，只能付给供货商。参加试点的企业已有四十多家，年底前还会再加二十家。"
)


def article(id_: str, day: str | None, source: str, title: str, body: str) -> Article:
    published = datetime.fromisoformat(day).replace(tzinfo=UTC) if day else None
    return Article(
        id=id_, title=title, body=body, body_format="text", source=source, published=published
    )


ARTICLES = (
    article("loan", "2022-03-01", "苏州商报", "数字人民币贷款试点落地苏州", LOAN),
    article("loan-2", "2022-03-02", "财经日报", "苏州企业拿到数字人民币贷款", LOAN),
    article("loan-3", "2022-03-04", "转载网", "一小时到账的贷款", LOAN),
    article(
        "bus", "2022-05-01", "财经日报", "坐公交也能付数字人民币", "试点城市的公交车装上了新机器。"
    ),
    article("tax", "2022-11-08", "财经日报", "用数字人民币交税", "海口的试点从商店走到了税务局。"),
    article("shop", "2022-06-01", "苏州商报", "商店里的数字人民币", "试点一年，店主怎么看。"),
    article("early", "2021-04-01", "财经日报", "数字人民币发红包", "成都的试点抽签抽中了谁。"),
    article("when", None, "财经日报", "数字人民币问答", "哪些地方在试点，怎样开钱包。"),
    article("fair", "2022-07-01", "财经日报", "数字人民币亮相服贸会", "展台前排起了长队。"),
    article("btc-20", "2020-12-30", "币圈晚报", "比特币年终盘点", "这一年价格翻了几番。"),
    article("btc-21", "2021-01-01", "币圈晚报", "比特币开年大涨", "元旦当天的行情。"),
    article("btc-22", "2022-12-31", "币圈晚报", "比特币收官", "最后一天的行情。"),
    article("eth-21", "2021-08-05", "币圈晚报", "以太坊伦敦升级", "手续费开始销毁。"),
    article("eth-22", "2022-09-15", "币圈晚报", "以太坊完成合并", "从此不再挖矿。"),
    article("both", "2022-06-18", "财经日报", "比特币和以太坊双双下跌", "抛售蔓延了一周。"),
    article("eth-23", "2023-04-12", "币圈晚报", "以太坊上海升级", "质押的币可以取回。"),
)


@dataclass
class Visitor:
    """Someone with a page in front of them; `clicks` counts what they press."""

    page: Page
    clicks: int = 0

    def click(self, target: Locator) -> None:
        self.clicks += 1
        target.click()

    def go(self, link: Locator) -> None:
        """Press what leads to another address, and wait for it."""
        before = self.page.url
        self.click(link)
        self.page.wait_for_url(lambda url: url != before)

    def search(self, query: str) -> None:
        box = self.page.get_by_role("combobox", name="搜索词")
        expect(box).to_be_focused()
        box.fill(query)
        box.press("Enter")
        self.page.wait_for_url("**/search?*")

    @property
    def has_sheet(self) -> bool:
        """Whether the filters are a sheet that is opened, as on a phone."""
        return self.page.locator(".to-facets").is_visible()

    def filter(self, facet: str, value: str) -> None:
        """Choose a value of a facet."""
        if self.has_sheet and self.page.locator("#facets").is_hidden():
            self.click(self.page.get_by_role("button", name="筛选"))
        values = self.page.locator(".filters .facet", has=self.page.locator(f"text='{facet}'"))
        self.go(values.locator("li a").filter(has=self.page.locator(f".value >> text='{value}'")))
        expect(self.page.locator(".filters a.on .value", has_text=value)).to_be_visible()

    def table(self) -> list[dict[str, str]]:
        """Download what is listed, and read it as a spreadsheet does."""
        if self.has_sheet:
            link = self.page.locator(".sheet-head").get_by_role("link", name="CSV 表格")
        else:
            self.click(self.page.locator(".count summary", has_text="导出"))
            link = self.page.locator(".count").get_by_role("link", name="CSV 表格", exact=True)
        with self.page.expect_download() as download:
            self.click(link)
        text = Path(download.value.path()).read_text("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))


def first_hand_as_a_table(visitor: Visitor, source: str = "财经日报", year: str = "2022") -> Rows:
    """Articles of one source and year that repeat nobody, as a file."""
    visitor.search("数字人民币 试点")
    visitor.go(visitor.page.get_by_role("link", name="只看首发"))
    visitor.filter("来源", source)
    visitor.filter("年份", year)
    return sorted((row["发布时间"][:10], row["来源"], row["标题"]) for row in visitor.table())


def first_source(visitor: Visitor, query: str = "数字人民币贷款") -> Rows:
    """Who printed a story first, and who after them."""
    visitor.search(query)
    visitor.go(visitor.page.locator(".actions a", has_text="篇转载").first)
    tellings = visitor.page.locator(".telling")
    expect(tellings.first.locator(".badge")).to_have_text("首发")
    expect(visitor.page.locator(".badge")).to_have_count(1)
    return [
        (each.locator(".meta a").first.inner_text().removeprefix("新闻来源：").strip(),)
        for each in tellings.all()
    ]


def subscribed(visitor: Visitor, query: str = "数字人民币 试点") -> Rows:
    """The address for a feed reader, and what a reader then finds there."""
    page = visitor.page
    visitor.search(query)
    visitor.click(page.locator(".count summary", has_text="订阅"))
    visitor.go(page.locator(".count").get_by_role("link", name="RSS"))
    visitor.click(page.get_by_role("button", name="复制"))
    address = page.evaluate("navigator.clipboard.readText()")
    assert address == page.get_by_label("订阅源的地址").input_value()
    feed = page.request.get(address, headers={"Accept": "application/rss+xml"}).text()
    script = "xml => [...new DOMParser().parseFromString(xml, 'text/xml').querySelectorAll('item > title')].map(title => title.textContent)"
    found: Rows = [(title,) for title in page.evaluate(script, feed)]
    assert found == [(title,) for title in page.locator(".hit h2").all_inner_texts()]
    return found


def embedded(visitor: Visitor, query: str = "数字人民币 试点 来源：苏州商报") -> Rows:
    """The results on a page of one's own, from the code that was copied."""
    page = visitor.page
    visitor.search(query)
    listed = page.locator(".hit:not(:has(.missing)) h2").all_inner_texts()
    visitor.click(page.locator(".count summary", has_text="导出"))
    visitor.go(page.locator(".count").get_by_role("link", name="放到自己的网页上"))
    visitor.click(page.get_by_role("button", name="复制代码"))
    code = page.evaluate("navigator.clipboard.readText()")
    origin = page.evaluate("location.origin")
    files = {"/index.html": page_of_another_site(code)}
    with other_site(files, policy(origin)) as own:
        page.goto(f"{own}/index.html")
        titles = page.locator("yuansou-search li a")
        expect(titles.first).to_be_visible()
        shown = titles.all_inner_texts()
    assert shown == listed[:5]
    return sorted((title,) for title in shown)


def compared(visitor: Visitor, first: str = "2021-01-01", last: str = "2022-12-31") -> Rows:
    """Two coins in two years: how many articles of each, and which."""
    page = visitor.page
    visitor.search("比特币")
    visitor.go(page.get_by_role("link", name="与…比较"))
    page.locator("input:focus").fill("以太坊")
    page.keyboard.press("Enter")
    for label, day in (("从", first), ("到", last)):
        visitor.click(page.get_by_label(label, exact=True))
        page.get_by_label(label, exact=True).fill(day)
    visitor.go(page.get_by_role("button", name="应用"))
    expect(page.locator(".chosen")).to_contain_text(f"{first} 至 {last}")
    return [
        (
            side.locator("h2").first.inner_text(),
            side.locator(".figures a").first.inner_text(),
            *sorted(side.locator(".hit h3, .hit h2").all_inner_texts()),
        )
        for side in page.locator(".side").all()
    ]


@dataclass(frozen=True)
class Task:
    """What someone does, the rows they should have then, and the clicks on a desktop and a phone."""

    walk: Callable[[Visitor], Rows]
    rows: Rows
    clicks: tuple[int, int]


TASKS = {
    "a table of first-hand articles": Task(
        first_hand_as_a_table,
        [
            ("2022-05-01", "财经日报", "坐公交也能付数字人民币"),
            ("2022-11-08", "财经日报", "用数字人民币交税"),
        ],
        clicks=(5, 5),
    ),
    "the first source of a story": Task(
        first_source, [("苏州商报",), ("财经日报",), ("转载网",)], clicks=(1, 1)
    ),
    "a subscription": Task(
        subscribed,
        [
            ("用数字人民币交税",),
            ("商店里的数字人民币",),
            ("坐公交也能付数字人民币",),
            ("数字人民币贷款试点落地苏州",),
            ("数字人民币发红包",),
            ("数字人民币问答",),
        ],
        clicks=(3, 3),
    ),
    "a widget": Task(
        embedded, [("商店里的数字人民币",), ("数字人民币贷款试点落地苏州",)], clicks=(3, 3)
    ),
    "two coins in two years": Task(
        compared,
        [
            ("比特币", "3 篇", "比特币和以太坊双双下跌", "比特币开年大涨", "比特币收官"),
            ("以太坊", "3 篇", "以太坊伦敦升级", "以太坊完成合并", "比特币和以太坊双双下跌"),
        ],
        clicks=(4, 4),
    ),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The home page of a server over `ARTICLES`."""
    folder = tmp_path_factory.mktemp("tasks")
    settings = build(folder / "index", write_articles(folder / "news.jsonl", ARTICLES))
    with serving(settings.index_dir) as address:
        yield address


def walked(browser: Browser, home: str, task: Task, size: dict[str, int]) -> tuple[Rows, int]:
    context = browser.new_context(viewport=size, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visitor = Visitor(context.new_page())
    visitor.page.goto(home)
    rows = task.walk(visitor)
    context.close()
    return rows, visitor.clicks


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", TASKS)
def test_a_task_needs_five_clicks_at_most(
    browser: Browser, home: str, name: str, size: dict[str, int]
) -> None:
    """Also: the rows are those that a person who reads all articles would list."""
    task = TASKS[name]
    rows, clicks = walked(browser, home, task, size)

    assert rows == task.rows
    assert clicks == task.clicks[size == PHONE] <= MOST_CLICKS
