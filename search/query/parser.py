"""Parses query text into a `ParsedQuery`: its tree (tree.py) and warnings for the user.

    or      = and { ("OR" | "或" | "｜") and }
    and     = not { ["AND"] not }
    not     = { "NOT" | "-" } operand
    operand = word | prefix* | "quoted" | field: operand | "(" or ")"

Any string parses. What cannot be understood is left out, with a warning. A field before
parentheses applies to each word inside, so the value of a `Field` is always a leaf.
"""

from dataclasses import dataclass, replace
from datetime import date

from index.messages import Message, msg
from index.text.composition import compose
from index.text.normalize import normalize
from search.query.date_parser import parse_date_status, parse_normalized_period, parse_period
from search.query.lexer import Lexeme, LexemeKind, lex
from search.query.quotation import MARKS
from search.query.tree import (
    AndNode,
    Dated,
    Field,
    Node,
    Nothing,
    NotNode,
    OrNode,
    Period,
    PrefixWord,
    Quoted,
    Word,
)

_OPERANDS = (
    LexemeKind.WORD,
    LexemeKind.PREFIX,
    LexemeKind.QUOTED,
    LexemeKind.FIELD,
    LexemeKind.OPEN,
)
_BEGINNINGS = (*_OPERANDS, LexemeKind.NOT)
_LEAVES: dict[LexemeKind, type[Word] | type[Quoted] | type[PrefixWord]] = {
    LexemeKind.WORD: Word,
    LexemeKind.PREFIX: PrefixWord,
    LexemeKind.QUOTED: Quoted,
}
MAX_REPEATED = 30
"""Characters of a query that a warning repeats."""


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A typed query, read once for everything that needs it: planning, ranking, spelling, snippets.

    `text`: as typed, composed; `normalized`: of the same length. `phrase`: normalised, single
    spaces, without quotation marks at its ends, to be compared with a title. `warnings`: for the
    user, in Chinese. `plain`: words, fields and dates only, no quotes, operators, parentheses or
    prefixes, so an article may lack a word.
    """

    text: str
    normalized: str
    lexemes: tuple[Lexeme, ...]
    tree: Node
    warnings: tuple[str, ...]
    plain: bool
    phrase: str


def parse(query: str, today: date) -> ParsedQuery:
    """Never raises. Relative times are counted from `today` (Asia/Shanghai)."""
    query = compose(query)
    normalized = normalize(query)
    tokens, warnings = lex(query, normalized)
    parser = _Parser(tokens, today, dict.fromkeys(warnings))
    tree = parser.either()
    if isinstance(tree, Nothing) and query.strip() and not parser.warnings:
        parser.warnings[nothing_to_search(query.strip())] = None
    words_only = all(token.kind in (LexemeKind.WORD, LexemeKind.FIELD) for token in tokens)
    return ParsedQuery(
        text=query,
        normalized=normalized,
        lexemes=tuple(tokens),
        tree=tree,
        warnings=tuple(parser.warnings),
        plain=words_only and not isinstance(tree, OrNode),
        phrase=" ".join(normalized.split()).strip(MARKS),
    )


def loosened(typed: ParsedQuery, words: str, today: date) -> ParsedQuery:
    """The typed query with the tree of `words`, which are searched instead."""
    parsed = parse(words, today)
    return replace(typed, tree=parsed.tree, warnings=parsed.warnings, plain=parsed.plain)


@dataclass(slots=True)
class _Parser:
    tokens: list[Lexeme]
    today: date
    warnings: dict[str, None]
    at: int = 0
    field: str | None = None

    def either(self) -> Node:
        parts = [self._both()]
        while self._next() is LexemeKind.OR or self._at_or_word():
            self.at += 1
            parts.append(self._both())
        if len(parts) > 1 and Nothing() in parts:
            self.warnings[loose("OR")] = None
        return _joined(OrNode, parts)

    def _both(self) -> Node:
        parts: list[Node] = []
        complete = True
        while self._next() not in (None, LexemeKind.CLOSE, LexemeKind.OR):
            if self._next() is LexemeKind.AND:
                complete = complete and bool(parts) and self._next(1) in _BEGINNINGS
                self.at += 1
            elif (
                parts and self.tokens[self.at - 1].kind is not LexemeKind.AND and self._at_or_word()
            ):
                break
            else:
                parts.append(self._not())
        if not complete:
            self.warnings[loose("AND")] = None
        return _joined(AndNode, parts)

    def _not(self) -> Node:
        negations = 0
        while self._next() is LexemeKind.NOT:
            negations += 1
            self.at += 1
        if self._next() not in _OPERANDS:
            self.warnings[loose("NOT")] = None
            return Nothing()
        node = self._operand()
        if negations % 2 == 0 or isinstance(node, Nothing):
            return node
        return node.child if isinstance(node, NotNode) else NotNode(node)

    def _operand(self) -> Node:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind is LexemeKind.FIELD:
            outer, self.field = self.field, token.text
            node = self._operand()
            self.field = outer
            return node
        if token.kind is LexemeKind.OPEN:
            node = self.either()
            self.at += 1  # the lexer has paired the brackets
            return node
        return self._leaf(token)

    def _leaf(self, token: Lexeme) -> Node:
        if self.field in ("date", "after", "before"):
            return self._period(self.field, token.text)
        leaf = _LEAVES[token.kind](token.text)
        if self.field:
            return Field(self.field, leaf)
        # A bare number is seldom meant as a year; 近7天 and 2022年3月 are always periods.
        if (
            isinstance(leaf, Word)
            and not leaf.text.isascii()
            and parse_normalized_period(token.normalized, self.today)
        ):
            self.warnings[could_be_period(leaf.text)] = None
        return leaf

    def _period(self, name: str, text: str) -> Node:
        status = parse_date_status(text) if name == "date" else None
        if status:
            return Dated(status)
        low, high = parse_period(text, self.today) or (None, None)
        low, high = None if name == "before" else low, None if name == "after" else high
        if low or high:
            return Period(low, high, text)
        self.warnings[no_period(text)] = None
        return Nothing()

    def _next(self, ahead: int = 0) -> LexemeKind | None:
        at = self.at + ahead
        return self.tokens[at].kind if at < len(self.tokens) else None

    def _at_or_word(self) -> bool:
        """Whether 或 is between two operands; elsewhere it is an ordinary word."""
        typed = self.tokens[self.at : self.at + 1] == [Lexeme(LexemeKind.WORD, "或")]
        return typed and self._next(1) in _BEGINNINGS


def _joined(kind: type[AndNode] | type[OrNode], parts: list[Node]) -> Node:
    parted = (part.children if isinstance(part, kind) else (part,) for part in parts)
    children = tuple(node for nodes in parted for node in nodes if node != Nothing())
    return kind(children) if len(children) > 1 else next(iter(children), Nothing())


def loose(operator: str) -> Message:
    return msg("%(operator)s 没有连着要查的内容，已忽略。", operator=operator)


def no_period(text: str) -> Message:
    return msg(
        "看不懂时间“%(text)s”，已忽略。可以写 2022-09、2022-01..2022-06、近7天、上个月。", text=text
    )


def could_be_period(text: str) -> Message:
    return msg("要限定时间，请写 时间:%(text)s", text=text)


def nothing_to_search(query: str) -> Message:
    return msg("“%(query)s”里没有可以搜索的文字，列出的是全部文章。", query=query[:MAX_REPEATED])
