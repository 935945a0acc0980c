"""A server of feeds that does everything wrong that servers of feeds do: each path is a behaviour.

It listens on the loopback interface under the name `feeds.test`, which only `resolver` knows.
"""

import gzip
import json
import socket
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Condition, Event, Thread

HOST = "feeds.test"
DATE = "Mon, 05 Sep 2022 12:11:00 GMT"
UTF8_XML = "application/xml; charset=utf-8"


@dataclass(frozen=True)
class Answer:
    """What is sent. `stated`: a Content-Length other than the true one; `chunked`: without any."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    stated: int | None = None


Write = Callable[[bytes], object]
Behaviour = Callable[["Asked"], Answer | Callable[[Write, Event], None]]
"""An answer, or what writes one to the socket until the event says that the test is over."""
BEHAVIOURS: dict[str, Behaviour] = {}


@dataclass(frozen=True)
class Asked:
    """A request. `visit`: how often this path was asked for, from 1. `base`: the server's address."""

    path: str
    visit: int
    base: str
    headers: Mapping[str, str]


def behaviour(function: Behaviour) -> Behaviour:
    BEHAVIOURS[function.__name__] = function
    return function


def entry(
    title: str, *, guid: str = "", link: str = "", date: str = DATE, body: str = "正文"
) -> str:
    """An item of RSS."""
    parts = [f"<title>{escape(title)}</title>"]
    parts += [f'<guid isPermaLink="false">{escape(guid)}</guid>'] if guid else []
    parts += [f"<link>{escape(link)}</link>"] if link else []
    parts += [f"<pubDate>{escape(date)}</pubDate>"] if date else []
    return f"<item>{''.join(parts)}<description>{escape(body)}</description></item>"


def news(number: int, **changes: str) -> str:
    """An item like any other, with its number in guid, link and title."""
    given = {"guid": f"guid-{number}", "link": f"https://news.example/{number}"}
    return entry(**{"title": f"新闻 {number}", **given, **changes})


def rss(*items: str, head: str = "", declaration: str = '<?xml version="1.0"?>') -> str:
    return (
        f'{declaration}<rss version="2.0"><channel><title>金融大同</title>'
        f"<link>https://news.example/</link>{head}{''.join(items)}</channel></rss>"
    )


def xml(*items: str, head: str = "") -> Answer:
    return Answer(rss(*items, head=head), headers={"Content-Type": UTF8_XML})


class FeedServer:
    """A running server. `asked`: every request, in order. `others`: behaviours that are no feeds.
    `at_once`: how many requests were there at the same time, in all (under "") and by the name of
    the host that they ask for.

    `awaited`: requests wait until so many were there at once, so that none is over before.
    """

    def __init__(self, tls: SSLContext | None = None) -> None:
        self.others: dict[str, Behaviour] = {}
        self.asked: list[Asked] = []
        self.over = Event()
        self.at_once: Counter[str] = Counter()
        self.awaited = 0
        self._present: Counter[str] = Counter()
        self._changed = Condition()
        self._visits: Counter[str] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        self.base = f"{'https' if tls else 'http'}://{HOST}:{self.port}"

    def url(self, name: str) -> str:
        assert name in BEHAVIOURS, name
        return f"{self.base}/{name}"

    def begin(self) -> None:
        """Every path as if it had never been asked for."""
        self._visits.clear()
        self.asked.clear()
        self.at_once.clear()

    def paths(self) -> list[str]:
        return [each.path for each in self.asked]

    def run(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with outer.counted(self.headers["Host"].partition(":")[0]):
                    outer.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        return Handler

    @contextmanager
    def counted(self, host: str) -> Iterator[None]:
        with self._changed:
            for name in ("", host):
                self._present[name] += 1
                self.at_once[name] = max(self.at_once[name], self._present[name])
            self._changed.notify_all()
            self._changed.wait_for(lambda: self.at_once[""] >= self.awaited, timeout=60)
        try:
            yield
        finally:
            with self._changed:
                for name in ("", host):
                    self._present[name] -= 1

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        path = handler.path.partition("?")[0].strip("/").partition("/")[0]
        self._visits[handler.path] += 1
        headers = {name.lower(): value for name, value in handler.headers.items()}
        asked = Asked(handler.path, self._visits[handler.path], self.base, headers)
        self.asked.append(asked)
        found = (self.others | BEHAVIOURS).get(path, unknown)(asked)
        with suppress(OSError):
            if isinstance(found, Answer):
                _send(handler, found)
            else:
                found(handler.wfile.write, self.over)
        handler.close_connection = True


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    body = answer.body.encode() if isinstance(answer.body, str) else answer.body
    handler.send_response(answer.status)
    for name, value in answer.headers.items():
        handler.send_header(name, value)
    length = len(body) if answer.stated is None else answer.stated
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def feed_server(tls: SSLContext | None = None) -> Iterator[FeedServer]:
    server = FeedServer(tls)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.close()
        thread.join()


def resolver(host: str, port: int) -> Sequence[str]:
    """Names without the network: that of the server, and addresses that stand for themselves."""
    if host == HOST:
        return ["127.0.0.1"]
    if host.endswith(".test"):
        raise OSError("no such name in tests")
    try:
        found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST)
    except OSError:
        with suppress(OSError):
            return [socket.inet_ntoa(socket.inet_aton(host))]  # 127.1, 2130706433
        raise
    return [str(row[4][0]) for row in found]


