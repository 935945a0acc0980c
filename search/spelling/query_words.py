"""Splits a query into spelling units, with their offsets in the typed text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.analysis.scanner import RUNS
from index.analysis.segmenter import Segmenter, Token
from index.text.han import is_han
from search.query.parsing.lexeme import Lexeme, LexemeKind
from search.query.parsing.parser import ParsedQuery

MAX_RUN_UNITS = 40
"""Of a run: who pastes a paragraph looks for that paragraph."""


@dataclass(frozen=True, slots=True)
class SpellingUnit:
    """A Han character or a run of letters and digits, normalised, at [start, end) of the query."""

    text: str
    start: int
    end: int

    @property
    def han(self) -> bool:
        return is_han(self.text)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Adjacent words, as units and as segmented. `text`: normalised, with single spaces. `solid`:
    without white space."""

    units: tuple[SpellingUnit, ...]
    tokens: tuple[Token, ...]
    text: str
    solid: str

    @property
    def han(self) -> bool:
        return is_han(self.text)


@dataclass(frozen=True, slots=True)
class SpellingRun:
    """Units that may belong to one word, and their segmentation as typed."""

    normalized: str
    units: tuple[SpellingUnit, ...]
    tokens: tuple[Token, ...]

    def stretches(self, longest: int) -> Iterator[Stretch]:
        """Stretches of at most `longest` units that begin and end at word boundaries."""
        starts = {token.start: at for at, token in enumerate(self.tokens)}
        ends = {token.end: at for at, token in enumerate(self.tokens)}
        for first, unit in enumerate(self.units):
            for last in range(first, min(first + longest, len(self.units))):
                end = self.units[last].end
                if unit.start in starts and end in ends:
                    yield self._words(first, last, starts[unit.start], ends[end])

    def _words(self, first: int, last: int, first_token: int, last_token: int) -> Stretch:
        units = self.units[first : last + 1]
        spaced = self.normalized[units[0].start : units[-1].end].split()
        tokens = self.tokens[first_token : last_token + 1]
        return Stretch(units, tokens, " ".join(spaced), "".join(spaced))


def runs(parsed: ParsedQuery, segmenter: Segmenter) -> Iterator[SpellingRun]:
    """Runs of plain words that may be misspelled. Fields, quotations, wildcards and negated words
    are left out. White space next to a Han character ends a run, because it was typed on purpose;
    between letters it does not (`qu kuai lian`, `smart contrat`)."""
    query, normalized = parsed.text, parsed.normalized
    gathered: list[SpellingUnit] = []
    for start, end in [*_words(query, parsed.lexemes), (len(query), len(query))]:
        units = [
            SpellingUnit(m.group(), m.start(), m.end())
            for m in RUNS.finditer(normalized, start, end)
        ]
        if gathered and not (units and _joined(query, gathered[-1], units[0])):
            if len(gathered) <= MAX_RUN_UNITS:
                yield _run(normalized, gathered, segmenter)
            gathered = []
        for unit in units:
            gathered += _characters(unit) if unit.han else [unit]


def _words(query: str, lexemes: Sequence[Lexeme]) -> Iterator[tuple[int, int]]:
    """[start, end) of the plain words in the query."""
    position, depth, bound = 0, 0, None
    for before, token in zip([None, *lexemes], lexemes, strict=False):
        depth += (token.kind is LexemeKind.OPEN) - (token.kind is LexemeKind.CLOSE)
        condition = before is not None and before.kind in (LexemeKind.FIELD, LexemeKind.NOT)
        if condition and token.kind is LexemeKind.OPEN and bound is None:
            bound = depth - 1
        elif bound is not None and depth <= bound:
            bound = None
        if token.kind not in (LexemeKind.WORD, LexemeKind.WILDCARD, LexemeKind.QUOTED):
            continue
        start = query.find(token.text, position)
        if start < 0:
            return  # a quotation with escapes: what follows cannot be placed
        position = start + len(token.text)
        if token.kind is LexemeKind.WORD and not condition and bound is None:
            yield start, position


def _joined(query: str, last: SpellingUnit, following: SpellingUnit) -> bool:
    between = query[last.end : following.start]
    return between == "" or (between.isspace() and not (last.han or following.han))


def _characters(unit: SpellingUnit) -> list[SpellingUnit]:
    return [SpellingUnit(c, unit.start + at, unit.start + at + 1) for at, c in enumerate(unit.text)]


def _run(normalized: str, units: list[SpellingUnit], segmenter: Segmenter) -> SpellingRun:
    start, end = units[0].start, units[-1].end
    tokens = segmenter.tokens(normalized[start:end])
    placed = (Token(t.text, t.start + start, t.end + start) for t in tokens)
    return SpellingRun(normalized, tuple(units), tuple(placed))
