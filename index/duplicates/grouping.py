"""Groups near-copies into stories. A story's id is the id of its earliest article.

Two articles are joined if their sketches share a band and `same_story` holds; a story is a
connected group. Both rules look at the two articles only, so the result does not depend on order or
batches, except where CROWD limits the comparisons.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.duplicates.minhash import BANDS, NO_SKETCH, U32, read_bands
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
UNDATED_SECONDS = np.iinfo(np.int64).max // 2

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Member:
    """An article to be grouped. `published`: epoch seconds, None unless a date was given. `story`
    is None if it has to be found."""

    published: int | None
    sketch: str
    story: str | None = None


def assign_stories(
    members: Mapping[str, Member], evidence: Callable[[str], StoryEvidence]
) -> dict[str, str]:
    """Story ids that are new or changed, by article id.

    `evidence` loads what is compared of an article. Members that have a story count as joined with
    all others of it and are compared only with members that have none.
    """
    ids = sorted(members)
    joins = UnionFind(ids)
    kept: dict[str, str] = {}
    for name in ids:
        story = members[name].story
        if story is not None:
            joins.join(kept.setdefault(story, name), name)
    read = lru_cache(READ_AHEAD)(evidence)
    for one, other in candidates(ids, members):
        if not joins.joined(one, other) and same_story(read(one), read(other)):
            joins.join(one, other)
    found: dict[str, str] = {}
    for group in joins.groups():
        story = earliest(group, members)
        found |= {name: story for name in group if members[name].story != story}
    return found


def earliest(group: Iterable[str], members: Mapping[str, Member]) -> str:
    """The earliest article of a group; undated ones last, ties by id."""

    def order(name: str) -> tuple[bool, int, str]:
        published = members[name].published
        return published is None, published or 0, name

    return min(group, key=order)


class UnionFind:
    """Disjoint sets of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._parent = {name: name for name in names}

    def _root(self, name: str) -> str:
        parent = self._parent
        while parent[name] != name:
            parent[name] = name = parent[parent[name]]
        return name

    def join(self, one: str, other: str) -> None:
        self._parent[self._root(one)] = self._root(other)

    def joined(self, one: str, other: str) -> bool:
        return self._root(one) == self._root(other)

    def groups(self) -> Iterable[list[str]]:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for name in self._parent:
            groups[self._root(name)].append(name)
        return groups.values()


def candidates(ids: list[str], members: Mapping[str, Member]) -> Iterator[tuple[str, str]]:
    """Pairs that share a band, are near in time and not both in a story, in order of time."""
    named = [name for name in ids if members[name].sketch != NO_SKETCH]
    if not named:
        return
    times = [members[name].published for name in named]
    when = np.array([UNDATED_SECONDS if time is None else time for time in times], np.int64)
    order = np.argsort(when, kind="stable")
    named = [named[at] for at in order.tolist()]
    bands = read_bands([members[name].sketch for name in named])
    fresh = np.array([members[name].story is None for name in named])
    for one, other in _pairs(bands, when[order], fresh).tolist():
        yield named[one], named[other]


def _pairs(bands: U32, when: I64, fresh: NDArray[np.bool_]) -> I64:
    """Pairs of rows that share a band, each once, at least one of them fresh and each among the
    closest of one of both; `when` ascends."""
    found = [np.empty(0, np.int64)]
    _, sketches = np.unique(bands, axis=0, return_inverse=True)
    sketches = sketches.reshape(-1)
    for at, band in enumerate(bands.T):
        rows = np.arange(len(band))
        if not fresh.all():
            rows = rows[np.isin(band, band[fresh])]
        in_time = rows[np.argsort(band[rows], kind="stable")]
        # Rows whose next bands agree as well stand together, those with one sketch side by side:
        # near-copies and copies in a crowd of others.
        following = [bands[rows, (at + step) % BANDS] for step in range(FOLLOWING, 0, -1)]
        in_sketches = rows[np.lexsort((sketches[rows], *following, band[rows]))]
        for ordered in (in_time, in_sketches):
            found += _neighbours(ordered, band, when, fresh)
    pairs = np.stack(np.divmod(np.unique(np.concatenate(found)), len(bands)), axis=1)
    return _closest(pairs, bands)


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
        shared[start : start + AT_ONCE] = (bands[one] == bands[other]).sum(axis=1)
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
