"""Related searches (相关搜索): related concepts, and narrower versions of the query.

They are made from the answer itself: concepts from the lexicon, topics and organisations from its
facets, words from the titles on the page. Each has results: an article mentions all of it.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.queries import And, Term
from index.engines.scoring import idf
from index.lexicon.model import Concept
from index.text.normalize import normalize
from search.query.expansion import QueryWord
from search.query.planner import Plan
from search.related.key_terms import may_be_key_term, series_key
from search.request import MAX_QUERY
from search.response import Hit

MAX_RELATED_SEARCHES = 6
MAX_NARROWED_WORDS = 2
"""Longer queries, and questions, are narrow enough already."""
MAX_FACET_VALUES = 2
"""Of one facet."""
MIN_FACET_SHARE, MIN_FACET_LIFT = 0.03, 3.0
"""An organisation or topic must be in this share of the articles found, and this many times as
often as in all articles: a big company of the field is mentioned with every subject."""
MIN_TOGETHER = 2
"""Articles, or titles on the page, that must have what the query is narrowed by."""
MAX_WORD_SHARE, MIN_MAX_WORD_ARTICLES = 0.03, 5
"""A word in more than this share of all articles, and in more than this number, is too common."""
CONCEPT_FACTOR = 1.5


@dataclass(frozen=True, slots=True)
class FirstPage:
    """The first page of an answer: its query and plan, how many articles match, its hits, and
    (value, articles) by facet.

    `plain`: no quotes, operators or prefixes. `complete`: no hit lacks a word.
    """

    q: str
    plan: Plan
    plain: bool
    complete: bool
    total: int
    hits: Sequence[Hit]
    facets: Mapping[str, Sequence[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class RelatedSearchFinder:
    """Finds related searches over one generation."""

    snapshot: Snapshot
    segmenter: Segmenter

    def related_searches(self, first_page: FirstPage) -> tuple[str, ...]:
        """At most `MAX_RELATED_SEARCHES` queries, none of which is the query under another name."""
        words = first_page.plan.words
        if not words:
            return ()
        kinds: list[Iterable[str]] = [self._concepts(words)]
        if first_page.plain and first_page.complete and _short(first_page):
            typed = " ".join(first_page.q.split())
            for narrower in (
                self._title_words(first_page),
                self._lifted("organisation", first_page),
            ):
                kinds.append([f"{typed} {more}" for more in narrower])
        kinds.append(self._topics(first_page))
        mixed = chain.from_iterable(zip_longest(*kinds))
        fitting = dict.fromkeys(text for text in mixed if text and len(text) <= MAX_QUERY)
        return tuple(islice(fitting, MAX_RELATED_SEARCHES))

    def _concepts(self, words: Sequence[QueryWord]) -> list[str]:
        """Concepts that the lexicon relates to the query's, if articles mention them."""
        lexicon = self.snapshot.lexicon
        own = [word.concept for word in words if word.concept]
        related = dict.fromkeys(other for concept in own for other in lexicon.related(concept))
        others = [other for other in related if other not in own]
        self.snapshot.prefetch_totals([Term("text_concepts", other.token) for other in others])
        return [
            other.name for other in others if self.snapshot.doc_freq("text_concepts", other.token)
        ]

    def _topics(self, first_page: FirstPage) -> list[str]:
        """The query's concept with a topic of the articles found, where articles mention both."""
        lexicon = self.snapshot.lexicon
        word = next((word for word in first_page.plan.words if word.concept), None)
        if word is None or word.concept is None:
            return []
        topics = [lexicon.find(label) for label in self._lifted("topic", first_page)]
        self.snapshot.prefetch_totals([_both(word.concept, each) for each in topics if each])
        together = [each for each in topics if each and self._together(word.concept, each)]
        return [f"{word.typed} {topic.name}" for topic in together]

    def _together(self, one: Concept, other: Concept) -> bool:
        return self.snapshot.match(_both(one, other), limit=0).total > 0

    def _lifted(self, facet: str, first_page: FirstPage) -> list[str]:
        """Values that are commoner in the articles found than in all, by count · ln lift."""
        if not first_page.total:
            return []  # a facet counts without its own filter, which may have left nothing
        articles = self.snapshot.generation.articles
        weighed = []
        for name, count in first_page.facets.get(facet, ()):
            if count >= MIN_FACET_SHARE * first_page.total and self._new(name, first_page):
                frequency = max(self.snapshot.doc_freq(facet, name), 1)
                lift = count * articles / (first_page.total * frequency)
                if count >= MIN_TOGETHER and lift >= MIN_FACET_LIFT:
                    weighed.append((-count * math.log(lift), name))
        return [name for _, name in sorted(weighed)[:MAX_FACET_VALUES]]

    def _title_words(self, first_page: FirstPage) -> list[str]:
        """Rare words and concepts that titles on the page share, by count · idf."""
        titles = {series_key(hit.title.text): hit.title.text for hit in first_page.hits}
        spelled: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for title in titles.values():
            for token in self.segmenter.tokens(normalize(title)):
                spelled.setdefault(token.text, title[token.start : token.end])
                counts[token.text] += 1
        shared = [word for word, count in counts.items() if count >= MIN_TOGETHER]
        telling = [w for w in shared if may_be_key_term(w) and self._new(spelled[w], first_page)]
        self.snapshot.prefetch_totals([Term("text_words", word) for word in telling])
        weights = {word: self._weight(word) for word in telling}
        weighed = [(-counts[word] * weight, word) for word, weight in weights.items() if weight]
        return [spelled[word] for _, word in sorted(weighed)[:MAX_RELATED_SEARCHES]]

    def _weight(self, word: str) -> float:
        """The idf of a word; 0 for common ones that name no concept."""
        articles, found = (
            self.snapshot.generation.articles,
            self.snapshot.doc_freq("text_words", word),
        )
        names = self.snapshot.lexicon.find(word.replace("_", " ")) is not None
        telling = names or found <= max(articles * MAX_WORD_SHARE, MIN_MAX_WORD_ARTICLES)
        return idf(articles, found) * (CONCEPT_FACTOR if names else 1) if telling else 0.0

    def _new(self, text: str, first_page: FirstPage) -> bool:
        """Whether a word adds to the query: it is no name of its concepts, nor part of one."""
        form, concept = normalize(text), self.snapshot.lexicon.find(text)
        for word in first_page.plan.words:
            if concept is not None and concept == word.concept:
                return False
            if any(form in known or known in form for known in word.forms):
                return False
        return True


def _short(first_page: FirstPage) -> bool:
    """Whether the query is few words and nothing else; a question (元宇宙会成功吗) is not."""
    words = first_page.plan.words
    typed = sum(len(word.typed) for word in words)
    return len(words) <= MAX_NARROWED_WORDS and typed == len("".join(first_page.q.split()))


def _both(one: Concept, other: Concept) -> And:
    """Articles whose texts mention both."""
    return And((Term("text_concepts", one.token), Term("text_concepts", other.token)))
