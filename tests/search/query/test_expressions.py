"""Regular expressions of search/query take time that grows no faster than their input."""

import re
import time

import pytest

import search.query
from tests.support.expressions import expressions

SIGNS = ' \t-－*＊"“”＂「」()（）|｜,，;：:/.~^0129年月日号度至到内起aZhdmyqW数非\\《$%+\u200b'
PARSING = "search.query.parsing."
SHORT, LONG = 4_000, 16_000
MAX_GROWTH = 12
"""Four times the input; a square takes sixteen times as long."""
NOISE = 0.02
"""Seconds: less than this says nothing about growth."""


PATTERNS = {f"{each.name}.{at}": each.pattern for at, each in enumerate(expressions(search.query))}


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
    assert {name.split(".")[3] for name in PATTERNS if name.startswith(PARSING)} >= {
        "lexer",
        "date_parser",
        "quotation",
    }