def unknown(_: Asked) -> Answer:
    return Answer("nothing here", 404)


# What is right.


@behaviour
def plain(_: Asked) -> Answer:
    return xml(news(1), news(2))


@behaviour
def atom(_: Asked) -> Answer:
    return Answer(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>金融大同</title><entry><id>tag:a,1</id>'
        '<title type="html">新闻 &lt;b&gt;1&lt;/b&gt;</title><link href="https://news.example/1"/>'
        "<published>2022-09-05T20:11:00+08:00</published><updated>2023-01-01T00:00:00Z</updated>"
        '<content type="html">&lt;p&gt;正文&lt;/p&gt;</content></entry></feed>'
    )


@behaviour
def rdf(_: Asked) -> Answer:
    return Answer(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>金融大同</title></channel><item rdf:about='https://news.example/1'>"
        "<title>新闻 1</title><link>https://news.example/1</link>"
        "<dc:date>2022-09-05T20:11:00+08:00</dc:date></item></rdf:RDF>"
    )


@behaviour
def json_feed(_: Asked) -> Answer:
    item = {"id": 1, "url": "https://news.example/1", "title": "新闻 1", "content_text": "正文"}
    item["date_published"] = "2022-09-05T20:11:00+08:00"
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "金融大同", "items": [item]}
    return Answer(json.dumps(feed))


# Validators.


@behaviour
def not_modified_at_once(_: Asked) -> Answer:
    return Answer(status=304)


@behaviour
def same_body(_: Asked) -> Answer:
    return xml(news(1))


@behaviour
def weak_etag(asked: Asked) -> Answer:
    if asked.headers.get("if-none-match") == 'W/"Ab 1"':
        return Answer(status=304)
    return Answer(rss(news(1)), headers={"ETag": 'W/"Ab 1"'})


@behaviour
def odd_last_modified(asked: Asked) -> Answer:
    if asked.headers.get("if-modified-since") == "5 september 2022":
        return Answer(status=304)
    return Answer(rss(news(1)), headers={"Last-Modified": "5 september 2022"})


@behaviour
def wrong_validators(asked: Asked) -> Answer:
    """The same validators with other news."""
    return Answer(rss(news(asked.visit)), headers={"ETag": '"same"', "Last-Modified": DATE})


@behaviour
def endless_etag(_: Asked) -> Answer:
    return Answer(rss(news(1)), headers={"ETag": '"' + "a" * 5_000 + '"'})


# Redirects.


def redirect(target: str, status: int = 302) -> Answer:
    return Answer(status=status, headers={"Location": target})


def _redirecting(name: str, target: str, status: int) -> None:
    def answer(asked: Asked) -> Answer:
        port = asked.base.rpartition(":")[2]
        return redirect(target.replace("BASE", asked.base).replace("PORT", port), status)

    BEHAVIOURS[name] = answer


