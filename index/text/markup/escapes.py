"""Undoes what the way through feeds and databases does to a text: entities, tags, CDATA marks.

Values of fields are decoded once, when an article is read, and are plain text from then on. A body
is decoded as markup each time it is read as markup; here are only the two cases where the whole of
it was escaped or wrapped.
"""

import re
from html import unescape
from html.entities import html5

_ENTITY = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|(?P<name>[a-zA-Z0-9]{1,31};))")
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>a|abbr|b|big|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|"
    r"kbd|label|mark|nobr|p|q|s|section|small|span|strike|strong|sub|sup|tt|u|wbr)"
    r"(?P<rest>(?:\s[^<>]*)?)/?>",
    re.IGNORECASE,
)
_ALONE = frozenset("br hr img p wbr".split())
"""Tags that need no end tag."""
_APART = frozenset("br div h1 h2 h3 h4 h5 h6 hr p section".split())
"""Tags between which text stands apart."""
_CDATA_START = re.compile(r"\s*<!\[CDATA\[", re.IGNORECASE)
_CDATA_END = re.compile(r"\]\](?:>|&gt;)\s*\Z")
_ESCAPED = r"&(?:amp;)?lt;"
_BLOCKS = (
    r"(?:p|div|h[1-6]|ul|ol|section|article|blockquote|table|br|figure)(?:[\s/]|&(?:amp;)?gt;)"
)
_INLINE = r"(?:a|b|em|font|i|img|span|strong)(?:[\s/]|&(?:amp;)?gt;)"
_ESCAPED_MARKUP = re.compile(rf"\s*{_ESCAPED}(?:(?P<block>{_BLOCKS})|{_INLINE})", re.IGNORECASE)
_ESCAPED_BLOCK = re.compile(rf"{_ESCAPED}/?{_BLOCKS}", re.IGNORECASE)
_REAL_TAG = re.compile(r"<[/a-zA-Z!]")


def decoded_line(text: str) -> str:
    """A field's text as people read it: entities decoded, HTML tags and CDATA marks dropped.

    A second encoding (`&amp;#8211;`) is undone too. What only looks like a tag stays: `a < b`,
    `List<T>`, `<元宇宙>`, and a lone `<b>`, which a title may be about.
    """
    if "&" in text:
        text = _decoded(_decoded(text))
    if "<" in text or "]]>" in text:
        text = _without_tags(without_cdata_marks(text))
    return text


def without_cdata_marks(body: str) -> str:
    """A text without the `<![CDATA[` at its beginning and the `]]>` at its end."""
    start = _CDATA_START.match(body)
    body = body[start.end() :] if start else body
    tail = max(0, len(body) - 200)
    return body[:tail] + _CDATA_END.sub("", body[tail:])


def without_escapes(body: str) -> str:
    """Markup whose every tag was escaped (`&lt;p&gt;甲&lt;/p&gt;`) as the markup it was; any other
    body as it is."""
    begins = _ESCAPED_MARKUP.match(body)
    if not begins or _REAL_TAG.search(body):
        return body
    if not begins["block"] and not _ESCAPED_BLOCK.search(body):
        return body
    once = unescape(body)
    return once if _REAL_TAG.search(once) else unescape(once)


def _decoded(text: str) -> str:
    # Not with html.unescape, which takes the `&copy` of an address for an entity too.
    return _ENTITY.sub(
        lambda found: html5.get(found["name"], found[0]) if found["name"] else unescape(found[0]),
        text,
    )


def _without_tags(text: str) -> str:
    tags = list(_TAG.finditer(text))
    opened, closed = (
        {tag["name"].lower() for tag in tags if bool(tag["end"]) == end} for end in (False, True)
    )

    def replacement(tag: re.Match[str]) -> str:
        name = tag["name"].lower()
        if name in opened & closed or name in _ALONE or tag["end"] or tag["rest"].strip():
            return " " if name in _APART else ""
        return tag[0]

    return _TAG.sub(replacement, text)
