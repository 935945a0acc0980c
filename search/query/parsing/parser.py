"""Parses query text into a `ParsedQuery`: its tree (tree.py) and warnings for the user.

    or      = and { ("OR" | "｜") and }
    and     = not { ["AND"] not }
    not     = { "NOT" | "-" } near
    near    = operand { "NEAR" operand }
    operand = word | wild*card | "quoted" | field: operand | "(" or ")"

Any string parses. What cannot be understood is left out, with a warning. A field before
parentheses applies to each word inside, so the value of a `Field` is always a leaf.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from index.messages import Message, msg
from index.text.composition import compose
from index.text.html import squeeze
from index.text.normalize import normalize
from search.query.parsing.bounds import MAX_REPEATED, Allowance
from search.query.parsing.date_parser import (
    offered_period,
    parse_date_status,
    parse_hours,
    parse_normalized_period,
    parse_period,
)
from search.query.parsing.field_names import UNMET
from search.query.parsing.lexeme import Lexeme, LexemeKind
from search.query.parsing.lexer import lex
from search.query.parsing.near_sides import near_nodes
from search.query.parsing.operators import BEGINNINGS
from search.query.parsing.quotation import MARKS
from search.query.parsing.tree import (
    AndNode,
    Dated,
    Field,
    Hours,
    Node,
    Nothing,
    NotNode,
    OrNode,
    Period,
    Quoted,
    Wildcard,
    Word,
    understood,
)

_OPERANDS = tuple(kind for kind in BEGINNINGS if kind is not LexemeKind.NOT)
_LEAVES: dict[LexemeKind, type[Word] | type[Quoted] | type[Wildcard]] = {
    LexemeKind.WORD: Word,
    LexemeKind.WILDCARD: Wildcard,
    LexemeKind.QUOTED: Quoted,
}


@dataclass(frozen=True, slots=True)
class PeriodOffer:
    """A word that may be meant as a time. `period`: the time. `q`: the query in which it is a
    condition."""

    typed: str
    period: str
    q: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A typed query, read once for everything that needs it: planning, ranking, spelling, snippets.

    `text`: as typed, composed; `normalized`: of the same length. `phrase`: normalised, single
    spaces, without quotation marks at its ends, to be compared with a title. `warnings`: for the
    user, in Chinese. `plain`: words, fields and dates only, no quotes, operators, parentheses or
    wildcards, so an article may lack a word. `offers`: words that may be meant as times.
    """

    text: str
    normalized: str
    lexemes: tuple[Lexeme, ...]
    tree: Node
    warnings: tuple[str, ...]
    plain: bool
    phrase: str
    offers: tuple[PeriodOffer, ...] = ()


def parse(query: str, today: date) -> ParsedQuery:
    """Never raises. Relative times are counted from `today` (Asia/Shanghai)."""
    query = compose(query)
    normalized = normalize(query)
    tokens, warnings = lex(query, normalized)
    parser = _Parser(tokens, today, dict.fromkeys(warnings))
    tree = parser.either()
    parser.warnings |= dict.fromkeys(parser.allowance.warnings())
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
        offers=tuple(_offer(squeeze(query), *period) for period in parser.periods),
    )


def loosened(typed: ParsedQuery, words: str, today: date) -> ParsedQuery:
    """The typed query with the tree of `words`, which are searched instead."""
    parsed = parse(words, today)
    return replace(typed, tree=parsed.tree, warnings=parsed.warnings, plain=parsed.plain, offers=())


