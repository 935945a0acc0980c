"""Related searches (相关搜索): related concepts, and narrower versions of the query.

They depend on the words of the query alone, so every page and filter has the same. Concepts come
from the lexicon; what narrows the query is taken from labels and titles of the articles that it
finds, and must be said beside it far more often than elsewhere. Rather none than a poor one.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import islice

from index.analysis.segmenter import Segmenter
from index.engines.api import Snapshot
from index.engines.lru_cache import LRUCache
from index.engines.queries import And, Query, Term
from index.engines.scoring import idf
from index.lexicon.model import Concept
from index.text.normalize import normalize
from search.query.planner import Plan
from search.related.key_terms import may_be_key_term, series_key
from search.related.scent import narrower
from search.request import MAX_QUERY

MAX_RELATED_SEARCHES = 6
MAX_LEXICON_CONCEPTS = 3
MAX_NARROWED_WORDS = 2
"""Longer queries, and questions, are narrow enough already."""
MAX_TITLES = 24
"""The best articles of the query, whose titles are read."""
MAX_LABELS = 20
MIN_LABEL_SHARE, MIN_LABEL_LIFT = 0.03, 5.0
"""A topic or organisation must label this share of the articles found, and this many times as often
as all articles: a big company of the field is mentioned with every subject."""
MIN_TITLES, MIN_SOURCES = 2, 2
"""Titles that share a name, and their sources: one source says the same in many titles."""
MIN_WORD_TITLES = 3
"""The same for a word that names no concept."""
MAX_COUNTED = 8
MIN_TOGETHER, MIN_SHARE, MAX_SHARE = 2, 0.02, 0.8
"""Articles, and shares of those found, that have both: with more, hardly anything is narrowed."""
MIN_SURE, MANY_FOUND = 8, 50
"""Fewer that have both are chance, where so many are found."""
MIN_LIFT = 8.0
"""Times as often as in all articles."""
MIN_NPMI = 0.35
"""Normalised pointwise mutual information: 0 for chance, 1 for words that never occur apart."""
CACHED_QUERIES = 256
_FACETS = ("topic", "organisation")


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What may narrow a query. `name`: as it is added. `mention`: articles whose text has it.
    `titles`: titles of the articles found that have it. `evidence`: what is counted first."""

    name: str
    mention: Term
    titles: int
    evidence: float


