"""Regular expressions of search/query take time that grows no faster than their input."""

import re
import time
from importlib import import_module
from pathlib import Path

import pytest

import search.query

FOLDER = Path(search.query.__file__).parent
SIGNS = ' \t-－*＊"“”＂「」()（）|｜,，;：:/.~^0129年月日号度至到内起aZhdmyqW数非\\《$%+\u200b'
SHORT, LONG = 4_000, 16_000
MAX_GROWTH = 12
"""Four times the input; a square takes sixteen times as long."""
NOISE = 0.02
"""Seconds: less than this says nothing about growth."""


def _held(value: object) -> list[object]:
    """A value of a module, and what its tables hold."""
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list):
        return [each[0] for each in value if isinstance(each, tuple)]
    return [value]


def _patterns() -> dict[str, re.Pattern[str]]:
    found = {}
    for path in FOLDER.rglob("[!_]*.py"):
        module = import_module(".".join(path.relative_to(FOLDER.parents[1]).with_suffix("").parts))
        for key, value in vars(module).items():
            for at, each in enumerate(_held(value)):
                if isinstance(each, re.Pattern):
                    found[f"{path.stem}.{key}.{at}"] = each
    return found


PATTERNS = _patterns()


def _seconds(pattern: re.Pattern[str], text: str) -> float:
    """The processor time of a match from the beginning and of the whole, with an end that fits and
    one that does not."""
    started = time.process_time()
    for each in (text, text + "\x01"):
        pattern.match(each)
        pattern.fullmatch(each)
    return time.process_time() - started


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_linear(pattern: re.Pattern[str]) -> None:
    """Repetitions of each sign, and of pairs of signs, cost linear time."""
    pairs = [f"{first}{sign}" for first in "a数" for sign in SIGNS]
    for unit in [*SIGNS, *pairs, "年 -", "2022", "月 ", "(a", "/.."]:
        long = _seconds(pattern, (unit * LONG)[:LONG])
        if long > NOISE:
            short = _seconds(pattern, (unit * SHORT)[:SHORT])
            assert long < MAX_GROWTH * max(short, 1e-4), unit


def test_all_are_tried() -> None:
    """The expressions are found."""
    assert {name.split(".")[0] for name in PATTERNS} >= {"lexer", "date_parser", "quotation"}
