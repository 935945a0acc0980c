"""Assigns stories to new articles, and finds indexed articles whose story changes with them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.build.diff import BaseStates
from index.build.spool import Spool
from index.document import RESTORED_FIELDS, Arrival, restored_article
from index.duplicates.grouping import assign_stories
from index.duplicates.members import I64, Member, PackedMembers
from index.duplicates.same_story import StoryEvidence
from index.engines.api import Snapshot, State
from index.engines.queries import Or, Term

AT_ONCE = 200
"""Articles or stories read in one call of the engine."""


@dataclass(frozen=True, slots=True)
class Base:
    """The generation that an update starts from, with the states of its articles."""

    known: BaseStates

    @property
    def snapshot(self) -> Snapshot:
        return self.known.snapshot

    def evidence(self, name: str) -> StoryEvidence:
        (row,) = self.snapshot.stored([name], ["normalized"])
        title, text = row["normalized"].split("\n", 1)
        return StoryEvidence(title, text, self.known.of([name])[name].given_date)

    def arrivals(self, names: Sequence[str]) -> Iterator[Arrival]:
        """Indexed articles, restored to be analysed again."""
        for at in range(0, len(names), AT_ONCE):
            states = self.known.of(names[at : at + AT_ONCE])
            for row in self.snapshot.stored([*states], RESTORED_FIELDS):
                state = states[row["id"]]
                times = state.first_seen, state.indexed_at
                yield Arrival(restored_article(row), state.content_hash, *times)

    def around(self, fresh: PackedMembers, gone: Collection[str]) -> dict[str, Member]:
        """Indexed articles whose story may change when `fresh` come and `gone` go.

        These are the articles of stories that lose one (it may have been the earliest, or have
        connected the others), those that share a band with an article without a story, and the
        first of each of their stories, which stands for the rest of it.
        """
        broken = {state.story for state in self.known.of([*gone]).values()}
        loose = self.of_stories(broken, gone)
        found = {name: Member(s.given_date, s.sketch) for name, s in loose.items()}
        sketches = [*fresh.sketches(), *(member.sketch for member in found.values())]
        near = self.known.of(sorted(self.snapshot.near_copies(sketches) - found.keys() - {*gone}))
        near |= self.known.of(sorted({state.story for state in near.values()} - near.keys()))
        return found | {name: Member(s.given_date, s.sketch, s.story) for name, s in near.items()}

    def of_stories(self, stories: Collection[str], gone: Collection[str]) -> dict[str, State]:
        """All articles of these stories, except `gone`."""
        names: list[str] = []
        ordered = sorted(stories)
        for at in range(0, len(ordered), AT_ONCE):
            chosen = ordered[at : at + AT_ONCE]
            query = Or(tuple(Term("story", story) for story in chosen))
            most = sum(self.snapshot.doc_freqs("story", chosen).values())
            found = self.snapshot.match(query, sort="oldest", limit=most)
            names += [match.id for match in found.matches if match.id not in gone]
        return self.known.of(names)


@dataclass(frozen=True, slots=True)
class StoryAssignment:
    """`earliest`: of each of `members`, which begin with those of the spool, the first of its
    story. `moved`: the new story, by id, of indexed articles to be written again because of it."""

    members: PackedMembers
    earliest: I64
    moved: Mapping[str, str]

    def story_of(self, number: int, name: str) -> str:
        """The story of a member of the spool, to which moved articles may have been added."""
        story = self.moved.get(name)
        return self.members.name(self.earliest[number]) if story is None else story


def assign(spool: Spool, base: Base | None, gone: Collection[str]) -> StoryAssignment:
    """Stories of the spool's articles. `gone`: articles of the base that are removed, or are in
    the spool."""
    if base is None:
        return StoryAssignment(spool.members, assign_stories(spool.members, spool.evidence), {})
    fresh = len(spool.members)
    known = base.around(spool.members, gone)
    members = spool.members.joined(known)

    def evidence(number: int) -> StoryEvidence:
        return spool.evidence(number) if number < fresh else base.evidence(members.name(number))

    earliest = assign_stories(members, evidence)
    after = dict(zip(known, map(members.name, earliest[fresh:].tolist()), strict=True))
    renamed = {
        m.story: after[name] for name, m in known.items() if m.story not in (None, after[name])
    }
    loose = [name for name, member in known.items() if member.story is None]
    moved = {
        name: after[name] for name, s in base.known.of(loose).items() if s.story != after[name]
    }
    whole = base.of_stories([story for story in renamed if story], gone)
    moved |= {name: renamed[state.story] for name, state in whole.items()}
    return StoryAssignment(members, earliest, moved)
