"""Completes the last of several words by what occurs beside the words before it."""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from index.engines.api import Snapshot
from index.engines.queries import All, And, Query, Term
from search.query.expansion import QueryWord
from search.query.parsing.lexeme import LexemeKind
from search.query.parsing.lexer import lex
from search.query.planner import Plan
from search.suggestions.name_index import Fit, NameIndex
from search.suggestions.typed_text import TypedText
from search.vocabulary import VocabularyEntry

BINDING_KINDS = (LexemeKind.FIELD, LexemeKind.NOT, LexemeKind.OR, LexemeKind.NEAR)
"""Lexemes before the last word that keep it from being completed as one more required word."""
WORD_FIELDS = ("title", "text", "about", "mention")
"""Fields whose value is a word or a name."""
PLAIN_KINDS = (LexemeKind.WORD, LexemeKind.FIELD)
MAX_NEXT_WORDS = 6
MAX_COUNTED = 8
"""Names, and other words, that are counted beside the words before; each takes some 50 µs."""
FEW_ARTICLES = 10
"""Beside words with so many articles, one article that has both is chance."""
MIN_LIFT = 1.0
"""What is said less beside the words before than elsewhere is not meant."""


class LastWord(NamedTuple):
    """The last word of what is typed, and all before it. `plain`: only words and fields stand
    before it."""

    before: str
    word: str
    plain: bool


def last_word(typed: str) -> LastWord | None:
    """The word that is being typed after others; None where it is no plain word."""
    lexemes, _ = lex(typed)
    last, bound = (lexemes[-1] if lexemes else None), lexemes[-2:-1]
    if last is None or last.kind is not LexemeKind.WORD or not typed.endswith(last.text):
        return None
    if len(last.text) == 1 and last.text.isascii():
        return None  # one letter begins too many names
    if bound and bound[0].kind in BINDING_KINDS and bound[0].text not in WORD_FIELDS:
        return None
    plain = all(lexeme.kind in PLAIN_KINDS for lexeme in lexemes)
    return LastWord(typed[: -len(last.text)], last.text, plain)


class NextWords:
    """Names and common words of one generation."""

    def __init__(
        self,
        snapshot: Snapshot,
        plan: Callable[[str], Plan],
        names: NameIndex,
        words: Sequence[VocabularyEntry],
    ) -> None:
        self._snapshot = snapshot
        self._plan = plan
        self._names = names
        self._words = NameIndex(words)

    def complete(self, last: LastWord) -> list[tuple[str, VocabularyEntry]]:
        """(the query, its last word): names and words that articles have together with the words
        before, by fit, then by count · ln lift: what is said beside them, not everywhere."""
        given = self._plan(last.before)
        known = {word.concept.token if word.concept else word.token for word in given.words}
        fitting = {n: fit for n, fit in self._matching(last.word) if n.token not in known}
        base = _rough(given) if last.plain else given.query
        queries = {name: And((base, _mention(name))) for name in fitting}
        self._snapshot.prefetch_totals([base, *queries.values()])
        articles = self._snapshot.generation.articles
        total = self._snapshot.match(base, limit=0).total
        ranked = []
        for name, query in queries.items():
            together = self._snapshot.match(query, limit=0).total
            lift = together * articles / max(total * name.articles, 1)
            if lift >= MIN_LIFT and (together > 1 or total < FEW_ARTICLES):
                weight = together * math.log1p(lift)
                ranked.append((fitting[name], -weight, name.text, name))
        ranked.sort(key=lambda row: row[:3])
        return [(last.before + name.written, name) for *_, name in ranked[:MAX_NEXT_WORDS]]

    def _matching(self, word: str) -> Iterator[tuple[VocabularyEntry, Fit]]:
        typed = TypedText.read(word)
        for matching in (
            self._words.matching(typed, begun=True),
            self._names.matching(typed),
        ):
            found: dict[str, tuple[VocabularyEntry, Fit]] = {}
            for fit, name in matching:
                found.setdefault(name.token, (name, fit))
            yield from islice(found.values(), MAX_COUNTED)


def _mention(name: VocabularyEntry) -> Term:
    return Term("text_concepts" if name.is_concept else "text_words", name.token)


def _rough(given: Plan) -> Query:
    """The words before by their tokens in texts alone, which is counted ten times as fast."""
    words = [_token(word) for word in given.words]
    return And((*words, *given.fixed)) if words or given.fixed else All()


def _token(word: QueryWord) -> Query:
    if word.concept:
        return Term("text_concepts", word.concept.token)
    return word.query if word.characters or word.amount else Term("text_words", word.token)
