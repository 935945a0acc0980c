"""Fetches feeds: connections in threads, files and state in the thread of the caller."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from threading import Event

from index.fetching.archive import Archive, Stored
from index.fetching.connecting.addresses import host_and_port
from index.fetching.connecting.errors import FetchError, InsideAddressError, status_in_words
from index.fetching.connecting.http_client import Client, Request, Response
from index.fetching.full_texts import NO_TEXTS, FullTextArchive, FullTexts, WantedPage
from index.fetching.pages.extractor import Extractor, ProcessExtractor
from index.fetching.pages.page_reader import PageAnswer, PageReader
from index.fetching.pages.robots import Robots
from index.fetching.reading.entries import NotAFeedError, SourceFeed
from index.fetching.reading.feed_parser import read_feed
from index.fetching.schedule import DAY, FeedState, Outcome, Pace, after, host_rest
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription

MAX_CONNECTIONS, MAX_PER_HOST = 10, 2

log = logging.getLogger("yuansou.feeds")

Clock = Callable[[], int]
"""Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of fetching a feed. `status` 0: no answer. `whole`: False where what was read
    of a feed was cut off."""

    name: str
    status: int
    error: str
    stored: Stored
    next_at: int
    requests: int = 1
    texts: FullTexts = NO_TEXTS
    whole: bool = True


Answer = Response | FetchError


@dataclass(frozen=True, slots=True)
class _FeedJob:
    """A feed to fetch from a host."""

    of: Subscription
    host: str
    request: Request


@dataclass(frozen=True, slots=True)
class _PageJob:
    """Pages of a feed's articles to read from a host, one after the other."""

    of: Subscription
    host: str
    pages: tuple[WantedPage, ...]


