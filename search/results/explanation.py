"""Explains a hit («为什么是这条»): the matching words, where and how they match; and missing words.

Evidence comes from the highlights of title and snippet, which costs microseconds for each hit. If
neither highlights a word, its forms are searched for in both texts.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from index.engines.api import Snapshot
from index.engines.queries import Near
from index.text.normalize import normalize
from index.text.numbers.amounts import amount_tokens
from index.text.spans import near_spans
from search.highlighting.forms import forms_of
from search.query.expansion import QueryWord
from search.query.planner import Plan
from search.query.wildcard import WordPattern
from search.ranking.signals import freshness
from search.response import Evidence, EvidenceKind, EvidencePlace, Highlighted, Why
from search.results.collapsing import ResultRow
from search.retrieval.engine_request import EngineRequest
from search.retrieval.retriever import Retrieval

_ORDER = ("typed", "quoted", "near", "prefix", "wildcard", "alias", "part")


@dataclass(frozen=True, slots=True)
class ShownField:
    """A field of an article, as written and normalised, and what shows best why it matches: the
    whole title, or a snippet of the text."""

    place: EvidencePlace
    written: str
    normalized: str
    shown: Highlighted

    def spellings(self) -> Iterator[tuple[str, str]]:
        """(normalised, as written) of each highlight."""
        shown = self.shown.text
        for start, end in self.shown.marks:
            spelled = shown[start:end]
            in_title = self.place == "title"
            yield self.normalized[start:end] if in_title else normalize(spelled), spelled


@dataclass(frozen=True)
class Explainer:
    """Explains the hits of one page. `fresh`: ids of articles whose score includes freshness.
    `missing`: words that partial matches lack, as typed, by article id. `in_title`: words were
    looked for in titles only, so texts may have them."""

    plan: Plan
    phrase: str = ""
    now: int = 0
    fresh: frozenset[str] = frozenset()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_title: bool = False

    @cached_property
    def subject(self) -> Hashable:
        """What titles, snippets and evidence depend on, besides the article and what it lacks."""
        plan = self.plan
        typed = tuple(word.typed for word in plan.words)
        found = (plan.words, plan.phrases, plan.wildcards, plan.near)
        return (typed, found, self.phrase, self.in_title)

    def why(self, row: ResultRow, title: ShownField, text: ShownField) -> Why:
        missing = self.missing.get(row.match.id, ())
        return Why(
            evidence=tuple(self._evidence((title, text), missing)),
            title_is_query=bool(self.phrase) and title.normalized.strip() == self.phrase,
            freshness=self.freshness(row),
        )

    def freshness(self, row: ResultRow) -> float | None:
        """What its age added to the row's score, where it counts."""
        match = row.match
        if match.id in self.fresh and row.size == 1 and match.published is not None:
            return round(freshness(match.published, self.now) - 1, 4)
        return None

    def _evidence(self, texts: Sequence[ShownField], missing: Sequence[str]) -> Iterator[Evidence]:
        marked = [(text.place, *spelling) for text in texts for spelling in text.spellings()]
        for word in self.plan.words:
            if word.typed in missing:
                continue
            found = [(place, spelled, _kind(word, form)) for place, form, spelled in marked]
            shown = [(place, spelled, kind) for place, spelled, kind in found if kind]
            yield from _gathered(word.typed or word.text, shown or self._unmarked(word, texts))
        for phrase in self.plan.phrases:
            places = [(text, text.normalized.find(phrase)) for text in texts]
            exact = [(t.place, t.written[at : at + len(phrase)]) for t, at in places if at >= 0]
            yield from _gathered(phrase, [(*each, "quoted") for each in exact])
        for name, near in self.plan.near:
            yield from _gathered(name, _near(near, texts))
        for pattern in self.plan.wildcards:
            matching = [(p, spelled) for p, form, spelled in marked if pattern.matches(form)]
            name, kind = _named(pattern)
            yield from _gathered(name, [(*each, kind) for each in matching])

    def _unmarked(
        self, word: QueryWord, texts: Sequence[ShownField]
    ) -> list[tuple[EvidencePlace, str, EvidenceKind]]:
        """Finds a word outside the snippet, or inside a highlight of another word."""
        forms = forms_of(word.forms)
        for text in texts:
            span = forms.first(text.normalized)
            kind = _kind(word, text.normalized[slice(*span)]) if span else None
            if span and kind:
                return [(text.place, text.written[slice(*span)], kind)]
        return []


def explainer(
    snapshot: Snapshot, asked: EngineRequest, found: Retrieval, rows: Sequence[ResultRow]
) -> Explainer:
    """The `Explainer` for the rows of one page."""
    plan = asked.plan
    return Explainer(
        plan=plan,
        phrase="" if plan.filters_only else asked.parsed.phrase,
        now=int(asked.request.now.timestamp()),
        fresh=found.reranked,
        missing=_missing(snapshot, plan, found, [row.match.id for row in rows]),
        in_title=asked.request.scope == "title",
    )


def _missing(
    snapshot: Snapshot, plan: Plan, found: Retrieval, shown: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Missing words as typed, by id of each partial match that is shown."""
    partial = found.partial
    ids = [each for each in shown if each in partial.ids] if partial else []
    if partial is None or not ids:
        return {}
    words = [word for word in plan.words if word.typed in partial.words]
    missing: dict[str, tuple[str, ...]] = {}
    having = snapshot.which_match(ids, [word.query for word in words])
    for word, found_in in zip(words, having, strict=True):
        for each in {*ids} - found_in:
            missing[each] = (*missing.get(each, ()), word.typed)
    return missing


def _kind(word: QueryWord, form: str) -> EvidenceKind | None:
    """How a highlighted form matches a word; None if it does not."""
    if form == word.text:
        return "typed"
    if word.amount and word.amount in amount_tokens(form):
        return "alias"
    if form not in word.forms:
        return None
    return "alias" if form in word.names() else "part"


def _near(near: Near, texts: Sequence[ShownField]) -> list[tuple[EvidencePlace, str, EvidenceKind]]:
    """The first place in each text where two strings stand near each other."""
    found: list[tuple[EvidencePlace, str, EvidenceKind]] = []
    for text in texts:
        in_field = near.field in (None, text.place)
        found_in = near_spans(text.normalized, near.left, near.right, near.gap)
        span = next(found_in, None) if in_field else None
        if span:
            found.append((text.place, " ".join(text.written[slice(*span)].split()), "near"))
    return found


def _named(pattern: WordPattern) -> tuple[str, EvidenceKind]:
    return (pattern.beginning, "prefix") if pattern.is_prefix else (pattern.text, "wildcard")


def _gathered(
    word: str, shown: Sequence[tuple[EvidencePlace, str, EvidenceKind]]
) -> list[Evidence]:
    """One piece of evidence for each spelling, the most direct kind first, with all its places."""
    lines: dict[tuple[EvidenceKind, str], dict[EvidencePlace, None]] = {}
    spelled: dict[tuple[EvidenceKind, str], str] = {}
    for place, written, kind in shown:
        key = (kind, written.lower())
        spelled.setdefault(key, written)
        lines.setdefault(key, {})[place] = None
    ordered = sorted(lines, key=lambda key: _ORDER.index(key[0]))
    return [Evidence(word, key[0], spelled[key], tuple(lines[key])) for key in ordered]
