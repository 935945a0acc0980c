"""Parts of pages and answers that are built without a Flask application or request."""

from werkzeug.datastructures import MultiDict

from index.settings import Settings
from search.response import Highlighted, Hit, Story
from web.api.serialize import hit_json
from web.feeds.entries import entry_of
from web.http.site import Site
from web.pages.filters import PageLink
from web.pages.hit_list import hit_row

HIT = Hit(
    id="a1",
    url=None,
    title=Highlighted("元宇宙", ((0, 3),)),
    snippet=Highlighted("摘要"),
    source="甲报",
    author=None,
    categories=(),
    topics=("元宇宙",),
    published=1_662_336_000,
    indexed_at=1_662_336_000,
    score=1.5,
    story=Story("a1", 2),
)


def path(endpoint: str, **values: object) -> str:
    return f"/{endpoint}/" + "/".join(str(value) for value in values.values())


SITE = Site(Settings(public_url="https://example.com"), path)
OFF = Site(Settings(public_url="https://example.com", article_page="off"), path)


def test_a_row_of_a_short_list() -> None:
    """Links come from the `Site` passed in."""
    row = hit_row(HIT, 1_662_336_060, SITE)

    assert row["link"] == "/pages.article/a1"
    assert row["story"] == "/explore.story/a1"
    assert row["time"] == "1 分钟前"
    assert row["reposts"] == 1


def test_a_hit_of_the_api() -> None:
    """The page's address is absolute, or null if the site has no article pages."""
    assert hit_json(HIT, SITE.page_of).page == "https://example.com/pages.article/a1"
    assert hit_json(HIT, OFF.page_of).page is None


def test_an_entry_of_a_feed() -> None:
    """An article without an original links to its page, if there is one."""
    assert entry_of(HIT, SITE).link == "https://example.com/pages.article/a1"
    assert entry_of(HIT, OFF).link is None


def test_a_link_of_the_results() -> None:
    """Other arguments stay; the page number goes."""
    link = PageLink(MultiDict({"q": "元宇宙", "page": "3", "utm": "x"}), SITE)

    assert link(sort="newest") == "/pages.search/?q=%E5%85%83%E5%AE%87%E5%AE%99&sort=newest"
