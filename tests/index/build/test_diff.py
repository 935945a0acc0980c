"""Sorting articles as they are read: what is new, and what is gone."""

import errno
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest

from index.article import Rejection
from index.build.diff import ArrivalSorter, PackedArrivals, Report
from index.engines.api import State
from index.sources.folders import unreadable
from tests.support.tiny_search import article

GONE = {name: State("", 0, 0, None, "none", name, "") for name in ("a", "b")}


@dataclass
class NoTakedowns:
    """A double: nothing was taken down."""

    taken: dict[str, Any] = field(default_factory=dict)

    def read(self) -> dict[str, datetime]:
        return self.taken


@pytest.mark.parametrize(
    ("problem", "removed"),
    [
        pytest.param(PermissionError(errno.EACCES, "Permission denied"), 0, id="permission"),
        pytest.param(OSError(errno.EIO, "Input/output error"), 0, id="a bad disk"),
        pytest.param(FileNotFoundError(errno.ENOENT, "No such file"), 1, id="a broken link"),
    ],
)
def test_what_cannot_be_opened_may_hold_what_is_not_read(problem: OSError, removed: int) -> None:
    """A folder whose permissions changed overnight takes no article offline."""
    report = Report()
    sorter = ArrivalSorter(GONE, NoTakedowns(), report, removal="unless_closed")
    items = [article("a", "元宇宙", "一"), unreadable("folder", problem)]
    arrivals = list(sorter.arrivals(items))

    assert [arrival.article.id for arrival in arrivals] == ["a"]
    assert (report.removed, len(sorter.gone)) == (removed, removed)
    assert report.untouched == len(report.warnings) == 1 - removed
    assert len(report.rejected) == 1


def test_a_rejection_of_another_kind_keeps_nothing() -> None:
    report = Report()
    sorter = ArrivalSorter(GONE, NoTakedowns(), report, removal="unless_closed")
    list(sorter.arrivals([article("a", "元宇宙", "一"), Rejection("b.md", "没有标题")]))

    assert sorter.gone == {"b"}


def test_packed_arrivals() -> None:
    """They have what a rebuild asks of the states of articles, and no other text."""
    state = State("c0ffee", 3, 1_790_000_000, 7, "given", "story", "sketch")
    packed = PackedArrivals({"甲": state})
    found = packed.get("甲")
    assert found is not None
    assert (found.content_hash, found.first_seen, found.indexed_at) == ("c0ffee", 3, 1_790_000_000)
    assert packed.get("乙") is None
    assert ("甲" in packed, "乙" in packed, len(packed), [*packed]) == (True, False, 1, ["甲"])
