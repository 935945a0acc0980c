"""RSS, Atom and JSON Feed of queries: valid by their specifications, and read by feedparser."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.html import collapse
from tests.support.articles import NOON
from tests.support.hostile import CONTROLS, HOSTILE
from tests.support.tiny_search import article
from tests.support.visitors import NOW, Markup, Visitor, index_of, visitor_of
from web.feeds.entries import entry_id
from web.http.xml_text import legible

RSS, ATOM, JSON = "/search.rss", "/search.atom", "/search.json"
FEEDS = [pytest.param(path, id=path[8:]) for path in (RSS, ATOM, JSON)]
A = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
URN = re.compile(r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
RFC822 = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"
)


@pytest.fixture(scope="module")
def hostile_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return index_of(tmp_path_factory.mktemp("hostile") / "index", HOSTILE)


@pytest.fixture(scope="module")
def hostile(hostile_root: Path) -> Visitor:
    return visitor_of(hostile_root)


def xml(visitor: Visitor, path: str, **args: Any) -> ElementTree.Element:
    answer = visitor.get(path, **args)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return ElementTree.fromstring(answer.get_data())


def feed(visitor: Visitor, **args: Any) -> dict[str, Any]:
    answer = visitor.get(JSON, **args)
    assert (answer.status_code, answer.mimetype) == (200, "application/feed+json")
    body: dict[str, Any] = answer.json
    return body


def titles(visitor: Visitor, **args: Any) -> list[str]:
    return [item["title"] for item in feed(visitor, **args)["items"]]


def text(element: ElementTree.Element, path: str) -> str:
    found = element.findtext(path)
    assert found is not None, path
    return found


def absolute(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and address.isascii()


def test_rss_2(hostile: Visitor) -> None:
    """Required elements, unique guids that are no links, RFC 822 dates, and a link to itself."""
    root = xml(hostile, RSS, q="稳定币")
    channel = root[0]

    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    assert text(channel, "title") == "稳定币 - 元搜"
    assert absolute(text(channel, "link"))
    assert text(channel, "description")
    assert text(channel, "language") == "zh-CN"
    assert RFC822.fullmatch(text(channel, "lastBuildDate"))
    (own,) = [link for link in channel.findall(f"{A}link") if link.get("rel") == "self"]
    assert own.get("href") == "http://localhost/search.rss?q=%E7%A8%B3%E5%AE%9A%E5%B8%81"
    items = channel.findall("item")
    assert len(items) == len(HOSTILE)
    for item in items:
        assert text(item, "title")
        assert absolute(text(item, "link"))
        assert text(item, "description")
        assert URN.fullmatch(text(item, "guid"))
        assert item.find("guid").get("isPermaLink") == "false"  # type: ignore[union-attr]
        date = item.findtext("pubDate")
        assert date is None or (RFC822.fullmatch(date) and parsedate_to_datetime(date).tzinfo)
    assert sum(item.find("pubDate") is None for item in items) == 1
    assert len({text(item, "guid") for item in items}) == len(items)


def test_atom(hostile: Visitor) -> None:
    """RFC 4287: feed and entries have id, title, updated and author; ids differ."""
    root = xml(hostile, ATOM, q="稳定币")

    assert root.tag == f"{A}feed"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{A}link")}
    assert links["self"] == "http://localhost/search.atom?q=%E7%A8%B3%E5%AE%9A%E5%B8%81"
    assert links["alternate"] == "http://localhost/search?q=%E7%A8%B3%E5%AE%9A%E5%B8%81"
    entries = root.findall(f"{A}entry")
    for element in (root, *entries):
        assert len(element.findall(f"{A}id")) == 1
        assert len(element.findall(f"{A}title")) == 1
        assert RFC3339.fullmatch(text(element, f"{A}updated"))
        assert text(element, f"{A}author/{A}name")
    for entry in entries:
        assert URN.fullmatch(text(entry, f"{A}id"))
        (link,) = entry.findall(f"{A}link[@rel='alternate']")
        assert absolute(link.get("href", ""))
        assert entry.find(f"{A}summary").get("type") == "html"  # type: ignore[union-attr]
    ids = [text(entry, f"{A}id") for entry in entries]
    assert len(set(ids)) == len(ids) == len(HOSTILE)
    assert text(root, f"{A}updated") == max(text(entry, f"{A}updated") for entry in entries)


def test_json_feed(hostile: Visitor) -> None:
    """JSON Feed 1.1: version, title and items; items have id and content; nothing is null."""
    body = feed(hostile, q="稳定币")

    assert body["version"] == "https://jsonfeed.org/version/1.1"
    assert body["feed_url"] == "http://localhost/search.json?q=%E7%A8%B3%E5%AE%9A%E5%B8%81"
    assert absolute(body["home_page_url"])
    assert len(body["items"]) == len(HOSTILE)
    for item in body["items"]:
        assert URN.fullmatch(item["id"])
        assert item["content_html"]
        assert item["summary"]
        assert None not in item.values()
        assert absolute(item.get("url", "https://nowhere.example"))
        assert RFC3339.fullmatch(item.get("date_published", "1970-01-01T00:00:00Z"))
        assert all(author["name"] for author in item.get("authors", []))
        assert {tag for tag, _ in Markup(item["content_html"]).tags} <= {"mark"}
    assert len({item["id"] for item in body["items"]}) == len(HOSTILE)


def test_one_article_is_one_entry_everywhere(hostile: Visitor, hostile_root: Path) -> None:
    """An article has one id in all formats, for any query, and after the site has moved."""
    moved = visitor_of(hostile_root, public_url="https://new.example/news")

    by_rss = [text(item, "guid") for item in xml(hostile, RSS, q="稳定币").iter("item")]
    by_atom = [text(entry, f"{A}id") for entry in xml(hostile, ATOM, q="稳定币").iter(f"{A}entry")]

    assert by_rss == by_atom
    assert by_rss == [item["id"] for item in feed(hostile, q="稳定币")["items"]]
    assert set(by_rss) == {item["id"] for item in feed(moved)["items"]}


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_a_reader_reads_it(hostile: Visitor, path: str) -> None:
    """feedparser reports no fault and reads the articles unchanged."""
    answer = hostile.get(path, q="稳定币")

    headers = {"content-type": answer.headers["Content-Type"]}
    read = feedparser.parse(answer.get_data(), response_headers=headers)

    assert not read.bozo, read.get("bozo_exception")
    assert read.version == {RSS: "rss20", ATOM: "atom10"}[path]
    assert read.encoding == "utf-8"
    assert len(read.entries) == len(HOSTILE)
    by_title = {entry.title: entry for entry in read.entries}
    assert "结束 ]]> 了 <![CDATA[ 又 <!-- 开始 -->" in by_title
    assert collapse(HOSTILE[3].title) in by_title
    assert by_title["没有网址"].link == "http://localhost/article/nowhere"
    assert by_title["没有日期"].get("published") is None
    assert by_title["没有日期"].author == "甲"
    assert "稳定币" in by_title["没有日期"].summary
    assert by_title["没有网址"].published_parsed[:5] == (2022, 9, 5, 4, 0)


def test_what_an_entry_says(visitor: Visitor) -> None:
    """An entry has title, source, marked snippet, topics, and the time with its offset."""
    (item,) = feed(visitor, q="白皮书", now=NOW)["items"]

    assert item["title"] == "元宇宙白皮书发布"
    assert item["url"] == "https://news.example.com/2022/yuan"
    assert "<mark>白皮书</mark>" in item["content_html"]
    assert "<" not in item["summary"]
    assert item["authors"] == [{"name": "链上观察"}]
    assert "元宇宙" in item["tags"]
    assert datetime.fromisoformat(item["date_published"]) == NOON
    assert item["date_published"].endswith("+08:00")


def test_the_newest_first(visitor: Visitor) -> None:
    """Newest first, undated articles last, unless another order is asked for."""
    newest = titles(visitor, fold="0")

    assert newest[0] == "转载：央行再谈虚拟货币"
    assert newest[-1] == "没有日期的旧闻"
    assert titles(visitor, fold="0", sort="oldest")[0] == "元宇宙白皮书发布"


def test_only_what_has_all_words(visitor: Visitor) -> None:
    """The page also shows articles that lack a word; a feed only where it is asked to."""
    page = visitor.search(q="元宇宙 银行 白皮书", now=NOW)
    assert page["total"] == 0
    assert page["partial"]["total"] > 0

    assert titles(visitor, q="元宇宙 银行 白皮书", now=NOW) == []
    assert titles(visitor, q="元宇宙 银行 白皮书", now=NOW, partial="1") != []
    assert titles(visitor, q="元宇宙 白皮书", now=NOW) == ["元宇宙白皮书发布"]


def test_queries_are_not_corrected(visitor: Visitor) -> None:
    """The page may search a correction; a feed keeps to the query asked for."""
    assert visitor.search(q="元宇舟", now=NOW)["query"]["corrected_from"] == "元宇舟"

    assert titles(visitor, q="元宇舟", now=NOW) == []


@pytest.mark.parametrize("path", FEEDS)
def test_nothing_found(visitor: Visitor, path: str) -> None:
    """A feed without entries is valid, and the same from one second to the next."""
    first, again = (visitor.get(path, q="“没有这句话”") for _ in range(2))

    assert first.status_code == 200
    assert first.get_data() == again.get_data()


def test_pages(many: Visitor) -> None:
    """Twenty entries a page; following `next` gives every article once."""
    first = feed(many)
    following = feed(
        many, **dict(pair.split("=") for pair in urlsplit(first["next_url"]).query.split("&"))
    )
    atom = xml(many, ATOM)

    assert len(first["items"]) == len(following["items"]) == 20
    assert not {i["id"] for i in first["items"]} & {i["id"] for i in following["items"]}
    (link,) = atom.findall(f"{A}link[@rel='next']")
    assert link.get("href") == "http://localhost/search.atom?page=2"
    assert "next_url" not in feed(many, page="10", per_page="100")


@pytest.mark.parametrize("path", [*FEEDS, pytest.param("/search.csv", id="csv")])
@pytest.mark.parametrize(
    ("args", "param"),
    [
        pytest.param({"sort": "best"}, "sort", id="value"),
        pytest.param({"page": "60", "per_page": "20"}, "page", id="too far"),
        pytest.param({"q": "a" * 501}, "q", id="too long"),
    ],
)
def test_strict(visitor: Visitor, path: str, args: dict[str, str], param: str) -> None:
    """A bad parameter is an error in the shape for programs."""
    assert visitor.error(path, **args)["param"] == param


@pytest.mark.parametrize("path", [*FEEDS, pytest.param("/search.csv", id="csv")])
@pytest.mark.parametrize(
    "added",
    [
        pytest.param({"_": "1700000000"}, id="the time"),
        pytest.param({"utm_source": "x", "utm_medium": "rss"}, id="a campaign"),
        pytest.param({"fbclid": "x", "gclid": "y", "spm": "z"}, id="who shared it"),
        pytest.param({"": "x"}, id="no name"),
        pytest.param({"Q": "比特币", "format": "xml"}, id="almost a name"),
        pytest.param({"_": ["1", "2"]}, id="twice"),
        pytest.param({"per_page ": "x"}, id="a space"),
        pytest.param({"参数": "值"}, id="Chinese"),
    ],
)
def test_what_readers_add(visitor: Visitor, path: str, added: dict[str, Any]) -> None:
    """Unknown parameters are ignored and not repeated in links."""
    plain = visitor.get(path, q="元宇宙", per_page="2")
    asked = visitor.get(path, q="元宇宙", per_page="2", **added)

    assert (asked.status_code, asked.get_data()) == (200, plain.get_data())
    assert asked.headers["ETag"] == plain.headers["ETag"]


@pytest.mark.parametrize("path", [*FEEDS, pytest.param("/search.csv", id="csv")])
def test_without_an_index(nothing: Visitor, path: str) -> None:
    """503 with Retry-After."""
    answer = nothing.get(path)

    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        pytest.param(RSS, "application/rss+xml; charset=utf-8", id="rss"),
        pytest.param(ATOM, "application/atom+xml; charset=utf-8", id="atom"),
        pytest.param(JSON, "application/feed+json", id="json"),
        pytest.param("/search.csv", "text/csv; charset=utf-8", id="csv"),
    ],
)
def test_headers(visitor: Visitor, path: str, content_type: str) -> None:
    """The media type is right, unchanged feeds are a 304, and search engines are told not to
    index."""
    answer = visitor.get(path, q="元宇宙")
    again = visitor.get(path, q="元宇宙", headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.headers["Content-Type"] == content_type
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize(
    ("setting", "link"),
    [
        pytest.param("full", "http://localhost/article/uniswap", id="full"),
        pytest.param("excerpt", "http://localhost/article/uniswap", id="excerpt"),
        pytest.param("off", None, id="off"),
    ],
)
def test_what_may_be_republished(tiny_root: Path, setting: str, link: str | None) -> None:
    """An entry links to the original, else to our page if there is one, and never has the whole
    text."""
    reader = visitor_of(tiny_root, article_page=setting)

    (item,) = feed(reader, q="Solidity")["items"]
    (by_rss,) = xml(reader, RSS, q="Solidity").iter("item")

    assert item.get("url") == link
    assert text(by_rss, "link") == (link or "http://localhost/search?q=Solidity")
    assert feed(reader, q="白皮书")["items"][0]["url"] == "https://news.example.com/2022/yuan"


def test_a_snippet_not_the_text(many_root: Path, tmp_path: Path) -> None:
    """However long the article is, an entry has a snippet of two lines."""
    long = article("long", "长文", "稳定币的故事，" + "一句又一句。" * 500)
    reader = visitor_of(index_of(tmp_path / "index", [long]))

    (item,) = feed(reader, q="稳定币")["items"]

    assert len(item["summary"]) < 130


def test_behind_a_proxy_with_a_path(tiny_root: Path) -> None:
    """Addresses begin with `public_url`."""
    reader = visitor_of(tiny_root, public_url="https://news.example/sub")

    body = feed(reader, q="Solidity")

    assert body["feed_url"] == "https://news.example/sub/search.json?q=Solidity"
    assert body["home_page_url"] == "https://news.example/sub/search?q=Solidity"
    assert body["items"][0]["url"] == "https://news.example/sub/article/uniswap"


def test_the_page_leads_to_its_feeds(visitor: Visitor) -> None:
    """The page's head links to its feeds, with filters and without paging."""
    address = "/search?q=银行&source=财经日报&source=转载网&page=1&per_page=5&sort=oldest&utm_source=x&in=&fold=0&fold=1"
    page = Markup(visitor.page(address))

    found = [attrs for tag, attrs in page.tags if tag == "link" and attrs.get("rel") == "alternate"]

    assert [link["type"] for link in found] == [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
    ]
    assert len({link["title"] for link in found}) == 3
    for link in found:
        href = link["href"] or ""
        assert "per_page" not in href
        assert "sort" not in href
        assert visitor.get(href).status_code == 200
    (item,) = visitor.get(found[2]["href"] or "").get_json()["items"][-1:]
    assert item["title"] == "没有日期的旧闻"


