"""Removing articles and rolling back: removed articles never return."""

import pytest

from index.errors import ArticleNotFound, NoSuchGeneration
from index.takedowns import Takedowns
from tests.support.articles import ARTICLES
from tests.support.site import Site


def test_what_was_removed_stays_away(built: Site) -> None:
    """It is gone at once, and no update, rebuild or rollback brings it back."""
    in_place = built.engine.updates_in_place
    built.builder.remove(["yuan", "flash"], "投诉")
    rest = ["flash-copy", "uniswap", "ecny", "undated"]
    assert built.ids() == rest
    for report in (built.builder.update([built.file]), built.builder.rebuild([built.file])):
        assert built.ids() == rest
        assert report.taken_down == 2
    for _ in range(1 if in_place else 2):
        built.builder.rollback()
        assert built.ids() == rest


def test_going_back_to_before_a_removal(built: Site) -> None:
    """The older generation is published without what was removed since."""
    if built.engine.updates_in_place:
        built.change(*ARTICLES)
    first = built.engine.generations()[0].name
    built.builder.remove(["yuan"], "投诉")
    generation = built.builder.rollback()
    assert generation.name != first
    assert generation.name == built.engine.generations()[-1].name == built.engine.current()
    assert generation.articles == 5
    assert "yuan" not in built.ids()


def test_going_back_further(built: Site) -> None:
    """Each rollback leads to an older generation, however many removals lie between."""
    for articles in (ARTICLES[:4], ARTICLES):
        built.builder.rebuild(built.write(*articles))
    built.builder.remove(["yuan"], "投诉")
    # Where it was taken out in place, nothing like the present generation is left behind it.
    expected = [3, 5] if built.engine.updates_in_place else [5, 3]
    assert [built.builder.rollback().articles for _ in range(2)] == expected


def test_removing_what_is_not_there(built: Site) -> None:
    """If one id is unknown, nothing is removed."""
    with pytest.raises(ArticleNotFound, match="yuann"):
        built.builder.remove(["flash", "yuann"], "投诉")
    assert len(built.ids()) == 6
    assert Takedowns(built.root).read() == {}


def test_what_was_rolled_back_from_is_never_gone_back_to(built: Site) -> None:
    """After a rollback and an update, a rollback skips the generation left before."""
    good = built.engine.current()
    bad = built.change(*ARTICLES[:1])
    built.builder.rollback()
    built.change(*ARTICLES[:3])

    assert built.builder.rollback().name == good
    assert bad.name not in {g.name for g in built.engine.generations()}


def test_rollback(built: Site) -> None:
    """The previous generation is published again unchanged."""
    first = built.engine.current()
    built.change(*ARTICLES[:2])
    assert len(built.ids()) == 2
    assert built.builder.rollback().name == first
    assert built.engine.current() == first
    assert len(built.ids()) == 6
    with pytest.raises(NoSuchGeneration):
        built.builder.rollback()
