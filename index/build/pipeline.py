"""From articles to a writer's batches: the stages of one generation, for as long as it is built.

read → draft → story → document → engine. Drafts wait in a spool until all were read.
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
    """`draft` what comes, then `finish`."""

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
        """Give everything its story and cut it; `gone`: articles of the base to be removed."""
        placing = assign(self.spool, base, gone)
        if base:
            self.draft(base.arrivals(placing.moved))
        for count, packed in self.cutting.packed(self.spool.batches(placing.stories)):
            self.writer.add(packed)
            progress(count)
        self.writer.remove(sorted({*gone, *placing.moved}))


@contextmanager
def writing_with(writer: Writer, lexicon: Lexicon, pack: Pack) -> Iterator[Writing]:
    """Workers and a spool for as long as one generation is written."""
    with AnalysisPool(lexicon, pack) as cutting, Spool() as spool:
        yield Writing(writer, cutting, spool)
