"""Corrects misspelled words of a query.

A correction replaces text that has next to no articles by a name or frequent word that has many: a
rare word is not an error just because a frequent one sounds like it. Adjacent words are checked
together, because segmentation splits a misspelled word (元/宇/舟).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.analysis.segmenter import Segmenter, Token
from index.engines.api import Snapshot
from index.engines.queries import Substring
from index.text.han import is_han
from search.budget import UNLIMITED, Budget
from search.lazy import Lazy
from search.query.parsing.parser import ParsedQuery
from search.spelling.candidates import CandidateIndex, Replacement, Slip
from search.spelling.query_words import SpellingRun, Stretch, runs
from search.vocabulary import VocabularyEntry, frequent_words

MAX_WORD_UNITS = 8
"""Maximum length of a corrected word, in spelling units."""
MIN_TIMES_RARER = 100
"""A correction must have over this many times the articles of the typed text."""
MIN_TIMES_SURELY_RARER = 300
"""The same for a correction that is offered although results are good."""
SHORT_CHARS = 2
SURE_SLIPS = frozenset(Slip) - {Slip.SHAPE, Slip.INITIALS}
SURE_HAN_CHARS, SURE_ACCENT_CHARS, SURE_LATIN_LETTERS = 3, 4, 6
"""Minimum length of a word for a sure correction: Han, Han by accent, Latin."""


@dataclass(frozen=True, slots=True)
class Correction:
    """`q`: the corrected query. `sure`: certain enough to offer when results are good. `guess`: so
    vague that it is never searched without being asked for."""

    q: str
    sure: bool
    guess: bool = False


class Speller:
    """Corrects queries with the vocabulary of one generation. Threads may share it."""

    def __init__(
        self,
        snapshot: Snapshot,
        segmenter: Segmenter,
        names: Callable[[], list[VocabularyEntry]],
        *,
        loaded_in_background: bool = False,
    ) -> None:
        self._snapshot = snapshot
        self._segmenter = segmenter
        self._loaded_in_background = loaded_in_background
        self._candidates = Lazy(lambda: CandidateIndex([*names(), *frequent_words(snapshot)]))

    def load(self) -> None:
        """Read all names and frequent words, which takes about a second."""
        self._candidates.get()

    @property
    def available(self) -> bool:
        """Whether `correct` need not wait for a background thread to `load`. Without such a thread,
        the first correction loads what it needs."""
        return self._candidates.made or not self._loaded_in_background

    def correct(
        self, query: ParsedQuery, *, thorough: bool, budget: Budget = UNLIMITED
    ) -> Correction | None:
        """The most likely correction, or None. `thorough`: few articles were found, so words that
        exist are checked too. Raises BudgetSpent."""
        fixes: list[Replacement] = []
        for run in runs(query, self._segmenter):
            budget.check()
            found = [fix for words in self._doubtful(run, thorough) for fix in self._likely(words)]
            for fix in sorted(found, key=lambda fix: fix.rank):
                budget.check()
                apart = all(fix.end <= other.start or other.end <= fix.start for other in fixes)
                fits = apart and not (_is_short_word(fix) and len(run.units) > SHORT_CHARS)
                if fits and self._is_rare(fix, MIN_TIMES_RARER):
                    fixes.append(fix)
        if not fixes:
            return None
        sure = all(
            _is_short_word(fix) or (_is_sure(fix) and self._is_rare(fix, MIN_TIMES_SURELY_RARER))
            for fix in fixes
        )
        guess = any(fix.slip is Slip.INITIALS for fix in fixes)
        return Correction(_put_right(query.text, fixes), sure, guess)

    def _likely(self, words: Stretch) -> Iterator[Replacement]:
        return self._candidates.get().fixes(words)

    def _doubtful(self, run: SpellingRun, thorough: bool) -> Iterator[Stretch]:
        """Stretches to check: all except single words that need no correction."""
        for words in run.stretches(MAX_WORD_UNITS):
            if len(words.tokens) > 1 or self._may_be_wrong(words.tokens[0], thorough):
                yield words

    def _may_be_wrong(self, token: Token, thorough: bool) -> bool:
        if self._snapshot.lexicon.find(token.text.replace("_", " ")):
            return False
        if is_han(token.text):
            return thorough and len(token.text) > 2
        return thorough or not self._snapshot.doc_freq("text_words", token.text)

    def _is_rare(self, fix: Replacement, times: int) -> bool:
        """Whether the replacement has over `times` as many articles as the typed text. One article
        is added for a word that is not a name, so it must be frequent in any case."""
        articles = self._articles(fix.typed) + (not fix.name.is_concept)
        return articles * times < fix.name.articles

    def _articles(self, text: str) -> int:
        if text.isascii() and text.isalnum():
            return self._snapshot.doc_freq("text_words", text)
        return self._snapshot.match(Substring(text), limit=0).total


def _is_short_word(fix: Replacement) -> bool:
    """Whether it is two characters that make no word, and sound like one that names no concept
    (侧试, 测试). Only what stands alone is corrected so: elsewhere they may be half a name."""
    return not fix.name.is_concept and len(fix.name.text) == SHORT_CHARS


def _is_sure(fix: Replacement) -> bool:
    text = fix.name.text
    least = SURE_ACCENT_CHARS if fix.slip is Slip.ACCENT else SURE_HAN_CHARS
    return len(text) >= (SURE_LATIN_LETTERS if text.isascii() else least) and fix.slip in SURE_SLIPS


def _put_right(query: str, fixes: list[Replacement]) -> str:
    for fix in sorted(fixes, key=lambda fix: -fix.start):
        query = query[: fix.start] + fix.name.written + query[fix.end :]
    return query
