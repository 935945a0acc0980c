"""Splits query text into lexemes for the parser. Accepts any text.

Chinese punctuation means the same as ASCII punctuation. The meaning of a hyphen, quote or bracket
depends on its position; the lexer resolves that, so the parser gets a few kinds of lexeme and
paired brackets.
"""

import re
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from unicodedata import category

from index.messages import msg
from index.text.html import squeeze
from index.text.normalize import normalize
from search.query.parsing import quotation
from search.query.parsing.bounds import MAX_BRACKET_DEPTH
from search.query.parsing.field_names import (
    SITE,
    UNMET,
    field_of_site,
    query_fields,
    unmet_conditions,
    written_instead,
)
from search.query.parsing.lexeme import Lexeme, LexemeKind
from search.query.parsing.operators import operator_of, with_word_operators

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PAUSE = r"[,;!?；！？]{1,8}"
"""Bounded: each sign of an endless run would look for the end of the run again."""
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
_STARS = re.compile("[*＊]+")
_LEADING_STARS = re.compile("[*＊][*＊－-]*")
_HYPHENS = re.compile(r"[-－]+")
_NAME = re.compile(r"([^\W\d_]{2,16})([:：])(?!//)")
_DISTANCE = re.compile("~[0-9]{1,4}")
_JOINING = tuple("-－*＊")
_BRACKETS = {
    "(": LexemeKind.OPEN,
    "（": LexemeKind.OPEN,
    ")": LexemeKind.CLOSE,
    "）": LexemeKind.CLOSE,
}
_BARS = frozenset("|｜")
_OR = re.compile("[|｜]+")
_MARKS = frozenset(quotation.MARKS)


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
    tokens = _paired(with_word_operators(lexer.tokens), lexer.warnings)
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
        elif char in _BRACKETS:
            self.tokens.append(Lexeme(_BRACKETS[char]))
            self.at, self.fresh = self.at + 1, _BRACKETS[char] is not LexemeKind.CLOSE
        elif bars := _OR.match(self.query, self.at):
            self.tokens.append(Lexeme(LexemeKind.OR))
            self.at, self.fresh = bars.end(), True
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
        if stars := _LEADING_STARS.match(self.query, self.at):
            self._leading(stars.end())
            return
        name = _NAME.match(self.query, self.at)
        if name and self._named(name):
            return
        token = self._value(_CHUNK)
        if token is None:
            return
        operator = operator_of(token.text) if token.kind is LexemeKind.WORD else None
        before = self.query[token.start - 1 : token.start]
        self.tokens.append(operator or replace(token, stands_alone=before not in _JOINING))

    def _named(self, name: re.Match[str]) -> bool:
        """Whether a name with a colon was read, as a field or as a condition that nothing meets;
        if not, it is text, and a warning says so where it was probably meant otherwise."""
        normalized, typed = normalize(name[1]), name[0]
        canonical = query_fields().get(normalized)
        if canonical:
            self.at = name.end()
            self._field(canonical, typed)
            return True
        if normalized in unmet_conditions():
            self.at = name.end()
            if value := self._value(_CHUNK):
                self.tokens += [Lexeme(LexemeKind.FIELD, UNMET), value]
                typed += value.text
            self._warn(
                msg("没有“%(name)s:”这个条件，已略去“%(typed)s”。", name=name[1], typed=typed)
            )
            return True
        self._doubt(normalized, name)
        return False

    def _leading(self, end: int) -> None:
        """Stars before a word, with hyphens among them: they mean nothing."""
        self.at = end
        following = _CHUNK.match(self.query, end)
        if following:
            self._warn(_leading_star(following[0]))
            self._operand()

    def _field(self, name: str, typed: str) -> None:
        if marks := _TITLE_MARKS.match(self.query, self.at):
            self.at = marks.end()
        if _BRACKETS.get(self.query[self.at : self.at + 1]) is LexemeKind.OPEN:
            name = "source" if name == SITE else name
            self.tokens.append(Lexeme(LexemeKind.FIELD, name))
            return
        value = self._value(_ADDRESS if name in ("url", SITE) else _CHUNK)
        if value:
            name = field_of_site(value.text) if name == SITE else name
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
        typed = chunk[0]
        if not any(_is_searchable(char) for char in typed):
            return None
        text = typed.lstrip("*＊")
        if text != typed:
            self._warn(_leading_star(text))
        if _STARS.search(text):
            return Lexeme(LexemeKind.WILDCARD, _STARS.sub("*", text), start=start)
        start += len(typed) - len(text)
        normalized = self.normalized[start : start + len(text)]
        return Lexeme(LexemeKind.WORD, text, normalized, start)

    def _quoted(self) -> Lexeme | None:
        start = self.at
        text, self.at, warning = quotation.read_quotation(self.query, start)
        if warning:
            self._warn(warning)
        if distance := _DISTANCE.match(self.query, self.at):
            self.at = distance.end()
            self._warn(
                msg(
                    "引号后面的 %(typed)s 不起作用：两个词相近请写 甲 NEAR/5 乙。",
                    typed=distance[0],
                )
            )
        return Lexeme(LexemeKind.QUOTED, text, start=start) if text.strip() else None

    def _doubt(self, normalized: str, name: re.Match[str]) -> None:
        """Warns of a name that is read as text: one that is written otherwise, that is nearly a
        field's, or that can only be meant as one. A headline often begins with a name and a colon
        (央行：…), so others are read without a word."""
        close = get_close_matches(normalized, query_fields(), n=1, cutoff=0.8)
        followed = not self.query[name.end() : name.end() + 1].isspace()
        if instead := written_instead().get(normalized):
            self._warn(
                msg(
                    "“%(name)s:”已当作文字；要限定请写 %(instead)s。", name=name[1], instead=instead
                )
            )
        elif close:
            self._warn(
                msg(
                    "没有“%(name)s:”这个字段，已当作文字；是不是要写 %(close)s:？",
                    name=name[1],
                    close=close[0],
                )
            )
        elif name[2] == ":" and followed and name.end() < len(self.query):
            self._warn(
                msg("没有“%(name)s:”这个字段，已当作文字；可用的字段见“帮助”。", name=name[1])
            )

    def _warn(self, message: str) -> None:
        self.warnings[message] = None


def _leading_star(word: str) -> str:
    return msg("词首的 * 不起作用，按“%(word)s”查；* 可以放在词中或词尾。", word=word)


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