_Job = _FeedJob | _PageJob


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches feeds into one archive. `stop`: once it is set, or after Ctrl+C, pages wait for the
    next fetch, so that the process ends soon."""

    client: Client
    archive: Archive
    state: FetchState
    clock: Clock
    extractor: Extractor = field(default_factory=ProcessExtractor)
    stop: Event = field(default_factory=Event)

    def due(self, subscriptions: Sequence[Subscription]) -> list[Subscription]:
        """Those whose time has come and whose host is not resting."""
        now = self.clock()
        moments = ((each, self._next_at(each)) for each in subscriptions)
        return [each for each, moment in moments if moment is not None and moment <= now]

    def next_due(self, subscriptions: Sequence[Subscription]) -> int | None:
        """When the first of them is due; None if none ever is."""
        moments = (self._next_at(each) for each in subscriptions)
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_at(self, each: Subscription) -> int | None:
        """When a feed is due; None if it has ended."""
        state = self.state.feed(each.name, each.url)
        rests = 0 if each.allow_private else self.state.rests_until(_host(state.address))
        return None if state.ended else max(state.next_at, rests)

    def fetch(self, subscriptions: Sequence[Subscription]) -> Iterator[Fetched]:
        """Fetch these feeds now, in any order, each with the pages that its articles want: at most
        two at a time from a host, ten in all."""
        self.archive.prepare([each.name for each in subscriptions])
        now = self.clock()
        robots = Robots(self.client, self.state.robots_since(now - DAY))
        reader = PageReader(self.client, robots, self.extractor, self.stop)
        try:
            yield from self._worked(subscriptions, reader)
        finally:
            self.extractor.close()
            if robots.fresh:
                self.state.save_robots(robots.fresh, now, now - DAY)

    def _worked(
        self, subscriptions: Sequence[Subscription], reader: PageReader
    ) -> Iterator[Fetched]:
        waiting: list[_Job] = [self._feed_job(each) for each in subscriptions]
        running: dict[Future[Answer | list[PageAnswer]], _Job] = {}
        hosts: Counter[str] = Counter()
        rounds = {each.name: _Round() for each in subscriptions}
        with ThreadPoolExecutor(MAX_CONNECTIONS) as pool:
            while waiting or running:
                for job in startable(waiting, hosts, MAX_CONNECTIONS - len(running)):
                    waiting.remove(job)
                    hosts[job.host] += 1
                    running[pool.submit(self._run, job, reader)] = job
                done = self._done(running)
                for future in done:
                    job = running.pop(future)
                    hosts[job.host] -= 1
                    round_ = rounds[job.of.name]
                    waiting += self._finish(job, future.result(), round_)
                    if round_.fetched and not round_.open:
                        yield self._told(job.of, round_.fetched, round_.texts)

    def _done(
        self, running: Collection[Future[Answer | list[PageAnswer]]]
    ) -> set[Future[Answer | list[PageAnswer]]]:
        """Those that are done, one at least."""
        try:
            return wait(running, return_when=FIRST_COMPLETED).done
        except KeyboardInterrupt:
            self.stop.set()
            raise

    def _told(self, of: Subscription, fetched: Fetched, texts: FullTexts) -> Fetched:
        waiting = self.state.full_texts(of.name)["pending"] if of.full_text else 0
        found = replace(fetched, texts=replace(texts, waiting=waiting))
        _log(found)
        return found

    def _feed_job(self, each: Subscription) -> _FeedJob:
        state = self.state.feed(each.name, each.url)
        request = Request(state.address, state.etag, state.last_modified, each.private_hosts)
        return _FeedJob(each, _host(state.address), request)

    def _page_jobs(self, of: Subscription) -> list[_PageJob]:
        """The pages that a feed's articles want now, those of each host together."""
        if not of.full_text:
            return []
        now = self.clock()
        by_host: dict[str, list[WantedPage]] = {}
        for page in self._texts.wanted(of, now):
            if page.host in of.private_hosts or self.state.rests_until(page.host) <= now:
                by_host.setdefault(page.host, []).append(page)
        return [_PageJob(of, host, tuple(pages)) for host, pages in by_host.items()]

    @property
    def _texts(self) -> FullTextArchive:
        return FullTextArchive(self.archive.root, self.state)

    def _run(self, job: _Job, reader: PageReader) -> Answer | list[PageAnswer]:
        """In a thread: connections only."""
        if isinstance(job, _PageJob):
            return reader.read_all([page.url for page in job.pages], job.of.private_hosts)
        return self._answer(job.request)

    def _answer(self, request: Request) -> Answer:
        try:
            return self.client.fetch(request)
        except FetchError as problem:
            return problem

    def _finish(
        self, job: _Job, answer: "Answer | list[PageAnswer]", round_: "_Round"
    ) -> list[_PageJob]:
        """Keep what came of a job; gives the jobs that follow from it."""
        if isinstance(job, _FeedJob) and not isinstance(answer, list):
            round_.fetched = self._received(job.of, answer)
            jobs = self._page_jobs(job.of)
            round_.open = len(jobs)
            return jobs
        if isinstance(job, _PageJob) and isinstance(answer, list):
            round_.texts += self._read(job, answer)
            round_.open -= 1
        return []

    def _read(self, job: _PageJob, answers: Sequence[PageAnswer]) -> FullTexts:
        now, last = self.clock(), answers[-1]
        pace = Pace(private=job.host in job.of.private_hosts)
        if rest := host_rest(pace, Outcome(last.status, last.headers), now):
            self.state.rest_host(job.host, rest)
        return self._texts.store(job.of, job.pages, answers, now)

    def _received(self, each: Subscription, answer: Answer) -> Fetched:
        state, now = self.state.feed(each.name, each.url), self.clock()
        outcome, feed = read_outcome(answer, state)
        fresh = after(state, each.pace, outcome, now)
        if feed is None:
            rest = host_rest(each.pace, outcome, now)
            self.state.save_feed(fresh, _host(state.address), rest)
            stored = Stored()
        else:
            stored = self.archive.store(feed, each, fresh, now)
        requests = answer.requests if isinstance(answer, Response) else 1
        return Fetched(
            *(each.name, outcome.status, fresh.trouble, stored, fresh.next_at, requests),
            whole=outcome.whole or bool(outcome.error),
        )


@dataclass(slots=True)
class _Round:
    """What came of a feed and of its pages so far, and how many jobs for pages are open."""

    fetched: Fetched | None = None
    texts: FullTexts = NO_TEXTS
    open: int = 0


def startable(waiting: Sequence[_Job], running: Counter[str], room: int) -> list[_Job]:
    """Which jobs may start now, with `room` connections left and these in use on each host."""
    counts = running.copy()
    chosen: list[_Job] = []
    for each in waiting:
        if len(chosen) >= room:
            break
        if counts[each.host] < MAX_PER_HOST:
            counts[each.host] += 1
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


def _host(url: str) -> str:
    return host_and_port(url)[0].lower()


def _log(found: Fetched) -> None:
    stored, texts = found.stored, found.texts
    if texts != NO_TEXTS:
        log.info(
            "feed=%r pages=%d without=%d waiting=%d why=%r",
            *(found.name, texts.found, texts.none, texts.waiting, texts.why),
        )
    log.info(
        "feed=%r status=%d new=%d changed=%d left=%d next=%d error=%r",
        *(found.name, found.status, stored.new, stored.changed, stored.left),
        *(found.next_at, found.error),
    )
