"""Estimates the duration of a build from a sample of its articles."""

import time

from index.build.diff import BaseStates
from index.build.spool import AssignedDraft
from index.build.story_assignment import Base
from index.build.workers import Stages
from index.cores import cores
from index.document import Arrival
from index.engines.api import Engine, Snapshot
from index.lexicon.model import Lexicon

SAMPLE = 60
"""Articles in the sample; they take a fifth of a second."""
WRITING = 1.3
"""Factor for writing to the engine; between 1.1 and 1.5 was measured."""


def copy_seconds(source: Snapshot, engine: Engine, lexicon: Lexicon) -> float:
    """Estimated seconds `engine` needs to index the articles of `source`."""
    known = BaseStates(source)
    names = [*known]
    chosen = names[:: max(1, len(names) // SAMPLE)]
    stages = Stages(lexicon, engine.pack)
    stages.pack([])  # load the dictionary before the clock starts
    arrivals = list(Base(known).arrivals(chosen))
    return WRITING * _seconds(stages, arrivals) * len(names) / max(1, len(chosen)) / cores()


def _seconds(stages: Stages, arrivals: list[Arrival]) -> float:
    started = time.perf_counter()
    drafted = stages.draft(arrivals)
    stages.pack([AssignedDraft(draft.data, draft.id) for draft in drafted])
    return time.perf_counter() - started
