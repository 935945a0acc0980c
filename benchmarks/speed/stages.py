"""Where a request's time goes: a clock around each stage of the search.

It counts processor time of the thread, so that other processes are not charged to a stage. A stage
inside another counts for itself only. A clock costs half a microsecond a call, so the stages are
few and coarse.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from search import searcher
from search.query.parsing import parser
from search.query.planner import Planner
from search.related.related_searches import RelatedSearchFinder
from search.results import pagination
from search.retrieval import retriever
from search.retrieval.retriever import Retriever
from search.searcher import Searcher
from search.spelling.speller import Speller
from web.api import routes as api

STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "parse and plan": ((parser, "parse"), (Planner, "plan")),
    "relax": ((retriever, "relax"),),
    "rank the best": ((retriever, "rerank"), (Retriever, "_rank")),
    "collapse and page": ((searcher, "page_of"), (pagination, "collapse_reposts")),
    "correct": ((Speller, "correct"), (searcher, "decide_correction")),
    "snippets and reasons": ((searcher, "hits_of"), (searcher, "explainer")),
    "related searches": ((RelatedSearchFinder, "related_searches"),),
    "JSON": ((api, "search_json"), (api, "_json")),
    "search, the rest": ((Searcher, "search"), (Searcher, "_interpret")),
}
"""Callables by stage, each where it is looked up when it is called."""

ENGINE: dict[str, str] = {
    "engine: match": "match",
    "engine: facets": "facet_counts",
    "engine: stored": "stored",
    "engine: terms": "terms",
    "engine: frequencies": "doc_freq",
}
"""Calls of a snapshot by stage."""
WARMING = "warm"
"""The thread that reads what suggestions need: no request waits for it."""
OUTSIDE = "HTTP, Flask and waitress"
ORDER = (*ENGINE, *STAGES, OUTSIDE)


class Clock:
    """Processor seconds by stage, for nested calls."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._open = threading.local()

    def timed(self, stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def inside(*args: Any, **kwargs: Any) -> Any:
            if threading.current_thread().name == WARMING:
                return call(*args, **kwargs)
            stack: list[float] = self._open.__dict__.setdefault("stack", [])
            stack.append(0.0)
            started = time.thread_time()
            try:
                return call(*args, **kwargs)
            finally:
                took = time.thread_time() - started
                self.spent[stage] += took - stack.pop()
                if stack:
                    stack[-1] += took

        return inside


@contextmanager
def clocked(snapshot: Any) -> Iterator[Clock]:
    """Puts clocks around the stages and around the calls of a class of snapshots, for the block."""
    clock = Clock()
    places = [(stage, *place) for stage, several in STAGES.items() for place in several]
    places += [(stage, snapshot, name) for stage, name in ENGINE.items()]
    originals = [(owner, name, getattr(owner, name)) for _, owner, name in places]
    for (stage, owner, name), (_, _, call) in zip(places, originals, strict=True):
        setattr(owner, name, clock.timed(stage, call))
    try:
        yield clock
    finally:
        for owner, name, call in originals:
            setattr(owner, name, call)
