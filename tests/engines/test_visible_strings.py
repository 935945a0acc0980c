"""Law 3 on the real corpus: any string within one block is found, and nothing else is."""

import re
from random import Random

import pytest

from index.engines.api import Engine
from index.engines.queries import All, Substring

pytestmark = pytest.mark.corpus

SAMPLES = 300
LONGEST = 12
NOT_HAN = re.compile(r"[^\u3400-\u9fff\n]")


@pytest.fixture(scope="module")
def normalized(corpus_index: Engine) -> dict[str, str]:
    """The normalised text of every article, by id."""
    snapshot = corpus_index.open()
    matches = snapshot.match(All(), limit=1_000_000).matches
    rows = snapshot.stored([match.id for match in matches], ["id", "normalized"])
    snapshot.close()
    return {row["id"]: row["normalized"] for row in rows}


def substrings(texts: list[str]) -> list[str]:
    """Random pieces of random blocks; a third begin with a letter, digit or mark."""
    random = Random(3)
    found: list[str] = []
    while len(found) < SAMPLES:
        block = random.choice(random.choice(texts).split("\n"))
        starts = range(len(block))
        if len(found) % 3 == 0:
            starts = [match.start() for match in NOT_HAN.finditer(block)]
        if starts:
            start = random.choice(starts)
            found.append(block[start : start + random.randint(1, LONGEST)])
    return found


def test_any_substring(corpus_index: Engine, normalized: dict[str, str]) -> None:
    """Quoted text finds exactly the articles that a plain scan finds."""
    snapshot = corpus_index.open()
    wrong = []
    for text in substrings(list(normalized.values())):
        expected = {name for name, whole in normalized.items() if text in whole}
        matches = snapshot.match(Substring(text), limit=len(normalized)).matches
        assert expected
        if {match.id for match in matches} != expected:
            wrong.append(text)
    snapshot.close()
    assert not wrong


def test_any_substring_of_a_title(corpus_index: Engine, normalized: dict[str, str]) -> None:
    """The same for text that must be in the title."""
    snapshot = corpus_index.open()
    titles = {name: whole.split("\n", 1)[0] for name, whole in normalized.items()}
    for text in substrings([title for title in titles.values() if title])[::10]:
        expected = {name for name, title in titles.items() if text in title}
        matches = snapshot.match(Substring(text, "title"), limit=len(normalized)).matches
        assert {match.id for match in matches} == expected
    snapshot.close()
