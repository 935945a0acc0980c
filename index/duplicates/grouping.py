"""Groups near-copies into stories. A story's id is the id of its earliest article.

Two articles are joined if their sketches share a band and `same_story` holds; a story is a
connected group. Both rules look at the two articles only, so the result does not depend on order or
batches, except where CROWD limits the comparisons.
"""

from array import array
from collections.abc import Callable, Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.duplicates.members import I64, UNDATED_SECONDS, PackedMembers
from index.duplicates.minhash import BANDS, U32
from index.duplicates.same_story import MAX_DAYS, StoryEvidence, same_story
from index.text.dates import DAY_SECONDS

CROWD = 32
"""Neighbours in time, and as many in the order of sketches, that are candidates of an article in a
band."""
CLOSEST = 8
"""Candidates with the most bands in common with which an article is compared. Texts are dear to
compare, so a family of thousands of near-copies costs the product of its size with this, not with
itself. Beyond it, an update may keep a join that a rebuild would not find."""
READ_AHEAD = 512
"""Articles whose evidence is cached while pairs are compared."""
AT_ONCE = 200_000
"""Pairs whose bands are counted at once."""
FOLLOWING = 3
"""Bands by which the order of sketches goes on after one band."""


def assign_stories(members: PackedMembers, evidence: Callable[[int], StoryEvidence]) -> I64:
    """For each member, by number, the earliest of its story.

    `evidence` loads what is compared of a member. Members that have a story count as joined with
    all others of it and are compared only with members that have none.
    """
    order = members.in_time()
    joins = UnionFind(len(members))
    kept: dict[str, int] = {}
    for number, story in members.stories.items():
        joins.join(kept.setdefault(story, number), number)
    read = lru_cache(READ_AHEAD)(evidence)
    for one, other in _candidates(members, order):
        if not joins.joined(one, other) and same_story(read(one), read(other)):
            joins.join(one, other)
    return _earliest(joins.groups(), order)


def _earliest(groups: I64, order: I64) -> I64:
    """The first in `order` of each member's group."""
    _, places, which = np.unique(groups[order], return_index=True, return_inverse=True)
    earliest = np.empty(len(groups), np.int64)
    earliest[order] = order[places][which]
    return earliest


class UnionFind:
    """Disjoint sets of the numbers from 0 to before `size`."""

    def __init__(self, size: int) -> None:
        self._parent = array("q", range(size))

    def _root(self, number: int) -> int:
        parent = self._parent
        while parent[number] != number:
            parent[number] = number = parent[parent[number]]
        return number

    def join(self, one: int, other: int) -> None:
        self._parent[self._root(one)] = self._root(other)

    def joined(self, one: int, other: int) -> bool:
        return self._root(one) == self._root(other)

    def groups(self) -> I64:
        """For each number one of its set, the same for all of a set."""
        roots = np.array(self._parent, np.int64)
        while not np.array_equal(above := roots[roots], roots):
            roots = above
        return roots


def candidates(members: PackedMembers) -> Iterator[tuple[int, int]]:
    """Pairs of members that share a band, are near in time and not both in a story, in order of
    time."""
    return _candidates(members, members.in_time())


def _candidates(members: PackedMembers, order: I64) -> Iterator[tuple[int, int]]:
    rows = order[members.sketched[order]]
    bands = np.empty((BANDS, len(rows)), np.uint32)
    for at, band in enumerate(bands):
        band[:] = members.bands[rows, at]
    fresh = np.ones(len(members), np.bool_)
    fresh[[*members.stories]] = False
    pairs = rows[_pairs(bands, members.when[rows], fresh[rows])]
    for start in range(0, len(pairs), AT_ONCE):
        yield from map(tuple, pairs[start : start + AT_ONCE].tolist())


def _pairs(bands: U32, when: I64, fresh: NDArray[np.bool_]) -> I64:
    """Pairs of rows (`bands` has a column for each) that share a band, each once, at least one of
    them fresh and each among the closest of one of both; `when` ascends."""
    found = [np.empty(0, np.int64)]
    sketches = _ranks(bands)
    for at, band in enumerate(bands):
        rows = np.arange(len(band))
        if not fresh.all():
            rows = rows[np.isin(band, band[fresh])]
        in_time = rows[np.argsort(band[rows], kind="stable")]
        # Rows whose next bands agree as well stand together, those with one sketch side by side:
        # near-copies and copies in a crowd of others.
        following = [bands[(at + step) % BANDS, rows] for step in range(FOLLOWING, 0, -1)]
        in_sketches = rows[np.lexsort((sketches[rows], *following, band[rows]))]
        for ordered in (in_time, in_sketches):
            found += _neighbours(ordered, band, when, fresh)
    pairs = np.stack(np.divmod(np.unique(np.concatenate(found)), max(1, len(when))), axis=1)
    return _closest(pairs, bands)


def _ranks(bands: U32) -> I64:
    """Where the bands of each row come among all different ones, in ascending order."""
    first = bands[0]
    order = np.argsort(first, kind="stable")
    new = np.ones(len(order) + 1, np.bool_)  # whether another value begins, also after the last
    new[1:-1] = first[order[1:]] != first[order[:-1]]
    tied = ~(new[:-1] & new[1:])  # few rows share a band, and only they need the others
    rows = order[tied]
    order[tied] = rows[np.lexsort(bands[::-1, rows])]
    for band in bands[1:]:
        new[1:-1] |= band[order[1:]] != band[order[:-1]]
    ranks = np.empty(len(order), np.int64)
    ranks[order] = np.cumsum(new[:-1])
    return ranks


def _neighbours(rows: I64, band: U32, when: I64, fresh: NDArray[np.bool_]) -> Iterator[I64]:
    """Pairs of near rows with one value of a band, each as a number: the lower row first."""
    for ahead in range(1, CROWD + 1):
        one, other = rows[:-ahead], rows[ahead:]
        same = band[one] == band[other]
        if not same.any():
            break
        one, other = one[same], other[same]
        one, other = np.minimum(one, other), np.maximum(one, other)
        keep = (fresh[one] | fresh[other]) & _near(when[one], when[other])
        yield one[keep] * len(band) + other[keep]


def _closest(pairs: I64, bands: U32) -> I64:
    """Those of the pairs that are among the CLOSEST of one of their two rows, in their order."""
    shared = np.empty(len(pairs), np.int64)
    for start in range(0, len(pairs), AT_ONCE):
        one, other = pairs[start : start + AT_ONCE].T
        shared[start : start + AT_ONCE] = (bands[:, one] == bands[:, other]).sum(axis=0)
    kept = np.zeros(len(pairs), np.bool_)
    apart = pairs[:, 1] - pairs[:, 0]
    for side in pairs.T:
        order = np.lexsort((apart, -shared, side))
        first = np.searchsorted(side[order], side[order])
        kept[order[np.arange(len(pairs)) - first < CLOSEST]] = True
    return pairs[kept]


def _near(one: I64, other: I64) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = (other == UNDATED_SECONDS) | (other - one <= MAX_DAYS * DAY_SECONDS)
    return near
