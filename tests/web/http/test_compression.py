"""Texts are compressed for clients that accept it; everything else about an answer is the same."""

import gzip
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.servers import Server, serving
from tests.support.visitors import Visitor, app_over, visitor_of
from web.http.compression import COMPRESSED_TYPES, MIN_COMPRESSED_BYTES

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

READ: dict[str | None, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "zstd": zstd.decompress,
    None: lambda body: body,
}
BROWSER = "gzip, deflate, br, zstd"
LONG = "/openapi.json"


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [
        pytest.param(BROWSER, "zstd", id="browser"),
        pytest.param("gzip, deflate, br", "gzip", id="older browser"),
        pytest.param("gzip", "gzip", id="feed reader"),
        pytest.param("GZIP", "gzip", id="capitals"),
        pytest.param("gzip, zstd;q=0.5", "gzip", id="likes one better"),
        pytest.param("zstd;q=0, gzip", "gzip", id="refuses one"),
        pytest.param("*", "zstd", id="anything"),
        pytest.param("", None, id="nothing said"),
        pytest.param("identity", None, id="plain"),
        pytest.param("br", None, id="only what we do not offer"),
        pytest.param(";;q=x, ,", None, id="nonsense"),
    ],
)
def test_what_a_client_gets(visitor: Visitor, accepts: str, encoding: str | None) -> None:
    """The encoding that the client prefers, with the same content."""
    plain = visitor.get(LONG)
    answer = visitor.get(LONG, headers={"Accept-Encoding": accepts})

    assert answer.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert READ[encoding](answer.data) == plain.data
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize(
    "path",
    [
        "/search?per_page=50",
        "/search.atom",
        "/search.csv",
        "/search.json",
        "/search.rss",
        "/api/v1/search",
        "/embed.js",
        "/help",
        "/opensearch.xml",
        "/openapi.json",
        "/sitemap-2022-01-1.xml",
        "/static/page.js",
        "/static/style.css",
    ],
)
@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_kinds_of_answers(many: Visitor, path: str, encoding: str) -> None:
    """Long enough texts are compressed, streamed or not. (`took_ms` differs between answers.)"""
    plain = many.get(path)
    answer = many.get(path, headers={"Accept-Encoding": encoding})

    assert answer.headers.get("Content-Encoding") == encoding
    assert len(answer.data) < 0.7 * len(plain.data)
    text = READ[encoding](answer.data)
    assert text == plain.data or path.startswith(("/search?", "/api/"))


def test_every_type_of_text_that_the_site_sends_is_in_the_list(visitor: Visitor) -> None:
    """The list of compressed media types has every text type of the site."""
    rules = app_over(Path("nowhere")).url_map.iter_rules()
    fixed = {rule.rule for rule in rules if not rule.arguments}
    sent = {visitor.get(path).mimetype for path in sorted(fixed)}
    sent.add(visitor.get("/api/v1/suggest", q="元", format="opensearch").mimetype)
    sent.add(visitor.get("/static/icon.svg").mimetype)
    sent.add(visitor.get("/static/page.js").mimetype)

    assert len(sent) > 8
    assert sent <= set(COMPRESSED_TYPES)


@pytest.mark.parametrize(
    "path", ["/healthz", "/static/icon.svg", "/robots.txt", "/api/v1/search?page=0"]
)
def test_short_answers_and_errors_stay_plain(visitor: Visitor, path: str) -> None:
    """Short answers are not compressed, but have the Vary header."""
    answer = visitor.get(path, headers={"Accept-Encoding": BROWSER})

    assert len(answer.data) < MIN_COMPRESSED_BYTES
    assert "Content-Encoding" not in answer.headers
    assert "Accept-Encoding" in answer.headers["Vary"]


@pytest.mark.parametrize("first", [BROWSER, "gzip", ""])
@pytest.mark.parametrize("then", [BROWSER, "gzip", ""])
@pytest.mark.parametrize(
    "path", ["/article/yuan", "/search.rss", "/search.csv", "/openapi.json", "/embed.js"]
)
def test_not_sent_again(visitor: Visitor, path: str, first: str, then: str) -> None:
    """A weak ETag is valid for every encoding, a strong one for its own."""
    sent = visitor.get(path, headers={"Accept-Encoding": first})
    tag = sent.headers.get("ETag")
    again = visitor.get(path, headers={"Accept-Encoding": then, "If-None-Match": tag})

    assert (tag is None) == (path == "/openapi.json")
    if tag and (first == then or tag.startswith("W/")):
        assert (again.status_code, again.data) == (304, b"")
        assert "Content-Encoding" not in again.headers
    elif tag is None or first:
        assert again.status_code == 200


@pytest.mark.parametrize("accepts", [BROWSER, "gzip", ""])
def test_files_are_not_sent_again(visitor: Visitor, accepts: str) -> None:
    """The ETag of a file names the encoding, since the bytes differ."""
    headers = {"Accept-Encoding": accepts}
    tag = visitor.get("/static/style.css", headers=headers).headers["ETag"]
    again = visitor.get("/static/style.css", headers={**headers, "If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag


def test_a_part_of_a_file(visitor: Visitor) -> None:
    """A range is taken from the uncompressed file and sent uncompressed."""
    whole = visitor.get("/static/style.css").data
    headers = {"Accept-Encoding": BROWSER, "Range": "bytes=100-3099"}
    part = visitor.get("/static/style.css", headers=headers)

    assert part.status_code == 206
    assert "Content-Encoding" not in part.headers
    assert part.data == whole[100:3_100]


def test_one_vary_header(tiny_root: Path) -> None:
    """Suggestions vary with Accept, Origin and Accept-Encoding: one header has all three."""
    visitor = visitor_of(tiny_root, cors_origins="https://a.example")
    answer = visitor.get("/api/v1/suggest", q="元")

    assert answer.headers.getlist("Vary") == ["Accept, Origin, Accept-Encoding"]


@pytest.fixture(scope="module")
def server(many_root: Path) -> Iterator[Server]:
    with serving(many_root) as started:
        yield started


@pytest.mark.parametrize("path", ["/", "/help", "/openapi.json", "/static/style.css"])
def test_head(server: Server, path: str) -> None:
    """HEAD has the headers of GET, Content-Length too, and no body."""
    connection = server.connect()
    told = []
    for method in ("HEAD", "GET"):
        connection.request(method, path, headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        assert bool(body) == (method == "GET")
        told.append({name: text for name, text in answer.getheaders() if name != "Date"})
    connection.close()
    assert told[0] == told[1]
    assert int(told[0]["Content-Length"]) > 0


def test_a_table_is_streamed(server: Server) -> None:
    """CSV is streamed without Content-Length, to HTTP/1.0 clients as well."""
    connection = server.connect()
    connection.request("GET", "/search.csv", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()

    assert answer.headers["Transfer-Encoding"] == "chunked"
    assert gzip.decompress(answer.read()).count(b"\n") > 1_000
    connection.close()
