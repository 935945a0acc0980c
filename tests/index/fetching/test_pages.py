"""Pages: which entries need theirs, and what is found in one."""

import pytest

from index.fetching.pages.extraction import article_html
from index.fetching.pages.extractor import ExtractionError, ProcessExtractor
from index.fetching.pages.summaries import WHOLE, only_summaries
from index.fetching.reading.entries import FeedEntry
from tests.support.web_pages import SHORT, TEXT, site, written

LONG, BRIEF = "长" * WHOLE, "短"
FEEDS = {
    "no entries": ([], []),
    "summaries": ([BRIEF, "", "长" * (WHOLE - 1)], [True, True, True]),
    "whole texts": ([LONG, LONG, BRIEF], [False, False, False]),
    "a whole text among summaries": ([LONG, BRIEF, BRIEF], [False, True, True]),
    "half of each": ([LONG, BRIEF], [False, True]),
    "long summaries that are cut": ([f"<p>{LONG}…</p>", f"{LONG}[...]"], [True, True]),
    "markup is no text": ([f"<p class='{LONG}'>{BRIEF}</p>"], [True]),
}


@pytest.mark.parametrize(("bodies", "summaries"), FEEDS.values(), ids=FEEDS)
def test_which_entries_are_summaries(bodies: list[str], summaries: list[bool]) -> None:
    """By their length and their end; a feed of whole texts has none."""
    assert only_summaries([FeedEntry("题", body) for body in bodies]) == summaries


WHOLE_TEXT = "".join(f"<p>{text}</p>\n" for text in TEXT).strip()
READ = {
    "paragraphs": (written(*TEXT), WHOLE_TEXT),
    "one short paragraph": (written(SHORT), f"<p>{SHORT}</p>"),
    "lists and headings": (
        site(f"<p>{TEXT[0]}</p><h2>小标题</h2><ul><li>第一点：双层运营</li></ul><p>{TEXT[2]}</p>"),
        f"<p>{TEXT[0]}</p>\n<h2>小标题</h2>\n<ul>\n      <li>第一点：双层运营</li>\n</ul>\n<p>{TEXT[2]}</p>",
    ),
    "a notice": (site("<p>您访问的页面不存在。</p>"), ""),
    "an empty page": ("<html><body></body></html>", ""),
    "no page": ("{}", ""),
    "nothing": ("", ""),
    "lone surrogates": ("\ud800", ""),
}


@pytest.mark.fulltext
@pytest.mark.parametrize(("page", "html"), READ.values(), ids=READ)
def test_what_is_found_in_a_page(page: str, html: str) -> None:
    """The text of the article, without what stands around it."""
    assert article_html(page) == html


@pytest.mark.fulltext
@pytest.mark.slow
def test_a_page_that_takes_for_ever() -> None:
    """Is given up after its share of the processor's time; the next page is read."""
    cells = "<tr><td colspan=1000 rowspan=1000>文</td></tr>" * 2_000
    extractor = ProcessExtractor(seconds=1)
    try:
        with pytest.raises(ExtractionError) as given_up:
            extractor.article(f"<html><body><table>{cells}</table></body></html>")
        assert given_up.value.lasting
        assert extractor.article(written(*TEXT)) == WHOLE_TEXT
        assert extractor.article("") == ""
    finally:
        extractor.close()
    extractor.close()


@pytest.mark.fulltext
@pytest.mark.slow
def test_a_process_that_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is no fault of the page, which is read when it can."""
    extractor = ProcessExtractor()
    with monkeypatch.context() as broken:
        broken.setattr("index.fetching.pages.extractor._PROGRAM", "raise SystemExit(1)")
        with pytest.raises(ExtractionError) as problem:
            extractor.article(written(*TEXT))
        assert not problem.value.lasting
        broken.setattr("sys.executable", "/nowhere/python")
        with pytest.raises(ExtractionError) as problem:
            extractor.article(written(*TEXT))
        assert not problem.value.lasting
    assert extractor.article(written(*TEXT)) == WHOLE_TEXT
    extractor.close()