for _name, _target, _status in (
    ("moved_301", "BASE/plain", 301),
    ("moved_308", "/plain", 308),
    ("found_302", "plain", 302),
    ("other_303", "BASE/plain", 303),
    ("temporary_307", "BASE/plain", 307),
    ("moved_then_found", "BASE/found_302", 301),
    ("loop", "BASE/loop", 302),
    ("to_loopback", "http://127.0.0.1:PORT/secret", 302),
    ("to_loopback_v6", "http://[::1]/secret", 302),
    ("to_mapped", "http://[::ffff:127.0.0.1]/secret", 302),
    ("to_decimal", "http://2130706433/secret", 302),
    ("to_short", "http://127.1/secret", 302),
    ("to_zero", "http://0.0.0.0/secret", 302),
    ("to_metadata", "http://169.254.169.254/latest/meta-data/", 302),
    ("to_private", "http://10.0.0.1/", 301),
    ("to_shared", "http://100.64.0.1/", 301),
    ("to_file", "file:///etc/passwd", 302),
    ("to_ftp", "ftp://news.example/feed", 302),
    ("to_user", "http://user:pass@127.0.0.1/", 302),
    ("to_unknown_name", "http://nowhere.test/", 302),
    ("to_broken", "http://[broken/", 302),
):
    _redirecting(_name, _target, _status)


@behaviour
def secret(_: Asked) -> Answer:
    """Where no redirect may lead."""
    return xml(news(666))


@behaviour
def chain(asked: Asked) -> Answer:
    """/chain/5 redirects five times, then gives a feed."""
    left = int(asked.path.rpartition("/")[2] if asked.path.count("/") > 1 else 5)
    return redirect(f"/chain/{left - 1}", 301) if left else xml(news(1))


@behaviour
def long_chain(_: Asked) -> Answer:
    return redirect("/chain/5")


@behaviour
def no_location(_: Asked) -> Answer:
    return Answer(status=302)


# Statuses.


for _status in (400, 401, 403, 404, 410, 418, 500, 502, 503):
    BEHAVIOURS[f"status_{_status}"] = lambda _, status=_status: Answer("…", status)


@behaviour
def too_many_seconds(_: Asked) -> Answer:
    return Answer(status=429, headers={"Retry-After": "7200"})


@behaviour
def busy(_: Asked) -> Answer:
    return Answer(status=503, headers={"Retry-After": "Tue, 15 Nov 2022 15:00:00 GMT"})


@behaviour
def too_many_date(_: Asked) -> Answer:
    return Answer(status=429, headers={"Retry-After": "Tue, 15 Nov 2022 14:00:00 GMT"})


@behaviour
def too_many_for_ever(_: Asked) -> Answer:
    return Answer(status=503, headers={"Retry-After": "99999999999"})


# Transport.


def head(length: int | None = None, extra: str = "") -> bytes:
    stated = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 200 OK\r\n{stated}{extra}Connection: close\r\n\r\n".encode()


@behaviour
def drip_body(_: Asked) -> Callable[[Write, Event], None]:
    def answer(write: Write, over: Event) -> None:
        write(head(1_000_000))
        while not over.wait(0.05):
            write(b" ")

    return answer


@behaviour
def drip_headers(_: Asked) -> Callable[[Write, Event], None]:
    def answer(write: Write, over: Event) -> None:
        write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.05):
            write(b"a")

    return answer


@behaviour
def silence(_: Asked) -> Callable[[Write, Event], None]:
    def answer(write: Write, over: Event) -> None:
        over.wait(10)

    return answer


@behaviour
def endless_body(_: Asked) -> Callable[[Write, Event], None]:
    def answer(write: Write, over: Event) -> None:
        write(head())
        started = time.monotonic()
        while not over.is_set() and time.monotonic() - started < 20:
            write(b" " * 1_000_000)

    return answer


@behaviour
def gzip_bomb(_: Asked) -> Answer:
    return Answer(gzip.compress(b" " * 16_000_000), headers={"Content-Encoding": "gzip"})


@behaviour
def gzip_twice_bomb(_: Asked) -> Answer:
    body = gzip.compress(gzip.compress(b" " * 16_000_000))
    return Answer(body, headers={"Content-Encoding": "gzip, gzip"})


def _packed(body: bytes, encoding: str) -> Answer:
    return Answer(body, headers={"Content-Encoding": encoding, "Content-Type": UTF8_XML})


@behaviour
def gzipped(_: Asked) -> Answer:
    return _packed(gzip.compress(rss(news(1)).encode()), "gzip")


@behaviour
def gzipped_in_parts(_: Asked) -> Answer:
    whole = rss(news(1)).encode()
    return _packed(gzip.compress(whole[:100]) + gzip.compress(whole[100:]), "x-gzip")


@behaviour
def gzipped_in_too_many_parts(_: Asked) -> Answer:
    return _packed(gzip.compress(rss(news(1)).encode()) + gzip.compress(b"") * 1_000, "gzip")


