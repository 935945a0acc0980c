"""Reads the article at an address: asked politely, decoded, and extracted."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event

from index.fetching.connecting.errors import FetchError, status_in_words
from index.fetching.connecting.http_client import Client, Request, Response
from index.fetching.pages.extractor import ExtractionError, Extractor
from index.fetching.pages.robots import Robots
from index.fetching.reading.feed_encoding import decoded_feed

PAGES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
MAX_PAGE = 3_000_000
"""Bytes; pages of news have 50 to 500 KB."""
MAX_SECONDS_A_HOST = 60.0
"""After so long no further page of a host is begun in one fetch: news is not kept waiting."""
HEAD = 2_000
"""Bytes in which a page names its encoding."""
_AGAIN = frozenset((408, 425, 429))
_RESTING = frozenset((429, 503))
_HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What came of a page: `html`, or `reason` (Chinese) why there is none. `lasting`: whether it
    would be the same when asked again. `status` and `headers` of the answer, 0 for none."""

    html: str = ""
    reason: str = ""
    lasting: bool = True
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def rests(self) -> bool:
        """Whether the host asked to be left alone."""
        return self.status in _RESTING


@dataclass(frozen=True, slots=True)
class PageReader:
    """For many threads at once. `stop`: once it is set, no further page of a host is begun."""

    client: Client
    robots: Robots
    extractor: Extractor
    stop: Event
    seconds: float = MAX_SECONDS_A_HOST

    def read_all(self, urls: Sequence[str], private_hosts: frozenset[str]) -> list[PageAnswer]:
        """The first pages of a host one after the other, until there is no time for another, the
        host wants rest, or `stop`."""
        found: list[PageAnswer] = []
        begin = time.monotonic()
        for url in urls:
            late = time.monotonic() - begin > self.seconds
            if found and (late or found[-1].rests or self.stop.is_set()):
                break
            found.append(self.read(url, private_hosts))
        return found

    def read(self, url: str, private_hosts: frozenset[str]) -> PageAnswer:
        def permit(address: str) -> None:
            self.robots.permit(address, private_hosts)

        request = Request(
            url, private_hosts=private_hosts, accept=PAGES, most=MAX_PAGE, permit=permit
        )
        try:
            response = self.client.fetch(request)
        except FetchError as problem:
            return PageAnswer(reason=str(problem), lasting=problem.lasting)
        return self._article(response)

    def _article(self, response: Response) -> PageAnswer:
        status, headers = response.status, response.headers
        if status != 200:
            lasting = status < 500 and status not in _AGAIN
            return PageAnswer("", status_in_words(status), lasting, status, headers)
        kind = headers.get("content-type", "")
        if kind and not kind.strip().lower().startswith(_HTML):
            return PageAnswer(reason="不是网页")
        if not response.whole:
            return PageAnswer(reason="网页没有传完", lasting=False)
        try:
            html = self.extractor.article(_decoded(response.body, kind))
        except ExtractionError as problem:
            reason = "网页太复杂，读不了" if problem.lasting else "取全文的进程运行不了"
            return PageAnswer(reason=reason, lasting=problem.lasting)
        return PageAnswer(html, "" if html else "网页里没有找到正文")


def _decoded(body: bytes, kind: str) -> str:
    """The encoding that a page names in its head stands behind that of HTTP."""
    return decoded_feed(body, f"{kind} {body[:HEAD].decode('latin-1')}")
