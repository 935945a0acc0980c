"""Checks a new index with golden queries before it is published."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import EvaluationError
from index.settings import Settings

if TYPE_CHECKING:
    from index.engines.api import Snapshot

OVERRIDE = "要照样上线，请加 --ignore-golden。"


def golden_check(settings: Settings) -> "Callable[[Snapshot], list[str]]":
    """The check with the file in the setting `golden`; without one, everything passes. Raises
    EvaluationError for an unreadable file, before anything is built."""
    if settings.golden is None:
        return lambda snapshot: []
    check = _check(str(settings.golden), _text(settings.golden))

    def checked(snapshot: "Snapshot") -> list[str]:
        faults = check(snapshot)
        return [*faults, OVERRIDE] if faults else []

    return checked


def seeds_check() -> "Callable[[Snapshot], list[str]]":
    """The check for the sample articles."""
    return _check("seeds/golden.toml", files("seeds").joinpath("golden.toml").read_text("utf-8"))


def _check(name: str, text: str) -> "Callable[[Snapshot], list[str]]":
    from search.evaluation.golden import checking, read_golden

    return checking(read_golden(name, text), datetime.now(UTC))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(
            f"golden 指定的文件 {path} 无法读取。", hint="请核对设置，yuansou settings 会列出它。"
        ) from error