@behaviour
def deflated(_: Asked) -> Answer:
    return _packed(zlib.compress(rss(news(1)).encode()), "deflate")


@behaviour
def deflated_raw(_: Asked) -> Answer:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return _packed(packer.compress(rss(news(1)).encode()) + packer.flush(), "deflate")


@behaviour
def gzip_cut(_: Asked) -> Answer:
    return _packed(gzip.compress(rss(news(1), news(2)).encode(), 0)[:-30], "gzip")


@behaviour
def gzip_lie(_: Asked) -> Answer:
    return _packed(rss(news(1)).encode(), "gzip")


@behaviour
def brotli(_: Asked) -> Answer:
    return _packed(b"\x0b\x02\x80", "br")


@behaviour
def length_too_long(_: Asked) -> Answer:
    body = rss(news(1))
    return Answer(body, stated=len(body.encode()) + 100)


@behaviour
def length_too_short(_: Asked) -> Answer:
    body = rss(news(1), news(2), news(3)).encode()
    return Answer(body, stated=len(body) - 60)


@behaviour
def no_length(_: Asked) -> Callable[[Write, Event], None]:
    return lambda write, _: write(head() + rss(news(1)).encode()) and None


def _chunks(*parts: bytes) -> bytes:
    return b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts)


@behaviour
def chunked(_: Asked) -> Callable[[Write, Event], None]:
    body = rss(news(1)).encode()
    parts = _chunks(body[:50], body[50:]) + b"0\r\n\r\n"
    return lambda write, _: write(head(extra="Transfer-Encoding: chunked\r\n") + parts) and None


@behaviour
def chunked_cut(_: Asked) -> Callable[[Write, Event], None]:
    parts = _chunks(rss(news(1)).encode())
    return lambda write, _: write(head(extra="Transfer-Encoding: chunked\r\n") + parts) and None


@behaviour
def chunked_broken(_: Asked) -> Callable[[Write, Event], None]:
    parts = b"zz\r\n" + rss(news(1)).encode()
    return lambda write, _: write(head(extra="Transfer-Encoding: chunked\r\n") + parts) and None


@behaviour
def hung_up(_: Asked) -> Callable[[Write, Event], None]:
    return lambda write, _: None


@behaviour
def no_http(_: Asked) -> Callable[[Write, Event], None]:
    return lambda write, _: write(b"SSH-2.0-OpenSSH_9.0\r\n") and None


@behaviour
def flood_of_headers(_: Asked) -> Callable[[Write, Event], None]:
    many = "".join(f"X-{number}: a\r\n" for number in range(500))
    return lambda write, _: write(head(0, many)) and None


@behaviour
def long_header(_: Asked) -> Callable[[Write, Event], None]:
    return lambda write, _: write(head(0, f"X-Long: {'a' * 200_000}\r\n")) and None


# Encodings.


def encoded(encoding: str, *, declared: str = "", http: str = "", mark: bytes = b"") -> Answer:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = rss(
        news(1, title="金融科技大展", body="中央人民生活，世界大同。" * 5),
        declaration=declaration,
    )
    headers = {"Content-Type": f"text/xml; charset={http}" if http else "text/xml"}
    return Answer(mark + text.encode(encoding), headers=headers)


for _name, _how in {
    "http_says_latin1": {"encoding": "utf-8", "http": "iso-8859-1"},
    "xml_says_gb2312": {"encoding": "utf-8", "declared": "gb2312", "http": "gbk"},
    "xml_says_utf8": {"encoding": "gb18030", "declared": "utf-8", "http": "utf-8"},
    "http_says_utf8": {"encoding": "gbk", "declared": "gb2312", "http": "utf-8"},
    "nothing_said_gbk": {"encoding": "gbk"},
    "nothing_said_big5": {"encoding": "big5hkscs"},
    "said_gbk_is_big5": {"encoding": "big5hkscs", "declared": "gb2312"},
    "unknown_encoding": {"encoding": "utf-8", "declared": "klingon", "http": "zlib_codec"},
    "utf16_with_mark": {"encoding": "utf-16", "declared": "utf-16"},
    "utf16_without_mark": {"encoding": "utf-16-le", "declared": "utf-16", "http": "utf-8"},
    "utf8_with_mark": {"encoding": "utf-8", "mark": b"\xef\xbb\xbf", "declared": "gb2312"},
    "space_before": {"encoding": "utf-8", "mark": b"\n\n  ", "declared": "utf-8"},
}.items():
    BEHAVIOURS[_name] = lambda _, how=_how: _traditional(how)


