"""Markdown to HTML: CommonMark, tables, and what the tools of Chinese writers add to it.

Strikethrough and task lists (GitHub), footnotes (kramdown, Pandoc, GitHub), `==marked==`,
`[[links]]` and callouts (Obsidian), `##headings` without a space (Hexo), `[toc]`. Parsing is by
markdown-it-py (docs/decisions/markdown.md).

Footnotes stay where they are written, and a reference leaves no trace in its sentence.
"""

import re
from functools import cache
from typing import Any, NamedTuple

from markdown_it import MarkdownIt, helpers
from markdown_it.common.utils import mdTrim
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from index.text.markup.emphasis import ChineseInline

_LABEL = r"\[\^([^\]\[\s]{1,64})\]"
_FOOTNOTE = re.compile(rf"{_LABEL}:[ \t]*")
_REFERENCE = re.compile(_LABEL)
_INLINE_NOTE = re.compile(r"\^\[([^\[\]\n]{1,1000})\]")
_OUTER_LINK = re.compile(
    r"(?P<embedded>!?)\[\[(?!\s)(?P<target>[^\[\]|\n]{1,200})(?:\|(?P<words>[^\[\]\n]{1,200}))?\]\](?![(\[])"
)
_HAN_LETTER = re.compile(r"[\u4e00-\u9fff]")
_PLAIN_ADDRESS = re.compile(r"[^\x00-\x20\x7f<()\\&][^\x00-\x20\x7f()\\&]*+(?=[) ])")
"""The whole of a link's destination, as most are written: without escapes or brackets."""
_NOT_ONLY_NUMBERS = re.compile(r"[^\W\d_]")
_ENDS_IN_ASCII_WORD = re.compile(r"[A-Za-z0-9)\]]")
_CONTENTS = frozenset({"toc", "_toc_"})
_DENSE_HEADING = re.compile(r"(#{2,6})(?![#\s])|(#)(?=[\u3400-\u9fff][^#\s。，；！？]*\s*\Z)")
_TASK = re.compile(r"\[[ xX]\](?:[ \t\n]+|\Z)")
_CALLOUT = re.compile(r"\[!\w+\][+-]?[ \t]*\n?")
_CONTENTS_LINE = re.compile(r"\[toc\]\s*", re.IGNORECASE)
# kramdown closes emphasis that holds nothing but a comment; CommonMark sees four asterisks.
# The limit keeps the cost of many comments without an end linear.
_EMPTY_EMPHASIS = re.compile(r"(?<!\*)(\*{1,3})<!--(?:(?!-->).){0,200}+-->\1")


def markdown_html(body: str) -> str:
    """The HTML of a body in Markdown; as unsafe as the body is."""
    if "*<!--" in body:
        body = _EMPTY_EMPHASIS.sub("", body)
    html: str = _parser().render(body)
    return html


class _Destination(NamedTuple):
    """As the library's result: where a destination ends, and what it is."""

    pos: int
    str: str
    ok: bool = True


class _Helpers:
    """The library's readers of links, the first of which looks at each character."""

    parseLinkLabel = staticmethod(helpers.parseLinkLabel)  # noqa: N815
    parseLinkTitle = staticmethod(helpers.parseLinkTitle)  # noqa: N815

    @staticmethod
    def parseLinkDestination(text: str, start: int, end: int) -> Any:  # noqa: N802
        plain = _PLAIN_ADDRESS.match(text, start, end)
        if plain:
            return _Destination(plain.end(), plain[0])
        return helpers.parseLinkDestination(text, start, end)


class _Parser(MarkdownIt):
    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """Addresses as they are written: encoding them costs a tenth of the time, for nothing."""
        return url


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("commonmark")
    parser.inline = ChineseInline()
    parser.helpers = _Helpers  # type: ignore[assignment]
    parser.configure("commonmark").enable(["table", "strikethrough"])
    interrupting: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    parser.block.ruler.before("table", "plain_paragraph", _plain_paragraph)
    parser.block.ruler.before("heading", "dense_heading", _dense_heading, interrupting)
    parser.block.ruler.before("reference", "footnote", _footnote, interrupting)
    parser.inline.ruler.before("link", "addition", _addition)
    parser.core.ruler.after("inline", "signs", _without_signs)
    parser.core.ruler.after("signs", "inline_notes", _with_inline_notes)
    return parser


