"""Finds the forms of a word in normalised texts, of all that begin at a place the longest.

Latin words and numbers do not match inside longer ones: eth is not in method, nor 6万 in 1.6万;
but in codes that search takes apart, such as ethusdt.
Strings are searched one by one, each only as far as the best match so far, because texts that match
mostly show a word early. docs/decisions/string-search.md compares this with regular expressions and
with automata.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from index.analysis.codes import IN_RUNS, is_code_part
from index.text.spans import Span

MAX_CACHED_FORMS = 512
"""Words of recent queries. An amount has hundreds of forms."""
_GROUPED_BY = 2
"""Forms that begin with the same two characters are searched together."""
_DIGITS = frozenset("0123456789")
_LATIN = frozenset(IN_RUNS)


class _Group(NamedTuple):
    """Forms that begin alike: their `lengths`, the longest first. No lengths: the beginning is the
    only form, and matches wherever it stands."""

    beginning: str
    size: int
    lengths: tuple[int, ...]
    forms: frozenset[str]


class Forms:
    """Forms of one word. Threads may share it. `run`: the only one, if it matches anywhere."""

    def __init__(self, words: Sequence[str], runs: Sequence[str] = ()) -> None:
        """`runs` match anywhere. The commonest form is best the first."""
        self._loose = frozenset(runs)
        grouped: dict[str, list[str]] = {}
        for form in filter(None, dict.fromkeys((*words, *runs))):
            grouped.setdefault(form[:_GROUPED_BY], []).append(form)
        self._groups = [self._group(*item) for item in grouped.items()]
        alone = len(self._groups) == 1 and not self._groups[0].lengths
        self.run = self._groups[0].beginning if alone else ""

    def _group(self, beginning: str, forms: Sequence[str]) -> _Group:
        form = forms[0]
        if len(forms) > 1:
            lengths = sorted({len(form) for form in forms}, reverse=True)
            return _Group(beginning, len(beginning), tuple(lengths), frozenset(forms))
        anywhere = form in self._loose or not _has_borders(form)
        return _Group(form, len(form), () if anywhere else (len(form),), frozenset(forms))

    def first(self, text: str, start: int = 0) -> Span | None:
        """The first match at `start` or after it."""
        first, end = len(text), 0
        for beginning, size, lengths, forms in self._groups:
            at = text.find(beginning, start, first + size)
            while at >= 0:
                found = self._end(text, at, lengths, forms) if lengths else at + size
                if found:
                    if at < first or found > end:
                        first, end = at, found
                    break
                at = text.find(beginning, at + 1, first + size)
        return (first, end) if end else None

    def spans(self, text: str) -> list[Span]:
        """All matches in order. Of those that overlap, the first."""
        if self.run:
            return _places(text, self.run)
        found: list[Span] = []
        for beginning, size, lengths, forms in self._groups:
            at = text.find(beginning)
            while at >= 0:
                end = self._end(text, at, lengths, forms) if lengths else at + size
                if end:
                    found.append((at, -end))
                at = text.find(beginning, at + 1)
        if len(found) > 1:
            found.sort()
        spans: list[Span] = []
        done = 0
        for at, negative in found:
            if at >= done:
                done = -negative
                spans.append((at, done))
        return spans

    def _end(self, text: str, at: int, lengths: Sequence[int], forms: frozenset[str]) -> int:
        """Where the longest form ends that begins at a place; 0 if none does."""
        for length in lengths:
            form = text[at : at + length]
            if form not in forms:
                continue
            end = at + len(form)
            if form in self._loose or _stands_alone(form, text, at) or is_code_part(text, at, end):
                return end
        return 0


@lru_cache(MAX_CACHED_FORMS)
def forms_of(words: tuple[str, ...], runs: tuple[str, ...] = ()) -> Forms:
    """Those of this word that were made before, or new ones."""
    return Forms(words, runs)


def _places(text: str, run: str) -> list[Span]:
    size = len(run)
    found: list[Span] = []
    at = text.find(run)
    while at >= 0:
        found.append((at, at + size))
        at = text.find(run, at + size)
    return found


def _has_borders(form: str) -> bool:
    return form[0] in _LATIN or form[0].isdigit() or form[-1] in _LATIN


def _stands_alone(form: str, text: str, at: int) -> bool:
    """Whether no letter or digit makes a form at a place of a text part of a longer one."""
    before, end = text[max(0, at - 2) : at], at + len(form)
    if form[0] in _LATIN and before[-1:] in _LATIN:
        return False
    if form[0].isdigit() and before[-1:] in (".", ",") and before[0] in _DIGITS:
        return False
    return form[-1] not in _LATIN or text[end : end + 1] not in _LATIN
