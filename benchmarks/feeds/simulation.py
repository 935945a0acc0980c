"""Eight days of simulated time: when each of some feeds is fetched, by what its server answers.

The fetcher, its archive and its state are those of the product; the clock is passed in, and the
client is a table of servers. Six days show all but the adoption of a redirect, which takes a week.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from urllib.parse import urlsplit

from index.fetching.archive import Archive
from index.fetching.connecting.http_client import Request, Response
from index.fetching.fetcher import Fetcher
from index.fetching.schedule import DAY, HOUR
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription

START = 1_668_384_000
"""Monday, 14 November 2022, 00:00 GMT."""
DAYS = 8
NEWS_EVERY = 3 * HOUR
SHOWN = 16
"""Entries that a feed shows: those of two days."""
_SKIPPED_HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(16, 24))


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: seconds after START, and the status it was answered with. `moved`: whether it went
    to another address than the one in feeds.toml."""

    after: int
    status: int
    conditional: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class FeedDays:
    """A feed's requests. `shown`: articles that its server published; `stored`: those that have a
    file. `ended`: whether it is never fetched again."""

    name: str
    asked: tuple[Asked, ...]
    shown: int
    stored: int
    ended: bool

    def a_day(self) -> list[int]:
        """Requests by day."""
        return [sum(each.after // DAY == day for each in self.asked) for day in range(DAYS)]


Headers = dict[str, str]
Serve = Callable[[int, Request], tuple[int, Headers]]
"""Seconds after START and the request → status and headers."""


@dataclass(frozen=True, slots=True)
class Server:
    """How the server of one feed behaves. `head`: what its feed says of itself, in RSS."""

    serve: Serve
    head: str = ""
    host: str = ""


def _always(headers: Callable[[int], Headers] | None = None) -> Serve:
    return lambda after, _: (200, headers(after) if headers else {})


def _not_modified(after: int, request: Request) -> tuple[int, Headers]:
    tag = f'"{after // NEWS_EVERY}"'
    return (304 if request.etag == tag else 200), {"etag": tag}


def _between(start: int, end: int, status: int, headers: Mapping[str, str] | None = None) -> Serve:
    """200, but from day `start` to before day `end` another status; the first day is 1."""

    def serve(after: int, _: Request) -> tuple[int, Headers]:
        wrong = start <= after // DAY + 1 < end
        return (status, dict(headers or {})) if wrong else (200, {})

    return serve


def _moved(_: int, request: Request) -> tuple[int, Headers]:
    return (200 if request.url.endswith("/new") else 301), {}


SERVERS: Mapping[str, Server] = {
    "no hints": Server(_always()),
    "`ttl` of 180 minutes": Server(_always(), "<ttl>180</ttl>"),
    "`Cache-Control: max-age=1800`": Server(_always(lambda _: {"cache-control": "max-age=1800"})),
    "`Expires` in six hours": Server(
        _always(lambda after: {"expires": formatdate(START + after + 6 * HOUR, usegmt=True)})
    ),
    "`skipHours` 16 to 23": Server(_always(), f"<skipHours>{_SKIPPED_HOURS}</skipHours>"),
    "`skipDays` of the weekend": Server(
        _always(), "<skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
    ),
    "304 until there is news": Server(_not_modified),
    "429 with `Retry-After: 21600` on day 2": Server(
        _between(2, 3, 429, {"retry-after": "21600"}), host="busy.example"
    ),
    "another feed of that host": Server(_always(), host="busy.example"),
    "500 on days 2 to 5": Server(_between(2, 6, 500)),
    "410 on day 3 only": Server(_between(3, 4, 410)),
    "410 from day 3 on": Server(_between(3, DAYS + 1, 410)),
    "301 all the time": Server(_moved),
}


@dataclass
class _Client:
    """Answers for all servers, at the time of the clock that is passed in."""

    now: int = START
    asked: dict[str, list[Asked]] = field(default_factory=dict)

    def fetch(self, request: Request) -> Response:
        number = int(urlsplit(request.url).path.split("/")[1])
        name, after = list(SERVERS)[number], self.now - START
        server = SERVERS[name]
        status, headers = server.serve(after, request)
        moved_to = f"{request.url}/new" if status == 301 else None
        asked = Asked(after, status, bool(request.etag), request.url.endswith("/new"))
        self.asked.setdefault(name, []).append(asked)
        status = 200 if moved_to else status  # the client of the product follows it
        body = _rss(server.head, after, number) if status == 200 else b""
        return Response(status, headers, body, request.url, moved_to)


def simulated(folder: Path) -> list[FeedDays]:
    """The feeds of SERVERS over DAYS days, with files and state in `folder`."""
    state, client = FetchState(folder / "feeds.sqlite"), _Client()
    listed = [
        Subscription(_source(number), f"https://{server.host or f'n{number}.example'}/{number}")
        for number, server in enumerate(SERVERS.values())
    ]
    try:
        archive = Archive(folder / "articles", state)
        fetcher = Fetcher(client, archive, state, lambda: client.now)
        moment: int | None = START
        while moment is not None and moment < START + DAYS * DAY:
            client.now = moment
            for _ in fetcher.fetch(fetcher.due(listed)):
                pass
            moment = fetcher.next_due(listed)
        ended = {each.name: state.feed(each.name, each.url).ended for each in listed}
    finally:
        state.close()
    return [
        FeedDays(
            name,
            tuple(client.asked[name]),
            _published(DAYS * DAY - 1),
            len(list((archive.root / _source(number)).rglob("*.md"))),
            bool(ended[_source(number)]),
        )
        for number, name in enumerate(SERVERS)
    ]


def _source(number: int) -> str:
    return f"源{number}"


def _published(after: int) -> int:
    return after // NEWS_EVERY + 1


def _rss(head: str, after: int, number: int) -> bytes:
    last = _published(after)
    items = "".join(
        f"<item><title>新闻 {each}</title><link>https://n.example/{number}/{each}</link>"
        f"<pubDate>{formatdate(START + each * NEWS_EVERY)}</pubDate></item>"
        for each in range(max(0, last - SHOWN), last)
    )
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def table(found: Sequence[FeedDays]) -> list[str]:
    """Requests by day, in Markdown."""
    days = " | ".join(str(day + 1) for day in range(DAYS))
    lines = [
        f"| server | {days} | conditional | articles stored |",
        f"|---{'|---:' * (DAYS + 2)}|",
    ]
    for each in found:
        counts = " | ".join(str(count) for count in each.a_day())
        conditional = sum(one.conditional for one in each.asked)
        lines.append(f"| {each.name} | {counts} | {conditional} | {each.stored} of {each.shown} |")
    return lines
