"""Expands each typed word into one engine query over all its forms.

The forms are the word as typed, as part of a longer word, and the other names of its concept. A
word scores as its best form, never as the sum of them: C(t) in docs/how/relevance.md. An article
that has only a related concept does not match: V神 would find every article on 以太坊.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from index.analysis.codes import listed_codes
from index.analysis.segmenter import Segmenter, Token
from index.engines.queries import And, Best, Boost, Or, Query, Substring, Term
from index.lexicon.model import Concept, Lexicon, token_of
from index.text.han import is_han
from index.text.normalize import normalize
from index.text.numbers.amounts import Amount, amounts
from index.text.numbers.spellings import spellings
from search.query.near_words import near_words
from search.query.stopwords import function_words, linking_words
from search.request import Scope

TITLE_WEIGHT = 0.3
TEXT_WEIGHT = 1.0
FINE_WEIGHT = 0.8
ALIAS_WEIGHT = 0.7
MENTION_WEIGHT = 0.5
PARTS_WEIGHT = 0.5
NEAR_WEIGHT = 0.5
CACHED_LAYERS = 1_024
"""Queries for a token in a layer, some 1 MB: one word is asked for by all its names."""
UNKNOWN_WORD_SCORE = 4.0
"""Score of a run of characters that is not a dictionary word: about the BM25 of a rare word."""


@dataclass(frozen=True, slots=True)
class NearWord:
    """What is near a word of the query, and has articles: `name` as written, its normalised
    `forms`, and its `query`."""

    name: str
    forms: tuple[str, ...]
    query: Query


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of the query.

    `text` is normalised; `typed` is not. `forms`: every normalised spelling that a match may have,
    the typed one first. `concept`: the concept that the word names. `near`: what is near it
    (near_words.py). `characters`: the word is not in the dictionary, so it is searched as a run of
    characters. `amount`: the token of the amount, if the word is one. `regional`: the same word of
    other regions, as written, where an article has it.
    """

    text: str
    token: str
    forms: tuple[str, ...]
    query: Query
    concept: Concept | None = None
    characters: bool = False
    amount: str = ""
    regional: tuple[str, ...] = ()
    near: tuple[NearWord, ...] = ()
    typed: str = field(default="", compare=False)

    def or_near(self) -> Query:
        """Matches the word or what is near it."""
        near = tuple(other.query for other in self.near)
        return Best((self.query, *near)) if near else self.query

    def stand_in(self) -> "QueryWord":
        """What is near the word in its stead, to be marked where the word itself is missing."""
        forms = tuple(dict.fromkeys(form for other in self.near for form in other.forms))
        return replace(self, forms=forms, concept=None, regional=forms) if forms else self

    def names(self) -> tuple[str, ...]:
        """Its other spellings, normalised; no parts of it."""
        if self.amount:
            return self.forms
        names = self.concept.spellings() if self.concept else ()
        return (*names, *map(normalize, self.regional))


@dataclass(frozen=True, slots=True)
class SegmentedText:
    """A typed text, normalised, and its tokens. Offsets are equal in both texts."""

    typed: str
    text: str
    tokens: list[Token]


Rarity = Callable[[str, str], float]
"""(layer, token) → its idf; 0 where no article has it."""


