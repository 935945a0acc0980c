"""`python -m benchmarks.feeds.news_server FEEDS ENTRIES`: feeds of invented news on this machine.

Each has an ETag and answers a conditional request with 304. `/counts` says what was asked for.
"""

import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

from benchmarks.speed.synthetic_corpus import grown
from index.article import Article
from index.sources.reader import read_articles

SEEDS = Path(__file__).parents[2] / "seeds" / "articles"
COUNTS = "/counts"
NEWEST = datetime(2022, 11, 15, 12, tzinfo=UTC)


def bodies(feeds: int, entries: int) -> Iterator[bytes]:
    """Feeds of articles made of pieces of the sample articles, in RSS; one an hour until NEWEST."""
    articles = [item for item in read_articles([SEEDS]) if isinstance(item, Article)]
    made = grown(articles)
    for _ in range(feeds):
        rows = islice(made, entries)
        yield rss([each | {"date": _hours_old(age)} for age, each in enumerate(rows)])


def _hours_old(hours: int) -> str:
    return (NEWEST - timedelta(hours=hours)).isoformat()


def rss(rows: Sequence[dict[str, Any]]) -> bytes:
    """A feed of rows with id, title, body (paragraphs parted by an empty line) and date, and a
    link of its own if it is not that of its id."""
    items = []
    for row in rows:
        address = f"https://news.example/{row.get('link', row['id'])}"
        text = escape("".join(f"<p>{escape(part)}</p>" for part in row["body"].split("\n\n")))
        items.append(
            f"<item><title>{escape(row['title'])}</title>"
            f'<guid isPermaLink="false">{row["id"]}</guid>'
            f"<link>{address}</link><pubDate>{row['date']}</pubDate>"
            f"<description>{text}</description></item>"
        )
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>新闻</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


class NewsServer(ThreadingHTTPServer):
    """Serves each body at /0, /1 and so on, and counts requests by what came of them. `asked` is
    set by the first request."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, served: Sequence[bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.served = served
        self.counts: Counter[str] = Counter()
        self.asked = Event()


class _Handler(BaseHTTPRequestHandler):
    server: NewsServer

    def do_GET(self) -> None:
        if self.path == COUNTS:
            self._send(200, json.dumps(self.server.counts).encode())
            return
        body = self.server.served[int(self.path[1:])]
        tag = f'"{zlib.crc32(body):08x}"'
        given = self.headers.get("If-None-Match")
        status = 304 if given == tag else 200
        self.server.asked.set()
        self.server.counts["requests"] += 1
        self.server.counts["conditional"] += given is not None
        self.server.counts[f"answered {status}"] += 1
        self._send(status, b"" if status == 304 else body, tag)

    def _send(self, status: int, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if tag:
            self.send_header("ETag", tag)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def main() -> None:
    feeds, entries = map(int, sys.argv[1:])
    server = NewsServer(list(bodies(feeds, entries)))
    print(f"http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
