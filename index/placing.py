"""The stories of what a build brings, and of what the index holds already and they change."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from index.document import RESTORED, Arrival, restored
from index.engines.base import Snapshot, State
from index.likeness import Evidence
from index.spool import Spool
from index.stories import Member, told

AT_ONCE = 200
"""Articles that are read back in one call."""


@dataclass(frozen=True, slots=True)
class Base:
    """The generation that an update starts from, and the states of its articles."""

    snapshot: Snapshot
    states: dict[str, State]

    def evidence(self, name: str) -> Evidence:
        (row,) = self.snapshot.stored([name], ["folded"])
        title, text = row["folded"].split("\n", 1)
        return Evidence(title, text, self.states[name].published)

    def arrivals(self, names: Sequence[str]) -> Iterator[Arrival]:
        """Articles as they came, to be cut again."""
        for at in range(0, len(names), AT_ONCE):
            for row in self.snapshot.stored(names[at : at + AT_ONCE], RESTORED):
                state = self.states[row["id"]]
                times = state.first_seen, state.indexed_at
                yield Arrival(restored(row), state.content_hash, *times)

    def remaining(self, gone: Collection[str]) -> dict[str, Member]:
        """Members for all articles but those in `gone`. A story that lost one has to be found
        again: it may have been the earliest, or what the others hung together by."""
        broken = {self.states[name].story for name in gone if name in self.states}
        return {
            name: Member(state.published, state.sketch, _kept(state.story, broken))
            for name, state in self.states.items()
            if name not in gone
        }


def _kept(story: str, broken: Collection[str]) -> str | None:
    return None if story in broken else story


@dataclass(frozen=True, slots=True)
class Placing:
    """`stories` by article, at least for all that are written; `moved`: articles of the base that
    are written again, for their story is another now."""

    stories: dict[str, str]
    moved: list[str]


def place(spool: Spool, base: Base | None, gone: Collection[str]) -> Placing:
    """`gone`: articles of the base that are removed or come again in the spool."""
    known = base.remaining(gone) if base else {}

    def evidence(name: str) -> Evidence:
        if base is None or name in spool.members:
            return spool.evidence(name)
        return base.evidence(name)

    stories = told({**known, **spool.members}, evidence)
    if base is None:
        return Placing(stories, [])
    states = base.states
    return Placing(stories, [n for n in known if n in stories and stories[n] != states[n].story])
