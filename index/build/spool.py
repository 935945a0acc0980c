"""Keeps drafts on disk between the two stages of a build.

Stories are known only when all articles are read, and those may not fit in memory.
"""

import os
import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from index.document import Draft
from index.duplicates.grouping import Member
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
        self.members: dict[str, Member] = {}
        self._file = tempfile.SpooledTemporaryFile(SPOOL_MEMORY_BYTES)  # noqa: SIM115 - closed by __exit__
        self._places: dict[str, tuple[int, int]] = {}
        self._batches: list[list[str]] = []

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
        self._batches.append([drafted.id for drafted in batch])
        self._file.seek(0, os.SEEK_END)  # a read may have moved the position
        for drafted in batch:
            self.members[drafted.id] = drafted.member
            self._places[drafted.id] = (self._file.tell(), len(drafted.data))
            self._file.write(drafted.data)

    def evidence(self, name: str) -> StoryEvidence:
        draft: Draft = pickle.loads(self._read(name))  # noqa: S301 - we wrote it
        return StoryEvidence(
            normalize(draft.title), normalize(draft.text), self.members[name].published
        )

    def batches(self, stories: Mapping[str, str]) -> Iterator[list[AssignedDraft]]:
        for names in self._batches:
            yield [AssignedDraft(self._read(name), stories[name]) for name in names]

    def _read(self, name: str) -> bytes:
        start, size = self._places[name]
        self._file.seek(start)
        return self._file.read(size)
