"""Splits query text into lexemes for the parser. Accepts any text.

Chinese punctuation means the same as ASCII punctuation. The meaning of a hyphen, quote or bracket
depends on its position; the lexer resolves that, so the parser gets a few kinds of lexeme and
paired brackets.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum, auto
from unicodedata import category

from index.messages import msg
from index.text.html import squeeze
from index.text.normalize import normalize
from search.query import quotation

MAX_BRACKET_DEPTH = 20
"""Parentheses within parentheses; deeper ones are left out."""

FIELD_NAMES = {
    "title": "title",
    "标题": "title",
    "author": "author",
    "作者": "author",
    "source": "source",
    "来源": "source",
    "category": "category",
    "分类": "category",
    "topic": "topic",
    "话题": "topic",
    "kind": "kind",
    "类型": "kind",
    "about": "about",
    "关于": "about",
    "mention": "mention",
    "提到": "mention",
    "url": "url",
    "网址": "url",
    "date": "date",
    "时间": "date",
    "日期": "date",
    "after": "after",
    "before": "before",
}
"""Field names that may precede a colon, normalised → the canonical name."""


class LexemeKind(Enum):
    WORD = auto()
    PREFIX = auto()
    QUOTED = auto()
    FIELD = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    OPEN = auto()
    CLOSE = auto()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """One element of a query. `text`: a word as typed, a prefix without its `*`, a quotation
    without quotes and escapes, or the canonical name of a field. `normalized`: the same text of a
    word or prefix, normalised. A FIELD is followed by a WORD, PREFIX, QUOTED or OPEN."""

    kind: LexemeKind
    text: str = ""
    normalized: str = field(default="", compare=False)


_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PAUSE = r"[,;!?；！？]+"
_COMMA = rf"(?:(?<=[{_HAN}]){_PAUSE}|{_PAUSE}(?=[{_HAN}]))"
_SEPARATORS = "，、。《》〈〉【】"
_DELIMITERS = rf"\s()（）{quotation.MARKS}"
_GAP = re.compile(rf"(?:[\s{_SEPARATORS}]|{_COMMA})+")
_TITLE_MARKS = re.compile(r"[《〈【]*")
_CHUNK = re.compile(
    r"(?:[$€£¥￥＄] (?=\d))?"
    rf"(?:(?!{_COMMA})[^{_DELIMITERS}{_SEPARATORS}|｜])+"
    r"(?:(?<=\d) [%％](?!\S))?"
)
"""A word. One space may separate a number from its currency or per cent sign."""
# Addresses may contain bars, commas and paired brackets.
_ADDRESS = re.compile(
    rf"(?:[^{_DELIMITERS}{_SEPARATORS}]|[(（][^{_DELIMITERS}{_SEPARATORS}]*[)）])+"
)
_HYPHENS = re.compile(r"[-－]+")
_NAME = re.compile(r"([^\W\d_]{2,10})[:：](?!//)")
_BRACKETS = {
    "(": LexemeKind.OPEN,
    "（": LexemeKind.OPEN,
    ")": LexemeKind.CLOSE,
    "）": LexemeKind.CLOSE,
}
_BARS = frozenset("|｜")
_MARKS = frozenset(quotation.MARKS)
_OPERATORS = {"AND": LexemeKind.AND, "OR": LexemeKind.OR, "NOT": LexemeKind.NOT}
_NARROW = {code + 0xFEE0: code for code in range(0x21, 0x7F)}


def lex(query: str, normalized: str | None = None) -> tuple[list[Lexeme], list[str]]:
    """The lexemes with brackets paired, and distinct warnings in Chinese. Never raises.

    `normalized`: the normalised query, if the caller already has it.
    """
    squeezed = squeeze(query)
    if normalized is None or squeezed != query:
        normalized = normalize(squeezed)
    lexer = _Lexer(squeezed, normalized)
    while lexer.at < len(lexer.query):
        lexer.step()
    tokens = _paired(lexer.tokens, lexer.warnings)
    return tokens, list(lexer.warnings)


@dataclass(slots=True)
class _Lexer:
    query: str
    normalized: str
    at: int = 0
    tokens: list[Lexeme] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)
    fresh: bool = True
    """Whether a hyphen here negates: at the start, after white space, a bracket, a bar."""

    def step(self) -> None:
        char = self.query[self.at]
        if gap := _GAP.match(self.query, self.at):
            self.at, self.fresh = gap.end(), True
        elif char in _BRACKETS or char in _BARS:
            kind = _BRACKETS.get(char, LexemeKind.OR)
            self.tokens.append(Lexeme(kind))
            self.at, self.fresh = self.at + 1, kind is not LexemeKind.CLOSE
        elif hyphens := _HYPHENS.match(self.query, self.at):
            self._negate(hyphens.end())
        else:
            self.fresh = False
            self._operand()

    def _negate(self, end: int) -> None:
        """Several hyphens count as one. They negate an operand or bracket that follows directly;
        otherwise they are a dash and are ignored."""
        negates, self.at, self.fresh = self.fresh, end, False
        follows = self.query[end : end + 1]
        before = len(self.tokens)
        operand = follows and follows not in _BARS and not _GAP.match(self.query, end)
        if operand and follows not in _BRACKETS:
            self._operand()
        touches = len(self.tokens) > before or _BRACKETS.get(follows) is LexemeKind.OPEN
        if negates and touches:
            self.tokens.insert(before, Lexeme(LexemeKind.NOT))

    def _operand(self) -> None:
        name = _NAME.match(self.query, self.at)
        canonical = FIELD_NAMES.get(normalize(name[1])) if name else None
        if name and canonical:
            self.at = name.end()
            self._field(canonical, name[0])
            return
        if name:
            self._doubt(name[1])
        token = self._value(_CHUNK)
        if token:
            operator = _OPERATORS.get(token.text.translate(_NARROW))
            plain_word = token.kind is LexemeKind.WORD
            self.tokens.append(Lexeme(operator) if operator and plain_word else token)

    def _field(self, name: str, typed: str) -> None:
        if marks := _TITLE_MARKS.match(self.query, self.at):
            self.at = marks.end()
        if _BRACKETS.get(self.query[self.at : self.at + 1]) is LexemeKind.OPEN:
            self.tokens.append(Lexeme(LexemeKind.FIELD, name))
            return
        value = self._value(_ADDRESS if name == "url" else _CHUNK)
        if value:
            self.tokens += [Lexeme(LexemeKind.FIELD, name), value]
        else:
            self._warn(msg("“%(typed)s”后面没有内容，已忽略；冒号后面不要留空格。", typed=typed))

    def _value(self, pattern: re.Pattern[str]) -> Lexeme | None:
        """The operand at this position; None if there is none or only punctuation."""
        if self.query[self.at : self.at + 1] in _MARKS:
            return self._quoted()
        chunk = pattern.match(self.query, self.at)
        if chunk is None:
            return None
        start, self.at = chunk.span()
        text = chunk[0].rstrip("*＊")
        if not any(_is_searchable(char) for char in text):
            return None
        if "*" in text or "＊" in text:
            self._warn(msg("“%(word)s”中间的 * 不起作用：* 只能放在词尾。", word=chunk[0]))
        kind = LexemeKind.WORD if text == chunk[0] else LexemeKind.PREFIX
        return Lexeme(kind, text, self.normalized[start : start + len(text)])

    def _quoted(self) -> Lexeme | None:
        text, self.at, warning = quotation.read_quotation(self.query, self.at)
        if warning:
            self._warn(warning)
        return Lexeme(LexemeKind.QUOTED, text) if text.strip() else None

    def _doubt(self, name: str) -> None:
        close = get_close_matches(normalize(name), FIELD_NAMES, n=1, cutoff=0.8)
        if close:
            self._warn(
                msg(
                    "没有“%(name)s:”这个字段，已当作文字；是不是要写 %(close)s:？",
                    name=name,
                    close=close[0],
                )
            )

    def _warn(self, message: str) -> None:
        self.warnings[message] = None


def _is_searchable(char: str) -> bool:
    """Letters, digits, combining marks, emoji and unassigned characters; not punctuation."""
    kind = category(char)
    return kind[0] in "LNM" or kind in ("So", "Co", "Cn")


def _paired(tokens: list[Lexeme], warnings: dict[str, None]) -> list[Lexeme]:
    """Drop unmatched closing and too deeply nested brackets; add missing closing ones."""
    result: list[Lexeme] = []
    kept: list[bool] = []
    for token in tokens:
        if token.kind is LexemeKind.OPEN:
            kept.append(len(kept) < MAX_BRACKET_DEPTH)
            if not kept[-1]:
                warnings[msg("括号最多 %(depth)s 层，更深的已忽略。", depth=MAX_BRACKET_DEPTH)] = (
                    None
                )
                if result[-1].kind is LexemeKind.FIELD:
                    result.pop()
                continue
        elif token.kind is LexemeKind.CLOSE:
            if not kept:
                warnings[msg("括号没有配对，多余的已忽略。")] = None
            if not kept or not kept.pop():
                continue
        result.append(token)
    if kept:
        warnings[msg("括号没有配对，缺少的已在末尾补上。")] = None
    return result + [Lexeme(LexemeKind.CLOSE)] * sum(kept)
