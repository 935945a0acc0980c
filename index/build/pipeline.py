"""The stages that turn articles into batches for an engine's writer, for one generation.

read → draft → story → document → engine. Drafts wait in a spool until all articles are read,
because only then are their stories known.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from index.build.spool import Spool
from index.build.story_assignment import Base, assign
from index.build.workers import AnalysisPool, Pack
from index.document import Arrival
from index.engines.api import Writer
from index.lexicon.model import Lexicon

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Writing:
    """Call `draft` with articles, as often as needed, then `finish` once."""

    writer: Writer
    cutting: AnalysisPool
    spool: Spool

    def draft(self, arrivals: Iterable[Arrival]) -> None:
        for batch in self.cutting.drafted(arrivals):
            self.spool.add(batch)

    def finish(
        self,
        base: Base | None = None,
        gone: Collection[str] = (),
        progress: Progress = lambda count: None,
    ) -> None:
        """Assign stories, analyse and write the drafts. `gone`: articles of `base` to remove."""
        placing = assign(self.spool, base, gone)
        if base:
            self.draft(base.arrivals([*placing.moved]))
        for count, packed in self.cutting.packed(self.spool.batches(placing.story_of)):
            self.writer.add(packed)
            progress(count)
        self.writer.remove(sorted({*gone, *placing.moved}))


@contextmanager
def writing_with(writer: Writer, lexicon: Lexicon, pack: Pack) -> Iterator[Writing]:
    """A pipeline with workers and a spool that exist until the generation is written."""
    with AnalysisPool(lexicon, pack) as cutting, Spool() as spool:
        yield Writing(writer, cutting, spool)
