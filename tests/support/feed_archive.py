"""An archive in a folder that is filled from the server of feeds, with a clock that tests set."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.article import Article
from index.fetching.archive import Archive
from index.fetching.connecting.http_client import Client, HttpClient
from index.fetching.fetcher import Fetched, Fetcher
from index.fetching.pages.extraction import article_html
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from index.sources.reader import read_articles
from tests.support.feed_server import FeedServer, resolver

NOON = 1_668_513_600
"""2022-11-15 12:00 GMT."""


class InThisProcess:
    """An extractor without the cost of another process, and without its bounds."""

    def article(self, page: str) -> str:
        return article_html(page)

    def close(self) -> None:
        pass


@dataclass
class FilledArchive:
    """Fetches by the name of a behaviour. The state is opened anew for each fetch, as by a timer."""

    server: FeedServer
    folder: Path
    now: int = NOON
    seconds: float = 60.0

    @property
    def root(self) -> Path:
        return self.folder / "articles"

    def subscription(self, name: str, feed: str = "") -> Subscription:
        return Subscription(feed or name, self.server.url(name), allow_private=True)

    def client(self) -> Client:
        return HttpClient(seconds=self.seconds, resolver=resolver)

    @contextmanager
    def fetcher(self) -> Iterator[Fetcher]:
        state = FetchState(self.folder / "feeds.sqlite")
        try:
            archive = Archive(self.root, state)
            yield Fetcher(self.client(), archive, state, lambda: self.now, InThisProcess())
        finally:
            state.close()

    def fetch(self, name: str, feed: str = "") -> Fetched:
        return self.fetch_feed(self.subscription(name, feed))

    def fetch_feed(self, of: Subscription) -> Fetched:
        with self.fetcher() as fetcher:
            (found,) = fetcher.fetch([of])
        return found

    def forget(self) -> None:
        """Lose the state."""
        for path in self.folder.glob("feeds.sqlite*"):
            path.unlink()

    def articles(self) -> list[Article]:
        """As the index reads them: every file is an article."""
        if not self.root.exists():
            return []
        found = [item for item in read_articles([self.root]) if not _is_empty(item)]
        assert all(isinstance(item, Article) for item in found), found
        return [item for item in found if isinstance(item, Article)]

    def files(self) -> dict[str, str]:
        """Text by path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_text("utf-8")
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
        }


def _is_empty(item: object) -> bool:
    return "目录里没有可读的文件" in getattr(item, "reason", "")
