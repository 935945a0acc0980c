"""Finds candidates for new lexicon entries in the articles.

Three kinds of evidence: collocations (collocations.py), a Chinese name with a Latin one in
brackets, and laws in 《》 (glosses.py). Candidates much more frequent in one topic than elsewhere
come first; those spread evenly are dropped. People have to read the list: docs/how/lexicon.md says
how often it is right.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import log, log2

from index.analysis.dictionary import part_of_speech, usual_spelling
from index.analysis.segmenter import Segmenter
from index.lexicon.model import Concept, Lexicon
from index.lexicon_tools.collocations import Compound, compounds
from index.lexicon_tools.glosses import glosses, named_rules
from index.text.han import is_han
from index.text.normalize import normalize

MIN_GLOSSES = 5
"""Articles that must give the same name in brackets."""
MIN_TITLES = 4
MIN_LIFT = {"compound": 4.0, "gloss": 2.0, "title": 1.8}
"""How many times more frequent the main topic is in articles with the candidate."""
AROUND = 15
"""Characters shown before and after the candidate in its example."""
MIN_TAILS = 4
"""Concepts with the same ending (协议, 钱包, 银行); a term rarely has an ending of its own."""
_NOUNS = frozenset(("vn", "an", "l", "b"))
_PARTICLES = "cpudrmqfty"
_VERBS = frozenset("是有为使让到即叫称")
_PLACES_AND_PERSONS = frozenset(("nr", "ns", "nrt", "nrfg"))


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """Title and text of an article, and its topics."""

    text: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LexiconCandidate:
    """A name, the concept it would become or join, and how it is segmented now (`cut`).

    `why`: "compound", "gloss" or "title". `articles`: how many of the articles read contain it.
    `known`: it would be another name of an existing concept. `example`: text around it.
    """

    form: str
    concept: Concept
    why: str
    articles: int
    cut: tuple[str, ...]
    known: bool
    score: float
    example: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    form: str
    latin: str
    why: str
    articles: tuple[int, ...]
    weight: float


class CandidateFinder:
    """Finds candidates for one lexicon."""

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self._lexicon = lexicon
        self._segmenter = segmenter
        self._tails = Counter(
            form[-length:]
            for form in lexicon.by_form
            if is_han(form)
            for length in (1, 2, 3)
            if length < len(form)
        )

    def suggest(self, readings: Sequence[SampleArticle], limit: int) -> list[LexiconCandidate]:
        """The best `limit` candidates, best first, none containing another."""
        topics = Counter(topic for reading in readings for topic in reading.topics)
        found = [
            suggestion
            for candidate in self._candidates(readings)
            if (suggestion := self._rated(candidate, readings, topics))
        ]
        found.sort(key=lambda suggestion: (-suggestion.score, suggestion.form))
        chosen: list[LexiconCandidate] = []
        for suggestion in found:
            if len(chosen) == limit:
                break
            if not any(suggestion.form in c.form or c.form in suggestion.form for c in chosen):
                chosen.append(suggestion)
        return chosen

    def _candidates(self, readings: Sequence[SampleArticle]) -> Iterator[_Candidate]:
        cut = [self._segmenter.segment(normalize(reading.text)) for reading in readings]
        for compound in compounds(cut):
            if self._is_term(compound):
                weight = log(len(compound.articles)) * compound.cohesion**0.5
                form = _written(compound.words)
                yield _Candidate(form, "", "compound", compound.articles, weight)
        yield from self._glossed(readings)
        yield from self._titled(readings)

    def _is_term(self, compound: Compound) -> bool:
        first, last = compound.words
        form = compound.form
        if form in self._lexicon.by_form or self._segmenter.knows(form):
            return False
        if not (self._modifies(first) and self._names(last)):
            return False
        return max(self._tails[form[-2:]], self._tails[form[-3:]]) >= MIN_TAILS

    def _modifies(self, word: str) -> bool:
        """Whether a term may begin with the word: not a verb, adverb, number, place or person."""
        kind = part_of_speech(word)
        if word in self._lexicon.by_form:
            return True
        return kind not in _PLACES_AND_PERSONS and (kind[0] in "nbjli" or kind in _NOUNS)

    def _is_name(self, words: tuple[str, ...]) -> bool:
        """Whether words may be a name: no particle first, no 的 inside, not an everyday word."""
        kinds = [part_of_speech(word) for word in words]
        if kinds[0][0] in _PARTICLES or words[0] in _VERBS or any(kind[0] == "u" for kind in kinds):
            return False
        form = "".join(words)
        return form in self._lexicon.by_form or not self._segmenter.knows(form)

    def _names(self, word: str) -> bool:
        kind = part_of_speech(word)
        return word in self._lexicon.by_form or kind[0] == "n" or kind in _NOUNS

    def _glossed(self, readings: Sequence[SampleArticle]) -> Iterator[_Candidate]:
        """For each Latin name, the longest Chinese one that nearly all of its articles give."""
        places: defaultdict[str, defaultdict[tuple[str, ...], dict[int, None]]]
        places = defaultdict(lambda: defaultdict(dict))
        for number, reading in enumerate(readings):
            for words, latin in glosses(reading.text, self._cut):
                places[latin][words][number] = None
        for latin, tails in places.items():
            proper = {words: at for words, at in tails.items() if self._is_name(words)}
            most = max(map(len, proper.values()), default=0)
            if most < MIN_GLOSSES:
                continue
            words = max((w for w, at in proper.items() if len(at) >= 0.8 * most), key=len)
            form = _written(words)
            both_known = self._lexicon.find(form) and self._lexicon.find(latin)
            if len(form) > 2 and not both_known:
                weight = 1.3 * log(len(proper[words]) + 2)
                yield _Candidate(form, latin, "gloss", tuple(proper[words]), weight)

    def _cut(self, text: str) -> list[str]:
        return self._segmenter.segment(normalize(text))

    def _titled(self, readings: Sequence[SampleArticle]) -> Iterator[_Candidate]:
        places: defaultdict[str, dict[int, None]] = defaultdict(dict)
        for number, reading in enumerate(readings):
            for title in named_rules(reading.text):
                places[title][number] = None
        for title, at in places.items():
            if len(at) >= MIN_TITLES and not self._lexicon.find(title):
                yield _Candidate(title, "", "title", tuple(at), log(len(at) + 1))

    def _rated(
        self, candidate: _Candidate, readings: Sequence[SampleArticle], topics: Counter[str]
    ) -> LexiconCandidate | None:
        topic, lift = _main_topic(candidate, readings, topics)
        if lift < MIN_LIFT[candidate.why]:
            return None
        known = self._lexicon.find(candidate.latin) or self._lexicon.find(candidate.form)
        form = candidate.form
        if known and self._lexicon.find(form):
            form = candidate.latin
        return LexiconCandidate(
            form,
            _joined(known, form) if known else _new(candidate, topic),
            candidate.why,
            len(candidate.articles),
            tuple(self._cut(form)),
            known is not None,
            candidate.weight * log2(1 + lift),
            _example(form, readings[candidate.articles[0]].text),
        )


def _written(words: tuple[str, ...]) -> str:
    """Normalised words as people write them."""
    return "".join(map(usual_spelling, words))


def _main_topic(
    candidate: _Candidate, readings: Sequence[SampleArticle], topics: Counter[str]
) -> tuple[str, float]:
    """The most over-represented topic and its factor, smoothed for small counts."""
    counts = Counter(topic for number in candidate.articles for topic in readings[number].topics)
    total = len(candidate.articles)
    lifts = {
        topic: (count + 0.5) / (total * topics[topic] / len(readings) + 1.5)
        for topic, count in counts.items()
    }
    return max(lifts.items(), key=lambda item: item[1], default=("", 0.0))


def _joined(concept: Concept, form: str) -> Concept:
    return replace(concept, aliases=(*concept.aliases, form))


def _new(candidate: _Candidate, topic: str) -> Concept:
    aliases = (candidate.latin,) if candidate.latin else ()
    kind = "policy" if candidate.why == "title" else "term"
    return Concept(candidate.form, aliases, (), topic, kind)


def _example(form: str, text: str) -> str:
    """Text around the first place where the candidate is a separate word."""
    border = "[A-Za-z0-9]"
    word = re.compile(f"(?<!{border}){re.escape(normalize(form))}(?!{border})")
    found = word.search(normalize(text))
    if not found:
        return ""
    return " ".join(text[max(0, found.start() - AROUND) : found.end() + AROUND].split())
