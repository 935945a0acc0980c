"""How long a build will take, from a few of its articles."""

import time

from index.build.diff import BaseStates
from index.build.spool import AssignedDraft
from index.build.story_assignment import Base
from index.build.workers import Stages, cores
from index.document import Arrival
from index.engines.api import Engine, Snapshot
from index.lexicon.model import Lexicon

SAMPLE = 60
"""Articles, spread over all; they take a fifth of a second."""
WRITING = 1.3
"""What writing takes on top, as a factor: 1.1 to 1.5 was seen, engine by engine."""


def copy_seconds(source: Snapshot, engine: Engine, lexicon: Lexicon) -> float:
    """About how many seconds `engine` needs for the articles of `source`."""
    known = BaseStates(source)
    names = [*known]
    chosen = names[:: max(1, len(names) // SAMPLE)]
    stages = Stages(lexicon, engine.pack)
    stages.pack([])  # what a process does once is not the price of an article
    arrivals = list(Base(known).arrivals(chosen))
    return WRITING * _seconds(stages, arrivals) * len(names) / max(1, len(chosen)) / cores()


def _seconds(stages: Stages, arrivals: list[Arrival]) -> float:
    started = time.perf_counter()
    drafted = stages.draft(arrivals)
    stages.pack([AssignedDraft(draft.data, draft.id) for draft in drafted])
    return time.perf_counter() - started
