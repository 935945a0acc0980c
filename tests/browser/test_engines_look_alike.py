"""Pages look the same with every engine, in real Chromium."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from index.build.builder import Builder
from index.engines.registry import open_engine
from index.lexicon.loading import load_lexicon
from index.settings import load
from index.takedowns import Takedowns
from tests.support.browser import browser
from tests.support.seeds_site import seeds_index, serving

__all__ = ["browser"]

ADDRESSES = (
    "/search?q=元宇宙",
    "/search?q=区块链 应用",
    "/search?q=数字人民币 试点 城市",
    '/search?q="比特币"',
    "/search?q=央行 -比特币",
    "/search?q=元宇宙 OR NFT",
    "/search?q=智能合*",
    "/search?q=DeFi&from=2022-01-01",
    "/search?q=元宇宙&sort=newest&page=2",
    "/search?q=没有这样的词语",
)

_FIRST = ' id="first-hit"'
_PLACE = re.compile(r'(="(?:plain|markdown|gbt|link)-)\d+(?=")')
"""A hit's place on the page, in the ids of its fields."""
_TOOK = re.compile(r"用时 [\d.]+ 秒")


ENGINES = [
    pytest.param("tantivy", marks=pytest.mark.tantivy),
    pytest.param("opensearch", marks=pytest.mark.cluster),
]


@pytest.fixture(scope="module", params=ENGINES)
def addresses(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """Two servers over the sample articles: with the default engine, and with another."""
    first = seeds_index()
    given = {"engine": request.param}
    if request.param == "opensearch":
        nodes = request.getfixturevalue("three_nodes")
        given |= {"opensearch_hosts": ",".join(nodes.hosts), "opensearch_alias": "look-alike"}
    settings = load({"index_dir": tmp_path_factory.mktemp("index"), **given})
    source = open_engine(first).open()
    engine = open_engine(settings)
    Builder(engine, load_lexicon(), Takedowns(settings.index_dir)).copy(source)
    source.close()
    with serving(first.index_dir) as one, pytest.MonkeyPatch.context() as patch:
        for name, value in given.items():
            patch.setenv(f"YUANSOU_{name.upper()}", value)
        with serving(settings.index_dir) as other:
            yield one, other


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    return browser.new_page()


@dataclass(frozen=True)
class Shown:
    """An answer as rendered, without what servers never share: the hits in order, and the rest of
    the page."""

    hits: list[str]
    around: str


def _shown(page: Page, server: str, path: str) -> Shown:
    answer = page.goto(server + path)
    assert answer is not None
    assert answer.status == 200
    hits = page.locator("li.hit").evaluate_all("hits => hits.map(hit => hit.innerHTML)")
    page.locator("ol.hits").evaluate_all("lists => lists.forEach(list => list.replaceChildren())")
    return Shown(
        [_PLACE.sub(r"\1", hit.replace(server, "").replace(_FIRST, "")) for hit in hits],
        _TOOK.sub("用时", page.content()).replace(server, ""),
    )


@pytest.mark.parametrize("path", ADDRESSES)
def test_a_page_is_the_same(page: Page, addresses: tuple[str, str], path: str) -> None:
    """Marks, snippets, reasons, counts, facets and links are equal. Hits with almost equal scores
    may change places (law 7); at most one may differ at the end of the page."""
    one, other = (_shown(page, address, path) for address in addresses)

    assert other.around == one.around
    assert len({*other.hits} & {*one.hits}) >= len(one.hits) - 1


def test_by_date_the_order_is_the_same(page: Page, addresses: tuple[str, str]) -> None:
    """By date, the order does not depend on scores."""
    one, other = (_shown(page, address, "/search?q=元宇宙&sort=newest") for address in addresses)

    assert len(one.hits) == 10
    assert other == one
