"""The inputs of a build when the command line names none."""

from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.engines.api import Engine


def remembered_sources(engine: "Engine") -> list[Path]:
    """The inputs of the current generation; the sample articles before the first. Raises
    SourceError if there is an index whose inputs cannot be read."""
    from index.errors import IndexMissing, IndexProblem, SourceError

    try:
        return [_here(Path(source)) for source in engine.read(engine.current()).sources]
    except IndexProblem as problem:
        if isinstance(problem, IndexMissing) and not (
            engine.generations() or engine.status_messages()
        ):
            return [seed_articles()]
        raise SourceError(
            f"不知道上次的来源：{problem.message}",
            hint="请在命令后写明文章的路径，或先运行 yuansou index rollback。",
        ) from problem


def _here(source: Path) -> Path:
    """Replace the sample articles of a removed installation with those of this one."""
    samples = source.parts[-3:] == ("site-packages", "seeds", "articles")
    return seed_articles() if samples and not source.exists() else source


def check_present(sources: Sequence[Path], hint: str) -> None:
    """Raises SourceError with this hint if one of the paths is gone."""
    from index.errors import SourceError

    gone = [str(source) for source in sources if not source.exists()]
    if gone:
        raise SourceError(f"上次的来源不在了：{'、'.join(gone)}。", hint=hint)


def left_out(engine: "Engine", paths: Sequence[Path]) -> list[str]:
    """Inputs of the current generation that none of these paths contains."""
    from index.errors import IndexProblem

    known: Sequence[str] = ()
    with suppress(IndexProblem):
        known = engine.read(engine.current()).sources
    given = [path.resolve() for path in paths]
    return [source for source in known if not any(map(Path(source).is_relative_to, given))]


def seed_articles() -> Path:
    return Path(str(files("seeds"))) / "articles"