def test_a_topic_leads_to_its_feeds(visitor: Visitor) -> None:
    """The page of a concept links to its feeds."""
    tags = Markup(visitor.page("/topic/元宇宙")).tags

    found = [attrs for tag, attrs in tags if tag == "link" and attrs.get("rel") == "alternate"]

    assert len(found) == 3
    assert found[0]["title"] == "元宇宙 - 元搜 (RSS)"
    assert titles_at(visitor, found[2]["href"] or "") == titles(visitor, q="元宇宙")


def titles_at(visitor: Visitor, address: str) -> list[str]:
    return [item["title"] for item in visitor.get(address).get_json()["items"]]


@given(st.text(st.characters(codec=None), max_size=50))
def test_legible(given_text: str) -> None:
    """Any text fits into XML and is read back, without the characters that XML forbids."""
    kept = legible(given_text)

    root = ElementTree.Element("a")
    root.text = kept
    read = ElementTree.fromstring(ElementTree.tostring(root, "utf-8")).text or ""

    assert read == kept.replace("\r\n", "\n").replace("\r", "\n")
    assert all(c in kept for c in given_text if c.isprintable())
    assert not set(kept) & (set(CONTROLS) - set("\t\n\r"))


@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_ids(one: str, other: str) -> None:
    """Different article ids give different entry ids."""
    assert URN.fullmatch(entry_id(one))
    assert (entry_id(one) == entry_id(other)) == (one == other)


