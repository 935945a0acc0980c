"""Peaks: periods that stand out, each with the story that made it."""

from datetime import UTC, datetime, timedelta

import pytest

from search.explore.peaks import Headline, headline, peak_places, peaks
from search.explore.timeline import Bucket
from search.explore.trends import trends
from tests.support.tiny_search import article, ask, searcher

FIRST = datetime(2022, 9, 5, 4, tzinfo=UTC)
LONG = (
    "央行在北京召开会议，要求各家银行和支付机构切断虚拟货币交易的资金链路，"
    "及时识别炒作账户，保护老百姓的钱袋子。"
)


@pytest.mark.parametrize(
    ("counts", "places"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([1, 2, 1], [], id="too few articles"),
        pytest.param([0, 9, 0], [1], id="one"),
        pytest.param([9, 9, 9], [], id="flat"),
        pytest.param([0, 8, 8, 0], [1], id="a plateau: its first"),
        pytest.param([9, 0, 0, 0], [0], id="at the beginning"),
        pytest.param([0, 0, 0, 9], [3], id="at the end"),
        pytest.param([0, 9, 0, 8, 0, 7, 0, 0, 6, 0], [1, 3, 5], id="the three highest"),
        pytest.param([3, 9, 8, 3, 0, 0], [1], id="a shoulder is none"),
    ],
)
def test_places(counts: list[int], places: list[int]) -> None:
    """Highest counts that stand out, in order of time."""
    assert peak_places([float(count) for count in counts], counts, 3) == places


def test_the_story_with_most_articles_of_the_period() -> None:
    """The most reposted story, under the title of its first article in the period; where none has
    reposts, the best article."""
    over = searcher(
        article("first", "人行开会：炒作虚拟货币要严查", LONG, published=FIRST),
        article(
            "second", "央行重申：炒作虚拟货币要严查", LONG, published=FIRST + timedelta(hours=2)
        ),
        article("alone", "央行", "央行，央行。", published=FIRST),
        article("later", "央行行长", "讲话。", published=FIRST + timedelta(days=1)),
        article("other", "游戏", "游戏。", published=FIRST),
    )
    answer = ask(over, "央行", timeline="day")
    assert answer.any_time is not None
    query, day = answer.any_time.query, FIRST.date()

    def of(at: int) -> Headline | None:
        days = day + timedelta(days=at)
        return headline(over.snapshot, query, Bucket("day", days, days))

    assert of(0) == Headline("first", "first", None, "人行开会：炒作虚拟货币要严查", 2)
    assert of(1) == Headline("later", "later", None, "央行行长", 1)
    assert of(2) is None
    found = trends(over, [("央行", answer)], covered=False)
    (peak,) = peaks(over.snapshot, answer.any_time, found, "count", 3)
    assert (peak.at, peak.articles, peak.headline) == (0, 3, of(0))
    assert peaks(over.snapshot, answer.any_time, found, "share", 3) == ()
