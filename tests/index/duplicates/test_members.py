"""Members packed for grouping."""

import gc
import sys

import pytest

from index.document import Arrival, drafts
from index.duplicates.members import SKETCH_BYTES, Member, PackedMembers
from index.duplicates.minhash import NO_SKETCH
from tests.support.retellings import STORY

(SKETCHED,) = drafts([Arrival(STORY, "", 0, 0)])
MEMBERS = {
    "dated": Member(1_662_000_000, SKETCHED.sketch),
    "before 1970": Member(-1, SKETCHED.sketch),
    "undated": Member(None, SKETCHED.sketch),
    "short": Member(7, NO_SKETCH),
}


def test_they_come_back() -> None:
    """Packing loses nothing and keeps the order."""
    packed = PackedMembers.of(MEMBERS)
    numbers = range(len(packed))
    assert [packed.name(number) for number in numbers] == [*MEMBERS]
    assert [packed.published(number) for number in numbers] == [
        member.published for member in MEMBERS.values()
    ]
    assert [*packed.sketches()] == [member.sketch for member in MEMBERS.values()]
    assert packed.sketched.tolist() == [True, True, True, False]


def test_others_join() -> None:
    """They follow, with their stories; the members that they join stay as they are."""
    packed = PackedMembers.of(MEMBERS)
    together = packed.joined({"known": Member(1, NO_SKETCH, "story")})
    assert (len(packed), len(together)) == (4, 5)
    assert together.name(4) == "known"
    assert (packed.stories, together.stories) == ({}, {4: "story"})


@pytest.mark.parametrize(
    ("dates", "names"),
    [
        pytest.param({"b": 2, "a": 3, "c": 1}, "cba", id="by date"),
        pytest.param({"b": None, "a": -9, "c": None}, "abc", id="undated last"),
        pytest.param({"𠀀": 1, "乙": 1, "\ue000": 1}, "乙\ue000𠀀", id="ties by code point"),
        pytest.param({}, "", id="none"),
    ],
)
def test_order_of_time(dates: dict[str, int | None], names: str) -> None:
    """The earliest first; the order in which they came does not matter."""
    packed = PackedMembers.of({name: Member(date, NO_SKETCH) for name, date in dates.items()})
    assert "".join(map(packed.name, packed.in_time().tolist())) == names


def test_a_name_comes_once() -> None:
    """A second member of a name would take the place of another article's draft."""
    packed = PackedMembers.of(MEMBERS)
    packed.add("dated", MEMBERS["short"])
    with pytest.raises(ValueError, match="two members are called dated"):
        packed.in_time()


def test_a_member_takes_little_memory() -> None:
    """No object is kept for a member: only its name, its bands and three numbers."""
    packed = PackedMembers()
    for number in range(1_000):
        packed.add(f"{number:08}", MEMBERS["dated"])
    gc.collect()
    parts = [part for part in gc.get_referents(packed) for part in (part, *gc.get_referents(part))]
    held = sum(map(sys.getsizeof, {id(part): part for part in parts}.values()))
    assert held < 1_000 * 1.3 * (8 + SKETCH_BYTES + 3 * 8)