def _traditional(how: Mapping[str, str | bytes]) -> Answer:
    return encoded(**how)  # type: ignore[arg-type]


@behaviour
def said_html(_: Asked) -> Answer:
    return Answer(rss(news(1)), headers={"Content-Type": "text/html; charset=utf-8"})


@behaviour
def said_picture(_: Asked) -> Answer:
    return Answer(rss(news(1)), headers={"Content-Type": "image/png"})


# Contents.


@behaviour
def page(_: Asked) -> Answer:
    body = '<!doctype html><html><link rel="alternate" type="application/rss+xml" href="/plain">'
    return Answer(body, headers={"Content-Type": "application/rss+xml"})


@behaviour
def page_of_another_host(asked: Asked) -> Answer:
    """Its feed is on another host of the same machine."""
    other = asked.base.replace("127.0.0.1", "127.0.0.2")
    link = f'<link rel="alternate" type="application/rss+xml" href="{other}/plain">'
    return Answer(f"<!doctype html><html>{link}")


@behaviour
def empty(_: Asked) -> Answer:
    return Answer("")


@behaviour
def only_spaces(_: Asked) -> Answer:
    return Answer("\n \n")


@behaviour
def other_json(_: Asked) -> Answer:
    return Answer('{"error": "no"}')


@behaviour
def cut_json(_: Asked) -> Answer:
    return Answer('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"')


@behaviour
def other_xml(_: Asked) -> Answer:
    return Answer('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')


@behaviour
def picture(_: Asked) -> Answer:
    return Answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4)


@behaviour
def no_entries(_: Asked) -> Answer:
    return xml()


@behaviour
def cut_in_the_middle(asked: Asked) -> Answer:
    """Cut within its third item; whole when asked again."""
    whole = rss(news(1), news(2), news(3, body="很长的正文。" * 50))
    return Answer(whole[:-200] if asked.visit == 1 else whole, headers={"ETag": '"1"'})


@behaviour
def whole_then_cut(asked: Asked) -> Answer:
    """With the same validator, whole at first and cut when asked again; never 304."""
    whole = rss(news(1), news(2))
    return Answer(whole if asked.visit == 1 else whole[:-60], headers={"ETag": '"1"'})


@behaviour
def rdf_cut(_: Asked) -> Answer:
    """Its channel ends before its items begin."""
    items = "".join(
        f"<item rdf:about='https://news.example/{number}'><title>新闻 {number}</title>"
        f"<link>https://news.example/{number}</link></item>"
        for number in (1, 2)
    )
    return Answer(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/"><channel><title>金融大同</title></channel>{items}'[:-9]
    )


@behaviour
def comment_at_the_end(_: Asked) -> Answer:
    """As caches write it behind what they keep."""
    return Answer(rss(news(1), news(2)) + f"<!-- {'served from a cache ' * 50}-->")


@behaviour
def ill_formed(_: Asked) -> Answer:
    return Answer(rss(news(1), news(2)).replace("正文", "AT&T <br> &nbsp; \x01 正文"))


@behaviour
def laughs(_: Asked) -> Answer:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    return Answer(f"<!DOCTYPE rss [{entities}]>" + rss(news(1)).replace("正文", "&a9;"))


@behaviour
def external_entity(asked: Asked) -> Answer:
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{asked.base}/secret"><!ENTITY y SYSTEM "file:///etc/passwd">]>'
    return Answer(entity + rss(news(1)).replace("正文", "&x;&y;正文"))


@behaviour
def flood(_: Asked) -> Answer:
    return xml(*(news(number) for number in range(40)))


@behaviour
def hostile_values(_: Asked) -> Answer:
    return xml(
        entry("'\nid: x\n---\n", guid="../../../../etc/passwd", link="https://news.example/a"),
        entry("标题", guid="a" * 5_000, link="javascript:alert(1)", body="<script>x()</script>文"),
        entry("# - *x: &y", guid="\u202e\u2028g", link="https://news.example/'\"><b", date="'\n"),
    )


# Identities.


@behaviour
def twice_the_same(_: Asked) -> Answer:
    return xml(news(1), news(1), news(2))


@behaviour
def no_guids(_: Asked) -> Answer:
    return xml(*(entry(f"新闻 {n}", link=f"https://news.example/{n}") for n in (1, 2)))


@behaviour
def nothing_but_titles(_: Asked) -> Answer:
    return xml(entry("甲"), entry("乙"))