class WordReader:
    """Segments typed text with a generation's lexicon and makes queries of its words."""

    def __init__(
        self, lexicon: Lexicon, segmenter: Segmenter, idf: Rarity = lambda layer, token: 1.0
    ) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._idf = idf

    def read(
        self, typed: str, scope: Scope | None = None, *, aliases: bool = True
    ) -> list[QueryWord]:
        """Segments a typed text and returns its `words`."""
        return self.words(self.segment(typed), scope, aliases=aliases)

    def segment(self, typed: str) -> SegmentedText:
        text = normalize(typed)
        return SegmentedText(typed, text, self._segmenter.tokens(text))

    def words(
        self, segmented: SegmentedText, scope: Scope | None = None, *, aliases: bool = True
    ) -> list[QueryWord]:
        """The words without function words, unless there are only function words. A text without
        any word (emoji, a key of 200 letters) is searched as a run of characters."""
        typed, text, tokens = segmented.typed, segmented.text, segmented.tokens
        found = self._amounts(text, tokens) if aliases else []
        groups = _groups([token for token in tokens if not _within(token, found)])
        if not groups and not found and text.strip():
            return [_run(text, typed, scope)]
        content = [group for group in groups if not _is_function_word(group)]
        read = [
            (
                group[0].start,
                group[-1].end,
                self._word(group, scope, aliases, _counted(text, group)),
            )
            for group in content or ([] if found else groups)
        ]
        read += [(a.start, a.end, _amount(a, text[a.start : a.end], scope)) for a in found]
        read.sort(key=lambda item: item[0])
        return [replace(word, typed=typed[start:end]) for start, end, word in read]

    def _amounts(self, text: str, tokens: list[Token]) -> list[Amount]:
        """The amounts in a text, except those that end inside a word (3千金) or are the name of a
        concept: USD1 is a stablecoin."""
        return [
            amount
            for amount in amounts(text)
            if not any(token.start < amount.end < token.end for token in tokens)
            and not self._lexicon.find(text[amount.start : amount.end])
        ]

    def _word(
        self, group: list[Token], scope: Scope | None, aliases: bool, same: tuple[str, ...]
    ) -> QueryWord:
        """`same`: other spellings of a number."""
        text = "".join(token.text for token in group)
        if is_han(text) and (len(group) > 1 or len(text) == 1):
            return _run(text, text, scope)
        token = group[0].text
        concept = self._lexicon.find(token.replace("_", " ")) if aliases else None
        others = self._others(token, concept, same) if aliases else ()
        forms = [in_layer("words", token, scope), self._within(token, scope)]
        if concept:
            forms.append(_weighted("concepts", concept.token, MENTION_WEIGHT, scope))
        parts = self._segmenter.pieces(token)
        if parts:
            together = And(tuple(self._part(part, scope, aliases) for part in parts))
            forms.append(Boost(together, PARTS_WEIGHT))
        for other in others:
            forms += self._spelled(other, token, scope)
        names = concept.spellings() if concept else ()
        query = Best(tuple(forms))
        spellings = [token.replace("_", " "), *parts, *names, *others]
        return QueryWord(
            text=token.replace("_", " "),
            token=token,
            forms=tuple(dict.fromkeys(spellings)),
            concept=concept,
            query=query,
            regional=self._regional(token, concept) if aliases else (),
            near=self._near(token, concept, scope) if aliases else (),
        )

    def _near(
        self, token: str, concept: Concept | None, scope: Scope | None
    ) -> tuple[NearWord, ...]:
        """What is near a word, under all names of both."""
        names = (token.replace("_", " "), *(concept.spellings() if concept else ()))
        others = dict.fromkeys(other for name in names for other in near_words().get(name, ()))
        own = self._idf("words", token) or math.inf
        return tuple(filter(None, (self._near_word(other, own, scope) for other in others)))

    def _near_word(self, name: str, own: float, scope: Scope | None) -> NearWord | None:
        """`own`: the idf of the typed word, which no near word exceeds."""
        concept = self._lexicon.find(name)
        token = concept.token if concept else token_of(normalize(name))
        layer = "concepts" if concept else "words"
        rarity = self._idf(layer, token)
        if not rarity:
            return None
        weight = NEAR_WEIGHT * min(1.0, own / rarity)
        forms = concept.spellings() if concept else (normalize(name),)
        return NearWord(name, forms, _weighted(layer, token, weight, scope))

    def _others(
        self, token: str, concept: Concept | None, same: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Every other token to look for: the same whichever name of the concept was typed, so that
        all of them find the same articles."""
        names = dict.fromkeys((token, *map(token_of, concept.spellings() if concept else ())))
        found = [*names, *same]
        for name in names:
            found += listed_codes(name)
            found += map(normalize, self._lexicon.regional_words.get(name, ()))
        return tuple(other for other in dict.fromkeys(found) if other != token)

    def _spelled(self, other: str, typed: str, scope: Scope | None) -> list[Query]:
        """Another spelling, also inside longer words or in boilerplate. A rarer one gets the IDF of
        the typed one: 非同质化代币 is just another name of NFT."""
        own = self._idf("words", typed) or math.inf
        weights = (("words", ALIAS_WEIGHT), ("fine", PARTS_WEIGHT))
        found = ((layer, weight, self._idf(layer, other)) for layer, weight in weights)
        return [
            _weighted(layer, other, weight * min(1.0, own / rarity), scope)
            for layer, weight, rarity in found
            if rarity
        ]

    def _regional(self, token: str, concept: Concept | None) -> tuple[str, ...]:
        """The same word of other regions, as written, if any article has it."""
        names = (token, *(concept.spellings() if concept else ()))
        words = (word for name in names for word in self._lexicon.regional_words.get(name, ()))
        return tuple(word for word in dict.fromkeys(words) if self._occurs(normalize(word)))

    def _occurs(self, word: str) -> bool:
        return bool(self._idf("words", word) or self._idf("fine", word))

    def _within(self, token: str, scope: Scope | None) -> Query:
        """The word inside longer words or in boilerplate. Its IDF is limited to that of the whole
        word, because being rare there does not make it more specific."""
        own, within = self._idf("words", token), self._idf("fine", token)
        weight = FINE_WEIGHT * min(1.0, own / within) if own and within else FINE_WEIGHT
        return _weighted("fine", token, weight, scope)

    def _part(self, part: str, scope: Scope | None, aliases: bool) -> Query:
        """A word inside a compound, also under its other names."""
        forms = [in_layer("words", part, scope), self._within(part, scope)]
        concept = self._lexicon.find(part) if aliases else None
        if concept:
            forms.append(_weighted("concepts", concept.token, ALIAS_WEIGHT, scope))
        for other in self._lexicon.regional_words.get(part, ()) if aliases else ():
            forms.append(_weighted("words", normalize(other), ALIAS_WEIGHT, scope))
        return Best(tuple(forms))


def _within(token: Token, found: list[Amount]) -> bool:
    return any(amount.start <= token.start and token.end <= amount.end for amount in found)


def _amount(amount: Amount, text: str, scope: Scope | None) -> QueryWord:
    """An amount in any spelling; if it is one word (25bp), also that word as typed, and a number
    also as part of a code (600519.SH)."""
    token = token_of(text)
    forms = [in_layer("fine", amount.token, scope), in_layer("words", token, scope)]
    if token.isdigit():
        forms.append(_weighted("fine", token, FINE_WEIGHT, scope))
    query = Best(tuple(forms))
    written = tuple(dict.fromkeys([text, *spellings(amount)]))
    return QueryWord(text, token, written, query, amount=amount.token)


def _counted(text: str, group: list[Token]) -> tuple[str, ...]:
    """The number of a month, day or issue with or without its zero: 09月05日 is 9月5日."""
    number = group[0].text
    counted = len(group) == 1 and number.isdigit() and number.isascii() and len(number) < 3
    if not counted or text[group[0].end : group[0].end + 1] not in tuple("月日号时期"):
        return ()
    other = f"0{number}" if len(number) == 1 else number.removeprefix("0")
    return (other,) if other not in (number, "") else ()


def _run(text: str, typed: str, scope: Scope | None) -> QueryWord:
    query = Boost(Substring(text, scope), UNKNOWN_WORD_SCORE)
    return QueryWord(text, text, (text,), query, characters=True, typed=typed)


@lru_cache(CACHED_LAYERS)
def in_layer(layer: str, token: str, scope: Scope | None = None) -> Query:
    """Query for a token in one layer of title and text, or of the one that `scope` names."""
    title = Boost(Term(f"title_{layer}", token), TITLE_WEIGHT)
    text = Boost(Term(f"text_{layer}", token), TEXT_WEIGHT)
    if scope is not None:
        return title if scope == "title" else text
    return Or((title, text))


def _weighted(layer: str, token: str, weight: float, scope: Scope | None) -> Query:
    return Boost(in_layer(layer, token, scope), weight)


def _groups(tokens: list[Token]) -> list[list[Token]]:
    """One group for each token; adjacent single Han characters (names, new words) share one."""
    groups: list[list[Token]] = []
    for token in tokens:
        if groups and _belong_together(groups[-1][-1], token):
            groups[-1].append(token)
        else:
            groups.append([token])
    return [part for group in groups for part in _without_edges(group)]


def _belong_together(first: Token, second: Token) -> bool:
    both = (first, second)
    single = all(len(token.text) == 1 and is_han(token.text) for token in both)
    joined = any(token.text in linking_words() for token in both)
    return single and first.end == second.start and not joined


def _without_edges(group: list[Token]) -> list[list[Token]]:
    """Split function words from both ends of a run of characters; inside it (文在寅) they stay."""
    content = [at for at, token in enumerate(group) if not _is_function_word([token])]
    if len(group) == 1 or not content:
        return [[token] for token in group]
    first, last = content[0], content[-1] + 1
    before, after = group[:first], group[last:]
    return [*([token] for token in before), group[first:last], *([token] for token in after)]


def _is_function_word(group: list[Token]) -> bool:
    return "".join(token.text for token in group) in function_words()
