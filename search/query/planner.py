"""Query tree → what to ask an engine, and what a highlight may mark."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from index.engines.queries import All, And, Not, Or, Prefix, Query, Range, Substring, Term
from index.lexicon.model import Lexicon
from index.messages import said
from index.text.han import is_han
from index.text.html import squeeze
from index.text.normalize import normalize
from search.query.expansion import QueryWord, WordReader, in_layer
from search.query.tree import (
    AndNode,
    Field,
    Node,
    NotNode,
    OrNode,
    Parsed,
    Period,
    PrefixWord,
    Quoted,
    Word,
    understood,
)
from search.request import Scope

PREFIX_LIMIT = 200
VOCABULARY = 2_000
"""Values of a field that a typed source or author is looked up in."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask. `words`, `phrases`, `prefixes`: what is wanted, normalised, for highlights;
    `texts`: the same as it was typed, in runs, before it was cut."""

    query: Query
    words: tuple[QueryWord, ...] = ()
    phrases: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    also_searched: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    may_relax: bool = False
    filters_only: bool = False
    fixed: tuple[Query, ...] = ()
    """Field and time conditions of the query, which hold whatever words may be missing."""


@dataclass(frozen=True, slots=True)
class _Reach:
    """Where a word is looked for, whether under its other names too, and whether it is unwanted."""

    scope: Scope | None
    aliases: bool
    negated: bool = False


@dataclass(slots=True)
class _Wanted:
    """Gathers what the positive leaves of a tree ask for."""

    words: list[QueryWord] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    also: dict[str, None] = field(default_factory=dict)
    fixed: list[Query] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a plan looks up in a generation: (value, articles) by field, the commonest first."""

    values: Callable[[str], list[tuple[str, int]]]
    count_prefix: Callable[[str, str, int], int]


