"""Turns a query tree into a plan: the engine query, and the words that highlights may mark."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from index.analysis.kinds import kind_named, kind_names
from index.engines.queries import All, And, Not, Or, Prefix, Query, Range, Substring, Term
from index.lexicon.model import Lexicon
from index.messages import msg
from index.text.han import is_han
from index.text.html import squeeze
from index.text.normalize import normalize
from search.query import concept_conditions
from search.query.expansion import QueryWord, SegmentedText, WordReader, in_layer
from search.query.parser import ParsedQuery
from search.query.tree import (
    AndNode,
    Dated,
    Field,
    Node,
    NotNode,
    OrNode,
    Period,
    PrefixWord,
    Quoted,
    Word,
    understood,
)
from search.request import DateStatus, Scope

PREFIX_LIMIT = 200
"""A prefix is expanded to its most common words, at most this many per field."""
MAX_FIELD_VALUES = 2_000
"""A typed source or author is compared with this many of the field's most common values."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned query.

    `words`, `phrases`, `prefixes`: what highlights may mark, normalised. `texts`: the normalised
    texts of words and quotations, before segmentation. `also_searched`: other names that are
    searched, to show to the user. `may_relax`: articles may lack some of the words. `filters_only`:
    nothing in the query scores.
    """

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
    """Field and period conditions, which hold even if words are missing."""

    @property
    def concepts(self) -> tuple[str, ...]:
        """Main names of the concepts that the words name."""
        return tuple(dict.fromkeys(word.concept.name for word in self.words if word.concept))


@dataclass(frozen=True, slots=True)
class _LeafContext:
    """How the leaves below a node are planned. `scope`: title or text only; None: both. `aliases`:
    search other names too. `negated`: the leaves are excluded."""

    scope: Scope | None
    aliases: bool
    negated: bool = False


@dataclass(slots=True)
class _PlanBuilder:
    """Collects what the leaves of a tree search for; excluded leaves add only warnings.
    `segmented`: the segmented texts of all leaves, by the text as typed."""

    segmented: dict[str, SegmentedText] = field(default_factory=dict)
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
    """Look-ups in a generation that planning needs. `values`: field → (value, articles), the most
    common first. `count_prefix`: (field, prefix, limit) → number of words that begin with the
    prefix, at most `limit`. `prefetch` gets the tokens whose frequencies will be read one by one,
    so that an engine can fetch them in one request."""

    values: Callable[[str], list[tuple[str, int]]]
    count_prefix: Callable[[str, str, int], int]
    prefetch: Callable[[Sequence[str]], None] = lambda tokens: None


class Planner:
    """Plans queries for one generation."""

    def __init__(self, lexicon: Lexicon, reader: WordReader, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._reader = reader
        self._vocabulary = vocabulary

    def plan(self, parsed: ParsedQuery, scope: Scope | None, *, verbatim: bool) -> Plan:
        texts = [self._reader.segment(text) for text in _texts(parsed.tree)]
        tokens = dict.fromkeys(token.text for text in texts for token in text.tokens)
        self._vocabulary.prefetch(list(tokens))
        builder = _PlanBuilder({text.typed: text for text in texts})
        query = self._node(parsed.tree, _LeafContext(scope, aliases=not verbatim), builder)
        scored = builder.words or builder.phrases or builder.prefixes
        return Plan(
            query=query or All(),
            words=tuple(builder.words),
            phrases=tuple(builder.phrases),
            prefixes=tuple(builder.prefixes),
            texts=tuple(builder.texts),
            also_searched=tuple(builder.also),
            warnings=(*parsed.warnings, *builder.warnings),
            may_relax=parsed.plain and len(builder.words) > 1 and not builder.in_title,
            filters_only=not scored,
            fixed=tuple(builder.fixed),
        )

    def _node(self, node: Node, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        """The node's query; None if there is nothing to search for."""
        match node:
            case Word():
                return self._word(node, context, builder)
            case Quoted():
                return self._quoted(node, context, builder)
            case PrefixWord():
                return self._prefix(node, context, builder)
            case Field():
                return self._field(node, context, builder)
            case Period():
                return _fixed(Range("day", as_day(node.low), as_day(node.high)), builder)
            case Dated(status):
                return _fixed(with_date_status(status), builder)
            case NotNode():
                return self._not(node, context, builder)
            case AndNode() | OrNode():
                children = _joined(node, negated=context.negated)
                parts = [self._node(child, context, builder) for child in children]
                queries = tuple(part for part in parts if part is not None)
                combine = And if isinstance(node, AndNode) else Or
                return combine(queries) if queries else None
            case _:
                return None

    def _word(self, node: Word, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        segmented = builder.segmented[node.text]
        words = self._reader.words(segmented, context.scope, aliases=context.aliases)
        builder.texts.append(segmented.text)
        builder.words += [word for word in words if word not in builder.words]
        for word in words:
            self._note_aliases(word, builder)
        if not words:
            return None
        together = And(tuple(word.query for word in words))
        return (
            Or((together, *_as_characters(segmented.text, words, context.scope)))
            if context.negated
            else together
        )

    def _note_aliases(self, word: QueryWord, builder: _PlanBuilder) -> None:
        if word.concept:
            spelled = zip(word.concept.forms(), word.concept.spellings(), strict=True)
            builder.also |= {form: None for form, spelling in spelled if spelling != word.text}
        builder.also |= dict.fromkeys(word.regional)

    def _quoted(self, node: Quoted, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        """Matches exactly these characters; the words among them only add to the score."""
        segmented = builder.segmented[squeeze(node.text)]
        text = segmented.text
        if not text.strip():
            return None
        builder.phrases.append(text)
        builder.texts.append(text)
        exact = Substring(text, context.scope)
        words = self._reader.words(segmented, context.scope, aliases=False)
        scoring = [word.query for word in words if not word.characters]
        return And((exact, Or((All(), *scoring)))) if scoring else exact

    def _prefix(self, node: PrefixWord, context: _LeafContext, builder: _PlanBuilder) -> Query:
        text = normalize(node.text)
        builder.prefixes.append(text)
        parts = ("title", "text") if context.scope is None else (context.scope,)
        fields = [f"{part}_{layer}" for part in parts for layer in ("words", "fine")]
        if any(
            self._vocabulary.count_prefix(f, text, PREFIX_LIMIT + 1) > PREFIX_LIMIT for f in fields
        ):
            builder.warnings.append(
                msg(
                    "以“%(text)s”开头的词太多，只查了最常见的 %(limit)s 个。",
                    text=node.text,
                    limit=PREFIX_LIMIT,
                )
            )
        return Or(tuple(Prefix(name, text, PREFIX_LIMIT) for name in fields))

    def _not(self, node: NotNode, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        """Excludes articles that match the child, under any name of its words."""
        hidden = _PlanBuilder(builder.segmented, warnings=builder.warnings)
        inner = self._node(node.child, replace(context, negated=not context.negated), hidden)
        return None if inner is None else Not(inner)

    def _field(self, node: Field, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        if node.name == "title":
            builder.in_title = True
            return self._node(node.value, replace(context, scope="title"), builder)
        if node.name in concept_conditions.WRITTEN:
            return self._conceptual(node, builder)
        return _fixed(self._named(node.name, node.value.text, builder), builder)

    def _conceptual(self, node: Field, builder: _PlanBuilder) -> Query:
        """Articles that are about the named concept, or mention it. Its names only add to scores,
        and are marked."""
        concept = self._lexicon.find(node.value.text)
        if concept is None:
            builder.warnings.append(
                msg(
                    "词库里没有“%(typed)s”这个概念，所以找不到；去掉“%(field)s：”就按词查。",
                    typed=node.value.text,
                    field=concept_conditions.WRITTEN[node.name],
                )
            )
            return Not(All())
        condition = _fixed(concept_conditions.condition(node.name, concept), builder)
        words = self._reader.words(self._reader.segment(concept.name))
        builder.words += [word for word in words if word not in builder.words]
        return And((condition, Or((All(), *(word.query for word in words)))))

    def _named(self, name: str, typed: str, builder: _PlanBuilder) -> Query:
        """Articles whose source (author, …) equals the typed text or, if none does, contains it."""
        if name == "url":
            return Term("url", _address(typed))
        if name == "kind":
            return self._kind(typed, builder)
        wanted = normalize(squeeze(typed).strip())
        values = [value for value, _ in self._vocabulary.values(name)]
        exact = [value for value in values if normalize(value) == wanted]
        found = exact or [value for value in values if wanted in normalize(value)]
        if found:
            return Or(tuple(Term(name, value) for value in found))
        concept = self._lexicon.find(typed) if name == "topic" else None
        if concept:
            return in_layer("concepts", concept.token)
        builder.warnings.append(_unknown(typed, FIELD_LABELS[name], values[:5]))
        return Term(name, typed)

    def _kind(self, typed: str, builder: _PlanBuilder) -> Query:
        kind = kind_named(typed)
        if kind is None:
            builder.warnings.append(_unknown(typed, FIELD_LABELS["kind"], kind_names()))
        return Term("kind", kind or typed)


FIELD_LABELS = {
    "source": msg("来源"),
    "author": msg("作者"),
    "category": msg("分类"),
    "topic": msg("话题"),
    "kind": msg("类型"),
}


def _unknown(typed: str, label: str, common: Sequence[str]) -> str:
    if not common:
        return msg("没有名为“%(typed)s”的%(field)s。", typed=typed, field=label)
    return msg(
        "没有名为“%(typed)s”的%(field)s。常见的有：%(common)s。",
        typed=typed,
        field=label,
        common="、".join(common),
    )


def _texts(node: Node, *, negated: bool = False) -> Iterator[str]:
    """The texts of a tree that `_word` and `_quoted` look up in `segmented`."""
    match node:
        case Word():
            yield node.text
        case Quoted():
            yield squeeze(node.text)
        case Field() if node.name == "title":
            yield from _texts(node.value)
        case NotNode():
            yield from _texts(node.child, negated=not negated)
        case AndNode() | OrNode():
            for child in _joined(node, negated=negated):
                yield from _texts(child, negated=negated)


def _joined(node: AndNode | OrNode, *, negated: bool) -> Iterator[Node]:
    """The children, with adjacent words of an AND joined into one text: `smart contract` is one
    concept, and `what is` is ignored next to another word. Excluded words are not joined, because
    each is also excluded by its characters."""
    together = isinstance(node, AndNode) and not negated
    for joins, children in groupby(node.children, _has_letters):
        if joins and together:
            yield Word(" ".join(understood(child) for child in children))
        else:
            yield from children


def _has_letters(node: Node) -> bool:
    return isinstance(node, Word) and any(map(str.isalnum, node.text))


def _as_characters(text: str, words: Sequence[QueryWord], scope: Scope | None) -> list[Query]:
    """Substring queries for an excluded word and its other names, so that it is excluded however
    the text was segmented. Short names are left out: they occur across two words by chance (元界 in
    多元界面)."""
    concept = words[0].concept if len(words) == 1 else None
    names = [name for name in concept.spellings() if len(name) > 2] if concept else []
    spellings = dict.fromkeys([text, *names])
    return [Substring(spelling, scope) for spelling in spellings if is_han(spelling)]


def _fixed(query: Query, builder: _PlanBuilder) -> Query:
    builder.fixed.append(query)
    return query


def as_day(day: date | None) -> int | None:
    """The date as the integer that engines store: 20220905."""
    return day.year * 10_000 + day.month * 100 + day.day if day else None


def with_date_status(status: DateStatus) -> Query:
    """Articles of whose dates this is known."""
    match status:
        case "given":
            return And((Range("day"), Not(ESTIMATED)))
        case "estimated":
            return ESTIMATED
        case "unknown":
            return Not(Range("day"))


ESTIMATED = Range("estimated", 1)


def _address(typed: str) -> str:
    return typed.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")
