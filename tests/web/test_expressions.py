"""No regular expression of the code takes more than linear time, whatever text it reads."""

import re
from collections.abc import Mapping
from types import ModuleType

import pytest

import index
import search
import web
from index.fetching.reading.feed_parser import MAX_PROLOG
from index.text.boilerplate import MAX_UNIT
from index.text.credited import WINDOWS
from index.text.date_text import LONGEST
from search.request import MAX_QUERY
from tests.support.cost import least_cost
from tests.support.expressions import Expression, expressions, hostile_texts

SHORT, LONG, VERY_LONG = 4_000, 16_000, 64_000
QUICK = 0.0004
"""Seconds for SHORT characters. What goes back over a text takes ten milliseconds."""
MOST = 0.02
"""Seconds for LONG characters; what is linear takes one or two milliseconds."""
DEAR = MOST / 4
"""Seconds for LONG characters from which VERY_LONG ones decide: a quadratic run over characters that
are merely excluded costs a nanosecond each."""
BOUNDED: Mapping[str, int] = {
    "index.fetching.reading.feed_parser._DOCTYPE": MAX_PROLOG,
    "index.text.boilerplate._patterns.": MAX_UNIT,
    "index.text.credited._rules.": -WINDOWS["tail"].start,
    "index.text.date_text.": LONGEST,
    "search.query.": MAX_QUERY,
}
"""Expressions that only see texts of so many characters."""


@pytest.mark.slow
@pytest.mark.parametrize("package", [index, search, web], ids=lambda package: package.__name__)
def test_every_expression_is_linear(package: ModuleType) -> None:
    """Repeated pieces of what it looks for, in 4,000 and 16,000 characters, where needed in 64,000."""
    found = list(expressions(package))
    slow = [f"{each.name}: {text}" for each in found if (text := _slow_text(each))]
    assert not slow, "\n".join(slow)
    assert len(found) > 20


def _slow_text(expression: Expression) -> str:
    """The beginning of a text on which the expression is slow, or ""."""
    bound = next((n for part, n in BOUNDED.items() if expression.name.startswith(part)), VERY_LONG)
    for text_of in hostile_texts(expression.pattern):
        for length in (24, 250, SHORT, LONG, VERY_LONG):
            text, most = text_of(min(length, bound)), MOST * max(1, length // LONG)
            took = least_cost(lambda text=text: expression.run(text), 1)
            if took > most:
                took = least_cost(lambda text=text: expression.run(text), 4)
            if took > most:
                return repr(text[:60])
            if length >= bound or took < {SHORT: QUICK, LONG: DEAR}.get(length, 0.0):
                break
    return ""


@pytest.mark.parametrize(
    "written",
    [
        r"[a-z][a-z0-9+.-]*://",
        r"\s*[、，,；;]\s*",
        r"(?:甲|乙)*丙",
        r"/\*.*?\*/",
        r"<h[1-6]>.*?</h",
        r"<img\b[^>]*?\ssrc=",
        r"<!ENTITY[^>]*>",
    ],
)
def test_a_quadratic_expression_is_noticed(written: str) -> None:
    """Of the kinds that were found in the code once."""
    assert _slow_text(Expression("x", re.compile(written), frozenset({"search"})))
