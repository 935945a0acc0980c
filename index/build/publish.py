"""A complete generation goes live, if it passes its checks."""

from collections.abc import Callable

from index.build.diff import Report
from index.engines.api import Engine, Generation, Snapshot
from index.engines.embedded.generations import KEPT_GENERATIONS
from index.errors import CheckFailed

Check = Callable[[Snapshot], list[str]]
"""Checks a generation before it is published; returns one sentence for each fault."""


def publish(engine: Engine, generation: Generation, check: Check, report: Report) -> None:
    """Check and publish. If a check fails, drops the generation and raises CheckFailed."""
    try:
        faults = _faults(engine, generation, check, report)
    except BaseException:
        engine.drop(generation.name)
        raise
    if faults:
        engine.drop(generation.name)
        raise CheckFailed(
            f"新索引没有通过检查，未上线：{' '.join(faults)}", hint="当前索引保持原样。"
        )
    engine.publish(generation.name)
    engine.collect(KEPT_GENERATIONS)
    report.generation = generation


def publish_update(engine: Engine, generation: Generation, check: Check, report: Report) -> None:
    """The same for an update. Where the engine updates in place, faults are only warnings."""
    if not engine.updates_in_place:
        publish(engine, generation, check, report)
        return
    engine.publish(generation.name)
    report.generation = generation
    report.warnings += [
        f"更新已经生效，但没有通过检查：{fault}"
        for fault in _faults(engine, generation, check, report)
    ]


def _faults(engine: Engine, generation: Generation, check: Check, report: Report) -> list[str]:
    snapshot = engine.open(generation.name)
    try:
        faults = check(snapshot)
    finally:
        snapshot.close()
    if generation.articles != report.held:
        faults = [f"应有 {report.held} 篇文章，实有 {generation.articles} 篇。", *faults]
    return faults