def test_ids_stay() -> None:
    """Entry ids never change: readers would show every article as new."""
    assert entry_id("yuan") == "urn:uuid:aab8442b-e795-59f8-ba47-8478ed45ec31"


OPENED = {"Sec-Fetch-Dest": "document", "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
"""What a browser sends for an address that a person opens."""


@pytest.mark.parametrize("path", FEEDS)
def test_a_person_sees_a_page(visitor: Visitor, path: str) -> None:
    """The same entries, with their links, and the address to subscribe to."""
    entries = feed(visitor, q="元宇宙")["items"]
    answer = visitor.get(path, headers=OPENED, q="元宇宙")
    page = Markup(answer.get_data(as_text=True))

    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert entries
    assert {e["url"] for e in entries} <= {link for pair in page.links for link in pair}


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"Accept": OPENED["Accept"]}, id="a reader that passes for a browser"),
        pytest.param({"Sec-Fetch-Dest": "empty"}, id="a script"),
    ],
)
def test_a_reader_gets_the_feed(visitor: Visitor, path: str, headers: dict[str, str]) -> None:
    """Whatever it says that it accepts; the two answers have different tags and say what varies."""
    answer = visitor.get(path, headers=headers, q="元宇宙")
    opened = visitor.get(path, headers=OPENED, q="元宇宙")

    assert answer.mimetype != "text/html"
    assert "Sec-Fetch-Dest" in answer.vary
    assert "Sec-Fetch-Dest" in opened.vary
    assert answer.headers["ETag"] != opened.headers["ETag"]
    again = visitor.get(
        path, headers={**headers, "If-None-Match": opened.headers["ETag"]}, q="元宇宙"
    )
    assert again.status_code == 200


@pytest.mark.parametrize("path", FEEDS)
def test_the_page_of_a_feed_escapes_everything(hostile: Visitor, path: str) -> None:
    """Titles, snippets and addresses are text."""
    page = hostile.get(path, headers=OPENED, per_page=100).get_data(as_text=True)
    assert "<script>" not in page
    assert "onerror=" not in re.sub("&[^;]*;[^<>]*", "", page)
    assert 'href="javascript:' not in page
