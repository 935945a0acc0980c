"""Related searches (相关搜索): related concepts, and narrower versions of the query.

They depend on the words of the query alone, so every page and filter has the same. Concepts come
from the lexicon; what narrows the query is taken from labels and titles of the articles that it
finds, and must be said beside it far more often than elsewhere. Rather none than a poor one.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import islice

from index.analysis.segmenter import Segmenter
from index.engines.api import Matches, Snapshot
from index.engines.lru_cache import LRUCache
from index.engines.queries import And, Query, Term
from index.engines.scoring import idf
from index.lexicon.model import Concept
from index.text.normalize import normalize
from search.query.planner import Plan
from search.related.key_terms import may_be_key_term, without_numbers
from search.related.scent import narrower
from search.related.title_words import SharedWord, shared_words
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
LABEL_FACETS = ("topic", "organisation")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a query, and what the page of their results has asked anyway.

    `plain`: no quotes, operators or wildcards. `facets`: what it counts for these words, labels
    among it. `best`: the first matches by relevance; None where it asks for others. `texts`: title,
    line break and text, normalised, of some of these, by id.
    """

    q: str
    plan: Plan
    plain: bool
    facets: tuple[str, ...] = LABEL_FACETS
    best: Matches | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


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

    def prefetch(self, words: Words, *, matched: bool) -> None:
        """A hint that `related_searches` will be called with these words; with their best matches
        where `matched`."""
        query = words.plan.query
        if _may_be_narrowed(words) and self._cache.get((words.q, query)) is None:
            self._snapshot.prefetch_facets(query, {}, words.facets, MAX_LABELS)
            if not matched:
                self._snapshot.prefetch_matches(query, MAX_TITLES)

    def related_searches(self, words: Words) -> tuple[str, ...]:
        """At most `MAX_RELATED_SEARCHES` queries that find articles, none of which is `words.q`
        under another name."""
        key = (words.q, words.plan.query)
        found = self._cache.get(key)
        if found is None:
            texts = dict.fromkeys(self._texts(words))
            sure = (text for text in texts if len(text) <= MAX_QUERY and self._finds(text))
            found = tuple(islice(sure, MAX_RELATED_SEARCHES))
            self._cache.put(key, found)
        return found

    def _texts(self, words: Words) -> Iterator[str]:
        typed = words.plan.words
        if len(typed) == 1 and typed[0].concept:
            yield from self._lexicon_concepts(typed[0].concept)
        if _may_be_narrowed(words):
            q = " ".join(words.q.split())
            yield from (f"{q} {name}" for name in self._narrowing(words))

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

    def _narrowing(self, words: Words) -> list[str]:
        """Names and words that go with the query, the closest first."""
        query = words.plan.query
        best = words.best or self._snapshot.match(query, limit=MAX_TITLES)
        found, most = best.total, int(MAX_SHARE * best.total)
        if most < MIN_TOGETHER:
            return []
        options = (*self._labels(words, found), *self._shared_by_titles(words, best))
        counted = [
            (option, And((query, option.mention)))
            for option in sorted(options, key=lambda option: -option.evidence)[:MAX_COUNTED]
            if self._weight(option, min(most, self._articles(option)), found)
        ]
        self._snapshot.prefetch_totals([both for _, both in counted])
        weighed = []
        for option, both in counted:
            together = self._snapshot.match(both, limit=0).total
            weight = self._weight(option, together, found)
            if weight:
                weighed.append((-weight, option.name))
        names: list[str] = []
        for _, name in sorted(weighed):
            if not any(name in other or other in name for other in names):  # 蚂蚁, 蚂蚁集团
                names.append(name)
        return names

    def _articles(self, option: Narrowing) -> int:
        return self._snapshot.doc_freq(option.mention.field, option.mention.token)

    def _weight(self, option: Narrowing, together: int, found: int) -> float:
        """How closely it goes with the query, the closer the more articles have both; 0 where that
        may be chance, or narrows nothing."""
        if not max(MIN_TOGETHER, MIN_SHARE * found) <= together <= MAX_SHARE * found:
            return 0.0
        if together < MIN_SURE and found >= MANY_FOUND:
            return 0.0
        articles = self._snapshot.generation.articles
        lift = together * articles / (found * self._articles(option))
        npmi = math.log(lift) / math.log(articles / together) if lift > 1 else 0.0
        return npmi * math.log2(2 + option.titles) if lift >= MIN_LIFT and npmi >= MIN_NPMI else 0.0

    def _labels(self, words: Words, found: int) -> Iterator[Narrowing]:
        """Concepts that label the articles found, far more often than others."""
        plan, articles = words.plan, self._snapshot.generation.articles
        counts = self._snapshot.facet_counts(plan.query, {}, words.facets, MAX_LABELS)
        for facet in LABEL_FACETS:
            for label, count in counts[facet]:
                concept = self._snapshot.lexicon.find(label)
                lift = count * articles / (found * self._snapshot.doc_freq(facet, label))
                enough = count >= max(MIN_TOGETHER, MIN_LABEL_SHARE * found)
                adds = concept and _adds(normalize(label), concept, plan)
                if concept and enough and lift >= MIN_LABEL_LIFT and adds:
                    mention = Term("text_concepts", concept.token)
                    yield Narrowing(concept.name, mention, 0, count * math.log(lift))

    def _shared_by_titles(self, words: Words, best: Matches) -> Iterator[Narrowing]:
        """Names and words in titles of several sources; a series counts as one title."""
        lexicon, articles = self._snapshot.lexicon, self._snapshot.generation.articles
        titles = self._titles(words, best)
        shared: list[tuple[SharedWord, Concept | None]] = []
        for word in shared_words(self._segmenter, titles, MIN_TITLES):
            concept = lexicon.by_form.get(word.token.replace("_", " "))
            enough = concept or (len(word.titles) >= MIN_WORD_TITLES and may_narrow(word.token))
            if enough and _adds(word.form, concept, words.plan):
                shared.append((word, concept))
        # Few words are shared, so few of the articles need be read.
        ids = dict.fromkeys(name for word, _ in shared for name in word.titles)
        stored = self._snapshot.stored([*ids], ("id", "title", "source")) if ids else []
        rows = {row["id"]: row for row in stored}
        for word, concept in shared:
            if len({rows[name]["source"] for name in word.titles}) < MIN_SOURCES:
                continue
            number, token = len(word.titles), concept.token if concept else word.token
            mention = Term("text_concepts" if concept else "text_words", token)
            evidence = number * idf(articles, self._snapshot.doc_freq(mention.field, token))
            name = concept.name if concept else self._written(word, rows[word.titles[0]]["title"])
            yield Narrowing(name, mention, number, evidence)

    def _titles(self, words: Words, best: Matches) -> dict[str, str]:
        """Titles that name the query, normalised, by id: one of each story, one of each series."""
        ids = {match.story: match.id for match in best.matches[:MAX_TITLES]}.values()
        missing = [name for name in ids if name not in words.texts]
        rows = self._snapshot.stored(missing, ("id", "title")) if missing else []
        read = {row["id"]: normalize(row["title"]) for row in rows}
        titles = {name: read[name] if name in read else _title(words.texts[name]) for name in ids}
        series = {without_numbers(title): name for name, title in titles.items()}
        typed = words.plan.words
        return {
            name: titles[name]
            for name in series.values()
            if all(any(form in titles[name] for form in word.forms) for word in typed)
        }

    def _written(self, word: SharedWord, title: str) -> str:
        """The word as this title writes it."""
        tokens = {token.text: token for token in self._segmenter.tokens(normalize(title))}
        return title[tokens[word.token].start : tokens[word.token].end]


def _title(text: str) -> str:
    return text[: text.index("\n")]


def _may_be_narrowed(words: Words) -> bool:
    """Whether the query is few words and nothing else; a question (元宇宙会成功吗) is not."""
    typed = words.plan.words
    if not (words.plain and typed and len(typed) <= MAX_NARROWED_WORDS):
        return False
    return sum(len(word.typed) for word in typed) == len("".join(words.q.split()))


def _adds(form: str, concept: Concept | None, plan: Plan) -> bool:
    """Whether a word adds to the query: it is no name of its concepts, nor part of one."""
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