@dataclass(slots=True)
class _Parser:
    tokens: list[Lexeme]
    today: date
    warnings: dict[str, None]
    at: int = 0
    field_name: str | None = None
    allowance: Allowance = field(default_factory=Allowance)
    periods: list[tuple[Lexeme, str]] = field(default_factory=list)
    negations: int = 0
    left_out: int = 0
    """How many operands were left out, each with a warning of its own."""

    def either(self) -> Node:
        left_out = self.left_out
        parts = [self._both()]
        while self._next() is LexemeKind.OR:
            self.at += 1
            parts.append(self._both())
        if len(parts) > 1 and Nothing() in parts and self.left_out == left_out:
            self.warnings[loose("OR")] = None
        return _joined(OrNode, parts)

    def _both(self) -> Node:
        parts: list[Node] = []
        complete = True
        while self._next() not in (None, LexemeKind.CLOSE, LexemeKind.OR):
            if self._next() is LexemeKind.AND:
                complete = complete and bool(parts) and self._next(1) in BEGINNINGS
                self.at += 1
            elif self._next() is LexemeKind.NEAR:
                self.warnings[loose("NEAR")] = None
                self.at += 1
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
        self.negations += negations
        node = self._near()
        self.negations -= negations
        if negations % 2 == 0 or isinstance(node, Nothing):
            return node
        return node.child if isinstance(node, NotNode) else NotNode(node)

    def _near(self) -> Node:
        sides, gaps = [self._operand()], []
        while self._next() is LexemeKind.NEAR:
            if self._next(1) not in _OPERANDS:
                self.warnings[loose("NEAR")] = None
                self.at += 1
                break
            gaps.append(int(self.tokens[self.at].text))
            self.at += 1
            sides.append(self._operand())
        if not gaps:
            return sides[0]
        found: list[Node] = []
        for left, right, gap in zip(sides, sides[1:], gaps, strict=False):
            near = self._pair(left, right, gap, chained=bool(found))
            if near:
                found.append(near)
            else:
                found += [right] if found else [left, right]
        return _joined(AndNode, found)

    def _pair(self, left: Node, right: Node, gap: int, *, chained: bool) -> Node | None:
        """Both near each other; None where that cannot be. `chained`: the left side is also the
        right side of the pair before."""
        if Nothing() in (left, right):
            return None
        near = near_nodes(left, right, gap)
        if near is None:
            self.warnings[not_near()] = None
            return None
        typed = understood(near[0])
        again = len(near) + chained - 1
        if all(self.allowance.takes(LexemeKind.NEAR, typed) for _ in near) and all(
            self.allowance.takes(LexemeKind.WORD, typed) for _ in range(again)
        ):
            return _joined(OrNode, list(near))
        return None

    def _operand(self) -> Node:
        token = self.tokens[self.at]
        self.at += 1
        if token.kind is LexemeKind.FIELD:
            outer, self.field_name = self.field_name, token.text
            node = self._operand()
            self.field_name = outer
            return node
        if token.kind is LexemeKind.OPEN:
            node = self.either()
            self.at += 1  # the lexer has paired the brackets
            return node
        return self._leaf(token)

    def _leaf(self, token: Lexeme) -> Node:
        kind = LexemeKind.FIELD if self.field_name else token.kind
        if self.field_name == UNMET or not self.allowance.takes(kind, token.text):
            self.left_out += 1
            return Nothing()
        if self.field_name in ("date", "after", "before"):
            return self._period(self.field_name, token.text)
        leaf = _LEAVES[token.kind](token.text)
        if self.field_name:
            return Field(self.field_name, leaf)
        if token.kind is LexemeKind.WORD and not self.negations:
            self._offer_period(token)
        return leaf

    def _offer_period(self, token: Lexeme) -> None:
        """A bare time is searched as text, and offered as a time. 近7天 is hardly ever meant as
        text, so a warning says so too; 2021 often is."""
        if not token.text.isascii() and parse_normalized_period(token.normalized, self.today):
            self.warnings[could_be_period(token.text)] = None
            self.periods.append((token, token.text))
        elif offered := offered_period(token.normalized, self.today):
            self.periods.append((token, offered))

    def _period(self, name: str, text: str) -> Node:
        status = parse_date_status(text) if name == "date" else None
        if status:
            return Dated(status)
        hours = parse_hours(text)
        if hours and name != "before":
            return Hours(hours)
        low, high = parse_period(text, self.today) or (None, None)
        low, high = None if name == "before" else low, None if name == "after" else high
        if low or high:
            return Period(low, high, text)
        self.left_out += 1
        self.warnings[no_period(text)] = None
        return Nothing()

    def _next(self, ahead: int = 0) -> LexemeKind | None:
        at = self.at + ahead
        return self.tokens[at].kind if at < len(self.tokens) else None


def _joined(kind: type[AndNode] | type[OrNode], parts: list[Node]) -> Node:
    parted = (part.children if isinstance(part, kind) else (part,) for part in parts)
    children = tuple(node for nodes in parted for node in nodes if node != Nothing())
    return kind(children) if len(children) > 1 else next(iter(children), Nothing())


def _offer(query: str, token: Lexeme, period: str) -> PeriodOffer:
    end = token.start + len(token.text)
    return PeriodOffer(
        token.text, period, f"{query[: token.start]}时间:{period}{query[end:]}".strip()
    )


def not_near() -> Message:
    return msg("NEAR 两边只能是词或引号，其余的按 AND 查。")


def loose(operator: str) -> Message:
    return msg("%(operator)s 没有连着要查的内容，已忽略。", operator=operator)


def no_period(text: str) -> Message:
    return msg(
        "看不懂时间“%(text)s”，已忽略。"
        "可以写 2022-09、2022-01..2022-06、近7天、2022年以来、上个月。",
        text=text,
    )


def could_be_period(text: str) -> Message:
    return msg("要限定时间，请写 时间:%(text)s", text=text)


def nothing_to_search(query: str) -> Message:
    return msg("“%(query)s”里没有可以搜索的文字，列出的是全部文章。", query=query[:MAX_REPEATED])
