"""`Article`: checked when made, compared by content."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from index.article import Article, Rejection

ARTICLE = Article(
    id="a",
    title="标题",
    body="正文",
    body_format="html",
    url="https://news.example.com/a",
    author="林小满",
    source="链上观察",
    categories=("元宇宙", "资讯"),
    published=datetime(2022, 9, 5, tzinfo=UTC),
    path="news/a.md",
)


def test_it_needs_an_id() -> None:
    """An article without an id could not be updated."""
    with pytest.raises(ValueError, match="id"):
        replace(ARTICLE, id="")


def test_dates_are_aware() -> None:
    """A date without a zone is refused: its moment would depend on the machine."""
    with pytest.raises(ValueError, match="time zone"):
        replace(ARTICLE, published=datetime(2022, 9, 5))


def test_the_origin_of_a_date() -> None:
    """Given unless it is said otherwise; without a date there is none."""
    undated = replace(ARTICLE, published=None)
    assert (ARTICLE.date_origin, undated.date_origin) == ("given", "none")
    with pytest.raises(ValueError, match="origin"):
        replace(undated, published=datetime(2022, 9, 5, tzinfo=UTC))


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "b"},
        {"title": "标题！"},
        {"body": "正文！"},
        {"body_format": "text"},
        {"url": None},
        {"author": None},
        {"author": "链上观察", "source": "林小满"},
        {"source": None},
        {"categories": ("元宇宙",)},
        {"categories": ("元宇宙资讯",)},
        {"published": None},
        {"date_origin": "file"},
        {"published": datetime(2022, 9, 6, tzinfo=UTC)},
    ],
    ids=" ".join,
)
def test_content_hash(changes: dict[str, object]) -> None:
    """Everything that a reader or the index sees changes the hash."""
    changed = replace(ARTICLE, **changes)  # type: ignore[arg-type]
    assert changed.content_hash() != ARTICLE.content_hash()
    assert replace(ARTICLE, **changes).content_hash() == changed.content_hash()  # type: ignore[arg-type]


def test_a_moved_file_is_the_same_article() -> None:
    """The path does not change the hash."""
    assert replace(ARTICLE, path="elsewhere.md").content_hash() == ARTICLE.content_hash()


def test_one_moment_in_two_zones() -> None:
    """The same moment in another zone changes the hash; a needless update does no harm."""
    shanghai = ARTICLE.published.astimezone(timezone(timedelta(hours=8)))  # type: ignore[union-attr]
    assert replace(ARTICLE, published=shanghai).content_hash() != ARTICLE.content_hash()


@pytest.mark.parametrize(
    ("line", "text"), [(None, "a.md: 没有标题"), (7, "a.md:7: 没有标题")], ids=["file", "line"]
)
def test_a_rejection_says_where(line: int | None, text: str) -> None:
    """File, line if there is one, reason."""
    assert str(Rejection("a.md", "没有标题", line)) == text