def _plain_paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A line that begins with a Han character, before a blank one: all other rules would say no,
    one after the other, before that for paragraphs says the same."""
    begin, after = state.bMarks[start] + state.tShift[start], start + 1
    if not _HAN_LETTER.match(state.src, begin) or state.is_code_block(start):
        return False
    if after < state.lineMax and not state.isEmpty(after):
        return False
    state.line = after
    state.push("paragraph_open", "p", 1).map = [start, after]
    content = state.push("inline", "", 0)
    content.content = mdTrim(state.src[begin : state.eMarks[start]])
    content.map, content.children = [start, after], []
    state.push("paragraph_close", "p", -1)
    return True


def _dense_heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`##标题`; with a single `#`, which also begins topics, only where it is the whole line."""
    begin, line_end = state.bMarks[start] + state.tShift[start], state.eMarks[start]
    if not state.src.startswith("#", begin) or state.is_code_block(start):
        return False
    line = state.src[begin:line_end]
    found = _DENSE_HEADING.match(line)
    if found is None or (silent and found[2]):
        return False
    if not silent:
        state.line = start + 1
        tag = f"h{found.end()}"
        state.push("heading_open", tag, 1).map = [start, state.line]
        content = state.push("inline", "", 0)
        content.content = line[found.end() :].rstrip("# \t")
        content.map, content.children = [start, state.line], []
        state.push("heading_close", tag, -1)
    return True


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """`[^1]: 文字` and the indented lines below it: blocks like any others."""
    begin = state.bMarks[start] + state.tShift[start]
    if not state.src.startswith("[^", begin) or state.is_code_block(start):
        return False
    found = _FOOTNOTE.match(state.src, begin, state.eMarks[start])
    if found is None or silent:
        return found is not None
    state.env.setdefault("footnotes", set()).add(found[1])
    before = state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType
    state.blkIndent += 4
    state.level += 1
    state.bMarks[start], state.tShift[start] = found.end(), 0
    state.sCount[start], state.parentType = state.blkIndent, "footnote"
    state.md.block.tokenize(state, start, end)
    state.bMarks[start], state.tShift[start], state.sCount[start], state.parentType = before
    state.level -= 1
    state.blkIndent -= 4
    return True


def _addition(state: StateInline, silent: bool) -> bool:
    # One rule rather than three: each is called for every special character.
    match state.src[state.pos : state.pos + 2]:
        case "^[":
            return _inline_note(state, silent)
        case "[^":
            return _reference(state)
        case "[[" | "![":
            return _outer_link(state, silent)
        case "==":
            return _marked(state, silent)
    return False


def _reference(state: StateInline) -> bool:
    """`[^1]`: nothing, if there is such a footnote or a number says that one is meant."""
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if not found or not (found[1].isdecimal() or found[1] in state.env.get("footnotes", ())):
        return False
    state.pos = found.end()
    return True


def _inline_note(state: StateInline, silent: bool) -> bool:
    """`^[注]` after a Chinese character: a footnote of its own, which follows the text."""
    found = _INLINE_NOTE.match(state.src, state.pos, state.posMax)
    if found is None or state.src[state.pos - 1 : state.pos].isascii():
        return False
    if not silent:
        state.env.setdefault("inline_notes", []).append(found[1])
    state.pos = found.end()
    return True


def _outer_link(state: StateInline, silent: bool) -> bool:
    """`[[甲|乙]]` is 乙, `[[甲]]` is 甲, and `![[甲]]` stands for what is in another file."""
    found = _OUTER_LINK.match(state.src, state.pos, state.posMax)
    if found is None or not _NOT_ONLY_NUMBERS.search(found["target"]):
        return False
    shown = found["words"] or found["target"].partition("#")[0] or found["target"].strip("#")
    if found["embedded"] or shown.strip().lower() in _CONTENTS:
        shown = ""
    if not silent:
        state.pending += shown.strip()
    state.pos = found.end()
    return True


def _marked(state: StateInline, silent: bool) -> bool:
    """`==甲==` as emphasis: `<mark>` is for the words of a query. `a==b` is no such mark."""
    start, end = state.pos, state.posMax
    if state.src.startswith("===", start) or _ENDS_IN_ASCII_WORD.match(state.src, start - 1, start):
        return False
    close = state.src.find("==", start + 2, end)
    inside = state.src[start + 2 : close] if close > 0 else ""
    if not inside or inside != inside.strip() or "\n" in inside:
        return False
    if not silent:
        state.pos, state.posMax = start + 2, close
        state.push("em_open", "em", 1)
        state.md.inline.tokenize(state)
        state.push("em_close", "em", -1)
        state.posMax = end
    state.pos = close + 2
    return True


def _without_signs(state: StateCore) -> None:
    """`[x]` at the beginning of list items, `[!NOTE]` of quotations, and `[toc]`."""
    for number, token in enumerate(state.tokens):
        if token.type != "inline" or not token.content.startswith("["):
            continue
        container = state.tokens[number - 2].type if number > 1 else ""
        sign = {"list_item_open": _TASK, "blockquote_open": _CALLOUT}.get(container)
        found = sign.match(token.content) if sign else None
        if found:
            _drop(token.children or [], found[0].strip())
        elif _CONTENTS_LINE.fullmatch(token.content):
            token.children = []


def _with_inline_notes(state: StateCore) -> None:
    for note in state.env.get("inline_notes", ()):
        children: list[Token] = []
        state.md.inline.parse(note, state.md, {}, children)
        content = Token("inline", "", 0, content=note, children=children)
        ends = Token("paragraph_open", "p", 1), Token("paragraph_close", "p", -1)
        state.tokens += [ends[0], content, ends[1]]


def _drop(children: list[Token], sign: str) -> None:
    if not children or children[0].type != "text":
        return
    children[0].content = children[0].content.removeprefix(sign)
    if sign.startswith("[!") and children[0].content.strip():
        # The rest of a callout's first line is its title.
        for child in children:
            if child.type == "softbreak":
                child.type = "hardbreak"
                break
