"""Keeps drafts on disk between the two stages of a build.

Stories are known only when all articles are read, and those may not fit in memory.
"""

import os
import pickle
import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType

from index.document import Draft
from index.duplicates.members import Member, PackedMembers
from index.duplicates.same_story import StoryEvidence
from index.text.normalize import normalize

SPOOL_MEMORY_BYTES = 16 << 20
"""Bytes. Beyond them the spool uses an unnamed file in TMPDIR, which vanishes with the process."""


@dataclass(frozen=True, slots=True)
class SpooledDraft:
    """A pickled draft, and what grouping needs to know of it."""

    id: str
    member: Member
    data: bytes


@dataclass(frozen=True, slots=True)
class AssignedDraft:
    """A pickled draft and its story id."""

    data: bytes
    story: str


class Spool:
    """Stores batches of drafts, and gives them back in the same order and batches."""

    def __init__(self) -> None:
        self.members = PackedMembers()
        self._file = tempfile.SpooledTemporaryFile(SPOOL_MEMORY_BYTES)  # noqa: SIM115 - closed by __exit__
        self._ends = array("Q", [0])
        self._sizes: list[int] = []

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, batch: Sequence[SpooledDraft]) -> None:
        self._sizes.append(len(batch))
        self._file.seek(0, os.SEEK_END)  # a read may have moved the position
        for drafted in batch:
            self.members.add(drafted.id, drafted.member)
            self._file.write(drafted.data)
            self._ends.append(self._ends[-1] + len(drafted.data))

    def evidence(self, number: int) -> StoryEvidence:
        draft: Draft = pickle.loads(self._read(number))  # noqa: S301 - we wrote it
        published = self.members.published(number)
        return StoryEvidence(normalize(draft.title), normalize(draft.text), published)

    def batches(self, story_of: Callable[[int, str], str]) -> Iterator[list[AssignedDraft]]:
        """`story_of`: the story of a member, by number and name."""
        start = 0
        for size in self._sizes:
            numbers = range(start, start := start + size)
            names = map(self.members.name, numbers)
            stories = map(story_of, numbers, names)
            yield [
                AssignedDraft(*each) for each in zip(map(self._read, numbers), stories, strict=True)
            ]

    def _read(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        self._file.seek(start)
        return self._file.read(end - start)
