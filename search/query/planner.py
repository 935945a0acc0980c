"""Turns a query tree into a plan: the engine query, and the words that highlights may mark."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from index.analysis.kinds import kind_named, kind_names
from index.engines.queries import All, And, AnyTerm, Near, Not, Or, Query, Substring, Term
from index.lexicon.model import Lexicon
from index.messages import msg
from index.text.html import squeeze
from index.text.normalize import normalize
from index.text.urls import url_term
from search.query import concept_conditions
from search.query.date_conditions import on_date
from search.query.expansion import QueryWord, SegmentedText, WordReader, in_layer
from search.query.parsing.in_words import FIELD_LABELS
from search.query.parsing.parser import ParsedQuery
from search.query.parsing.tree import (
    AndNode,
    Dated,
    Field,
    Hours,
    NearNode,
    Node,
    NotNode,
    OrNode,
    Period,
    Quoted,
    Wildcard,
    Word,
    understood,
)
from search.query.wildcard import STAR, WordPattern
from search.request import Scope

MAX_EXPANDED_WORDS = 200
"""A wildcard is expanded to the commonest words that match it, at most this many for a field."""
MAX_COMPARED_WORDS = 5_000
"""Of the words that begin as a wildcard does, this many, the commonest, are compared with it."""
MAX_NEAR_SPELLINGS = 16
"""Of each side of NEAR; no concept has as many names."""
MAX_FIELD_VALUES = 2_000
"""A typed source or author is compared with this many of the field's most common values."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned query.

    `words`, `phrases`, `wildcards`: what highlights may mark, normalised. `near`: conditions that
    two of them stand near each other, with their canonical lines. `texts`: the normalised texts of
    words and quotations, before segmentation. `also_searched`: other names that are searched, to
    show to the user. `may_relax`: articles may lack some of the words. `filters_only`: nothing in
    the query scores.
    """

    query: Query
    words: tuple[QueryWord, ...] = ()
    phrases: tuple[str, ...] = ()
    wildcards: tuple[WordPattern, ...] = ()
    near: tuple[tuple[str, Near], ...] = ()
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

    def lacking(self, missing: Collection[str]) -> "Plan":
        """The plan with what is near these words, as typed, in their stead."""
        words = (word.stand_in() if word.typed in missing else word for word in self.words)
        return replace(self, words=tuple(words))


@dataclass(frozen=True, slots=True)
class _LeafContext:
    """How the leaves below a node are planned. `scope`: title or text only; None: both. `aliases`:
    search other names too."""

    scope: Scope | None
    aliases: bool


@dataclass(slots=True)
class _PlanBuilder:
    """Collects what the leaves of a tree search for; excluded leaves add only warnings.
    `segmented`: the segmented texts of all leaves, by the text as typed. `now`: epoch seconds."""

    segmented: dict[str, SegmentedText] = field(default_factory=dict)
    now: int = 0
    words: list[QueryWord] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    wildcards: list[WordPattern] = field(default_factory=list)
    near: list[tuple[str, Near]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    also: dict[str, None] = field(default_factory=dict)
    fixed: list[Query] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    in_field: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Look-ups in a generation that planning needs. `values`: field → (value, articles), the most
    common first. `words`: (field, beginning, limit) → the commonest words that begin so. `prefetch`
    gets the tokens whose frequencies will be read one by one, so that an engine can fetch them in
    one request."""

    values: Callable[[str], list[tuple[str, int]]]
    words: Callable[[str, str, int], Sequence[str]]
    prefetch: Callable[[Sequence[str]], None] = lambda tokens: None


