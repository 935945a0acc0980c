"""Which generation answers when the published one is damaged: the newest sound one before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.engines.api import Engine, Snapshot
from index.errors import IndexDamaged, IndexMissing, IndexProblem, NoSuchGeneration
from index.takedowns import TakedownList


@dataclass(frozen=True, slots=True)
class Answering:
    """The generation that answers. `warning`: why it is not the published one, else empty."""

    snapshot: Snapshot
    warning: str


def open_answering(
    engine: Engine, takedowns: TakedownList, damaged: Mapping[str, str] | None = None
) -> Answering:
    """Open the published generation. Where it is damaged or lost, open the newest sound one before
    it instead, unless that holds articles that were taken down since.

    `damaged`: by name, what is known to be wrong with a generation. Raises what opening the
    published one raised if none can answer.
    """
    known = damaged or {}
    while True:
        name = ""
        try:
            name = engine.current()
            if name in known:
                raise IndexDamaged(known[name])
            return Answering(engine.open(name), "")
        except (IndexDamaged, IndexMissing, NoSuchGeneration) as problem:
            if name and _published(engine) not in ("", name):
                continue  # another was published meanwhile, and this one deleted
            snapshot = _substitute(engine, takedowns, known)
            if snapshot is None:
                raise
            substitute = snapshot.generation.name
            return Answering(
                snapshot, f"{problem.message}改由版本 {substitute} 回答。{problem.hint}"
            )


def _published(engine: Engine) -> str:
    """Empty if it cannot be told."""
    try:
        return engine.current()
    except IndexProblem:
        return ""


def _substitute(
    engine: Engine, takedowns: TakedownList, damaged: Mapping[str, str]
) -> Snapshot | None:
    names = [name for name in engine.substitutes() if name not in damaged]
    taken_down = [*takedowns.read()] if names else []
    for name in names:
        try:
            snapshot = engine.open(name)
        except IndexProblem:
            continue
        if not snapshot.states(taken_down):
            return snapshot
        snapshot.close()
    return None
