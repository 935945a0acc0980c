"""benchmarks.quality.leftovers: markup that a reader would see is counted, code is not."""

import pytest

from benchmarks.quality.leftovers import counted, places, visible_text
from index.article import Article, BodyFormat


@pytest.mark.parametrize(
    ("body", "body_format", "signs"),
    [
        pytest.param("** 甲 **", "markdown", {"**"}, id="left over"),
        pytest.param("`**甲**` **乙**", "markdown", set(), id="in code"),
        pytest.param("```\n{% x %}\n```\n[[ 甲", "markdown", {"[["}, id="beside code"),
        pytest.param("<p>甲 ~~乙~~</p>", "html", {"~~"}, id="in HTML"),
        pytest.param("甲 {{ x }}", "text", {"{{"}, id="in plain text"),
    ],
)
def test_signs(body: str, body_format: BodyFormat, signs: set[str]) -> None:
    """An article counts once for each sign."""
    text = visible_text(Article("a", "标题", body, body_format))

    assert counted([text]) == {"": 1, **dict.fromkeys(signs, 1)}


def test_places() -> None:
    """A line of text around each."""
    assert list(places("甲**乙\n丙**", "**")) == ["甲**乙 ⏎ 丙**", "甲**乙 ⏎ 丙**"]