class Planner:
    """Plans queries for one generation."""

    def __init__(self, lexicon: Lexicon, reader: WordReader, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._reader = reader
        self._vocabulary = vocabulary

    def plan(self, parsed: Parsed, scope: Scope | None, *, verbatim: bool) -> Plan:
        wanted = _Wanted()
        query = self._node(parsed.tree, _Reach(scope, aliases=not verbatim), wanted)
        scored = wanted.words or wanted.phrases or wanted.prefixes
        return Plan(
            query=query or All(),
            words=tuple(wanted.words),
            phrases=tuple(wanted.phrases),
            prefixes=tuple(wanted.prefixes),
            texts=tuple(wanted.texts),
            also_searched=tuple(wanted.also),
            warnings=(*parsed.warnings, *wanted.warnings),
            may_relax=parsed.plain and len(wanted.words) > 1 and not wanted.in_title,
            filters_only=not scored,
            fixed=tuple(wanted.fixed),
        )

    def _node(self, node: Node, reach: _Reach, wanted: _Wanted) -> Query | None:
        """The node's query; None where it asks for nothing."""
        match node:
            case Word():
                return self._word(node, reach, wanted)
            case Quoted():
                return self._quoted(node, reach, wanted)
            case PrefixWord():
                return self._prefix(node, reach, wanted)
            case Field():
                return self._field(node, reach, wanted)
            case Period():
                return _fixed(Range("day", as_day(node.low), as_day(node.high)), wanted)
            case NotNode():
                return self._not(node, reach, wanted)
            case AndNode() | OrNode():
                parts = [self._node(child, reach, wanted) for child in _joined(node, reach)]
                queries = tuple(part for part in parts if part is not None)
                combine = And if isinstance(node, AndNode) else Or
                return combine(queries) if queries else None
            case _:
                return None

    def _word(self, node: Word, reach: _Reach, wanted: _Wanted) -> Query | None:
        words = self._reader.read(node.text, reach.scope, aliases=reach.aliases)
        wanted.texts.append(normalize(node.text))
        wanted.words += [word for word in words if word not in wanted.words]
        for word in words:
            self._note_aliases(word, wanted)
        if not words:
            return None
        together = And(tuple(word.query for word in words))
        return Or((together, *_seen(node.text, words, reach))) if reach.negated else together

    def _note_aliases(self, word: QueryWord, wanted: _Wanted) -> None:
        if word.concept:
            spelled = zip(word.concept.forms(), word.concept.spellings(), strict=True)
            wanted.also |= {form: None for form, spelling in spelled if spelling != word.text}

    def _quoted(self, node: Quoted, reach: _Reach, wanted: _Wanted) -> Query | None:
        """Exactly these characters; their words only help to order what has them."""
        text = normalize(squeeze(node.text))
        if not text.strip():
            return None
        wanted.phrases.append(text)
        wanted.texts.append(text)
        exact = Substring(text, reach.scope)
        words = self._reader.read(text, reach.scope, aliases=False)
        scoring = [word.query for word in words if not word.characters]
        return And((exact, Or((All(), *scoring)))) if scoring else exact

    def _prefix(self, node: PrefixWord, reach: _Reach, wanted: _Wanted) -> Query:
        text = normalize(node.text)
        wanted.prefixes.append(text)
        parts = ("title", "text") if reach.scope is None else (reach.scope,)
        fields = [f"{part}_{layer}" for part in parts for layer in ("words", "fine")]
        if any(
            self._vocabulary.count_prefix(f, text, PREFIX_LIMIT + 1) > PREFIX_LIMIT for f in fields
        ):
            wanted.warnings.append(
                said(
                    "以“%(text)s”开头的词太多，只查了最常见的 %(limit)s 个。",
                    text=node.text,
                    limit=PREFIX_LIMIT,
                )
            )
        return Or(tuple(Prefix(name, text, PREFIX_LIMIT) for name in fields))

    def _not(self, node: NotNode, reach: _Reach, wanted: _Wanted) -> Query | None:
        """What an article must lack: a word under any of its names."""
        hidden = _Wanted(warnings=wanted.warnings)
        inner = self._node(node.child, replace(reach, negated=not reach.negated), hidden)
        return None if inner is None else Not(inner)

    def _field(self, node: Field, reach: _Reach, wanted: _Wanted) -> Query | None:
        if node.name == "title":
            wanted.in_title = True
            return self._node(node.value, replace(reach, scope="title"), wanted)
        return _fixed(self._named(node.name, node.value.text, wanted), wanted)

    def _named(self, name: str, typed: str, wanted: _Wanted) -> Query:
        """Articles whose source (author, …) is, or else contains, what was typed."""
        if name == "url":
            return Term("url", _address(typed))
        wish = normalize(squeeze(typed).strip())
        values = [value for value, _ in self._vocabulary.values(name)]
        exact = [value for value in values if normalize(value) == wish]
        found = exact or [value for value in values if wish in normalize(value)]
        if found:
            return Or(tuple(Term(name, value) for value in found))
        concept = self._lexicon.find(typed) if name == "topic" else None
        if concept:
            return in_layer("concepts", concept.token)
        wanted.warnings.append(_unknown(typed, FIELD_LABELS[name], values[:5]))
        return Term(name, typed)


FIELD_LABELS = {
    "source": said("来源"),
    "author": said("作者"),
    "category": said("分类"),
    "topic": said("话题"),
}


def _unknown(typed: str, label: str, common: Sequence[str]) -> str:
    if not common:
        return said("没有名为“%(typed)s”的%(field)s。", typed=typed, field=label)
    return said(
        "没有名为“%(typed)s”的%(field)s。常见的有：%(common)s。",
        typed=typed,
        field=label,
        common="、".join(common),
    )


def _joined(node: AndNode | OrNode, reach: _Reach) -> Iterator[Node]:
    """The children; but neighbouring words are read together: `smart contract` is one concept, and
    `what is` says nothing beside another word. Unwanted words are each seen by their characters."""
    together = isinstance(node, AndNode) and not reach.negated
    for joins, children in groupby(node.children, _has_letters):
        if joins and together:
            yield Word(" ".join(understood(child) for child in children))
        else:
            yield from children


def _has_letters(node: Node) -> bool:
    return isinstance(node, Word) and any(map(str.isalnum, node.text))


def _seen(typed: str, words: Sequence[QueryWord], reach: _Reach) -> list[Query]:
    """An unwanted word is seen wherever its characters stand, however the text was cut; so are its
    other names, but for short ones, which stand across two words by chance (元界 in 多元界面)."""
    concept = words[0].concept if len(words) == 1 else None
    names = [name for name in concept.spellings() if len(name) > 2] if concept else []
    spellings = dict.fromkeys([normalize(typed), *names])
    return [Substring(spelling, reach.scope) for spelling in spellings if is_han(spelling)]


def _fixed(query: Query, wanted: _Wanted) -> Query:
    wanted.fixed.append(query)
    return query


def as_day(day: date | None) -> int | None:
    """A date as the engines' integer: 20220905."""
    return day.year * 10_000 + day.month * 100 + day.day if day else None


def _address(typed: str) -> str:
    return typed.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
