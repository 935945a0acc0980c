"""What grouping knows of each article, packed: a million articles take 130 MB."""

import base64
from array import array
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.duplicates.minhash import BANDS, NO_SKETCH, U32

SKETCH_BYTES = BANDS * 4
_NO_BANDS = bytes(SKETCH_BYTES)
UNDATED_SECONDS = np.iinfo(np.int64).max // 2
"""Stands for no date: later than all."""

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Member:
    """An article to be grouped. `published`: epoch seconds, None unless a date was given. `story`
    is None if it has to be found."""

    published: int | None
    sketch: str
    story: str | None = None


class PackedMembers:
    """Members by number, in the order in which they were added. The arrays that it gives are
    views, and none can be added while one is held.

    `stories`: of members that have one, by number.
    """

    def __init__(self) -> None:
        self.stories: dict[int, str] = {}
        self._names = bytearray()
        self._name_ends = array("Q", [0])
        self._published = array("q")
        self._bands = bytearray()
        self._sketched = bytearray()

    @classmethod
    def of(cls, members: Mapping[str, Member]) -> "PackedMembers":
        return cls().joined(members)

    def __len__(self) -> int:
        return len(self._published)

    def add(self, name: str, member: Member) -> None:
        sketched = member.sketch != NO_SKETCH
        if member.story is not None:
            self.stories[len(self)] = member.story
        self._names += name.encode("utf-8", "surrogatepass")
        self._name_ends.append(len(self._names))
        self._published.append(UNDATED_SECONDS if member.published is None else member.published)
        self._bands += base64.b64decode(member.sketch) if sketched else _NO_BANDS
        self._sketched.append(sketched)

    def joined(self, others: Mapping[str, Member]) -> "PackedMembers":
        """These, then `others`."""
        together = deepcopy(self)
        for name, member in others.items():
            together.add(name, member)
        return together

    def name(self, number: int) -> str:
        return self._name(number).decode("utf-8", "surrogatepass")

    def _name(self, number: int) -> bytes:
        return bytes(self._names[self._name_ends[number] : self._name_ends[number + 1]])

    def published(self, number: int) -> int | None:
        published = self._published[number]
        return None if published == UNDATED_SECONDS else published

    def sketches(self) -> Iterator[str]:
        for number, sketched in enumerate(self._sketched):
            start = number * SKETCH_BYTES
            bands = self._bands[start : start + SKETCH_BYTES]
            yield base64.b64encode(bands).decode() if sketched else NO_SKETCH

    @property
    def when(self) -> I64:
        """Epoch seconds, or UNDATED_SECONDS."""
        return np.frombuffer(self._published, np.int64)

    @property
    def sketched(self) -> NDArray[np.bool_]:
        return np.frombuffer(self._sketched, np.bool_)

    @property
    def bands(self) -> U32:
        """Shape (members, BANDS); 0 without a sketch."""
        return np.frombuffer(self._bands, "<u4").reshape(-1, BANDS)

    def in_time(self) -> I64:
        """Numbers of all members: the earliest first, undated ones last, ties by name. Raises
        ValueError if two have one name: one would take the place of the other."""
        # The order of UTF-8 is that of code points.
        names = [self._name(number) for number in range(len(self))]
        numbers = sorted(range(len(self)), key=names.__getitem__)
        for one, other in pairwise(numbers):
            if names[one] == names[other]:
                raise ValueError(f"two members are called {self.name(one)}")
        by_name = np.array(numbers, np.int64)
        order: I64 = by_name[np.argsort(self.when[by_name], kind="stable")]
        return order
