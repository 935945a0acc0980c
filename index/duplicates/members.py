"""What grouping knows of each article, packed: a million articles take 250 MB, not 700."""

import base64
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from index.duplicates.minhash import BANDS, NO_SKETCH

SKETCH_BYTES = BANDS * 4
_NO_BANDS = bytes(SKETCH_BYTES)
_UNDATED = -(2**63)


@dataclass(frozen=True, slots=True)
class Member:
    """An article to be grouped. `published`: epoch seconds, None unless a date was given. `story`
    is None if it has to be found."""

    published: int | None
    sketch: str
    story: str | None = None


class PackedMembers(Mapping[str, Member]):
    """Members without a story, by article id, in the order in which they were added."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._published = array("q")
        self._bands = bytearray()
        self._sketched = bytearray()

    def __len__(self) -> int:
        return len(self._numbers)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __contains__(self, name: object) -> bool:
        return name in self._numbers

    def __getitem__(self, name: str) -> Member:
        number = self._numbers[name]
        published = self._published[number]
        return Member(None if published == _UNDATED else published, self._sketch(number))

    def number(self, name: str) -> int:
        """How many members were added before this one."""
        return self._numbers[name]

    def add(self, name: str, member: Member) -> None:
        """Raises ValueError for a name that was added before."""
        if self._numbers.setdefault(name, len(self._sketched)) != len(self._sketched):
            raise ValueError(f"two members are called {name}")
        sketched = member.sketch != NO_SKETCH
        self._published.append(_UNDATED if member.published is None else member.published)
        self._bands += base64.b64decode(member.sketch) if sketched else _NO_BANDS
        self._sketched.append(sketched)

    def _sketch(self, number: int) -> str:
        if not self._sketched[number]:
            return NO_SKETCH
        start = number * SKETCH_BYTES
        return base64.b64encode(self._bands[start : start + SKETCH_BYTES]).decode()
