"""Tags of site generators, which readers see only inside code.

Hugo's `{{< figure >}}`, Liquid's `{% include %}` (Jekyll, Hexo), `{{ page.title }}`, kramdown's
`{:.class}`, and the `{#id}` of headings. Only the parser of Markdown knows where code is. So before
it runs each tag becomes a placeholder, and in the HTML that comes out a placeholder inside code
becomes the tag again; any other becomes what the tag shows, which is nothing but for Hexo's links.
"""

import re
from functools import partial
from html import escape
from typing import NamedTuple

_PLACEHOLDER = "\ufdd0{}\ufdd1"
"""Between noncharacters, which no text may contain."""
_NONCHARACTERS = re.compile("[\ufdd0\ufdd1]")
_NO_BLANK_LINE = r"(?!\n[ \t]*+\n)"
_ATTRIBUTE = r"(?:[.#][^\s{}.#\"'=]++|[\w-]++=(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s\"'{}]++))"
_ATTRIBUTES = rf"[ \t]*+{_ATTRIBUTE}(?:[ \t]*+{_ATTRIBUTE})*+[ \t]*+\}}"
_LIQUID = re.compile(
    r"\{%-?[ \t]*+(?:\n(?![ \t]*+\n)[ \t]*+)?(?P<name>\w*+)"
    rf"(?P<rest>(?:(?!%\}}|\{{%){_NO_BLANK_LINE}[^`])*+)%\}}"
)
_HUGO = re.compile(
    r"\{\{[<%][ \t]*+(?P<name>\w*+)"
    rf"(?:(?!\}}\}}|\{{\{{){_NO_BLANK_LINE}(?:`[^`\n]*+`|[^`]))*+\}}\}}"
)
# In formulas such braces follow a command or a sign, or hold a command.
_VALUE = re.compile(r"(?<![\\^_$])\{\{\{?+(?:(?!\}\}|\{\{)[^`\\\n])++\}\}\}?+")
_COMMAND = re.compile(r"\\[a-zA-Z]{1,20}(?:\{[^\n{]*+\{[^\n]{0,60})?\Z")
_KRAMDOWN = re.compile(
    rf"\{{:(?:{_ATTRIBUTES}|[ \t]*+(?:no_)?toc[ \t]*+\}}"
    r"|:[ \t]*+[a-z_]++[^{}\n`]*+\}|/[a-z]*+\})"
)
_OF_LINK = re.compile(rf"(?<=[)\]])\{{{_ATTRIBUTES}")
_OF_HEADING = re.compile(rf"(?<=[^\n][ \t])\{{{_ATTRIBUTES}(?=[ \t#]*+(?:\n|\Z))")
_BY_SECOND = {"%": (_LIQUID,), "{": (_HUGO, _VALUE), ":": (_KRAMDOWN,)}
_OTHERS = (_OF_LINK, _OF_HEADING)

# An include over several lines is handed whole paragraphs, which the page prints.
_LONG_INCLUDE = re.compile(
    r"^\{% include [^\n\"%]*+\n(?P<values>(?:\"[^\"]*+\"|(?!\{%|%\})[^\"])*+)%\}", re.MULTILINE
)
_VALUE_WITH_HAN = re.compile(r"=\"(?P<value>(?=[^\"\u3400-\u9fff]*+[\u3400-\u9fff])[^\"]++)\"")

_SHOWING_ALL = frozenset({"raw", "verbatim"})
_SHOWING_NONE = frozenset({"comment"})
_SHOWING_CODE = frozenset({"highlight", "codeblock", "code"})
_BLOCKS = _SHOWING_ALL | _SHOWING_NONE | _SHOWING_CODE
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)", re.MULTILINE)
_WORD = re.compile(r"\"([^\"]*+)\"|'([^']*+)'|(\S++)")
_ADDRESS = re.compile(r"\w+://|/")

_NUMBER = re.compile("\ufdd0(\\d+)\ufdd1")
_CODE_OR_PLACEHOLDER = re.compile(
    r"<(?P<end>/?)(?:pre|code|samp|kbd|textarea|tt)(?=[\s>])[^<>]*+>"
    r"|(?P<line>(?<=\n)[ \t]*+)?\ufdd0(?P<number>\d+)\ufdd1"
    r"(?P<line_end>[ \t]*+(?=\n))?",
    re.IGNORECASE,
)
_PARAGRAPH_OF_TAGS = re.compile("<p>(?:\ufdd0\\d+\ufdd1\\s*+)++</p>\n?")


class Masked(NamedTuple):
    """A body with placeholders, and for each the tag it stands for and the words that it shows."""

    body: str
    tags: list[tuple[str, str]]


