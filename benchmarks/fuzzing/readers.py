"""What is fuzzed: each reader with the check of one input, and the pieces that inputs are made of.

A check raises for an input that fails: what its reader does not announce, or a law that is broken.
"""

import base64
import json
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from flask.testing import FlaskClient

from benchmarks.fuzzing.feeds import check_feed, check_opml, check_page
from benchmarks.fuzzing.laws import hold
from index.article import Article, Rejection
from index.build.builder import Builder
from index.document import Arrival, drafts
from index.engines.registry import open_engine
from index.errors import InvalidRequest
from index.lexicon.loading import load_lexicon
from index.settings import Settings
from index.sources.front_matter import parted
from index.sources.jsonl import read_jsonl
from index.sources.markdown import read_markdown
from index.sources.yaml_fields import FrontMatterError
from index.takedowns import Takedowns
from index.text.dates import parse_date
from index.text.html import blocks, plain_text, visible_markup
from index.text.markup.escapes import decoded_line
from index.text.urls import canonical_url, url_tokens
from search.query.parsing.parser import parse
from search.request import MAX_QUERY
from search.results.cursor import decode_cursor
from web.app import create_app
from web.markup.sanitize import TAGS, safe_html

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
TODAY = date(2022, 9, 15)
PIECES: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("pieces.json").read_text("utf-8")
)
ADDRESSES = (
    *("/api/v1/search", "/api/v1/search", "/search", "/search.csv", "/search.rss", "/compare"),
    *("/api/v1/suggest", "/api/v1/analyze", "/api/v1/articles/", "/chart.csv", "/embed"),
)
Frame = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Reader:
    """`frames`: what made inputs may be put into, so that they pass the first gate of the reader.
    `each`: one input in so many is tried, because it costs so many times as much."""

    check: Callable[[str], object]
    pieces: Sequence[str]
    frames: tuple[Frame, ...] = ()
    each: int = 1


def _drafted(item: Article | Rejection) -> None:
    if isinstance(item, Rejection):
        hold(bool(item.reason), "a rejection gives a reason")
        return
    hold(bool(item.id and item.title), "an article has id and title")
    item.content_hash()
    drafts([Arrival(item, "", 0, 0)])


def _markdown_file(text: str) -> None:
    _drafted(read_markdown(text.encode("utf-8", "surrogatepass"), "a.md", "a.md"))


def _json_lines(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.jsonl")
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        for item in read_jsonl(path, "a.jsonl"):
            _drafted(item)


def _front_matter(text: str) -> None:
    with suppress(FrontMatterError):
        parted(text)


def _html(text: str) -> None:
    shown = visible_markup(text)
    hold(blocks(shown) == blocks(text), "the visible markup has the same blocks")
    _safe(str(safe_html(text)))


def _markdown(text: str) -> None:
    plain_text(text, "markdown")
    plain_text(text, "text")


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.bad: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        names = [name for name, value in attrs if name.startswith("on") or name == "style"]
        links = [value or "" for name, value in attrs if name in ("href", "src")]
        scripts = [link for link in links if "script:" in link.lower() or link.startswith("data:")]
        self.bad += [*names, *scripts, *([] if tag in TAGS and tag != "img" else [tag])]


def _safe(html: str) -> None:
    hold(not (bad := _Tags(html).bad), f"unsafe: {bad}")


def _query(text: str) -> None:
    parse(text[:MAX_QUERY], TODAY)


def _cursor(text: str) -> None:
    with suppress(InvalidRequest):
        hold(decode_cursor(text).encode() == text, "a cursor is as it was written")


def _values(text: str) -> None:
    decoded_line(text)
    parse_date(text)
    address = canonical_url(text)
    hold(canonical_url(address) == address, "a canonical address stays")
    url_tokens(text)


@cache
def _sample_site() -> FlaskClient:
    """A client of the whole application over the sample articles."""
    settings = Settings(index_dir=Path(tempfile.mkdtemp(prefix="yuansou-fuzzing-")))
    builder = Builder(open_engine(settings), load_lexicon(), Takedowns(settings.index_dir))
    builder.rebuild([SEEDS])
    return create_app(settings).test_client()


def _address(text: str) -> None:
    """`text`: an address of the site, as typed."""
    encoded = "/" + quote(text.encode("utf-8", "surrogatepass"), safe="/?&=%+").removeprefix("/")
    answer = _sample_site().get(encoded, buffered=True)
    hold(answer.status_code in (200, 301, 302, 308, 400, 404), f"status {answer.status_code}")
    if answer.mimetype == "application/json":
        json.loads(answer.data)


def _framed(before: str, after: str) -> Frame:
    return lambda text: f"{before}{text}{after}"


def _at(path: str) -> Frame:
    return _framed(f"{path}?", "")


def _encoded(text: str) -> str:
    """As a cursor is."""
    data = text.encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


READERS = {
    "front matter": Reader(
        _front_matter,
        [*PIECES["front matter"], *PIECES["fields"]],
        (_framed("---\n", "\n---\n甲"), _framed("+++\n", "\n+++\n甲"), _framed("{", "}\n甲")),
    ),
    "file": Reader(
        _markdown_file,
        ["---\n", *PIECES["fields"], "draft: true\n", *PIECES["signs"], *PIECES["markup"]],
        (_framed("---\n", "\n---\n甲"), _framed("---\ntitle: 题\n---\n", "")),
    ),
    "lines": Reader(
        _json_lines,
        PIECES["lines"],
        (_framed('{"title": "题", "body": "', '"}'), _framed('{"title": "题", ', '"body": "文"}')),
    ),
    "records": Reader(
        _json_lines, PIECES["members"], (_framed("{", '"title": "题", "body": "文"}'),) * 3
    ),
    "html": Reader(_html, PIECES["markup"]),
    "feed": Reader(
        check_feed,
        [*PIECES["feed"], *PIECES["markup"]],
        (
            _framed("<rss><channel>", "</channel></rss>"),
            _framed("<rss><channel><item><title>题</title>", "</item></channel></rss>"),
            _framed("<rss><channel><item><description><![CDATA[", "]]></description></item></rss>"),
            _framed("<feed xmlns='http://www.w3.org/2005/Atom'><entry>", "</entry></feed>"),
        ),
        each=4,
    ),
    "json feed": Reader(
        check_feed,
        PIECES["json feed"],
        (_framed('{"version": "https://jsonfeed.org/version/1.1", "items": [{', '"id": 1}]}'),) * 4,
    ),
    "list of feeds": Reader(
        check_opml,
        PIECES["opml"],
        (
            _framed("<opml><body>", "</body></opml>"),
            lambda text: f"<opml><body><outline text={quoteattr(text)} xmlUrl='a'/></body></opml>",
            lambda text: f"<opml><body><outline xmlUrl={quoteattr(text)}/></body></opml>",
        ),
    ),
    "page of feeds": Reader(check_page, [*PIECES["page"], *PIECES["values"]]),
    "markdown": Reader(_markdown, [*PIECES["signs"], *PIECES["markup"]]),
    "query": Reader(_query, PIECES["query"]),
    "cursor": Reader(_cursor, PIECES["cursor"], (_encoded, lambda text: _encoded(f"[0,[{text}]]"))),
    "values": Reader(_values, PIECES["values"]),
    "address": Reader(_address, PIECES["address"], tuple(_at(path) for path in ADDRESSES), each=20),
}