class Planner:
    """Plans queries for one generation."""

    def __init__(self, lexicon: Lexicon, reader: WordReader, vocabulary: Vocabulary) -> None:
        self._lexicon = lexicon
        self._reader = reader
        self._vocabulary = vocabulary

    def plan(self, parsed: ParsedQuery, scope: Scope | None, *, verbatim: bool, now: int) -> Plan:
        """`now`: the clock, in epoch seconds."""
        texts = [self._reader.segment(text) for text in _texts(parsed.tree)]
        tokens = dict.fromkeys(token.text for text in texts for token in text.tokens)
        self._vocabulary.prefetch(list(tokens))
        builder = _PlanBuilder({text.typed: text for text in texts}, now)
        query = self._node(parsed.tree, _LeafContext(scope, aliases=not verbatim), builder)
        scored = builder.words or builder.phrases or builder.wildcards
        return Plan(
            query=query or All(),
            words=tuple(builder.words),
            phrases=tuple(builder.phrases),
            wildcards=tuple(builder.wildcards),
            near=tuple(builder.near),
            texts=tuple(builder.texts),
            also_searched=tuple(builder.also),
            warnings=(*parsed.warnings, *builder.warnings),
            may_relax=parsed.plain and len(builder.words) > 1 and not builder.in_field,
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
            case Wildcard():
                return self._wildcard(node, context, builder)
            case Field():
                return self._field(node, context, builder)
            case Period() | Dated() | Hours():
                return _fixed(on_date(node, builder.now), builder)
            case NearNode():
                return self._near(node, context, builder)
            case NotNode():
                return self._not(node, context, builder)
            case AndNode() | OrNode():
                parts = [self._node(child, context, builder) for child in _joined(node)]
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
        return And(tuple(word.query for word in words)) if words else None

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

    def _near(self, node: NearNode, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        """Both sides, and that the characters of one of their names stand near each other."""
        scope = node.field or context.scope
        within = replace(context, scope=scope)
        sides = (node.left, node.right)
        both = [query for side in sides if (query := self._node(side, within, builder))]
        left, right = (self._spellings(side, within, builder) for side in sides)
        if left and right:
            near = Near(left, right, node.gap, scope)
            builder.near.append((understood(node), near))
            both.append(near)
        else:
            builder.warnings.append(msg("NEAR 两边都要两个字以上；不够的按 AND 查。"))
        return And(tuple(both)) if both else None

    def _spellings(
        self, node: Word | Quoted, context: _LeafContext, builder: _PlanBuilder
    ) -> tuple[str, ...]:
        """The strings that a side of NEAR may stand as: one word under all its names, else the text
        as typed."""
        segmented = builder.segmented[squeeze(node.text) if isinstance(node, Quoted) else node.text]
        names = [segmented.text]
        if isinstance(node, Word):
            words = self._reader.words(segmented, context.scope, aliases=context.aliases)
            if len(words) == 1:
                names = [words[0].text, *words[0].names()]
        unique = dict.fromkeys(name.strip() for name in names)
        return tuple(name for name in unique if len(name) > 1)[:MAX_NEAR_SPELLINGS]

    def _wildcard(self, node: Wildcard, context: _LeafContext, builder: _PlanBuilder) -> Query:
        pattern = WordPattern(normalize(node.text))
        builder.wildcards.append(pattern)
        parts = ("title", "text") if context.scope is None else (context.scope,)
        return Or(
            tuple(
                AnyTerm(name, self._expanded(name, pattern, builder))
                for name in (f"{part}_{layer}" for part in parts for layer in ("words", "fine"))
            )
        )

    def _expanded(self, field: str, pattern: WordPattern, builder: _PlanBuilder) -> tuple[str, ...]:
        """The words of a field that match; a warning where there are more than are searched."""
        limit = MAX_EXPANDED_WORDS if pattern.is_prefix else MAX_COMPARED_WORDS
        words = self._vocabulary.words(field, pattern.beginning, limit + 1)
        matching = pattern.among(words[:limit])
        if len(words) > limit or len(matching) > MAX_EXPANDED_WORDS:
            too_many = msg(
                "符合“%(text)s”的词太多，只查了最常见的 %(limit)s 个。",
                text=pattern.text,
                limit=MAX_EXPANDED_WORDS,
            )
            if too_many not in builder.warnings:
                builder.warnings.append(too_many)
        return tuple(matching[:MAX_EXPANDED_WORDS])

    def _not(self, node: NotNode, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        """Excludes exactly the articles that the child finds, so that both together are all. By its
        characters a word would also exclude what it does not mean: 数字人民币 for 数字人."""
        hidden = _PlanBuilder(builder.segmented, builder.now, warnings=builder.warnings)
        inner = self._node(node.child, context, hidden)
        return None if inner is None else Not(inner)

    def _field(self, node: Field, context: _LeafContext, builder: _PlanBuilder) -> Query | None:
        if node.name in ("title", "text"):
            builder.in_field = True
            scope: Scope = "title" if node.name == "title" else "text"
            return self._node(node.value, replace(context, scope=scope), builder)
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
            return Term("url", url_term(typed.rstrip(STAR)))
        if name == "kind":
            return self._kind(typed.rstrip(STAR), builder)
        wanted = normalize(squeeze(typed).strip())
        values = [value for value, _ in self._vocabulary.values(name)]
        found = _equal_or_containing(values, wanted)
        if found:
            return Or(tuple(Term(name, value) for value in found))
        concept = self._lexicon.find(typed) if name in ("topic", "organisation") else None
        if concept:
            known = concept.name in values
            return Term(name, concept.name) if known else in_layer("concepts", concept.token)
        builder.warnings.append(_unknown(typed, FIELD_LABELS[name], values[:5]))
        return Term(name, typed)

    def _kind(self, typed: str, builder: _PlanBuilder) -> Query:
        kind = kind_named(typed)
        if kind is None:
            builder.warnings.append(_unknown(typed, FIELD_LABELS["kind"], kind_names()))
        return Term("kind", kind or typed)


def _equal_or_containing(values: Sequence[str], wanted: str) -> list[str]:
    if STAR in wanted:
        pattern = WordPattern(wanted)
        return [value for value in values if pattern.matches(normalize(value))]
    exact = [value for value in values if normalize(value) == wanted]
    return exact or [value for value in values if wanted in normalize(value)]


def _unknown(typed: str, label: str, common: Sequence[str]) -> str:
    if not common:
        return msg("没有名为“%(typed)s”的%(field)s。", typed=typed, field=label)
    return msg(
        "没有名为“%(typed)s”的%(field)s。常见的有：%(common)s。",
        typed=typed,
        field=label,
        common="、".join(common),
    )


def _texts(node: Node) -> Iterator[str]:
    """The texts of a tree that `_word` and `_quoted` look up in `segmented`."""
    match node:
        case Word():
            yield node.text
        case Quoted():
            yield squeeze(node.text)
        case Field() if node.name in ("title", "text"):
            yield from _texts(node.value)
        case NearNode():
            yield from _texts(node.left)
            yield from _texts(node.right)
        case NotNode():
            yield from _texts(node.child)
        case AndNode() | OrNode():
            for child in _joined(node):
                yield from _texts(child)


def _joined(node: AndNode | OrNode) -> Iterator[Node]:
    """The children, with adjacent words of an AND, all of one field or of none, joined into one
    text: `smart contract` is one concept, and `what is` is ignored next to another word."""
    for where, children in groupby(node.children, _where):
        if where is None or isinstance(node, OrNode):
            yield from children
        else:
            words = (child.value if isinstance(child, Field) else child for child in children)
            word = Word(" ".join(map(understood, words)))
            yield Field(where, word) if where else word


def _where(node: Node) -> str | None:
    """The field of a word that has letters, "" for one of no field, and None for other nodes."""
    if isinstance(node, Field) and node.name in ("title", "text"):
        return node.name if _where(node.value) == "" else None
    return "" if isinstance(node, Word) and any(map(str.isalnum, node.text)) else None


def _fixed(query: Query, builder: _PlanBuilder) -> Query:
    builder.fixed.append(query)
    return query
