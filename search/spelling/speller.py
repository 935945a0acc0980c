"""What a query may have been meant to be: its misspelled words put right.

Only towards names and frequent words that have articles, and only from what has next to none: a
rare word is no error because a frequent one sounds like it. Errors are looked for in words in a
row, for what is misspelled falls apart when it is cut (元/宇/舟); a word that stays whole is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.analysis.segmenter import Segmenter, Token
from index.engines.api import Snapshot
from index.engines.queries import Substring
from index.text.han import is_han
from search.lazy import Lazy
from search.query.parser import ParsedQuery
from search.spelling.candidates import CandidateIndex, Replacement, Slip
from search.spelling.query_words import SpellingRun, Stretch, runs
from search.vocabulary import VocabularyEntry, frequent_words

MAX_WORD_UNITS = 8
"""Units of a word that is put right."""
MIN_TIMES_RARER = 100
"""So many times the articles of what was typed are on what is meant; ..."""
MIN_TIMES_SURELY_RARER = 300
"""... to say so beside good results."""
SURE_SLIPS = frozenset(Slip) - {Slip.SHAPE}
SURE_HAN_CHARS, SURE_ACCENT_CHARS, SURE_LATIN_LETTERS = 3, 4, 6
"""Characters of a Han word; of one that may be spoken so; of a Latin word."""


@dataclass(frozen=True, slots=True)
class Correction:
    """`q`: the query with its errors put right. `sure`: worth offering beside good results."""

    q: str
    sure: bool


class Speller:
    """Corrects queries to one generation. Threads may share it."""

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
        """Whether a correction can be had without waiting for a thread that is going to `load`.
        Where there is no such thread, the first correction loads what it needs."""
        return self._candidates.made or not self._loaded_in_background

    def correct(self, query: ParsedQuery, *, thorough: bool) -> Correction | None:
        """The likeliest correction, or None. `thorough`: few articles were found, so words that
        exist may be errors too."""
        fixes: list[Replacement] = []
        for run in runs(query, self._segmenter):
            found = [fix for words in self._doubtful(run, thorough) for fix in self._meant(words)]
            for fix in sorted(found, key=lambda fix: fix.rank):
                apart = all(fix.end <= other.start or other.end <= fix.start for other in fixes)
                if apart and self._is_rare(fix, MIN_TIMES_RARER):
                    fixes.append(fix)
        if not fixes:
            return None
        sure = all(_is_sure(fix) and self._is_rare(fix, MIN_TIMES_SURELY_RARER) for fix in fixes)
        return Correction(_put_right(query.text, fixes), sure)

    def _meant(self, words: Stretch) -> Iterator[Replacement]:
        return self._candidates.get().fixes(words)

    def _doubtful(self, run: SpellingRun, thorough: bool) -> Iterator[Stretch]:
        """Words in a row, but for single ones that are sound."""
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
        """A word that is no name must be frequent beside one article even."""
        articles = self._articles(fix.typed) + (not fix.name.is_concept)
        return articles * times < fix.name.articles

    def _articles(self, text: str) -> int:
        if text.isascii() and text.isalnum():
            return self._snapshot.doc_freq("text_words", text)
        return self._snapshot.match(Substring(text), limit=0).total


def _is_sure(fix: Replacement) -> bool:
    text = fix.name.text
    least = SURE_ACCENT_CHARS if fix.slip is Slip.ACCENT else SURE_HAN_CHARS
    return len(text) >= (SURE_LATIN_LETTERS if text.isascii() else least) and fix.slip in SURE_SLIPS


def _put_right(query: str, fixes: list[Replacement]) -> str:
    for fix in sorted(fixes, key=lambda fix: -fix.start):
        query = query[: fix.start] + fix.name.written + query[fix.end :]
    return query
