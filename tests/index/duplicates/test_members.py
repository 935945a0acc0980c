"""Members packed for grouping."""

import pytest

from index.document import Arrival, drafts
from index.duplicates.members import Member, PackedMembers
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
    packed = PackedMembers()
    for name, member in MEMBERS.items():
        packed.add(name, member)
    assert [*packed.items()] == [*MEMBERS.items()]
    assert [packed.number(name) for name in MEMBERS] == [0, 1, 2, 3]
    assert "short" in packed
    assert "long" not in packed


def test_a_name_comes_once() -> None:
    """A second member of a name would take the place of another article's draft."""
    packed = PackedMembers()
    packed.add("dated", MEMBERS["dated"])
    with pytest.raises(ValueError, match="two members are called dated"):
        packed.add("dated", MEMBERS["short"])
