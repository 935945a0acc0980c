"""The benchmark of estimated dates: its counts, and its precision on the corpus."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from benchmarks.quality.dates import Estimates, Score, estimates, near, read_judged, score
from index.article import Article
from index.sources.reader import read_articles
from tests.support.machine import SHARED

DAY = date(2022, 9, 5)
LINES = "# a comment\na\t2022-09-05\t-\nb\t-\t2022-09-06\nc\t-\t~2022-09-05\nd\t-\t2022-09-05\n"


def test_scores(tmp_path: Path) -> None:
    """One day off is right; a guessed date is not a stated one; misses lower the recall only."""
    (path := tmp_path / "dates.tsv").write_text(LINES, "utf-8")
    found = [
        Estimates("a", None, {"address": DAY, "text": None}),
        Estimates("b", None, {"address": None, "text": DAY}),
        Estimates("c", None, {"address": None, "text": DAY}),
        Estimates("d", None, {"address": None, "text": None}),
    ]
    judged = read_judged(path)
    assert score(found, judged, "address") == Score(found=1, right=1, stated=1)
    assert score(found, judged, "text") == Score(found=2, right=1, stated=2)
    assert judged["c"].guessed
    assert Score(2, 1, 2).precision == Score(2, 1, 2).recall == 0.5


def test_given_dates_are_kept_apart() -> None:
    """The rules do not see given dates; an estimate from the address comes before one from the
    text."""
    given = datetime(2022, 9, 4, 20, tzinfo=UTC)
    body = "今天（9月6日）开幕。"
    url = "https://a.cn/2022/09/05/a"
    (one,) = estimates([Article("a", "甲", body, "text", url=url, published=given)])
    assert one == Estimates("a", DAY, {"address": DAY, "text": date(2022, 9, 6)})
    assert one.best == ("address", DAY)


@pytest.mark.corpus
@pytest.mark.slow
def test_precision() -> None:
    """At least 0.98 for each origin, against dates read by hand and against given ones."""
    corpus = SHARED / "data/news/corpus.jsonl.gz"
    articles = [item for item in read_articles([corpus]) if isinstance(item, Article)]
    found, judged = list(estimates(articles)), read_judged()
    chosen = [each for each in found if each.id in judged]
    assert len(chosen) == 200
    for origin in ("address", "text"):
        assert score(chosen, judged, origin).precision >= 0.98
        pairs = [(e.given, day) for e in found if e.given and (day := e.found[origin])]
        assert sum(near(*pair) for pair in pairs) >= 0.98 * len(pairs)
