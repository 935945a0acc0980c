"""Law 3 on the rendered page: whatever a browser shows of an article, in quotes, finds it."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from urllib.parse import quote as percent_encoded

import pytest
from playwright.sync_api import Browser, Page

from index.article import Article
from index.engines.registry import open_engine
from index.settings import Settings
from index.sources.reader import read_articles
from search.query.parsing.quotation import quote
from search.searcher import Searcher
from tests.support.articles import write_articles
from tests.support.browser import DESKTOP, browser
from tests.support.machine import SHARED
from tests.support.marked_articles import write_marked_articles
from tests.support.seeds_site import build, serving

__all__ = ["browser"]

LONGEST = 24
STRINGS = 300
SOURCES = (SHARED / "data" / "news" / "corpus.jsonl.gz", SHARED / "data" / "posts")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP, java_script_enabled=False)
    yield context.new_page()
    context.close()


def shown_blocks(page: Page, address: str, article_id: str) -> list[str]:
    """Title and text of an article's page as Chromium shows them, a block a line."""
    page.goto(f"{address}/article/{percent_encoded(article_id)}")
    texts = [page.locator(place).inner_text() for place in (".article > h1", ".article .body")]
    lines = "\n".join(texts).replace("\t", "\n").split("\n")
    return [line.strip() for line in lines if line.strip()]


def pieces(random: Random, blocks: list[str], count: int) -> list[str]:
    """Random strings of random blocks, which neither begin nor end with white space."""
    found: list[str] = []
    while len(found) < count:
        block = random.choice(blocks)
        start = random.randrange(len(block))
        if piece := block[start : start + random.randint(1, LONGEST)].strip():
            found.append(piece)
    return found


def lost(settings: Settings, strings: dict[str, list[str]]) -> list[tuple[str, str]]:
    """(article, string) for every string that in quotes does not find its article."""
    snapshot = open_engine(settings).open()
    interpreter = Searcher(snapshot).interpreter
    missing = []
    for article_id, texts in strings.items():
        for text in texts:
            matches = snapshot.match(interpreter.plan_text(quote(text)).query, limit=10_000).matches
            if article_id not in {match.id for match in matches}:
                missing.append((article_id, text))
    snapshot.close()
    return missing


@pytest.mark.slow
def test_every_construct(page: Page, tmp_path: Path) -> None:
    """Every block of the made-up articles, whole and in pieces."""
    file = write_marked_articles(tmp_path / "marked.jsonl")
    settings = build(tmp_path / "index", file)
    articles = [item for item in read_articles([file]) if isinstance(item, Article)]
    random, strings = Random(3), {}
    with serving(settings.index_dir) as address:
        for article in articles:
            blocks = shown_blocks(page, address, article.id)
            strings[article.id] = [*blocks, *pieces(random, blocks, 12)]

    assert lost(settings, strings) == []


@pytest.mark.corpus
@pytest.mark.long
def test_real_articles(page: Page, tmp_path: Path) -> None:
    """300 strings, each from another article with markup, half of them from posts.

    python -m pytest -n 0 -m long tests/browser/test_rendered_text.py
    """
    random, chosen = Random(300), []
    for source in SOURCES:
        articles = [
            item
            for item in read_articles([source])
            if isinstance(item, Article) and item.body_format != "text" and item.body.strip()
        ]
        chosen += random.sample(articles, STRINGS // 2)
    settings = build(tmp_path / "index", write_articles(tmp_path / "chosen.jsonl", chosen))
    strings = {}
    with serving(settings.index_dir) as address:
        for article in chosen:
            strings[article.id] = pieces(random, shown_blocks(page, address, article.id), 1)

    assert len(strings) == STRINGS
    assert lost(settings, strings) == []