class RelatedSearchFinder:
    """Finds related searches over one generation. `plan`: of a text. Threads may share it."""

    def __init__(
        self, snapshot: Snapshot, segmenter: Segmenter, plan: Callable[[str], Plan]
    ) -> None:
        self._snapshot = snapshot
        self._segmenter = segmenter
        self._plan = plan
        self._cache: LRUCache[tuple[str, Query], tuple[str, ...]] = LRUCache(CACHED_QUERIES)

    def prefetch(self, q: str, plan: Plan, *, plain: bool) -> None:
        """A hint that `related_searches` will be called with these arguments."""
        if plan.words and plain and _short(q, plan) and self._cache.get((q, plan.query)) is None:
            self._snapshot.prefetch_totals([plan.query])
            self._snapshot.prefetch_facets(plan.query, {}, _FACETS, MAX_LABELS)
            self._snapshot.prefetch_matches(plan.query, MAX_TITLES)

    def related_searches(self, q: str, plan: Plan, *, plain: bool) -> tuple[str, ...]:
        """At most `MAX_RELATED_SEARCHES` queries that find articles, none of which is `q` under
        another name. `plain`: no quotes, operators or wildcards."""
        key = (q, plan.query)
        found = self._cache.get(key)
        if found is None:
            texts = dict.fromkeys(self._texts(q, plan, plain))
            sure = (text for text in texts if len(text) <= MAX_QUERY and self._finds(text))
            found = tuple(islice(sure, MAX_RELATED_SEARCHES))
            self._cache.put(key, found)
        return found

    def _texts(self, q: str, plan: Plan, plain: bool) -> Iterator[str]:
        if not plan.words:
            return
        if len(plan.words) == 1 and plan.words[0].concept:
            yield from self._lexicon_concepts(plan.words[0].concept)
        if plain and _short(q, plan):
            typed = " ".join(q.split())
            yield from (f"{typed} {name}" for name in self._narrowing(plan))

    def _finds(self, text: str) -> bool:
        """Articles were counted for its parts; only signs could make another query of them."""
        plain = all(char.isalnum() or char == " " for char in text)
        return plain or self._snapshot.match(self._plan(text).query, limit=0).total > 0

    def _lexicon_concepts(self, concept: Concept) -> list[str]:
        """Those that the lexicon relates to it, then narrower ones, the commonest first."""
        lexicon = self._snapshot.lexicon
        near = [c for c in lexicon.neighbours(concept) if c != concept]
        below = [c for c in narrower(self._segmenter, lexicon, concept) if c not in near]
        articles = self._snapshot.doc_freqs("text_concepts", [c.token for c in (*near, *below)])
        ranked = [
            other.name
            for group in (near, below)
            for other in sorted(group, key=lambda c: -articles[c.token])
            if articles[other.token] >= MIN_TOGETHER
        ]
        return ranked[:MAX_LEXICON_CONCEPTS]

    def _narrowing(self, plan: Plan) -> list[str]:
        """Names and words that go with the query, the closest first."""
        options = sorted(self._options(plan), key=lambda option: -option.evidence)[:MAX_COUNTED]
        both = [And((plan.query, option.mention)) for option in options]
        self._snapshot.prefetch_totals([plan.query, *both])
        found = self._snapshot.match(plan.query, limit=0).total
        weighed = []
        for option, query in zip(options, both, strict=True):
            together = self._snapshot.match(query, limit=0).total
            weight = self._weight(option, together, found)
            if weight:
                weighed.append((-weight, option.name))
        names: list[str] = []
        for _, name in sorted(weighed):
            if not any(name in other or other in name for other in names):  # 蚂蚁, 蚂蚁集团
                names.append(name)
        return names

    def _weight(self, option: Narrowing, together: int, found: int) -> float:
        """How closely it goes with the query; 0 where that may be chance, or narrows nothing."""
        if not max(MIN_TOGETHER, MIN_SHARE * found) <= together <= MAX_SHARE * found:
            return 0.0
        if together < MIN_SURE and found >= MANY_FOUND:
            return 0.0
        articles = self._snapshot.generation.articles
        named = self._snapshot.doc_freq(option.mention.field, option.mention.token)
        lift = together * articles / (found * named)
        npmi = math.log(lift) / math.log(articles / together) if lift > 1 else 0.0
        return npmi * math.log2(2 + option.titles) if lift >= MIN_LIFT and npmi >= MIN_NPMI else 0.0

    def _options(self, plan: Plan) -> Iterator[Narrowing]:
        yield from self._labels(plan)
        yield from self._shared_by_titles(plan)

    def _labels(self, plan: Plan) -> Iterator[Narrowing]:
        """Concepts that label the articles found, far more often than others."""
        articles = self._snapshot.generation.articles
        counts = self._snapshot.facet_counts(plan.query, {}, _FACETS, MAX_LABELS)
        found = self._snapshot.match(plan.query, limit=0).total
        for facet in _FACETS:
            for label, count in counts[facet]:
                concept = self._snapshot.lexicon.find(label)
                lift = count * articles / (found * self._snapshot.doc_freq(facet, label))
                enough = count >= max(MIN_TOGETHER, MIN_LABEL_SHARE * found)
                if concept and enough and lift >= MIN_LABEL_LIFT and _adds(label, concept, plan):
                    yield _named(concept, 0, count * math.log(lift))

    def _shared_by_titles(self, plan: Plan) -> Iterator[Narrowing]:
        """Names and words in titles of several sources; a series counts as one title."""
        lexicon, articles = self._snapshot.lexicon, self._snapshot.generation.articles
        titles, sources, written = self._title_words(plan)
        words = [w for w, n in titles.items() if n >= MIN_TITLES and len(sources[w]) >= MIN_SOURCES]
        for word in words:
            concept = lexicon.find(word.replace("_", " "))
            if not _adds(written[word], concept, plan):
                continue
            if concept:
                named = self._snapshot.doc_freq("text_concepts", concept.token)
                yield _named(concept, titles[word], titles[word] * idf(articles, named))
            elif titles[word] >= MIN_WORD_TITLES and may_narrow(word):
                named = self._snapshot.doc_freq("text_words", word)
                evidence = titles[word] * idf(articles, named)
                mention = Term("text_words", word)
                yield Narrowing(written[word], mention, titles[word], evidence)

    def _title_words(
        self, plan: Plan
    ) -> tuple[Counter[str], dict[str, set[str | None]], dict[str, str]]:
        """By word: titles that name the query too, their sources, and how the first writes it."""
        matches = self._snapshot.match(plan.query, limit=MAX_TITLES).matches
        rows = self._snapshot.stored([match.id for match in matches], ("title", "source"))
        firsts = {match.story: row for match, row in zip(matches, rows, strict=True)}
        titles: Counter[str] = Counter()
        sources: dict[str, set[str | None]] = defaultdict(set)
        written: dict[str, str] = {}
        for row in {series_key(row["title"]): row for row in firsts.values()}.values():
            title, text = row["title"], normalize(row["title"])
            if not all(any(form in text for form in word.forms) for word in plan.words):
                continue
            tokens = {token.text: token for token in self._segmenter.tokens(text)}
            titles.update(tokens.keys())
            for word, token in tokens.items():
                sources[word].add(row["source"])
                written.setdefault(word, title[token.start : token.end])
        return titles, sources, written


def _named(concept: Concept, titles: int, evidence: float) -> Narrowing:
    mention = Term("text_concepts", concept.token)
    return Narrowing(concept.name, mention, titles, evidence)


def _short(q: str, plan: Plan) -> bool:
    """Whether the query is few words and nothing else; a question (元宇宙会成功吗) is not."""
    typed = sum(len(word.typed) for word in plan.words)
    return len(plan.words) <= MAX_NARROWED_WORDS and typed == len("".join(q.split()))


def _adds(text: str, concept: Concept | None, plan: Plan) -> bool:
    """Whether a word adds to the query: it is no name of its concepts, nor part of one."""
    form = normalize(text)
    for word in plan.words:
        if concept is not None and concept == word.concept:
            return False
        if any(form in known or known in form for known in word.forms):
            return False
    return True


def may_narrow(word: str) -> bool:
    return may_be_key_term(word) and not word.isascii() and word not in _dull_words()


@cache
def _dull_words() -> frozenset[str]:
    lines = files("search").joinpath("data/dull_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if line[:1] != "#" for word in line.split())
