"""Finds boilerplate: disclaimers, credits, promotion and navigation printed with an article.

Boilerplate stays searchable, but it does not say what an article is about: it mentions no concepts,
its words weigh less, snippets show it last, and near-copies are found without it. The patterns are
data (data/boilerplate.toml) and look at one text at a time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.text.spans import Span, without_spans
from index.word_lists import data_table

_BORDERS = {"sentence": re.compile(r"[。!?]+[”\"')\]】]*|\n"), "line": re.compile(r"\n")}
MAX_UNIT = 400
"""Characters. A longer sentence or line counts as the article's own text."""
MAX_LISTED, MAX_LIST = 60, 1500
"""Characters of a line of a list of links, and of the whole list."""


@dataclass(frozen=True, slots=True)
class BoilerplatePattern:
    """One kind of boilerplate. A match of `pattern` near a cue covers a `unit`: "sentence", "line",
    or "rest" (the line and the list of links after it)."""

    kind: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    unit: str


@dataclass(frozen=True, slots=True)
class BoilerplateMatch:
    """Boilerplate of one kind at [start, end) of a text."""

    start: int
    end: int
    kind: str


def boilerplate_spans(text: str) -> tuple[Span, ...]:
    """Spans of a normalised text that are boilerplate, in order, not overlapping."""
    spans: list[Span] = []
    for found in sorted(find_boilerplate(text), key=lambda block: block.start):
        if spans and found.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], found.end))
        else:
            spans.append((found.start, found.end))
    return tuple(spans)


def own_text(text: str) -> str:
    """A normalised text without its boilerplate."""
    return without_spans(text, boilerplate_spans(text))


def find_boilerplate(text: str) -> Iterator[BoilerplateMatch]:
    """All matches, unordered; they may repeat or overlap."""
    cues, blocks = _patterns()
    for match in cues.finditer(text):
        for block in blocks[match.group()]:
            start, end = _unit(text, match.start(), block.unit)
            if end - start <= MAX_UNIT and block.pattern.search(text[start:end].strip()):
                rest = block.unit == "rest" and _is_list(text[end:])
                yield BoilerplateMatch(start, len(text) if rest else end, block.kind)


def _unit(text: str, at: int, unit: str) -> Span:
    """Span of the sentence or line around position `at`, with the mark that ends it."""
    start, end = _between(_BORDERS["sentence" if unit == "sentence" else "line"], text, at)
    if unit != "sentence" and 2 * (end - start) > len(text):
        return _between(_BORDERS["sentence"], text, at)  # one line holds most of the text
    return start, end


def _between(border: re.Pattern[str], text: str, at: int) -> Span:
    start = low = max(0, at - MAX_UNIT)
    for before in border.finditer(text, low, at):
        start = before.end()
    after = border.search(text, at)
    return start, after.end() if after else len(text)


def _is_list(rest: str) -> bool:
    if len(rest) > MAX_LIST:
        return False
    lines = [line for line in rest.split("\n") if line.strip()]
    return all(len(line) <= MAX_LISTED and "。" not in line for line in lines)


@cache
def _patterns() -> tuple[re.Pattern[str], dict[str, list[BoilerplatePattern]]]:
    """An expression that finds any cue, and the patterns of each cue."""
    by_cue: dict[str, list[BoilerplatePattern]] = {}
    for row in data_table("boilerplate")["block"]:
        unit = row.get("unit", "sentence")
        block = BoilerplatePattern(
            row["kind"], tuple(row["cues"]), re.compile(row["pattern"]), unit
        )
        for cue in block.cues:
            by_cue.setdefault(cue, []).append(block)
    # Longer cues first, because an alternation stops at the first that fits.
    cues = sorted(by_cue, key=lambda cue: (-len(cue), cue))
    return re.compile("|".join(map(re.escape, cues))), by_cue
