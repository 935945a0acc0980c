"""Fetches feeds: connections in threads, files and state in the thread of the caller."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace

from index.fetching.archive import Archive, Stored
from index.fetching.connecting.addresses import host_and_port
from index.fetching.connecting.errors import FetchError, InsideAddressError
from index.fetching.connecting.http_client import Client, Request, Response
from index.fetching.reading.entries import NotAFeedError, SourceFeed
from index.fetching.reading.feed_parser import read_feed
from index.fetching.schedule import FeedState, Outcome, after, host_rest
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from index.messages import Message, msg

MAX_CONNECTIONS, MAX_PER_HOST = 10, 2

log = logging.getLogger("yuansou.feeds")

Clock = Callable[[], int]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching a feed. `status` 0: no answer."""

    name: str
    status: int
    error: str
    stored: Stored
    next_at: int
    requests: int = 1


Answer = Response | FetchError


class Fetcher:
    """Fetches feeds into one archive."""

    def __init__(self, client: Client, archive: Archive, state: FetchState, clock: Clock) -> None:
        self._client, self._archive, self._state, self._clock = client, archive, state, clock

    def due(self, subscriptions: Sequence[Subscription]) -> list[Subscription]:
        """Those whose time has come and whose host is not resting."""
        now = self._clock()
        moments = ((each, self._next_at(each)) for each in subscriptions)
        return [each for each, moment in moments if moment is not None and moment <= now]

    def next_due(self, subscriptions: Sequence[Subscription]) -> int | None:
        """When the first of them is due; None if none ever is."""
        moments = (self._next_at(each) for each in subscriptions)
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_at(self, each: Subscription) -> int | None:
        """When a feed is due; None if it has ended."""
        state = self._state.feed(each.name, each.url)
        rests = 0 if each.allow_private else self._state.rests_until(_host(state.address))
        return None if state.ended else max(state.next_at, rests)

    def fetch(self, subscriptions: Sequence[Subscription]) -> Iterator[Fetched]:
        """Fetch these feeds now, in any order: at most two at a time from a host, ten in all."""
        self._archive.prepare([each.name for each in subscriptions])
        waiting = list(subscriptions)
        running: dict[Future[Answer], Subscription] = {}
        hosts: Counter[str] = Counter()
        with ThreadPoolExecutor(MAX_CONNECTIONS) as pool:
            while waiting or running:
                for each in startable(waiting, hosts, MAX_CONNECTIONS - len(running), self._at):
                    waiting.remove(each)
                    hosts[self._at(each)] += 1
                    running[pool.submit(self._answer, self._request(each))] = each
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    each = running.pop(future)
                    hosts[self._at(each)] -= 1
                    yield self._received(each, future.result())

    def _at(self, each: Subscription) -> str:
        return _host(self._state.feed(each.name, each.url).address)

    def _request(self, each: Subscription) -> Request:
        state = self._state.feed(each.name, each.url)
        return Request(state.address, state.etag, state.last_modified, each.private_hosts)

    def _answer(self, request: Request) -> Answer:
        try:
            return self._client.fetch(request)
        except FetchError as problem:
            return problem

    def _received(self, each: Subscription, answer: Answer) -> Fetched:
        state, now = self._state.feed(each.name, each.url), self._clock()
        outcome, feed = read_outcome(answer, state)
        fresh = after(state, each.pace, outcome, now)
        if feed is None:
            rest = host_rest(each.pace, outcome, now)
            self._state.save_feed(fresh, _host(state.address), rest)
            stored = Stored()
        else:
            stored = self._archive.store(feed, each, fresh, now)
        requests = answer.requests if isinstance(answer, Response) else 1
        found = Fetched(each.name, outcome.status, fresh.trouble, stored, fresh.next_at, requests)
        _log(found)
        return found


def startable(
    waiting: Sequence[Subscription],
    running: Counter[str],
    room: int,
    host_of: Callable[[Subscription], str],
) -> list[Subscription]:
    """Which feeds may start now, with `room` connections left and these in use on each host."""
    counts = running.copy()
    chosen: list[Subscription] = []
    for each in waiting:
        if len(chosen) >= room:
            break
        host = host_of(each)
        if counts[host] < MAX_PER_HOST:
            counts[host] += 1
            chosen.append(each)
    return chosen


def read_outcome(response: Answer, state: FeedState) -> tuple[Outcome, SourceFeed | None]:
    """What an answer means, and the feed in it if it has one that differs from the last."""
    if isinstance(response, FetchError):
        return Outcome(error=response.reason, detail=_detail(response, state)), None
    found = Outcome(
        response.status, response.headers, moved_to=response.moved_to, whole=response.whole
    )
    if response.status == 304:
        return found, None
    if response.status != 200:
        return replace(found, error=status_in_words(response.status)), None
    digest = hashlib.blake2b(response.body, digest_size=16).hexdigest()
    if digest == state.body_hash:
        return replace(found, body_hash=digest), None
    try:
        feed = read_feed(response.body, response.headers.get("content-type", ""))
    except NotAFeedError as problem:
        return replace(found, error=problem.reason), None
    whole = response.whole and feed.whole
    return replace(found, hints=feed.hints, body_hash=digest, whole=whole), feed


def _detail(problem: FetchError, state: FeedState) -> str:
    """What helps the owner; on a host of their own, how to say that it is one."""
    if isinstance(problem, InsideAddressError) and problem.host == _host(state.asked):
        return f"{problem.detail}；确是自己的服务，请在 feeds.toml 里写 allow_private = true"
    return problem.detail


def status_in_words(status: int) -> Message:
    """What a status of HTTP means to the owner of a feed."""
    match status:
        case 401 | 403:
            return msg("对方不许抓取（%(status)s）", status=status)
        case 404:
            return msg("没有这个网址（404）")
        case 410:
            return msg("不再有了（410）")
        case 429:
            return msg("对方说抓得太勤（429）")
        case _:
            if status >= 500:
                return msg("对方的服务器出错（%(status)s）", status=status)
            return msg("对方没有给出内容（%(status)s）", status=status)


def _host(url: str) -> str:
    return host_and_port(url)[0].lower()


def _log(found: Fetched) -> None:
    stored = found.stored
    log.info(
        "feed=%r status=%d new=%d changed=%d left=%d next=%d error=%r",
        *(found.name, found.status, stored.new, stored.changed, stored.left),
        *(found.next_at, found.error),
    )
