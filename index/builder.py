"""Rebuild, update, remove, roll back: articles in, one more generation published.

read → draft → story → document → engine in batches, aside; then the checks; then one atomic step.
Whatever happens before that step, readers keep the generation they had.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from index.changes import Report as Report  # noqa: PLC0414 - offered here too
from index.changes import Sorter
from index.document import Arrival
from index.engines.base import Engine, Generation, Snapshot, State
from index.errors import (
    ArticleNotFound,
    CheckFailed,
    IndexMissing,
    IndexProblem,
    NoSuchGeneration,
)
from index.generations import KEEP
from index.lexicon import Lexicon
from index.placing import Base
from index.recut import to_recut
from index.sources.reading import read_articles
from index.takedowns import Takedown, TakedownList
from index.writing import Progress, writing_with

Check = Callable[[Snapshot], list[str]]


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """`progress` is told how many articles were done; `check` may refuse a generation."""

    progress: Progress = lambda count: None
    check: Check = lambda snapshot: []
    wait: float = 0.0


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
        a change of the lexicon touches (`recut.py`).

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
                return self._update(base, paths, recut, options)
            finally:
                base.close()

    def _rebuild(self, paths: Sequence[Path], options: BuildOptions) -> Report:
        report = Report()
        states = self._states()
        sorter = Sorter(states, self._takedowns, report, states.keys())
        arrivals = sorter.arrivals(read_articles(paths))
        return self._anew(_absolute(paths), arrivals, report, options)

    def copy(self, source: Snapshot, options: BuildOptions | None = None) -> Report:
        """A generation of what `source`, of any engine, holds, less what was taken down.

        The articles keep their times, so that the next update finds them unchanged.
        """
        options = options or BuildOptions()
        with self._engine.lock(options.wait):
            states, withheld = source.states(), self._takedowns.read()
            names = [name for name in states if name not in withheld]
            copied = len(names)
            report = Report(unchanged=copied, recut=copied, withheld=len(states) - copied)
            arrivals = Base(source, states).arrivals(names)
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
            self._publish(writer.commit(), options.check, report)
        except BaseException:
            writer.abort()
            raise
        report.seconds = time.monotonic() - started
        return report

    def _update(
        self, base: Snapshot, paths: Sequence[Path], recut: set[str], options: BuildOptions
    ) -> Report:
        started = time.monotonic()
        report = Report()
        states = base.states()
        sorter = Sorter(states, self._takedowns, report, recut)
        writer = self._engine.build(
            self._lexicon, base=base.generation.name, sources=_absolute(paths)
        )
        try:
            with writing_with(writer, self._lexicon, self._engine.pack) as writing:
                writing.draft(sorter.arrivals(read_articles(paths)))
                gone = sorter.gone | sorter.replaced
                same_lexicon = base.lexicon.version == self._lexicon.version
                if gone or report.added or not same_lexicon:
                    writing.finish(Base(base, states), gone, progress=options.progress)
                    self._publish_update(writer.commit(), options.check, report)
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
            now = int(time.time())
            self._takedowns.add(Takedown(article_id, reason, now) for article_id in ids)
            return self._without(self._engine.current(), ids)

    def rollback(self, wait: float = 0.0) -> Generation:
        """Publish the generation before the current one, less what was taken down since."""
        with self._engine.lock(wait):
            target = self._engine.previous()
            snapshot = self._engine.open(target)
            known = snapshot.states()
            generation = snapshot.generation
            snapshot.close()
            returning = [taken for taken in self._takedowns.read() if taken in known]
            if not returning:
                self._engine.publish(target)
                return generation
            left = self._engine.current()
            generation = self._without(target, returning)
            self._engine.drop(left)  # it would stand between the new one and the next to go back to
            return generation

    def _without(self, base: str, ids: Sequence[str]) -> Generation:
        """Publish a generation like `base` that lacks some articles."""
        snapshot = self._engine.open(base)
        lexicon, sources = snapshot.lexicon, snapshot.generation.sources
        writer = self._engine.build(lexicon, base=base, sources=sources)
        try:
            with writing_with(writer, lexicon, self._engine.pack) as writing:
                writing.finish(Base(snapshot, snapshot.states()), set(ids))
            generation = writer.commit()
        except BaseException:
            writer.abort()
            raise
        finally:
            snapshot.close()
        self._engine.publish(generation.name)
        self._engine.collect(KEEP)
        return generation

    def _publish(self, generation: Generation, check: Check, report: Report) -> None:
        try:
            faults = self._faults(generation, check, report)
        except BaseException:
            self._engine.drop(generation.name)
            raise
        if faults:
            self._engine.drop(generation.name)
            raise CheckFailed(
                f"新索引没有通过检查，未上线：{' '.join(faults)}", hint="当前索引保持原样。"
            )
        self._engine.publish(generation.name)
        self._engine.collect(KEEP)
        report.generation = generation

    def _publish_update(self, generation: Generation, check: Check, report: Report) -> None:
        if not self._engine.updates_in_place:
            self._publish(generation, check, report)
            return
        self._engine.publish(generation.name)
        report.generation = generation
        report.warnings += [
            f"更新已经生效，但没有通过检查：{fault}"
            for fault in self._faults(generation, check, report)
        ]

    def _faults(self, generation: Generation, check: Check, report: Report) -> list[str]:
        snapshot = self._engine.open(generation.name)
        try:
            faults = check(snapshot)
        finally:
            snapshot.close()
        if generation.articles != report.held:
            faults = [f"应有 {report.held} 篇文章，实有 {generation.articles} 篇。", *faults]
        return faults

    def _states(self) -> dict[str, State]:
        """What is indexed now; nothing where no index can be read."""
        with suppress(IndexProblem, NoSuchGeneration):
            snapshot = self._engine.open()
            states = snapshot.states()
            snapshot.close()
            return states
        return {}


def _absolute(paths: Sequence[Path]) -> list[str]:
    return [str(path.resolve()) for path in paths]
