"""What an article is about: its concepts and its rare words, weighted.

The weight of a key term is (1 + ln tf) · idf. It is higher in the title and for a concept, and
lower for house style: a word in a share s of the source's articles counts 1 - s of its weight.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.analysis.segmenter import Layers, Segmenter
from index.engines.api import Snapshot
from index.engines.queries import Boost, Query, Substring, Term
from index.engines.scoring import idf
from index.text.boilerplate import own_text
from index.text.han import is_han
from index.text.normalize import normalize
from search.query.expansion import TITLE_WEIGHT, WordReader
from search.query.stopwords import function_words

MAX_KEY_TERMS = 20
SPARE_KEY_TERMS = 5
"""Further key terms that are weighed, to replace those that turn out to be house style."""
KEY_TERM_CHARS = 4_000
"""Characters of a text that are segmented; a long text names its subject within them."""
SHORT_TEXT_CHARS = 400
"""In a text of at most this many characters one occurrence of a word is enough, else two."""
MAX_COUNTED_WORDS = 80
"""The most frequent words, whose articles are counted; each count takes 20 µs."""
MAX_ARTICLE_SHARE, MIN_MAX_ARTICLES = 0.1, 5
"""A word in more than this share of all articles, and in more than this number, is no key term."""
TITLE_BOOST = 2.0
CONCEPT_BOOST = 1.3
LATIN_BOOST = 0.7
"""For a word in Latin letters that is no concept and not in the title: it is mostly code."""
NAME_SCORE = 5.0
"""Score of a name that is found: engines give a run of characters 1, but a rare word about 5."""
MAX_TITLE_NAMES = 2
"""Runs of characters in a title that are looked up, which takes a millisecond each."""
MIN_STYLE_ARTICLES = 20
"""Articles that a source must have before its house style is considered."""
MAX_STYLE_SOURCES = 1_000
_NUMBERS = re.compile("[0-9〇零一二三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """`layer`: words, concepts, or name: a run of characters that the dictionary does not know.
    `forms`: the normalised spellings that show it. `subject`: it is a concept or in the title."""

    layer: str
    token: str
    forms: tuple[str, ...]
    boost: float
    idf: float
    subject: bool = True

    @property
    def weight(self) -> float:
        return self.boost * self.idf

    def queries(self) -> tuple[Query, ...]:
        if self.layer == "name":
            return (Boost(Substring(self.token), self.boost * NAME_SCORE),)
        title = Term(f"title_{self.layer}", self.token)
        text = Term(f"text_{self.layer}", self.token)
        return (Boost(title, self.boost * TITLE_WEIGHT), Boost(text, self.boost))


@dataclass(frozen=True, slots=True)
class KeyTermReader:
    """Finds key terms of articles with the lexicon and the frequencies of a generation."""

    snapshot: Snapshot
    segmenter: Segmenter

    def key_terms(self, normalized: str, source: str | None) -> list[KeyTerm]:
        """The heaviest key terms first. `normalized` as `Snapshot.stored` gives it."""
        title, _, text = normalized.partition("\n")
        text = own_text(text)
        found = [*self._names(title, text), *self._words(title, text)]
        heaviest = sorted(found, key=_order)[: MAX_KEY_TERMS + SPARE_KEY_TERMS]
        return sorted(self._without_style(heaviest, source), key=_order)[:MAX_KEY_TERMS]

    def _words(self, title: str, text: str) -> Iterator[KeyTerm]:
        """Words and concepts of the title, and those that the text has often enough."""
        in_title = self._counts(self.segmenter.layers(title))
        in_text = self._counts(self.segmenter.layers(text[:KEY_TERM_CHARS]))
        least = 1 if len(text) <= SHORT_TEXT_CHARS else 2
        kept = in_title | Counter({key: count for key, count in in_text.items() if count >= least})
        often = sorted(kept, key=lambda key: (-in_text[key] - 5 * in_title[key], key))
        articles = self.snapshot.generation.articles
        counted = often[:MAX_COUNTED_WORDS]
        frequency = {layer: self._frequency(layer, counted) for layer in ("words", "concepts")}
        for layer, token in counted:
            found = frequency[layer][token]
            if 1 < found <= max(articles * MAX_ARTICLE_SHARE, MIN_MAX_ARTICLES):
                boost = _boost(in_title[layer, token], in_text[layer, token])
                forms = self._forms(layer, token)
                key_term = KeyTerm(layer, token, forms, boost, idf(articles, found))
                yield _by_kind(key_term, in_title[layer, token] > 0)

    def _frequency(self, layer: str, counted: Sequence[tuple[str, str]]) -> dict[str, int]:
        tokens = [token for its_layer, token in counted if its_layer == layer]
        return self.snapshot.doc_freqs(f"text_{layer}", tokens)

    def _counts(self, layers: Layers) -> Counter[tuple[str, str]]:
        """How often each concept is mentioned, and each other word that may be a key term."""
        by_form = self.snapshot.lexicon.by_form
        counts = Counter(("concepts", token) for token in layers.concepts.split())
        for token in layers.words.split():
            if may_be_key_term(token) and token.replace("_", " ") not in by_form:
                counts["words", token] += 1
        return counts

    def _forms(self, layer: str, token: str) -> tuple[str, ...]:
        if layer == "words":
            return (token.replace("_", " "),)
        return self.snapshot.lexicon.by_token[token].spellings()

    def _names(self, title: str, text: str) -> Iterator[KeyTerm]:
        """People and firms in the title whose names are no words of the dictionary."""
        reader = WordReader(self.snapshot.lexicon, self.segmenter)
        words = [word for word in reader.read(title, aliases=False) if word.characters]
        names = [word.text for word in words if len(word.text) > 1 and is_han(word.text)]
        articles = self.snapshot.generation.articles
        for name in names[:MAX_TITLE_NAMES]:
            found = self.snapshot.match(Substring(name), limit=0).total
            if 1 < found <= max(articles * MAX_ARTICLE_SHARE, MIN_MAX_ARTICLES):
                boost = _boost(1, text.count(name))
                yield KeyTerm("name", name, (name,), boost, idf(articles, found))

    def _without_style(self, key_terms: list[KeyTerm], source: str | None) -> Iterator[KeyTerm]:
        total = self.snapshot.doc_freq("source", source) if source else 0
        for key_term in key_terms:
            if source is None or total < MIN_STYLE_ARTICLES or key_term.layer == "name":
                yield key_term
            else:
                share = (self._in_source(key_term, source) - 1) / total
                yield replace(key_term, boost=key_term.boost * (1 - max(share, 0)))

    def _in_source(self, key_term: KeyTerm, source: str) -> int:
        """How many articles of a source have the key term in their text."""
        word = Term(f"text_{key_term.layer}", key_term.token)
        counts = self.snapshot.facet_counts(word, {}, ("source",), MAX_STYLE_SOURCES)["source"]
        return dict(counts).get(source, 0)


def _boost(in_title: int, in_text: int) -> float:
    return (1 + math.log(max(in_text, 1))) * (TITLE_BOOST if in_title else 1)


def _by_kind(key_term: KeyTerm, in_title: bool) -> KeyTerm:
    if key_term.layer == "concepts":
        return replace(key_term, boost=key_term.boost * CONCEPT_BOOST)
    if key_term.token.isascii() and not in_title:
        return replace(key_term, boost=key_term.boost * LATIN_BOOST, subject=False)
    return replace(key_term, subject=in_title)


def _order(key_term: KeyTerm) -> tuple[float, str]:
    return (-key_term.weight, key_term.token)


def may_be_key_term(token: str) -> bool:
    """Whether a word may be a key term: no number, no single character, no function word."""
    return len(token) > 1 and not token[0].isdigit() and token not in function_words()


def series_key(title: str) -> str:
    """A title without its numbers: the same for all of a series (第 12 期, 9月5日)."""
    return without_numbers(normalize(title))


def without_numbers(normalized: str) -> str:
    return _NUMBERS.sub("#", normalized)