@behaviour
def all_lead_home(_: Asked) -> Answer:
    return xml(*(entry(title, link="https://news.example/") for title in ("甲", "乙", "丙")))


@behaviour
def one_guid_for_all(_: Asked) -> Answer:
    return xml(news(1, guid="0"), news(2, guid="0"), news(3, guid="0"))


@behaviour
def changing_guids(asked: Asked) -> Answer:
    return xml(news(1, guid=f"a{asked.visit}"), news(2, guid=f"b{asked.visit}"))


@behaviour
def appearing_guids(asked: Asked) -> Answer:
    return xml(news(1, guid="" if asked.visit == 1 else "guid-1"))


@behaviour
def moving(asked: Asked) -> Answer:
    """Its entries' addresses change, and their order."""
    items = [news(n, link=f"https://news.example/{asked.visit}/{n}") for n in (1, 2)]
    return xml(*(items if asked.visit == 1 else reversed(items)))


@behaviour
def http_then_https(asked: Asked) -> Answer:
    scheme = "http" if asked.visit == 1 else "https"
    return xml(entry("新闻 1", link=f"{scheme}://www.news.example/1?utm_source=rss{asked.visit}"))


@behaviour
def changing_text(asked: Asked) -> Answer:
    return xml(news(1, body=f"第 {asked.visit} 稿"), news(2))


@behaviour
def changing_title(asked: Asked) -> Answer:
    return xml(news(1, title=f"标题 {asked.visit}"), news(2))


@behaviour
def changing_markup(asked: Asked) -> Answer:
    return xml(news(1, body=f'<p class="v{asked.visit}">正文</p>'))


@behaviour
def changing_dates(asked: Asked) -> Answer:
    return xml(news(1, date=f"Mon, 0{asked.visit} Aug 2022 12:11:00 GMT"))


@behaviour
def rolling(asked: Asked) -> Answer:
    """One new entry a visit, of three that are shown."""
    return xml(*(news(asked.visit + ago) for ago in (2, 1, 0)))


# Dates: what is written → what it is, in GMT; "" for one that cannot be used.

DATES = {
    "Mon, 05 Sep 2022 12:11:00 GMT": "2022-09-05 12:11",
    "Mon, 5 Sep 2022 20:11:00 +0800": "2022-09-05 12:11",
    "Mon, 05 Sep 2022 08:11:00 EDT": "2022-09-05 12:11",
    "2022-09-05T20:11:00+08:00": "2022-09-05 12:11",
    "2022-09-05T12:11:00.123Z": "2022-09-05 12:11",
    "2022-09-05 20:11:00": "2022-09-05 12:11",
    "2022-09-05 20:11": "2022-09-05 12:11",
    "2022/09/05 20:11": "2022-09-05 12:11",
    "2022年9月5日 20:11": "2022-09-05 12:11",
    "2022年9月5日 下午8:11": "2022-09-05 12:11",
    "2022年9月5日": "2022-09-04 16:00",
    "2022-09-05": "2022-09-04 16:00",
    "20220905": "2022-09-04 16:00",
    "1662379860": "2022-09-05 12:11",
    "1662379860000": "2022-09-05 12:11",
    "星期一, 05 九月 2022 20:11:00 +0800": "",
    "Invalid Date": "",
    "undefined": "",
    "0000-00-00 00:00:00": "",
    "昨天 20:11": "",
    "2022-09": "",
    "2022-13-45": "",
    "Thu, 01 Jan 1970 00:00:00 GMT": "",
    "Fri, 01 Jan 2038 00:00:00 GMT": "",
    "2099-01-01": "",
    "": "",
}


@behaviour
def dates(_: Asked) -> Answer:
    return xml(*(news(number, date=date) for number, date in enumerate(DATES)))


@behaviour
def zone_of_the_feed(_: Asked) -> Answer:
    """The feed's own date has a zone, those of its entries have none."""
    head = "<lastBuildDate>Mon, 05 Sep 2022 21:30:00 +0900</lastBuildDate>"
    return xml(news(1, date="2022-09-05 21:11:00"), head=head)


@behaviour
def zone_of_the_program(_: Asked) -> Answer:
    """The feed's own date is in GMT, as programs write it, those of its entries have none."""
    head = "<lastBuildDate>Mon, 05 Sep 2022 12:30:00 GMT</lastBuildDate>"
    return xml(news(1, date="2022-09-05 20:11:00"), head=head)