def masked(body: str) -> Masked:
    """A body in Markdown or HTML with placeholders instead of its tags."""
    if "{" not in body:
        return Masked(body, [])
    body = _NONCHARACTERS.sub("\ufffd", body)
    if "{% include" in body:
        body = _LONG_INCLUDE.sub(_printed, body)
    parts: list[str] = []
    tags: list[tuple[str, str]] = []
    blocks = _Blocks(body)
    position, start = 0, body.find("{")
    while start >= 0:
        tag = _tag_at(body, start)
        if tag is None:
            start = body.find("{", start + 1)
            continue
        name = tag.groupdict().get("name") or ""
        parts += [body[position:start], _PLACEHOLDER.format(len(tags))]
        tags.append((tag[0], _words(name, tag)))
        position = tag.end()
        if name in _BLOCKS and (end := blocks.find(name, position)):
            parts.append(blocks.shown(name, body[position : end.start()]))
            position = end.end()
        start = body.find("{", position)
    return Masked("".join([*parts, body[position:]]), tags)


def unmasked(html: str, tags: list[tuple[str, str]], tags_are_html: bool) -> str:
    """The HTML without placeholders. `tags_are_html`: the tags stood in HTML, not in Markdown."""
    if not tags:
        return html
    html = _PARAGRAPH_OF_TAGS.sub(partial(_shown_paragraph, tags), html)
    depth = 0

    def replacement(found: re.Match[str]) -> str:
        nonlocal depth
        if found["number"] is None:
            depth = max(0, depth - 1) if found["end"] else depth + 1
            return found[0]
        source, words = tags[int(found["number"])]
        around = (found["line"] or "", found["line_end"] or "")
        if depth:
            return around[0] + (source if tags_are_html else escape(source)) + around[1]
        alone = found["line"] is not None and found["line_end"] is not None and not words
        # What stands alone on its line stood for a block.
        return "<br>" if alone else around[0] + escape(words) + around[1]

    return _CODE_OR_PLACEHOLDER.sub(replacement, html)


def _printed(include: re.Match[str]) -> str:
    values = (found["value"] for found in _VALUE_WITH_HAN.finditer(include["values"]))
    return "\n\n".join(["", *values, ""])


class _Blocks:
    """The ends of tags with an end tag, from left to right; what was not found once is not looked
    for again."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._missing: set[str] = set()
        self._fences, self._fences_until = 0, 0

    def find(self, name: str, position: int) -> re.Match[str] | None:
        if name in self._missing or (name in _SHOWING_CODE and self._is_fenced(position)):
            return None
        end = re.compile(
            rf"\{{%-?\s*end{name}\s*-?%\}}|\{{\{{[<%]\s*/\s*{name}\s*[%>]\}}\}}"
        ).search(self._body, position)
        if end is None:
            self._missing.add(name)
        return end

    def shown(self, name: str, content: str) -> str:
        """What readers see of what stands in a block."""
        if name in _SHOWING_NONE:
            return ""
        if name in _SHOWING_ALL:
            return content
        return f"\n\n<pre><code>{escape(content.strip(), quote=False)}</code></pre>\n\n"

    def _is_fenced(self, position: int) -> bool:
        self._fences += len(_FENCE.findall(self._body, self._fences_until, position))
        self._fences_until = position
        return self._fences % 2 == 1


def _tag_at(body: str, start: int) -> re.Match[str] | None:
    for pattern in _BY_SECOND.get(body[start + 1 : start + 2], _OTHERS):
        tag = pattern.match(body, start)
        if tag and not (pattern is _VALUE and _COMMAND.search(body, max(0, start - 90), start)):
            return tag
    return None


def _shown_paragraph(tags: list[tuple[str, str]], paragraph: re.Match[str]) -> str:
    """A paragraph of nothing but tags, unless one of them shows something."""
    shows = any(tags[int(number)][1] for number in _NUMBER.findall(paragraph[0]))
    return paragraph[0] if shows else ""


def _words(name: str, tag: re.Match[str]) -> str:
    """What Hexo's links to posts, files and addresses are called; nothing for any other tag."""
    if name not in ("post_link", "asset_link", "link"):
        return ""
    words = [a or b or c for a, b, c in _WORD.findall(tag["rest"].rstrip("- \t\n"))]
    if name != "link":
        words = words[1:]
        return " ".join(words[:-1] if words[-1:] in (["true"], ["false"]) else words)
    address = next((n for n, word in enumerate(words) if _ADDRESS.match(word)), len(words))
    return " ".join(words[:address])
