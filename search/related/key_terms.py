"""What an article is about: its concepts and its rare words, weighted.

The weight of a trait is (1 + ln tf) · idf, more for one in the title and for a concept, and less
for what is house style: a word that a share s of the source's articles have counts 1 - s of it.
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

MAX_TRAITS = 20
SPARE = 5
"""Traits beyond those, whose place one takes that is house style."""
LEAD = 4_000
"""Characters of a text that are cut: what a long one is about is said by then."""
SHORT = 400
"""Characters up to which a word need not be said twice."""
MAX_COUNTED = 80
"""Words whose articles are counted, those said most often first: 20 µs each."""
COMMON, FEW = 0.1, 5
"""What more than this share of all articles, and more than a few, have says nothing."""
IN_TITLE = 2.0
CONCEPT = 1.3
LATIN = 0.7
"""What is written in Latin letters, is no concept and not in the title is mostly code."""
NAME_SCORE = 5.0
"""What a name scores where it stands: engines give a run of characters 1, a rare word some 5."""
MAX_NAMES = 2
"""Runs of characters in a title that are looked up, a millisecond each."""
STYLE_FROM = 20
"""Articles of a source from which its house style can be told."""
SOURCES = 1_000
_NUMBERS = re.compile("[0-9〇零一二三四五六七八九十百]+")


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """`layer`: words or concepts, or name: a run of characters that the dictionary does not know.
    `forms`: what shows it in a normalised text. `subject`: a concept, or said in the title."""

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
    """Reads articles with a generation's lexicon, against its frequencies."""

    snapshot: Snapshot
    segmenter: Segmenter

    def traits(self, folded: str, source: str | None) -> list[KeyTerm]:
        """The heaviest traits first. `folded` as `Snapshot.stored` gives it."""
        title, _, text = folded.partition("\n")
        text = own_text(text)
        said = [*self._names(title, text), *self._words(title, text)]
        heaviest = sorted(said, key=_order)[: MAX_TRAITS + SPARE]
        return sorted(self._without_style(heaviest, source), key=_order)[:MAX_TRAITS]

    def _words(self, title: str, text: str) -> Iterator[KeyTerm]:
        """Words and concepts that are said in the title, or often enough."""
        in_title = self._counts(self.segmenter.layers(title))
        in_text = self._counts(self.segmenter.layers(text[:LEAD]))
        least = 1 if len(text) <= SHORT else 2
        said = in_title | Counter({key: count for key, count in in_text.items() if count >= least})
        often = sorted(said, key=lambda key: (-in_text[key] - 5 * in_title[key], key))
        articles = self.snapshot.generation.articles
        counted = often[:MAX_COUNTED]
        frequency = {layer: self._frequency(layer, counted) for layer in ("words", "concepts")}
        for layer, token in counted:
            found = frequency[layer][token]
            if 1 < found <= max(articles * COMMON, FEW):
                boost = _boost(in_title[layer, token], in_text[layer, token])
                forms = self._forms(layer, token)
                trait = KeyTerm(layer, token, forms, boost, idf(articles, found))
                yield _by_kind(trait, in_title[layer, token] > 0)

    def _frequency(self, layer: str, counted: Sequence[tuple[str, str]]) -> dict[str, int]:
        tokens = [token for its_layer, token in counted if its_layer == layer]
        return self.snapshot.doc_freqs(f"text_{layer}", tokens)

    def _counts(self, layers: Layers) -> Counter[tuple[str, str]]:
        """How often each concept is mentioned, and each telling word that names none."""
        by_form = self.snapshot.lexicon.by_form
        counts = Counter(("concepts", token) for token in layers.concepts.split())
        for token in layers.words.split():
            if tells(token) and token.replace("_", " ") not in by_form:
                counts["words", token] += 1
        return counts

    def _forms(self, layer: str, token: str) -> tuple[str, ...]:
        if layer == "words":
            return (token.replace("_", " "),)
        return self.snapshot.lexicon.by_token[token].spellings()

    def _names(self, title: str, text: str) -> Iterator[KeyTerm]:
        """People and firms in the title whose characters are no word."""
        reader = WordReader(self.snapshot.lexicon, self.segmenter)
        words = [word for word in reader.read(title, aliases=False) if word.characters]
        names = [word.text for word in words if len(word.text) > 1 and is_han(word.text)]
        articles = self.snapshot.generation.articles
        for name in names[:MAX_NAMES]:
            found = self.snapshot.match(Substring(name), limit=0).total
            if 1 < found <= max(articles * COMMON, FEW):
                boost = _boost(1, text.count(name))
                yield KeyTerm("name", name, (name,), boost, idf(articles, found))

    def _without_style(self, traits: list[KeyTerm], source: str | None) -> Iterator[KeyTerm]:
        total = self.snapshot.doc_freq("source", source) if source else 0
        for trait in traits:
            if source is None or total < STYLE_FROM or trait.layer == "name":
                yield trait
            else:
                share = (self._in_source(trait, source) - 1) / total
                yield replace(trait, boost=trait.boost * (1 - max(share, 0)))

    def _in_source(self, trait: KeyTerm, source: str) -> int:
        """How many articles of a source have a trait in their text."""
        word = Term(f"text_{trait.layer}", trait.token)
        counts = self.snapshot.facet_counts(word, {}, ("source",), SOURCES)["source"]
        return dict(counts).get(source, 0)


def _boost(in_title: int, in_text: int) -> float:
    return (1 + math.log(max(in_text, 1))) * (IN_TITLE if in_title else 1)


def _by_kind(trait: KeyTerm, in_title: bool) -> KeyTerm:
    if trait.layer == "concepts":
        return replace(trait, boost=trait.boost * CONCEPT)
    if trait.token.isascii() and not in_title:
        return replace(trait, boost=trait.boost * LATIN, subject=False)
    return replace(trait, subject=in_title)


def _order(trait: KeyTerm) -> tuple[float, str]:
    return (-trait.weight, trait.token)


def tells(token: str) -> bool:
    """Whether a word may say what an article is about: no number, no single character."""
    return len(token) > 1 and not token[0].isdigit() and token not in function_words()


def series_key(title: str) -> str:
    """What the titles of all issues of a column have in common: everything but numbers."""
    return _NUMBERS.sub("#", normalize(title))
