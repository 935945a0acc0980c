"""Rebuild, update, remove, roll back: articles in, one more generation published.

read → draft → story → document → engine in batches, aside; then the checks; then one atomic step.
Whatever happens before that step, readers keep the generation they had.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.build.diff import ArrivalSorter, BaseStates, states_now
from index.build.diff import Report as Report  # noqa: PLC0414 - offered here too
from index.build.lexicon_changes import to_recut
from index.build.pipeline import Progress, writing_with
from index.build.publish import Check, publish, publish_update
from index.build.story_assignment import Base
from index.document import Arrival
from index.engines.api import Engine, Generation, Snapshot
from index.engines.embedded.generations import KEEP
from index.errors import ArticleNotFound, IndexMissing
from index.lexicon.model import Lexicon
from index.sources.reader import absolute, read_articles, with_sources
from index.takedowns import TakedownList, with_twins


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """`progress` is told how many articles were done; `check` may refuse a generation."""

    progress: Progress = lambda count: None
    check: Check = lambda snapshot: []
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class _Work:
    """A generation that is changed, and what the next one is described with."""

    base: Base
    report: Report
    lexicon: Lexicon
    sources: Sequence[str]


class Builder:
    """Builds generations with one engine and one lexicon."""

    def __init__(self, engine: Engine, lexicon: Lexicon, takedowns: TakedownList) -> None:
        self._engine = engine
        self._lexicon = lexicon
        self._takedowns = takedowns

    def rebuild(self, paths: Sequence[Path], options: BuildOptions | None = None) -> Report:
        """A generation of exactly what `paths` hold, less what was taken down."""
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            return self._rebuild(paths, options)

    def update(self, paths: Sequence[Path], options: BuildOptions | None = None) -> Report:
        """The same result as `rebuild`, but only new and changed articles are cut, and those that
        a change of the lexicon touches (`lexicon_changes.py`).

        Without an index, where the present one is in too many pieces or where the lexicon's
        change touches most articles, it is a rebuild.
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
                recut = to_recut(base, self._lexicon)
                if recut is None:
                    report = self._rebuild(paths, options)
                    report.warnings.append("词库改动牵涉大部分文章，已全部重建。")
                    return report
                known = BaseStates(base)
                work = _Work(Base(known), Report(), self._lexicon, absolute(paths))
                sorter = ArrivalSorter(known.everything(), self._takedowns, work.report, recut)
                return self._update(work, paths, sorter, options)
            finally:
                base.close()

    def add(self, paths: Sequence[Path], options: BuildOptions | None = None) -> Report:
        """Take in what `paths` hold, new and changed, beside what is there: the price is that of
        these articles, where an engine finds near-copies without a look at all. Cut with the
        generation's own lexicon; an index in too many pieces is written anew. Later updates know
        these sources, too."""
        options = options or BuildOptions()
        with self._engine.lock(options.wait, shared=True):
            base = self._engine.open()
            try:
                sources = with_sources(base.generation.sources, paths)
                known = BaseStates(base)
                work = _Work(Base(known), Report(), base.lexicon, sources)
                sorter = ArrivalSorter(known, self._takedowns, work.report, everything=False)
                if base.generation.segments < self._engine.max_segments:
                    return self._update(work, paths, sorter, options)
                arrivals = self._all_arrivals(work, sorter, paths)
                return self._anew(sources, arrivals, work.report, options)
            finally:
                base.close()

    def _all_arrivals(
        self, work: "_Work", sorter: ArrivalSorter, paths: Sequence[Path]
    ) -> Iterator[Arrival]:
        """What is read, then all that it did not replace."""
        came = set()
        for arrival in sorter.arrivals(read_articles(paths)):
            came.add(arrival.article.id)
            yield arrival
        yield from work.base.arrivals([name for name in work.base.known if name not in came])

    def _rebuild(self, paths: Sequence[Path], options: BuildOptions) -> Report:
        report = Report()
        states = states_now(self._engine)
        sorter = ArrivalSorter(states, self._takedowns, report, states.keys())
        arrivals = sorter.arrivals(read_articles(paths))
        return self._anew(absolute(paths), arrivals, report, options)

    def copy(self, source: Snapshot, options: BuildOptions | None = None) -> Report:
        """A generation of what `source`, of any engine, holds, less what was taken down.

        The articles keep their times, so that the next update finds them unchanged.
        """
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            return self._copied(source, options)

    def rebuild_stored(self, options: BuildOptions | None = None) -> Report:
        """`copy` of what the published generation of this engine stores: the same articles, cut
        by this version. Raises IndexOutdated where another format stored them."""
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            source = self._engine.open_articles()
            try:
                return self._copied(source, options)
            finally:
                source.close()

    def _copied(self, source: Snapshot, options: BuildOptions) -> Report:
        known, withheld = BaseStates(source), self._takedowns.read()
        names = [name for name in known if name not in withheld]
        copied = len(names)
        report = Report(unchanged=copied, recut=copied, withheld=len(known) - copied)
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
        """Take articles out now, and out of every later rebuild. Ids we do not hold are refused
        together, so that a typing error does not go unnoticed."""
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
            self._engine.collect(KEEP)
            return generation

    def rollback(self, wait: float = 0.0) -> Generation:
        """Publish the generation before the current one, less what was taken down since."""
        with self._engine.lock(wait):
            target = self._engine.previous()
            snapshot = self._engine.open(target)
            returning = [*snapshot.states([*self._takedowns.read()])]
            generation = snapshot.generation
            snapshot.close()
            if not returning:
                self._engine.publish(target)
                return generation
            left = self._engine.current()
            generation = self._without(target, returning)
            for name in (left, target):  # they stand between the new one and the next to go back to
                self._engine.drop(name)
            self._engine.collect(KEEP)
            return generation

    def _without(self, base: str, ids: Sequence[str]) -> Generation:
        """Publish a generation like `base` that lacks some articles."""
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
