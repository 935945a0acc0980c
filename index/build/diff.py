"""What an update has to do: each article that is read against what the index holds."""

import time
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from index.article import Article, Rejection
from index.document import Arrival
from index.engines.api import Engine, Generation, Snapshot, State
from index.errors import IndexProblem, SourceError
from index.takedowns import TakedownList


@dataclass(slots=True)
class Report:
    """What a rebuild or an update did, counted in articles."""

    generation: Generation | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    recut: int = 0
    """Of the unchanged: cut again, for the lexicon changed; in a rebuild all of them."""
    removed: int = 0
    beside: int = 0
    """Articles that stay and were not looked at, for only some paths were read."""
    withheld: int = 0
    rejected: list[Rejection] = field(default_factory=list)
    seconds: float = 0.0
    warnings: list[str] = field(default_factory=list)

    @property
    def held(self) -> int:
        """Articles that the generation holds."""
        return self.added + self.changed + self.unchanged + self.beside


class States(Protocol):
    """What is known of articles, by id: a dictionary, or `BaseStates`."""

    def get(self, name: str) -> State | None: ...

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[str]: ...


class ArrivalSorter:
    """Sorts what is read into new, changed, unchanged, withheld and rejected, as it passes.

    `recut`: ids of articles that have to be cut even if they did not change. `everything`: whether
    what is not read is gone.
    """

    def __init__(
        self,
        states: States,
        takedowns: TakedownList,
        report: Report,
        recut: Container[str] = (),
        *,
        everything: bool = True,
    ) -> None:
        self._everything = everything
        self._states = states
        self._withheld = takedowns.read()
        self._report = report
        self._recut = recut
        self._now = int(time.time())
        self.gone = set(states) if everything else set[str]()
        self.replaced: set[str] = set()

    def arrivals(self, articles: Iterable[Article | Rejection]) -> Iterator[Arrival]:
        """What has to be cut. At the end of all that is read, what was indexed and did not come is
        gone; raises SourceError if nothing at all came."""
        for article in articles:
            if isinstance(article, Rejection):
                self._report.rejected.append(article)
            elif article.id in self._withheld:
                self._report.withheld += 1
            else:
                yield from self._arrival(article)
        self._finish()

    def _arrival(self, article: Article) -> Iterator[Arrival]:
        content_hash = article.content_hash()
        state = self._states.get(article.id)
        self.gone.discard(article.id)
        if state is None:
            self._report.added += 1
            yield Arrival(article, content_hash, self._now, self._now)
        elif state.content_hash != content_hash:
            self._report.changed += 1
            self.replaced.add(article.id)
            yield Arrival(article, content_hash, state.first_seen, self._now)
        else:
            self._report.unchanged += 1
            if article.id in self._recut:
                self._report.recut += 1
                self.replaced.add(article.id)
                yield Arrival(article, content_hash, state.first_seen, state.indexed_at)

    def _finish(self) -> None:
        if not self._report.held:
            raise SourceError("没有读到任何可用的文章，索引保持原样。", hint="请检查给出的路径。")
        if self._everything:
            self._report.removed = len(self.gone)
        else:
            seen = self._report.changed + self._report.unchanged
            self._report.beside = len(self._states) - seen


class BaseStates:
    """States by id. Iterating over it reads all of them; `get` and `of` only those they name."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._states: dict[str, State | None] = {}
        self._everything: dict[str, State] | None = None

    def __len__(self) -> int:
        return self.snapshot.generation.articles

    def __iter__(self) -> Iterator[str]:
        return iter(self.everything())

    def everything(self) -> dict[str, State]:
        if self._everything is None:
            self._everything = self.snapshot.states()
        return self._everything

    def get(self, name: str) -> State | None:
        if self._everything is not None:
            return self._everything.get(name)
        if name not in self._states:
            self._states[name] = self.snapshot.states([name]).get(name)
        return self._states[name]

    def of(self, names: Sequence[str]) -> dict[str, State]:
        """Of those that are there, in one call."""
        missing = [name for name in names if name not in self._states]
        if self._everything is None and missing:
            self._states |= dict.fromkeys(missing) | self.snapshot.states(missing)
        return {name: state for name in names if (state := self.get(name)) is not None}


def states_now(engine: Engine) -> dict[str, State]:
    """What is indexed now, cut by another version too; nothing where no index can be read."""
    with suppress(IndexProblem):
        snapshot = engine.open_articles()
        states = snapshot.states()
        snapshot.close()
        return states
    return {}
