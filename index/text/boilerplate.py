"""What is printed beside an article: disclaimers, credits, promotion, navigation.

It stays in the index, so it is found by words and quotes; but it does not say what an article is
about: it mentions no concepts, its words weigh less, a snippet shows it last, and it does not make
two articles alike. The patterns are data (data/boilerplate.toml). They
look at one text alone: what repeats across a source is evidence for a new pattern, not a rule.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

Span = tuple[int, int]

_BORDERS = {"sentence": re.compile(r"[。!?]+[”\"')\]】]*|\n"), "line": re.compile(r"\n")}
MAX_UNIT = 400
"""Characters. A longer sentence or line is the article's, whatever stands in it."""
MAX_LISTED, MAX_LIST = 60, 1500
"""Characters of a line of a list of links, and of the whole list."""


@dataclass(frozen=True, slots=True)
class BoilerplatePattern:
    """One kind of it; `unit`: "sentence", "line", or "rest" (a line and the list after it)."""

    kind: str
    cues: tuple[str, ...]
    pattern: re.Pattern[str]
    unit: str


@dataclass(frozen=True, slots=True)
class BoilerplateMatch:
    """[start, end) of the text, and what kind of boilerplate stands there."""

    start: int
    end: int
    kind: str


def boilerplate_spans(text: str) -> tuple[Span, ...]:
    """Where a folded text is not the article's own: in order, apart from one another."""
    spans: list[Span] = []
    for found in sorted(find_boilerplate(text), key=lambda block: block.start):
        if spans and found.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], found.end))
        else:
            spans.append((found.start, found.end))
    return tuple(spans)


def own_text(text: str) -> str:
    """A folded text without its boilerplate."""
    return without_spans(text, boilerplate_spans(text))


def without_spans(text: str, spans: Sequence[Span]) -> str:
    """A text without these spans; what stood before and after one are lines of their own."""
    if not spans:
        return text
    starts = [0, *(end for _, end in spans)]
    ends = [*(start for start, _ in spans), len(text)]
    return "\n".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def find_boilerplate(text: str) -> Iterator[BoilerplateMatch]:
    """Every unit around a cue that a pattern matches; some may come twice or overlap."""
    cues, blocks = _patterns()
    for match in cues.finditer(text):
        for block in blocks[match.group()]:
            start, end = _unit(text, match.start(), block.unit)
            if end - start <= MAX_UNIT and block.pattern.search(text[start:end].strip()):
                rest = block.unit == "rest" and _is_list(text[end:])
                yield BoilerplateMatch(start, len(text) if rest else end, block.kind)


def _unit(text: str, at: int, unit: str) -> Span:
    """The sentence or line around a place; the border after it belongs to it."""
    start, end = _between(_BORDERS["sentence" if unit == "sentence" else "line"], text, at)
    if unit != "sentence" and 2 * (end - start) > len(text):
        return _between(_BORDERS["sentence"], text, at)  # the line is the article
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
    """One expression that finds any cue, and the blocks of each."""
    source = files("index").joinpath("data/boilerplate.toml").read_text("utf-8")
    by_cue: dict[str, list[BoilerplatePattern]] = {}
    for row in tomllib.loads(source)["block"]:
        unit = row.get("unit", "sentence")
        block = BoilerplatePattern(
            row["kind"], tuple(row["cues"]), re.compile(row["pattern"]), unit
        )
        for cue in block.cues:
            by_cue.setdefault(cue, []).append(block)
    # A longer cue first: where two begin at one place, only one is found.
    cues = sorted(by_cue, key=lambda cue: (-len(cue), cue))
    return re.compile("|".join(map(re.escape, cues))), by_cue
