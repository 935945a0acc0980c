"""Which articles wait for the text of their page, and their files with it.

A file says where its text is from, so that a lost state makes no page read twice. The text of a
page makes no earlier version: nothing changed but what is known of the article.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.durable import replace_texts
from index.fetching.connecting.addresses import host_and_port
from index.fetching.connecting.errors import RefusedAddressError
from index.fetching.identity import KnownArticle
from index.fetching.pages.page_reader import PageAnswer
from index.fetching.rendering import body_of, read_back, with_full_text
from index.fetching.schedule import page_retry
from index.fetching.state import FetchState
from index.fetching.subscriptions import Subscription
from index.sources.front_matter import parted
from index.sources.yaml_fields import FrontMatterError
from index.text.html import plain_text
from index.text.urls import canonical_url

MAX_PAGES = 30
"""Pages that are read in a fetch of one feed; the rest wait for the next."""
MAX_REASONS = 3
"""That are told of one feed."""


@dataclass(frozen=True, slots=True)
class WantedPage:
    """The page of an article. `tries`: how often it could not be read. `summary`: what is in the
    file now, in HTML."""

    article: KnownArticle
    host: str
    url: str
    summary: str
    tries: int


@dataclass(frozen=True, slots=True)
class FullTexts:
    """What came of a feed's pages: texts, articles that keep their summary, and how many still wait
    for their page. `reasons`: why some gave no text, each once, at most MAX_REASONS."""

    found: int = 0
    none: int = 0
    waiting: int = 0
    reasons: tuple[str, ...] = ()

    def __add__(self, other: "FullTexts") -> "FullTexts":
        return FullTexts(
            self.found + other.found,
            self.none + other.none,
            self.waiting + other.waiting,
            tuple(dict.fromkeys(self.reasons + other.reasons))[:MAX_REASONS],
        )

    @property
    def why(self) -> str:
        """The reasons in one text, "" if there are none."""
        return "；".join(self.reasons)


NO_TEXTS = FullTexts()


class FullTextArchive:
    """The files of articles whose text is that of their page, or is to be."""

    def __init__(self, root: Path, state: FetchState) -> None:
        self._root, self._state = root, state

    def wanted(self, of: Subscription, now: int) -> list[WantedPage]:
        """Pages of a feed to read now."""
        due = self._state.pages_due(of.name, now, MAX_PAGES)
        found = {article.id: self._wanted(article, tries) for article, tries in due}
        unreadable = [article for article, _ in due if not found[article.id]]
        if unreadable:  # as someone changed their files
            self._save(of, [replace(article, full_text="none") for article in unreadable])
        return [page for page in found.values() if page]

    def _wanted(self, article: KnownArticle, tries: int) -> WantedPage | None:
        text = self._text(article.path)
        if text is None:
            return None
        try:
            fields, body = parted(text.lstrip("\n"))
            url = canonical_url(str(fields.get("link") or "")) or ""
            host = host_and_port(url)[0].lower()
        except (FrontMatterError, RefusedAddressError):
            return None
        return WantedPage(article, host, url, body_of(body), tries)

    def store(
        self, of: Subscription, pages: Sequence[WantedPage], answers: Sequence[PageAnswer], now: int
    ) -> FullTexts:
        """Write what came of the first of these pages; the others were not asked for. A file that
        someone changed meanwhile so that it cannot be read stays as it is."""
        total = NO_TEXTS
        files: dict[str, str] = {}
        postponed: list[tuple[str, int, int]] = []
        for page, given in zip(pages, answers, strict=False):
            answer = _longer(page, given)
            later = 0 if answer.lasting else page_retry(page.tries + 1, now)
            reasons = (answer.reason,) if answer.reason else ()
            if later:
                postponed.append((page.article.id, page.tries + 1, later))
                total += FullTexts(reasons=reasons)
            elif (text := self._text(page.article.path)) is not None:
                files[page.article.path] = with_full_text(text, answer.html)
                total += FullTexts(bool(answer.html), not answer.html, reasons=reasons)
        self._state.postpone_pages(postponed)
        written = self._write(of, files) if files else []
        self._save(of, written, total.why)
        return total

    def _text(self, path: str) -> str | None:
        try:
            return (self._root / path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def _write(self, of: Subscription, files: dict[str, str]) -> list[KnownArticle]:
        self._state.open_source(of.name)
        replace_texts({self._root / path: text for path, text in files.items()})
        written = filter(None, (read_back(self._root, path) for path in files))
        # Where someone changed a file so that it cannot be marked, it is remembered here only.
        return [
            replace(each, full_text="none") if each.full_text == "pending" else each
            for each in written
        ]

    def _save(self, of: Subscription, articles: Sequence[KnownArticle], reason: str = "") -> None:
        state = self._state.feed(of.name, of.url)
        error = reason or state.page_error
        self._state.save_articles(replace(state, page_error=error), articles)


def _longer(page: WantedPage, answer: PageAnswer) -> PageAnswer:
    """A page that says no more than the feed gives nothing."""
    if not answer.html:
        return answer
    if len(plain_text(answer.html, "html")) > len(plain_text(page.summary, "html")):
        return answer
    return PageAnswer(reason="网页的正文不比摘要长")
