"""Rebuild, update, remove, roll back: articles in, one more generation published.

A new generation is written separately (read → draft → story → document → engine, in batches), then
checked, then published in one atomic step. Until that step, readers keep the generation they have.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from index.build.diff import ArrivalSorter, BaseStates, arrivals_until_now
from index.build.diff import Report as Report  # noqa: PLC0414 - offered here too
from index.build.lexicon_changes import ids_to_reanalyse
from index.build.pipeline import Progress, writing_with
from index.build.publish import Check, publish, publish_update
from index.build.story_assignment import Base
from index.document import Arrival
from index.engines.api import Engine, Generation, Snapshot
from index.engines.embedded.generations import KEPT_GENERATIONS
from index.errors import (
    ArticleNotFound,
    IndexForeign,
    IndexMissing,
    IndexOutdated,
    IndexProblem,
)
from index.lexicon.model import Lexicon
from index.sources.reader import absolute, read_articles, with_sources
from index.takedowns import TakedownList, with_twins


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """`progress` is called with the number of articles just written; `check` may refuse the
    generation; `wait`: seconds to wait for another writer."""

    progress: Progress = lambda count: None
    check: Check = lambda snapshot: []
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class _Work:
    """An update in progress: the generation it starts from, and the description of the next one."""

    base: Base
    report: Report
    lexicon: Lexicon
    sources: Sequence[str]


class Builder:
    """Builds generations with one engine and one lexicon, which may be given as a function that
    loads it: additions and removals keep to that of the index and do not need it."""

    def __init__(
        self, engine: Engine, lexicon: Lexicon | Callable[[], Lexicon], takedowns: TakedownList
    ) -> None:
        self._engine = engine
        self._given_lexicon = lexicon
        self._takedowns = takedowns

    @cached_property
    def _lexicon(self) -> Lexicon:
        given = self._given_lexicon
        return given if isinstance(given, Lexicon) else given()

    def rebuild(self, paths: Sequence[Path], options: BuildOptions | None = None) -> Report:
        """A generation of exactly the articles in `paths`, without those taken down."""
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            return self._rebuild(paths, options)

    def update(self, paths: Sequence[Path], options: BuildOptions | None = None) -> Report:
        """The same result as `rebuild`, but only new and changed articles are analysed, and those
        that a change of the lexicon affects (`lexicon_changes.py`).

        It rebuilds if there is no index, if the index has too many segments, or if the change of
        the lexicon affects most articles.
        """
        options = options or BuildOptions()
        with self._engine.lock(options.wait, shared=True):
            try:
                base = self._engine.open()
            except IndexMissing:
                return self._rebuild(paths, options)
            try:
                if base.generation.segments >= self._engine.max_segments:
                    return self._rebuild(paths, options)
                reanalyse = ids_to_reanalyse(base, self._lexicon)
                if reanalyse is None:
                    report = self._rebuild(paths, options)
                    report.warnings.append("词库改动牵涉大部分文章，已全部重建。")
                    return report
                known = BaseStates(base)
                work = _Work(Base(known), Report(), self._lexicon, absolute(paths))
                sorter = ArrivalSorter(
                    known.everything(),
                    self._takedowns,
                    work.report,
                    reanalyse,
                    removal="unless_closed",
                )
                return self._update(work, paths, sorter, options)
            finally:
                base.close()

    def add(self, paths: Sequence[Path], options: BuildOptions | None = None) -> Report:
        """Add the new and changed articles of `paths` and leave all others as they are.

        Articles are analysed with the generation's own lexicon. The cost depends on their number
        only, if the engine finds near-copies without reading all articles. An index with too many
        segments is written anew. Later updates read these paths too.
        """
        options = options or BuildOptions()
        with self._engine.lock(options.wait, shared=True):
            base = self._engine.open()
            try:
                sources = with_sources(base.generation.sources, paths)
                known = BaseStates(base)
                work = _Work(Base(known), Report(), base.lexicon, sources)
                sorter = ArrivalSorter(known, self._takedowns, work.report, removal="never")
                if base.generation.segments < self._engine.max_segments:
                    return self._update(work, paths, sorter, options)
                arrivals = self._all_arrivals(work, sorter, paths)
                return self._anew(sources, arrivals, work.report, options)
            finally:
                base.close()

    def _all_arrivals(
        self, work: "_Work", sorter: ArrivalSorter, paths: Sequence[Path]
    ) -> Iterator[Arrival]:
        """All articles that were read, then all indexed articles they do not replace."""
        came = set()
        for arrival in sorter.arrivals(read_articles(paths)):
            came.add(arrival.article.id)
            yield arrival
        yield from work.base.arrivals([name for name in work.base.known if name not in came])

    def _rebuild(self, paths: Sequence[Path], options: BuildOptions) -> Report:
        report = Report()
        earlier = arrivals_until_now(self._engine)
        sorter = ArrivalSorter(earlier, self._takedowns, report, earlier)
        arrivals = sorter.arrivals(read_articles(paths))
        return self._anew(absolute(paths), arrivals, report, options)

    def copy(self, source: Snapshot, options: BuildOptions | None = None) -> Report:
        """A generation of the articles in `source` (of any engine), without those taken down.

        Articles keep their times, so the next update finds them unchanged.
        """
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            return self._copied(source, options)

    def rebuild_stored(self, options: BuildOptions | None = None) -> Report:
        """A generation of the articles stored in this engine's published one, analysed anew.

        Raises IndexOutdated if they were stored in another format.
        """
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            source = self._engine.open_articles()
            try:
                return self._copied(source, options)
            finally:
                source.close()

    def _copied(self, source: Snapshot, options: BuildOptions) -> Report:
        known, taken_down = BaseStates(source), self._takedowns.read()
        names = [name for name in known if name not in taken_down]
        copied = len(names)
        report = Report(unchanged=copied, reanalysed=copied, taken_down=len(known) - copied)
        arrivals = Base(known).arrivals(names)
        return self._anew(source.generation.sources, arrivals, report, options)

    def _anew(
        self,
        sources: Sequence[str],
        arrivals: Iterable[Arrival],
        report: Report,
        options: BuildOptions,
    ) -> Report:
        """A generation of these articles and no others."""
        started = time.monotonic()
        writer = self._engine.build(self._lexicon, base=None, sources=sources)
        try:
            with writing_with(writer, self._lexicon, self._engine.pack) as writing:
                writing.draft(arrivals)
                writing.finish(progress=options.progress)
            publish(self._engine, writer.commit(), options.check, report)
        except BaseException:
            writer.abort()
            raise
        report.seconds = time.monotonic() - started
        return report

    def _update(
        self, work: "_Work", paths: Sequence[Path], sorter: ArrivalSorter, options: BuildOptions
    ) -> Report:
        started = time.monotonic()
        base, report = work.base.snapshot, work.report
        writer = self._engine.build(work.lexicon, base=base.generation.name, sources=work.sources)
        try:
            with writing_with(writer, work.lexicon, self._engine.pack) as writing:
                writing.draft(sorter.arrivals(read_articles(paths)))
                gone = sorter.gone | sorter.replaced
                same_lexicon = base.lexicon.version == work.lexicon.version
                if gone or report.added or not same_lexicon:
                    writing.finish(work.base, gone, progress=options.progress)
                    publish_update(self._engine, writer.commit(), options.check, report)
                else:
                    writer.abort()
                    report.generation = base.generation
        except BaseException:
            writer.abort()
            raise
        report.seconds = time.monotonic() - started
        return report

    def remove(self, ids: Sequence[str], reason: str, wait: float = 0.0) -> Generation:
        """Remove articles now and from every later rebuild and rollback.

        Raises ArticleNotFound, removing nothing, if one of the ids is not indexed: it may be
        mistyped.
        """
        with self._engine.lock(wait, shared=True):
            snapshot = self._engine.open()
            known = snapshot.states()
            missing = [article_id for article_id in ids if article_id not in known]
            snapshot.close()
            if missing:
                raise ArticleNotFound(
                    f"索引里没有这些文章：{'、'.join(missing)}。", hint="没有移除任何文章。"
                )
            stories = {name: state.story for name, state in known.items()}
            self._takedowns.add(with_twins(ids, reason, int(time.time()), stories))
            generation = self._without(self._engine.current(), ids)
            self._engine.collect(KEPT_GENERATIONS)
            return generation

    def rollback(self, wait: float = 0.0) -> Generation:
        """Publish the generation before the current one, without articles taken down since."""
        with self._engine.lock(wait):
            target = self._engine.previous()
            snapshot = self._engine.open(target)
            returning = [*snapshot.states([*self._takedowns.read()])]
            generation = snapshot.generation
            snapshot.close()
            if not returning:
                self._engine.publish(target)
                return generation
            left = {target}
            with suppress(IndexProblem):  # what is published may be lost
                left.add(self._engine.current())
            generation = self._without(target, returning)
            for name in left:  # so that the next rollback goes further back
                self._engine.drop(name)
            self._engine.collect(KEPT_GENERATIONS)
            return generation

    def restore(self, adopt: Callable[[], Generation], wait: float = 0.0) -> Generation:
        """Publish the generation that `adopt` puts beside the others. It is analysed anew if it has
        articles that were taken down, or if this program segments differently."""
        with self._engine.lock(wait):
            adopted = adopt()
            try:
                if self._as_it_is(adopted):
                    self._engine.publish(adopted.name)
                    return adopted
                source = self._engine.open_articles(adopted.name)
                try:
                    restored = self._copied(source, BuildOptions()).generation
                finally:
                    source.close()
            except BaseException:
                self._engine.drop(adopted.name)
                raise
            self._engine.drop(adopted.name)
            assert restored is not None
            return restored

    def _as_it_is(self, adopted: Generation) -> bool:
        try:
            snapshot = self._engine.open(adopted.name)
        except IndexForeign:
            raise
        except IndexOutdated:
            return False
        returning = snapshot.states([*self._takedowns.read()])
        snapshot.close()
        return not returning

    def _without(self, base: str, ids: Sequence[str]) -> Generation:
        """Publish a generation like `base` without some articles."""
        snapshot = self._engine.open(base)
        lexicon, sources = snapshot.lexicon, snapshot.generation.sources
        writer = self._engine.build(lexicon, base=base, sources=sources)
        try:
            with writing_with(writer, lexicon, self._engine.pack) as writing:
                writing.finish(Base(BaseStates(snapshot)), set(ids))
            generation = writer.commit()
        except BaseException:
            writer.abort()
            raise
        finally:
            snapshot.close()
        self._engine.publish(generation.name)
        return generation
